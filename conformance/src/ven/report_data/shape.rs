//! What a report with data must look like. OpenADR 2.0b Profile, rules 300, 313 to 316, 334.

use std::collections::BTreeSet;

use jiff::Timestamp;
use oadr_schemas::openadr::ei::Interval;
use oadr_schemas::openadr::oadr::{OadrPayloadResourceStatus, OadrReport};
use oadr_schemas::openadr::report::{Row, Value};

use crate::ven::report::offer::{Offer, length_s};
use crate::ven::{VenPlay, said};
use crate::verdict::Stop;

/// Checks the form of a report of this offer, and gives its values.
///
/// # Errors
/// Failed, if its values have no times.
pub fn check(play: &mut VenPlay, offer: &Offer, report: &OadrReport) -> Result<Vec<Row>, Stop> {
    let described = &report.oadr_report_description;
    play.check(&["313"], "a report describes no points", described.is_empty(), described);
    let name = (report.report_name.clone(), Some(offer.name.of_data()));
    play.equal(&["313"], "its reportName is that of the metadata without METADATA_", name);
    let specifier = (&report.report_specifier_id, &offer.specifier);
    play.equal(&["300"], "it names the reportSpecifierID asked for", specifier);
    let intervals: Vec<_> = report.intervals.iter().flat_map(|all| &all.interval).collect();
    play.check(&["313"], "it has intervals", !intervals.is_empty(), said::report(report));
    let start = report.dtstart.as_ref().map(Timestamp::from);
    play.check(&["313", "314"], "it has a dtstart", start.is_some(), said::report(report));
    check_times(play, start, &intervals);
    let rows = match report.rows() {
        Ok(rows) => rows,
        Err(fault) => return play.fail(&["314", "315"], "each value has a time", fault),
    };
    let sorted = rows.is_sorted_by_key(|row| row.start);
    play.check(&["314"], "its oldest interval comes first", sorted, said::rows(&rows));
    check_length(play, report, &rows);
    let rids: BTreeSet<_> = rows.iter().map(|row| row.rid.as_str()).collect();
    let asked: BTreeSet<_> = offer.rids.iter().map(String::as_str).collect();
    play.equal(&["300"], "it has every point asked for and no other", (rids, asked));
    Ok(rows)
}

fn check_times(play: &mut VenPlay, start: Option<Timestamp>, intervals: &[&Interval]) {
    let starts: Vec<_> = intervals.iter().filter_map(|one| one.dtstart.as_ref()).collect();
    let whole = starts.is_empty() || starts.len() == intervals.len();
    play.check(&["314"], "dtstart is in all intervals or in none", whole, intervals);
    if let Some(first) = intervals.first().and_then(|one| one.dtstart.as_ref()) {
        let same = (Some(Timestamp::from(first)), start);
        play.equal(&["314"], "the first interval starts with the report", same);
    }
    let durations = intervals.iter().filter(|one| one.duration.is_some()).count();
    let whole = durations == 0 || durations == intervals.len();
    play.check(&["315"], "duration is in all intervals or in none", whole, intervals);
    if starts.is_empty() {
        let several = intervals.len() > 1;
        let timed = !several || durations == intervals.len();
        play.check(&["315"], "intervals without dtstart have durations", timed, intervals);
        let uid = |one: &&Interval| one.uid.as_ref().map(|uid| uid.text.trim().to_owned());
        let uids: Vec<_> = intervals.iter().map(uid).collect();
        let counted = (0..uids.len()).map(|k| Some(k.to_string())).collect();
        play.equal(&["316"], "intervals without dtstart are counted from 0", (uids, counted));
    }
}

/// Rule 315: the report's own duration. Of instants there is no last end, so nothing is said.
fn check_length(play: &mut VenPlay, report: &OadrReport, rows: &[Row]) {
    let (Some(length), true) = (&report.duration, spans(rows)) else { return };
    let ends = rows.iter().filter_map(Row::end);
    let (Some(first), Some(last)) = (rows.first(), ends.max()) else { return };
    let covered = last.duration_since(first.start).as_secs();
    let length = (i64::from(length_s(&length.duration)), covered);
    play.equal(&["315"], "its duration is from the first start to the last end, seconds", length);
}

/// Whether values are collected over a time, and not of an instant.
pub fn spans(rows: &[Row]) -> bool {
    rows.iter().any(|row| row.duration.is_some_and(|duration| !duration.is_zero()))
}

/// The starts of a point's values, in their order.
pub fn starts(rows: &[Row], rid: &str) -> Vec<Timestamp> {
    rows.iter().filter(|row| row.rid == rid).map(|row| row.start).collect()
}

/// Checks a report of TELEMETRY_STATUS: what each value is, and that all have the same children.
pub fn status_shape(play: &mut VenPlay, report: &OadrReport) {
    let rows = match report.rows() {
        Ok(rows) if !rows.is_empty() => rows,
        other => {
            play.check(&["331", "510"], "a status report has values with times", false, other);
            return;
        }
    };
    let of = |row: &Row| match &row.value {
        Value::Status(status) => Some(children(status)),
        _ => None,
    };
    let shapes: Vec<_> = rows.iter().map(of).collect();
    let what = "each value has oadrOnline and oadrManualOverride";
    play.check(&["331", "510"], what, shapes.iter().all(Option::is_some), said::rows(&rows));
    let same = shapes.windows(2).all(|pair| pair[0] == pair[1]);
    let what = "all intervals have the same children of oadrLoadControlState";
    play.check(&["334"], what, same, shapes);
}

fn children(status: &OadrPayloadResourceStatus) -> [bool; 4] {
    let Some(state) = &status.oadr_load_control_state else { return [false; 4] };
    [
        state.oadr_capacity.is_some(),
        state.oadr_level_offset.is_some(),
        state.oadr_percent_offset.is_some(),
        state.oadr_set_point.is_some(),
    ]
}
