//! The market hook: commands in, outcomes out. Y.2072 8.2.1.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Tender, TenderRef, Trade};
use crate::{Answer, Reason, accept, refuse};

/// A market: a deterministic state machine behind the VTN's EiTender service.
///
/// The VTN appends every command with its time to a log, then calls [`Market::apply`],
/// then records the outcomes and tells the parties. At start it replays the log into a
/// fresh market. So an implementer must guarantee:
///
/// - **Deterministic.** The same commands at the same times give the same outcomes,
///   trade ids and refusals. No clock, no randomness, no order of a hash map.
/// - **Atomic.** A refusal, or a dropped future, leaves the market as it was.
/// - **Idempotent** by [`TenderRef`]. The same tender or cancellation again gives no
///   outcomes; the same id with other content is refused with [`Reason::Conflict`].
/// - **Within limits.** A buyer never pays more, a seller never gets less than the
///   tender says; no party trades with itself; nothing trades after expiry or gate.
/// - **Time does not go back.** An `at` before the last one counts as the last one.
pub trait Market: Send + Sync {
    /// Does what `command` says at `at`, and tells what came of it, in order.
    ///
    /// # Errors
    /// [`Reason::NotOffered`] from the default; [`Reason::Unsupported`] for a command
    /// or product the market does not know; [`Reason::Malformed`], [`Reason::TooLate`],
    /// [`Reason::Conflict`], [`Reason::Unknown`] and [`Reason::TermsViolated`] as they say.
    fn apply<'a>(&'a self, command: Command, at: Timestamp) -> Answer<'a, Vec<Outcome>> {
        let _ = (command, at);
        refuse(Reason::NotOffered, "there is no market here")
    }

    /// When something next happens by itself: the VTN sends [`Command::Expire`] then.
    /// None: nothing waits.
    ///
    /// # Errors
    /// [`Reason::Unavailable`] if the market cannot tell.
    fn wakes_at(&self) -> Answer<'_, Option<Timestamp>> {
        accept(None)
    }
}

/// What a market is told. A market refuses commands it does not know with
/// [`Reason::Unsupported`]: more will come (sessions, quotes, counter-tenders).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Command {
    /// A party offers (eiCreateTender).
    Tender(Tender),
    /// A party takes an offer back (eiCancelTender); what has traded stays traded.
    Cancel(TenderRef),
    /// Time passes.
    Expire,
}

/// What came of it.
// A handful live for a moment: a box for every trade would buy nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Two tenders became a transaction; both parties are to be told.
    Matched(Trade),
    /// The tender waits with what is left of it.
    Rested {
        /// Which.
        tender: TenderRef,
        /// Not yet traded, Wh.
        remaining_wh: Decimal,
    },
    /// The tender's time is over; the rest will not trade.
    Expired {
        /// Which.
        tender: TenderRef,
        /// Never traded, Wh.
        remaining_wh: Decimal,
    },
    /// The party took it back.
    Cancelled {
        /// Which.
        tender: TenderRef,
        /// Never traded, Wh.
        remaining_wh: Decimal,
    },
}

/// No market: every command is refused politely.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMarket;

impl Market for NoMarket {}
