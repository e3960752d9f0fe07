//! What gets no further than the VENs' door, in the audit log. A request with a certificate has a
//! line of its own; handshakes that fail are counted, as nobody is known yet whom a flood of lines
//! could be laid to.

use std::future::Future;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use oadr_transport::{Meters, Observed, Server};

use crate::Vtn;
use crate::audit::{Entry, Exchange, Note, clip};

/// The same server, which has the requests noted that it refuses itself. Those that a handler
/// answers are the handler's to note.
pub(super) fn noted(server: Server, vtn: &Vtn) -> Server {
    let Some(audit) = vtn.audit().cloned() else { return server };
    let clock = vtn.clock().clone();
    server.observe(move |observed| {
        if !observed.handled {
            audit.note(clock.now(), Entry::Message(refused(observed)));
        }
    })
}

/// Serves, and notes once a minute, and at the end, how many were turned away.
pub(super) async fn counted(
    vtn: &Vtn,
    meters: &Meters,
    serving: impl Future<Output = usize>,
) -> usize {
    let mut told = (0, 0);
    let mut tell = || {
        let crowded = meters.refused_all.load(Relaxed) + meters.refused_address.load(Relaxed);
        let now = (meters.handshakes_failed.load(Relaxed), crowded);
        if let Some(audit) = vtn.audit().filter(|_| now != told) {
            let (handshakes, crowded) = (now.0 - told.0, now.1 - told.1);
            audit.note(vtn.clock().now(), Entry::Log(Note::Door { handshakes, crowded }));
        }
        told = now;
    };
    let mut serving = std::pin::pin!(serving);
    loop {
        match tokio::time::timeout(EVERY, &mut serving).await {
            Ok(cut_off) => {
                tell();
                return cut_off;
            }
            Err(_) => tell(),
        }
    }
}

fn refused(observed: &Observed<'_>) -> Exchange {
    Exchange {
        ven: None,
        fingerprint: observed.peer.certificate.fingerprint(),
        address: observed.peer.address.ip(),
        path: clip(observed.path),
        payload: None,
        request_id: None,
        status: observed.status,
        code: None,
        digest: None,
        reply: None,
    }
}

const EVERY: Duration = Duration::from_secs(60);
