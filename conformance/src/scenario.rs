//! A scenario: what is given, what is done, what is to be seen, and which rules that proves.
//! OpenADR 2.0b Profile, section 11; the names are those of the project's list of scenarios.

use std::future::Future;
use std::pin::Pin;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::ven::VenPlay;
use crate::verdict::Ended;
use crate::vtn::VtnPlay;

/// Whom a scenario is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The subject is a VTN; the kit plays VENs.
    Vtn,
    /// The subject is a VEN; the kit plays the VTN.
    Ven,
}

impl Role {
    /// `vtn` or `ven`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vtn => "vtn",
            Self::Ven => "ven",
        }
    }
}

/// Sets of scenarios that are run together.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// HTTP pull, unsigned: what everybody must be able to do.
    Pull,
    /// HTTP push.
    Push,
    /// XML signatures ("high" security).
    Signed,
    /// XMPP.
    Xmpp,
    /// EI 1.0: tenders, quotes, transactions, delivery.
    Transactive,
}

impl Profile {
    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Signed => "signed",
            Self::Xmpp => "xmpp",
            Self::Transactive => "transactive",
        }
    }
}

/// A play that is going on.
pub type Playing<'a> = Pin<Box<dyn Future<Output = Ended> + Send + 'a>>;

/// How a scenario is played.
#[derive(Clone, Copy)]
pub enum Play {
    /// Against a VTN.
    Vtn(for<'a> fn(&'a mut VtnPlay) -> Playing<'a>),
    /// Against a VEN.
    Ven(for<'a> fn(&'a mut VenPlay) -> Playing<'a>),
}

/// A scenario. Built by its `const` methods, so that a list of them reads like a table.
pub struct Scenario {
    /// Its name; the same for both roles where it has the same meaning.
    pub name: &'static str,
    /// What it belongs to.
    pub profile: Profile,
    /// What is so before it.
    pub given: &'static str,
    /// What the kit does.
    pub when: &'static str,
    /// What must be seen.
    pub expect: &'static str,
    /// The rules it proves.
    pub rules: &'static [&'static str],
    /// The hook's questions it cannot do without (docs/hooks.md).
    pub needs: &'static [&'static str],
    /// What a subject must claim, or the scenario is not for it (docs/hooks.md, `features`).
    pub feature: Option<&'static str>,
    /// How it is played.
    pub play: Play,
}

impl Scenario {
    /// For a VTN.
    pub const fn vtn(name: &'static str, play: for<'a> fn(&'a mut VtnPlay) -> Playing<'a>) -> Self {
        Self::new(name, Play::Vtn(play))
    }

    /// For a VEN.
    pub const fn ven(name: &'static str, play: for<'a> fn(&'a mut VenPlay) -> Playing<'a>) -> Self {
        Self::new(name, Play::Ven(play))
    }

    const fn new(name: &'static str, play: Play) -> Self {
        let (given, when, expect) = ("", "", "");
        let (rules, needs, feature) = (&[] as &[_], &[] as &[_], None);
        Self { name, profile: Profile::Pull, given, when, expect, rules, needs, feature, play }
    }

    /// What is so before it.
    pub const fn given(self, given: &'static str) -> Self {
        Self { given, ..self }
    }

    /// What the kit does.
    pub const fn when(self, when: &'static str) -> Self {
        Self { when, ..self }
    }

    /// What must be seen.
    pub const fn expect(self, expect: &'static str) -> Self {
        Self { expect, ..self }
    }

    /// The rules it proves.
    pub const fn rules(self, rules: &'static [&'static str]) -> Self {
        Self { rules, ..self }
    }

    /// The hook's questions it cannot do without.
    pub const fn needs(self, needs: &'static [&'static str]) -> Self {
        Self { needs, ..self }
    }

    /// What a subject must claim.
    pub const fn feature(self, feature: &'static str) -> Self {
        Self { feature: Some(feature), ..self }
    }

    /// What it belongs to, if not [`Profile::Pull`].
    pub const fn profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// Whom it is for.
    pub fn role(&self) -> Role {
        match self.play {
            Play::Vtn(_) => Role::Vtn,
            Play::Ven(_) => Role::Ven,
        }
    }
}
