//! The ear of a PUSH VEN: takes what a VTN posts, answers it well, and keeps it.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use oadr_certs::dev::{KeyKind, Role as For};
use oadr_schemas::openadr::oadr::OadrCreatedPartyRegistration;
use oadr_schemas::openadr::{self, Message};

use crate::base::Sightings;
use crate::pace::Pace;
use crate::record::{Exchange, From, Log};
use crate::say;
use crate::scenario::Role;
use crate::stage::told;
use crate::verdict::Stop;
use crate::vtn::play::{packet, plain_body};
use crate::vtn::{Party, VtnPlay};
use crate::wire::client::{Address, Caller};
use crate::wire::http;
use crate::wire::server::{Door, Handshake, Reaction, Request};

/// A door that takes what the VTN posts; closed when it is dropped.
pub struct Listener {
    /// Its oadrTransportAddress.
    pub url: String,
    inner: Ear,
    _door: Door,
}

/// A request that the VTN posted.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The path it was posted to.
    pub path: String,
    /// As it was written.
    pub http: http::Message,
    /// The payload, or what is wrong with it; `None` if the path is not one of ours.
    pub message: Option<Result<Message, String>>,
}

#[derive(Clone)]
struct Ear {
    name: String,
    log: Log,
    sightings: Sightings,
    pace: Pace,
    heard: Arc<Mutex<Heard>>,
}

#[derive(Default)]
struct Heard {
    ven_id: Option<String>,
    posted: VecDeque<Posted>,
    handshakes: Vec<Handshake>,
}

impl Listener {
    /// A VEN that is not registered, and its open ear.
    ///
    /// # Errors
    /// As [`VtnPlay::unregistered`]; inconclusive, if the kit cannot listen.
    pub async fn open(play: &mut VtnPlay) -> Result<(Party, Self), Stop> {
        let host = own_host(&play.address);
        let mut ven = play.stranger()?;
        if !host.is_loopback()
            && let Ok(ca) = play.setting.lab.authority()
        {
            // A VTN may want to read in the certificate where it calls.
            let (name, hosts) = (play.unique("ven"), [host.to_string()]);
            ven.identity = ca.issue(For::Ven, &name, KeyKind::Ecc, &hosts).map_err(told)?;
            let config = play.setting.lab.client(ven.identity.clone())?;
            ven.caller = Caller::new(play.address.clone(), config);
        }
        play.admit(&ven.name, ven.identity.leaf(), None).await?;
        let config = play.setting.lab.server(vec![ven.identity.clone()])?;
        let inner = Ear {
            name: ven.name.clone(),
            log: play.log.clone(),
            sightings: play.sightings.clone(),
            pace: play.setting.pace.clone(),
            heard: Arc::default(),
        };
        let (meeting, greeting) = (inner.clone(), inner.clone());
        let meet = move |request: Request| {
            let ear = meeting.clone();
            async move { ear.meet(&request.message).await }
        };
        let greeted = move |handshake| greeting.heard().handshakes.push(handshake);
        let door = Door::open((host, 0).into(), config, meet, greeted).await.map_err(told)?;
        let url = format!("https://{}{PREFIX}", door.address);
        Ok((ven, Self { url, inner, _door: door }))
    }

    /// Takes in what the VEN was told at its registration.
    pub fn learn(&mut self, ven: &mut Party, created: &OadrCreatedPartyRegistration) {
        ven.learn(created);
        self.inner.heard().ven_id.clone_from(&ven.ven_id);
    }

    /// Waits for a payload of this name; `None` if it does not come in half a minute.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn wait_for(&mut self, play: &VtnPlay, name: &str) -> Result<Option<Posted>, Stop> {
        for _ in 0..PATIENCE {
            // What is on its way over loopback needs a moment, however the subject's clock runs.
            tokio::time::sleep(MOMENT).await;
            if let Some(posted) = self.inner.heard().take(name) {
                return Ok(Some(posted));
            }
            play.pass(1).await?;
        }
        Ok(None)
    }

    /// Waits for a handshake, whether it comes to its end or not; `None` as above.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn wait_for_a_handshake(
        &mut self,
        play: &VtnPlay,
    ) -> Result<Option<Handshake>, Stop> {
        for _ in 0..PATIENCE {
            tokio::time::sleep(MOMENT).await;
            if let Some(handshake) = self.inner.heard().handshakes.first() {
                return Ok(Some(handshake.clone()));
            }
            play.pass(1).await?;
        }
        Ok(None)
    }

    /// What came and was not waited for, for people.
    pub fn story(&self) -> String {
        let heard = self.inner.heard();
        let came = say::saw::list(heard.posted.iter().map(|one| &one.http.start));
        let failed = heard.handshakes.iter().filter_map(|one| one.trouble.as_ref());
        let failed: Vec<_> = failed.collect();
        match failed.is_empty() {
            true => format!("posted: {came:?}"),
            false => format!("posted: {came:?}; handshakes failed: {:?}", say::saw::list(failed)),
        }
    }
}

impl Heard {
    fn take(&mut self, name: &str) -> Option<Posted> {
        let is_it = |one: &Posted| matches!(&one.message, Some(Ok(m)) if m.name() == name);
        let at = self.posted.iter().position(is_it)?;
        self.posted.remove(at)
    }
}

impl Ear {
    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn meet(&self, request: &http::Message) -> Reaction {
        let ven_id = self.own_id().await;
        let (method, path) = request.target().unwrap_or_default();
        let service = path.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix(BELOW));
        let is_ours = method == "POST" && service.is_some_and(|name| SERVICES.contains(&name));
        let message = is_ours.then(|| self.sightings.look(Role::Vtn, &plain_body(request)));
        let answer = match &message {
            None => http::Message::new("HTTP/1.1 404 Not Found").with_body(Vec::new()),
            Some(Err(_)) => http::Message::new("HTTP/1.1 406 Not Acceptable").with_body(Vec::new()),
            Some(Ok(message)) => {
                let text = say::answer(ven_id, message).map(|one| openadr::encode(one, None));
                http::Message::new("HTTP/1.1 200 OK")
                    .header("Content-Type", "application/xml")
                    .with_body(text.unwrap_or_default().into_bytes())
            }
        };
        self.log.add(Exchange {
            at: self.pace.now(),
            took_ms: 0,
            from: From::Subject,
            party: self.name.clone(),
            asked: say::name_of(&plain_body(request)),
            answered: say::name_of(&answer.body),
            request: packet(request),
            answer: Some(packet(&answer)),
            trouble: None,
        });
        let (path, http) = (path.to_owned(), request.clone());
        self.heard().posted.push_back(Posted { path, http, message });
        Reaction::Answer(answer)
    }

    /// A VTN may post while its answer to the registration is still on the way.
    async fn own_id(&self) -> Option<String> {
        for _ in 0..PATIENCE {
            let known = self.heard().ven_id.clone();
            if known.is_some() {
                return known;
            }
            tokio::time::sleep(MOMENT).await;
        }
        None
    }
}

/// The kit's address as the VTN can reach it. Nothing is sent.
fn own_host(vtn: &Address) -> IpAddr {
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let socket = match vtn.host.contains(':') {
        true => UdpSocket::bind("[::]:0"),
        false => UdpSocket::bind("0.0.0.0:0"),
    };
    let routed = socket.and_then(|socket| {
        socket.connect((vtn.host.as_str(), vtn.port))?;
        socket.local_addr()
    });
    routed.map_or(loopback, |address| address.ip())
}

const PREFIX: &str = "/p/";
const BELOW: &str = "OpenADR2/Simple/2.0b/";
const SERVICES: [&str; 3] = ["EiEvent", "EiReport", "EiRegisterParty"];
const PATIENCE: u32 = 30;
const MOMENT: Duration = Duration::from_millis(50);
