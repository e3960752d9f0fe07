//! TLS of the VEN in miniature. Rules 67, 68, 516.

use oadr_certs::tls::{ClientSettings, client_config};
use oadr_certs::{Error, Identity, Roots};
use oadr_conformance::wire::client::{Address, Caller};

use crate::fault::{Fault, Faults};

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// A client with this certificate.
///
/// # Errors
/// If key and certificate are no pair.
pub fn caller(roots: &Roots, _: &Faults, identity: Identity, to: Address) -> Result<Caller, Error> {
    let config = client_config(ClientSettings::new(identity, roots.clone()))?;
    Ok(Caller::new(to, config))
}
