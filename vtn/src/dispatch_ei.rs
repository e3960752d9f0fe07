//! One line per message of EI 1.0, and the reply that carries an error.
//!
//! Served: EiTender (create, request, cancel), EiTransaction (create, request), EiDelivery
//! (create). eiDistributeTender and the other services, EiQuote, EiEnroll, EiAvail and
//! EiMarketContext among them, are answered with HTTP 404.

use oadr_schemas::ei::Message;
use oadr_schemas::ei::ei::ArrayofResponses;
use oadr_schemas::ei::pyld::{
    EiCanceledTender, EiCreatedDelivery, EiCreatedTender, EiCreatedTransaction, EiReplyTender,
    EiReplyTransaction,
};
use oadr_schemas::exchange::{Service, ei_table};

use crate::context::Context;
use crate::error::{Error, Told};
use crate::service::{delivery, tender, transaction};
use crate::trade::code::{Fault, overall};

/// Hands an EI 1.0 message to its handler. The party is registered; that what the message says
/// of parties agrees with it is the handler's to check.
///
/// # Errors
/// [`Error::NotServed`] (404) for a payload that is not served, or not at this address; as the
/// handler.
pub(crate) async fn dispatch_ei(
    cx: &Context<'_>,
    service: Service,
    message: &Message,
) -> Result<Message, Error> {
    if ei_table::pairing_of(message).is_none_or(|row| row.service != service) {
        return Err(Error::NotServed);
    }
    Ok(match message {
        Message::EiCreateTender(m) => tender::create_tender(cx, m).await?.into(),
        Message::EiRequestTender(m) => tender::request_tender(cx, m)?.into(),
        Message::EiCancelTender(m) => tender::cancel_tender(cx, m).await?.into(),

        Message::EiCreateTransaction(m) => transaction::create_transaction(cx, m).await?.into(),
        Message::EiRequestTransaction(m) => transaction::request_transaction(cx, m)?.into(),

        Message::EiCreateDelivery(m) => delivery::create_delivery(cx, m).await?.into(),

        _ => return Err(Error::NotServed),
    })
}

/// The payload that would normally answer, carrying the error's code: 463 for a party that is
/// not registered. None where the error is told by an HTTP status, or the request is not served.
pub(crate) fn refuse_ei(request: &Message, error: &Error) -> Option<Message> {
    let Told::Code(code) = error.told() else { return None };
    let fault = Fault::new(code, error.description());
    reply(request, &fault)
}

fn reply(request: &Message, fault: &Fault) -> Option<Message> {
    let said = |request_id: &str| overall(request_id, Err(fault));
    Some(match request {
        Message::EiCreateTender(m) => EiCreatedTender {
            ei_response: said(&m.request_id),
            responses: ArrayofResponses::default(),
            party_id: m.party_id.clone(),
            counter_party_id: Some(m.counter_party_id.clone()),
            tender_id: Vec::new(),
        }
        .into(),
        Message::EiRequestTender(m) => EiReplyTender {
            ei_response: said(&m.request_id),
            responses: None,
            ei_tender: Vec::new(),
        }
        .into(),
        Message::EiCancelTender(m) => EiCanceledTender {
            ei_response: said(&m.request_id),
            responses: None,
            party_id: m.party_id.clone(),
            counter_party_id: m.counter_party_id.clone(),
        }
        .into(),
        Message::EiCreateTransaction(m) => EiCreatedTransaction {
            counter_party_id: m.counter_party_id.clone(),
            party_id: m.party_id.clone(),
            ei_response: said(&m.request_id),
            responses: None,
            transaction_id: Vec::new(),
        }
        .into(),
        Message::EiRequestTransaction(m) => EiReplyTransaction {
            ei_response: said(&m.request_id),
            responses: None,
            ei_transaction: Vec::new(),
        }
        .into(),
        Message::EiCreateDelivery(m) => EiCreatedDelivery {
            ei_response: said(&m.request_id),
            responses: None,
            ei_delivery: Vec::new(),
        }
        .into(),
        _ => return None,
    })
}
