//! The reference market: a continuous double auction at the midpoint. Y.2072 8.2.1.
//!
//! Rules: two tenders of equal [`Product`](super::Product) match when the buyer's limit
//! is not below the seller's, the parties differ, and each is open or directed at the
//! other. A tender meets the resting ones in order of price, then arrival. The price is
//! the midpoint of both limits to a millionth of the currency for a kWh; quantities are
//! whole Wh. What is left rests. An `integral_only` tender trades whole, with one
//! partner, or not at all: a partner too small for it is passed over. The gate closes
//! when delivery begins. Products do not touch each other.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{Command, Market, Outcome, PRICE_DECIMALS, Tender, book::Book};
use crate::{Answer, PartyId, Reason, Refusal, answer};

/// The reference market. Give it to the VTN, or a replay of the VTN's log to it.
#[derive(Debug, Default)]
pub struct Matcher {
    operator: Option<PartyId>,
    book: Mutex<Book>,
}

impl Matcher {
    /// An empty market. A tender directed at `operator`, the market's own id as a
    /// party, is open to everyone.
    pub fn operated_by(operator: PartyId) -> Self {
        Self { operator: Some(operator), book: Mutex::default() }
    }

    fn obey(&self, command: Command, at: Timestamp) -> Result<Vec<Outcome>, Refusal> {
        let mut book = self.book();
        let at = at.max(book.latest());
        match command {
            Command::Tender(tender) => {
                let tender = self.checked(tender)?;
                if book.knows(&tender)? {
                    return Ok(Vec::new());
                }
                in_time(&tender, at)?;
                let mut outcomes = book.pass_time(at);
                book.enter(tender, at, &mut outcomes);
                Ok(outcomes)
            }
            Command::Cancel(which) => {
                book.cancellable(&which, at)?;
                let mut outcomes = book.pass_time(at);
                outcomes.extend(book.cancel(&which));
                Ok(outcomes)
            }
            Command::Expire => Ok(book.pass_time(at)),
        }
    }

    /// The tender, if it makes sense by itself.
    fn checked(&self, mut tender: Tender) -> Result<Tender, Refusal> {
        let no = |reason, detail: &str| Err(Refusal::new(reason, detail));
        if tender.counter_party.is_some() && tender.counter_party == self.operator {
            tender.counter_party = None;
        }
        if tender.counter_party.as_ref() == Some(&tender.party) {
            return no(Reason::NotAllowed, "a party cannot trade with itself");
        }
        if tender.product.interval.duration.is_zero() {
            return no(Reason::Malformed, "the delivery interval is empty");
        }
        let quantity = tender.quantity_wh;
        if quantity <= Decimal::ZERO || quantity > MAX_QUANTITY_WH {
            return no(Reason::Malformed, "the quantity is not above zero and at most 1 TWh");
        }
        if !quantity.is_integer() {
            return no(Reason::TermsViolated, "the quantity is not in whole Wh");
        }
        if tender.price_per_kwh.abs() > MAX_PRICE_PER_KWH {
            return no(Reason::Malformed, "the price is beyond a thousand million for a kWh");
        }
        if tender.price_per_kwh.normalize().scale() > PRICE_DECIMALS {
            return no(Reason::TermsViolated, "the price has more than six decimals for a kWh");
        }
        Ok(tender)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // A panic while matching would leave the book between two states; nothing in it
        // panics, and a poisoned lock must not take the VTN down for good.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Market for Matcher {
    fn apply<'a>(&'a self, command: Command, at: Timestamp) -> Answer<'a, Vec<Outcome>> {
        answer(self.obey(command, at))
    }

    fn wakes_at(&self) -> Answer<'_, Option<Timestamp>> {
        answer(Ok(self.book().wakes_at()))
    }
}

/// Whether the tender still has a time in which it could match.
fn in_time(tender: &Tender, at: Timestamp) -> Result<(), Refusal> {
    if tender.product.interval.start <= at {
        return Err(Refusal::new(Reason::TooLate, "the gate of the delivery interval is closed"));
    }
    if tender.expires_at <= at {
        return Err(Refusal::new(Reason::TooLate, "the tender has expired"));
    }
    Ok(())
}

/// Beyond what any tender needs, and far within what a decimal multiplies exactly.
const MAX_QUANTITY_WH: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);
const MAX_PRICE_PER_KWH: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_quantity_is_a_terawatt_hour() {
        assert_eq!(MAX_QUANTITY_WH, Decimal::from(1_000_000_000_000_u64));
    }
}
