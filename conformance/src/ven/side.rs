//! Doors beside the kit's own, with other certificates: who comes in, and who turns away.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use oadr_certs::Identity;

use super::{PREFIX, VenPlay};
use crate::hook::VenSettings;
use crate::verdict::{Ended, Stop};
use crate::wire::client::Address;
use crate::wire::server::{Door, Handshake};

/// What happened at a door.
#[derive(Clone, Debug, Default)]
pub struct Visits {
    /// Handshakes, whole or not.
    pub handshakes: Vec<Handshake>,
    /// Requests: application data.
    pub requests: usize,
}

impl VenPlay {
    /// Opens a door with these certificates, starts the VEN towards it and sees what it does.
    ///
    /// # Errors
    /// Skip, if the VEN cannot be started so; inconclusive, if the door cannot be opened.
    pub(super) async fn lure(&mut self, identities: Vec<Identity>) -> Result<Visits, Stop> {
        let visits: Arc<Mutex<Visits>> = Arc::default();
        let config = self.setting.lab.server(identities)?;
        let (top, asked, greeted) = (self.top.clone(), visits.clone(), visits.clone());
        let meet = move |request| {
            let (top, asked) = (top.clone(), asked.clone());
            async move {
                asked.lock().unwrap_or_else(PoisonError::into_inner).requests += 1;
                top.meet(&request).await
            }
        };
        let greet = move |handshake| {
            greeted.lock().unwrap_or_else(PoisonError::into_inner).handshakes.push(handshake);
        };
        let listen = SocketAddr::new(self.listens_at(), 0);
        let door = Door::open(listen, config, meet, greet).await;
        let door = door.map_err(|error| Stop::Inconclusive(format!("{listen}: {error}")))?;
        self.top.state().ven = None;
        self.start_towards(door.address.port()).await?;
        let came = |visits: &Visits| visits.requests > 0;
        for _ in 0..self.attempts() {
            self.breathe().await?;
            if came(&visits.lock().unwrap_or_else(PoisonError::into_inner)) {
                break;
            }
        }
        drop(door);
        let visits = visits.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(visits)
    }

    /// Starts the VEN with the kit's address at another port.
    ///
    /// # Errors
    /// Skip, if it cannot be.
    pub(super) async fn start_towards(&self, port: u16) -> Ended {
        let (url, model) = (self.url_at(port)?, self.model.word());
        self.hook().start((&url, model), true, None, &VenSettings::default()).await
    }

    /// The kit's address, but for the port.
    ///
    /// # Errors
    /// If the kit's own address is none.
    pub(super) fn url_at(&self, port: u16) -> Result<String, Stop> {
        let own = Address::parse(&self.url).map_err(Stop::Inconclusive)?;
        let authority = Address { port, ..own }.authority();
        Ok(format!("https://{authority}{PREFIX}"))
    }

    /// Where doors are opened.
    pub(super) fn listens_at(&self) -> IpAddr {
        self.top.state().listen.unwrap_or(Ipv4Addr::LOCALHOST.into())
    }

    /// How often to look whether the VEN came.
    pub(super) fn attempts(&self) -> usize {
        if self.setting.pace.is_steered() { 10 } else { 80 }
    }

    /// Lets a moment pass: a second of a steered clock, a tenth of another. Connections take time
    /// of the machine's in any case.
    ///
    /// # Errors
    /// The hook's trouble.
    pub(super) async fn breathe(&self) -> Ended {
        if self.setting.pace.is_steered() {
            tokio::time::sleep(Duration::from_millis(30)).await;
            return self.setting.pace.pass(Duration::from_secs(1)).await;
        }
        self.setting.pace.pass(Duration::from_millis(100)).await
    }
}
