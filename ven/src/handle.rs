//! What people may ask of a VEN while it runs. Each call is on disk when it returns, and
//! reaches the VTN when the VTN can be reached.

use std::sync::Arc;

use jiff::Timestamp;
use oadr_platform::opt::{Opt, OptReason, OptSchedule};
use oadr_platform::{EventId, OptId, ResourceId};
use oadr_store::{Batch, Store};
use oadr_transport::Clock;
use tokio::sync::watch;

use crate::bell::Bell;
use crate::error::Error;
use crate::service::opt::cancelling;
use crate::status::Status;
use crate::tables::{EVENTS, OPTS, OptRecord, OptState, OptWhat};

/// A way to speak to a VEN while it runs. Cheap to clone.
#[derive(Clone)]
pub struct Handle {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) bell: Bell,
    pub(crate) status: watch::Receiver<Status>,
}

impl Handle {
    /// Tells the VTN when resources are, or are not, to be had. The same id replaces a
    /// schedule. Rules 200, 202, 204.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without any interval; [`Error::Store`].
    pub async fn opt_schedule(&self, schedule: OptSchedule) -> Result<OptId, Error> {
        if schedule.intervals.is_empty() {
            let why = "a schedule needs at least one interval";
            return Err(Error::NotAllowed { rule: 206, why });
        }
        let id = schedule.id.clone();
        self.put(&id, OptWhat::Schedule(schedule)).await?;
        Ok(id)
    }

    /// Opts in or out of an event, or of some of its resources (none: all). It counts here
    /// at once and survives modifications of the event. Rules 206, 210.
    ///
    /// # Errors
    /// [`Error::UnknownEvent`]; [`Error::NotAllowed`] for an event that came with `never`;
    /// [`Error::Store`].
    pub async fn opt_event(
        &self,
        event: &EventId,
        opt: Opt,
        reason: OptReason,
        resources: Vec<ResourceId>,
    ) -> Result<OptId, Error> {
        let known = EVENTS.get(&self.store, event.as_str())?.filter(|known| known.is_known());
        let known = known.ok_or_else(|| Error::UnknownEvent(event.to_string()))?;
        if !known.always {
            let why = "the VTN wants no answer to this event";
            return Err(Error::NotAllowed { rule: 206, why });
        }
        let (event, modification) = (event.to_string(), known.offer.modification);
        let id = OptId::from(format!("{event}-{}", self.clock.now().as_nanosecond()));
        self.put(&id, OptWhat::Event { event, modification, opt, reason, resources }).await?;
        Ok(id)
    }

    /// Takes back a schedule. Rules 204, 211.
    ///
    /// # Errors
    /// [`Error::UnknownOpt`]; [`Error::NotAllowed`] for an opt of an event, which is reverted
    /// by another [`Handle::opt_event`]; [`Error::Store`].
    pub async fn cancel_opt(&self, id: &OptId) -> Result<(), Error> {
        let record = OPTS.load(&self.store, id.as_str())?;
        let record = record.ok_or_else(|| Error::UnknownOpt(id.to_string()))?;
        if matches!(record.what, OptWhat::Event { .. }) {
            let why = "the opt of an event is not cancelled but opted anew";
            return Err(Error::NotAllowed { rule: 211, why });
        }
        let mut batch = Batch::new();
        let gone = cancelling(&record, request_id(id, self.clock.now()));
        OPTS.swap(&mut batch, id.as_str(), &record, &gone)?;
        self.store.commit(batch).await?;
        self.bell.ring();
        Ok(())
    }

    /// What the VEN is doing, as of its last step; changes can be waited for.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Lets the VEN look at once whether something is due: the site has changed.
    pub fn nudge(&self) {
        self.bell.ring();
    }

    /// Waits until a VEN that runs has done everything that is due by its clock and everything
    /// it was told by this handle or another. Gives the time to which it sleeps then.
    pub async fn settled(&self) -> Timestamp {
        self.bell.settled(&*self.clock).await
    }

    async fn put(&self, id: &OptId, what: OptWhat) -> Result<(), Error> {
        let since = self.clock.now();
        let request_id = request_id(id, since);
        let record = OptRecord { what, state: OptState::New, request_id, of_site: false, since };
        let mut batch = Batch::new();
        OPTS.put(&mut batch, id.as_str(), &record)?;
        self.store.commit(batch).await?;
        self.bell.ring();
        Ok(())
    }
}

/// Unique for an opt and an instant.
fn request_id(id: &OptId, now: Timestamp) -> String {
    format!("{id}-{}", now.as_nanosecond())
}
