//! What the console is asked and answers: names and forms of docs/hooks.md. Fields that are not
//! known are ignored; `null` is absent.

use jiff::Timestamp;
use oadr_platform::market;
use oadr_platform::opt::Opt as Choice;
use oadr_platform::{EventId, OptId, ResourceId};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::house::Meter;
use crate::{Error, EventView, InForceView, Status};

/// A question.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Question {
    Clock {
        advance_ms: u64,
    },
    Site,
    OptEvent {
        event_id: EventId,
        opt: Opt,
        resources: Option<Vec<ResourceId>>,
    },
    OptSchedule(Away),
    CancelOpt {
        opt_id: OptId,
    },
    Source {
        state: Meter,
    },
    Tender(Offer),
    #[serde(other)]
    Unknown,
}

/// The customer is (not) to be had.
#[derive(Debug, Deserialize)]
pub struct Away {
    pub opt: Opt,
    pub from: Timestamp,
    pub duration_s: u64,
    pub resources: Option<Vec<ResourceId>>,
}

/// What the site would buy or sell.
#[derive(Debug, Deserialize)]
pub struct Offer {
    pub side: Side,
    pub from: Timestamp,
    pub duration_s: u64,
    pub wh: Decimal,
    pub price: Decimal,
}

/// An opt as the wire has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Opt {
    #[serde(rename = "optIn")]
    In,
    #[serde(rename = "optOut")]
    Out,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Buy,
    Sell,
}

/// An answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Ok(Value),
    Refused(String),
    Cannot(String),
    Failed(String),
}

/// How things stand at the site.
#[derive(Debug, Serialize)]
pub struct Site {
    events: Vec<Event>,
    in_force: Vec<InForce>,
}

#[derive(Debug, Serialize)]
struct Event {
    id: String,
    modification: u32,
    state: String,
    start: Timestamp,
    end: Option<Timestamp>,
    opt: Option<Opt>,
    test: bool,
    /// The response code it was answered with.
    code: u16,
}

#[derive(Debug, Serialize)]
struct InForce {
    event: String,
    signal: String,
    value: Option<f64>,
    resource: String,
}

impl Site {
    /// Out of the VEN's last step, as it is at `now`.
    pub fn at(status: Status, now: Timestamp) -> Self {
        let events = status.events.into_iter().map(|event| Event {
            state: event.state_at(now).to_owned(),
            id: event.id,
            modification: event.modification,
            start: event.start,
            end: event.end,
            opt: event.opt.map(Opt::from),
            test: event.test,
            code: event.code,
        });
        let in_force = status.in_force.into_iter().map(InForce::from);
        Self { events: events.collect(), in_force: in_force.collect() }
    }
}

impl EventView {
    /// Its state, which the VEN tells as of its last step, as it is at `now`.
    fn state_at(&self, now: Timestamp) -> &'static str {
        match self.end {
            _ if self.state == "cancelled" => "cancelled",
            Some(end) if end <= now => "over",
            _ if self.start > now => "waiting",
            _ => "running",
        }
    }
}

impl From<InForceView> for InForce {
    fn from(view: InForceView) -> Self {
        let InForceView { event, signal, value, resource } = view;
        Self { event, signal, value: value.to_f64(), resource }
    }
}

impl From<Opt> for Choice {
    fn from(opt: Opt) -> Self {
        match opt {
            Opt::In => Self::In,
            Opt::Out => Self::Out,
        }
    }
}

impl From<Choice> for Opt {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::In => Self::In,
            Choice::Out => Self::Out,
        }
    }
}

impl From<Side> for market::Side {
    fn from(side: Side) -> Self {
        match side {
            Side::Buy => Self::Buy,
            Side::Sell => Self::Sell,
        }
    }
}

/// What the customer may not do is refused; what went wrong is told.
impl From<Error> for Answer {
    fn from(error: Error) -> Self {
        let told = error.to_string();
        match error {
            Error::UnknownEvent(_) | Error::UnknownOpt(_) | Error::NotAllowed { .. } => {
                Self::Refused(told)
            }
            _ => Self::Failed(told),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Question {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_is_not_known_is_ignored_and_null_is_absent() {
        let text = r#"{"do":"opt_event","event_id":"e","opt":"optOut","resources":null,"x":1}"#;
        let Question::OptEvent { opt: Opt::Out, resources: None, .. } = read(text) else {
            panic!("{text}");
        };
        assert!(matches!(read(r#"{"do":"fly","how":"high"}"#), Question::Unknown));
        assert!(serde_json::from_str::<Question>(r#"{"do":"clock"}"#).is_err());
    }

    #[test]
    fn numbers_of_a_tender_are_taken_as_they_are_written() {
        let text = r#"{"do":"tender","side":"sell","from":"2026-06-01T13:00:00Z",
            "duration_s":3600,"wh":1500,"price":0.31}"#;
        let Question::Tender(offer) = read(text) else { panic!("{text}") };
        assert_eq!(offer.price, Decimal::new(31, 2));
        assert_eq!(offer.wh, Decimal::from(1500));
    }
}
