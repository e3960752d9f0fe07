//! The day as written: what the operator does when, and what one of the sites does.

use jiff::{SignedDuration, Timestamp};
use oadr_platform::opt::{Opt, OptReason, OptSchedule};
use oadr_platform::{Interval, MarketContext};
use oadr_vtn::record::{EventDraft, IntervalDraft, SignalDraft, Targets};
use rust_decimal::Decimal;

use crate::cast::{Cast, Failed};
use crate::sites::PROGRAMME;

/// Dear hours in the evening, for everybody.
pub const PRICE: &str = "evening-price";
/// Load dispatch at noon for the north; modified before it starts.
pub const DISPATCH: &str = "noon-dispatch";
/// Planned for the afternoon, cancelled before it starts.
pub const DROPPED: &str = "afternoon-test";
/// The one who opts out of the evening.
pub const AWAY: &str = "ven-elder";

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    OptOut,
    AnnouncePrice,
    AnnounceDispatch,
    Strengthen,
    AnnounceTest,
    CancelTest,
    End,
}

/// The script: minutes after midnight, and the act.
pub const SCRIPT: [(i64, Act); 7] = [
    (5 * 60, Act::OptOut),
    (6 * 60, Act::AnnouncePrice),
    (8 * 60, Act::AnnounceDispatch),
    (9 * 60 + 30, Act::Strengthen),
    (11 * 60, Act::AnnounceTest),
    (13 * 60 + 30, Act::CancelTest),
    (24 * 60, Act::End),
];

/// The hours of an event, minutes after midnight.
pub const NOON: [i64; 2] = [12 * 60, 13 * 60];
pub const EVENING: [i64; 2] = [17 * 60, 20 * 60];
const AFTERNOON: [i64; 2] = [15 * 60, 16 * 60];

/// An instant of the day.
pub fn at(dawn: Timestamp, minutes: i64) -> Timestamp {
    // A day after a fixed date is a date.
    dawn.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(dawn)
}

impl Act {
    /// Does it, and tells it.
    pub async fn perform(self, cast: &Cast, dawn: Timestamp) -> Result<String, Failed> {
        let vtn = cast.vtn.vtn();
        Ok(match self {
            Self::AnnouncePrice => {
                let targets = Targets { all: true, ..Targets::default() };
                let prices = signal(
                    "ELECTRICITY_PRICE",
                    "price",
                    Some("GBP/kWh"),
                    &[(60, 45), (60, 60), (60, 45)],
                    2,
                );
                vtn.create_event(event(PRICE, dawn, EVENING, targets, prices)).await?;
                "utility announces 0.45, 0.60, 0.45 GBP/kWh from 17:00 to 20:00, to all".to_owned()
            }
            Self::OptOut => {
                let member =
                    cast.members.iter().find(|m| m.site.ven == AWAY).ok_or("nobody is away")?;
                member.simulator.add_schedule(away(dawn));
                format!("{} opts out of 16:00 to 22:00", member.site.name)
            }
            Self::AnnounceDispatch => {
                vtn.create_event(event(DISPATCH, dawn, NOON, north(), levels(&[1, 1]))).await?;
                "utility announces SIMPLE 1 from 12:00 to 13:00, to the north".to_owned()
            }
            Self::Strengthen => {
                let draft = event(DISPATCH, dawn, NOON, north(), levels(&[1, 2]));
                vtn.modify_event(DISPATCH, draft, Some("more is needed".to_owned())).await?;
                "utility raises the second half hour to SIMPLE 2".to_owned()
            }
            Self::AnnounceTest => {
                let draft = event(DROPPED, dawn, AFTERNOON, north(), levels(&[3, 3]));
                vtn.create_event(EventDraft { test: true, ..draft }).await?;
                "utility announces a test, SIMPLE 3 from 15:00 to 16:00, to the north".to_owned()
            }
            Self::CancelTest => {
                vtn.cancel_event(DROPPED, Some("not needed".to_owned())).await?;
                "utility cancels the test".to_owned()
            }
            Self::End => "midnight".to_owned(),
        })
    }
}

fn north() -> Targets {
    Targets { groups: vec!["north".to_owned()], ..Targets::default() }
}

fn levels(values: &[i64]) -> SignalDraft {
    let parts: Vec<_> = values.iter().map(|value| (30, *value)).collect();
    signal("SIMPLE", "level", None, &parts, 0)
}

/// A signal of (minutes, value with `scale` decimals).
fn signal(
    name: &str,
    kind: &str,
    unit: Option<&str>,
    parts: &[(i64, i64)],
    scale: u32,
) -> SignalDraft {
    let interval = |(minutes, value): &(i64, i64)| IntervalDraft {
        duration: SignedDuration::from_mins(*minutes),
        value: Decimal::new(*value, scale),
    };
    SignalDraft {
        id: None,
        name: name.to_owned(),
        kind: kind.to_owned(),
        unit: unit.map(str::to_owned),
        intervals: parts.iter().map(interval).collect(),
        device_classes: Vec::new(),
    }
}

fn event(
    id: &str,
    dawn: Timestamp,
    [from, to]: [i64; 2],
    targets: Targets,
    signal: SignalDraft,
) -> EventDraft {
    EventDraft {
        id: Some(id.to_owned()),
        market_context: PROGRAMME.to_owned(),
        start: at(dawn, from),
        duration: SignedDuration::from_mins(to - from),
        start_after: None,
        notification: SignedDuration::from_hours(2),
        ramp_up: None,
        recovery: None,
        priority: 1,
        response_required: true,
        signals: vec![signal],
        baseline: None,
        targets,
        test: false,
        comment: None,
    }
}

fn away(dawn: Timestamp) -> OptSchedule {
    OptSchedule {
        id: "elder-away".into(),
        opt: Opt::Out,
        reason: OptReason::NotParticipating,
        market_context: Some(MarketContext::from(PROGRAMME)),
        resources: Vec::new(),
        intervals: vec![Interval::new(at(dawn, 16 * 60), std::time::Duration::from_secs(6 * 3600))],
    }
}
