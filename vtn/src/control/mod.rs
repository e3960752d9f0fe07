//! The operator's side of a [`Vtn`]: plain functions that the API, the programs and the tests
//! call. Everything they take and give can be serialised.
//!
//! Each reads one view and commits one batch; if somebody wrote in between it decides again.

mod events;
mod expected;
mod explain;
mod green_button;
mod groups;
mod holidays;
mod import;
mod keep;
mod once;
mod opts;
mod programmes;
mod reports;
mod series;
mod templates;
mod usage;
mod vens;

use oadr_store::{Batch, Snapshot};

pub use events::EventReply;
pub use expected::Expected;
pub use groups::Movement;
pub use import::{Fate, Import, Imported, Row};
pub use once::{Request, RequestKey};
pub use opts::{Available, Standpoint};
pub use reports::{Datum, ReportWanted};
pub use series::{Preview, SeriesEvent, SeriesState, Slot};
pub use templates::Occasion;
pub use vens::{Approval, OutboxState};

use crate::error::Error;
use crate::vtn::Vtn;

impl Vtn {
    /// Decides on a view and commits what was decided; again if somebody wrote in between.
    pub(crate) async fn decide<T>(
        &self,
        decide: impl Fn(&Snapshot, &mut Batch) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut attempt = 1;
        loop {
            let view = self.0.store.snapshot()?;
            let mut batch = Batch::new();
            let decided = decide(&view, &mut batch)?;
            match self.0.store.commit(batch).await.map_err(Error::from) {
                Ok(()) => return Ok(decided),
                Err(error) if error.is_conflict() && attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

/// How often a decision is made anew.
const ATTEMPTS: u32 = 64;
