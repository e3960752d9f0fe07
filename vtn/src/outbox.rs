//! What waits for a VEN's next poll, or to be pushed to it. OpenADR 2.0b Profile, section 8.6, rule 500, annex C.
//!
//! A payload waits in `outbox`; a poll moves it to `sent`, keyed by when it will be offered
//! again; its late answer removes it from there. So nothing is lost when a reply is, polls may
//! come in any of the three sequences of annex C, and a poll reads one row of each table.

use jiff::Timestamp;
use oadr_store::{Batch, Keys, Read};

use crate::error::Error;
use crate::record::{Entry, GivenUp, Item};
use crate::settings::Limits;
use crate::tables::{GIVEN_UP, OUTBOX, SENT};

/// Adds to the batch: these payloads wait for `ven`, after those that wait already. One that
/// waits or is out already is not queued again: it is offered anyway.
///
/// # Errors
/// [`Error::Clash`] if more than `most` would wait or be out; those of the store.
pub(crate) fn queue(
    view: &impl Read,
    batch: &mut Batch,
    (ven, most): (&str, usize),
    (items, now): (Vec<Item>, Timestamp),
) -> Result<(), Error> {
    let waiting = OUTBOX.range(view, Keys::of((ven,)))?;
    let out = SENT.range(view, Keys::of((ven,)))?;
    let places = waiting.iter().map(|((_, seq), _)| seq).chain(out.iter().map(|((.., s), _)| s));
    let next = places.max().map_or(0, |last| last + 1).max(number(now));
    let known = waiting.iter().map(|(_, entry)| entry).chain(out.iter().map(|(_, entry)| entry));
    let mut known: Vec<&Item> = known.map(|entry| &entry.item).collect();
    for (seq, item) in (next..).zip(&items) {
        if known.contains(&item) {
            continue;
        }
        if known.len() >= most {
            return Err(Error::Clash(format!("too much waits for {ven} already")));
        }
        known.push(item);
        let entry = Entry { item: item.clone(), queued: now, tries: 0 };
        OUTBOX.put_new(batch, (ven, seq), &entry)?;
    }
    Ok(())
}

/// The next payload that waits, without taking it.
pub(crate) fn head(view: &impl Read, ven: &str) -> Result<Option<Item>, Error> {
    let first = OUTBOX.range(view, Keys::of((ven,)).limit(1))?;
    Ok(first.into_iter().next().map(|(_, entry)| entry.item))
}

/// What waits, in order.
pub(crate) fn waiting(view: &impl Read, ven: &str) -> Result<Vec<Item>, Error> {
    let waiting = OUTBOX.range(view, Keys::of((ven,)))?;
    Ok(waiting.into_iter().map(|(_, entry)| entry.item).collect())
}

/// What was fetched and is not answered.
pub(crate) fn unanswered(view: &impl Read, ven: &str) -> Result<Vec<Item>, Error> {
    let out = SENT.range(view, Keys::of((ven,)))?;
    Ok(out.into_iter().map(|(_, entry)| entry.item).collect())
}

/// Adds to the batch: the next payload is out. It is the first that waits, or one that was not
/// answered in time; one that was offered `limits.payload_tries` times is given up instead.
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
    let (mut lost, mut again) = (Vec::new(), None);
    for ((_, was_due, seq), entry) in SENT.range(view, Keys::of((ven,)).limit(GLANCE))? {
        if was_due > now.as_microsecond() {
            break;
        }
        SENT.require_present(batch, (ven, was_due, seq));
        SENT.delete(batch, (ven, was_due, seq));
        if entry.tries >= limits.payload_tries && !entry.item.is_last_word() {
            lost.push((seq, entry));
            continue;
        }
        SENT.put(batch, (ven, due, seq), &Entry { tries: entry.tries + 1, ..entry.clone() })?;
        again = Some(entry.item);
        break;
    }
    give_up(view, batch, ven, (lost, now, "never answered"))?;
    Ok(again)
}

/// When something is to be offered next, in microseconds: what waits is at once.
pub(crate) fn next_due(view: &impl Read, ven: &str) -> Result<Option<i64>, Error> {
    if !OUTBOX.range(view, Keys::of((ven,)).limit(1))?.is_empty() {
        return Ok(Some(i64::MIN));
    }
    let sent = first(SENT.range(view, Keys::of((ven,)).limit(1))?);
    Ok(sent.map(|((_, due, _), _)| due))
}

/// Adds to the batch: what was queued before `before` is given up, but for what the VEN must
/// hear however long it takes.
pub(crate) fn give_up_older(
    view: &impl Read,
    batch: &mut Batch,
    ven: &str,
    (before, now, why): (Timestamp, Timestamp, &str),
) -> Result<(), Error> {
    let is_old = |entry: &Entry| entry.queued < before && !entry.item.is_last_word();
    let mut lost = Vec::new();
    for ((_, seq), entry) in OUTBOX.range(view, Keys::of((ven,)))? {
        if is_old(&entry) {
            OUTBOX.require_present(batch, (ven, seq));
            OUTBOX.delete(batch, (ven, seq));
            lost.push((seq, entry));
        }
    }
    for ((_, due, seq), entry) in SENT.range(view, Keys::of((ven,)))? {
        if is_old(&entry) {
            SENT.require_present(batch, (ven, due, seq));
            SENT.delete(batch, (ven, due, seq));
            lost.push((seq, entry));
        }
    }
    give_up(view, batch, ven, (lost, now, why))
}

/// Adds to the batch: the record of these, in place of the oldest ones.
fn give_up(
    view: &impl Read,
    batch: &mut Batch,
    ven: &str,
    (lost, now, why): (Vec<(u64, Entry)>, Timestamp, &str),
) -> Result<(), Error> {
    if lost.is_empty() {
        return Ok(());
    }
    let kept = GIVEN_UP.range(view, Keys::of((ven,)))?;
    let excess = (kept.len() + lost.len()).saturating_sub(RECORDS);
    for ((_, seq), _) in kept.iter().take(excess) {
        GIVEN_UP.delete(batch, (ven, *seq));
    }
    for (seq, entry) in lost {
        tracing::warn!(ven, item = ?entry.item, tries = entry.tries, why, "given up");
        GIVEN_UP.put(batch, (ven, seq), &GivenUp { entry, at: now, why: why.to_owned() })?;
    }
    Ok(())
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

/// Payloads given up that are still told of.
const RECORDS: usize = 100;

/// How many unanswered payloads a poll looks at, where it has some to give up.
const GLANCE: usize = 16;
