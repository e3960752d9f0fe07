//! Answers: eiResponse and the payloads that are little more than one.
//! OpenADR 2.0b Profile, sections 8.1 to 8.7.

use super::Code;
use super::ei::{EiResponse, EventResponse, EventResponses, OptType, QualifiedEventID};
use super::oadr::{
    OadrCanceledOpt, OadrCreatedEvent, OadrCreatedOpt, OadrPendingReports, OadrResponse,
};
use super::pyld::EiCreatedEvent;

impl EiResponse {
    /// Done. The requestID may be empty (rules 207, 303).
    pub fn ok(request_id: impl Into<String>) -> Self {
        Self::error(Code::Ok, Code::Ok.description(), request_id)
    }

    /// What went wrong, in words for a person.
    pub fn error(
        code: Code,
        description: impl Into<String>,
        request_id: impl Into<String>,
    ) -> Self {
        Self {
            response_code: code.into(),
            response_description: Some(description.into()),
            request_id: request_id.into(),
        }
    }

    /// Whether it says success.
    pub fn is_ok(&self) -> bool {
        self.response_code.is_ok()
    }
}

impl From<EiResponse> for OadrResponse {
    /// Without a venID; see [`OadrResponse::with_ven_id`].
    fn from(ei_response: EiResponse) -> Self {
        Self { schema_version: None, ei_response, ven_id: None }
    }
}

impl OadrResponse {
    /// Done.
    pub fn ok(request_id: impl Into<String>) -> Self {
        EiResponse::ok(request_id).into()
    }

    /// What went wrong.
    pub fn error(
        code: Code,
        description: impl Into<String>,
        request_id: impl Into<String>,
    ) -> Self {
        EiResponse::error(code, description, request_id).into()
    }

    /// The same with a venID: the VEN's own where it is the sender (rule 508), the
    /// recipient's where the VTN is.
    pub fn with_ven_id(self, ven_id: impl Into<String>) -> Self {
        Self { ven_id: Some(ven_id.into()), ..self }
    }
}

impl OadrCreatedOpt {
    /// The answer to an oadrCreateOpt.
    pub fn new(ei_response: EiResponse, opt_id: impl Into<String>) -> Self {
        Self { schema_version: None, ei_response, opt_id: opt_id.into() }
    }
}

impl OadrCanceledOpt {
    /// The answer to an oadrCancelOpt.
    pub fn new(ei_response: EiResponse, opt_id: impl Into<String>) -> Self {
        Self { schema_version: None, ei_response, opt_id: Some(opt_id.into()) }
    }
}

impl OadrCreatedEvent {
    /// A VEN's answers to events. With answers inside, the outer requestID stays empty
    /// (rule 42).
    pub fn answering(ven_id: impl Into<String>, answers: Vec<EventResponse>) -> Self {
        Self::of(EiResponse::ok(""), Some(EventResponses { event_response: answers }), ven_id)
    }

    /// A VEN's refusal of a whole oadrDistributeEvent, without eventResponses (rule 35).
    pub fn refusing(ven_id: impl Into<String>, error: EiResponse) -> Self {
        Self::of(error, None, ven_id)
    }

    /// The answers inside; none if there is an error outside (rule 25).
    pub fn answers(&self) -> &[EventResponse] {
        match &self.ei_created_event {
            EiCreatedEvent { ei_response, event_responses: Some(inside), .. }
                if ei_response.is_ok() =>
            {
                &inside.event_response
            }
            _ => &[],
        }
    }

    fn of(
        ei_response: EiResponse,
        event_responses: Option<EventResponses>,
        ven_id: impl Into<String>,
    ) -> Self {
        let ven_id = ven_id.into();
        let ei_created_event = EiCreatedEvent { ei_response, event_responses, ven_id };
        Self { schema_version: None, ei_created_event }
    }
}

impl EventResponse {
    /// The answer to one event. `request_id` is that of the oadrDistributeEvent that
    /// brought it (rule 42).
    pub fn new(
        event: QualifiedEventID,
        opt_type: OptType,
        code: Code,
        request_id: impl Into<String>,
    ) -> Self {
        Self {
            response_code: code.into(),
            response_description: Some(code.description().to_owned()),
            request_id: request_id.into(),
            qualified_event_id: event,
            opt_type,
        }
    }

    /// The same with other words for a person.
    pub fn described(self, description: impl Into<String>) -> Self {
        Self { response_description: Some(description.into()), ..self }
    }
}

impl QualifiedEventID {
    /// An event in one of its versions.
    pub fn new(event_id: impl Into<String>, modification_number: u32) -> Self {
        Self { event_id: event_id.into(), modification_number }
    }
}

impl<T: Into<String>> FromIterator<T> for OadrPendingReports {
    fn from_iter<I: IntoIterator<Item = T>>(ids: I) -> Self {
        Self { report_request_id: ids.into_iter().map(T::into).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_carries_code_words_and_request() {
        let error = EiResponse::error(Code::InvalidId, "no such event", "r1");
        assert_eq!(error.response_code.value(), "452");
        assert_eq!(error.response_description.as_deref(), Some("no such event"));
        assert_eq!(error.request_id, "r1");
        assert!(!error.is_ok());
    }

    #[test]
    fn rule_42_leaves_the_outer_request_id_empty() {
        let event = QualifiedEventID::new("e1", 3);
        let answer = EventResponse::new(event, OptType::OptIn, Code::Ok, "r1");
        let created = OadrCreatedEvent::answering("ven", vec![answer]);
        assert_eq!(created.ei_created_event.ei_response.request_id, "");
        assert_eq!(created.answers()[0].request_id, "r1");
    }

    #[test]
    fn rule_25_does_not_read_answers_under_an_outer_error() {
        let event = QualifiedEventID::new("e1", 3);
        let answer = EventResponse::new(event, OptType::OptIn, Code::Ok, "r1");
        let mut created = OadrCreatedEvent::answering("ven", vec![answer]);
        created.ei_created_event.ei_response = EiResponse::error(Code::InvalidId, "", "r1");
        assert!(created.answers().is_empty());
    }
}
