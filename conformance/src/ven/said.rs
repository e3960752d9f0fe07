//! What was there instead, in words: for the reader of a report.

use std::fmt::{self, Debug, Formatter};

use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{OadrReport, OadrReportDescription};
use oadr_schemas::openadr::report::Row;

use crate::hook::Site;
use crate::wire::client::NoAnswer;
use crate::wire::http;

/// Words that are shown as they are.
#[derive(Clone)]
pub struct Said(String);

impl Debug for Said {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Payloads, each with how often it came in a row.
pub fn names(names: &[String]) -> Said {
    let rows = names.chunk_by(|one, next| one == next).map(|row| match row.len() {
        1 => row[0].clone(),
        often => format!("{} ({often} times)", row[0]),
    });
    let rows: Vec<_> = rows.collect();
    Said(if rows.is_empty() { "nothing came".to_owned() } else { rows.join(", ") })
}

/// A code and what is said to it.
pub fn code(response: &EiResponse) -> Said {
    let code = response.response_code.value();
    match response.response_description.as_deref() {
        None | Some("") => Said(code.to_string()),
        Some(why) => Said(format!("{code}, {why}")),
    }
}

/// An answer's first line, or why there is none.
pub fn http(answer: &Result<http::Message, NoAnswer>) -> Said {
    Said(match answer {
        Ok(answer) => answer.start.clone(),
        Err(why) => why.to_string(),
    })
}

/// What a report is of, and how much of it there is.
pub fn report(report: &OadrReport) -> Said {
    let name = report.report_name.as_ref().map_or("no reportName".to_owned(), ToString::to_string);
    let points: Vec<_> = report.oadr_report_description.iter().map(|one| &*one.rid).collect();
    let intervals = report.intervals.as_ref().map_or(0, |all| all.interval.len());
    let has = |there: bool, what: &str| format!("{} {what}", if there { "a" } else { "no" });
    Said(format!(
        "{name} of {:?} with {}, {}, {intervals} intervals, points described: [{}]",
        report.report_specifier_id,
        has(report.dtstart.is_some(), "dtstart"),
        has(report.duration.is_some(), "duration"),
        points.join(", "),
    ))
}

/// What a point of the metadata is.
pub fn point(point: &OadrReportDescription) -> Said {
    let unit = match &point.item_base {
        None => "without a unit".to_owned(),
        Some(unit) => format!("in {unit:?}").split(['(', '{']).next().unwrap_or("").to_owned(),
    };
    let rate = if point.oadr_sampling_rate.is_some() { "an" } else { "no" };
    let (kind, reading) = (&point.report_type, &point.reading_type);
    Said(format!("{kind}, {reading}, {unit}, {rate} oadrSamplingRate"))
}

/// Values of a report.
pub fn rows<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Said {
    let told = rows.into_iter().map(|row| {
        let value = row.number().map_or_else(|| "no number".to_owned(), |value| value.to_string());
        let over = row.duration.map(|over| format!(" for {over}")).unwrap_or_default();
        let quality = row.quality.as_ref().map(|one| format!(" ({one})")).unwrap_or_default();
        format!("{} at {}{over}: {value}{quality}", row.rid, row.start)
    });
    let told: Vec<_> = told.collect();
    Said(if told.is_empty() { "no values".to_owned() } else { told.join("; ") })
}

/// What a site holds and follows.
pub fn site(site: &Site) -> Said {
    let held = site.events.iter().map(|event| {
        let end = event.end.map_or_else(|| "no end".to_owned(), |end| end.to_string());
        format!(
            "{} (modification {}) is {}, {} to {end}",
            event.id, event.modification, event.state, event.start
        )
    });
    let followed = site
        .in_force
        .iter()
        .map(|one| format!("{} = {} of {} is in force", one.signal, one.value, one.event));
    let all: Vec<_> = followed.chain(held).collect();
    let words =
        if all.is_empty() { "the site knows of nothing".to_owned() } else { all.join("; ") };
    Said(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_same_is_told_once() {
        let told = |all: &[&str]| {
            let all: Vec<_> = all.iter().map(|one| (*one).to_owned()).collect();
            format!("{:?}", names(&all))
        };
        assert_eq!(told(&[]), "nothing came");
        assert_eq!(told(&["a", "a", "b", "a"]), "a (2 times), b, a");
    }
}
