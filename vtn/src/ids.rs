//! Names nobody can guess: 128 random bits in 32 hexadecimal digits (threat T2).

use std::sync::{Mutex, PoisonError};

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
