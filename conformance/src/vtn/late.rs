//! What a VEN owes for what a poll brought, and answers looked at by their code.
//! OpenADR 2.0b Profile, section 8.7, rule 500.

use jiff::Timestamp;
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::EiResponse;

use super::{Party, VtnPlay};
use crate::say;
use crate::verdict::Stop;

impl VtnPlay {
    /// Answers a payload as a VEN should, and gives what confirms that, if anything was owed.
    /// To a posted oadrResponse a VTN may say nothing: the source leaves it open.
    ///
    /// # Errors
    /// As [`VtnPlay::say`].
    pub async fn owe(
        &mut self,
        ven: &mut Party,
        payload: &Message,
    ) -> Result<Option<Message>, Stop> {
        match say::late_answer(ven, payload) {
            None => Ok(None),
            Some(answer @ Message::OadrResponse(_)) => {
                let asked = answer.name();
                let reply = self.post(ven, answer).await?;
                self.message_of(reply, asked)
            }
            Some(answer) => self.say(ven, answer).await.map(Some),
        }
    }

    /// As [`VtnPlay::owe`], and checks that the VTN does not refuse the answer.
    ///
    /// # Errors
    /// As [`VtnPlay::say`].
    pub async fn confirmed(
        &mut self,
        ven: &mut Party,
        payload: &Message,
        rules: &[&'static str],
    ) -> Result<(), Stop> {
        let Some(answer) = say::late_answer(ven, payload) else { return Ok(()) };
        let what = format!("{} is confirmed by oadrResponse 200", answer.name());
        match self.owe(ven, payload).await? {
            None => {}
            Some(Message::OadrResponse(confirmation)) => {
                self.taken(rules, what, &confirmation.ei_response);
            }
            Some(other) => drop(self.check(rules, what, false, say::saw::message(&other))),
        }
        Ok(())
    }

    /// Checks that an eiResponse says 200.
    pub fn taken(
        &mut self,
        rules: &[&'static str],
        what: impl Into<String>,
        response: &EiResponse,
    ) -> bool {
        self.check(rules, what, response.is_ok(), say::saw::response(response))
    }

    /// The same as a check without which the rest makes no sense.
    ///
    /// # Errors
    /// [`Stop::Failed`] if it does not.
    pub fn must_be_taken(
        &mut self,
        rules: &[&'static str],
        what: impl Into<String>,
        response: &EiResponse,
    ) -> Result<(), Stop> {
        if self.taken(rules, what, response) { Ok(()) } else { Err(Stop::Failed) }
    }

    /// Checks that the requestID, if it is told, is that of the request. No rule wants it told but
    /// those of EiOpt and EiReport (207, 303).
    pub fn echoes(&mut self, rules: &[&'static str], response: &EiResponse, request_id: &str) {
        let found = &response.request_id;
        let fits = found.is_empty() || found == request_id;
        self.check(rules, "the requestID, if told, is that of the request", fits, found);
    }

    /// The time in so many seconds, and later where the operator's work takes time: for what must
    /// not have begun before it is created.
    pub fn soon(&self, seconds: i64) -> Timestamp {
        self.in_s(if self.setting.pace.is_steered() { seconds } else { seconds + OPERATOR_S })
    }

    /// Where a subject has a clock of its own it may need a moment to queue what its operator
    /// did: the `tries`th wait for that; whether there was one.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn moment(&self, tries: usize) -> Result<bool, Stop> {
        let wait = !self.setting.pace.is_steered() && tries < MOMENTS;
        if wait {
            self.pass(1).await?;
        }
        Ok(wait)
    }

    /// Checks that an eiResponse has one of these codes.
    pub fn refused(
        &mut self,
        rules: &[&'static str],
        what: impl Into<String>,
        (response, codes): (&EiResponse, &[&str]),
    ) -> bool {
        self.check(rules, what, has_code(response, codes), say::saw::response(response))
    }
}

/// Rule 46: an element that is empty is as good as left out.
pub fn is_told(found: Option<&str>) -> bool {
    found.is_some_and(|text| !text.trim().is_empty())
}

/// Whether an eiResponse has one of these codes.
pub fn has_code(response: &EiResponse, codes: &[&str]) -> bool {
    codes.contains(&response.response_code.value().as_str())
}

impl super::Reply {
    /// The eiResponse, if a payload with one came with HTTP 200.
    pub fn response(&self) -> Option<&EiResponse> {
        match &self.message {
            Some(Ok(message)) => message.response(),
            _ => None,
        }
    }

    /// Whether it is HTTP 200 and an eiResponse of success.
    pub fn is_taken(&self) -> bool {
        self.response().is_some_and(EiResponse::is_ok)
    }

    /// What it is, for people.
    pub fn story(&self) -> String {
        match &self.message {
            None => format!("HTTP {}, no payload", self.status),
            Some(Err(why)) => format!("HTTP {}, {why}", self.status),
            Some(Ok(message)) => format!("{:?}", say::saw::message(message)),
        }
    }
}

/// What an operator may take to create a few events.
const OPERATOR_S: i64 = 5;
/// So many seconds an empty queue is asked again.
const MOMENTS: usize = 5;
