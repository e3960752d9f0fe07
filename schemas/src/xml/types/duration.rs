//! ISO 8601 durations: strict out (`PT1H`, `P28D`), in what the schemas accept.

use std::borrow::Cow;
use std::fmt;

use jiff::SignedDuration;

use super::string::collapsed;
use crate::xml::Text;

/// A duration as written: its parts, not their sum, since a month has no fixed length.
///
/// OpenADR 2.0b rule 1 forbids decimals. The schemas' pattern takes a bare `P` or
/// `PT` (zero) and, by a slip of its alternation, `4W` without the `P`; both are read
/// and neither is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Duration {
    /// Whether the whole points backwards.
    pub negative: bool,
    /// Calendar years.
    pub years: u32,
    /// Calendar months.
    pub months: u32,
    /// Days of 24 hours.
    pub days: u32,
    /// Hours.
    pub hours: u32,
    /// Minutes.
    pub minutes: u32,
    /// Seconds.
    pub seconds: u32,
}

impl Duration {
    /// Zero.
    pub const ZERO: Self = Self::from_seconds(0);

    /// So many seconds, written in days, hours, minutes and seconds.
    pub const fn from_seconds(seconds: u32) -> Self {
        Self {
            negative: false,
            years: 0,
            months: 0,
            days: seconds / 86_400,
            hours: seconds / 3_600 % 24,
            minutes: seconds / 60 % 60,
            seconds: seconds % 60,
        }
    }

    /// The exact length; `None` where years or months make it depend on the calendar.
    pub fn exact(&self) -> Option<SignedDuration> {
        if self.years != 0 || self.months != 0 {
            return None;
        }
        let day = i64::from(self.days) * 86_400;
        let clock = i64::from(self.hours) * 3_600 + i64::from(self.minutes) * 60;
        let seconds = day + clock + i64::from(self.seconds);
        Some(SignedDuration::from_secs(if self.negative { -seconds } else { seconds }))
    }

    /// The length counted from `start` in UTC, months and years by the calendar.
    pub fn from(&self, start: jiff::Timestamp) -> Option<SignedDuration> {
        if let Some(exact) = self.exact() {
            return Some(exact);
        }
        let span = jiff::Span::new()
            .try_years(self.years)
            .and_then(|s| s.try_months(self.months))
            .and_then(|s| s.try_days(self.days))
            .and_then(|s| s.try_hours(self.hours))
            .and_then(|s| s.try_minutes(self.minutes))
            .and_then(|s| s.try_seconds(self.seconds))
            .ok()?;
        let span = if self.negative { span.negate() } else { span };
        let there = start.to_zoned(jiff::tz::TimeZone::UTC).checked_add(span).ok()?;
        Some(there.timestamp().duration_since(start))
    }

    /// Whether every part is zero.
    pub fn is_zero(&self) -> bool {
        *self == Self { negative: self.negative, ..Self::ZERO }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.years | self.months | self.days != 0;
        let clock = self.hours | self.minutes | self.seconds != 0;
        f.write_str(if self.negative { "-P" } else { "P" })?;
        for (n, unit) in [(self.years, "Y"), (self.months, "M"), (self.days, "D")] {
            if n != 0 {
                write!(f, "{n}{unit}")?;
            }
        }
        if !date && !clock {
            return f.write_str("T0S");
        }
        if clock {
            f.write_str("T")?;
        }
        for (n, unit) in [(self.hours, "H"), (self.minutes, "M"), (self.seconds, "S")] {
            if n != 0 {
                write!(f, "{n}{unit}")?;
            }
        }
        Ok(())
    }
}

impl Text for Duration {
    fn parse(text: &str) -> Result<Self, Cow<'static, str>> {
        read(&collapsed(text)).ok_or_else(|| "a duration such as PT15M or P1D".into())
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

fn read(text: &str) -> Option<Duration> {
    if let Some(weeks) = text.strip_suffix('W') {
        let days = number(weeks)?.checked_mul(7)?;
        return Some(Duration { days, ..Duration::ZERO });
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let body = unsigned.strip_prefix('P')?;
    let mut duration = Duration { negative: text.starts_with('-'), ..Duration::ZERO };
    let body = part(body, 'Y', &mut duration.years)?;
    let body = part(body, 'M', &mut duration.months)?;
    let body = part(body, 'D', &mut duration.days)?;
    // The schemas' pattern makes the T optional, so `P2H` is two hours.
    let body = body.strip_prefix('T').unwrap_or(body);
    let body = part(body, 'H', &mut duration.hours)?;
    let body = part(body, 'M', &mut duration.minutes)?;
    let body = part(body, 'S', &mut duration.seconds)?;
    body.is_empty().then_some(duration)
}

/// Takes `12H` off the front if the next unit is `unit`; refuses what is no number.
fn part<'a>(text: &'a str, unit: char, into: &mut u32) -> Option<&'a str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text[digits..].strip_prefix(unit) {
        Some(rest) => {
            *into = number(&text[..digits])?;
            Some(rest)
        }
        None => Some(text),
    }
}

fn number(digits: &str) -> Option<u32> {
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_schemas_accept_is_read() {
        let read = |text: &str| Duration::parse(text).unwrap();
        let all = Duration {
            years: 1,
            months: 2,
            days: 3,
            hours: 4,
            minutes: 5,
            seconds: 6,
            negative: true,
        };
        assert_eq!(read("-P1Y2M3DT4H5M6S"), all);
        assert_eq!(read("+PT15M").minutes, 15);
        assert_eq!(read(" P2H ").hours, 2);
        assert_eq!(read("4W").days, 28);
        assert_eq!((read("P1M").months, read("PT1M").minutes), (1, 1));
        assert!(read("P").is_zero() && read("PT").is_zero() && read("-PT0S").is_zero());
    }

    #[test]
    fn what_they_do_not_is_refused() {
        for text in [
            "",
            "1H",
            "PT1H30",
            "PT1.5S",
            "P-1D",
            "PT1S1M",
            "P1S2H",
            "P4W",
            "W",
            "-4W",
            "P1H1D",
            "PT 1H",
            "pt1h",
            "PT4294967296S",
            "700000000W",
            "P1D1D",
            "PT\u{661}H",
            "--P1D",
        ] {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_strict_and_read_as_the_same() {
        for (text, strict) in [
            ("P", "PT0S"),
            ("P2H", "PT2H"),
            ("4W", "P28D"),
            ("+PT90M", "PT90M"),
            ("P1DT1S", "P1DT1S"),
            ("-P1Y", "-P1Y"),
            ("P0Y0M1DT0H", "P1D"),
        ] {
            let read = Duration::parse(text).unwrap();
            assert_eq!(read.text(), strict);
            assert_eq!(Duration::parse(strict), Ok(read));
        }
        assert_eq!(Duration::from_seconds(93_784).text(), "P1DT2H3M4S");
    }

    #[test]
    fn months_are_as_long_as_the_calendar_says() {
        let hours = |text: &str, start: &str| {
            Duration::parse(text).unwrap().from(start.parse().unwrap()).unwrap().as_hours()
        };
        assert_eq!(hours("P1M", "2026-02-01T00:00:00Z"), 28 * 24);
        assert_eq!(hours("P1M", "2024-02-01T00:00:00Z"), 29 * 24);
        assert_eq!(hours("-P1M", "2026-03-01T00:00:00Z"), -28 * 24);
        assert_eq!(hours("-PT2H", "2026-03-01T00:00:00Z"), -2);
        assert_eq!(Duration::parse("P1M").unwrap().exact(), None);
        assert_eq!(
            Duration::parse("P4294967295Y").unwrap().from(jiff::Timestamp::UNIX_EPOCH),
            None
        );
    }
}
