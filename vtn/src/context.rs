//! All that a handler is given.

use jiff::Timestamp;
use oadr_platform::PartyId;
use oadr_platform::aggregator::Notice;
use oadr_store::{Batch, Snapshot, Store, Stored};

use crate::error::Error;
use crate::hooks::Hooks;
use crate::ids::Ids;
use crate::record::{Leniency, Party};
use crate::settings::Settings;
use crate::trade::floor::Floor;

/// One request: who speaks, what is remembered as of now, and what it is for.
///
/// A handler reads from `view`, puts its decision into a batch whose preconditions name what it
/// read, and commits it once. If somebody wrote in between, the commit fails with a conflict and
/// the handler is called again with a new view: so nothing outside the batch may happen before
/// the commit, and hooks are told after it.
pub(crate) struct Context<'a> {
    /// Who speaks, as its certificate says; registered, except in EiRegisterParty.
    pub party: Stored<Party>,
    /// What was remembered when the request came.
    pub view: Snapshot,
    /// Where the batch goes.
    pub store: &'a Store,
    /// What it is for.
    pub hooks: &'a Hooks,
    /// The time, UTC.
    pub now: Timestamp,
    /// How this VTN is set up.
    pub settings: &'a Settings,
    /// The maker of names.
    pub ids: &'a Ids,
    /// Where orders of the trading side are served.
    pub floor: &'a Floor,
}

impl Context<'_> {
    /// The venID of who speaks.
    pub(crate) fn ven(&self) -> &str {
        &self.party.id
    }

    /// The same for the platform.
    pub(crate) fn party_id(&self) -> PartyId {
        PartyId::from(self.ven())
    }

    /// Whether a fault is overlooked in this party's messages.
    pub(crate) fn takes(&self, fault: Leniency) -> bool {
        self.party.leniencies.contains(&fault) || self.settings.leniencies.contains(&fault)
    }

    /// Makes the decision durable.
    ///
    /// # Errors
    /// Those of [`Store::commit`]; a conflict makes the caller ask again.
    pub(crate) async fn commit(&self, batch: Batch) -> Result<(), Error> {
        Ok(self.store.commit(batch).await?)
    }

    /// Tells the aggregator what this VEN did. Its refusal changes nothing.
    pub(crate) async fn tell(&self, notice: Notice) {
        tell(self.hooks, notice, self.now).await;
    }
}

/// Tells the aggregator; a refusal is logged.
pub(crate) async fn tell(hooks: &Hooks, notice: Notice, now: Timestamp) {
    if let Err(refusal) = hooks.aggregator.told(notice, now).await {
        tracing::warn!(%refusal, "the aggregator did not take a notice");
    }
}
