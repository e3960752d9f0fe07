//! VENs' certificates by when they end: an index kept with each change of one, so that asking for
//! those that end soon reads only those.

use jiff::Timestamp;
use oadr_certs::{Fingerprint, profile};
use oadr_store::{Batch, Keys, Store};
use serde::Serialize;

use crate::error::Error;
use crate::record::{Certificate, Party, Standing};
use crate::tables::{CERTIFICATE_ENDS, CERTIFICATES_INDEXED, PARTIES};
use crate::vtn::Vtn;

/// A VEN's certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VenCertificate {
    /// venID.
    pub ven: String,
    /// The VEN's name, for people.
    pub name: Option<String>,
    /// Whether the VEN may speak.
    pub standing: Standing,
    /// The ten bytes that people exchange.
    pub fingerprint: Fingerprint,
    /// Its last valid instant, UTC; `None`: it was enrolled and has not been seen yet.
    pub not_after: Option<Timestamp>,
    /// The VEN has spoken with another one that ends later by more than the time of warning:
    /// nobody need be warned of this one.
    pub renewed: bool,
}

/// Adds to the batch: the VEN has this certificate.
pub(crate) fn index(batch: &mut Batch, ven: &str, one: &Certificate) -> Result<(), Error> {
    Ok(CERTIFICATE_ENDS.put(batch, place(one), &ven.to_owned())?)
}

/// Adds to the batch: nobody has this certificate.
pub(crate) fn forget(batch: &mut Batch, one: &Certificate) {
    CERTIFICATE_ENDS.delete(batch, place(one));
}

/// Makes the index of a store from before there was one.
pub(crate) async fn complete(store: &Store) -> Result<(), Error> {
    if CERTIFICATES_INDEXED.contains(store, "")? {
        return Ok(());
    }
    let mut keys = Keys::all();
    loop {
        let page = PARTIES.range(store, keys.clone().limit(PAGE))?;
        let mut batch = Batch::new();
        for (ven, party) in &page {
            for one in &party.certificates {
                index(&mut batch, ven, one)?;
            }
        }
        let Some((last, _)) = page.last() else {
            CERTIFICATES_INDEXED.put(&mut batch, "", &())?;
            return Ok(store.commit(batch).await?);
        };
        keys = keys.after(last);
        store.commit(batch).await?;
    }
}

/// How an end stands in the index: in microseconds of Unix time, unknown ones last.
pub(crate) fn end(not_after: Option<Timestamp>) -> i64 {
    not_after.map_or(UNKNOWN, Timestamp::as_microsecond)
}

fn place(one: &Certificate) -> (i64, [u8; 10]) {
    (end(one.not_after), one.fingerprint.0)
}

impl Vtn {
    /// VENs' certificates that end at `until` at the latest (`None`: all), the first to end first
    /// and those whose end is not known last, then by fingerprint: those after an end and a
    /// fingerprint only, `limit` at most.
    ///
    /// # Errors
    /// Those of the store.
    pub fn ven_certificates(
        &self,
        until: Option<Timestamp>,
        after: Option<(Option<Timestamp>, Fingerprint)>,
        limit: usize,
    ) -> Result<Vec<VenCertificate>, Error> {
        let view = self.0.store.snapshot()?;
        let keys = Keys::between(..=(end(until), [0xFF; 10]));
        let after = after.map(|(not_after, print)| (end(not_after), print.0));
        let keys = after.into_iter().fold(keys, Keys::after).limit(limit);
        let mut found = Vec::new();
        for ((_, print), ven) in CERTIFICATE_ENDS.range(&view, keys)? {
            let party = PARTIES.get(&view, &ven)?;
            found.extend(party.and_then(|party| seen(party, Fingerprint(print))));
        }
        Ok(found)
    }
}

fn seen(party: Party, print: Fingerprint) -> Option<VenCertificate> {
    let own = party.certificates.iter().find(|one| one.fingerprint == print)?;
    let later = |other: &Certificate| {
        let (Some(this), Some(other)) = (own.not_after, other.not_after) else { return false };
        other.duration_since(this) > profile::WARN_AHEAD
    };
    Some(VenCertificate {
        renewed: party.certificates.iter().any(later),
        not_after: own.not_after,
        ven: party.id,
        name: party.name,
        standing: party.standing,
        fingerprint: print,
    })
}

/// The end of a certificate that was not seen yet.
const UNKNOWN: i64 = i64::MAX;
/// VENs of one batch.
const PAGE: usize = 1_000;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use oadr_store::Memory;
    use oadr_transport::{ManualClock, Random};
    use rand::SeedableRng;

    use super::*;
    use crate::record::Enrolment;
    use crate::{Hooks, Settings};

    async fn open(memory: &Memory) -> Vtn {
        let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
        let random = Random::seed_from_u64(7);
        Vtn::open(Settings::new("v"), memory.open(), Hooks::default(), clock, random).await.unwrap()
    }

    fn all(vtn: &Vtn) -> Vec<VenCertificate> {
        vtn.ven_certificates(None, None, usize::MAX).unwrap()
    }

    #[tokio::test]
    async fn a_store_from_before_the_index_gets_it() {
        let memory = Memory::new();
        let vtn = open(&memory).await;
        let more = u16::try_from(PAGE).unwrap() + 1;
        for n in 0..more {
            let mut print = [0; 10];
            print[..2].copy_from_slice(&n.to_be_bytes());
            let fingerprint = Fingerprint(print);
            let (ven_id, name) = (Some(format!("v{n:04}")), None);
            let groups = Default::default();
            vtn.enrol_ven(Enrolment { fingerprint, ven_id, name, groups }).await.unwrap();
        }
        let before = all(&vtn);
        assert_eq!(before.len(), usize::from(more));
        assert!(before.iter().all(|one| one.not_after.is_none() && !one.renewed));
        let mut batch = Batch::new();
        CERTIFICATES_INDEXED.delete(&mut batch, "");
        for one in &before {
            CERTIFICATE_ENDS.delete(&mut batch, (UNKNOWN, one.fingerprint.0));
        }
        vtn.store().commit(batch).await.unwrap();
        assert!(all(&vtn).is_empty());
        assert_eq!(all(&open(&memory).await), before);
    }
}
