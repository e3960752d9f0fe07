//! What comes of a tender between two parties: no market is asked. EI 1.0 EiTransaction.
//!
//! A tender directed at a party waits for that party alone. The party accepts it, whole or
//! (without integralOnly) in part, at the tender's price.

use jiff::{SignedDuration, Timestamp};
use oadr_platform::market::{self, Outcome, Side, TenderRef, Trade};
use oadr_platform::{Reason, Refusal};

use super::record::{Acceptance, State, Tender};

/// Said of a transactionID that one of the two parties has in use.
pub(crate) const TAKEN: &str = "this transactionID is taken";

/// A tender directed at one party stands.
pub(crate) fn direct(offer: &market::Tender) -> Vec<Outcome> {
    let tender = offer.reference();
    vec![Outcome::Rested { tender, remaining_wh: offer.quantity_wh }]
}

/// A tender directed at one party is taken back at `at`.
pub(crate) fn recall(
    tender: Option<&Tender>,
    which: &TenderRef,
    at: Timestamp,
) -> Result<Vec<Outcome>, Refusal> {
    let open = tender.filter(|tender| tender.state_at(at) == State::Open);
    let Some(open) = open else {
        return Err(Refusal::new(Reason::TooLate, "it is not open any more"));
    };
    Ok(vec![Outcome::Cancelled { tender: which.clone(), remaining_wh: open.remaining_wh }])
}

/// A tender is accepted at `at` by the party it is directed at.
pub(crate) fn accept(
    tender: Option<&Tender>,
    acceptance: &Acceptance,
    at: Timestamp,
) -> Result<Vec<Outcome>, Refusal> {
    let tender = acceptable(tender, acceptance, at)?;
    let offer = &tender.offer;
    let (buyer, seller) = match offer.side {
        Side::Buy => (&offer.party, &acceptance.by),
        Side::Sell => (&acceptance.by, &offer.party),
    };
    // The accepting party has no tender of its own: both names are the accepted one's.
    Ok(vec![Outcome::Matched(Trade {
        id: acceptance.transaction.as_str().into(),
        product: offer.product.clone(),
        quantity_wh: acceptance.quantity_wh,
        price_per_kwh: offer.price_per_kwh,
        buyer: buyer.clone(),
        seller: seller.clone(),
        buy_tender: offer.id.clone(),
        sell_tender: offer.id.clone(),
        at,
    })])
}

/// Whether the tender can be accepted so at `at`. One that is not there and one that is for
/// somebody else get the same words (threat T2).
///
/// # Errors
/// Why not.
pub(crate) fn acceptable<'a>(
    tender: Option<&'a Tender>,
    acceptance: &Acceptance,
    at: Timestamp,
) -> Result<&'a Tender, Refusal> {
    let directed = |tender: &&Tender| tender.offer.counter_party.as_ref() == Some(&acceptance.by);
    let Some(tender) = tender.filter(directed) else {
        return Err(Refusal::new(Reason::Unknown, "tenderID unknown"));
    };
    let late = |what| Err(Refusal::new(Reason::TooLate, what));
    match tender.state_at(at) {
        State::Open => {}
        State::Matched => return late("the tender has been taken"),
        State::Expired => return late("the tender has expired"),
        State::Cancelled => return late("the tender was cancelled"),
        State::Logged | State::Refused(_) => return late("the tender is not open"),
    }
    let quantity = acceptance.quantity_wh;
    if quantity > tender.remaining_wh {
        let left = tender.remaining_wh.normalize();
        let detail = format!("{} Wh asked, {left} Wh left", quantity.normalize());
        return Err(Refusal::new(Reason::TermsViolated, detail));
    }
    if tender.offer.integral_only && quantity != tender.offer.quantity_wh {
        return Err(Refusal::new(Reason::TermsViolated, "integralOnly: all or nothing"));
    }
    Ok(tender)
}

/// Whether an acceptance says what the tender says, from the other side.
pub(crate) fn agrees(tender: &Tender, said: &market::Tender) -> Result<(), Refusal> {
    let offer = &tender.offer;
    let other = |what: &str| {
        let detail = format!("{what} is not the tender's");
        Err(Refusal::new(Reason::TermsViolated, detail))
    };
    if said.product.market_context != offer.product.market_context {
        return other("marketContext");
    }
    if said.product.interval != offer.product.interval {
        return other("the interval");
    }
    if said.product.currency != offer.product.currency || said.price_per_kwh != offer.price_per_kwh
    {
        return other("the price");
    }
    if said.product.class != offer.product.class {
        return other("the product");
    }
    if said.side != offer.side.opposite() {
        return Err(Refusal::new(
            Reason::TermsViolated,
            "side: who accepts is on the other side of the tender",
        ));
    }
    Ok(())
}

/// Whether a tender could still be matched at `at`.
///
/// # Errors
/// [`Reason::TooLate`]; [`Reason::Malformed`] if it is delivered too far ahead: the market
/// remembers a tender until after its delivery.
pub(crate) fn in_time(offer: &market::Tender, at: Timestamp) -> Result<(), Refusal> {
    if offer.product.interval.start <= at {
        return Err(Refusal::new(Reason::TooLate, "the gate is closed: the interval has begun"));
    }
    if offer.expires_at <= at {
        return Err(Refusal::new(Reason::TooLate, "expirationDate has passed"));
    }
    if offer.product.interval.end().duration_since(at) > HORIZON {
        let detail = "the interval ends more than 400 days ahead";
        return Err(Refusal::new(Reason::Malformed, detail));
    }
    Ok(())
}

/// How far ahead a delivery may end.
const HORIZON: SignedDuration = SignedDuration::from_hours(400 * 24);
