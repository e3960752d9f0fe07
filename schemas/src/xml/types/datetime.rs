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

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Option<String> {
        DateTime::parse(text).ok().map(|t| t.to_string())
    }

    #[test]
    fn instants_are_read_as_utc_and_written_with_z() {
        assert_eq!(utc("2026-01-05T12:00:00Z").unwrap(), "2026-01-05T12:00:00Z");
        assert_eq!(utc(" 2026-01-05T12:00:00\n").unwrap(), "2026-01-05T12:00:00Z");
        assert_eq!(utc("2026-01-05T12:00:00.120Z").unwrap(), "2026-01-05T12:00:00.12Z");
        assert_eq!(
            utc("2026-01-05T12:00:00.1234567899Z").unwrap(),
            "2026-01-05T12:00:00.123456789Z"
        );
        assert_eq!(utc("2025-12-31T24:00:00Z").unwrap(), "2026-01-01T00:00:00Z");
        assert_eq!(utc("2024-02-29T00:00:00Z").unwrap(), "2024-02-29T00:00:00Z");
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "2026-01-05",
            "2026-01-05 12:00:00Z",
            "2026-01-05T12:00Z",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-01-05T25:00:00Z",
            "2026-01-05T24:00:01Z",
            "2026-01-05T12:60:00Z",
            "2026-01-05T12:00:60Z",
            "2026-+1-05T12:00:00Z",
            "+026-01-05T12:00:00Z",
            "-2026-01-05T12:00:00Z",
            "0000-01-01T00:00:00Z",
            "2026-01-05T12:00:00.Z",
            "2026-01-05T12:00:00z",
            "2026-01-05T12:00:00+01:00",
            "2026-01-05T12:00:00ZZ",
            "2026-01-05T12:00:00,5Z",
            "9999-12-31T24:00:00Z",
            "2026-01-05T12:00:0üZ",
            "ü",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
    }

    #[test]
    fn offsets_are_read_where_the_schema_has_them() {
        let zoned = |text: &str| ZonedDateTime::parse(text).ok().map(|t| t.to_string());
        assert_eq!(zoned("2026-01-05T12:00:00+01:30").unwrap(), "2026-01-05T10:30:00Z");
        assert_eq!(zoned("2026-01-05T12:00:00.5-14:00").unwrap(), "2026-01-06T02:00:00.5Z");
        for text in ["+1:00", "+15:00", "+14:01", "+01:60", "++1:00", "+0100", "01:00"] {
            assert_eq!(zoned(&format!("2026-01-05T12:00:00{text}")), None, "{text}");
        }
    }

    #[test]
    fn the_strict_form_wants_fraction_and_zone() {
        let strict = |text: &str| UtcDateTime::parse(text).ok().map(|t| t.to_string());
        assert_eq!(strict("2026-01-05T12:00:00.0Z").unwrap(), "2026-01-05T12:00:00.0Z");
        assert_eq!(strict("2026-01-05T12:00:00.25Z").unwrap(), "2026-01-05T12:00:00.25Z");
        assert_eq!(strict("2026-01-05T12:00:00Z"), None);
        assert_eq!(strict("2026-01-05T12:00:00.0"), None);
    }

    #[test]
    fn dates_are_whole_and_real() {
        assert_eq!(Date::parse("2024-02-29").unwrap().text(), "2024-02-29");
        for text in ["2026-02-29", "2026-1-05", "20260105xx", "2026-01-05Z", "-026-01-05", ""] {
            assert!(Date::parse(text).is_err(), "{text}");
        }
    }
}
