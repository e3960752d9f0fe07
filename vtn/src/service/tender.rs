//! EiTender: to offer, to look, to take back. EI 1.0 EiTender.
//!
//! eiDistributeTender is not served: the VTN tells tenders to those who ask.

use std::collections::BTreeSet;

use oadr_platform::market::TenderRef;
use oadr_platform::{Interval, PartyId};
use oadr_schemas::ei::ei::{ArrayofResponses, EiResponse, EiTender, RefID};
use oadr_schemas::ei::pyld::{
    EiCancelTender, EiCanceledTender, EiCreateTender, EiCreatedTender, EiReplyTender,
    EiRequestTender,
};
use oadr_store::Keys;

use crate::context::Context;
use crate::error::Error;
use crate::trade::admit::{Done, Order, Placement};
use crate::trade::code::{self, Fault};
use crate::trade::record::{State, Tender};
use crate::trade::reply::{self, Room};
use crate::trade::tables::{DIRECTED, TENDERS};
use crate::trade::{party, wire};

/// Enters tenders. Each is in the log, on the disk, before the reply; the same tender again
/// gets the same reply, other content under its id is refused (452) and changes nothing. An id
/// twice in one message: the second is refused (452); more than 100 tenders: all (454).
///
/// # Errors
/// Those of the store; [`Error::Internal`] if the market breaks its promises.
pub(crate) async fn create_tender<'a>(
    cx: &Context<'_>,
    m: &'a EiCreateTender,
) -> Result<EiCreatedTender, Error> {
    let mut created = EiCreatedTender {
        ei_response: code::overall(&m.request_id, Ok(())),
        responses: ArrayofResponses::default(),
        party_id: m.party_id.clone(),
        counter_party_id: Some(m.counter_party_id.clone()),
        tender_id: Vec::new(),
    };
    let counted = party::check_count(m.ei_tender.len(), "eiTender");
    let between = party::between(cx, &m.party_id, &m.counter_party_id)?;
    let counter_party = match counted.and(between) {
        Ok(counter_party) => counter_party,
        Err(fault) => {
            created.ei_response = code::overall(&m.request_id, Err(&fault));
            return Ok(created);
        }
    };
    let mut seen = BTreeSet::new();
    let read = |(index, tender): (usize, &'a EiTender)| {
        let path = format!("eiTender[{}]", index + 1);
        party::check_once(&mut seen, &tender.tender_id, &format!("{path}/tenderID"))?;
        placement(cx, (&path, tender), counter_party.as_ref(), m)
    };
    let orders = m.ei_tender.iter().enumerate().map(read).collect();
    let results = party::serve(cx, orders).await?;
    created.ei_response =
        code::overall(&m.request_id, code::summary(results.iter().map(|r| r.as_ref().err())));
    let failed = results.iter().any(Result::is_err);
    for (tender, result) in m.ei_tender.iter().zip(results) {
        if result.is_ok() {
            created.tender_id.push(tender.tender_id.clone());
        }
        if failed {
            let result = result.as_ref().map(|_| None);
            created.responses.response.push(item(&tender.tender_id, result));
        }
    }
    Ok(created)
}

/// Shows a party its own open tenders and those directed at it, or those it names in whatever
/// state. Foreign ids and unknown ones get the same answer (threat T2). An id counts once; more
/// than 100: 454. What does not fit into one reply is left out, and the reply says so.
///
/// # Errors
/// Those of the store.
pub(crate) fn request_tender(
    cx: &Context<'_>,
    m: &EiRequestTender,
) -> Result<EiReplyTender, Error> {
    let mut reply = EiReplyTender {
        ei_response: code::overall(&m.request_id, Ok(())),
        responses: None,
        ei_tender: Vec::new(),
    };
    let interval = m.interval.as_ref().map(|interval| wire::interval(interval, "interval"));
    let may = party::is_own(cx, &m.requestor_party_id)
        .and(party::check_count(m.tender_id.len(), "tenderID"));
    let interval = match (may, interval.transpose()) {
        (Ok(()), Ok(interval)) => interval,
        (Err(fault), _) | (_, Err(fault)) => {
            reply.ei_response = code::overall(&m.request_id, Err(&fault));
            return Ok(reply);
        }
    };
    let mut room = Room::default();
    let mut responses = Vec::new();
    if m.tender_id.is_empty() {
        let mut open = visible(cx, &m.party_id)?;
        open.retain(|t| t.state_at(cx.now) == State::Open && passes(cx, m, interval, t));
        for tender in open.iter().take_while(|tender| room.take(tender.wire.len())) {
            reply.ei_tender.extend(wire::if_readable(wire::tender(tender))?);
        }
    }
    for id in reply::distinct(&m.tender_id) {
        let mut named = named(cx, &m.party_id, id)?;
        named.retain(|tender| passes(cx, m, interval, tender));
        if named.is_empty() {
            responses.push(item(id, Err(&Fault::unknown("tenderID"))));
        }
        for tender in &named {
            let Some(seen) = wire::if_readable(wire::tender(tender))? else {
                responses.push(item(id, Err(&wire::unreadable())));
                continue;
            };
            if room.take(tender.wire.len()) {
                reply.ei_tender.push(seen);
                responses.push(item(id, Ok(Some(standing(cx, tender)))));
            } else {
                responses.push(item(id, Err(&Room::left_out())));
                break;
            }
        }
    }
    reply.ei_response = room.overall(&m.request_id);
    reply.responses = code::list(responses);
    Ok(reply)
}

/// Takes tenders back. What has traded stays traded; the rest is taken back. A tender to another than
/// the counterPartyID, if one is named, stays (452).
///
/// # Errors
/// As [`create_tender`].
pub(crate) async fn cancel_tender<'a>(
    cx: &Context<'_>,
    m: &'a EiCancelTender,
) -> Result<EiCanceledTender, Error> {
    let mut canceled = EiCanceledTender {
        ei_response: code::overall(&m.request_id, Ok(())),
        responses: None,
        party_id: m.party_id.clone(),
        counter_party_id: m.counter_party_id.clone(),
    };
    let counted = party::check_count(m.tender_id.len(), "tenderID");
    if let Err(fault) = party::is_own(cx, &m.party_id).and(counted) {
        canceled.ei_response = code::overall(&m.request_id, Err(&fault));
        return Ok(canceled);
    }
    let mut seen = BTreeSet::new();
    let named = m.counter_party_id.as_deref().filter(|id| !id.is_empty());
    let mut elsewhere = BTreeSet::new();
    for id in named.into_iter().flat_map(|_| &m.tender_id) {
        let tender = TENDERS.get(&cx.view, (cx.ven(), id.as_str()))?;
        if tender.is_some_and(|tender| named != Some(tender.counter_party.as_str())) {
            elsewhere.insert(id);
        }
    }
    let order = |id: &'a String| {
        party::check_once(&mut seen, id, "tenderID")?;
        if elsewhere.contains(id) {
            return Err(Fault::unknown("counterPartyID"));
        }
        let which = TenderRef { party: cx.party_id(), tender: id.as_str().into() };
        Ok(Order::Cancel(which))
    };
    let results = party::serve(cx, m.tender_id.iter().map(order).collect()).await?;
    let faults = results.iter().map(|result| result.as_ref().err());
    canceled.ei_response = code::overall(&m.request_id, code::summary(faults));
    let said = m.tender_id.iter().zip(&results).map(|(id, result)| {
        let words = result.as_ref().map(|done| match done {
            Done::Tender(tender) => Some(standing(cx, tender)),
            _ => None,
        });
        item(id, words)
    });
    canceled.responses = code::list(said.collect());
    Ok(canceled)
}

/// What a tender says, as an order.
fn placement(
    cx: &Context<'_>,
    (path, tender): (&str, &EiTender),
    counter_party: Option<&PartyId>,
    m: &EiCreateTender,
) -> Result<Order, Fault> {
    party::check_id(&tender.tender_id, &format!("{path}/tenderID"))?;
    let offer = wire::offer(&tender.emix_base, wire::Stage::Tender, path)?;
    let offer = party::in_context(cx, offer, path)?;
    let names = (tender.tender_id.as_str().into(), cx.party_id());
    Ok(Order::Place(Placement {
        offer: offer.tendered(names, counter_party.cloned()),
        counter_party: PartyId::from(m.counter_party_id.as_str()),
        wire: wire::to_store(tender, path)?,
    }))
}

/// The tenders `of` a party that this party may see, newest last.
fn visible(cx: &Context<'_>, of: &str) -> Result<Vec<Tender>, Error> {
    let me = cx.ven();
    let mut seen = Vec::new();
    if of == me {
        seen = TENDERS.range(&cx.view, Keys::of((me,)))?.into_iter().map(|(_, t)| t).collect();
    }
    let directed = match of == me {
        true => DIRECTED.range(&cx.view, Keys::of((me,)))?,
        false => DIRECTED.range(&cx.view, Keys::of((me, of)))?,
    };
    for ((_, owner, id), ()) in directed {
        seen.extend(TENDERS.get(&cx.view, (owner, id))?);
    }
    seen.retain(|tender| !matches!(tender.state, State::Logged));
    seen.sort_by_key(|tender| tender.number);
    Ok(seen)
}

/// The tenders of this id `of` a party that this party may see, newest last; its own and those
/// directed at it by others if it asks for its own.
fn named(cx: &Context<'_>, of: &str, id: &str) -> Result<Vec<Tender>, Error> {
    let me = cx.ven();
    let mut owners = vec![of.to_owned()];
    if of == me {
        owners.extend(owners_towards(cx)?);
    }
    let mut found = Vec::new();
    for owner in &owners {
        let key = (owner.as_str(), id);
        if owner == me || DIRECTED.contains(&cx.view, (me, key.0, key.1))? {
            found.extend(TENDERS.get(&cx.view, key)?);
        }
    }
    found.retain(|tender| !matches!(tender.state, State::Logged));
    found.sort_by_key(|tender| tender.number);
    Ok(found)
}

/// Who ever directed a tender at the sender: one look for each, not for each tender.
fn owners_towards(cx: &Context<'_>) -> Result<Vec<String>, Error> {
    let mut owners = Vec::new();
    let mut next = DIRECTED.range(&cx.view, Keys::of((cx.ven(),)).limit(1))?.pop();
    while let Some(((me, owner, _), ())) = next {
        // The least owner after this one.
        let from = (me.clone(), format!("{owner}\0"), String::new());
        next = DIRECTED.range(&cx.view, Keys::between(from..).limit(1))?.pop();
        next = next.filter(|((to, _, _), ())| *to == me);
        owners.push(owner);
    }
    Ok(owners)
}

/// Whether a tender is what was asked for, ids apart.
fn passes(cx: &Context<'_>, m: &EiRequestTender, span: Option<Interval>, tender: &Tender) -> bool {
    let other = match tender.offer.party.as_str() == cx.ven() {
        true => &tender.counter_party,
        false => &tender.offer.party,
    };
    let product = &tender.offer.product;
    (m.counter_party_id.is_empty() || m.counter_party_id.iter().any(|id| id == other.as_str()))
        && party::asked(&m.market_context, &product.market_context)
        && span.is_none_or(|span| span.overlaps(&product.interval))
}

/// How a tender stands, in words.
fn standing(cx: &Context<'_>, tender: &Tender) -> String {
    let left = tender.remaining_wh.normalize();
    let traded = tender.traded_wh().normalize();
    match tender.state_at(cx.now) {
        State::Logged => "logged".to_owned(),
        State::Open => format!("open: {traded} Wh traded, {left} Wh left"),
        State::Matched => format!("matched: {traded} Wh traded"),
        State::Cancelled => format!("cancelled: {traded} Wh traded, {left} Wh taken back"),
        State::Expired => format!("expired: {traded} Wh traded, {left} Wh not"),
        State::Refused(no) => format!("refused: {}", no.detail),
    }
}

fn item(id: &str, result: Result<Option<String>, &Fault>) -> EiResponse {
    code::item(RefID::TenderID(id.to_owned()), result)
}
