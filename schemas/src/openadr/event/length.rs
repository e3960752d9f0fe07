//! Durations added up without losing their calendar parts: a month has no length of
//! its own, so months and seconds are summed apart and meet at the start only.

use jiff::Timestamp;

use crate::xml::Duration;

/// A sum of durations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Length {
    months: i64,
    seconds: i64,
}

impl Length {
    pub(super) const ZERO: Self = Self { months: 0, seconds: 0 };

    /// The two together; saturates far beyond the calendar.
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            months: self.months.saturating_add(other.months),
            seconds: self.seconds.saturating_add(other.seconds),
        }
    }

    /// The instant this long after `start`, months by the calendar of UTC.
    pub(super) fn after(self, start: Timestamp) -> Option<Timestamp> {
        let span = jiff::Span::new().try_months(self.months).ok()?;
        let zoned = start.to_zoned(jiff::tz::TimeZone::UTC).checked_add(span).ok()?;
        zoned.timestamp().checked_add(jiff::SignedDuration::from_secs(self.seconds)).ok()
    }
}

impl From<Duration> for Length {
    fn from(d: Duration) -> Self {
        let sign = if d.negative { -1 } else { 1 };
        let clock = i64::from(d.hours) * 3_600 + i64::from(d.minutes) * 60;
        Self {
            months: sign * (i64::from(d.years) * 12 + i64::from(d.months)),
            seconds: sign * (i64::from(d.days) * 86_400 + clock + i64::from(d.seconds)),
        }
    }
}
