//! Instants and dates.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use jiff::Timestamp;
use jiff::civil;

use super::string::collapsed;
use crate::xml::Text;

macro_rules! instants {
    ($($(#[$meta:meta])* $name:ident;)+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Timestamp);

        impl Deref for $name {
            type Target = Timestamp;

            fn deref(&self) -> &Timestamp {
                &self.0
            }
        }

        impl From<Timestamp> for $name {
            fn from(instant: Timestamp) -> Self {
                Self(instant)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text())
            }
        }
    )+ };
}

instants! {
    /// An instant (UTC), as every message but those of Atom and XML-Signature has it.
    ///
    /// OpenADR 2.0b rule 1 wants UTC with a `Z` and allows a fraction of a second. A
    /// time without zone, which the schema's pattern lets through, is read as UTC; an
    /// offset, which it does not, is refused. Always written with `Z`.
    DateTime;
    /// An instant (UTC) that the schema wants written with a fraction and a `Z`.
    UtcDateTime;
    /// `xs:dateTime` as XML Schema has it, any offset allowed, as an instant (UTC).
    /// Written with `Z`.
    ZonedDateTime;
}

impl Text for DateTime {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        let text = collapsed(text);
        match read(&text) {
            Some((instant, "" | "Z")) => Ok(Self(instant)),
            _ => Err("a date and time in UTC such as 2026-01-05T12:00:00Z".into()),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }
}

impl Text for UtcDateTime {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        let text = collapsed(text);
        match read(&text) {
            Some((instant, "Z")) if text.contains('.') => Ok(Self(instant)),
            _ => Err("a date and time such as 2026-01-05T12:00:00.0Z".into()),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        let text = self.0.to_string();
        Cow::Owned(if text.contains('.') { text } else { text.replace('Z', ".0Z") })
    }
}

impl Text for ZonedDateTime {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        match read(&collapsed(text)) {
            Some((instant, _)) => Ok(Self(instant)),
            None => Err("a date and time such as 2026-01-05T12:00:00+01:00".into()),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }
}

/// The instant a text names and the zone it gives. XSD's shape, to the letter: jiff
/// takes more (a blank for the T, seconds left out, …).
fn read(text: &str) -> Option<(Timestamp, &str)> {
    let (clock, rest) = (text.get(..19)?, text.get(19..)?);
    let numbers = |from: usize, to: usize| digits(clock.get(from..to)?);
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if !marks.iter().all(|(at, mark)| clock.as_bytes()[*at] == *mark) {
        return None;
    }
    let zone_at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at(zone_at);
    let nanos = nanoseconds(fraction)?;
    // The last instant of a day may be named as the first of the next.
    let midnight = &clock[11..] == "24:00:00" && nanos == 0;
    let hour = if midnight { 0 } else { numbers(11, 13)? };
    let plain = civil::DateTime::new(
        i16::try_from(numbers(0, 4)?).ok().filter(|year| *year > 0)?,
        i8::try_from(numbers(5, 7)?).ok()?,
        i8::try_from(numbers(8, 10)?).ok()?,
        i8::try_from(hour).ok()?,
        i8::try_from(numbers(14, 16)?).ok()?,
        i8::try_from(numbers(17, 19)?).ok()?,
        nanos,
    );
    let utc = plain.ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    let day = if midnight { 86_400 } else { 0 };
    let shift = jiff::SignedDuration::from_secs(day - offset_seconds(zone)?);
    Some((utc.checked_add(shift).ok()?, zone))
}

/// Nanoseconds of `.123…`; what is finer is cut off (OpenADR 2.0b rule 1).
fn nanoseconds(fraction: &str) -> Option<i32> {
    if fraction.is_empty() {
        return Some(0);
    }
    let all = fraction.strip_prefix('.').filter(|d| !d.is_empty())?;
    if !all.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nine = all.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some(nine.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')))
}

fn offset_seconds(zone: &str) -> Option<i64> {
    if zone.is_empty() || zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    let whole = i64::from(hours) * 3600 + i64::from(minutes) * 60;
    (whole <= 14 * 3600 && minutes < 60).then_some(sign * whole)
}

/// A short number; unlike `str::parse`, no sign.
fn digits(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// `xs:date` without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub civil::Date);

impl Text for Date {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        let text = collapsed(text);
        let exact = text.len() == 10
            && text.bytes().enumerate().all(|(i, b)| matches!(i, 4 | 7) == (b == b'-'));
        match text.parse() {
            Ok(date) if exact => Ok(Self(date)),
            _ => Err("a date such as 2026-01-05".into()),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.0.to_string())
    }
}
