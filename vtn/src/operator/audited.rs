//! What operators do, in the audit log. A change is on record before anything of it is done, and
//! how it went before its answer goes out; a look is noted when it has been answered.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use super::api::{Api, Who};
use super::door::Caller;
use super::input::whole;
use super::problem::Problem;
use crate::audit::{Digest, Entry, Operation, clip};

/// In a response: its request was on record as this line, with this body.
#[derive(Clone, Copy)]
struct Begun {
    seq: u64,
    digest: Digest,
}

/// How a request went.
pub(super) struct Outcome {
    begun: Option<Begun>,
    status: u16,
}

impl Outcome {
    pub(super) fn of(response: &Response) -> Self {
        let begun = response.extensions().get().copied();
        Self { begun, status: response.status().as_u16() }
    }
}

/// Lets a request that may change something pass only once it is on record; a change that cannot
/// be recorded is refused (503) and nothing is done.
pub(super) async fn recorded(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Extension(who): Extension<Who>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let Some(audit) = api.vtn().audit().filter(|_| !request.method().is_safe()) else {
        return Ok(next.run(request).await);
    };
    let (head, body) = request.into_parts();
    let body = whole(body, api.body_bytes()).await?;
    let digest = Digest::of(&body);
    let asked = operation(&caller, Some(&who.name), (&head.method, head.uri.path()));
    let intention = Operation { digest: Some(digest), ..asked };
    let seq = audit
        .record(api.clock().now(), Entry::Operator(intention))
        .await
        .map_err(|error| Problem::unavailable(format!("{error}; nothing was done")))?;
    let mut response = next.run(Request::from_parts(head, Body::from(body))).await;
    response.extensions_mut().insert(Begun { seq, digest });
    Ok(response)
}

/// Writes down how a request went. Of a change it is synced when this returns; should that fail
/// the answer goes out all the same, for it is true, and the intention is on record.
pub(super) async fn answered(
    api: &Api,
    (caller, name): (&Caller, Option<&str>),
    asked: (&Method, &str),
    Outcome { begun, status }: Outcome,
) {
    let Some(audit) = api.vtn().audit() else { return };
    let outcome = Entry::Operator(Operation {
        digest: begun.map(|begun| begun.digest),
        begun: begun.map(|begun| begun.seq),
        status: Some(status),
        ..operation(caller, name, asked)
    });
    let now = api.clock().now();
    match begun {
        None => audit.note(now, outcome),
        Some(Begun { seq, .. }) => {
            if let Err(error) = audit.record(now, outcome).await {
                tracing::error!(seq, %error, "how a recorded change went is not on record");
            }
        }
    }
}

/// Who wants what.
fn operation(caller: &Caller, name: Option<&str>, (method, path): (&Method, &str)) -> Operation {
    Operation {
        operator: name.map(clip),
        fingerprint: caller.certificate.fingerprint(),
        address: caller.address.ip(),
        method: clip(method.as_str()),
        path: clip(path),
        digest: None,
        begun: None,
        status: None,
    }
}
