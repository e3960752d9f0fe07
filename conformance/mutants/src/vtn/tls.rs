//! TLS of the VTN in miniature. Rules 67, 68, 516.

use oadr_certs::dev::Ca;
use oadr_certs::{Identity, Roots};

use crate::fault::{Fault, Faults};

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// The certificates it shows.
pub fn shown(_: &Faults, identities: Vec<Identity>) -> Vec<Identity> {
    identities
}

/// Whose certificates it takes.
pub fn trusted(_: &Faults, ca: &Ca) -> Roots {
    ca.roots()
}
