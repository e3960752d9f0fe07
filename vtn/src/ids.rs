//! Names nobody can guess: 128 random bits in 32 hexadecimal digits (threat T2).

use std::sync::{Mutex, PoisonError};

use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::Fault;
use oadr_transport::Random;
use rand::RngCore;

/// The maker of names.
pub(crate) struct Ids(Mutex<Random>);

impl Ids {
    pub(crate) fn new(random: Random) -> Self {
        Self(Mutex::new(random))
    }

    /// A new name, never given before.
    pub(crate) fn make(&self) -> String {
        let mut bytes = [0; 16];
        // A panic cannot leave a random source half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Holds a name that a peer chose, and that is to be kept: there is one, and it is [`short`].
///
/// # Errors
/// Under this rule 459 if it is empty, which is as good as absent (rules 33, 46); 454 if it is
/// longer.
pub(crate) fn named(rule: u16, kind: &str, id: &str) -> Result<(), Fault> {
    if id.trim().is_empty() {
        return Err(Fault::new(rule, Code::NotCompliant, format!("{kind} is empty")));
    }
    short(rule, kind, id)
}

/// Holds a text that a peer chose, and that is to be kept, against [`LONGEST`].
///
/// # Errors
/// 454 under this rule if it is longer.
pub(crate) fn short(rule: u16, kind: &str, id: &str) -> Result<(), Fault> {
    if id.len() <= LONGEST {
        return Ok(());
    }
    let what = format!("{kind} is longer than {LONGEST} bytes");
    Err(Fault::new(rule, Code::InvalidData, what))
}

/// Bytes of a text that a peer chooses. The schemas set no bound.
const LONGEST: usize = 250;
