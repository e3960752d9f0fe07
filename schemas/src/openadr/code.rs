//! The application response codes. OpenADR 2.0b Profile, section 8.7.

use std::fmt;

use super::ei::ResponseCode;

/// What an eiResponse or eventResponse says. x5x: a rule of the protocol is broken;
/// x6x: the deployment does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// 200: done.
    Ok = 200,
    /// 450: a modificationNumber too low or unexpected, uids out of order. Rules 48, 58.
    OutOfSequence = 450,
    /// 451: not allowed, such as rewriting the past. Rule 20.
    NotAllowed = 451,
    /// 452: an ID is unknown or not the expected one. Rules 33, 48, 208, 304, 400, 500, 517.
    InvalidId = 452,
    /// 453: a name is not known, such as a reportName.
    NotRecognized = 453,
    /// 454: data out of range, or more asked for than offered. Rule 340.
    InvalidData = 454,
    /// 459: something is missing, or the wrong kind of payload. Rule 33.
    NotCompliant = 459,
    /// 460: the signal is known but not served. Rules 48, 109.
    SignalNotSupported = 460,
    /// 461: the report is known but not served.
    ReportNotSupported = 461,
    /// 462: target or market context lead to nothing here. Rule 48.
    TargetMismatch = 462,
    /// 463: not registered, or not entitled. Rule 517.
    NotRegistered = 463,
    /// 469: another misfit; the resource meant is unclear. Rule 112.
    NotDeployed = 469,
}

impl Code {
    /// Every code, in numerical order.
    pub const ALL: [Self; 12] = [
        Self::Ok,
        Self::OutOfSequence,
        Self::NotAllowed,
        Self::InvalidId,
        Self::NotRecognized,
        Self::InvalidData,
        Self::NotCompliant,
        Self::SignalNotSupported,
        Self::ReportNotSupported,
        Self::TargetMismatch,
        Self::NotRegistered,
        Self::NotDeployed,
    ];

    /// The number.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// Two or three words for a responseDescription.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::OutOfSequence => "out of sequence",
            Self::NotAllowed => "not allowed",
            Self::InvalidId => "invalid ID",
            Self::NotRecognized => "not recognized",
            Self::InvalidData => "invalid data",
            Self::NotCompliant => "not compliant",
            Self::SignalNotSupported => "signal not supported",
            Self::ReportNotSupported => "report not supported",
            Self::TargetMismatch => "target mismatch",
            Self::NotRegistered => "not registered or not authorized",
            Self::NotDeployed => "deployment error",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

impl From<Code> for ResponseCode {
    fn from(code: Code) -> Self {
        // Every number above has three digits, which is all the facet asks for.
        #[allow(clippy::unwrap_used)]
        Self::new(code.to_string()).unwrap()
    }
}

/// Gives the code back if it is not one of the standard's.
impl TryFrom<&ResponseCode> for Code {
    type Error = String;

    fn try_from(code: &ResponseCode) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|known| known.to_string() == *code.value());
        known.ok_or_else(|| code.value().clone())
    }
}

impl ResponseCode {
    /// Whether it says success: 2xx, of which the standard uses 200 alone.
    pub fn is_ok(&self) -> bool {
        self.value().starts_with('2')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_the_way_through_its_text() {
        for code in Code::ALL {
            let text = ResponseCode::from(code);
            assert_eq!(Code::try_from(&text), Ok(code));
            assert_eq!(text.is_ok(), code == Code::Ok);
        }
    }

    #[test]
    fn a_code_of_ones_own_is_no_success_and_no_known_code() {
        let own = ResponseCode::new("500").unwrap();
        assert!(!own.is_ok());
        assert_eq!(Code::try_from(&own), Err("500".to_owned()));
    }
}
