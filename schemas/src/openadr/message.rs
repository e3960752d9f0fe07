//! Where each payload carries its requestID, venID and eiResponse.
//! OpenADR 2.0b Profile, rules 33, 42, 508; schema of the payloads.

use super::Message;
use super::ei::EiResponse;

impl Message {
    /// The requestID: a request's own, an answer's that of its eiResponse. Empty where
    /// rules 42, 207 and 303 let it be; `None` for oadrPoll and oadrRequestReregistration,
    /// which have none.
    pub fn request_id(&self) -> Option<&str> {
        let own = match self {
            Self::OadrDistributeEvent(m) => &m.request_id,
            Self::OadrRequestEvent(m) => &m.ei_request_event.request_id,
            Self::OadrCreateOpt(m) => &m.request_id,
            Self::OadrCancelOpt(m) => &m.request_id,
            Self::OadrRegisterReport(m) => &m.request_id,
            Self::OadrCreateReport(m) => &m.request_id,
            Self::OadrUpdateReport(m) => &m.request_id,
            Self::OadrCancelReport(m) => &m.request_id,
            Self::OadrQueryRegistration(m) => &m.request_id,
            Self::OadrCreatePartyRegistration(m) => &m.request_id,
            Self::OadrCancelPartyRegistration(m) => &m.request_id,
            answer => &answer.response()?.request_id,
        };
        Some(own)
    }

    /// The venID, if the payload has one. It names the sender where a VEN sends, the
    /// recipient where the VTN does.
    pub fn ven_id(&self) -> Option<&str> {
        let optional = match self {
            Self::OadrPoll(m) => return Some(&m.ven_id),
            Self::OadrCreateOpt(m) => return Some(&m.ven_id),
            Self::OadrCancelOpt(m) => return Some(&m.ven_id),
            Self::OadrRequestReregistration(m) => return Some(&m.ven_id),
            Self::OadrRequestEvent(m) => return Some(&m.ei_request_event.ven_id),
            Self::OadrCreatedEvent(m) => return Some(&m.ei_created_event.ven_id),
            Self::OadrResponse(m) => &m.ven_id,
            Self::OadrCreatePartyRegistration(m) => &m.ven_id,
            Self::OadrCreatedPartyRegistration(m) => &m.ven_id,
            Self::OadrCancelPartyRegistration(m) => &m.ven_id,
            Self::OadrCanceledPartyRegistration(m) => &m.ven_id,
            Self::OadrRegisterReport(m) => &m.ven_id,
            Self::OadrRegisteredReport(m) => &m.ven_id,
            Self::OadrCreateReport(m) => &m.ven_id,
            Self::OadrCreatedReport(m) => &m.ven_id,
            Self::OadrUpdateReport(m) => &m.ven_id,
            Self::OadrUpdatedReport(m) => &m.ven_id,
            Self::OadrCancelReport(m) => &m.ven_id,
            Self::OadrCanceledReport(m) => &m.ven_id,
            Self::OadrDistributeEvent(_)
            | Self::OadrCreatedOpt(_)
            | Self::OadrCanceledOpt(_)
            | Self::OadrQueryRegistration(_) => return None,
        };
        optional.as_deref()
    }

    /// The eiResponse of an answer; of oadrDistributeEvent only where it is one (rule 40).
    pub fn response(&self) -> Option<&EiResponse> {
        match self {
            Self::OadrDistributeEvent(m) => m.ei_response.as_ref(),
            Self::OadrCreatedEvent(m) => Some(&m.ei_created_event.ei_response),
            Self::OadrResponse(m) => Some(&m.ei_response),
            Self::OadrCreatedOpt(m) => Some(&m.ei_response),
            Self::OadrCanceledOpt(m) => Some(&m.ei_response),
            Self::OadrRegisteredReport(m) => Some(&m.ei_response),
            Self::OadrCreatedReport(m) => Some(&m.ei_response),
            Self::OadrUpdatedReport(m) => Some(&m.ei_response),
            Self::OadrCanceledReport(m) => Some(&m.ei_response),
            Self::OadrCreatedPartyRegistration(m) => Some(&m.ei_response),
            Self::OadrCanceledPartyRegistration(m) => Some(&m.ei_response),
            Self::OadrRequestEvent(_)
            | Self::OadrCancelOpt(_)
            | Self::OadrCreateOpt(_)
            | Self::OadrCancelReport(_)
            | Self::OadrCreateReport(_)
            | Self::OadrRegisterReport(_)
            | Self::OadrUpdateReport(_)
            | Self::OadrCancelPartyRegistration(_)
            | Self::OadrCreatePartyRegistration(_)
            | Self::OadrRequestReregistration(_)
            | Self::OadrQueryRegistration(_)
            | Self::OadrPoll(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openadr::oadr::{OadrPoll, OadrResponse};

    #[test]
    fn a_poll_names_its_ven_and_has_no_request_id() {
        let poll: Message = OadrPoll { schema_version: None, ven_id: "v1".into() }.into();
        assert_eq!((poll.ven_id(), poll.request_id()), (Some("v1"), None));
        assert!(poll.response().is_none());
    }

    #[test]
    fn an_answer_has_the_request_id_of_its_response() {
        let answer: Message = OadrResponse::ok("r7").with_ven_id("v1").into();
        assert_eq!((answer.ven_id(), answer.request_id()), (Some("v1"), Some("r7")));
        assert!(answer.response().is_some_and(EiResponse::is_ok));
    }
}
