//! A number that grows with everything made that names VENs, groups or a programme. Whoever must
//! not miss such a thing, or take away what it names, requires the number unchanged.

use oadr_store::{Batch, Snapshot};

use crate::error::Error;
use crate::tables::EVENT_CLOCK;

/// Adds to the batch: the number grows.
///
/// # Errors
/// Those of the store.
pub(crate) fn advance(view: &Snapshot, batch: &mut Batch) -> Result<(), Error> {
    match EVENT_CLOCK.load(view, "")? {
        Some(clock) => EVENT_CLOCK.swap(batch, "", &clock, &clock.saturating_add(1))?,
        None => EVENT_CLOCK.put_new(batch, "", &1)?,
    }
    Ok(())
}

/// Adds to the batch: nothing is written if the number has grown since the view.
///
/// # Errors
/// Those of the store.
pub(crate) fn stand(view: &Snapshot, batch: &mut Batch) -> Result<(), Error> {
    match EVENT_CLOCK.load(view, "")? {
        Some(clock) => EVENT_CLOCK.require_unchanged(batch, "", &clock),
        None => EVENT_CLOCK.require_absent(batch, ""),
    }
    Ok(())
}
