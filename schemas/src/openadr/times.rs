//! The wrappers xCal puts around times, from and to plain values.

use jiff::Timestamp;

use super::xcal::{
    Available, Dtstart, DurationProp, Properties, Tolerance, Tolerate, Uid, Vavailability,
};
use crate::xml::{DateTime, Duration};

impl From<Timestamp> for Dtstart {
    fn from(start: Timestamp) -> Self {
        Self { date_time: DateTime(start) }
    }
}

impl From<&Dtstart> for Timestamp {
    fn from(start: &Dtstart) -> Self {
        start.date_time.0
    }
}

impl From<Duration> for DurationProp {
    fn from(duration: Duration) -> Self {
        Self { duration }
    }
}

impl<T: Into<String>> From<T> for Uid {
    fn from(text: T) -> Self {
        Self { text: text.into() }
    }
}

impl Properties {
    /// A start and a duration, nothing else: what rules 200 and 321 ask for.
    pub fn new(start: Timestamp, duration: Duration) -> Self {
        Self {
            dtstart: start.into(),
            duration: duration.into(),
            tolerance: None,
            x_ei_notification: None,
            x_ei_ramp_up: None,
            x_ei_recovery: None,
        }
    }

    /// The window in which a VEN shifts its start at random (rule 30).
    pub fn startafter(&self) -> Option<Duration> {
        self.tolerance.as_ref().and_then(|tolerance| tolerance.tolerate.startafter)
    }

    /// The same with such a window.
    pub fn with_startafter(self, window: Duration) -> Self {
        let tolerate = Tolerate { startafter: Some(window) };
        Self { tolerance: Some(Tolerance { tolerate }), ..self }
    }
}

impl FromIterator<(Timestamp, Duration)> for Vavailability {
    /// An opt schedule of these times; a duration of zero has no end (rule 210).
    fn from_iter<I: IntoIterator<Item = (Timestamp, Duration)>>(times: I) -> Self {
        let available = times.into_iter().map(|(start, duration)| Properties::new(start, duration));
        let mut schedule = Self::default();
        schedule.components.available =
            available.map(|properties| Available { properties }).collect();
        schedule
    }
}

impl Vavailability {
    /// The times of an opt schedule, as written; a duration of zero has no end
    /// (rule 210).
    pub fn times(&self) -> impl Iterator<Item = (Timestamp, Duration)> + '_ {
        self.components.available.iter().map(|available| {
            let Properties { dtstart, duration, .. } = &available.properties;
            (dtstart.into(), duration.duration)
        })
    }
}
