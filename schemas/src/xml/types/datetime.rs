//! Instants and dates.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use jiff::Timestamp;
use jiff::civil;

use super::string::collapsed;
use crate::xml::Text;

/// `xs:dateTime` as an instant (UTC).
///
/// OpenADR 2.0b rule 1 wants UTC with a `Z` and allows a fraction of a second. A
/// time without zone, which the schema lets through, is read as UTC; it is always
/// written with `Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(pub Timestamp);

impl Deref for DateTime {
    type Target = Timestamp;

    fn deref(&self) -> &Timestamp {
        &self.0
    }
}

impl From<Timestamp> for DateTime {
    fn from(instant: Timestamp) -> Self {
        Self(instant)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

const WANTS: &str = "a date and time such as 2026-01-05T12:00:00Z";

impl Text for DateTime {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        read(&collapsed(text)).map(Self).ok_or(Cow::Borrowed(WANTS))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }
}

/// An instant that the schema wants with a fraction and a `Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcDateTime(pub Timestamp);

impl Text for UtcDateTime {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        let text = collapsed(text);
        match read(&text) {
            Some(instant) if text.contains('.') && text.ends_with('Z') => Ok(Self(instant)),
            _ => Err("a date and time such as 2026-01-05T12:00:00.0Z".into()),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        let text = self.0.to_string();
        Cow::Owned(if text.contains('.') { text } else { text.replace('Z', ".0Z") })
    }
}

fn read(text: &str) -> Option<Timestamp> {
    // The exact shape first: jiff takes more than XSD does (a blank for the T, …).
    let shape = |at: usize, what: u8| text.as_bytes().get(at) == Some(&what);
    let dashes = shape(4, b'-') && shape(7, b'-') && shape(10, b'T');
    if !(dashes && shape(13, b':') && shape(16, b':')) || !text.is_ascii() {
        return None;
    }
    let rest = text.get(19..)?;
    let zone_at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at(zone_at);
    let nanos = fraction_nanos(fraction)?;
    let (midnight, clock) = match text.get(11..19)? {
        "24:00:00" if nanos == 0 => (true, "00:00:00"),
        clock => (false, clock),
    };
    let plain = civil::DateTime::new(
        text.get(0..4)?.parse().ok()?,
        text.get(5..7)?.parse().ok()?,
        text.get(8..10)?.parse().ok()?,
        clock.get(0..2)?.parse().ok()?,
        clock.get(3..5)?.parse().ok()?,
        clock.get(6..8)?.parse().ok()?,
        nanos,
    );
    let seconds = i64::from(offset_seconds(zone)?);
    let utc = plain.ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    let day = if midnight { 86_400 } else { 0 };
    utc.checked_add(jiff::SignedDuration::from_secs(day - seconds)).ok()
}

/// Nanoseconds of `.123…`; what is finer is cut off (OpenADR 2.0b rule 1).
fn fraction_nanos(fraction: &str) -> Option<i32> {
    if fraction.is_empty() {
        return Some(0);
    }
    let digits = fraction.strip_prefix('.')?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nine: String = digits.chars().chain(std::iter::repeat('0')).take(9).collect();
    nine.parse().ok()
}

fn offset_seconds(zone: &str) -> Option<i32> {
    if zone.is_empty() || zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    let whole = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    (whole <= 14 * 3600 && minutes < 60).then_some(sign * whole)
}

/// `xs:date` without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub civil::Date);

impl Text for Date {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        let text = collapsed(text);
        let exact = text.len() == 10 && text.as_bytes()[4] == b'-';
        match text.parse() {
            Ok(date) if exact => Ok(Self(date)),
            _ => Err("a date such as 2026-01-05".into()),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }
}
