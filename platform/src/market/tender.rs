//! What is said to a market and by it: tenders and trades. EI 1.0 EiTender, EiTransaction.

use std::fmt;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Currency, Interval, MarketContext, PartyId, ProductClass, TenderId, TradeId};

/// Which side of the trade the tendering party wants to be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    /// The party takes the energy and pays.
    Buy,
    /// The party gives the energy and is paid.
    Sell,
}

impl Side {
    /// The other one.
    pub fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }
}

/// What is traded: only tenders of equal product can match.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Product {
    /// In which market.
    pub market_context: MarketContext,
    /// Of which kind, `energy` if nothing more is said.
    pub class: ProductClass,
    /// The money of its prices.
    pub currency: Currency,
    /// When it is delivered, UTC, at constant power.
    pub interval: Interval,
}

/// An offer to buy or sell. Binding until cancelled, matched or expired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// Its id, unique among `party`'s.
    pub id: TenderId,
    /// Who offers.
    pub party: PartyId,
    /// To whom: only this party can match it. None is everyone (on the wire: the
    /// market operator's own id, or none).
    pub counter_party: Option<PartyId>,
    /// Buy or sell.
    pub side: Side,
    /// What.
    pub product: Product,
    /// How much over the whole interval, Wh, above zero.
    pub quantity_wh: Decimal,
    /// The limit: the most a buyer pays, the least a seller takes, for a kWh; may be
    /// negative.
    pub price_per_kwh: Decimal,
    /// All or nothing, in one trade (integralOnly).
    pub integral_only: bool,
    /// The instant from which it can no longer match, UTC.
    pub expires_at: Timestamp,
}

impl Tender {
    /// Its name in the whole market.
    pub fn reference(&self) -> TenderRef {
        TenderRef { party: self.party.clone(), tender: self.id.clone() }
    }
}

/// A tender's name in the whole market: a party's ids are its own affair, so no party
/// can take another's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TenderRef {
    /// Whose.
    pub party: PartyId,
    /// Which.
    pub tender: TenderId,
}

impl fmt::Display for TenderRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.party, self.tender)
    }
}

/// Two tenders became a binding transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trade {
    /// Its id: the same in every replay.
    pub id: TradeId,
    /// What.
    pub product: Product,
    /// How much over the whole interval, Wh.
    pub quantity_wh: Decimal,
    /// At which price, for a kWh, within both limits.
    pub price_per_kwh: Decimal,
    /// Who takes and pays.
    pub buyer: PartyId,
    /// Who gives and is paid.
    pub seller: PartyId,
    /// The buyer's tender.
    pub buy_tender: TenderId,
    /// The seller's tender.
    pub sell_tender: TenderId,
    /// When it was made, UTC.
    pub at: Timestamp,
}

impl Trade {
    /// What the buyer owes the seller, in the product's currency, exact and unrounded;
    /// none if it is beyond what a decimal holds.
    pub fn amount(&self) -> Option<Decimal> {
        self.quantity_wh.checked_mul(self.price_per_kwh)?.checked_div(Decimal::ONE_THOUSAND)
    }

    /// On which side `party` is; none if it has no part in it.
    pub fn side_of(&self, party: &PartyId) -> Option<Side> {
        match party {
            p if *p == self.buyer => Some(Side::Buy),
            p if *p == self.seller => Some(Side::Sell),
            _ => None,
        }
    }
}
