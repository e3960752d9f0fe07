//! What waits for a VEN's next poll. OpenADR 2.0b Profile, section 8.6, rule 500, annex C.
//!
//! A payload waits in `outbox`; a poll moves it to `sent`, keyed by when it will be offered
//! again; its late answer removes it from there. So nothing is lost when a reply is, polls may
//! come in any of the three sequences of annex C, and a poll reads one row of each table.

use jiff::Timestamp;
use oadr_store::{Batch, Keys, Read};

use crate::error::Error;
use crate::record::{Entry, Item};
use crate::settings::Limits;
use crate::tables::{OUTBOX, SENT};

/// Adds to the batch: these payloads wait for `ven`, after those that wait already.
///
/// # Errors
/// [`Error::Clash`] if too many wait; those of the store.
pub(crate) fn queue(
    view: &impl Read,
    batch: &mut Batch,
    (ven, limits): (&str, &Limits),
    (items, now): (Vec<Item>, Timestamp),
) -> Result<(), Error> {
    let waiting = OUTBOX.range(view, Keys::of((ven,)).limit(limits.outbox + 1))?;
    if waiting.len() + items.len() > limits.outbox {
        return Err(Error::Clash(format!("too much waits for {ven} already")));
    }
    let mut next = number(now);
    if let Some(((_, last), _)) = waiting.last() {
        next = next.max(last + 1);
    }
    for item in items {
        if waiting.iter().any(|(_, entry)| entry.item == item) {
            continue;
        }
        OUTBOX.put_new(batch, (ven, next), &Entry { item, queued: now, tries: 0 })?;
        next += 1;
    }
    Ok(())
}

/// The next payload that waits, without taking it.
pub(crate) fn head(view: &impl Read, ven: &str) -> Result<Option<Item>, Error> {
    let first = OUTBOX.range(view, Keys::of((ven,)).limit(1))?;
    Ok(first.into_iter().next().map(|(_, entry)| entry.item))
}

/// Adds to the batch: the next payload is out. It is the first that waits, or one that was not
/// answered in time.
pub(crate) fn fetch(
    view: &impl Read,
    batch: &mut Batch,
    ven: &str,
    (now, limits): (Timestamp, &Limits),
) -> Result<Option<Item>, Error> {
    let due = now.checked_add(limits.answer_within).unwrap_or(Timestamp::MAX).as_microsecond();
    if let Some((key, entry)) = first(OUTBOX.range(view, Keys::of((ven,)).limit(1))?) {
        let (ven, seq) = &key;
        OUTBOX.require_present(batch, (ven, *seq));
        OUTBOX.delete(batch, (ven, *seq));
        SENT.put(batch, (ven, due, *seq), &Entry { tries: 1, ..entry.clone() })?;
        return Ok(Some(entry.item));
    }
    let Some((key, entry)) = first(SENT.range(view, Keys::of((ven,)).limit(1))?) else {
        return Ok(None);
    };
    let (ven, was_due, seq) = &key;
    if *was_due > now.as_microsecond() {
        return Ok(None);
    }
    SENT.require_present(batch, (ven, *was_due, *seq));
    SENT.delete(batch, (ven, *was_due, *seq));
    SENT.put(batch, (ven, due, *seq), &Entry { tries: entry.tries + 1, ..entry.clone() })?;
    Ok(Some(entry.item))
}

/// Adds to the batch: the payload that `answers` picks is answered. `None` if none is out: an
/// answer that came twice.
pub(crate) fn answered(
    view: &impl Read,
    batch: &mut Batch,
    ven: &str,
    answers: impl Fn(&Item) -> bool,
) -> Result<Option<Item>, Error> {
    let out = SENT.range(view, Keys::of((ven,)))?;
    let Some(((_, due, seq), entry)) = out.into_iter().find(|(_, entry)| answers(&entry.item))
    else {
        return Ok(None);
    };
    SENT.require_present(batch, (ven, due, seq));
    SENT.delete(batch, (ven, due, seq));
    Ok(Some(entry.item))
}

/// Adds to the batch: what `unwanted` picks neither waits nor is expected to be answered.
pub(crate) fn drop_if(
    view: &impl Read,
    batch: &mut Batch,
    ven: &str,
    unwanted: impl Fn(&Item) -> bool,
) -> Result<(), Error> {
    for ((_, seq), entry) in OUTBOX.range(view, Keys::of((ven,)))? {
        if unwanted(&entry.item) {
            OUTBOX.delete(batch, (ven, seq));
        }
    }
    for ((_, due, seq), entry) in SENT.range(view, Keys::of((ven,)))? {
        if unwanted(&entry.item) {
            SENT.delete(batch, (ven, due, seq));
        }
    }
    Ok(())
}

/// Adds to the batch: only this waits, and nothing is out.
pub(crate) fn restart(
    view: &impl Read,
    batch: &mut Batch,
    ven: &str,
    (item, now): (Item, Timestamp),
) -> Result<(), Error> {
    drop_if(view, batch, ven, |_| true)?;
    Ok(OUTBOX.put(batch, (ven, number(now)), &Entry { item, queued: now, tries: 0 })?)
}

/// A number that grows with time, so that it is not given again when the queue has emptied.
pub(crate) fn number(now: Timestamp) -> u64 {
    u64::try_from(now.as_microsecond()).unwrap_or(0)
}

fn first<T>(found: Vec<T>) -> Option<T> {
    found.into_iter().next()
}
