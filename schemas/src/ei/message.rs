//! Where each EI 1.0 payload carries its requestID or the one it answers.
//! EI 1.0, EiPayloads.

use super::Message;
use super::ei::EiResponse;

macro_rules! payloads {
    (requests $($request:ident)+; answers $($answer:ident)+; bare $($bare:ident)+;) => {
        impl Message {
            /// The requestID: a request's own, an answer's the one it refers to; `None`
            /// for the few requests that have none.
            pub fn request_id(&self) -> Option<&str> {
                match self {
                    $(Self::$request(m) => Some(&m.request_id),)+
                    answer => answer.response().map(|response| response.ref_id.text()),
                }
            }

            /// The eiResponse of an answer; the first where there are several.
            pub fn response(&self) -> Option<&EiResponse> {
                match self {
                    $(Self::$answer(m) => Some(&m.ei_response),)+
                    Self::EiCanceledPartyRegistration(m) => m.ei_response.first(),
                    $(Self::$request(_) => None,)+
                    $(Self::$bare(_) => None,)+
                }
            }

            /// The payload's element name, such as `eiCreateTender`.
            pub fn name(&self) -> &'static str {
                use crate::xml::Root;
                match self {
                    $(Self::$request(_) => super::pyld::$request::NAME.1,)+
                    $(Self::$answer(_) => super::pyld::$answer::NAME.1,)+
                    $(Self::$bare(_) => super::pyld::$bare::NAME.1,)+
                    Self::EiCanceledPartyRegistration(_) => {
                        super::pyld::EiCanceledPartyRegistration::NAME.1
                    }
                }
            }
        }
    };
}

payloads! {
    requests
    EiCancelEnroll EiCancelEvent EiCancelPartyRegistration EiCancelQuote EiCancelReport
    EiCancelTender EiChangeEvent EiCreateDelivery EiCreateEnroll EiCreateEvent
    EiCreateHistorian EiCreatePartyRegistration EiCreateProjection EiCreateQuote EiCreateReport
    EiCreateTender EiCreateTransaction EiDistributeEvent EiDistributeQuote EiDistributeTender
    EiRequestAvail EiRequestEiMarketContext EiRequestEnroll EiRequestEvent EiRequestHistorian
    EiRequestOpt EiRequestPartyRegistration EiRequestPendingEvent EiRequestQuote
    EiRequestReport EiRequestTender EiRequestTransaction EiUpdateReport;
    answers
    EiCanceledAvail EiCanceledEnroll EiCanceledHistorian EiCanceledOpt EiCanceledQuote
    EiCanceledReport EiCanceledTender EiChangedEvent EiCreatedAvail EiCreatedDelivery
    EiCreatedEnroll EiCreatedEvent EiCreatedHistorian EiCreatedOpt EiCreatedPartyRegistration
    EiCreatedProjection EiCreatedQuote EiCreatedReport EiCreatedTender EiCreatedTransaction
    EiReplyAvail EiReplyEiMarketContext EiReplyEnroll EiReplyEvent EiReplyHistorian EiReplyOpt
    EiReplyPartyRegistration EiReplyPendingEvent EiReplyQuote EiReplyReport EiReplyTender
    EiReplyTransaction EiUpdatedReport;
    bare
    EiCancelAvail EiCancelHistorian EiCancelOpt EiCanceledEvent EiCreateAvail EiCreateOpt;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ei::ei::RefID;
    use crate::ei::pyld::{EiCancelTender, EiReplyTender};
    use crate::openadr::Code;

    #[test]
    fn a_request_has_its_own_id_and_an_answer_that_of_the_request() {
        let cancel: Message = Message::EiCancelTender(EiCancelTender {
            request_id: "r1".into(),
            party_id: "p".into(),
            counter_party_id: None,
            tender_id: vec!["t".into()],
        });
        assert_eq!((cancel.request_id(), cancel.name()), (Some("r1"), "eiCancelTender"));
        assert!(cancel.response().is_none());
        let reply = Message::EiReplyTender(EiReplyTender {
            ei_response: EiResponse::error(Code::InvalidId, "unknown", RefID::of("r1")),
            responses: None,
            ei_tender: vec![],
        });
        assert_eq!(reply.request_id(), Some("r1"));
        assert!(reply.response().is_some_and(|response| !response.is_ok()));
    }
}
