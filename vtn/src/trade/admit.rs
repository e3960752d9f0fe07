//! Which orders need a row in the log, and which are answered from what is written already:
//! repetitions, and what makes no sense. EI 1.0 EiTender, EiTransaction.

use jiff::Timestamp;
use oadr_platform::market::{self, Command, TenderRef};
use oadr_platform::{PartyId, Reason, Refusal};
use oadr_store::{Batch, Read};

use super::judge;
use super::record::{Acceptance, Act, State, Tender, Transaction};
use super::tables::{DIRECTED, TENDERS, TRANSACTIONS, TRANSACTIONS_OF};
use crate::error::Error;

/// What a party, or the clock, wants done.
#[derive(Clone, Debug)]
pub(crate) enum Order {
    /// eiCreateTender: one tender.
    Place(Placement),
    /// eiCancelTender: one tender.
    Cancel(TenderRef),
    /// eiCreateTransaction: one transaction. With what the party says it accepts.
    Accept(Acceptance, market::Tender),
    /// Time has passed.
    Expire,
}

/// A new tender.
#[derive(Clone, Debug)]
pub(crate) struct Placement {
    /// What it says; `counter_party` is none if it is for the market.
    pub offer: market::Tender,
    /// counterPartyID as written.
    pub counter_party: PartyId,
    /// The eiTender in canonical form.
    pub wire: String,
}

/// What an order came to.
#[derive(Clone, Debug)]
pub(crate) enum Done {
    /// The tender it placed or cancelled, as it stands.
    Tender(Box<Tender>),
    /// The transaction is made.
    Agreed,
    /// Time has passed.
    Passed,
}

/// An order's answer.
pub(crate) type Answer = Result<Done, Refusal>;

/// What to do with an order.
pub(crate) enum Admission {
    /// Nothing: this is the answer.
    Answered(Answer),
    /// It goes into the log.
    Log(Box<Act>),
}

impl Order {
    /// What must be touched once only between two looks at the store.
    pub(crate) fn touches(&self) -> Vec<(PartyId, String)> {
        let tender = |which: &TenderRef| (which.party.clone(), format!("t {}", which.tender));
        match self {
            Self::Place(placement) => vec![tender(&placement.offer.reference())],
            Self::Cancel(which) => vec![tender(which)],
            Self::Accept(acceptance, _) => {
                let named =
                    |party: &PartyId| (party.clone(), format!("x {}", acceptance.transaction));
                let other = &acceptance.tender.party;
                vec![tender(&acceptance.tender), named(&acceptance.by), named(other)]
            }
            Self::Expire => vec![(PartyId::from(""), String::new())],
        }
    }

    /// Adds to the batch what is written together with the order's row in the log.
    pub(crate) fn enter(
        &self,
        batch: &mut Batch,
        (number, at): (u64, Timestamp),
    ) -> Result<(), Error> {
        let Self::Place(Placement { offer, counter_party, wire }) = self else { return Ok(()) };
        let tender = Tender {
            counter_party: counter_party.clone(),
            wire: wire.clone(),
            number,
            received: at,
            remaining_wh: offer.quantity_wh,
            state: State::Logged,
            offer: offer.clone(),
        };
        let (party, id) = (offer.party.as_str(), offer.id.as_str());
        TENDERS.put_new(batch, (party, id), &tender)?;
        if let Some(other) = &offer.counter_party {
            DIRECTED.put(batch, (other.as_str(), party, id), &())?;
        }
        Ok(())
    }
}

/// Decides on an order at `at`, with every earlier one recorded.
pub(crate) fn admit(view: &impl Read, order: &Order, at: Timestamp) -> Result<Admission, Error> {
    match order {
        Order::Place(placement) => place(view, placement, at),
        Order::Cancel(which) => cancel(view, which, at),
        Order::Accept(acceptance, said) => accept(view, acceptance, said, at),
        Order::Expire => Ok(log(Act::Market(Command::Expire))),
    }
}

/// The tender of a reference.
pub(crate) fn tender_of(view: &impl Read, which: &TenderRef) -> Result<Option<Tender>, Error> {
    Ok(TENDERS.get(view, (which.party.as_str(), which.tender.as_str()))?)
}

/// The transaction that `party` knows by this id.
pub(crate) fn transaction_of(
    view: &impl Read,
    party: &PartyId,
    id: &str,
) -> Result<Option<Transaction>, Error> {
    match TRANSACTIONS_OF.get(view, (party.as_str(), id))? {
        Some(place) => Ok(TRANSACTIONS.get(view, place)?),
        None => Ok(None),
    }
}

/// A tender as an answer: itself, or why it was refused.
pub(crate) fn standing(tender: Tender) -> Answer {
    match &tender.state {
        State::Refused(no) => Err(no.into()),
        _ => Ok(Done::Tender(Box::new(tender))),
    }
}

fn place(view: &impl Read, new: &Placement, at: Timestamp) -> Result<Admission, Error> {
    let offer = &new.offer;
    if let Some(known) = tender_of(view, &offer.reference())? {
        let same = known.wire == new.wire && known.counter_party == new.counter_party;
        return Ok(Admission::Answered(match same {
            true => standing(known),
            false => no(Reason::Conflict, "this tenderID came before with other content"),
        }));
    }
    if let Err(refusal) = judge::in_time(offer, at) {
        return Ok(Admission::Answered(Err(refusal)));
    }
    Ok(log(match offer.counter_party {
        None => Act::Market(Command::Tender(offer.clone())),
        Some(_) => Act::Direct(offer.clone()),
    }))
}

fn cancel(view: &impl Read, which: &TenderRef, at: Timestamp) -> Result<Admission, Error> {
    let Some(tender) = tender_of(view, which)? else {
        return Ok(Admission::Answered(no(Reason::Unknown, "tenderID unknown")));
    };
    Ok(match tender.state_at(at) {
        State::Cancelled => Admission::Answered(Ok(Done::Tender(Box::new(tender)))),
        State::Refused(_) => Admission::Answered(no(Reason::Unknown, "it was never taken")),
        State::Matched => Admission::Answered(no(Reason::TooLate, "it has been matched")),
        State::Expired => Admission::Answered(no(Reason::TooLate, "it has expired")),
        _ if tender.is_direct() => log(Act::Recall(which.clone())),
        _ => log(Act::Market(Command::Cancel(which.clone()))),
    })
}

fn accept(
    view: &impl Read,
    acceptance: &Acceptance,
    said: &market::Tender,
    at: Timestamp,
) -> Result<Admission, Error> {
    if let Some(known) = transaction_of(view, &acceptance.by, &acceptance.transaction)? {
        let before = (acceptance.by.clone(), acceptance.wire.clone());
        return Ok(Admission::Answered(match known.accepted.as_ref() == Some(&before) {
            true => Ok(Done::Agreed),
            false => no(Reason::Conflict, "this transactionID came before with other content"),
        }));
    }
    let tender = tender_of(view, &acceptance.tender)?;
    // Asked after `acceptable`, so that it tells nothing of parties one does not trade with.
    let taken = transaction_of(view, &acceptance.tender.party, &acceptance.transaction)?.is_some();
    Ok(match judge::acceptable(tender.as_ref(), acceptance, at) {
        Ok(tender) => match judge::agrees(tender, said) {
            Ok(()) if taken => Admission::Answered(no(Reason::Conflict, judge::TAKEN)),
            Ok(()) => log(Act::Accept(acceptance.clone())),
            Err(refusal) => Admission::Answered(Err(refusal)),
        },
        Err(refusal) => Admission::Answered(Err(refusal)),
    })
}

fn log(act: Act) -> Admission {
    Admission::Log(Box::new(act))
}

fn no(reason: Reason, detail: &str) -> Answer {
    Err(Refusal::new(reason, detail))
}
