//! Who is pushed to, and when next. In memory; no I/O.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;
use oadr_certs::tls::Pin;
use oadr_transport::{Backoff, Client, Random};
use rand::RngCore;

use super::{Caller, Outcome};
use crate::error::Error;
use crate::record::Party;

/// All PUSH VENs.
pub(super) struct Lanes {
    lanes: HashMap<String, Lane>,
    /// When each idle VEN is looked at next: every lane with a `next` stands here once.
    times: BTreeSet<(Timestamp, String)>,
    caller: Caller,
    random: Random,
    longest_wait: Duration,
}

/// One VEN that registered for push. One exchange at a time.
struct Lane {
    who: Who,
    client: Client,
    /// An exchange is under way.
    busy: bool,
    /// Something fell due meanwhile.
    again: bool,
    next: Option<Timestamp>,
    /// Not before: it failed.
    held: Option<Timestamp>,
    backoff: Backoff,
    /// It has only just registered, and may not have been told yet.
    fresh: bool,
}

/// What makes it the same VEN at the same place.
#[derive(PartialEq)]
struct Who {
    registered: Timestamp,
    address: String,
    pins: Vec<Pin>,
}

/// One look at what waits for a VEN.
pub(super) struct Call {
    pub ven: String,
    pub address: String,
    pub client: Client,
    pub fresh: bool,
}

impl Lanes {
    pub(super) fn new(caller: Caller, random: Random, longest_wait: Duration) -> Self {
        Self { lanes: HashMap::new(), times: BTreeSet::new(), caller, random, longest_wait }
    }

    /// Takes in what is known of a VEN. One that registered anew, moved or changed its
    /// certificates is tried at once, however often it failed before.
    pub(super) fn learn(&mut self, ven: &str, party: Option<&Party>, now: Timestamp) {
        let Some(who) = party.and_then(Who::of) else {
            if let Some(lane) = self.lanes.remove(ven) {
                lane.next.map(|at| self.times.remove(&(at, ven.to_owned())));
            }
            return;
        };
        let before = self.lanes.get(ven);
        if before.is_some_and(|lane| lane.who == who) {
            return;
        }
        let busy = before.is_some_and(|lane| lane.busy);
        let next = before.and_then(|lane| lane.next);
        let fresh = before.is_none_or(|lane| lane.who.registered != who.registered);
        let client = (self.caller)(who.pins.clone());
        let backoff = Backoff::new(self.longest_wait, self.random.next_u64());
        let (again, held) = (false, None);
        let lane = Lane { who, client, busy, again, next, held, backoff, fresh };
        self.lanes.insert(ven.to_owned(), lane);
        self.wake(ven, now);
    }

    /// Something may wait for this VEN; nothing happens if it is not pushed to.
    pub(super) fn wake(&mut self, ven: &str, now: Timestamp) {
        let Some(lane) = self.lanes.get_mut(ven) else { return };
        if lane.busy {
            lane.again = true;
        } else {
            let at = lane.held.map_or(now, |held| held.max(now));
            self.schedule(ven, Some(at));
        }
    }

    /// The next VEN to look at, if its time has come; it is busy until [`done`](Self::done).
    pub(super) fn start_next(&mut self, now: Timestamp) -> Option<Call> {
        if self.next_time()? > now {
            return None;
        }
        let (_, ven) = self.times.pop_first()?;
        let lane = self.lanes.get_mut(&ven)?;
        lane.next = None;
        (lane.busy, lane.again) = (true, false);
        let fresh = std::mem::take(&mut lane.fresh);
        let (address, client) = (lane.who.address.clone(), lane.client.clone());
        Some(Call { ven, address, client, fresh })
    }

    /// When [`start_next`](Self::start_next) has something.
    pub(super) fn next_time(&self) -> Option<Timestamp> {
        self.times.first().map(|(at, _)| *at)
    }

    /// Takes in how it went.
    pub(super) fn done(&mut self, ven: &str, outcome: Result<Outcome, Error>, now: Timestamp) {
        let Some(lane) = self.lanes.get_mut(ven) else { return };
        lane.busy = false;
        let next = match outcome {
            Ok(Outcome::Delivered) => {
                lane.backoff.reset();
                lane.held = None;
                Some(now)
            }
            Ok(Outcome::Nothing(_)) if lane.again => Some(now),
            Ok(Outcome::Nothing(next)) => next,
            Ok(Outcome::Failed { wait }) => Some(lane.hold(now, wait)),
            Err(error) => {
                tracing::error!(ven, %error, "a push failed here");
                Some(lane.hold(now, None))
            }
        };
        self.schedule(ven, next);
    }

    fn schedule(&mut self, ven: &str, at: Option<Timestamp>) {
        let Some(lane) = self.lanes.get_mut(ven) else { return };
        if let Some(before) = lane.next {
            self.times.remove(&(before, ven.to_owned()));
        }
        lane.next = at;
        self.times.extend(at.map(|at| (at, ven.to_owned())));
    }
}

impl Lane {
    /// Until when it is left alone.
    fn hold(&mut self, now: Timestamp, asked: Option<Duration>) -> Timestamp {
        let wait = asked.unwrap_or_else(|| self.backoff.after_failure());
        let until = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        self.held = Some(until);
        until
    }
}

impl Who {
    /// `None` for a VEN that is not pushed to.
    fn of(party: &Party) -> Option<Self> {
        let registration = party.registration.as_ref().filter(|_| party.is_registered())?;
        let address = registration.address.clone().filter(|_| !registration.pull)?;
        let pin = |one: &crate::record::Certificate| match one.thumbprint {
            Some(whole) => Pin::from(whole),
            None => Pin::from(one.fingerprint),
        };
        let pins = party.certificates.iter().map(pin).collect();
        Some(Self { registered: registration.at, address, pins })
    }
}
