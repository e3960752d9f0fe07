//! What is remembered of tenders, transactions and deliveries, in plain structs: stored as they
//! are, and given to the operator. EI 1.0 EiTender, EiTransaction, EiDelivery.

use jiff::Timestamp;
use oadr_platform::market::{self, Command, Outcome, TenderRef, Trade};
use oadr_platform::{Interval, PartyId, Reason, Refusal};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A tender and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// What it says, as the market understands it.
    pub offer: market::Tender,
    /// counterPartyID: to whom, as the party wrote it.
    pub counter_party: PartyId,
    /// The eiTender in canonical form: what tells a repetition from other content.
    pub wire: String,
    /// Its number in the log.
    pub number: u64,
    /// When it was entered in the log, UTC.
    pub received: Timestamp,
    /// Not yet traded, Wh.
    pub remaining_wh: Decimal,
    /// How it stands.
    pub state: State,
}

/// How a tender stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// In the log; not judged yet.
    Logged,
    /// Can be matched or accepted, until its time is over.
    Open,
    /// All of it has traded.
    Matched,
    /// Taken back by its party.
    Cancelled,
    /// Its time is over.
    Expired,
    /// Not taken.
    Refused(No),
}

/// A refusal in the stored form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct No {
    /// Which kind.
    pub reason: Why,
    /// What exactly; fit to be shown to the peer.
    pub detail: String,
}

/// [`Reason`] in the stored form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// [`Reason::NotOffered`].
    NotOffered,
    /// [`Reason::Unsupported`].
    Unsupported,
    /// [`Reason::Malformed`].
    Malformed,
    /// [`Reason::Unknown`].
    Unknown,
    /// [`Reason::Conflict`].
    Conflict,
    /// [`Reason::NotAllowed`].
    NotAllowed,
    /// [`Reason::TooLate`].
    TooLate,
    /// [`Reason::TermsViolated`].
    TermsViolated,
    /// [`Reason::Unavailable`].
    Unavailable,
}

/// A row of the log: what was asked, in which order, when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was written, UTC; never before the entry with a lower number.
    pub at: Timestamp,
    /// What was asked.
    pub act: Act,
}

/// What can be asked.
// Rows live for a moment: a box would buy nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// For the market.
    Market(Command),
    /// A tender directed at one party (eiCreateTender): waits for that party.
    Direct(market::Tender),
    /// A tender directed at one party is taken back (eiCancelTender).
    Recall(TenderRef),
    /// A tender directed at a party is accepted by it (eiCreateTransaction).
    Accept(Acceptance),
}

/// A party accepts a tender directed at it, whole or in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// transactionID, as the accepting party named it.
    pub transaction: String,
    /// Who accepts.
    pub by: PartyId,
    /// Which tender.
    pub tender: TenderRef,
    /// How much of it, Wh.
    pub quantity_wh: Decimal,
    /// The eiTransaction in canonical form.
    pub wire: String,
}

/// What came of an entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// Done, with these outcomes.
    Done(Vec<Outcome>),
    /// Refused; nothing changed.
    Refused(No),
    /// What the market said cannot be: it counts for nothing, and what was asked is not done.
    Quarantined {
        /// What the market said, to be said again in every replay.
        said: Vec<Outcome>,
        /// What the party is told.
        no: No,
    },
}

/// A transaction: binding, never cancelled, only compensated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// What was agreed between whom; its id is the transactionID.
    pub trade: Trade,
    /// The number of the log entry that made it.
    pub number: u64,
    /// Who accepted a tender directed at it, and its eiTransaction in canonical form; `None`:
    /// made by the market.
    pub accepted: Option<(PartyId, String)>,
}

/// A delivery as it was measured (EiDelivery).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// eiDeliveryID.
    pub id: String,
    /// Whose meter.
    pub party: PartyId,
    /// The emix uid the party gave its question.
    pub uid: String,
    /// When.
    pub interval: Interval,
    /// True: into the market; false: out of it.
    pub injection: bool,
    /// How much in that direction, Wh; negative: the other way.
    pub quantity_wh: Decimal,
    /// Whether readings that are no measurements were counted.
    pub estimated: bool,
    /// When it was first answered, UTC.
    pub created: Timestamp,
}

impl Ruling {
    /// Whether the market, in a replay, says what it said when this was written.
    pub(crate) fn repeats(&self, said: &Self) -> bool {
        match (self, said) {
            (Self::Quarantined { said: before, .. }, Self::Done(now)) => before == now,
            _ => self == said,
        }
    }
}

impl Tender {
    /// Its name in the whole market.
    #[must_use]
    pub fn reference(&self) -> TenderRef {
        self.offer.reference()
    }

    /// Whether it waits for one party, not for the market.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.offer.counter_party.is_some()
    }

    /// How it stands at `now`: an open one whose time is over has expired, also before that is
    /// written down.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> State {
        match self.state {
            State::Open if self.offer.stops_at() <= now => State::Expired,
            ref state => state.clone(),
        }
    }

    /// What has traded, Wh.
    #[must_use]
    pub fn traded_wh(&self) -> Decimal {
        self.offer.quantity_wh - self.remaining_wh
    }
}

impl Transaction {
    /// Whether `party` is one of the two.
    #[must_use]
    pub fn concerns(&self, party: &PartyId) -> bool {
        self.trade.side_of(party).is_some()
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Self { reason: Why::from(refusal.reason), detail: refusal.detail }
    }
}

impl From<&No> for Refusal {
    fn from(no: &No) -> Self {
        Self::new(no.reason.into(), no.detail.clone())
    }
}

macro_rules! reasons {
    ($($name:ident)+) => {
        impl From<Reason> for Why {
            fn from(reason: Reason) -> Self {
                match reason {
                    $(Reason::$name => Self::$name,)+
                }
            }
        }

        impl From<Why> for Reason {
            fn from(why: Why) -> Self {
                match why {
                    $(Why::$name => Self::$name,)+
                }
            }
        }
    };
}

reasons! {
    NotOffered Unsupported Malformed Unknown Conflict NotAllowed TooLate TermsViolated Unavailable
}
