//! The order of events in an oadrDistributeEvent. OpenADR 2.0b Profile, rules 3, 15.

use jiff::Timestamp;

use super::EventTiming;
use crate::openadr::EventStatus;
use crate::openadr::check::Fault;
use crate::openadr::ei::EiEvent;

/// Where an event stands among others; the smallest comes first.
///
/// Active ones first, by priority (1 highest, 0 and none lowest), then by start;
/// pending ones by start; completed ones last. A cancelled event stands where it
/// would without its cancellation. What still ties goes by eventID: createdDateTime
/// is renewed by every change (rule 115), so it would not give the same order in
/// successive answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    stage: u8,
    priority: u32,
    start: Timestamp,
    event_id: String,
}

impl Place {
    /// The event's place at `now`.
    pub fn of(event: &EiEvent, timing: &EventTiming, now: Timestamp) -> Self {
        let stage = match timing.status_at(now, false) {
            EventStatus::Active => 0,
            EventStatus::Far | EventStatus::Near => 1,
            _ => 2,
        };
        let priority = match event.event_descriptor.priority {
            None | Some(0) => u32::MAX,
            Some(priority) => priority,
        };
        Self {
            stage,
            // Among pending ones only the start counts.
            priority: if stage == 0 { priority } else { 0 },
            start: timing.start(),
            event_id: event.id().to_owned(),
        }
    }
}

impl EiEvent {
    /// Its place among others at `now`, to sort by (rule 15).
    ///
    /// # Errors
    /// As [`EventTiming::of`].
    pub fn place(&self, now: Timestamp) -> Result<Place, Fault> {
        Ok(Place::of(self, &EventTiming::of(self)?, now))
    }
}
