//! A play against a VTN: posting, polling, registering, and the checks that come with them.

use std::ops::{Deref, DerefMut};

use oadr_schemas::exchange::{Request, Service, openadr_table};
use oadr_schemas::openadr::oadr::OadrDistributeEvent;
use oadr_schemas::openadr::{self, Message};
use oadr_transport::{Clock as _, SystemClock};

use super::party::Party;
use crate::record::{Exchange, From, Packet};
use crate::say;
use crate::scenario::Role;
use crate::sign::Seal;
use crate::stage::Stage;
use crate::verdict::{Stop, inconclusive};
use crate::wire::client::{Address, NoAnswer};
use crate::wire::http;

/// A play against a VTN.
pub struct VtnPlay {
    stage: Stage,
    /// Where the VTN is.
    pub address: Address,
    /// How many of them there are, which names them.
    pub(super) parties: usize,
}

/// What came back to a request.
#[derive(Clone, Debug)]
pub struct Reply {
    /// As it was written.
    pub http: http::Message,
    /// The HTTP status.
    pub status: u16,
    /// The payload, if the body is one; what is wrong with it, if it is not.
    pub message: Option<Result<Message, String>>,
}

impl Deref for VtnPlay {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

impl DerefMut for VtnPlay {
    fn deref_mut(&mut self) -> &mut Stage {
        &mut self.stage
    }
}

impl VtnPlay {
    /// Against the VTN at `address`.
    pub fn new(stage: Stage, address: Address) -> Self {
        Self { stage, address, parties: 0 }
    }

    /// The stage, when the play is over.
    pub fn into_stage(self) -> Stage {
        self.stage
    }

    /// Posts a request and gives the reply its pairing promises.
    ///
    /// # Errors
    /// Failed, if another payload comes back; as [`VtnPlay::say`].
    pub async fn ask<R>(&mut self, ven: &mut Party, request: R) -> Result<R::Reply, Stop>
    where
        R: Request<Message = Message>,
    {
        use oadr_schemas::exchange::Reply as _;
        let wanted = R::PAIRING.reply.unwrap_or("an empty body");
        let asked = R::PAIRING.request;
        let reply = self.post(ven, request.into()).await?;
        let status = reply.status;
        let message = self.message_of(reply, asked)?;
        R::Reply::from_body(message).or_else(|other| {
            let saw = other.map_or(format!("HTTP {status}, empty"), |m| m.name().to_owned());
            self.fail(&["33"], format!("{asked} is answered by {wanted}"), saw)
        })
    }

    /// Posts a message and gives whatever payload comes back.
    ///
    /// # Errors
    /// Failed, if what comes is not HTTP 200 with a valid payload; inconclusive, if nothing does.
    pub async fn say(
        &mut self,
        ven: &mut Party,
        message: impl Into<Message>,
    ) -> Result<Message, Stop> {
        let message = message.into();
        let asked = message.name();
        let reply = self.post(ven, message).await?;
        let status = reply.status;
        match self.message_of(reply, asked)? {
            Some(message) => Ok(message),
            None => self.fail(&["33"], format!("{asked} is answered by a payload"), status),
        }
    }

    pub(super) fn message_of(
        &mut self,
        reply: Reply,
        asked: &str,
    ) -> Result<Option<Message>, Stop> {
        let what = format!("{asked} is answered with HTTP 200");
        self.require(&["511"], what, reply.status == 200, reply.status)?;
        match reply.message {
            None => Ok(None),
            Some(Ok(message)) => Ok(Some(message)),
            Some(Err(why)) => {
                self.fail(&[crate::base::SCHEMA], format!("the answer to {asked} is valid"), why)
            }
        }
    }

    /// Posts a message to its service.
    ///
    /// # Errors
    /// Inconclusive, if no answer comes.
    pub async fn post(&mut self, ven: &mut Party, message: Message) -> Result<Reply, Stop> {
        let service = openadr_table::pairing_of(&message).map_or(Service::EiEvent, |p| p.service);
        let mut text = openadr::encode(message, None);
        if let Some(signer) = &ven.signer {
            text = signer.sign(&text, &Seal::at(self.now())).await?;
        }
        self.post_text(ven, service, text).await
    }

    /// Posts a document as it is to a service: for what no valid message says.
    ///
    /// # Errors
    /// As [`VtnPlay::post`].
    pub async fn post_text(
        &mut self,
        ven: &mut Party,
        service: Service,
        text: String,
    ) -> Result<Reply, Stop> {
        let path = self.path(service);
        let request = ven.caller.post(&path, text.into_bytes());
        match self.call(ven, request).await {
            Ok(reply) => Ok(reply),
            Err(error) => inconclusive(format!("{} to {path}: {error}", ven.name)),
        }
    }

    /// The path of a service.
    pub fn path(&self, service: Service) -> String {
        format!("{}OpenADR2/Simple/2.0b/{}", self.address.prefix, service.name())
    }

    /// Sends a request as it is, and writes it down.
    ///
    /// # Errors
    /// [`NoAnswer`]: which scenarios may be waiting for.
    pub async fn call(
        &mut self,
        ven: &mut Party,
        request: http::Message,
    ) -> Result<Reply, NoAnswer> {
        let (at, began) = (self.now(), SystemClock.now());
        let answer = ven.caller.call(&request).await;
        let took = SystemClock.now().duration_since(began).as_millis();
        let mut exchange = Exchange {
            at,
            took_ms: u64::try_from(took).unwrap_or(0),
            from: From::Kit,
            party: ven.name.clone(),
            asked: say::name_of(&request.body),
            answered: String::new(),
            request: packet(&request),
            answer: None,
            trouble: None,
        };
        let reply = match answer {
            Err(error) => {
                exchange.trouble = Some(error.to_string());
                self.log.add(exchange);
                return Err(error);
            }
            Ok(answer) => self.read(answer),
        };
        exchange.answered = say::name_of(&plain_body(&reply.http));
        exchange.answer = Some(packet(&reply.http));
        self.log.add(exchange);
        Ok(reply)
    }

    fn read(&self, http: http::Message) -> Reply {
        let status = http.status().unwrap_or(0);
        let body = plain_body(&http);
        let is_2b = say::is_2b(&body);
        let message = match body.is_empty() || status != 200 {
            true => None,
            // What is of another family is for its own scenarios to judge.
            false if !is_2b => Some(Err("not a document of OpenADR 2.0b".to_owned())),
            false => Some(self.sightings.look(Role::Vtn, &body)),
        };
        Reply { http, status, message }
    }

    /// One oadrPoll.
    ///
    /// # Errors
    /// As [`VtnPlay::say`].
    pub async fn poll(&mut self, ven: &mut Party) -> Result<Message, Stop> {
        self.say(ven, say::poll(ven)).await
    }

    /// Polls until nothing waits, answering all that needs an answer; gives what came.
    ///
    /// # Errors
    /// As [`VtnPlay::say`]; inconclusive, if the queue has no end.
    pub async fn drain(&mut self, ven: &mut Party) -> Result<Vec<Message>, Stop> {
        let mut came = Vec::new();
        for _ in 0..MOST_POLLS {
            let message = self.poll(ven).await?;
            if matches!(message, Message::OadrResponse(_)) {
                return Ok(came);
            }
            self.owe(ven, &message).await?;
            came.push(message);
        }
        inconclusive(format!("{MOST_POLLS} polls do not empty the queue"))
    }

    /// Polls until a payload of one kind comes, answering all others that need an answer.
    ///
    /// # Errors
    /// Failed under `rules`, if the queue is empty before; as [`VtnPlay::say`].
    pub async fn poll_for<M: TryFrom<Message>>(
        &mut self,
        ven: &mut Party,
        rules: &[&'static str],
    ) -> Result<M, Stop> {
        let mut empty = 0;
        for _ in 0..MOST_POLLS {
            let message = self.poll(ven).await?;
            let nothing = matches!(message, Message::OadrResponse(_));
            match M::try_from(message.clone()) {
                Ok(found) => return Ok(found),
                Err(_) if !nothing => drop(self.owe(ven, &message).await?),
                Err(_) if self.moment(empty).await? => empty += 1,
                Err(_) => break,
            }
        }
        let kind = say::short_type_name::<M>();
        self.fail(rules, format!("a poll brings {kind}"), "nothing waits")
    }

    /// oadrRequestEvent and the list it brings.
    ///
    /// # Errors
    /// As [`VtnPlay::ask`].
    pub async fn events(&mut self, ven: &mut Party) -> Result<OadrDistributeEvent, Stop> {
        self.ask(ven, say::event::request(ven, None, &self.unique("ev"))).await
    }

    /// Creates an event by the operator; a refusal is trouble.
    ///
    /// # Errors
    /// The hook's.
    pub async fn create_event(&mut self, event: &crate::hook::Event) -> Result<String, Stop> {
        match self.hook().create_event(event).await? {
            Ok(id) => Ok(id),
            Err(why) => inconclusive(format!("the operator side refuses the event: {why}")),
        }
    }
}

pub(super) fn packet(message: &http::Message) -> Packet {
    let body = String::from_utf8_lossy(&plain_body(message)).into_owned();
    Packet { start: message.start.clone(), headers: message.headers.clone(), body }
}

/// A body without its content coding.
pub(crate) fn plain_body(message: &http::Message) -> Vec<u8> {
    use std::io::Read as _;
    let mut plain = Vec::new();
    let read = match message.get("Content-Encoding").map(str::to_ascii_lowercase).as_deref() {
        Some("gzip") => flate2::read::GzDecoder::new(&message.body[..]).read_to_end(&mut plain),
        Some("deflate") => {
            flate2::read::ZlibDecoder::new(&message.body[..]).read_to_end(&mut plain)
        }
        _ => return message.body.clone(),
    };
    match read {
        Ok(_) => plain,
        Err(_) => message.body.clone(),
    }
}

const MOST_POLLS: usize = 40;
