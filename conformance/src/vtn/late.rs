//! What a VEN owes for what a poll brought, and answers looked at by their code.
//! OpenADR 2.0b Profile, section 8.7, rule 500.

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
                let response = &confirmation.ei_response;
                self.check(rules, what, response.is_ok(), response);
            }
            Some(other) => drop(self.check(rules, what, false, other.name())),
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
        self.check(rules, what, response.is_ok(), response)
    }

    /// Checks that an eiResponse has one of these codes.
    pub fn refused(
        &mut self,
        rules: &[&'static str],
        what: impl Into<String>,
        (response, codes): (&EiResponse, &[&str]),
    ) -> bool {
        self.check(rules, what, has_code(response, codes), response)
    }
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
            Some(Ok(message)) => match message.response() {
                None => message.name().to_owned(),
                Some(response) => format!("{} {response:?}", message.name()),
            },
        }
    }
}
