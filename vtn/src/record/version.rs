//! Which version of an event somebody means. OpenADR 2.0b Profile, rules 4, 5, 10.

use std::fmt;
use std::str::FromStr;

use super::Event;

/// A version of an event, written `3`, or `3c` if the event is cancelled with it. It names what
/// was decided of the event: the eventStatus moves on with time within one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// modificationNumber.
    pub modification: u32,
    /// Whether the event is cancelled.
    pub cancelled: bool,
}

impl Event {
    /// Which version this is.
    #[must_use]
    pub fn version(&self) -> Version {
        Version { modification: self.modification, cancelled: self.cancelled.is_some() }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.modification, if self.cancelled { CANCELLED } else { "" })
    }
}

impl FromStr for Version {
    type Err = &'static str;

    /// Reads the one form in which it is written.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "not a version of an event, such as 3, or 3c for a cancelled one";
        let number = text.strip_suffix(CANCELLED);
        let modification = number.unwrap_or(text).parse().map_err(|_| wrong)?;
        let version = Self { modification, cancelled: number.is_some() };
        if version.to_string() == text { Ok(version) } else { Err(wrong) }
    }
}

const CANCELLED: &str = "c";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_one_form() {
        for text in ["0", "3", "4294967295", "1c"] {
            assert_eq!(text.parse::<Version>().unwrap().to_string(), text);
        }
        for text in ["", "c", "03", "+3", "-1", "3C", "3cc", "3 ", "4294967296", "\"3\""] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }
}
