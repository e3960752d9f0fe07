//! EI 1.0 of the VTN in miniature: who may speak, and what is said. One file a service.

mod delivery;
mod quote;
mod tender;
mod transaction;

use std::collections::BTreeMap;

use jiff::Timestamp;
use oadr_schemas::ei::Message;
use oadr_schemas::ei::ei::{ArrayofResponses, EiResponse, EiTender, RefID};
use oadr_schemas::ei::pyld::{
    EiCanceledTender, EiCreatedDelivery, EiCreatedTender, EiCreatedTransaction, EiReplyTender,
    EiReplyTransaction,
};
use oadr_schemas::emix::Product;
use oadr_schemas::exchange::ei_table;
use oadr_schemas::openadr::Code;
use oadr_schemas::xml::{self, Limits};
use rust_decimal::Decimal;
use serde_json::Value;

use super::State;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[&[Fault]] =
    &[tender::FAULTS, quote::FAULTS, transaction::FAULTS, delivery::FAULTS];

/// The trading floor.
#[derive(Default)]
pub struct Floor {
    tenders: Vec<Standing>,
    transactions: Vec<Made>,
    quotes: Vec<quote::Quoted>,
    /// Wh by party and start of the hour.
    meters: BTreeMap<(String, Timestamp), Decimal>,
    /// What was answered to a requestID of a party.
    answered: BTreeMap<(String, String), Message>,
}

/// A tender.
#[derive(Clone)]
struct Standing {
    owner: String,
    counter_party: String,
    tender: EiTender,
    product: Product,
    left_wh: Decimal,
    cancelled: bool,
}

/// A transaction.
#[derive(Clone)]
struct Made {
    id: String,
    tender: Option<String>,
    buyer: String,
    seller: String,
    /// Seen from the buyer.
    product: Product,
}

impl Standing {
    fn is_open(&self, now: Timestamp) -> bool {
        !self.cancelled
            && self.left_wh > Decimal::ZERO
            && self.product.head.expires.is_none_or(|at| at > now)
    }
}

/// Answers a document posted to a service of EI 1.0.
///
/// # Errors
/// The HTTP status, if it is no valid document or comes to the wrong place.
pub fn answer(
    state: &mut State,
    service: &str,
    document: &[u8],
    thumbprint: &str,
) -> Result<String, u16> {
    let message: Message =
        xml::decode_any(document, &Limits::reports()).map_err(|_| {
            match state.faults.has("takes-malformed") {
                true => 200_u16,
                false => 406,
            }
        })?;
    let row = ei_table::pairing_of(&message).ok_or(404_u16)?;
    if row.service.name() != service && !state.faults.has("any-service") {
        return Err(404);
    }
    let registration = state.parties.by_print.get(thumbprint).and_then(|p| p.registration.clone());
    let reply = match registration {
        None if state.faults.has("trades-with-strangers") => dispatch(state, "stranger", &message)?,
        None => refuse(&message, Code::NotRegistered, "not registered").ok_or(404_u16)?,
        Some(own) => {
            let request_id = message.request_id().unwrap_or_default().to_owned();
            let key = (own.ven_id.clone(), request_id);
            match state.floor.answered.get(&key) {
                Some(known) if !state.faults.has("forgets-requests") => known.clone(),
                _ => {
                    let reply = dispatch(state, &own.ven_id, &message)?;
                    state.floor.answered.insert(key, reply.clone());
                    reply
                }
            }
        }
    };
    Ok(xml::encode_any(&reply))
}

fn dispatch(state: &mut State, me: &str, message: &Message) -> Result<Message, u16> {
    Ok(match message {
        Message::EiCreateTender(m) => tender::create(state, me, m).into(),
        Message::EiRequestTender(m) => tender::request(state, me, m).into(),
        Message::EiCancelTender(m) => tender::cancel(state, me, m).into(),
        Message::EiCreateTransaction(m) => transaction::create(state, me, m).into(),
        Message::EiRequestTransaction(m) => transaction::request(state, me, m).into(),
        Message::EiCreateQuote(m) => quote::create(state, me, m).into(),
        Message::EiRequestQuote(m) => quote::request(state, me, m).into(),
        Message::EiCancelQuote(m) => quote::cancel(state, me, m).into(),
        Message::EiCreateDelivery(m) => delivery::create(state, me, m).into(),
        _ => return Err(404),
    })
}

/// The operator's question `meter`: the clock hour in it is read.
pub fn meter(state: &mut State, question: &Value) {
    let party = question["party_id"].as_str().unwrap_or_default().to_owned();
    let from = question["from"].as_str().and_then(|text| text.parse().ok());
    let wh = question["wh"].as_i64().unwrap_or(0).into();
    if let Some(from) = from {
        state.floor.meters.insert((party, from), wh);
    }
}

fn refuse(request: &Message, code: Code, why: &str) -> Option<Message> {
    let said = |id: &str| EiResponse::error(code, why, RefID::of(id));
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

/// Why a thing was not done.
type Refusal = (Code, &'static str);

/// What became of each thing in a request.
struct Results<'a>(Vec<(&'a str, Result<(), Refusal>)>);

impl<'a> Results<'a> {
    /// 200 as soon as one went well.
    fn overall(&self, request_id: &str) -> EiResponse {
        let reference = RefID::of(request_id);
        match self.0.iter().find_map(|(_, result)| result.err()) {
            Some((code, why)) if self.0.iter().all(|(_, result)| result.is_err()) => {
                EiResponse::error(code, why, reference)
            }
            _ => EiResponse::ok(reference),
        }
    }

    fn items(&self, reference: fn(String) -> RefID) -> ArrayofResponses {
        let item = |(id, result): &(&str, Result<(), Refusal>)| match result {
            Ok(()) => EiResponse::ok(reference((*id).to_owned())),
            Err((code, why)) => EiResponse::error(*code, *why, reference((*id).to_owned())),
        };
        ArrayofResponses { response: self.0.iter().map(item).collect() }
    }

    fn good(&self) -> Vec<String> {
        let good = self.0.iter().filter(|(_, result)| result.is_ok());
        good.map(|(id, _)| (*id).to_owned()).collect()
    }
}
