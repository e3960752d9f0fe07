//! The VTN pushes, to wherever a VEN says that it listens.

use std::sync::Arc;
use std::time::Duration;

use oadr_transport::net::TcpConnect;
use oadr_transport::{Client, ClientLimits, ClientSecurity, Random};
use oadr_vtn::push::Caller;
use rand::SeedableRng;
use tokio::sync::oneshot;

use super::{Bench, identity_until, minutes, noon};

/// Waits for what happens in other tasks.
pub async fn until(holds: impl Fn() -> bool, what: &str) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

/// The VTN pushes until the guard is dropped.
pub fn pushing(bench: &Bench) -> oneshot::Sender<()> {
    let own = identity_until("VTN-1", noon().checked_add(minutes(60 * 24 * 30)).unwrap());
    let der = own.leaf().to_vec();
    let clock = Arc::new(bench.clock.clone());
    let caller: Caller = Arc::new(move |_pins| {
        let security = ClientSecurity::for_simulation(&der);
        Client::new(TcpConnect, security, ClientLimits::default(), clock.clone())
    });
    let (stop, stopped) = oneshot::channel();
    let vtn = bench.vtn.clone();
    tokio::spawn(async move {
        let stopped = async { drop(stopped.await) };
        vtn.push(caller, Random::seed_from_u64(7), stopped).await.unwrap();
    });
    stop
}
