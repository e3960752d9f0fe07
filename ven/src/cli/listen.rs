//! The listener of a VEN that registers for push: mutual TLS, for its VTN only.

use std::sync::Arc;

use oadr_certs::PeerCertificate;
use oadr_certs::tls::{Pin, Reloadable, ServerFiles, TimeSource};
use oadr_transport::{BaseUrl, Clock, Limits, Server, ServerSecurity};
use tokio::net::TcpListener;

use super::config::{Config, Push};
use super::{Problem, settings};
use crate::{IsVtn, Ven, Wire};

/// An open port, and all that is needed to serve it.
pub struct Listening {
    listener: TcpListener,
    /// The oadrTransportAddress.
    pub address: String,
    base: BaseUrl,
    /// Read again when the files change.
    pub files: Arc<Reloadable<ServerFiles>>,
    pins: Vec<Pin>,
}

impl Listening {
    /// Opens the port of the settings, if they name one.
    ///
    /// # Errors
    /// The key at fault.
    pub async fn open(config: &Config, clock: &Arc<dyn Clock>) -> Result<Option<Self>, Problem> {
        let Some(push) = &config.push else { return Ok(None) };
        let clock = Arc::clone(clock);
        let files = config.server_files(TimeSource::new(move || clock.now()));
        let files = Arc::new(Reloadable::load(files).map_err(settings)?);
        let pins = pins(push)?;
        let told = |what: String| settings(format!("push.listen: {}: {what}", push.listen));
        let listener =
            TcpListener::bind(push.listen).await.map_err(|error| told(error.to_string()))?;
        let own = listener.local_addr().map_err(|error| told(error.to_string()))?;
        if push.address.is_none() && own.ip().is_unspecified() {
            let what = "which of its addresses the VTN reaches is not told: set push.address";
            return Err(told(what.to_owned()));
        }
        let address = push.address.clone().unwrap_or_else(|| format!("https://{own}/"));
        let wrong = |what: &str| settings(format!("push.address: {address}: {what}"));
        if !address.starts_with("https://") {
            return Err(wrong("must begin with https://"));
        }
        let base = address.parse().map_err(|_| wrong("is not an address"))?;
        Ok(Some(Self { listener, address, base, files, pins }))
    }

    /// Serves until it is dropped.
    pub fn serve(
        self,
        ven: &Ven,
        wire: Arc<Wire>,
        clock: Arc<dyn Clock>,
    ) -> impl Future<Output = ()> + use<> {
        let Self { listener, base, files, pins, address } = self;
        tracing::info!(address, "the VTN may post");
        let is_vtn: IsVtn = Arc::new(move |peer: &PeerCertificate| {
            wire.pin() == Some(peer.thumbprint) || pins.iter().any(|pin| fits(*pin, peer))
        });
        let ear = Arc::new(ven.ear(base.prefix(), is_vtn));
        let security = ServerSecurity::tls(move || files.current());
        let server = Server::new(ear, Limits::default(), clock);
        async move {
            server.serve(listener, security, std::future::pending()).await;
        }
    }
}

fn pins(push: &Push) -> Result<Vec<Pin>, Problem> {
    let one = |text: &String| {
        text.parse().map_err(|error| settings(format!("push.vtn_fingerprints: {text}: {error}")))
    };
    push.vtn_fingerprints.iter().map(one).collect()
}

fn fits(pin: Pin, peer: &PeerCertificate) -> bool {
    match pin {
        Pin::Fingerprint(print) => peer.fingerprint() == print,
        Pin::Thumbprint(print) => peer.thumbprint == print,
    }
}
