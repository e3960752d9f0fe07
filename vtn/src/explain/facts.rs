//! What is known of a VEN and an event, from one view of the store and from memory.

use jiff::Timestamp;
use oadr_schemas::openadr::event::EventTiming;

use crate::control::OutboxState;
use crate::record::{Delivery, Event, OptEntry, Party, ReportRequest};
use crate::refused::{Refused, Stranger};
use crate::settings::Settings;
use crate::watch::Heard;

/// All that is known of a VEN, for one question.
pub(crate) struct Facts<'a> {
    /// The venID that was asked for.
    pub ven: String,
    /// The time, UTC.
    pub now: Timestamp,
    /// Since when the VTN runs, UTC: nothing in memory is older.
    pub open_since: Timestamp,
    pub settings: &'a Settings,
    pub party: Option<Party>,
    pub heard: Option<Heard>,
    /// What of its messages, and by it of ours, was not taken; oldest first.
    pub refused: Vec<Refused>,
    /// Who spoke with unknown certificates that are not the party's; the last first.
    pub strangers: Vec<Stranger>,
    pub outbox: OutboxState,
    pub event: Asked,
}

/// The event that is asked about.
pub(crate) enum Asked {
    Nothing,
    Unknown(String),
    Event(Box<EventFacts>),
}

/// All that is known of an event and this VEN.
pub(crate) struct EventFacts {
    pub event: Event,
    pub timing: EventTiming,
    /// Whether its market context is served here.
    pub served: bool,
    pub delivery: Option<Delivery>,
    /// Events of the VEN that outrank it at the same time.
    pub rivals: Vec<Event>,
    /// Schedules by which the VEN is out during a part of it.
    pub excuses: Vec<OptEntry>,
    pub telemetry: Telemetry,
}

/// What was measured during the event so far.
#[derive(Default)]
pub(crate) struct Telemetry {
    /// Whether the VEN offers a report.
    pub offered: bool,
    pub asked: Vec<ReportRequest>,
    /// A data point (rID) and its last value's time, UTC.
    pub seen: Option<(String, Timestamp)>,
}

impl Facts<'_> {
    /// Its last poll that was answered, UTC.
    pub(super) fn last_poll(&self) -> Option<Timestamp> {
        self.heard.as_ref().and_then(|heard| heard.polls[0])
    }
}

impl EventFacts {
    /// Whether the VEN was sent the event as it stands.
    pub(super) fn is_sent(&self) -> bool {
        let sent = self.delivery.as_ref().and_then(|delivery| delivery.sent.as_ref());
        sent.is_some_and(|sent| sent.modification == self.event.modification)
    }
}
