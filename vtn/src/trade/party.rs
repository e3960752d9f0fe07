//! Who may say what, and what all services of the trading side ask of a request. EI 1.0.
//!
//! A party's partyID is its venID for now: the certificate decides (threat T2).

use std::collections::BTreeSet;

use oadr_platform::market::Product;
use oadr_platform::{MarketContext, PartyId};
use oadr_schemas::openadr::Code;
use oadr_schemas::xml::Uri;

use super::admit::{Done, Order};
use super::code::Fault;
use super::wire::Offer;
use crate::context::Context;
use crate::error::Error;
use crate::market_context;
use crate::tables::PARTIES;

/// Whether a partyID is the sender's own.
///
/// # Errors
/// 452 in the same words whosever it is.
pub(crate) fn is_own(cx: &Context<'_>, party_id: &str) -> Result<(), Fault> {
    if party_id == cx.ven() { Ok(()) } else { Err(Fault::unknown("partyID")) }
}

/// The other party, if it is not this VTN's market: none is the market.
///
/// # Errors
/// Those of the store. The fault is 452: a partyID not the sender's own, or a counterPartyID
/// of nobody, or the sender's own.
pub(crate) fn between(
    cx: &Context<'_>,
    party_id: &str,
    counter_party_id: &str,
) -> Result<Result<Option<PartyId>, Fault>, Error> {
    if let Err(fault) = is_own(cx, party_id) {
        return Ok(Err(fault));
    }
    if counter_party_id == cx.settings.vtn_id {
        return Ok(Ok(None));
    }
    let other = PARTIES.get(&cx.view, counter_party_id)?.filter(|other| other.is_registered());
    Ok(match other {
        Some(other) if other.id != cx.ven() => Ok(Some(PartyId::from(other.id))),
        _ => Err(Fault::unknown("counterPartyID")),
    })
}

/// The offer, its market context spelled as the settings spell it: URIs that mean the same
/// (rule 512) are one market.
///
/// # Errors
/// 462 if the market context is not served here.
pub(crate) fn in_context(cx: &Context<'_>, offer: Offer, path: &str) -> Result<Offer, Fault> {
    let served = &cx.settings.market_contexts;
    let context = offer.product.market_context.as_str();
    if served.is_empty() {
        return Ok(offer);
    }
    let Some(spelled) = served.iter().find(|one| market_context::same(one, context)) else {
        let what = format!("{path}/emixBase/marketContext: not served here");
        return Err(Fault::new(Code::TargetMismatch, what));
    };
    let product = Product { market_context: spelled.as_str().into(), ..offer.product };
    Ok(Offer { product, ..offer })
}

/// Whether a market context is among those asked for; all are if none is.
pub(crate) fn asked(contexts: &[Uri], context: &MarketContext) -> bool {
    contexts.is_empty() || contexts.iter().any(|one| market_context::same(one, context.as_str()))
}

/// Whether an id can be a name here.
///
/// # Errors
/// 459 if it is empty, 454 if it is too long.
pub(crate) fn check_id(id: &str, path: &str) -> Result<(), Fault> {
    match id.len() {
        0 => Err(Fault::new(Code::NotCompliant, format!("{path}: is empty"))),
        1..=ID_LIMIT => Ok(()),
        _ => Err(Fault::new(Code::InvalidData, format!("{path}: longer than {ID_LIMIT} bytes"))),
    }
}

/// Whether a message names no more things of a kind than it may.
///
/// # Errors
/// 454 if it does: none of them is done.
pub(crate) fn check_count(count: usize, path: &str) -> Result<(), Fault> {
    check_at_most(MESSAGE_LIMIT, count, path)
}

/// The same with another limit.
///
/// # Errors
/// As [`check_count`].
pub(crate) fn check_at_most(most: usize, count: usize, path: &str) -> Result<(), Fault> {
    if count <= most {
        return Ok(());
    }
    Err(Fault::new(Code::InvalidData, format!("{path}: {count} in one message; at most {most}")))
}

/// Whether an id comes for the first time in a message.
///
/// # Errors
/// 452 if it does not.
pub(crate) fn check_once<'a>(
    seen: &mut BTreeSet<&'a str>,
    id: &'a str,
    path: &str,
) -> Result<(), Fault> {
    if seen.insert(id) {
        return Ok(());
    }
    Err(Fault::new(Code::InvalidId, format!("{path}: twice in one message")))
}

/// Has the orders that made sense served; each gets its answer in its place.
///
/// # Errors
/// Those of the floor.
pub(crate) async fn serve(
    cx: &Context<'_>,
    orders: Vec<Result<Order, Fault>>,
) -> Result<Vec<Result<Done, Fault>>, Error> {
    let good = orders.iter().filter_map(|order| order.as_ref().ok().cloned()).collect::<Vec<_>>();
    let mut answers = match good.is_empty() {
        true => Vec::new(),
        false => cx.floor.submit(good).await?,
    }
    .into_iter();
    let place = |order: Result<Order, Fault>| match order {
        Ok(_) => match answers.next() {
            Some(answer) => Ok(answer.map_err(Fault::from)),
            None => Err(Error::Internal("an order without an answer".to_owned())),
        },
        Err(fault) => Ok(Err(fault)),
    };
    orders.into_iter().map(place).collect()
}

/// Things at most in one message: orders, or ids asked for. What one party sends is served
/// before the next one's turn.
const MESSAGE_LIMIT: usize = 100;

/// Bytes of an id.
const ID_LIMIT: usize = 256;
