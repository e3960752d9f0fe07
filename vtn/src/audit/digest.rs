//! SHA-256 of anything.

use std::fmt;
use std::str::FromStr;

use oadr_certs::Thumbprint;
use serde::{Deserialize, Serialize};

/// A SHA-256, written in 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(Thumbprint);

impl Digest {
    /// What the first line of all names as the one before it.
    pub(super) const ZERO: Self = Self(Thumbprint([0; 32]));

    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        // A thumbprint is the SHA-256 of whatever it is given.
        Self(Thumbprint::of_der(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = text.parse().map(Self);
        read.map_err(|_| "a hash is 64 hex digits, as `vtn audit verify` tells it".to_owned())
    }
}
