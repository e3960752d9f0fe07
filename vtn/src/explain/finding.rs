//! A finding, and what all of them come to.

use jiff::Timestamp;
use serde::Serialize;

use super::cause::{Cause, Weight};
use super::facts::{Asked, Facts};

/// Why a VEN did or did not do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// venID.
    pub ven: String,
    /// eventID, if one was asked about.
    pub event: Option<String>,
    /// As of when, UTC.
    pub at: Timestamp,
    /// The whole in a sentence.
    pub verdict: String,
    /// Link by link.
    pub findings: Vec<Finding>,
}

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about, for programs.
    pub code: Cause,
    /// How much it weighs.
    pub weight: Weight,
    /// What it is, for people.
    pub text: String,
    /// Since when, UTC, if that is known.
    pub since: Option<Timestamp>,
    /// What to do.
    pub mend: Option<String>,
}

impl Finding {
    pub(super) fn new(code: Cause, text: impl Into<String>) -> Self {
        Self { code, weight: code.weight(), text: text.into(), since: None, mend: None }
    }

    pub(super) fn since(self, since: impl Into<Option<Timestamp>>) -> Self {
        Self { since: since.into(), ..self }
    }

    pub(super) fn mend(self, mend: impl Into<String>) -> Self {
        Self { mend: Some(mend.into()), ..self }
    }
}

/// What the findings come to: the first that stops the chain, or where it led.
pub(super) fn verdict(facts: &Facts<'_>, findings: &[Finding]) -> String {
    let ven = &facts.ven;
    let first = |weight| findings.iter().find(|one| one.weight == weight);
    let stops = first(Weight::Stops);
    if let Some(plain) = stops.filter(|one| PLAIN.contains(&one.code)) {
        return plain.text.clone();
    }
    let Asked::Event(about) = &facts.event else {
        return match (stops, first(Weight::Hinders)) {
            (Some(stops), _) => format!("{ven} gets no events: {}", stops.text),
            (None, Some(hinders)) => format!("{ven} can take part, but {}", hinders.text),
            (None, None) => format!("{ven} can take part"),
        };
    };
    let event = &about.event.id;
    match stops {
        Some(stops) if about.is_sent() => format!("{ven} got event {event}, but {}", stops.text),
        Some(stops) => format!("{ven} has not got event {event}: {}", stops.text),
        None => {
            let is = findings.iter().rev().find(|one| OUTCOMES.contains(&one.code));
            let is = is.map_or("it is sent", |one| one.text.as_str());
            format!("{ven} got event {event}: {is}")
        }
    }
}

/// What needs no more words.
const PLAIN: &[Cause] = &[Cause::VenUnknown, Cause::EventUnknown, Cause::EventCancelled];
/// Where the chain leads if nothing stops it.
const OUTCOMES: &[Cause] = &[Cause::AnswerNotWanted, Cause::AnsweredIn, Cause::OptedIn];
