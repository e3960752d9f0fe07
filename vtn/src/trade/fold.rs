//! What the log and its rulings make of tenders and transactions.
//!
//! A ruling is checked before it is written: nothing trades more than it has left, outside its
//! limit, or with itself, whatever the market behind the hook says (threat T9). A ruling that
//! does not hold is put into quarantine: written down, without effect.

use std::collections::{BTreeMap, BTreeSet};

use oadr_platform::market::{Command, Outcome, Side, TenderRef, Trade};
use oadr_platform::{PartyId, Reason, Refusal, TradeId};
use oadr_store::{Batch, Snapshot};
use rust_decimal::Decimal;

use super::admit::tender_of;
use super::judge;
use super::record::{Acceptance, Act, Entry, No, Ruling, State, Tender, Transaction};
use super::tables::{RULINGS, TENDERS, TRANSACTIONS, TRANSACTIONS_OF};
use crate::error::Error;

/// What is to be written together: rulings, in order, and what follows from them.
pub(crate) struct Fold<'a> {
    view: &'a Snapshot,
    batch: Batch,
    tenders: BTreeMap<TenderRef, Tender>,
    named: BTreeSet<(PartyId, TradeId)>,
}

impl<'a> Fold<'a> {
    /// On top of what `view` shows.
    pub(crate) fn new(view: &'a Snapshot) -> Self {
        let (batch, tenders, named) = (Batch::new(), BTreeMap::new(), BTreeSet::new());
        Self { view, batch, tenders, named }
    }

    /// Takes the next entry of the log with the market's ruling; without one it is between two
    /// parties and is judged here.
    ///
    /// # Errors
    /// [`Error::Internal`] if the ruling breaks what every market must keep to.
    pub(crate) fn take(
        &mut self,
        number: u64,
        entry: &Entry,
        ruling: Option<&Ruling>,
    ) -> Result<(), Error> {
        let ruling = match ruling {
            Some(ruling) => ruling.clone(),
            None => self.judge(entry)?,
        };
        RULINGS.put_new(&mut self.batch, number, &ruling)?;
        let placed = match &entry.act {
            Act::Market(Command::Tender(offer)) | Act::Direct(offer) => Some(offer.reference()),
            _ => None,
        };
        match &ruling {
            Ruling::Refused(no) => {
                if let Some(which) = placed {
                    self.tender(&which)?.state = State::Refused(no.clone());
                }
            }
            Ruling::Done(outcomes) => {
                if let Some(which) = placed {
                    self.tender(&which)?.state = State::Open;
                }
                for (place, outcome) in (0..).zip(outcomes) {
                    self.outcome(entry, (number, place), outcome)?;
                }
            }
            // Quarantine is not taken but made.
            Ruling::Quarantined { .. } => return Err(broken("it is in quarantine already")),
        }
        Ok(())
    }

    /// Writes down that a ruling cannot be taken. What the market said is kept, so that the log
    /// still replays; what was asked counts as refused. For a fresh fold.
    ///
    /// # Errors
    /// Those of encoding and of the store.
    pub(crate) fn quarantine(
        &mut self,
        number: u64,
        entry: &Entry,
        ruling: Option<&Ruling>,
    ) -> Result<(), Error> {
        let no = No::from(Refusal::new(Reason::Unavailable, "it could not be recorded"));
        let ruling = match ruling {
            Some(Ruling::Done(said)) => Ruling::Quarantined { said: said.clone(), no: no.clone() },
            Some(other) => other.clone(),
            None => Ruling::Refused(no.clone()),
        };
        RULINGS.put_new(&mut self.batch, number, &ruling)?;
        let (Act::Market(Command::Tender(offer)) | Act::Direct(offer)) = &entry.act else {
            return Ok(());
        };
        let which = offer.reference();
        if self.look(&which)?.is_some() {
            self.tender(&which)?.state = State::Refused(no);
        }
        Ok(())
    }

    /// The batch.
    ///
    /// # Errors
    /// Those of encoding.
    pub(crate) fn finish(mut self) -> Result<Batch, Error> {
        for (which, tender) in &self.tenders {
            TENDERS.put(&mut self.batch, (which.party.as_str(), which.tender.as_str()), tender)?;
        }
        Ok(self.batch)
    }

    fn judge(&mut self, entry: &Entry) -> Result<Ruling, Error> {
        let at = entry.at;
        let result = match &entry.act {
            Act::Direct(offer) => Ok(judge::direct(offer)),
            Act::Recall(which) => judge::recall(self.look(which)?, which, at),
            Act::Accept(accepted) => {
                let result = judge::accept(self.look(&accepted.tender)?, accepted, at);
                match (self.name_taken(accepted)?, result) {
                    (true, Ok(_)) => Err(Refusal::new(Reason::Conflict, judge::TAKEN)),
                    (_, result) => result,
                }
            }
            Act::Market(_) => return Err(broken("a command without the market's ruling")),
        };
        Ok(match result {
            Ok(outcomes) => Ruling::Done(outcomes),
            Err(refusal) => Ruling::Refused(No::from(refusal)),
        })
    }

    fn outcome(
        &mut self,
        entry: &Entry,
        place: (u64, u64),
        outcome: &Outcome,
    ) -> Result<(), Error> {
        match outcome {
            Outcome::Matched(trade) => self.matched(entry, place, trade),
            Outcome::Rested { tender, remaining_wh } => {
                self.end(tender, *remaining_wh, State::Open)
            }
            Outcome::Expired { tender, remaining_wh } => {
                self.end(tender, *remaining_wh, State::Expired)
            }
            Outcome::Cancelled { tender, remaining_wh } => {
                self.end(tender, *remaining_wh, State::Cancelled)
            }
        }
    }

    fn end(&mut self, which: &TenderRef, left: Decimal, state: State) -> Result<(), Error> {
        let tender = self.tender(which)?;
        if tender.state != State::Open || tender.remaining_wh != left {
            return Err(broken(&format!("{which} cannot become {state:?} with {left} Wh left")));
        }
        tender.state = state;
        Ok(())
    }

    fn matched(&mut self, entry: &Entry, place: (u64, u64), trade: &Trade) -> Result<(), Error> {
        let acceptance = match &entry.act {
            Act::Accept(acceptance) => Some(acceptance),
            _ => None,
        };
        if trade.buyer == trade.seller || trade.quantity_wh <= Decimal::ZERO {
            return Err(broken(&format!("trade {} is none", trade.id)));
        }
        for (side, party, tender) in [
            (Side::Buy, &trade.buyer, &trade.buy_tender),
            (Side::Sell, &trade.seller, &trade.sell_tender),
        ] {
            // Who accepts a tender has none of its own.
            if acceptance.is_some_and(|acceptance| acceptance.by == *party) {
                continue;
            }
            let which = TenderRef { party: party.clone(), tender: tender.clone() };
            take(self.tender(&which)?, side, trade)?;
        }
        let accepted = acceptance.map(|one| (one.by.clone(), one.wire.clone()));
        let trade = Trade { id: self.free_name(place, trade)?, ..trade.clone() };
        for party in [&trade.buyer, &trade.seller] {
            TRANSACTIONS_OF.put_new(
                &mut self.batch,
                (party.as_str(), trade.id.as_str()),
                &place,
            )?;
            self.named.insert((party.clone(), trade.id.clone()));
        }
        let transaction = Transaction { trade, number: place.0, accepted };
        Ok(TRANSACTIONS.put_new(&mut self.batch, place, &transaction)?)
    }

    /// The trade's own id; its place in the log is added, and then a count, as long as one of
    /// the two parties has a transaction of that name. It ends: they have finitely many.
    fn free_name(&self, (number, place): (u64, u64), trade: &Trade) -> Result<TradeId, Error> {
        let (mut name, mut count) = (trade.id.clone(), 0_u64);
        while self.has_name(&trade.buyer, &name)? || self.has_name(&trade.seller, &name)? {
            name = match count {
                0 => format!("{}~{number}.{place}", trade.id),
                count => format!("{}~{number}.{place}.{count}", trade.id),
            }
            .into();
            count += 1;
        }
        Ok(name)
    }

    /// Whether a transaction before this one, or in this fold, has the name of an acceptance.
    fn name_taken(&self, accepted: &Acceptance) -> Result<bool, Error> {
        let name = TradeId::from(accepted.transaction.as_str());
        Ok(self.has_name(&accepted.by, &name)? || self.has_name(&accepted.tender.party, &name)?)
    }

    fn has_name(&self, party: &PartyId, name: &TradeId) -> Result<bool, Error> {
        Ok(self.named.contains(&(party.clone(), name.clone()))
            || TRANSACTIONS_OF.contains(self.view, (party.as_str(), name.as_str()))?)
    }

    /// The tender as it stands after what was taken so far, to change.
    fn tender(&mut self, which: &TenderRef) -> Result<&mut Tender, Error> {
        if !self.tenders.contains_key(which) {
            let tender = tender_of(self.view, which)?
                .ok_or_else(|| broken(&format!("{which} is not there")))?;
            self.tenders.insert(which.clone(), tender);
        }
        // Put there by the lines above.
        self.tenders.get_mut(which).ok_or_else(|| broken("a map lost a key"))
    }

    /// The same to look at; none if it is not there.
    fn look(&mut self, which: &TenderRef) -> Result<Option<&Tender>, Error> {
        if !self.tenders.contains_key(which) {
            match tender_of(self.view, which)? {
                Some(tender) => drop(self.tenders.insert(which.clone(), tender)),
                None => return Ok(None),
            }
        }
        Ok(self.tenders.get(which))
    }
}

/// Takes a trade's quantity off one of its two tenders, if the trade keeps to it.
fn take(tender: &mut Tender, side: Side, trade: &Trade) -> Result<(), Error> {
    let offer = &tender.offer;
    let within = match side {
        Side::Buy => trade.price_per_kwh <= offer.price_per_kwh,
        Side::Sell => trade.price_per_kwh >= offer.price_per_kwh,
    };
    let whole = !offer.integral_only || trade.quantity_wh == offer.quantity_wh;
    let keeps = offer.side == side
        && offer.product == trade.product
        && trade.at < offer.stops_at()
        && tender.state == State::Open
        && trade.quantity_wh <= tender.remaining_wh;
    if !(within && whole && keeps) {
        return Err(broken(&format!("trade {} does not keep to {}", trade.id, tender.reference())));
    }
    tender.remaining_wh -= trade.quantity_wh;
    if tender.remaining_wh.is_zero() {
        tender.state = State::Matched;
    }
    Ok(())
}

fn broken(what: &str) -> Error {
    Error::Internal(format!("the market's ruling does not hold: {what}"))
}
