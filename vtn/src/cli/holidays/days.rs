//! Days out of a text: one on each line, or the whole-day events of an iCalendar stream (RFC 5545,
//! 3.1 for its lines, 3.6.1 for DTSTART and DTEND).

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

/// The days that the text names.
///
/// # Errors
/// The line, and what is wrong with it.
pub fn read(text: &str) -> Result<BTreeSet<Date>, String> {
    let text = text.trim_start_matches('\u{feff}');
    match text.trim_start().to_ascii_uppercase().starts_with("BEGIN:VCALENDAR") {
        true => calendar(text),
        false => list(text),
    }
}

fn list(text: &str) -> Result<BTreeSet<Date>, String> {
    let mut dates = BTreeSet::new();
    for (at, line) in text.lines().enumerate() {
        let day = line.split('#').next().unwrap_or_default().trim();
        if day.is_empty() {
            continue;
        }
        // The library would take a time as well, and drop it.
        let read = Date::strptime("%Y-%m-%d", day);
        dates
            .insert(read.map_err(|_| wrong(at, &format!("{day:?} is no day such as 2026-12-25")))?);
    }
    Ok(dates)
}

fn calendar(text: &str) -> Result<BTreeSet<Date>, String> {
    let mut dates = BTreeSet::new();
    let (mut inside, mut begin, mut end) = (false, None, None);
    for (at, line) in unfolded(text) {
        let Some((head, value)) = line.split_once(':') else { continue };
        let name = head.split(';').next().unwrap_or_default().to_ascii_uppercase();
        match (name.as_str(), inside) {
            ("BEGIN", _) if value.trim().eq_ignore_ascii_case("VEVENT") => {
                (inside, begin, end) = (true, None, None);
            }
            ("DTSTART", true) => begin = Some(day(at, value)?),
            ("DTEND", true) => end = Some(day(at, value)?),
            ("RRULE" | "RDATE" | "DURATION", true) => {
                let what = format!("{name} is not read: export each holiday with its day");
                return Err(wrong(at, &what));
            }
            ("END", true) if value.trim().eq_ignore_ascii_case("VEVENT") => {
                inside = false;
                let first = begin.ok_or_else(|| wrong(at, "a VEVENT without DTSTART"))?;
                days_of(first, end, &mut dates).map_err(|what| wrong(at, &what))?;
            }
            _ => {}
        }
    }
    Ok(dates)
}

/// From the first day on until the last, which DTEND is after.
fn days_of(first: Date, end: Option<Date>, dates: &mut BTreeSet<Date>) -> Result<(), String> {
    let end = match end {
        Some(end) if end > first => end,
        Some(end) if end < first => return Err("DTEND is before DTSTART".to_owned()),
        _ => first.saturating_add(1.day()),
    };
    let days = first.series(1.day()).take_while(|day| *day < end);
    for (count, day) in days.enumerate() {
        if count == LONGEST {
            return Err(format!("a holiday of more than {LONGEST} days"));
        }
        dates.insert(day);
    }
    Ok(())
}

/// Lines with their numbers, from 0; one that begins with a space goes on with the one before.
fn unfolded(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, last))) => last.push_str(rest),
            _ => lines.push((at, line.to_owned())),
        }
    }
    lines
}

fn day(at: usize, value: &str) -> Result<Date, String> {
    let value = value.trim();
    let read = Date::strptime("%Y%m%d", value);
    read.map_err(|_| wrong(at, &format!("{value:?} is no whole day such as 20261225")))
}

fn wrong(at: usize, what: &str) -> String {
    format!("line {}: {what}", at + 1)
}

/// Days of one holiday.
const LONGEST: usize = 366;

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> Vec<String> {
        read(text).unwrap().iter().map(Date::to_string).collect()
    }

    #[test]
    fn a_list_has_a_day_on_each_line() {
        let text = "\u{feff}# Bavaria\r\n2026-12-25 # Christmas\r\n\r\n2026-01-06\n2026-12-25\n";
        assert_eq!(days(text), ["2026-01-06", "2026-12-25"]);
        assert!(read("2026-12-25\n25.12.2026").unwrap_err().starts_with("line 2: \"25.12.2026\""));
        assert!(read("2026-02-29").is_err());
        assert!(read("2026-12-25T10:00:00").is_err());
        assert!(days("").is_empty());
    }

    #[test]
    fn a_calendar_has_the_days_of_its_events() {
        let text = "BEGIN:VCALENDAR\r\nDTSTART;VALUE=DATE:19990101\r\nBEGIN:VEVENT\r\nSUMMARY:A lo\r\n ng: name\r\n\
            DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nDTSTART;VALUE=\r\n\tDATE:20260101\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(days(text), ["2026-01-01", "2026-12-25", "2026-12-26"]);
    }

    #[test]
    fn what_a_calendar_says_and_is_not_read_is_told_by_its_line() {
        let refused = |line: &str| {
            let head = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225";
            read(&format!("{head}\n{line}\nEND:VEVENT\nEND:VCALENDAR")).unwrap_err()
        };
        assert!(refused("RRULE:FREQ=YEARLY").starts_with("line 4: RRULE"));
        assert!(refused("DTEND:20261225T120000Z").starts_with("line 4: "));
        assert!(refused("DTEND;VALUE=DATE:20261224").contains("before DTSTART"));
        assert!(refused("DTEND;VALUE=DATE:99991231").contains("366"));
        let bare = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT";
        assert_eq!(read(bare).unwrap_err(), "line 3: a VEVENT without DTSTART");
    }
}
