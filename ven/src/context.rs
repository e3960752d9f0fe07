//! What a service function is given, and why it may stop.

use jiff::Timestamp;
use oadr_platform::Prosumer;
use oadr_platform::prosumer::Site;
use oadr_schemas::exchange::{Reply, Request};
use oadr_schemas::openadr::Message;
use oadr_schemas::{ei, openadr};
use oadr_store::Store;
use oadr_transport::{Random, Retry};
use rand::Rng;

use crate::link::{Link, Silence};
use crate::settings::Settings;
use crate::status::Traffic;
use crate::tables::{ONLY, Registration, STANDING, Standing};

/// What a service function is given. `now` stands still during a step.
pub(crate) struct Context<'a> {
    pub settings: &'a Settings,
    pub store: &'a Store,
    pub prosumer: &'a dyn Prosumer,
    pub site: &'a Site,
    pub link: &'a dyn Link,
    pub random: &'a mut Random,
    pub traffic: &'a mut Traffic,
    pub next_out: &'a mut u64,
    pub now: Timestamp,
    /// Whether what is taken in was posted to us, so that its answer goes back with the reply.
    pub pushed: bool,
    /// That answer, once there is one.
    pub answer: Option<Message>,
}

/// Why an exchange gave nothing.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The VTN cannot be talked to for now.
    Away(Silence),
    /// The VTN does not know us (463), or no longer under our venID.
    NotRegistered(String),
    /// The VTN will not take this message, whatever happens; in its words.
    Refused(String),
    /// Nothing can be remembered.
    Store(oadr_store::Error),
}

impl From<oadr_store::Error> for Trouble {
    fn from(error: oadr_store::Error) -> Self {
        Self::Store(error)
    }
}

impl Context<'_> {
    /// Sends a request of OpenADR and returns its reply, a success by its eiResponse.
    pub async fn ask<R>(&mut self, request: R) -> Result<R::Reply, Trouble>
    where
        R: Request<Message = Message>,
    {
        let reply = self.post(request.into()).await?;
        R::Reply::from_body(reply).map_err(|found| {
            let found = found.as_ref().map_or("an empty body", Message::name);
            Trouble::Refused(format!("answered with {found}"))
        })
    }

    /// Posts an OpenADR message and returns what comes, unless it is an error.
    pub async fn post(&mut self, message: Message) -> Result<Option<Message>, Trouble> {
        let (sent, began) = (message.name(), tokio::time::Instant::now());
        let id = message.request_id().unwrap_or("").to_owned();
        let service = openadr_service(&message)?;
        let reply = self.link.openadr(service, message).await;
        let received = reply.as_ref().map(|m| m.as_ref().map_or("(empty)", Message::name));
        let code = match &reply {
            Ok(Some(reply)) => reply.response().map(|r| r.response_code.value().clone()),
            _ => None,
        };
        self.note(sent, &id, received, code.as_deref(), began);
        let reply = reply.map_err(from_silence)?;
        match reply.as_ref().and_then(Message::response) {
            Some(response) if !response.is_ok() => {
                let code = response.response_code.value();
                let words = response.response_description.as_deref().unwrap_or("");
                let told = format!("{code} {words}");
                Err(match code.as_str() {
                    "463" => Trouble::NotRegistered(told),
                    _ => Trouble::Refused(told),
                })
            }
            _ => Ok(reply),
        }
    }

    /// Sends a request of EI 1.0 and returns its reply.
    pub async fn trade<R>(&mut self, request: R) -> Result<R::Reply, Trouble>
    where
        R: Request<Message = ei::Message>,
    {
        let (sent, began) = (R::PAIRING.request, tokio::time::Instant::now());
        let reply = self.link.ei(R::PAIRING.service, request.into()).await;
        let name = R::PAIRING.reply.unwrap_or("(empty)");
        self.note(sent, "", reply.as_ref().map(|_| name), None, began);
        R::Reply::from_body(reply.map_err(from_silence)?)
            .map_err(|_| Trouble::Refused(format!("answered with another payload than {name}")))
    }

    /// The registration in force.
    pub fn registration(&self) -> Result<Registration, Trouble> {
        match STANDING.get(self.store, ONLY)? {
            Some(Standing::In(registration)) => Ok(registration),
            _ => Err(Trouble::NotRegistered("no registration is in force".to_owned())),
        }
    }

    /// An id of 128 random bits.
    pub fn fresh_id(&mut self) -> String {
        format!("{:032x}", self.random.random::<u128>())
    }

    /// One line a message; payloads stay out of the log.
    fn note(
        &mut self,
        sent: &str,
        request_id: &str,
        received: Result<&str, &Silence>,
        code: Option<&str>,
        began: tokio::time::Instant,
    ) {
        let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.traffic.sent += 1;
        match received {
            Ok(received) => {
                self.traffic.answered += 1;
                self.traffic.last_contact = Some(self.now);
                self.traffic.silent_since = self.now;
                let code = code.unwrap_or("");
                tracing::info!(sent, request_id, received, code, micros, "message");
            }
            Err(silence) => {
                tracing::warn!(sent, request_id, why = %silence, micros, "no answer");
            }
        }
    }
}

/// Where a message is posted; by its pairing.
fn openadr_service(message: &Message) -> Result<oadr_schemas::exchange::Service, Trouble> {
    oadr_schemas::exchange::openadr_table::pairing_of(message)
        .map(|pairing| pairing.service)
        .ok_or_else(|| Trouble::Refused(format!("{} is never a request", message.name())))
}

fn from_silence(silence: Silence) -> Trouble {
    match silence.retry {
        Retry::No => Trouble::Refused(silence.detail),
        Retry::After(_) | Retry::BackOff => Trouble::Away(silence),
    }
}

/// A span of the wire as a [`std::time::Duration`]; zero if it points backwards or depends
/// on the calendar.
pub(crate) fn exact(duration: openadr::xcal::DurationProp) -> std::time::Duration {
    exact_of(duration.duration)
}

/// As [`exact`].
pub(crate) fn exact_of(duration: oadr_schemas::xml::Duration) -> std::time::Duration {
    let span = duration.exact().unwrap_or_default();
    if span.is_positive() { span.unsigned_abs() } else { std::time::Duration::ZERO }
}

/// Whole seconds for the wire; more than 136 years are cut.
pub(crate) fn wire(span: std::time::Duration) -> oadr_schemas::xml::Duration {
    oadr_schemas::xml::Duration::from_seconds(u32::try_from(span.as_secs()).unwrap_or(u32::MAX))
}
