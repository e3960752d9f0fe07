//! Which request gets which reply, through which service, and who may send it.
//!
//! One table a family. From it come the types a client needs (a wrong pairing does
//! not compile) and the facts a server needs (a payload in the wrong direction or at
//! the wrong service is told by number). OpenADR 2.0b Profile, sections 8.1 to 8.6,
//! rules 23 and 401; EI 1.0, operations of the transactive and enrolment services.

use crate::openadr;

/// A service: the last step of the path a request is posted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Service {
    EiRegisterParty,
    EiEvent,
    EiReport,
    EiOpt,
    OadrPoll,
    EiTender,
    EiQuote,
    EiTransaction,
    EiDelivery,
    EiEnroll,
    EiAvail,
    EiMarketContext,
}

impl Service {
    /// Every service of either family.
    pub const ALL: [Self; 12] = [
        Self::EiRegisterParty,
        Self::EiEvent,
        Self::EiReport,
        Self::EiOpt,
        Self::OadrPoll,
        Self::EiTender,
        Self::EiQuote,
        Self::EiTransaction,
        Self::EiDelivery,
        Self::EiEnroll,
        Self::EiAvail,
        Self::EiMarketContext,
    ];

    /// Its name on the wire, letter for letter.
    pub fn name(self) -> &'static str {
        match self {
            Self::EiRegisterParty => "EiRegisterParty",
            Self::EiEvent => "EiEvent",
            Self::EiReport => "EiReport",
            Self::EiOpt => "EiOpt",
            Self::OadrPoll => "OadrPoll",
            Self::EiTender => "EiTender",
            Self::EiQuote => "EiQuote",
            Self::EiTransaction => "EiTransaction",
            Self::EiDelivery => "EiDelivery",
            Self::EiEnroll => "EiEnroll",
            Self::EiAvail => "EiAvail",
            Self::EiMarketContext => "EiMarketContext",
        }
    }

    /// The service of that name; letters count (OpenADR 2.0b rule 511).
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }
}

/// Who may send a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A VEN, or an EI party, to a VTN.
    Ven,
    /// A VTN to a VEN.
    Vtn,
    /// Either to the other.
    Either,
}

/// One row of the table: element names, service and direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pairing {
    /// The request's element name.
    pub request: &'static str,
    /// The reply's element name; `None` for an empty body, `*` for any payload that
    /// a poll may fetch.
    pub reply: Option<&'static str>,
    /// Where it is posted.
    pub service: Service,
    /// Who may post it.
    pub sender: Sender,
}

/// A payload that can be sent as a request.
pub trait Request: Into<Self::Message> {
    /// The family's enum of all messages.
    type Message;
    /// What comes back when all is well.
    type Reply: Reply<Self::Message>;
    /// The row of the table.
    const PAIRING: Pairing;
}

/// What a request's sender reads from the reply's body.
pub trait Reply<M>: Sized {
    /// The reply, from the body's message (`None`: the body was empty).
    ///
    /// # Errors
    /// The message back, if it is another payload than the pairing says.
    fn from_body(body: Option<M>) -> Result<Self, Option<M>>;
}

impl<M> Reply<M> for () {
    fn from_body(body: Option<M>) -> Result<Self, Option<M>> {
        if body.is_none() { Ok(()) } else { Err(body) }
    }
}

/// A poll fetches any payload.
impl Reply<Self> for openadr::Message {
    fn from_body(body: Option<Self>) -> Result<Self, Option<Self>> {
        body.ok_or(None)
    }
}

macro_rules! replies {
    ($($name:ident)+) => { $(
        impl Reply<Message> for $name {
            fn from_body(body: Option<Message>) -> Result<Self, Option<Message>> {
                match body {
                    Some(Message::$name(reply)) => Ok(reply),
                    other => Err(other),
                }
            }
        }
    )+ };
}

macro_rules! pairings {
    ($($request:ident -> $reply:tt, $service:ident, $sender:ident;)+) => {
        $(impl Request for $request {
            type Message = Message;
            type Reply = pairings!(@type $reply);
            const PAIRING: Pairing = Pairing {
                request: <$request as crate::xml::Root>::NAME.1,
                reply: pairings!(@name $reply),
                service: Service::$service,
                sender: Sender::$sender,
            };
        })+

        /// Every request of the family.
        pub const PAIRINGS: &[Pairing] = &[$(<$request as Request>::PAIRING),+];

        /// The row of the table for a message; `None` if it only ever is a reply.
        pub fn pairing_of(message: &Message) -> Option<Pairing> {
            match message {
                $(Message::$request(_) => Some(<$request as Request>::PAIRING),)+
                #[allow(unreachable_patterns)]
                _ => None,
            }
        }
    };
    (@type ()) => { () };
    (@type *) => { Message };
    (@type $reply:ident) => { $reply };
    (@name ()) => { None };
    (@name *) => { Some("*") };
    (@name $reply:ident) => { Some(<$reply as crate::xml::Root>::NAME.1) };
}

/// OpenADR 2.0b: all 23 payloads but the three that are only ever replies.
pub mod openadr_table {
    use super::*;
    use crate::openadr::Message;
    use crate::openadr::oadr::*;

    pairings! {
        OadrQueryRegistration -> OadrCreatedPartyRegistration, EiRegisterParty, Ven;
        OadrCreatePartyRegistration -> OadrCreatedPartyRegistration, EiRegisterParty, Ven;
        OadrCancelPartyRegistration -> OadrCanceledPartyRegistration, EiRegisterParty, Either;
        OadrRequestReregistration -> OadrResponse, EiRegisterParty, Vtn;
        OadrRequestEvent -> OadrDistributeEvent, EiEvent, Ven;
        OadrDistributeEvent -> (), EiEvent, Vtn;
        OadrCreatedEvent -> OadrResponse, EiEvent, Ven;
        OadrRegisterReport -> OadrRegisteredReport, EiReport, Either;
        OadrCreateReport -> OadrCreatedReport, EiReport, Either;
        OadrUpdateReport -> OadrUpdatedReport, EiReport, Either;
        OadrCancelReport -> OadrCanceledReport, EiReport, Either;
        OadrCreateOpt -> OadrCreatedOpt, EiOpt, Ven;
        OadrCancelOpt -> OadrCanceledOpt, EiOpt, Ven;
        OadrPoll -> *, OadrPoll, Ven;
        // Late answers: what a VEN posts to answer a payload that a poll fetched, and
        // oadrCreatedReport after a piggybacked request in either direction.
        OadrCanceledPartyRegistration -> OadrResponse, EiRegisterParty, Ven;
        OadrResponse -> OadrResponse, EiRegisterParty, Ven;
        OadrRegisteredReport -> OadrResponse, EiReport, Ven;
        OadrCreatedReport -> OadrResponse, EiReport, Either;
        OadrUpdatedReport -> OadrResponse, EiReport, Ven;
        OadrCanceledReport -> OadrResponse, EiReport, Ven;
    }

    replies! {
        OadrCreatedPartyRegistration OadrCanceledPartyRegistration OadrResponse OadrDistributeEvent
        OadrRegisteredReport OadrCreatedReport OadrUpdatedReport OadrCanceledReport
        OadrCreatedOpt OadrCanceledOpt
    }
}

/// EI 1.0: every operation, by service.
pub mod ei_table {
    use super::*;
    use crate::ei::pyld::*;

    pairings! {
        EiCreateTender -> EiCreatedTender, EiTender, Either;
        EiRequestTender -> EiReplyTender, EiTender, Either;
        EiCancelTender -> EiCanceledTender, EiTender, Either;
        EiDistributeTender -> (), EiTender, Either;
        EiCreateQuote -> EiCreatedQuote, EiQuote, Either;
        EiRequestQuote -> EiReplyQuote, EiQuote, Either;
        EiCancelQuote -> EiCanceledQuote, EiQuote, Either;
        EiDistributeQuote -> (), EiQuote, Either;
        EiCreateTransaction -> EiCreatedTransaction, EiTransaction, Either;
        EiRequestTransaction -> EiReplyTransaction, EiTransaction, Either;
        EiCreateDelivery -> EiCreatedDelivery, EiDelivery, Either;
        EiCreateEnroll -> EiCreatedEnroll, EiEnroll, Either;
        EiRequestEnroll -> EiReplyEnroll, EiEnroll, Either;
        EiCancelEnroll -> EiCanceledEnroll, EiEnroll, Either;
        EiRequestEiMarketContext -> EiReplyEiMarketContext, EiMarketContext, Either;
        EiCreatePartyRegistration -> EiCreatedPartyRegistration, EiRegisterParty, Either;
        EiRequestPartyRegistration -> EiReplyPartyRegistration, EiRegisterParty, Either;
        EiCancelPartyRegistration -> EiCanceledPartyRegistration, EiRegisterParty, Either;
        EiCreateEvent -> EiCreatedEvent, EiEvent, Either;
        EiChangeEvent -> EiChangedEvent, EiEvent, Either;
        EiCancelEvent -> EiCanceledEvent, EiEvent, Either;
        EiRequestEvent -> EiReplyEvent, EiEvent, Either;
        EiRequestPendingEvent -> EiReplyPendingEvent, EiEvent, Either;
        EiDistributeEvent -> (), EiEvent, Either;
        EiCreateReport -> EiCreatedReport, EiReport, Either;
        EiRequestReport -> EiReplyReport, EiReport, Either;
        EiUpdateReport -> EiUpdatedReport, EiReport, Either;
        EiCancelReport -> EiCanceledReport, EiReport, Either;
        EiCreateHistorian -> EiCreatedHistorian, EiReport, Either;
        EiRequestHistorian -> EiReplyHistorian, EiReport, Either;
        EiCancelHistorian -> EiCanceledHistorian, EiReport, Either;
        EiCreateProjection -> EiCreatedProjection, EiReport, Either;
        EiCreateAvail -> EiCreatedAvail, EiAvail, Either;
        EiRequestAvail -> EiReplyAvail, EiAvail, Either;
        EiCancelAvail -> EiCanceledAvail, EiAvail, Either;
        EiCreateOpt -> EiCreatedOpt, EiOpt, Either;
        EiRequestOpt -> EiReplyOpt, EiOpt, Either;
        EiCancelOpt -> EiCanceledOpt, EiOpt, Either;
    }

    replies! {
        EiCreatedTender EiReplyTender EiCanceledTender EiCreatedQuote EiReplyQuote EiCanceledQuote
        EiCreatedTransaction EiReplyTransaction EiCreatedDelivery EiCreatedEnroll EiReplyEnroll
        EiCanceledEnroll EiReplyEiMarketContext EiCreatedPartyRegistration EiReplyPartyRegistration
        EiCanceledPartyRegistration EiCreatedEvent EiChangedEvent EiCanceledEvent EiReplyEvent
        EiReplyPendingEvent EiCreatedReport EiReplyReport EiUpdatedReport EiCanceledReport
        EiCreatedHistorian EiReplyHistorian EiCanceledHistorian EiCreatedProjection EiCreatedAvail
        EiReplyAvail EiCanceledAvail EiCreatedOpt EiReplyOpt EiCanceledOpt
    }

    macro_rules! into_message {
        ($($name:ident)+) => { $(
            impl From<$name> for Message {
                fn from(message: $name) -> Self {
                    Self::$name(message)
                }
            }
        )+ };
    }

    into_message! {
        EiCreateTender EiCreatedTender EiRequestTender EiReplyTender EiCancelTender EiCanceledTender
        EiDistributeTender EiCreateQuote EiCreatedQuote EiRequestQuote EiReplyQuote EiCancelQuote
        EiCanceledQuote EiDistributeQuote EiCreateTransaction EiCreatedTransaction
        EiRequestTransaction EiReplyTransaction EiCreateDelivery EiCreatedDelivery EiCreateEnroll
        EiCreatedEnroll EiRequestEnroll EiReplyEnroll EiCancelEnroll EiCanceledEnroll
        EiRequestEiMarketContext EiReplyEiMarketContext EiCreatePartyRegistration
        EiCreatedPartyRegistration EiRequestPartyRegistration EiReplyPartyRegistration
        EiCancelPartyRegistration EiCanceledPartyRegistration EiCreateEvent EiCreatedEvent
        EiChangeEvent EiChangedEvent EiCancelEvent EiCanceledEvent EiRequestEvent EiReplyEvent
        EiRequestPendingEvent EiReplyPendingEvent EiDistributeEvent EiCreateReport EiCreatedReport
        EiRequestReport EiReplyReport EiUpdateReport EiUpdatedReport EiCancelReport EiCanceledReport
        EiCreateHistorian EiCreatedHistorian EiRequestHistorian EiReplyHistorian EiCancelHistorian
        EiCanceledHistorian EiCreateProjection EiCreatedProjection EiCreateAvail EiCreatedAvail
        EiRequestAvail EiReplyAvail EiCancelAvail EiCanceledAvail EiCreateOpt EiCreatedOpt
        EiRequestOpt EiReplyOpt EiCancelOpt EiCanceledOpt
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn all_23_openadr_payloads_are_paired() {
        let rows = openadr_table::PAIRINGS;
        let mut names: BTreeSet<_> = rows.iter().map(|row| row.request).collect();
        names.extend(rows.iter().filter_map(|row| row.reply).filter(|name| *name != "*"));
        assert_eq!(names.len(), 23, "{names:?}");
    }

    #[test]
    fn every_ei_payload_is_paired_once() {
        let rows = ei_table::PAIRINGS;
        let requests: BTreeSet<_> = rows.iter().map(|row| row.request).collect();
        let replies: BTreeSet<_> = rows.iter().filter_map(|row| row.reply).collect();
        assert_eq!(requests.len(), rows.len());
        assert_eq!(requests.len() + replies.len(), 73);
    }

    #[test]
    fn service_names_are_matched_letter_for_letter() {
        assert_eq!(Service::named("OadrPoll"), Some(Service::OadrPoll));
        assert_eq!(Service::named("oadrPoll"), None);
    }

    #[test]
    fn a_reply_of_another_kind_is_handed_back() {
        let poll = openadr::oadr::OadrPoll { schema_version: None, ven_id: "v".into() };
        let body = Some(openadr::Message::from(poll));
        let wrong = openadr::oadr::OadrResponse::from_body(body.clone());
        assert_eq!(wrong, Err(body));
    }
}
