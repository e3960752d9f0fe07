//! The instants of a recurrence rule. RFC 5545, 3.3.10 (RRULE), 3.8.5.1 (EXDATE), 3.3.5 (local
//! times that are not there, or there twice).
//!
//! The rule is worked out in the zone's own hours and days, and each local time then becomes an
//! instant: so 17:00 stays 17:00 when clocks change. A time that the change leaves out is read
//! with the offset before it (02:30 becomes 03:30); of one that comes twice the first counts.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::{Datelike, NaiveDate, TimeZone as _, Timelike};
use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rrule::{Frequency, RRule, RRuleSet, Tz, Unvalidated};

use crate::error::Error;

/// A rule with its beginning and its zone.
pub(crate) struct Recurrence {
    floating: RRuleSet,
    zone: TimeZone,
}

impl Recurrence {
    /// The rule `rule` from the local time `start` in `zone` on, whose hours and minutes are the
    /// rule's unless it says its own.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `zone`, `start` or `rule`.
    pub(crate) fn new(rule: &str, start: DateTime, zone: &str) -> Result<Self, Error> {
        // An IANA name alone: TZ strings and machine zones are not what a file should lean on.
        let zone = TimeZone::get(zone).map_err(|_| {
            let what = format!(
                "no time zone {zone:?} on this machine: an IANA name such as Europe/Berlin \
                 (its tzdata package has them)"
            );
            Error::invalid("zone", what)
        })?;
        let wrong = |why: &dyn std::fmt::Display| {
            Error::invalid("rule", format!("no recurrence rule (RFC 5545, 3.3.10): {why}"))
        };
        let begins = floating(start).ok_or_else(|| {
            Error::invalid("start", "a local time in whole seconds, such as 2026-11-02T17:00:00")
        })?;
        let (rest, until) = without_until(rule, &zone)?;
        let rule: RRule<Unvalidated> = rest.parse().map_err(|error| wrong(&error))?;
        if !is_daily_or_slower(rule.get_freq()) {
            let what = "FREQ is YEARLY, MONTHLY, WEEKLY or DAILY; BYHOUR and BYMINUTE say more \
                than one time a day";
            return Err(Error::invalid("rule", what));
        }
        if until.is_some() && rule.get_count().is_some() {
            return Err(wrong(&"COUNT and UNTIL exclude each other"));
        }
        let rule = match until {
            Some(until) if until < start => return Err(wrong(&"UNTIL is before the start")),
            Some(until) => rule.until(floating(until).ok_or_else(|| wrong(&"UNTIL"))?),
            None => rule,
        };
        let rule = rule.validate(begins).map_err(|error| wrong(&error))?;
        Ok(Self { floating: RRuleSet::new(begins).rrule(rule).limit(), zone })
    }

    /// The instants after `after` up to `until`, both UTC, the first `most` of them, in order,
    /// each with its local time. `keep` may leave some out, which then do not count.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `start` if it lies too many occurrences back.
    pub(crate) fn between(
        &self,
        (after, until): (Timestamp, Timestamp),
        most: usize,
        keep: impl Fn(DateTime) -> bool,
    ) -> Result<Vec<(Timestamp, DateTime)>, Error> {
        let mut found = BTreeMap::new();
        let last = self.zone.to_datetime(until).saturating_add(A_DAY);
        let mut steps = 0;
        let mut look = |local: DateTime| {
            steps += 1;
            if local > last {
                return ControlFlow::Break(Ok(()));
            }
            if steps > STEPS {
                let what = format!("more than {STEPS} occurrences ago: begin later");
                return ControlFlow::Break(Err(Error::invalid("start", what)));
            }
            // Compatible with RFC 5545 by jiff's own rule.
            let Ok(at) = self.zone.to_timestamp(local) else { return ControlFlow::Continue(()) };
            if at > after && at <= until && keep(local) {
                found.entry(at).or_insert(local);
            }
            // One more day: a time that clocks leave out comes after one that stands later.
            let enough = found.len() >= most
                && found
                    .values()
                    .nth(most - 1)
                    .is_some_and(|nth| local > nth.saturating_add(A_DAY));
            if enough { ControlFlow::Break(Ok(())) } else { ControlFlow::Continue(()) }
        };
        for one in &self.floating {
            let Some(local) = civil(&one) else { break };
            if let ControlFlow::Break(done) = look(local) {
                done?;
                break;
            }
        }
        Ok(found.into_iter().take(most).collect())
    }
}

/// A rule without its UNTIL, and that as a local time: an instant in UTC is brought into the
/// zone, a date means the whole of it.
fn without_until(rule: &str, zone: &TimeZone) -> Result<(String, Option<DateTime>), Error> {
    let rule = rule.trim();
    let rule = rule.strip_prefix("RRULE:").unwrap_or(rule);
    let is_until = |part: &&str| part.to_ascii_uppercase().starts_with("UNTIL=");
    let (until, rest): (Vec<&str>, Vec<&str>) = rule.split(';').partition(is_until);
    let rest = rest.join(";");
    let text = match until.as_slice() {
        [] => return Ok((rest, None)),
        [one] => &one["UNTIL=".len()..],
        _ => return Err(Error::invalid("rule", "UNTIL stands twice")),
    };
    let wrong = || {
        let what = "UNTIL is such as 20270331, 20270331T170000 or 20270331T150000Z";
        Error::invalid("rule", what)
    };
    let local = |text: &str| DateTime::strptime("%Y%m%dT%H%M%S", text).map_err(|_| wrong());
    let until = if text.len() == 8 {
        let day = civil::Date::strptime("%Y%m%d", text).map_err(|_| wrong())?;
        day.at(23, 59, 59, 0)
    } else if let Some(text) = text.strip_suffix('Z') {
        let utc = TimeZone::UTC.to_timestamp(local(text)?).map_err(|_| wrong())?;
        zone.to_datetime(utc)
    } else {
        local(text)?
    };
    Ok((rest, Some(until)))
}

fn is_daily_or_slower(frequency: Frequency) -> bool {
    use Frequency::{Daily, Monthly, Weekly, Yearly};
    matches!(frequency, Yearly | Monthly | Weekly | Daily)
}

/// A local time as the rules' library has it: in UTC, where no hour is missing.
fn floating(local: DateTime) -> Option<chrono::DateTime<Tz>> {
    if local.subsec_nanosecond() != 0 {
        return None;
    }
    let number = |part: i8| u32::try_from(part).ok();
    let (month, day) = (number(local.month())?, number(local.day())?);
    let date = NaiveDate::from_ymd_opt(local.year().into(), month, day)?;
    let (hour, minute) = (number(local.hour())?, number(local.minute())?);
    let time = date.and_hms_opt(hour, minute, number(local.second())?)?;
    Tz::UTC.from_local_datetime(&time).single()
}

/// And back.
fn civil(floating: &chrono::DateTime<Tz>) -> Option<DateTime> {
    let part = |part: u32| i8::try_from(part).ok();
    let (year, month) = (i16::try_from(floating.year()).ok()?, part(floating.month())?);
    let (hour, minute) = (part(floating.hour())?, part(floating.minute())?);
    let (day, second) = (part(floating.day())?, part(floating.second())?);
    DateTime::new(year, month, day, hour, minute, second, 0).ok()
}

const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// Occurrences that are looked at from the start on: some 270 years of one a day.
const STEPS: usize = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: &str = "Europe/Berlin";

    fn instants(rule: &str, start: &str, zone: &str, most: usize) -> Vec<String> {
        let start: DateTime = start.parse().unwrap();
        let recurrence = Recurrence::new(rule, start, zone).unwrap();
        let all = (Timestamp::MIN, Timestamp::MAX);
        let found = recurrence.between(all, most, |_| true).unwrap();
        found.into_iter().map(|(at, _)| at.to_string()).collect()
    }

    fn refused(rule: &str, start: &str, zone: &str) -> (String, String) {
        match Recurrence::new(rule, start.parse().unwrap(), zone) {
            Err(Error::Invalid { field, what }) => (field, what),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("{rule} is taken"),
        }
    }

    #[test]
    fn five_in_the_evening_stays_so_when_clocks_change() {
        let spring = instants("FREQ=DAILY", "2026-03-28T17:00:00", BERLIN, 2);
        assert_eq!(spring, ["2026-03-28T16:00:00Z", "2026-03-29T15:00:00Z"]);
        let autumn = instants("FREQ=DAILY", "2026-10-24T17:00:00", BERLIN, 2);
        assert_eq!(autumn, ["2026-10-24T15:00:00Z", "2026-10-25T16:00:00Z"]);
    }

    #[test]
    fn a_time_that_clocks_leave_out_comes_an_hour_later_and_only_then() {
        let found = instants("FREQ=DAILY", "2026-03-28T02:30:00", BERLIN, 3);
        // 02:30, 03:30 (there is no 02:30), 02:30.
        let wanted = ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"];
        assert_eq!(found, wanted);
        // With one at 03:30 besides, that day has one: both are one instant.
        let both = instants("FREQ=DAILY;BYHOUR=2,3", "2026-03-29T02:30:00", BERLIN, 3);
        let wanted = ["2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z", "2026-03-30T01:30:00Z"];
        assert_eq!(both, wanted);
        // 03:15 stands before 02:30, which is 03:30; and the order is that of instants.
        let rule = "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=15,30;BYSETPOS=2,3";
        let turned = instants(rule, "2026-03-29T00:00:00", BERLIN, 1);
        assert_eq!(turned, ["2026-03-29T01:15:00Z"]);
    }

    #[test]
    fn of_a_time_that_comes_twice_the_first_counts_and_it_counts_once() {
        let found = instants("FREQ=DAILY", "2026-10-24T02:30:00", BERLIN, 3);
        let wanted = ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_leap_day_comes_every_fourth_year() {
        let found = instants("FREQ=YEARLY", "2024-02-29T12:00:00", "UTC", 2);
        assert_eq!(found, ["2024-02-29T12:00:00Z", "2028-02-29T12:00:00Z"]);
        let last = instants("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-31T12:00:00", "UTC", 2);
        assert_eq!(last, ["2028-01-31T12:00:00Z", "2028-02-29T12:00:00Z"]);
        // A day that never is ends the search.
        let never =
            instants("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01T00:00:00", "UTC", 1);
        assert!(never.is_empty());
    }

    #[test]
    fn seasons_and_working_days_are_said_by_the_rule() {
        let rule = "FREQ=DAILY;BYMONTH=6,7,8,9;BYDAY=MO,TU,WE,TH,FR";
        let found = instants(rule, "2026-01-01T16:00:00", "America/Los_Angeles", 200);
        assert_eq!(found[..2], ["2026-06-01T23:00:00Z", "2026-06-02T23:00:00Z"]);
        let june = found.iter().filter(|at| at.starts_with("2026-06")).count();
        assert_eq!(june, 22, "working days of June 2026");
        assert!(found.iter().all(|at| ("06".."10").contains(&&at[5..7])), "{found:?}");
    }

    #[test]
    fn an_end_is_a_day_a_local_time_or_an_instant() {
        let count = |until: &str| {
            let rule = format!("FREQ=DAILY;UNTIL={until}");
            instants(&rule, "2026-06-01T17:00:00", BERLIN, 99).len()
        };
        assert_eq!(count("20260603"), 3);
        assert_eq!(count("20260603T170000"), 3);
        assert_eq!(count("20260603T165959"), 2);
        // 17:00 in Berlin is 15:00 UTC.
        assert_eq!((count("20260603T150000Z"), count("20260603T145959Z")), (3, 2));
        assert_eq!(instants("RRULE:FREQ=DAILY;COUNT=2", "2026-06-01T17:00:00", BERLIN, 9).len(), 2);
    }

    #[test]
    fn what_is_left_out_does_not_count() {
        let start = "2026-06-01T17:00:00".parse().unwrap();
        let recurrence = Recurrence::new("FREQ=DAILY", start, "UTC").unwrap();
        let from = "2026-06-02T17:00:00Z".parse().unwrap();
        let odd = |local: DateTime| local.day() % 2 == 1;
        let found = recurrence.between((from, Timestamp::MAX), 2, odd).unwrap();
        let days: Vec<i8> = found.iter().map(|(_, local)| local.day()).collect();
        assert_eq!(days, [3, 5]);
    }

    #[test]
    fn what_is_no_rule_is_told_by_its_field() {
        let start = "2026-06-01T17:00:00";
        for wrong in [
            "",
            "FREQ=OFTEN",
            "BYDAY=MO",
            "FREQ=DAILY;BYMONTH=13",
            "FREQ=DAILY;UNTIL=soon",
            "FREQ=DAILY;UNTIL=20250101",
            "FREQ=DAILY;COUNT=2;UNTIL=20270101",
            "FREQ=DAILY;UNTIL=20270101;UNTIL=20280101",
            "FREQ=HOURLY",
            "FREQ=DAILY;UNTIL=ä0270101",
        ] {
            assert_eq!(refused(wrong, start, BERLIN).0, "rule", "{wrong}");
        }
        let (field, what) = refused("FREQ=DAILY", start, "Europe/Atlantis");
        assert!(field == "zone" && what.contains("Europe/Atlantis"), "{what}");
        assert_eq!(refused("FREQ=DAILY", "2026-06-01T17:00:00.5", BERLIN).0, "start");
        let long_ago = "1900-01-01T00:00:00".parse().unwrap();
        let recurrence = Recurrence::new("FREQ=DAILY;BYHOUR=1,2,3,4", long_ago, BERLIN).unwrap();
        let now: Timestamp = "2026-06-01T12:00:00Z".parse().unwrap();
        let found = recurrence.between((now, Timestamp::MAX), 1, |_| true);
        assert!(matches!(found, Err(Error::Invalid { field, .. }) if field == "start"));
    }
}
