//! What waits for PUSH VENs is posted to them. OpenADR 2.0b Profile, rules 38, 51 and section
//! 9.1.7.
//!
//! The outbox is the same as for polls, and so is what a VEN is offered: one payload at a time,
//! the next once it is taken. One task follows the tables in which something may fall due, so
//! that no work grows with the number of VENs; each exchange has a task of its own. What is out
//! is marked before it is posted, for its answer may come at once and by another connection; the
//! mark is taken back if it did not arrive, which costs none of its tries. Back-off is kept in
//! memory: a VTN that is started again tries at once.

mod deliver;
mod lanes;

use std::collections::HashMap;
use std::sync::Arc;

use oadr_certs::tls::Pin;
use oadr_store::{Follow, Keys, Store};
use oadr_transport::{Client, Random};
use tokio::task::{JoinError, JoinSet};

use self::deliver::{Outcome, deliver};
use self::lanes::Lanes;
use crate::error::Error;
use crate::tables::{DUE, OUTBOX, PARTIES};
use crate::vtn::Vtn;

/// Makes the client for a VEN: it speaks to whoever has one of these certificates, and to nobody
/// else. Its connections are that VEN's alone.
pub type Caller = Arc<dyn Fn(Vec<Pin>) -> Client + Send + Sync>;

impl Vtn {
    /// Pushes until `stop` ends, then breaks off what is under way: it will be pushed again.
    /// Nothing else may push for this store meanwhile.
    ///
    /// # Errors
    /// Those of the store, when it begins; later ones are logged, and tried again.
    pub async fn push(
        &self,
        caller: Caller,
        random: Random,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<(), Error> {
        let clock = Arc::clone(&self.0.clock);
        let push = &self.0.settings.push;
        let mut changes = Changes::of(&self.0.store);
        let mut lanes = Lanes::new(caller, random, push.longest_wait.unsigned_abs());
        for (ven, party) in PARTIES.range(&self.0.store, Keys::all())? {
            lanes.learn(&ven, Some(&party), clock.now());
        }
        let (mut tasks, mut running) = (JoinSet::new(), HashMap::new());
        tokio::pin!(stop);
        loop {
            while tasks.len() < push.exchanges
                && let Some(call) = lanes.start_next(clock.now())
            {
                let (vtn, ven) = (self.clone(), call.ven.clone());
                let task = tasks.spawn(async move { deliver(&vtn, &call).await });
                running.insert(task.id(), ven);
            }
            let next = lanes.next_time().filter(|_| tasks.len() < push.exchanges);
            tokio::select! {
                biased;
                () = &mut stop => return Ok(()),
                changed = changes.next() => match changed {
                    Some(changed) => self.woken(&mut lanes, changed)?,
                    // The store is closed.
                    None => return Ok(()),
                },
                Some(done) = tasks.join_next_with_id() => {
                    let broken = |error: JoinError| (error.id(), Err(internal(&error)));
                    let (task, outcome) = done.unwrap_or_else(broken);
                    if let Some(ven) = running.remove(&task) {
                        lanes.done(&ven, outcome, clock.now());
                    }
                }
                () = clock.sleep_until(next.unwrap_or_default()), if next.is_some() => {}
            }
        }
    }

    fn woken(&self, lanes: &mut Lanes, changed: Changed) -> Result<(), Error> {
        let now = self.0.clock.now();
        match changed {
            Changed::Waiting(vens) => vens.iter().for_each(|ven| lanes.wake(ven, now)),
            Changed::Parties(vens) => {
                for ven in vens {
                    lanes.learn(&ven, PARTIES.get(&self.0.store, &ven)?.as_ref(), now);
                }
            }
        }
        Ok(())
    }
}

fn internal(error: &JoinError) -> Error {
    Error::Internal(format!("an exchange broke off: {error}"))
}

/// What was committed that may make something due.
enum Changed {
    /// Something waits for these VENs, or does no more.
    Waiting(Vec<String>),
    /// These have registered, changed or gone.
    Parties(Vec<String>),
}

struct Changes {
    outbox: Follow<(String, u64)>,
    due: Follow<String>,
    parties: Follow<String>,
}

impl Changes {
    fn of(store: &Store) -> Self {
        Self {
            outbox: OUTBOX.follow(store),
            due: DUE.follow(store),
            parties: PARTIES.follow(store),
        }
    }

    /// The next change; `None` once the store is gone.
    async fn next(&mut self) -> Option<Changed> {
        tokio::select! {
            // A registration first: what was queued with it is for the new address.
            biased;
            vens = self.parties.changed() => vens.map(Changed::Parties),
            keys = self.outbox.changed() => {
                let mut vens: Vec<String> = keys?.into_iter().map(|(ven, _)| ven).collect();
                vens.dedup();
                Some(Changed::Waiting(vens))
            }
            vens = self.due.changed() => vens.map(Changed::Waiting),
        }
    }
}
