//! The side of the VTN that calls: PUSH VENs, over mutual TLS.

use std::sync::Arc;
use std::time::Duration;

use oadr_certs::tls::{CallerFiles, Pin, Reloadable};
use oadr_transport::net::TcpConnect;
use oadr_transport::{Client, ClientLimits, ClientSecurity, Random};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::program::until;
use crate::Vtn;
use crate::push::Caller;

/// Pushes until it is told to stop, with the certificates of now at each new connection.
pub(super) fn push_to_vens(
    vtn: &Vtn,
    files: &Arc<Reloadable<CallerFiles>>,
    random: Random,
    stop: watch::Receiver<bool>,
) -> JoinHandle<usize> {
    let (vtn, caller) = (vtn.clone(), caller(vtn, files));
    tokio::spawn(async move {
        // What the store could not do now it may do later; everything is looked at anew then.
        while let Err(error) = vtn.push(caller.clone(), random.clone(), until(stop.clone())).await {
            tracing::error!(%error, "pushing broke off; it begins again");
            tokio::time::sleep(REST).await;
        }
        0
    })
}

/// Before pushing begins again.
const REST: Duration = Duration::from_secs(5);

fn caller(vtn: &Vtn, files: &Arc<Reloadable<CallerFiles>>) -> Caller {
    let (clock, files) = (Arc::clone(vtn.clock()), Arc::clone(files));
    let limits = ClientLimits {
        max_body: vtn.settings().limits.report_bytes,
        max_idle: 1,
        ..ClientLimits::default()
    };
    Arc::new(move |pins: Vec<Pin>| {
        let files = Arc::clone(&files);
        // A party has a certificate, so there is a pin.
        let security = ClientSecurity::tls(move || files.current().to(&pins));
        Client::new(TcpConnect, security, limits.clone(), Arc::clone(&clock))
    })
}
