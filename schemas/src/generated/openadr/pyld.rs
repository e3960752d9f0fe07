// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `pyld`: the types of its namespace.

use super::{ei};
use crate::xml::macros::{record, roots};
use crate::xml::{EI, PYLD};

record! {
    /// `pyld:EiCreatedEvent`.
    EiCreatedEvent {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        event_responses: Option<ei::EventResponses> = opt(EI, "eventResponses"),
        ven_id: String = one(EI, "venID"),
    }
    /// `pyld:EiRequestEvent`.
    EiRequestEvent {
        request_id: String = one(PYLD, "requestID"),
        ven_id: String = one(EI, "venID"),
        reply_limit: Option<u32> = opt(PYLD, "replyLimit"),
    }
}

roots! {
    EiCreatedEvent = PYLD, "eiCreatedEvent";
    EiRequestEvent = PYLD, "eiRequestEvent";
}
