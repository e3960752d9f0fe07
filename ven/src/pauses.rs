//! Kinds of message that rest after the VTN made nothing of one, while the rest goes on:
//! a report that is answered with HTTP 500 must not hold up polls and events. OpenADR 2.0b
//! Profile, 9.1.7.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use oadr_transport::Backoff;

use crate::context::Trouble;
use crate::link::About;

/// What is sent on the VEN's own account and can wait by itself. Polls, answers and the
/// registration are none of it: they come in an order, and wait together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Matter {
    Reports,
    Opts,
    Tenders,
    Transactions,
    Deliveries,
}

/// The matters that rest. Lost with the process: then each has one attempt more.
#[derive(Default)]
pub(crate) struct Pauses(BTreeMap<Matter, Pause>);

struct Pause {
    until: Timestamp,
    backoff: Backoff,
    trouble: String,
}

impl Pauses {
    /// Whether a matter may be seen to now.
    pub fn may(&self, matter: Matter, now: Timestamp) -> bool {
        self.until(matter).is_none_or(|until| until <= now)
    }

    /// Until when a matter rests.
    pub fn until(&self, matter: Matter) -> Option<Timestamp> {
        self.0.get(&matter).map(|pause| pause.until)
    }

    /// What is wrong, for people, with any of them.
    pub fn trouble(&self) -> Option<String> {
        self.0.values().next().map(|pause| pause.trouble.clone())
    }

    /// Nothing rests any more.
    pub fn end(&mut self) {
        self.0.clear();
    }

    /// Takes in how it went with a matter at `now`: a message that came to nothing lets the
    /// matter rest, first as `fresh` says, then ever longer.
    ///
    /// # Errors
    /// Trouble that is about more than one message.
    pub fn settle(
        &mut self,
        matter: Matter,
        went: Result<(), Trouble>,
        (now, fresh): (Timestamp, impl FnOnce() -> Backoff),
    ) -> Result<(), Trouble> {
        match went {
            Ok(()) => {
                self.0.remove(&matter);
                Ok(())
            }
            Err(Trouble::Away(silence)) if silence.about == About::Message => {
                let (until, trouble) = (now, String::new());
                let pause = self.0.entry(matter);
                let pause = pause.or_insert_with(|| Pause { until, backoff: fresh(), trouble });
                let span: Duration = pause.backoff.after_failure();
                pause.until = now.checked_add(span).unwrap_or(Timestamp::MAX);
                pause.trouble = silence.detail;
                Ok(())
            }
            Err(trouble) => Err(trouble),
        }
    }
}
