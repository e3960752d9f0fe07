//! The way to the VTN, with the spoiling of what goes there.

use jiff::Timestamp;
use oadr_conformance::wire::client::Caller;
use oadr_conformance::wire::http;
use oadr_schemas::exchange::{Service, openadr_table};
use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::Limits;

use crate::fault::Faults;
use crate::signing::Pen;

/// A way to a VTN.
pub struct Link {
    /// The connection.
    pub caller: Caller,
    /// What is wrong with what is sent.
    pub faults: Faults,
    /// Messages are signed with this, and nothing else than signed ones taken.
    pub pen: Option<Pen>,
    /// Messages go over XMPP, if it is there.
    pub xmpp: Option<super::xmpp::Session>,
    /// No message is sent before: the VTN was silent.
    pub quiet_until: Timestamp,
    /// How long the VTN has to be left alone after the next silence, seconds.
    pub pause_s: i64,
    /// Silences in a row.
    pub silences: u32,
    /// The last message did not reach the VTN, or the VTN had no time for it: it may be sent again.
    pub away: bool,
}

impl Link {
    /// Over this connection.
    pub fn new(caller: Caller, faults: Faults, now: Timestamp) -> Self {
        let (pen, xmpp) = (None, None);
        let (quiet_until, pause_s, silences, away) = (now, 1, 0, false);
        Self { caller, faults, pen, xmpp, quiet_until, pause_s, silences, away }
    }

    /// Posts a message and gives what comes back.
    pub async fn say(&mut self, message: Message, now: Timestamp) -> Option<Message> {
        if now < self.quiet_until {
            self.away = true;
            return None;
        }
        if let Some(session) = &mut self.xmpp {
            return session.say(message).await;
        }
        let service = openadr_table::pairing_of(&message).map_or(Service::EiEvent, |p| p.service);
        let mut text = self.written(message);
        if let Some(pen) = &self.pen {
            text = pen.sign(text, now).await;
        }
        let prefix = self.caller.address().prefix.clone();
        let path = format!("{prefix}OpenADR2/Simple/2.0b/{}", service.name());
        let answer = self.post(&path, text, now).await?;
        if let Some(pen) = &self.pen
            && !pen.accepts(&answer.body, self.caller.peer(), now).await
        {
            return None;
        }
        if super::base::stumbles(self.faults, &String::from_utf8_lossy(&answer.body)) {
            return None;
        }
        let received = openadr::decode(&answer.body, &Limits::reports()).ok()?;
        Some(received.message)
    }

    /// A message as it is sent, but for a signature.
    pub fn written(&self, mut message: Message) -> String {
        self.faults.message(&mut message);
        let text = openadr::encode(message, None);
        self.faults.text(text)
    }

    /// Posts a document; `None` unless HTTP 200 comes.
    pub async fn post(
        &mut self,
        path: &str,
        text: String,
        now: Timestamp,
    ) -> Option<http::Message> {
        let mut request = self.caller.post(path, text.into_bytes());
        self.faults.http(&mut request);
        let answer = self.caller.call(&request).await.ok();
        super::wire::mind(self, answer.as_ref().and_then(http::Message::status), now);
        answer.filter(|answer| answer.status() == Some(200))
    }
}
