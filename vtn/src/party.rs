//! From a certificate to a party, and what it may say. OpenADR 2.0b Profile, sections 9.2.1.1
//! and 10.5, rules 21, 405, 508, 512, 516, 517.
//!
//! The certificate alone identifies. At first contact its ten-byte fingerprint is looked up
//! among those an operator enrolled, and the whole SHA-256 is bound to the party; from then on
//! only that counts. venIDs, names and addresses inside a message are compared with the party,
//! never used to find it.

use jiff::Timestamp;
use oadr_certs::PeerCertificate;
use oadr_schemas::openadr::{Code, Message};
use oadr_store::{Batch, Keys, Read, Snapshot, Store, Stored};

use crate::certificates;
use crate::error::Error;
use crate::event;
use crate::ids::Ids;
use crate::record::{Certificate, Party, Print, Standing};
use crate::settings::{Policy, Settings};
use crate::tables::{BY_FINGERPRINT, BY_THUMBPRINT, PARTIES, PENDING};

/// What it takes to recognise a party.
pub(crate) struct Door<'a> {
    pub store: &'a Store,
    pub settings: &'a Settings,
    pub ids: &'a Ids,
    pub now: Timestamp,
}

impl Door<'_> {
    /// The party of a certificate, with the view it was read from. `introduces`: the request
    /// is one that a first contact may begin with.
    ///
    /// # Errors
    /// [`Error::Expired`] (rule 516); [`Error::NotRegistered`] if nobody, or nobody yet, is
    /// known by it (rule 517).
    pub(crate) async fn recognise(
        &self,
        certificate: &PeerCertificate,
        introduces: bool,
    ) -> Result<(Snapshot, Stored<Party>), Error> {
        if certificate.is_expired(self.now) {
            return Err(Error::Expired);
        }
        let view = self.store.snapshot()?;
        if let Some(ven) = BY_THUMBPRINT.get(&view, certificate.thumbprint.0)? {
            let party = known(&view, &ven)?;
            return Ok((view, party));
        }
        let ven = match BY_FINGERPRINT.load(&view, certificate.fingerprint().0)? {
            Some(print) if print.bound => {
                // Another certificate with the same ten bytes: 2^80 tries, or none honest.
                return Err(Error::NotRegistered("its fingerprint belongs to another certificate"));
            }
            Some(print) => self.bind(&view, print, certificate).await?,
            None if introduces => self.admit(&view, certificate).await?,
            None => return Err(Error::NotRegistered("the certificate is unknown")),
        };
        let view = self.store.snapshot()?;
        let party = known(&view, &ven)?;
        Ok((view, party))
    }

    /// First contact of an enrolled certificate: from now on its whole SHA-256 counts.
    async fn bind(
        &self,
        view: &Snapshot,
        print: Stored<Print>,
        certificate: &PeerCertificate,
    ) -> Result<String, Error> {
        let ven = print.ven.clone();
        let party = known(view, &ven)?;
        let mut bound = Party::clone(&party);
        let fingerprint = certificate.fingerprint();
        let mut batch = Batch::new();
        for enrolled in &mut bound.certificates {
            if enrolled.fingerprint == fingerprint && enrolled.thumbprint.is_none() {
                certificates::forget(&mut batch, enrolled);
                *enrolled = seen(certificate);
                certificates::index(&mut batch, &ven, enrolled)?;
            }
        }
        PARTIES.swap(&mut batch, &ven, &party, &bound)?;
        BY_THUMBPRINT.put_new(&mut batch, certificate.thumbprint.0, &ven)?;
        let bound = Print { ven: ven.clone(), bound: true };
        BY_FINGERPRINT.swap(&mut batch, fingerprint.0, &print, &bound)?;
        self.store.commit(batch).await?;
        tracing::info!(party = ven, %fingerprint, "first contact: certificate bound");
        Ok(ven)
    }

    /// First contact of a certificate that nobody enrolled, as the policy has it.
    async fn admit(&self, view: &Snapshot, certificate: &PeerCertificate) -> Result<String, Error> {
        let standing = match self.settings.policy {
            Policy::Known => return Err(Error::NotRegistered("the certificate is not enrolled")),
            Policy::Approve => Standing::Pending,
            Policy::Open => Standing::Enrolled,
        };
        let ven = self.ids.make();
        let mut batch = Batch::new();
        let party = Party {
            id: ven.clone(),
            name: certificate.common_name.clone(),
            standing,
            certificates: vec![seen(certificate)],
            groups: Default::default(),
            registration: None,
            cancelled_registration: None,
            leniencies: Default::default(),
            known_since: self.now,
        };
        if standing == Standing::Pending {
            let most = self.settings.limits.pending_parties;
            if PENDING.range(view, Keys::all().limit(most))?.len() >= most {
                return Err(Error::NotRegistered("too many wait for an operator already"));
            }
            PENDING.put(&mut batch, &ven, &())?;
        } else {
            event::join(view, &mut batch, &party, self.now)?;
        }
        PARTIES.put_new(&mut batch, &ven, &party)?;
        for one in &party.certificates {
            certificates::index(&mut batch, &ven, one)?;
        }
        BY_THUMBPRINT.put_new(&mut batch, certificate.thumbprint.0, &ven)?;
        let fingerprint = certificate.fingerprint();
        let print = Print { ven: ven.clone(), bound: true };
        BY_FINGERPRINT.put_new(&mut batch, fingerprint.0, &print)?;
        self.store.commit(batch).await?;
        tracing::info!(party = ven, %fingerprint, ?standing, "first contact: written down");
        Ok(ven)
    }
}

/// Whether a party may send this message as it stands: registered where it must be, and under
/// its own venID.
///
/// # Errors
/// 463 if it is not registered (rules 405, 517); 452 if the venID is another's (rules 21, 400,
/// 517); 459 if it is missing (rules 33, 508). A certificate that is known gets 452 and never
/// 463 for a wrong venID: section 9.2.1.1 and rule 517 differ there.
pub(crate) fn may_send(party: &Party, message: &Message) -> Result<(), Error> {
    match party.standing {
        Standing::Pending => return Err(Error::NotRegistered("waits for an operator")),
        Standing::Barred => return Err(Error::NotRegistered("was turned away by an operator")),
        Standing::Enrolled => {}
    }
    if !party.is_registered() && !speaks_unregistered(party, message) {
        return Err(Error::NotRegistered("has not registered"));
    }
    // Rule 46: empty and absent mean the same.
    match message.ven_id().filter(|id| !id.is_empty()) {
        Some(id) if id == party.id => Ok(()),
        Some(_) => Err(Error::invalid_id(517, "venID")),
        None if speaks_without_ven_id(message) => Ok(()),
        None => Err(Error::rule(508, Code::NotCompliant, "venID is missing")),
    }
}

/// What begins a registration, and the repetition of what ended one.
fn speaks_unregistered(party: &Party, message: &Message) -> bool {
    let ended = party.cancelled_registration.as_deref();
    match message {
        Message::OadrQueryRegistration(_) | Message::OadrCreatePartyRegistration(_) => true,
        Message::OadrCancelPartyRegistration(m) => ended == Some(&m.registration_id),
        Message::OadrCanceledPartyRegistration(m) => {
            ended.is_some() && ended == m.registration_id.as_deref()
        }
        _ => false,
    }
}

/// Rule 508 wants a venID in all VEN payloads; these two have no place for it, or none to send
/// yet (rule 402).
fn speaks_without_ven_id(message: &Message) -> bool {
    match message {
        Message::OadrQueryRegistration(_) => true,
        Message::OadrCreatePartyRegistration(m) => {
            m.registration_id.as_deref().is_none_or(str::is_empty)
        }
        _ => false,
    }
}

/// The record of a party that an index names.
pub(crate) fn known(view: &impl Read, ven: &str) -> Result<Stored<Party>, Error> {
    PARTIES
        .load(view, ven)?
        .ok_or_else(|| Error::Internal(format!("an index names a party that is gone: {ven}")))
}

fn seen(certificate: &PeerCertificate) -> Certificate {
    Certificate {
        fingerprint: certificate.fingerprint(),
        thumbprint: Some(certificate.thumbprint),
        common_name: certificate.common_name.clone(),
        not_after: Some(certificate.not_after),
    }
}
