//! Messages that were not taken, remembered for who has to find out why. Forgotten with the
//! process, and bounded whatever peers send: the last few of each VEN, of so many VENs, and the
//! same for certificates that nobody here knows.

use std::collections::VecDeque;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use lru::LruCache;
use oadr_certs::{Fingerprint, PeerCertificate};
use oadr_schemas::openadr::Message;
use serde::Serialize;

/// A message that one side did not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// When, UTC.
    pub at: Timestamp,
    /// Who said no.
    pub by: Side,
    /// The VEN's message: refused, or saying no itself. Empty if it could not be read.
    pub payload: &'static str,
    /// The response code; of a message that could not be read, the HTTP status.
    pub code: u16,
    /// Why; the VEN's own words where it was the VEN. 256 bytes at most.
    pub why: String,
    /// How far the VEN's clock is ahead of ours, if the message bears a time
    /// (createdDateTime); negative: behind, or the message was under way for so long.
    pub ahead: Option<SignedDuration>,
    /// The events it names (eventID), the first four of them.
    pub events: Vec<String>,
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// This VTN did not take the VEN's message.
    Vtn,
    /// The VEN did not take ours.
    Ven,
}

/// Who spoke with a certificate that nobody here knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stranger {
    /// Its certificate's.
    pub fingerprint: Fingerprint,
    /// What the certificate calls itself; identifies nobody.
    pub common_name: Option<String>,
    /// The venID it last spoke under; identifies nobody.
    pub claims: Option<String>,
    /// What became of its messages, oldest first.
    pub refused: Vec<Refused>,
}

/// What a message says about its sender, beside its purpose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// The venID it was sent under.
    pub claims: Option<String>,
    /// Its sender's time when it was made, UTC.
    pub clock: Option<Timestamp>,
    /// The events it names.
    pub events: Vec<String>,
    /// The code and words by which it says no to something of ours.
    pub no: Option<(u16, String)>,
}

/// Whose refusals are kept.
#[derive(Debug)]
pub(crate) struct Refusals {
    vens: Rings<String>,
    strangers: Rings<Fingerprint, (Option<String>, Option<String>)>,
}

/// The last refusals of each, of the last of them, with what else is known of each.
#[derive(Debug)]
struct Rings<K: Hash + Eq, T = ()> {
    rings: Mutex<LruCache<K, (T, VecDeque<Refused>)>>,
    each: usize,
}

impl Said {
    /// What a message says. Names are looked up only in one that is `refused`.
    pub(crate) fn by(message: &Message, refused: bool) -> Self {
        let no = message.response().filter(|response| !response.is_ok()).map(|response| {
            let words = response.response_description.as_deref().unwrap_or_default();
            (response.response_code.value().parse().unwrap_or(0), cut(words))
        });
        let names = refused || no.is_some();
        Self {
            claims: message.ven_id().filter(|id| refused && !id.is_empty()).map(cut),
            clock: clock_of(message),
            events: if names { events_of(message) } else { Vec::new() },
            no,
        }
    }
}

impl Refusals {
    pub(crate) fn of_ven(&self, ven: &str) -> Vec<Refused> {
        self.vens.read(|rings| rings.peek(ven).map(|(_, ring)| ring.iter().cloned().collect()))
    }

    /// Those who spoke last first.
    pub(crate) fn strangers(&self) -> Vec<Stranger> {
        self.strangers.read(|rings| {
            let all = rings.iter().map(|(fingerprint, ((common_name, claims), ring))| Stranger {
                fingerprint: *fingerprint,
                common_name: common_name.clone(),
                claims: claims.clone(),
                refused: ring.iter().cloned().collect(),
            });
            Some(all.collect())
        })
    }

    pub(crate) fn note(&self, ven: &str, refused: Refused) {
        self.vens.push(ven.to_owned(), refused);
    }

    pub(crate) fn note_stranger(
        &self,
        certificate: &PeerCertificate,
        claims: Option<String>,
        refused: Refused,
    ) {
        let common_name = certificate.common_name.as_deref().map(cut);
        self.strangers.push_with(certificate.fingerprint(), refused, |known| {
            known.0 = common_name;
            known.1 = claims.or_else(|| known.1.take());
        });
    }
}

impl Default for Refusals {
    fn default() -> Self {
        Self { vens: Rings::of(VENS, EACH), strangers: Rings::of(STRANGERS, EACH_STRANGER) }
    }
}

impl<K: Hash + Eq, T: Default> Rings<K, T> {
    fn of(most: NonZeroUsize, each: usize) -> Self {
        Self { rings: Mutex::new(LruCache::new(most)), each }
    }

    fn push(&self, key: K, refused: Refused) {
        self.push_with(key, refused, |_| {});
    }

    fn push_with(&self, key: K, refused: Refused, note: impl FnOnce(&mut T)) {
        // Plain values cannot be left half-way by a panic.
        let mut rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, ring) = rings.get_or_insert_mut(key, Default::default);
        note(known);
        if ring.len() >= self.each {
            ring.pop_front();
        }
        ring.push_back(refused);
    }

    fn read<R: Default>(
        &self,
        read: impl FnOnce(&LruCache<K, (T, VecDeque<Refused>)>) -> Option<R>,
    ) -> R {
        let rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        read(&rings).unwrap_or_default()
    }
}

/// A text of a peer's, [`WORDS`] bytes of it at most.
pub(crate) fn cut(text: &str) -> String {
    let mut end = text.len().min(WORDS);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

/// When the sender says it made the message: createdDateTime where it is the sender's own now.
/// That of metadata may be as old as the device.
fn clock_of(message: &Message) -> Option<Timestamp> {
    match message {
        Message::OadrCreateOpt(m) => Some(*m.created_date_time),
        Message::OadrUpdateReport(m) => m.oadr_report.iter().map(|r| *r.created_date_time).max(),
        _ => None,
    }
}

/// Longer names than are kept cannot be told apart by their beginnings: they are left out.
fn events_of(message: &Message) -> Vec<String> {
    let answers: Box<dyn Iterator<Item = &str>> = match message {
        Message::OadrCreatedEvent(m) => {
            Box::new(m.answers().iter().map(|answer| answer.qualified_event_id.event_id.as_str()))
        }
        Message::OadrCreateOpt(m) => {
            Box::new(m.qualified_event_id.iter().map(|event| event.event_id.as_str()))
        }
        _ => return Vec::new(),
    };
    answers.filter(|id| id.len() <= WORDS).take(EVENTS).map(str::to_owned).collect()
}

/// Bytes of a text of a peer's that are kept.
const WORDS: usize = 256;
/// Events of a message that are kept.
const EVENTS: usize = 4;
/// VENs whose refusals are kept, the last ones: with all of the above some twenty megabytes if
/// every one of them is refused at its longest.
const VENS: NonZeroUsize = NonZeroUsize::new(1024).expect("is not zero");
/// Refusals kept of a VEN.
const EACH: usize = 16;
/// Strangers kept.
const STRANGERS: NonZeroUsize = NonZeroUsize::new(64).expect("is not zero");
/// Refusals kept of a stranger.
const EACH_STRANGER: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u16) -> Refused {
        Refused {
            at: Timestamp::UNIX_EPOCH,
            by: Side::Vtn,
            payload: "oadrPoll",
            code,
            why: String::new(),
            ahead: None,
            events: Vec::new(),
        }
    }

    #[test]
    fn of_each_ven_the_last_are_kept() {
        let refusals = Refusals::default();
        for code in 0..400 {
            refusals.note("A", refused(code));
        }
        refusals.note("B", refused(1));
        let codes: Vec<u16> = refusals.of_ven("A").iter().map(|one| one.code).collect();
        assert_eq!(codes, (384..400).collect::<Vec<_>>());
        assert_eq!(refusals.of_ven("B").len(), 1);
    }

    #[test]
    fn of_the_vens_the_last_are_kept() {
        let refusals = Refusals::default();
        for ven in 0..VENS.get() {
            refusals.note(&ven.to_string(), refused(452));
        }
        refusals.note("0", refused(452));
        refusals.note("one more", refused(452));
        assert_eq!(refusals.of_ven("0").len(), 2, "it spoke lately");
        assert!(refusals.of_ven("1").is_empty(), "it was silent for the longest time");
        assert_eq!(refusals.vens.read(|rings| Some(rings.len())), VENS.get());
    }

    #[test]
    fn a_long_text_is_cut_between_its_letters() {
        assert_eq!(cut(&"ä".repeat(WORDS)), "ä".repeat(WORDS / 2));
        assert_eq!(cut(&format!("a{}", "ä".repeat(WORDS))).len(), WORDS - 1);
    }
}
