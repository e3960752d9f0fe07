//! Lists of holidays, on which series have no events.

use oadr_store::{Batch, Keys, Read, Snapshot};

use super::usage::plain_name;
use crate::error::Error;
use crate::event::clock;
use crate::record::{EventSeriesDraft, Holidays, HolidaysDraft};
use crate::tables::{EVENT_SERIES, HOLIDAYS};
use crate::vtn::Vtn;

impl Vtn {
    /// Makes a list of holidays, or replaces it; series that name it follow.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that is none, or more days than are kept.
    pub async fn put_holidays(&self, name: &str, draft: HolidaysDraft) -> Result<Holidays, Error> {
        plain_name("name", name)?;
        if draft.dates.len() > MOST {
            return Err(Error::invalid("dates", format!("{MOST} days, no more")));
        }
        let modified = self.0.clock.now();
        let list = Holidays { name: name.to_owned(), dates: draft.dates, modified };
        self.decide(|_, batch| Ok(HOLIDAYS.put(batch, name, &list)?)).await?;
        self.keep_event_series().await;
        Ok(list)
    }

    /// Lists of holidays in the order of their names, `limit` at most, those after `after` only.
    ///
    /// # Errors
    /// Those of the store.
    pub fn all_holidays(&self, after: Option<&str>, limit: usize) -> Result<Vec<Holidays>, Error> {
        let keys = Keys::all().limit(limit);
        let keys = after.map_or(keys.clone(), |after| keys.after(after));
        let found = HOLIDAYS.range(&self.0.store, keys)?;
        Ok(found.into_iter().map(|(_, list)| list).collect())
    }

    /// A list of holidays.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such list.
    pub fn holidays(&self, name: &str) -> Result<Holidays, Error> {
        holidays(&self.0.store, name)
    }

    /// Forgets a list of holidays.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such list; [`Error::Clash`] if a series that goes on
    /// names it.
    pub async fn remove_holidays(&self, name: &str) -> Result<Holidays, Error> {
        self.decide(|view, batch| {
            let list = holidays(view, name)?;
            let named = |draft: &EventSeriesDraft| draft.holidays.contains(name);
            refuse_if_series((view, batch), &format!("the list of holidays {name}"), named)?;
            HOLIDAYS.delete(batch, name);
            Ok(list)
        })
        .await
    }
}

/// Adds to the batch: no series that goes on needs this meanwhile.
///
/// # Errors
/// [`Error::Clash`] if one that `names` picks is there; those of the store.
pub(super) fn refuse_if_series(
    (view, batch): (&Snapshot, &mut Batch),
    what: &str,
    names: impl Fn(&EventSeriesDraft) -> bool,
) -> Result<(), Error> {
    clock::stand(view, batch)?;
    for (name, series) in EVENT_SERIES.range(view, Keys::all())? {
        if series.stopped.is_none() && names(&series.draft) {
            return Err(Error::Clash(format!("{what} is in use by the series {name}")));
        }
    }
    Ok(())
}

pub(super) fn holidays(view: &impl Read, name: &str) -> Result<Holidays, Error> {
    let unknown = || Error::Unknown { kind: "list of holidays", id: name.to_owned() };
    HOLIDAYS.get(view, name)?.ok_or_else(unknown)
}

/// Days of a list.
pub const MOST: usize = 5_000;
