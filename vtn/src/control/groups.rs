//! Groups of VENs (groupID): made, filled, emptied, forgotten. OpenADR 2.0b Profile, rule 22.
//!
//! A group is there as well if VENs are in it and nobody has made it: VENs may be enrolled into
//! groups by name.

use std::collections::BTreeSet;

use oadr_store::{Keys, Read};
use serde::{Deserialize, Serialize};

use super::usage::{Use, plain_name, refuse_if_used};
use super::vens::regroup;
use crate::error::Error;
use crate::event::join;
use crate::record::{Group, GroupDraft, Party};
use crate::tables::{GROUPS, MEMBERS, PARTIES};
use crate::vtn::Vtn;

/// VENs that enter and leave a group, all or none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Movement {
    /// venIDs that enter; one that is in it already stays.
    pub add: Vec<String>,
    /// venIDs that leave; one that is not in it is no error.
    pub remove: Vec<String>,
}

impl Movement {
    /// How many VENs at once.
    pub const MOST: usize = 1_000;
}

impl Vtn {
    /// Makes a group, or says its name anew; its members stay.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a groupID that cannot stand in a message.
    pub async fn put_group(&self, id: &str, draft: GroupDraft) -> Result<Group, Error> {
        plain_name("group", id)?;
        let group = Group { id: id.to_owned(), name: draft.name };
        self.decide(|_, batch| {
            GROUPS.put(batch, id, &group)?;
            Ok(group.clone())
        })
        .await
    }

    /// Groups in the order of their groupIDs, `limit` at most, those after `after` only.
    ///
    /// # Errors
    /// Those of the store.
    pub fn groups(&self, after: Option<&str>, limit: usize) -> Result<Vec<Group>, Error> {
        let view = self.0.store.snapshot()?;
        let mut found: Vec<Group> = Vec::new();
        while found.len() < limit {
            let last = found.last().map(|group| group.id.as_str()).or(after);
            let Some(next) = next(&view, last)? else { break };
            found.push(next);
        }
        Ok(found)
    }

    /// A group.
    ///
    /// # Errors
    /// [`Error::Unknown`] if nobody made it and nobody is in it.
    pub fn group(&self, id: &str) -> Result<Group, Error> {
        group(&self.0.store.snapshot()?, id)
    }

    /// The venIDs of a group in their order, `limit` at most, those after `after` only.
    ///
    /// # Errors
    /// [`Error::Unknown`] as [`Vtn::group`].
    pub fn group_members(
        &self,
        id: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, Error> {
        let view = self.0.store.snapshot()?;
        group(&view, id)?;
        let keys = Keys::of((id,)).limit(limit);
        let keys = after.map_or(keys.clone(), |after| keys.after((id, after)));
        Ok(MEMBERS.range(&view, keys)?.into_iter().map(|((_, ven), ())| ven).collect())
    }

    /// Lets VENs enter and leave a group; events for the group follow.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such group; [`Error::Invalid`] for a VEN that is not
    /// there or stands twice, and for more than [`Movement::MOST`].
    pub async fn move_members(&self, id: &str, movement: &Movement) -> Result<Group, Error> {
        if movement.add.len() + movement.remove.len() > Movement::MOST {
            let what = format!("{} VENs at once, no more", Movement::MOST);
            return Err(Error::invalid("add", what));
        }
        let now = self.0.clock.now();
        self.decide(|view, batch| {
            let group = group(view, id)?;
            let mut seen = BTreeSet::new();
            let lists = [("add", &movement.add, true), ("remove", &movement.remove, false)];
            for (field, vens, enters) in lists {
                for (at, ven) in vens.iter().enumerate() {
                    let wrong = |what| Error::invalid(format!("{field}[{at}]"), what);
                    if !seen.insert(ven) {
                        return Err(wrong(format!("{ven:?} stands twice")));
                    }
                    let before =
                        PARTIES.load(view, ven)?.ok_or_else(|| wrong(format!("no VEN {ven:?}")))?;
                    let mut groups = before.groups.clone();
                    let moved =
                        if enters { groups.insert(id.to_owned()) } else { groups.remove(id) };
                    if !moved {
                        continue;
                    }
                    let mut after = Party::clone(&before);
                    regroup(batch, &mut after, &groups)?;
                    PARTIES.swap(batch, ven, &before, &after)?;
                    join(view, batch, &after, now)?;
                }
            }
            Ok(group)
        })
        .await
    }

    /// Forgets a group.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such group; [`Error::Clash`] if VENs are in it, or an
    /// event that is not over, a programme or a template names it.
    pub async fn remove_group(&self, id: &str) -> Result<Group, Error> {
        let now = self.0.clock.now();
        self.decide(|view, batch| {
            let group = group(view, id)?;
            if let Some(((_, ven), ())) = MEMBERS.range(view, Keys::of((id,)).limit(1))?.first() {
                let what = format!("the group {id} has members, {ven} first: take them out");
                return Err(Error::Clash(what));
            }
            let named = |one: &Use<'_>| one.targets.groups.iter().any(|group| group == id);
            refuse_if_used((view, batch), now, &format!("the group {id}"), named)?;
            GROUPS.delete(batch, id);
            Ok(group)
        })
        .await
    }
}

fn group(view: &impl Read, id: &str) -> Result<Group, Error> {
    if let Some(group) = GROUPS.get(view, id)? {
        return Ok(group);
    }
    match MEMBERS.range(view, Keys::of((id,)).limit(1))?.is_empty() {
        false => Ok(Group { id: id.to_owned(), name: None }),
        true => Err(Error::Unknown { kind: "group", id: id.to_owned() }),
    }
}

/// The first group after this one, whether it was made or only has members.
fn next(view: &impl Read, last: Option<&str>) -> Result<Option<Group>, Error> {
    let keys = Keys::all().limit(1);
    let made = last.map_or(keys.clone(), |last| keys.after(last));
    let made = GROUPS.range(view, made)?.into_iter().next().map(|(_, group)| group);
    // No name lies between one and the same with NUL after it.
    let first = last.map_or_else(String::new, |last| format!("{last}\0"));
    let filled = MEMBERS.range(view, Keys::between((first.as_str(), "")..).limit(1))?;
    let filled = filled.into_iter().next().map(|((id, _), ())| Group { id, name: None });
    Ok(match (made, filled) {
        (Some(made), Some(filled)) if filled.id < made.id => Some(filled),
        (made, filled) => made.or(filled),
    })
}
