//! EiTransaction: what was agreed. EI 1.0 EiTransaction.
//!
//! The market makes transactions of tenders that cross; a party makes one by accepting a
//! tender directed at it. Nothing takes a transaction back: only another one balances it.

use std::collections::BTreeSet;

use oadr_platform::market::TenderRef;
use oadr_platform::{Interval, PartyId};
use oadr_schemas::ei::ei::{EiResponse, EiTransaction, RefID};
use oadr_schemas::ei::pyld::{
    EiCreateTransaction, EiCreatedTransaction, EiReplyTransaction, EiRequestTransaction,
};
use oadr_schemas::openadr::Code;
use oadr_schemas::xml::encode;
use oadr_store::Keys;

use crate::context::Context;
use crate::error::Error;
use crate::trade::admit::{Order, transaction_of};
use crate::trade::code::{self, Fault};
use crate::trade::record::{Acceptance, Transaction};
use crate::trade::reply::{self, Room};
use crate::trade::tables::{TRANSACTIONS, TRANSACTIONS_OF};
use crate::trade::{party, wire};

/// Accepts tenders that are directed at the sender: counterPartyID is whose they are, tenderID
/// which. Not open, not at the tender's price, or more than is left: 451; unknown, or not
/// directed at the sender: 452; a transactionID with `~`, which marks the market's: 454.
///
/// # Errors
/// Those of the store; [`Error::Internal`] if the log does not hold.
pub(crate) async fn create_transaction<'a>(
    cx: &Context<'_>,
    m: &'a EiCreateTransaction,
) -> Result<EiCreatedTransaction, Error> {
    let mut created = EiCreatedTransaction {
        counter_party_id: m.counter_party_id.clone(),
        party_id: m.party_id.clone(),
        ei_response: code::overall(&m.request_id, Ok(())),
        responses: None,
        transaction_id: Vec::new(),
    };
    let counted = party::check_count(m.ei_transaction.len(), "eiTransaction");
    if let Err(fault) = party::is_own(cx, &m.party_id).and(counted) {
        created.ei_response = code::overall(&m.request_id, Err(&fault));
        return Ok(created);
    }
    let mut seen = BTreeSet::new();
    let read = |(index, one): (usize, &'a EiTransaction)| {
        let path = format!("eiTransaction[{}]", index + 1);
        party::check_once(&mut seen, &one.transaction_id, &format!("{path}/transactionID"))?;
        acceptance(cx, (&path, one), &m.counter_party_id)
    };
    let orders = m.ei_transaction.iter().enumerate().map(read).collect();
    let results = party::serve(cx, orders).await?;
    let faults = results.iter().map(|result| result.as_ref().err());
    created.ei_response = code::overall(&m.request_id, code::summary(faults));
    let mut responses = Vec::new();
    let failed = results.iter().any(Result::is_err);
    for (one, result) in m.ei_transaction.iter().zip(results) {
        if result.is_ok() {
            created.transaction_id.push(one.transaction_id.clone());
        }
        if failed {
            responses.push(item(&one.transaction_id, result.as_ref().map(|_| None)));
        }
    }
    created.responses = code::list(responses);
    Ok(created)
}

/// Shows a party its own transactions, the newest if not all fit into one reply; those it names
/// as far as they fit. Foreign ids and unknown ones get the same answer (threat T2). An id
/// counts once; more than 100: 454.
///
/// # Errors
/// Those of the store.
pub(crate) fn request_transaction(
    cx: &Context<'_>,
    m: &EiRequestTransaction,
) -> Result<EiReplyTransaction, Error> {
    let mut reply = EiReplyTransaction {
        ei_response: code::overall(&m.request_id, Ok(())),
        responses: None,
        ei_transaction: Vec::new(),
    };
    let own = party::is_own(cx, &m.requestor_party_id)
        .and_then(|()| party::is_own(cx, &m.party_id))
        .and_then(|()| party::check_count(m.transaction_id.len(), "transactionID"));
    let interval = m.interval.as_ref().map(|interval| wire::interval(interval, "interval"));
    let interval = match (own, interval.transpose()) {
        (Ok(()), Ok(interval)) => interval,
        (Err(fault), _) | (_, Err(fault)) => {
            reply.ei_response = code::overall(&m.request_id, Err(&fault));
            return Ok(reply);
        }
    };
    let me = cx.party_id();
    let mut room = Room::default();
    let mut responses = Vec::new();
    for id in reply::distinct(&m.transaction_id) {
        let found = transaction_of(&cx.view, &me, id)?.filter(|t| passes(m, interval, &me, t));
        let Some(transaction) = found else {
            responses.push(item(id, Err(&Fault::unknown("transactionID"))));
            continue;
        };
        let seen = wire::if_readable(wire::transaction(&cx.view, &transaction, &me))?;
        let Some(seen) = seen else {
            responses.push(item(id, Err(&wire::unreadable())));
            continue;
        };
        match room.take(encode(&seen).len()) {
            true => reply.ei_transaction.push(seen),
            false => responses.push(item(id, Err(&Room::left_out()))),
        }
    }
    if m.transaction_id.is_empty() {
        // The newest are those that a party has not seen.
        for place in places(cx)?.into_iter().rev() {
            let found = TRANSACTIONS.get(&cx.view, place)?;
            let Some(transaction) = found.filter(|t| passes(m, interval, &me, t)) else { continue };
            let seen = wire::if_readable(wire::transaction(&cx.view, &transaction, &me))?;
            let Some(seen) = seen else { continue };
            if !room.take(encode(&seen).len()) {
                break;
            }
            reply.ei_transaction.push(seen);
        }
        reply.ei_transaction.reverse();
    }
    reply.ei_response = room.overall(&m.request_id);
    reply.responses = code::list(responses);
    Ok(reply)
}

/// What an eiTransaction says, as an order.
fn acceptance(
    cx: &Context<'_>,
    (path, one): (&str, &EiTransaction),
    owner: &str,
) -> Result<Order, Fault> {
    let id_path = format!("{path}/transactionID");
    party::check_id(&one.transaction_id, &id_path)?;
    if one.transaction_id.contains(MARKET_MARK) {
        let what = format!("{id_path}: {MARKET_MARK:?} is for names that the market gives");
        return Err(Fault::new(Code::InvalidData, what));
    }
    let Some(tender) = &one.tender_id else {
        let what = format!("{path}/tenderID: missing; a transaction accepts a tender");
        return Err(Fault::new(Code::NotCompliant, what));
    };
    let said = wire::offer(&one.emix_base, wire::Stage::Transaction, path)?;
    let said = party::in_context(cx, said, path)?;
    let acceptance = Acceptance {
        transaction: one.transaction_id.clone(),
        by: cx.party_id(),
        tender: TenderRef { party: owner.into(), tender: tender.as_str().into() },
        quantity_wh: said.quantity_wh,
        wire: wire::to_store(one, path)?,
    };
    let names = (tender.as_str().into(), cx.party_id());
    Ok(Order::Accept(acceptance, said.tendered(names, Some(owner.into()))))
}

/// Where all transactions of the sender are, oldest first.
fn places(cx: &Context<'_>) -> Result<Vec<(u64, u64)>, Error> {
    let mut places: Vec<(u64, u64)> = TRANSACTIONS_OF
        .range(&cx.view, Keys::of((cx.ven(),)))?
        .into_iter()
        .map(|(_, p)| p)
        .collect();
    places.sort_unstable();
    Ok(places)
}

/// Whether a transaction is what was asked for, ids apart.
fn passes(
    m: &EiRequestTransaction,
    span: Option<Interval>,
    me: &PartyId,
    transaction: &Transaction,
) -> bool {
    let trade = &transaction.trade;
    let other = if trade.buyer == *me { &trade.seller } else { &trade.buyer };
    transaction.concerns(me)
        && (m.counter_party_id.is_empty()
            || m.counter_party_id.iter().any(|id| id == other.as_str()))
        && party::asked(&m.market_context, &trade.product.market_context)
        && span.is_none_or(|span| span.overlaps(&trade.product.interval))
}

fn item(id: &str, result: Result<Option<String>, &Fault>) -> EiResponse {
    code::item(RefID::TransactionID(id.to_owned()), result)
}

/// In every name the market gives, and in none that a party gives: nobody can take a name
/// before the market needs it.
const MARKET_MARK: char = '~';
