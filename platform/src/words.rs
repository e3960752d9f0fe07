//! Where the platform's words and the wire's meet: OpenADR 2.0b and EI 1.0 each have
//! an own optType and optReason, which mean the same.

use oadr_schemas::{ei::ei as ei10, openadr::ei as openadr, xml::Text as _};

use crate::opt::{Opt, OptReason};

macro_rules! family {
    ($family:ident) => {
        impl From<&$family::OptType> for Opt {
            fn from(word: &$family::OptType) -> Self {
                match word {
                    $family::OptType::OptIn => Self::In,
                    $family::OptType::OptOut => Self::Out,
                }
            }
        }

        impl From<Opt> for $family::OptType {
            fn from(opt: Opt) -> Self {
                match opt {
                    Opt::In => Self::OptIn,
                    Opt::Out => Self::OptOut,
                }
            }
        }

        impl From<&$family::OptReason> for OptReason {
            fn from(word: &$family::OptReason) -> Self {
                Self::from(word.text().as_ref())
            }
        }
    };
}

family!(openadr);
family!(ei10);

impl OptReason {
    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        let known = WORDS.iter().find(|(reason, _)| reason == self).map(|(_, word)| *word);
        match self {
            Self::Other(word) => word,
            _ => known.unwrap_or_default(),
        }
    }
}

impl From<&str> for OptReason {
    fn from(word: &str) -> Self {
        let known = WORDS.iter().find(|(_, known)| *known == word);
        known.map_or_else(|| Self::Other(word.to_owned()), |(reason, _)| reason.clone())
    }
}

const WORDS: [(OptReason, &str); 8] = [
    (OptReason::Economic, "economic"),
    (OptReason::Emergency, "emergency"),
    (OptReason::MustRun, "mustRun"),
    (OptReason::NotParticipating, "notParticipating"),
    (OptReason::OutageRunStatus, "outageRunStatus"),
    (OptReason::OverrideStatus, "overrideStatus"),
    (OptReason::Participating, "participating"),
    (OptReason::Schedule, "x-schedule"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_word_of_openadr_and_comes_back() {
        for (reason, word) in WORDS {
            let on_the_wire = openadr::OptReason::parse(word).unwrap();
            assert!(!matches!(on_the_wire, openadr::OptReason::Extension(_)), "{word}");
            assert_eq!(OptReason::from(&on_the_wire), reason);
            assert_eq!(reason.as_str(), word);
        }
    }

    #[test]
    fn a_reason_of_ones_own_keeps_its_word() {
        let own = ei10::OptReason::parse("x-holiday").unwrap();
        assert_eq!(OptReason::from(&own), OptReason::Other("x-holiday".into()));
        assert_eq!(OptReason::from(&own).as_str(), "x-holiday");
    }

    #[test]
    fn in_and_out_mean_the_same_in_both_families() {
        for opt in [Opt::In, Opt::Out] {
            assert_eq!(Opt::from(&openadr::OptType::from(opt)), opt);
            assert_eq!(Opt::from(&ei10::OptType::from(opt)), opt);
        }
    }
}
