//! Between the schemas' types and what the market understands. EMIX 1.0 products with one
//! power:temixPower interval, EI 1.0 EiTender, EiTransaction, EiDelivery.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oadr_platform::market::{self, Side};
use oadr_platform::{Interval, PartyId, TenderId};
use oadr_schemas::ei::ei::{EiDelivery, EiTender, EiTransaction};
use oadr_schemas::ei::emix::{self, EmixBase, TransactiveState};
use oadr_schemas::ei::xcal::{
    ArrayOfVcalendarContainedComponents, VcalendarContainedComponent2, WsCalendarInterval,
};
use oadr_schemas::emix::{Measure, Metered, Place, Product, Quantity, Scale, Unit};
use oadr_schemas::openadr::Code;
use oadr_schemas::wscal::Sequence;
use oadr_schemas::xml::{Limits, Root, Text, decode, encode, encode_any};
use oadr_store::Read;
use rust_decimal::Decimal;

use super::admit::tender_of;
use super::code::Fault;
use super::record::{Delivery, Tender, Transaction};
use crate::error::Error;

/// How far a product has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Offered.
    Tender,
    /// Agreed.
    Transaction,
}

/// What a product says, in the market's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub product: market::Product,
    pub side: Side,
    pub quantity_wh: Decimal,
    pub price_per_kwh: Decimal,
    pub integral_only: bool,
    pub expires_at: Timestamp,
}

impl Offer {
    /// As a tender of this name and party, for everyone or for one.
    pub(crate) fn tendered(
        self,
        (id, party): (TenderId, PartyId),
        counter_party: Option<PartyId>,
    ) -> market::Tender {
        let Self { product, side, quantity_wh, price_per_kwh, integral_only, expires_at } = self;
        market::Tender {
            id,
            party,
            counter_party,
            side,
            product,
            quantity_wh,
            price_per_kwh,
            integral_only,
            expires_at,
        }
    }
}

/// Reads a product. `path` is where its emixBase stands.
///
/// # Errors
/// 459 for what is missing or of another kind, 454 for a value out of range, 469 for what is
/// not traded here; each with the path.
pub(crate) fn offer(base: &EmixBase, stage: Stage, path: &str) -> Result<Offer, Fault> {
    let fault = |code, what: &str| Fault::new(code, format!("{path}/emixBase/{what}"));
    let product = Product::try_from(base).map_err(|error| {
        let number = error.path.ends_with("quantity") || error.path.ends_with("price");
        let code = if number { Code::InvalidData } else { Code::NotCompliant };
        Fault::new(code, format!("{path}/{error}"))
    })?;
    let wanted = match stage {
        Stage::Tender => TransactiveState::Tender,
        Stage::Transaction => TransactiveState::Transaction,
    };
    if product.head.state != wanted {
        let what = format!("transactiveState: must be {} here", wanted.text());
        return Err(fault(Code::NotCompliant, &what));
    }
    binding_terms(base, &product).map_err(|what| fault(Code::NotDeployed, what))?;
    let Some(currency) = &product.head.currency else {
        return Err(fault(Code::NotCompliant, "currency: missing; a price needs its money"));
    };
    let interval = span((product.start, product.duration))
        .ok_or_else(|| fault(Code::InvalidData, "components: an empty or backward interval"))?;
    let watt_hours = product.watt_hours().filter(|wh| *wh > Decimal::ZERO && wh.is_integer());
    let quantity_wh = watt_hours.ok_or_else(|| {
        fault(Code::InvalidData, "components/…/quantity: must be above zero and in whole Wh")
    })?;
    let price_per_kwh = product.price_per_kwh().ok_or_else(|| {
        fault(Code::InvalidData, "components/…/price: is for no unit of real energy")
    })?;
    Ok(Offer {
        product: market::Product {
            market_context: (*product.head.market_context).into(),
            class: class(&product.place).into(),
            currency: currency.text().into_owned().into(),
            interval,
        },
        side: match product.head.side {
            emix::Side::Buy => Side::Buy,
            emix::Side::Sell => Side::Sell,
        },
        quantity_wh: quantity_wh.normalize(),
        price_per_kwh: price_per_kwh.normalize(),
        integral_only: product.head.integral_only,
        expires_at: product.head.expires.unwrap_or(interval.start).min(interval.start),
    })
}

/// Terms and warrants bind who trades on them. A market that does not know them must not act
/// as if they were not there.
fn binding_terms(base: &EmixBase, product: &Product) -> Result<(), &'static str> {
    if product.head.terms.as_ref().is_some_and(|terms| !terms.base_term.is_empty()) {
        return Err("terms: no terms of one's own are traded here");
    }
    let EmixBase::Product(product) = base else { return Ok(()) };
    let contents = product.envelope_contents.as_ref().and_then(|all| all.warrants.as_ref());
    if contents.is_some_and(|warrants| !warrants.base_warrant.is_empty()) {
        return Err("envelopeContents: no warrants are traded here");
    }
    Ok(())
}

/// What makes deliveries at the same time interchangeable: energy, and the place if it is the
/// grid's. A party's own place (its meter, its delivery point) is where it happens to be.
fn class(place: &Place) -> String {
    match place {
        Place::ServiceDeliveryPoint(_)
        | Place::MeterAsset(_)
        | Place::EndDeviceAsset(_)
        | Place::ServiceLocation(_) => "energy".to_owned(),
        grid => format!("energy at {}", encode_any(grid)),
    }
}

/// An interval alone. `path` is where it stands.
///
/// # Errors
/// 459 if it is not bound, 454 if it is empty.
pub(crate) fn interval(interval: &WsCalendarInterval, path: &str) -> Result<Interval, Fault> {
    let one = VcalendarContainedComponent2::Interval(interval.clone());
    one_interval(&ArrayOfVcalendarContainedComponents { vcalendar_contained_component: vec![one] })
        .map_err(|(code, what)| Fault::new(code, format!("{path}: {what}")))
}

/// The only interval of a calendar. `path` is where its components stand.
///
/// # Errors
/// As [`interval`]; 459 if there are none or many.
pub(crate) fn only_interval(
    components: &ArrayOfVcalendarContainedComponents,
    path: &str,
) -> Result<Interval, Fault> {
    one_interval(components)
        .map_err(|(code, what)| Fault::new(code, format!("{path}/components: {what}")))
}

fn one_interval(
    components: &ArrayOfVcalendarContainedComponents,
) -> Result<Interval, (Code, String)> {
    let bound = Sequence::of(components).and_then(Sequence::bind);
    let bound = bound.map_err(|error| (Code::NotCompliant, error.to_string()))?;
    let [one] = bound.as_slice() else {
        return Err((Code::NotCompliant, format!("{} intervals; name one", bound.len())));
    };
    let empty = || (Code::InvalidData, "an empty or backward interval".to_owned());
    span((one.start, one.duration)).ok_or_else(empty)
}

/// A bound interval with a length.
fn span((start, duration): (Timestamp, SignedDuration)) -> Option<Interval> {
    let duration = Duration::try_from(duration).ok().filter(|length| !length.is_zero())?;
    start.checked_add(duration).ok()?;
    Some(Interval::new(start, duration))
}

/// A tender as its party wrote it.
///
/// # Errors
/// [`Error::Internal`] if what is stored is none.
pub(crate) fn tender(tender: &Tender) -> Result<EiTender, Error> {
    stored(&tender.wire)
}

/// A transaction as `party` sees it: its own side, its own place.
///
/// # Errors
/// [`Error::Internal`] if what is stored does not hold; those of the store.
pub(crate) fn transaction(
    view: &impl Read,
    transaction: &Transaction,
    party: &PartyId,
) -> Result<EiTransaction, Error> {
    let trade = &transaction.trade;
    let gone = |what: &str| Error::Internal(format!("transaction {}: {what}", trade.id));
    let side = trade.side_of(party).ok_or_else(|| gone("not this party's"))?;
    let tender_id = match side {
        Side::Buy => &trade.buy_tender,
        Side::Sell => &trade.sell_tender,
    };
    let base = match &transaction.accepted {
        Some((by, wire)) if by == party => stored::<EiTransaction>(wire)?.emix_base,
        _ => {
            let which = market::TenderRef { party: party.clone(), tender: tender_id.clone() };
            let own = tender_of(view, &which)?.ok_or_else(|| gone("its tender is not there"))?;
            tender(&own)?.emix_base
        }
    };
    let unreadable = |error: oadr_schemas::emix::Error| gone(&error.to_string());
    let own = Product::try_from(&base).map_err(unreadable)?;
    let mut head = own.head;
    head.state = TransactiveState::Transaction;
    head.side = match side {
        Side::Buy => emix::Side::Buy,
        Side::Sell => emix::Side::Sell,
    };
    head.expires = None;
    head.integral_only = true;
    let amounts = (trade.quantity_wh, trade.price_per_kwh);
    let agreed = Product::energy(head, (own.start, own.duration), own.place, amounts);
    Ok(EiTransaction {
        transaction_id: trade.id.to_string(),
        tender_id: Some(tender_id.to_string()),
        emix_base: agreed.to_emix().map_err(unreadable)?,
    })
}

/// A delivery with what was measured, in Wh.
///
/// # Errors
/// [`Error::Internal`] if its interval cannot be written.
pub(crate) fn delivery(delivery: &Delivery) -> Result<EiDelivery, Error> {
    let fails = |why: &dyn fmt::Display| Error::Internal(format!("{}: {why}", delivery.id));
    let Interval { start, duration } = delivery.interval;
    let duration = SignedDuration::try_from(duration).map_err(|error| fails(&error))?;
    let quantity = Quantity::watt_hours(delivery.quantity_wh);
    let measure = Measure::new(Unit::Wh, Scale::One);
    let metered = Metered { uid: "0".into(), start, duration, quantity: Some((quantity, measure)) };
    let (uid, injection) = (delivery.uid.clone(), delivery.injection);
    let written = oadr_schemas::emix::Delivery { uid, injection, metered: vec![metered] };
    written.to_ei(delivery.id.as_str(), delivery.created).map_err(|error| fails(&error))
}

/// The canonical form to store. It can be longer than what came, whose text may hold raw `>`.
/// `path` is where it stands.
///
/// # Errors
/// 454 if it is too long, or would not be read again.
pub(crate) fn to_store<T: Root>(one: &T, path: &str) -> Result<String, Fault> {
    let wire = encode(one);
    if wire.len() > STORED_LIMIT {
        let what = format!("{path}: longer than {STORED_LIMIT} bytes in canonical form");
        return Err(Fault::new(Code::InvalidData, what));
    }
    match stored::<T>(&wire) {
        Ok(_) => Ok(wire),
        Err(_) => Err(Fault::new(Code::InvalidData, format!("{path}: cannot be written again"))),
    }
}

/// Leaves out what cannot be read: one bad row is for the log and must not hide the others.
///
/// # Errors
/// All but [`Error::Internal`].
pub(crate) fn if_readable<T>(row: Result<T, Error>) -> Result<Option<T>, Error> {
    match row {
        Ok(row) => Ok(Some(row)),
        Err(Error::Internal(error)) => {
            tracing::error!(error, "a row is left out of a reply");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Said of a row asked for by its id that cannot be read: 469.
pub(crate) fn unreadable() -> Fault {
    Fault::new(Code::NotDeployed, "it cannot be read at the moment")
}

/// What was stored in canonical form. Its length bounds everything in it.
fn stored<T: Root>(wire: &str) -> Result<T, Error> {
    let text = wire.len().max(Limits::default().text);
    let limits = Limits { bytes: wire.len(), text, ..Limits::default() };
    decode(wire.as_bytes(), &limits)
        .map_err(|error| Error::Internal(format!("what is stored does not decode: {error}")))
}

/// Bytes of a tender or transaction in canonical form: as much as one text may have, so that
/// everyone who keeps to the default limits reads it.
const STORED_LIMIT: usize = 64 * 1024;
