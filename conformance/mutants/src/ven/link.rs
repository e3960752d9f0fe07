//! The way to the VTN, with the spoiling of what goes there.

use jiff::Timestamp;
use oadr_conformance::wire::client::Caller;
use oadr_conformance::wire::http;
use oadr_schemas::exchange::{Service, openadr_table};
use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::Limits;

use crate::fault::Faults;

/// A way to a VTN.
pub struct Link {
    /// The connection.
    pub caller: Caller,
    /// What is wrong with what is sent.
    pub faults: Faults,
    /// Messages are signed with this.
    pub signer: Option<super::signature::Signer>,
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
        let (signer, quiet_until, pause_s, silences, away) = (None, now, 1, 0, false);
        Self { caller, faults, signer, quiet_until, pause_s, silences, away }
    }

    /// Posts a message and gives what comes back.
    pub async fn say(&mut self, message: Message, now: Timestamp) -> Option<Message> {
        if now < self.quiet_until {
            self.away = true;
            return None;
        }
        let service = openadr_table::pairing_of(&message).map_or(Service::EiEvent, |p| p.service);
        let text = self.written(message, now);
        let prefix = self.caller.address().prefix.clone();
        let path = format!("{prefix}OpenADR2/Simple/2.0b/{}", service.name());
        let answer = self.post(&path, text, now).await?;
        if super::base::stumbles(self.faults, &String::from_utf8_lossy(&answer.body)) {
            return None;
        }
        let received = openadr::decode(&answer.body, &Limits::reports()).ok()?;
        Some(received.message)
    }

    /// A message as it is sent.
    pub fn written(&mut self, mut message: Message, now: Timestamp) -> String {
        self.faults.message(&mut message);
        let text = openadr::encode(message, None);
        let text = match &mut self.signer {
            Some(signer) => signer.sign(text, now),
            None => text,
        };
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
