//! What an operator may: three roles, each with all that the one before may.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A role. Ordered: the greater may all that the lesser may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks: VENs, events and answers, report requests, opts, counters. Not meter data.
    Viewer,
    /// Works: events, groups, report requests; reads meter data and trades.
    Operator,
    /// Decides who takes part, makes backups, reads the audit log.
    Administrator,
}

impl Role {
    /// All, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Operator, Self::Administrator];
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Administrator => "administrator",
        })
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|role| role.to_string() == text);
        found.ok_or_else(|| format!("{text:?} is none of viewer, operator, administrator"))
    }
}
