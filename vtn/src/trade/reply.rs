//! How much one reply holds, so that a short question has no endless answer. EI 1.0 EiTender,
//! EiTransaction.

use std::collections::BTreeSet;

use oadr_schemas::ei::ei::{EiResponse, RefID};
use oadr_schemas::openadr::Code;

use super::code::Fault;

/// The room in one reply.
#[derive(Debug, Default)]
pub(crate) struct Room {
    bytes: usize,
    things: usize,
    full: bool,
}

impl Room {
    /// Whether a thing of this size still fits; the first always does. After one that did not,
    /// none does: what a reply leaves out is the end, not the middle.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        self.full |= self.things >= THINGS || self.things > 0 && self.bytes + bytes > BYTES;
        if !self.full {
            self.things += 1;
            self.bytes += bytes;
        }
        !self.full
    }

    /// Says 200, and if things were left out, how to come by them.
    pub(crate) fn overall(&self, request_id: &str) -> EiResponse {
        let reference = RefID::of(request_id);
        if !self.full {
            return EiResponse::ok(reference);
        }
        let what = format!(
            "cut after {}: a reply holds {THINGS} and {BYTES} bytes at most; \
             ask by id, counterPartyID or interval for the others",
            self.things
        );
        EiResponse::error(Code::Ok, what, reference)
    }

    /// Said of a thing asked for by its id that did not fit: 469.
    pub(crate) fn left_out() -> Fault {
        Fault::new(Code::NotDeployed, "left out: the reply is full; ask for it by itself")
    }
}

/// Each id once, in the order they were asked for.
pub(crate) fn distinct(ids: &[String]) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    ids.iter().map(String::as_str).filter(|id| seen.insert(*id)).collect()
}

/// Tenders or transactions at most in one reply.
const THINGS: usize = 1_000;

/// Bytes of tenders or transactions at most in one reply, each in canonical form.
const BYTES: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_for_any_reply_comes_alone() {
        let mut room = Room::default();
        assert!(room.take(BYTES + 1));
        assert!(!room.take(0), "and the reply says so");
        assert!(room.overall("r").response_description.is_some_and(|what| what.contains("cut")));
    }

    #[test]
    fn a_reply_holds_a_thousand_small_ones() {
        let mut room = Room::default();
        assert!((0..THINGS).all(|_| room.take(1)));
        assert_eq!(room.overall("r"), EiResponse::ok(RefID::of("r")));
        assert!(!room.take(1));
    }
}
