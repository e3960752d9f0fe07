//! Opts read. OpenADR 2.0b Profile, EiOpt.

use std::collections::BTreeSet;

use jiff::Timestamp;
use oadr_platform::opt::Opt;
use oadr_store::Keys;
use serde::{Deserialize, Serialize};

use super::vens::party;
use crate::error::Error;
use crate::opting::availability;
use crate::record::{OptChange, OptEntry};
use crate::tables::{METADATA, OPT_HISTORY, OPTS};
use crate::vtn::Vtn;

/// For which resource and programme availability is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Standpoint {
    /// resourceID; `None`: the VEN as a whole.
    pub resource: Option<String>,
    /// marketContext; `None`: schedules for all of them only.
    pub market_context: Option<String>,
}

/// What a VEN's schedules say of a resource at an instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Available {
    /// resourceID; `None`: the VEN as a whole.
    pub resource: Option<String>,
    /// In or out; `None`: nothing is said.
    pub opt: Option<Opt>,
    /// The optIDs of the schedules that say so, oldest first.
    pub by: Vec<String>,
}

impl Vtn {
    /// A VEN's schedules in force, oldest first.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn opts(&self, ven: &str) -> Result<Vec<OptEntry>, Error> {
        let view = self.0.store.snapshot()?;
        party(&view, ven)?;
        let found = OPTS.range(&view, Keys::of((ven,)))?;
        Ok(found.into_iter().map(|(_, entry)| entry).collect())
    }

    /// What happened to a VEN's opts, newest first, `limit` at most.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn opt_history(&self, ven: &str, limit: usize) -> Result<Vec<OptChange>, Error> {
        let found = self.opt_history_before(ven, None, limit)?;
        Ok(found.into_iter().map(|(_, change)| change).collect())
    }

    /// The same with the place of each, from before a place on: nothing newer is read.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn opt_history_before(
        &self,
        ven: &str,
        place: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, OptChange)>, Error> {
        let view = self.0.store.snapshot()?;
        party(&view, ven)?;
        let keys = match place {
            Some(place) => Keys::of((ven,)).before((ven, place)),
            None => Keys::of((ven,)),
        };
        let found = OPT_HISTORY.range(&view, keys.backward().limit(limit))?;
        Ok(found.into_iter().map(|((_, place), change)| (place, change)).collect())
    }

    /// Whether a VEN is in or out at `at` by its schedules; `None`: it has not said. Where
    /// schedules overlap optOut wins (rule 201 leaves it to the programme).
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn availability(
        &self,
        ven: &str,
        of: &Standpoint,
        at: Timestamp,
    ) -> Result<Option<Opt>, Error> {
        let of = (of.resource.as_deref(), of.market_context.as_deref());
        Ok(availability(&self.opts(ven)?, of, at).map(|(opt, _)| opt))
    }

    /// The same for the VEN as a whole and for each resource that its schedules or its reports
    /// name, with the schedules that say so.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn availabilities(
        &self,
        ven: &str,
        market_context: Option<&str>,
        at: Timestamp,
    ) -> Result<Vec<Available>, Error> {
        let view = self.0.store.snapshot()?;
        party(&view, ven)?;
        let found = OPTS.range(&view, Keys::of((ven,)))?;
        let schedules: Vec<OptEntry> = found.into_iter().map(|(_, entry)| entry).collect();
        let reports = METADATA.range(&view, Keys::of((ven,)))?;
        let points = reports.into_iter().flat_map(|(_, report)| report.points);
        let mut resources: BTreeSet<String> = points.flat_map(|point| point.resources).collect();
        let targets = schedules.iter().flat_map(|entry| entry.targets.iter().chain(&entry.except));
        let named = targets.filter(|target| target.kind == "resourceID");
        resources.extend(named.map(|target| target.name.clone()));
        // Once for all resources: a schedule may have many times.
        let schedules: Vec<OptEntry> =
            schedules.into_iter().filter(|entry| entry.is_in_force(at)).collect();
        let of = [None].into_iter().chain(resources.into_iter().map(Some));
        let each = |resource: Option<String>| {
            let said = availability(&schedules, (resource.as_deref(), market_context), at);
            let (opt, by) = said.map_or((None, Vec::new()), |(opt, by)| (Some(opt), by));
            Available { resource, opt, by: by.into_iter().map(str::to_owned).collect() }
        };
        Ok(of.map(each).collect())
    }
}
