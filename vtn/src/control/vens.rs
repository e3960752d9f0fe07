//! VENs: enrolled, approved, turned away, grouped; their registrations ended or renewed.
//! OpenADR 2.0b Profile, sections 8.5, 10.5, rules 70, 401, 406, 407.

use std::collections::BTreeSet;

use jiff::Timestamp;
use oadr_certs::Fingerprint;
use oadr_store::{Batch, Keys, Read, Snapshot, Stored};
use serde::{Deserialize, Serialize};

use crate::certificates;
use crate::error::Error;
use crate::event::join;
use crate::outbox;
use crate::record::{
    Certificate, Due, Enrolment, Entry, GivenUp, Item, Leniency, Party, Print, PushTrouble,
    Standing,
};
use crate::tables::{
    BY_FINGERPRINT, BY_THUMBPRINT, DUE, GIVEN_UP, MEMBERS, OUTBOX, PARTIES, PENDING, PUSH_TROUBLES,
    SENT,
};
use crate::vtn::Vtn;

/// What an operator says to a VEN that waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Approval {
    /// Its venID; `None`: the one it was written down under.
    pub ven_id: Option<String>,
    /// A name for people.
    pub name: Option<String>,
    /// Its groups.
    pub groups: BTreeSet<String>,
}

/// What waits for a VEN.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxState {
    /// Payloads that wait to be offered, first to go first.
    pub waiting: Vec<Entry>,
    /// Payloads that are out and not answered, with when they will be offered again, UTC.
    pub unanswered: Vec<(Timestamp, Entry)>,
    /// When the VEN's events are to be offered, if they are.
    pub events: Option<Due>,
    /// Payloads that were given up, the last hundred, first to go first.
    #[serde(default)]
    pub given_up: Vec<GivenUp>,
    /// Why what is pushed to the VEN does not arrive, if so.
    #[serde(default)]
    pub push_trouble: Option<PushTrouble>,
}

impl Vtn {
    /// Enrols a VEN by the fingerprint of its certificate, so that it may register.
    ///
    /// # Errors
    /// [`Error::Clash`] if the venID or the fingerprint is taken (rule 70).
    pub async fn enrol_ven(&self, enrolment: Enrolment) -> Result<Party, Error> {
        let now = self.0.clock.now();
        let id = match enrolment.ven_id.clone() {
            Some(id) => named(id)?,
            None => self.0.ids.make(),
        };
        self.decide(|view, batch| {
            let party = Party::enrolled(id.clone(), enrolment.name.clone(), now);
            if PARTIES.contains(view, &id)? {
                return Err(Error::Clash(format!("the venID {id} is taken")));
            }
            let mut party = with_certificate(view, batch, party, enrolment.fingerprint)?;
            regroup(batch, &mut party, &enrolment.groups)?;
            PARTIES.put_new(batch, &id, &party)?;
            join(view, batch, &party, now)?;
            Ok(party)
        })
        .await
    }

    /// Says yes to a VEN that waits (policy `approve`), or that was barred.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN; [`Error::Clash`] if it is enrolled already or
    /// the venID is taken.
    pub async fn approve_ven(&self, id: &str, approval: Approval) -> Result<Party, Error> {
        let now = self.0.clock.now();
        let new_id = approval.ven_id.clone().map(named).transpose()?;
        self.decide(|view, batch| {
            let before = party(view, id)?;
            if before.standing == Standing::Enrolled {
                return Err(Error::Clash(format!("{id} is enrolled already")));
            }
            let mut after = Party { standing: Standing::Enrolled, ..Party::clone(&before) };
            after.name = approval.name.clone().or(after.name);
            regroup(batch, &mut after, &approval.groups)?;
            PENDING.delete(batch, id);
            match new_id.as_deref().filter(|new| *new != id) {
                None => PARTIES.swap(batch, id, &before, &after)?,
                Some(new) => rename(batch, &before, &mut after, new)?,
            }
            join(view, batch, &after, now)?;
            Ok(after)
        })
        .await
    }

    /// Turns a VEN away: whatever it sends is refused with 463 from now on. Its registration,
    /// reports and what waits for it are kept, should it be approved again.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub async fn bar_ven(&self, id: &str) -> Result<Party, Error> {
        let bar = |party: &mut Party| party.standing = Standing::Barred;
        self.change(id, |batch| PENDING.delete(batch, id), bar).await
    }

    /// Lets a VEN change over to another certificate: it may speak with either until one is
    /// removed.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN; [`Error::Clash`] if the fingerprint is taken,
    /// or two certificates are there already.
    pub async fn add_certificate(&self, id: &str, print: Fingerprint) -> Result<Party, Error> {
        self.decide(|view, batch| {
            let before = party(view, id)?;
            let after = with_certificate(view, batch, Party::clone(&before), print)?;
            PARTIES.swap(batch, id, &before, &after)?;
            Ok(after)
        })
        .await
    }

    /// Takes a certificate from a VEN, at once.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN or it has no such certificate.
    pub async fn remove_certificate(&self, id: &str, print: Fingerprint) -> Result<Party, Error> {
        self.decide(|view, batch| {
            let before = party(view, id)?;
            let mut after = Party::clone(&before);
            let found = after.certificates.iter().position(|c| c.fingerprint == print);
            let unknown = || Error::Unknown { kind: "certificate", id: print.to_string() };
            let removed = after.certificates.remove(found.ok_or_else(unknown)?);
            BY_FINGERPRINT.delete(batch, print.0);
            certificates::forget(batch, &removed);
            if let Some(thumbprint) = removed.thumbprint {
                BY_THUMBPRINT.delete(batch, thumbprint.0);
            }
            PARTIES.swap(batch, id, &before, &after)?;
            Ok(after)
        })
        .await
    }

    /// Puts a VEN into these groups and no others; events for them follow.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub async fn set_groups(&self, id: &str, groups: BTreeSet<String>) -> Result<Party, Error> {
        let now = self.0.clock.now();
        self.decide(|view, batch| {
            let before = party(view, id)?;
            let mut after = Party::clone(&before);
            regroup(batch, &mut after, &groups)?;
            PARTIES.swap(batch, id, &before, &after)?;
            join(view, batch, &after, now)?;
            Ok(after)
        })
        .await
    }

    /// Overlooks these faults of a VEN's messages, and no others.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub async fn set_leniencies(
        &self,
        id: &str,
        leniencies: BTreeSet<Leniency>,
    ) -> Result<Party, Error> {
        self.change(id, |_| {}, |party| party.leniencies = leniencies.clone()).await
    }

    /// VENs in the order of their venIDs, `limit` at most, those after `after` only.
    ///
    /// # Errors
    /// Those of the store.
    pub fn vens(&self, after: Option<&str>, limit: usize) -> Result<Vec<Party>, Error> {
        let keys = match after {
            Some(after) => Keys::all().after(after),
            None => Keys::all(),
        };
        let found = PARTIES.range(&self.0.store, keys.limit(limit))?;
        Ok(found.into_iter().map(|(_, party)| party).collect())
    }

    /// The VENs that wait for an operator's yes, `limit` at most.
    ///
    /// # Errors
    /// Those of the store.
    pub fn pending_vens(&self, limit: usize) -> Result<Vec<Party>, Error> {
        let view = self.0.store.snapshot()?;
        let waiting = PENDING.range(&view, Keys::all().limit(limit))?;
        waiting.iter().map(|(id, ())| Ok(party(&view, id)?.into_inner())).collect()
    }

    /// A VEN.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn ven(&self, id: &str) -> Result<Party, Error> {
        Ok(party(&self.0.store, id)?.into_inner())
    }

    /// Ends a VEN's registration (rule 407): it is told by its next poll, and is forgotten once
    /// it has answered. Twice is once.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN; [`Error::Clash`] if it is not registered.
    pub async fn cancel_registration(&self, id: &str) -> Result<(), Error> {
        let request_id = self.0.ids.make();
        self.to_registered(id, |registration_id| Item::CancelPartyRegistration {
            request_id: request_id.clone(),
            registration_id,
        })
        .await
    }

    /// Asks a VEN to register again; nothing is wiped (rule 406). Twice is once.
    ///
    /// # Errors
    /// As [`Vtn::cancel_registration`].
    pub async fn request_reregistration(&self, id: &str) -> Result<(), Error> {
        self.to_registered(id, |_| Item::RequestReregistration).await
    }

    /// What waits for a VEN.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn outbox(&self, id: &str) -> Result<OutboxState, Error> {
        let view = self.0.store.snapshot()?;
        party(&view, id)?;
        let waiting = OUTBOX.range(&view, Keys::of((id,)))?;
        let sent = SENT.range(&view, Keys::of((id,)))?;
        let at = |due| Timestamp::from_microsecond(due).unwrap_or(Timestamp::MAX);
        let given_up = GIVEN_UP.range(&view, Keys::of((id,)))?;
        Ok(OutboxState {
            waiting: waiting.into_iter().map(|(_, entry)| entry).collect(),
            unanswered: sent.into_iter().map(|((_, due, _), entry)| (at(due), entry)).collect(),
            events: DUE.get(&view, id)?,
            given_up: given_up.into_iter().map(|(_, record)| record).collect(),
            push_trouble: PUSH_TROUBLES.get(&view, id)?,
        })
    }

    /// Queues a payload that waits or is out once at most.
    async fn to_registered(&self, id: &str, item: impl Fn(String) -> Item) -> Result<(), Error> {
        let now = self.0.clock.now();
        self.decide(|view, batch| {
            let party = party(view, id)?;
            let Some(registration) = party.registration.as_ref().filter(|_| party.is_registered())
            else {
                return Err(Error::Clash(format!("{id} is not registered")));
            };
            let item = item(registration.id.clone());
            let alike =
                |other: &Item| std::mem::discriminant(other) == std::mem::discriminant(&item);
            let waiting = OUTBOX.range(view, Keys::of((id,)))?;
            let sent = SENT.range(view, Keys::of((id,)))?;
            let mut entries = waiting.iter().map(|(_, e)| e).chain(sent.iter().map(|(_, e)| e));
            if entries.any(|entry| alike(&entry.item)) {
                return Ok(());
            }
            PARTIES.require_unchanged(batch, id, &party);
            outbox::queue(
                view,
                batch,
                (id, self.0.settings.limits.outbox),
                (vec![item.clone()], now),
            )
        })
        .await
    }

    async fn change(
        &self,
        id: &str,
        beside: impl Fn(&mut Batch),
        change: impl Fn(&mut Party),
    ) -> Result<Party, Error> {
        self.decide(|view, batch| {
            let before = party(view, id)?;
            let mut after = Party::clone(&before);
            change(&mut after);
            PARTIES.swap(batch, id, &before, &after)?;
            beside(batch);
            Ok(after)
        })
        .await
    }
}

/// A VEN's record, for an operator.
pub(super) fn party(view: &impl Read, id: &str) -> Result<Stored<Party>, Error> {
    PARTIES.load(view, id)?.ok_or_else(|| Error::Unknown { kind: "VEN", id: id.to_owned() })
}

/// A venID that can stand in a message.
pub(super) fn named(id: String) -> Result<String, Error> {
    let odd = id.trim() != id || id.is_empty() || id.chars().any(char::is_control);
    if odd || id.len() > 256 {
        return Err(Error::Clash("a venID is 1 to 256 bytes, no space around it".to_owned()));
    }
    Ok(id)
}

/// The party with one certificate more, not seen yet.
pub(super) fn with_certificate(
    view: &Snapshot,
    batch: &mut Batch,
    mut party: Party,
    fingerprint: Fingerprint,
) -> Result<Party, Error> {
    if BY_FINGERPRINT.contains(view, fingerprint.0)? {
        return Err(Error::Clash(format!("the fingerprint {fingerprint} is taken")));
    }
    if party.certificates.len() >= CERTIFICATES {
        return Err(Error::Clash(format!("{} has two certificates: remove one", party.id)));
    }
    let print = Print { ven: party.id.clone(), bound: false };
    BY_FINGERPRINT.put_new(batch, fingerprint.0, &print)?;
    let one = Certificate { fingerprint, thumbprint: None, common_name: None, not_after: None };
    certificates::index(batch, &party.id, &one)?;
    party.certificates.push(one);
    Ok(party)
}

/// Gives a VEN that only waits its final venID.
fn rename(
    batch: &mut Batch,
    before: &Stored<Party>,
    after: &mut Party,
    new: &str,
) -> Result<(), Error> {
    if before.standing != Standing::Pending {
        return Err(Error::Clash(format!("{} has been known under its venID", before.id)));
    }
    PARTIES.require_unchanged(batch, &before.id, before);
    PARTIES.delete(batch, &before.id);
    for group in std::mem::take(&mut after.groups) {
        MEMBERS.delete(batch, (group.as_str(), before.id.as_str()));
        MEMBERS.put(batch, (group.as_str(), new), &())?;
        after.groups.insert(group);
    }
    new.clone_into(&mut after.id);
    for certificate in &after.certificates {
        let print = Print { ven: new.to_owned(), bound: certificate.thumbprint.is_some() };
        BY_FINGERPRINT.put(batch, certificate.fingerprint.0, &print)?;
        certificates::index(batch, new, certificate)?;
        if let Some(thumbprint) = certificate.thumbprint {
            BY_THUMBPRINT.put(batch, thumbprint.0, &new.to_owned())?;
        }
    }
    Ok(PARTIES.put_new(batch, new, after)?)
}

pub(super) fn regroup(
    batch: &mut Batch,
    party: &mut Party,
    groups: &BTreeSet<String>,
) -> Result<(), Error> {
    for left in party.groups.difference(groups) {
        MEMBERS.delete(batch, (left.as_str(), party.id.as_str()));
    }
    for joined in groups.difference(&party.groups) {
        MEMBERS.put(batch, (joined.as_str(), party.id.as_str()), &())?;
    }
    party.groups = groups.clone();
    Ok(())
}

/// The old certificate and the new one.
const CERTIFICATES: usize = 2;
