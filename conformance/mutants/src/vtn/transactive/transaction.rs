//! EiTransaction of the VTN in miniature. EI 1.0 EiTransaction.

use oadr_schemas::ei::ei::{EiResponse, EiTransaction, RefID};
use oadr_schemas::ei::pyld::{
    EiCreateTransaction, EiCreatedTransaction, EiReplyTransaction, EiRequestTransaction,
};
use oadr_schemas::emix::{Product, Side, TransactiveState};
use oadr_schemas::openadr::Code;

use super::{Made, Refusal, Results, State};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("tells-one-side", "ei-transaction-accept", "only the buyer has the transaction"),
    Fault::inside(
        "stays-tender",
        "ei-transaction-accept",
        "a transaction is in the state of a tender",
    ),
    Fault::inside("open-when-taken", "ei-transaction-accept", "a tender that was taken stays open"),
    Fault::inside("taken-twice", "ei-transaction-again", "a tender can be taken twice"),
    Fault::inside(
        "takes-parts",
        "ei-transaction-part",
        "a part of an integralOnly tender is taken",
    ),
    Fault::inside("takes-too-much", "ei-transaction-part", "more than is left can be taken"),
    Fault::inside("any-price", "ei-transaction-terms", "an acceptance at another price is taken"),
    Fault::inside("any-hour", "ei-transaction-terms", "an acceptance for another hour is taken"),
    Fault::inside("anybody-accepts", "ei-transaction-terms", "a third party can accept"),
    Fault::inside("never-matches", "ei-transaction-market", "tenders that cross come to nothing"),
    Fault::inside(
        "beyond-the-limit",
        "ei-transaction-market",
        "the price is above the buyer's limit",
    ),
];

/// eiCreateTransaction: accepting tenders.
pub fn create(state: &mut State, me: &str, m: &EiCreateTransaction) -> EiCreatedTransaction {
    let mut results = Results(Vec::new());
    for one in &m.ei_transaction {
        let result = accept(state, me, m, one);
        results.0.push((&one.transaction_id, result));
    }
    EiCreatedTransaction {
        counter_party_id: m.counter_party_id.clone(),
        party_id: m.party_id.clone(),
        ei_response: results.overall(&m.request_id),
        responses: Some(results.items(RefID::TransactionID)),
        transaction_id: results.good(),
    }
}

fn accept(
    state: &mut State,
    me: &str,
    m: &EiCreateTransaction,
    one: &EiTransaction,
) -> Result<(), Refusal> {
    let (now, faults) = (state.now, state.faults);
    let said = one.product().map_err(|_| (Code::InvalidData, "no firm quantity"))?;
    let wh = said.watt_hours().unwrap_or_default();
    let tender = state.floor.tenders.iter_mut().find(|tender| {
        tender.owner == m.counter_party_id
            && one.tender_id.as_deref() == Some(tender.tender.tender_id.as_str())
            && (tender.counter_party == me || faults.has("anybody-accepts"))
    });
    let tender = tender.ok_or((Code::InvalidId, "tenderID unknown"))?;
    let expired = tender.product.head.expires.is_some_and(|at| at <= now);
    let open = tender.is_open(now)
        || faults.has("taken-twice") && !tender.cancelled
        || faults.has("never-expires") && expired;
    if !open {
        return Err((Code::NotAllowed, "the tender is open no more"));
    }
    let offer = &tender.product;
    let sides = offer.head.side != said.head.side;
    let hours = offer.start == said.start || faults.has("any-hour");
    let prices = offer.price_per_kwh() == said.price_per_kwh() || faults.has("any-price");
    if !(sides && hours && prices) {
        return Err((Code::NotAllowed, "not as the tender says"));
    }
    let whole = Some(wh) == offer.watt_hours() || faults.has("takes-parts");
    if offer.head.integral_only && !whole {
        return Err((Code::NotAllowed, "all or nothing"));
    }
    if wh > tender.left_wh && !faults.has("takes-too-much") && !faults.has("taken-twice") {
        return Err((Code::NotAllowed, "more than is left"));
    }
    if !faults.has("open-when-taken") {
        tender.left_wh -= wh;
    }
    let owner = tender.owner.clone();
    let (buyer, seller) = match offer.head.side {
        Side::Buy => (owner, me.to_owned()),
        Side::Sell => (me.to_owned(), owner),
    };
    let (id, tender) = (one.transaction_id.clone(), one.tender_id.clone());
    let product = Product { head: said.head.clone(), ..said };
    state.floor.transactions.push(Made { id, tender, buyer, seller, product });
    Ok(())
}

/// eiRequestTransaction: one's own.
pub fn request(state: &mut State, me: &str, m: &EiRequestTransaction) -> EiReplyTransaction {
    let faults = state.faults;
    let own = state
        .floor
        .transactions
        .iter()
        .filter(|made| made.buyer == me || made.seller == me && !faults.has("tells-one-side"));
    let shown = own.filter_map(|made| {
        let mut product = made.product.clone();
        product.head.side = if made.buyer == me { Side::Buy } else { Side::Sell };
        product.head.state = match faults.has("stays-tender") {
            true => TransactiveState::Tender,
            false => TransactiveState::Transaction,
        };
        let emix_base = product.to_emix().ok()?;
        let (transaction_id, tender_id) = (made.id.clone(), made.tender.clone());
        Some(EiTransaction { transaction_id, tender_id, emix_base })
    });
    EiReplyTransaction {
        ei_response: EiResponse::ok(RefID::of(&m.request_id)),
        responses: None,
        ei_transaction: shown.collect(),
    }
}
