//! Events in time: status, end, overlap, values in force. OpenADR 2.0b Profile,
//! rules 13, 14, 18, 29, 30, 47, 66; letters as in `docs` of the time model:
//! S start, D duration, R startafter, U ramp-up, V recovery, N notification.

mod interval;
mod length;
mod order;
#[cfg(test)]
pub(super) mod tests;

use jiff::{SignedDuration, Timestamp};

pub use interval::Bounds;
pub use order::Place;

use super::check::Fault;
use super::ei::{EiActivePeriod, EiEvent};
use super::xcal::Properties;
use super::{Code, EventStatus};
use crate::xml::{AnyType, Duration};
use length::Length;

/// When an event happens. Every instant it speaks of fits a [`Timestamp`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTiming {
    start: Timestamp,
    length: Option<Length>,
    end: Option<Timestamp>,
    startafter: SignedDuration,
    ramp_up: Option<SignedDuration>,
    recovery: Option<SignedDuration>,
    notification: Option<SignedDuration>,
}

impl EventTiming {
    /// Reads the active period.
    ///
    /// # Errors
    /// Code 454 if a duration that must not be negative is (rules 8, 30), or if a time
    /// falls outside the years -9999 to 9999.
    pub fn of(event: &EiEvent) -> Result<Self, Fault> {
        Self::from_properties(&event.ei_active_period.properties)
    }

    /// Reads the properties of an active period.
    ///
    /// # Errors
    /// As [`EventTiming::of`].
    pub fn from_properties(properties: &Properties) -> Result<Self, Fault> {
        let start = Timestamp::from(&properties.dtstart);
        let duration = properties.duration.duration;
        let length = (!duration.is_zero()).then_some(Length::from(duration));
        let end = match length {
            Some(length) if !duration.negative => {
                Some(length.after(start).ok_or_else(|| unfit(8, "duration"))?)
            }
            Some(_) => return Err(negative(8, "duration")),
            None => None,
        };
        let startafter = match properties.startafter() {
            Some(window) if window.negative && !window.is_zero() => {
                return Err(negative(30, "startafter"));
            }
            window => forward(window, end.unwrap_or(start), "startafter")?,
        };
        let ramp_up = properties.x_ei_ramp_up.as_ref().map(|property| property.duration);
        let notification = properties.x_ei_notification.as_ref().map(|property| property.duration);
        let recovery = properties.x_ei_recovery.as_ref().map(|property| property.duration);
        Ok(Self {
            start,
            length,
            end,
            startafter: startafter.unwrap_or(SignedDuration::ZERO),
            ramp_up: backward(ramp_up, start, "x-eiRampUp")?,
            recovery: forward(recovery, end.unwrap_or(start), "x-eiRecovery")?,
            notification: backward(notification, start, "x-eiNotification")?,
        })
    }

    /// S: dtstart.
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// D: how long it lasts; `None` if it runs until cancelled (rule 47).
    pub fn duration(&self) -> Option<SignedDuration> {
        self.end.map(|end| end.duration_since(self.start))
    }

    /// R: the window in which each VEN shifts its start at random (rule 30); zero if
    /// none is given.
    pub fn startafter(&self) -> SignedDuration {
        self.startafter
    }

    /// U: the ramp up to the start; negative if it lies inside the active time.
    pub fn ramp_up(&self) -> Option<SignedDuration> {
        self.ramp_up
    }

    /// V: the recovery after the end; negative if it lies inside the active time.
    pub fn recovery(&self) -> Option<SignedDuration> {
        self.recovery
    }

    /// N: how long before the start it is to be announced.
    pub fn notification(&self) -> Option<SignedDuration> {
        self.notification
    }

    /// S − U where the ramp lies before the start: from then on the event is near.
    pub fn near_from(&self) -> Option<Timestamp> {
        let ramp = self.ramp_up.filter(SignedDuration::is_positive)?;
        // Was in range when read.
        self.start.checked_sub(ramp).ok()
    }

    /// S + D; `None` if it runs until cancelled.
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.end
    }

    /// S + D + R: until then the event is listed, even as completed (rule 66), and
    /// until then it counts as overlapping others (rule 18). `None` if it runs until
    /// cancelled.
    pub fn listed_until(&self) -> Option<Timestamp> {
        // Was in range when read.
        self.end.and_then(|end| end.checked_add(self.startafter).ok())
    }

    /// The status the clock gives it (rule 13, table of states). Starts count as
    /// inside, ends as outside (rule 18). `cancelled` outranks the clock.
    pub fn status_at(&self, now: Timestamp, cancelled: bool) -> EventStatus {
        if cancelled {
            EventStatus::Cancelled
        } else if self.end.is_some_and(|end| now >= end) {
            EventStatus::Completed
        } else if now >= self.start {
            EventStatus::Active
        } else if self.near_from().is_some_and(|near| now >= near) {
            EventStatus::Near
        } else {
            EventStatus::Far
        }
    }

    /// The next instant after `now` at which [`EventTiming::status_at`] changes by
    /// itself.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let changes = [self.near_from(), Some(self.start), self.end];
        changes.into_iter().flatten().find(|change| *change > now)
    }

    /// Whether the two share time: the later starts before the earlier's S + D + R
    /// (rule 18). What a VEN does then is the deployment's matter.
    pub fn overlaps(&self, other: &Self) -> bool {
        let (first, second) = if self.start <= other.start { (self, other) } else { (other, self) };
        first.listed_until().is_none_or(|end| second.start < end)
    }

    /// A VEN's own run when it starts `shift` late (rule 30): start and end.
    pub fn shifted(&self, shift: SignedDuration) -> (Timestamp, Option<Timestamp>) {
        let later = |at: Timestamp| at.checked_add(shift).unwrap_or(Timestamp::MAX);
        (later(self.start), self.end.map(later))
    }
}

impl EiEvent {
    /// Its ID.
    pub fn id(&self) -> &str {
        &self.event_descriptor.event_id
    }

    /// Its version.
    pub fn modification_number(&self) -> u32 {
        self.event_descriptor.modification_number
    }

    /// Its market context, as written.
    pub fn market_context(&self) -> &str {
        &self.event_descriptor.ei_market_context.market_context
    }

    /// Whether its status says cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.event_descriptor.event_status == EventStatus::Cancelled
    }

    /// Whether it is a test: any testEvent but `false` (rule 6); empty means absent
    /// (rule 46).
    pub fn is_test(&self) -> bool {
        let text = self.event_descriptor.test_event.as_deref().unwrap_or("");
        !matches!(text.trim(), "" | "false")
    }
}

impl From<Properties> for EiActivePeriod {
    fn from(properties: Properties) -> Self {
        Self { properties, components: AnyType::default() }
    }
}

/// The length of `duration` counted on from `from`.
fn forward(
    duration: Option<Duration>,
    from: Timestamp,
    name: &str,
) -> Result<Option<SignedDuration>, Fault> {
    let Some(duration) = duration else { return Ok(None) };
    let length = duration.from(from).filter(|length| from.checked_add(*length).is_ok());
    length.map(Some).ok_or_else(|| unfit(31, name))
}

/// The length of `duration` counted back from `from`.
fn backward(
    duration: Option<Duration>,
    from: Timestamp,
    name: &str,
) -> Result<Option<SignedDuration>, Fault> {
    let back = duration.map(|d| Duration { negative: !d.negative, ..d });
    let length = forward(back, from, name)?;
    // A length between two timestamps is far from the ends of the type.
    Ok(length.map(|length| -length))
}

fn negative(rule: u16, name: &str) -> Fault {
    Fault::new(rule, Code::InvalidData, format!("{name} of the active period is negative"))
}

fn unfit(rule: u16, name: &str) -> Fault {
    let what = format!("{name} of the active period leads out of the calendar");
    Fault::new(rule, Code::InvalidData, what)
}
