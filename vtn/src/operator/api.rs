//! The operator's API over a VTN: who may pass, and the router made from the table of routes.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use axum::extract::{Request, State};
use axum::http::header::IF_MATCH;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::{Extension, Router};
use jiff::Timestamp;
use oadr_certs::PeerCertificate;
use oadr_transport::Clock;
use tokio::sync::watch;

use super::audited::{self, Outcome};
use super::config::Operator;
use super::door::Caller;
use super::held::{Held, Holder};
use super::input::says_json;
use super::problem::Problem;
use super::role::Role;
use super::routes::{ROUTES, Route};
use crate::Vtn;

/// The operator's side of a VTN. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    vtn: Vtn,
    operators: Vec<Listed>,
    body_bytes: usize,
    about: About,
}

/// One of the list, and when its certificate ends, once it was seen.
struct Listed {
    operator: Operator,
    not_after: OnceLock<Timestamp>,
}

/// What the status tells besides the VTN's own counters.
#[derive(Clone)]
pub struct About {
    /// Since when it runs, UTC.
    pub started: Timestamp,
    /// The directory of the store; `None`: in memory.
    pub store: Option<PathBuf>,
    /// Reads our certificates in force, and authorities.
    pub held: Arc<dyn Fn() -> Vec<Held> + Send + Sync>,
    /// Turns true when the VTN is about to end.
    pub stop: watch::Receiver<bool>,
}

/// Who of the list is calling.
#[derive(Clone, Debug)]
pub(super) struct Who {
    pub name: String,
    pub role: Role,
}

impl Api {
    /// An API for these operators.
    #[must_use]
    pub fn new(vtn: Vtn, operators: Vec<Operator>, body_bytes: usize, about: About) -> Self {
        let listed = |operator| Listed { operator, not_after: OnceLock::new() };
        let operators = operators.into_iter().map(listed).collect();
        Self(Arc::new(Inner { vtn, operators, body_bytes, about }))
    }

    pub(super) fn vtn(&self) -> &Vtn {
        &self.0.vtn
    }

    pub(super) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(self.vtn().clock())
    }

    pub(super) fn about(&self) -> &About {
        &self.0.about
    }

    /// Certificates that stand in the configuration, operators' among them. Reads files.
    pub(super) async fn held(&self) -> Vec<Held> {
        let read = Arc::clone(&self.0.about.held);
        // It fails only if the runtime ends.
        let mut held = tokio::task::spawn_blocking(move || read()).await.unwrap_or_default();
        held.extend(self.0.operators.iter().map(|Listed { operator, not_after }| Held {
            holder: Holder::Operator,
            name: Some(operator.name.clone()),
            fingerprint: operator.fingerprint.short(),
            not_after: not_after.get().copied(),
        }));
        held
    }

    pub(super) fn body_bytes(&self) -> usize {
        self.0.body_bytes
    }

    /// Every route of the table behind its role, and the list before them all.
    pub(super) fn router(&self) -> Router {
        let mut router = Router::new();
        for route in ROUTES {
            let guard = middleware::from_fn_with_state(route, may);
            let record = middleware::from_fn_with_state(self.clone(), audited::recorded);
            router = router.route(route.path, (route.handler)().layer(record).layer(guard));
        }
        let api = self.clone();
        router
            .fallback(async || Problem::new("not_found", "no such path; see /api/openapi.json"))
            .method_not_allowed_fallback(async || {
                Problem::new("method", "not a method of this path; see /api/openapi.json")
            })
            .layer(middleware::from_fn(ours))
            .layer(middleware::from_fn_with_state(api.clone(), known))
            .with_state(api)
    }

    fn operator(&self, certificate: &PeerCertificate) -> Option<Who> {
        let fits = |one: &&Listed| one.operator.fingerprint.fits(certificate);
        let Listed { operator, not_after } = self.0.operators.iter().find(fits)?;
        not_after.get_or_init(|| certificate.not_after);
        Some(Who { name: operator.name.clone(), role: operator.role })
    }
}

/// Lets only certificates on the list pass, and writes the line of either log.
async fn known(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    mut request: Request,
    next: Next,
) -> Response {
    let now = api.vtn().clock().now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let who = api.operator(&caller.certificate).filter(|_| !caller.certificate.is_expired(now));
    let name = who.as_ref().map(|who| who.name.clone());
    let response = match who {
        Some(who) => {
            request.extensions_mut().insert(who);
            next.run(request).await
        }
        None => Problem::new("not_an_operator", NOT_LISTED).into(),
    };
    let outcome = Outcome::of(&response);
    audited::answered(&api, (&caller, name.as_deref()), (&method, &path), outcome).await;
    let (status, address) = (response.status().as_u16(), caller.address);
    let fingerprint = caller.certificate.fingerprint();
    tracing::info!(operator = name, %fingerprint, %address, %method, path, status, "operator");
    response
}

/// Lets a request that may change something pass only if no page of another site can have made
/// an operator's browser send it: a form cannot say `application/json`, a script of another
/// origin may not without being allowed to, and a browser tells where a request comes from.
async fn ours(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let site = request.headers().get("sec-fetch-site").cloned();
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Problem::new("cross_site", "sent by a page of another site").into();
    }
    if !says_json(request.headers()) {
        let what = "Content-Type: application/json is wanted here, without a body as well";
        return Problem::new("media_type", what).into();
    }
    next.run(request).await
}

/// Lets only the role that a route wants pass, and greater ones. A condition that would not be
/// looked at is refused: who sets it counts on it.
async fn may(
    State(route): State<&'static Route>,
    Extension(who): Extension<Who>,
    request: Request,
    next: Next,
) -> Response {
    let least = route.least;
    if who.role < least {
        let what = format!("{} is a {}; this is for a {least}", who.name, who.role);
        return Problem::new("role", what).into();
    }
    let conditional = !request.method().is_safe() && request.headers().contains_key(IF_MATCH);
    if conditional && !route.heeds(&IF_MATCH) {
        return Problem::bad_request("this path takes no If-Match").at("If-Match").into();
    }
    next.run(request).await
}

const NOT_LISTED: &str = "this certificate is not on the VTN's list of operators: an \
    administrator adds its fingerprint to [[operator]] in vtn.toml";
