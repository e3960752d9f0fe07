//! A change for those versions only that an operator has read, so that of two who change an
//! event at once neither overwrites what the other decided.

use oadr_store::Snapshot;

use super::events::event;
use crate::error::Error;
use crate::record::Version;

/// Which version of an event a change is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// Whichever stands.
    #[default]
    Any,
    /// One of these.
    OneOf(Vec<Version>),
}

impl Expected {
    /// Holds it against the version that stands in the view a change is decided on. Before
    /// anything else is decided: also who would change nothing is told that others did.
    ///
    /// # Errors
    /// [`Error::Precondition`]; [`Error::Unknown`] if there is no such event.
    pub(super) fn holds(&self, view: &Snapshot, id: &str) -> Result<(), Error> {
        let Self::OneOf(versions) = self else { return Ok(()) };
        let stands = event(view, id)?.version();
        if versions.contains(&stands) {
            return Ok(());
        }
        Err(Error::Precondition { stands: stands.to_string() })
    }
}
