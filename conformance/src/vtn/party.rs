//! A VEN of the kit's: its certificate, its connection, what it was told.

use oadr_certs::Identity;
use oadr_schemas::openadr::oadr::OadrCreatedPartyRegistration;

use crate::sign::Signer;
use crate::wire::client::Caller;

/// A VEN that the kit plays.
pub struct Party {
    /// Its name in the record, such as `VEN 1`.
    pub name: String,
    /// Its certificate.
    pub identity: Identity,
    /// Its way to the VTN.
    pub caller: Caller,
    /// Its venID, once it has one.
    pub ven_id: Option<String>,
    /// Its registrationID, once it has one.
    pub registration_id: Option<String>,
    /// The VTN's vtnID, as told at registration.
    pub vtn_id: String,
    /// With which it signs all that it says, if it does.
    pub signer: Option<Signer>,
}

impl Party {
    /// Its venID; empty before registration.
    pub fn id(&self) -> String {
        self.ven_id.clone().unwrap_or_default()
    }

    /// Its registrationID; empty before registration.
    pub fn registration(&self) -> String {
        self.registration_id.clone().unwrap_or_default()
    }

    /// Takes in what it was told.
    pub fn learn(&mut self, created: &OadrCreatedPartyRegistration) {
        self.ven_id = created.ven_id.clone().or(self.ven_id.take());
        self.registration_id = created.registration_id.clone().or(self.registration_id.take());
        self.vtn_id = created.vtn_id.clone();
    }
}
