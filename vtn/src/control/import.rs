//! Many VENs enrolled in one decision. OpenADR 2.0b Profile, section 10.5, rule 70.
//!
//! All or nothing: a list with one row that does not fit changes nothing, and every such row is
//! told. The same list again changes nothing either, so a utility can keep its list of VENs in a
//! file and import it as often as it likes.

use std::collections::BTreeSet;

use jiff::Timestamp;
use oadr_store::{Batch, Snapshot, Stored};
use serde::{Deserialize, Serialize};

use super::vens::{named, regroup, with_certificate};
use crate::error::Error;
use crate::event::join;
use crate::record::{Enrolment, Party, Standing};
use crate::tables::{BY_FINGERPRINT, PARTIES};
use crate::vtn::Vtn;

/// VENs to be enrolled, or brought up to date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// The VENs, [`Import::MOST`] at most.
    pub vens: Vec<Enrolment>,
    /// Only tell what would be done.
    #[serde(default)]
    pub dry_run: bool,
}

/// What came of an [`Import`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Whether it was done; if not, nothing was changed.
    pub applied: bool,
    /// A row for each VEN, in the same order.
    pub rows: Vec<Row>,
}

/// What came, or would come, of one VEN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What.
    pub fate: Fate,
    /// Its venID; `None` if none was said and none was made.
    pub ven: Option<String>,
    /// Why it is refused.
    pub fault: Option<String>,
}

/// What came of one VEN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It is new.
    Enrolled,
    /// It was there; its name or groups have changed.
    Updated,
    /// It was there as said.
    Unchanged,
    /// It does not fit.
    Refused,
}

impl Import {
    /// How many VENs at once.
    pub const MOST: usize = 1_000;
}

impl Vtn {
    /// Enrols these VENs, all or none. A venID that is enrolled with the same fingerprint gets
    /// the name and the groups of its row.
    ///
    /// # Errors
    /// [`Error::Clash`] for more than [`Import::MOST`]; those of the store. A row that does not
    /// fit is no error: it is told in the answer, and nothing is done.
    pub async fn import_vens(&self, import: &Import) -> Result<Imported, Error> {
        if import.vens.len() > Import::MOST {
            let most = Import::MOST;
            return Err(Error::Clash(format!(
                "{most} VENs at once, no more: import the rest next"
            )));
        }
        let now = self.0.clock.now();
        // Made here, so that a decision made anew gives the same names.
        let ids: Vec<String> = import.vens.iter().map(|_| self.0.ids.make()).collect();
        self.decide(|view, batch| {
            let mut list = List { view, now, seen: Seen::new() };
            let mut rows = Vec::with_capacity(import.vens.len());
            for (enrolment, id) in import.vens.iter().zip(&ids) {
                rows.push(list.row(batch, enrolment, id)?);
            }
            let applied = !import.dry_run && rows.iter().all(|row| row.fate != Fate::Refused);
            if !applied {
                *batch = Batch::new();
                forget_made_names(&mut rows, import);
            }
            Ok(Imported { applied, rows })
        })
        .await
    }
}

/// A name that was made for a VEN that was not enrolled is nobody's.
fn forget_made_names(rows: &mut [Row], import: &Import) {
    for (row, enrolment) in rows.iter_mut().zip(&import.vens) {
        if row.fate == Fate::Enrolled && enrolment.ven_id.is_none() {
            row.ven = None;
        }
    }
}

/// The venIDs and fingerprints of the list so far.
type Seen = BTreeSet<String>;

struct List<'a> {
    view: &'a Snapshot,
    now: Timestamp,
    seen: Seen,
}

impl List<'_> {
    /// Adds one VEN to the batch, or says why it does not fit.
    fn row(&mut self, batch: &mut Batch, said: &Enrolment, made: &str) -> Result<Row, Error> {
        // Without a venID a row means whoever has its certificate.
        let owner = BY_FINGERPRINT.get(self.view, said.fingerprint.0)?.map(|print| print.ven);
        let id = said.ven_id.as_ref().or(owner.as_ref()).map_or(made, String::as_str);
        match self.enrol(batch, said, (id, owner.as_deref())) {
            Ok(fate) => Ok(Row { fate, ven: Some(id.to_owned()), fault: None }),
            Err(Error::Clash(fault)) => {
                Ok(Row { fate: Fate::Refused, ven: said.ven_id.clone(), fault: Some(fault) })
            }
            Err(error) => Err(error),
        }
    }

    fn enrol(
        &mut self,
        batch: &mut Batch,
        said: &Enrolment,
        (id, owner): (&str, Option<&str>),
    ) -> Result<Fate, Error> {
        self.once(format!("the venID {id}"))?;
        self.once(format!("the fingerprint {}", said.fingerprint))?;
        named(id.to_owned())?;
        if let Some(party) = PARTIES.load(self.view, id)? {
            return match owner == Some(id) {
                true => self.update(batch, said, &party),
                false => {
                    Err(Error::Clash(format!("the venID {id} is taken by another certificate")))
                }
            };
        }
        let party = Party::enrolled(id.to_owned(), said.name.clone(), self.now);
        let mut party = with_certificate(self.view, batch, party, said.fingerprint)?;
        regroup(batch, &mut party, &said.groups)?;
        PARTIES.put_new(batch, id, &party)?;
        join(self.view, batch, &party, self.now)?;
        Ok(Fate::Enrolled)
    }

    /// A VEN that is there: the same certificate makes it the same VEN. What a row leaves out of
    /// the name stays; the groups are the row's.
    fn update(
        &self,
        batch: &mut Batch,
        said: &Enrolment,
        before: &Stored<Party>,
    ) -> Result<Fate, Error> {
        if before.standing != Standing::Enrolled {
            return Err(Error::Clash(format!(
                "{} waits or was turned away: approve it",
                before.id
            )));
        }
        let mut after = Party::clone(before);
        after.name = said.name.clone().or(after.name);
        regroup(batch, &mut after, &said.groups)?;
        if after == **before {
            return Ok(Fate::Unchanged);
        }
        PARTIES.swap(batch, &before.id, before, &after)?;
        join(self.view, batch, &after, self.now)?;
        Ok(Fate::Updated)
    }

    /// Refuses what stood in the list before.
    fn once(&mut self, what: String) -> Result<(), Error> {
        match self.seen.replace(what) {
            None => Ok(()),
            Some(what) => Err(Error::Clash(format!("{what} stands in the list twice"))),
        }
    }
}
