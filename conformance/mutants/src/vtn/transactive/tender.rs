//! EiTender of the VTN in miniature. EI 1.0 EiTender.

use oadr_schemas::ei::ei::{EiResponse, EiTender, RefID};
use oadr_schemas::ei::pyld::{
    EiCancelTender, EiCanceledTender, EiCreateTender, EiCreatedTender, EiReplyTender,
    EiRequestTender,
};
use oadr_schemas::emix::{Side, TransactiveState};
use oadr_schemas::openadr::Code;
use rust_decimal::Decimal;

use super::{Made, Refusal, Results, Standing, State};
use crate::fault::Fault;
use crate::vtn::VTN_ID;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("lists-no-tender", "ei-tender-create", "no tenderID is listed"),
    Fault::inside("halves-tenders", "ei-tender-create", "tenders are shown with half their energy"),
    Fault::inside("hides-tenders", "ei-tender-create", "the counterparty does not see the tender"),
    Fault::inside("tender-overwritten", "ei-tender-again", "a tenderID in use is overwritten"),
    Fault::inside(
        "forgets-requests",
        "ei-tender-again",
        "the same request is refused the second time",
    ),
    Fault::inside("takes-expired", "ei-tender-partial", "a tender that has expired is taken"),
    Fault::inside(
        "no-responses",
        "ei-tender-partial",
        "responses is empty although an item failed",
    ),
    Fault::inside("anybody-cancels", "ei-tender-cancel", "somebody else can cancel a tender"),
    Fault::inside("cancels-nothing", "ei-tender-cancel", "a cancelled tender stays open"),
    Fault::inside("cancels-unknown", "ei-tender-cancel", "an unknown tender is cancelled with 200"),
    Fault::inside("never-expires", "ei-tender-expire", "tenders outlive their expirationDate"),
    Fault::inside("shows-all", "ei-tender-privacy", "everybody sees every tender"),
    Fault::inside("any-name", "ei-tender-foreign-party", "a tender in another's name is taken"),
    Fault::inside(
        "trades-with-strangers",
        "ei-tender-foreign-party",
        "an unregistered party may trade",
    ),
    Fault::inside(
        "any-state",
        "ei-tender-foreign-party",
        "a tender in the state of a transaction is taken",
    ),
    Fault::inside("takes-malformed", "ei-tender-malformed", "an invalid payload gets HTTP 200"),
    Fault::inside("any-service", "ei-tender-malformed", "a tender is taken at EiDelivery"),
];

/// eiCreateTender.
pub fn create(state: &mut State, me: &str, m: &EiCreateTender) -> EiCreatedTender {
    let mut results = Results(Vec::new());
    for tender in &m.ei_tender {
        let result = place(state, me, m, tender);
        results.0.push((&tender.tender_id, result));
    }
    let failed = results.0.iter().any(|(_, result)| result.is_err());
    let mut created = EiCreatedTender {
        ei_response: results.overall(&m.request_id),
        responses: results.items(RefID::TenderID),
        party_id: m.party_id.clone(),
        counter_party_id: Some(m.counter_party_id.clone()),
        tender_id: results.good(),
    };
    if !failed || state.faults.has("no-responses") {
        created.responses.response.clear();
    }
    if state.faults.has("lists-no-tender") {
        created.tender_id.clear();
    }
    created
}

fn place(
    state: &mut State,
    me: &str,
    m: &EiCreateTender,
    tender: &EiTender,
) -> Result<(), Refusal> {
    if m.party_id != me
        && !state.faults.has("any-name")
        && !state.faults.has("trades-with-strangers")
    {
        return Err((Code::InvalidId, "partyID is not one's own"));
    }
    let product = tender.product().map_err(|_| (Code::InvalidData, "no firm quantity"))?;
    if product.head.state != TransactiveState::Tender && !state.faults.has("any-state") {
        return Err((Code::InvalidData, "its state is not tender"));
    }
    let late = product.head.expires.is_some_and(|at| at <= state.now);
    if late && !state.faults.has("takes-expired") {
        return Err((Code::NotAllowed, "it has expired"));
    }
    let twice = state
        .floor
        .tenders
        .iter()
        .any(|one| one.owner == m.party_id && one.tender.tender_id == tender.tender_id);
    if twice && !state.faults.has("tender-overwritten") {
        return Err((Code::InvalidId, "the tenderID is in use"));
    }
    state.floor.tenders.retain(|one| one.tender.tender_id != tender.tender_id);
    let left_wh = product.watt_hours().unwrap_or_default();
    state.floor.tenders.push(Standing {
        owner: m.party_id.clone(),
        counter_party: m.counter_party_id.clone(),
        tender: tender.clone(),
        product,
        left_wh,
        cancelled: late,
    });
    if m.counter_party_id == VTN_ID {
        cross(state);
    }
    Ok(())
}

/// The market: the first open pair that crosses trades at the buyer's limit, or (faulty) above it.
fn cross(state: &mut State) {
    let (now, floor) = (state.now, &mut state.floor);
    let open = |one: &Standing, side: Side| {
        one.counter_party == VTN_ID && one.is_open(now) && one.product.head.side == side
    };
    let buy = floor.tenders.iter().position(|one| open(one, Side::Buy));
    let sell = floor.tenders.iter().position(|one| open(one, Side::Sell));
    let (Some(buy), Some(sell)) = (buy, sell) else { return };
    let (buyer, seller) = (floor.tenders[buy].clone(), floor.tenders[sell].clone());
    if buyer.product.price < seller.product.price {
        return;
    }
    let mut product = buyer.product.clone();
    product.head.state = TransactiveState::Transaction;
    if state.faults.has("beyond-the-limit") {
        product.price += Decimal::ONE;
    }
    floor.tenders[buy].left_wh = Decimal::ZERO;
    floor.tenders[sell].left_wh = Decimal::ZERO;
    if !state.faults.has("never-matches") {
        let id = format!("market-{}", floor.transactions.len());
        let (buyer, seller) = (buyer.owner, seller.owner);
        floor.transactions.push(Made { id, tender: None, buyer, seller, product });
    }
}

/// eiRequestTender: without tenderIDs those open, with them those named.
pub fn request(state: &mut State, me: &str, m: &EiRequestTender) -> EiReplyTender {
    let mut reply = EiReplyTender {
        ei_response: EiResponse::ok(RefID::of(&m.request_id)),
        responses: None,
        ei_tender: Vec::new(),
    };
    if m.requestor_party_id != me {
        let id = RefID::of(&m.request_id);
        reply.ei_response = EiResponse::error(Code::InvalidId, "not one's own name", id);
        return reply;
    }
    let faults = state.faults;
    for one in &state.floor.tenders {
        let concerned = one.owner == me || one.counter_party == me && !faults.has("hides-tenders");
        let chosen = match m.tender_id.is_empty() {
            true => {
                one.is_open(state.now)
                    || faults.has("never-expires") && !one.cancelled && one.left_wh > Decimal::ZERO
            }
            false => m.tender_id.contains(&one.tender.tender_id),
        };
        if chosen && (concerned || faults.has("shows-all")) {
            reply.ei_tender.push(shown(one, faults.has("halves-tenders")));
        }
    }
    reply
}

fn shown(one: &Standing, halved: bool) -> EiTender {
    if !halved {
        return one.tender.clone();
    }
    let mut product = one.product.clone();
    product.quantity.value /= Decimal::TWO;
    EiTender::new(one.tender.tender_id.clone(), &product).unwrap_or_else(|_| one.tender.clone())
}

/// eiCancelTender.
pub fn cancel(state: &mut State, me: &str, m: &EiCancelTender) -> EiCanceledTender {
    let (now, faults) = (state.now, state.faults);
    let mut results = Results(Vec::new());
    for id in &m.tender_id {
        let anybody = faults.has("anybody-cancels");
        let found = state
            .floor
            .tenders
            .iter_mut()
            .find(|one| one.tender.tender_id == *id && (one.owner == me || anybody));
        let result = match found {
            Some(one) if one.is_open(now) => {
                one.cancelled = !faults.has("cancels-nothing");
                Ok(())
            }
            Some(_) => Err((Code::NotAllowed, "it is open no more")),
            None if faults.has("cancels-unknown") => Ok(()),
            None => Err((Code::InvalidId, "tenderID unknown")),
        };
        results.0.push((id, result));
    }
    EiCanceledTender {
        ei_response: results.overall(&m.request_id),
        responses: Some(results.items(RefID::TenderID)),
        party_id: m.party_id.clone(),
        counter_party_id: m.counter_party_id.clone(),
    }
}
