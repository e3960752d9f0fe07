//! What the VEN in miniature measures, and how it becomes intervals.
//! Rules 313 to 318, 324, 334, 337, 342.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::ei::{Interval, PayloadBase};
use oadr_schemas::openadr::oadr::{
    OadrDataQualityType as Quality, OadrLoadControlState, OadrLoadControlStateType,
    OadrPayloadResourceStatus, OadrReport, OadrReportPayload,
};
use oadr_schemas::openadr::strm::{Intervals, StreamPayloadBase};
use oadr_schemas::xml::{DateTime, Duration};
use rust_decimal::Decimal;

use super::metadata::{DEPTH_S, names, report_name, shortest_s};
use super::{Running, What};
use crate::ven::State;

/// A meter, read every second; a site in the plant is a sawtooth of a minute.
#[derive(Default)]
pub struct Meter {
    /// What it does.
    pub source: Source,
    /// What it read.
    samples: BTreeMap<Timestamp, Sample>,
    /// Its last good value.
    last: Decimal,
}

/// What a meter does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// Its value changes.
    #[default]
    Live,
    /// Its value stays.
    Still,
    /// It has none.
    Unplugged,
}

/// A reading.
#[derive(Clone, Copy, Debug)]
struct Sample {
    /// kW; `None`: there was none to be had.
    value: Option<Decimal>,
    /// It differs from the one before.
    fresh: bool,
}

/// Where an interval of a report begins, and what is new in it.
struct Row {
    at: Timestamp,
    fresh: bool,
}

/// Reads the meter (rule 337).
pub fn sample(state: &mut State) {
    let (now, forgets) = (state.now, state.faults.has("forgets"));
    let meter = &mut state.reports.meter;
    if meter.samples.contains_key(&now) {
        return;
    }
    let value = match meter.source {
        Source::Live => Some(Decimal::new(100 + now.as_second().rem_euclid(60), 1)),
        Source::Still => Some(meter.last),
        Source::Unplugged => None,
    };
    let fresh = value.is_some_and(|value| value != meter.last);
    meter.last = value.unwrap_or(meter.last);
    meter.samples.insert(now, Sample { value, fresh });
    let kept = if forgets { 50 } else { i64::from(DEPTH_S) };
    meter.samples = meter.samples.split_off(&later(now, -kept));
}

/// When a report can be sent: its data are complete, or it is asked for once.
pub fn due(state: &State, one: &Running) -> Timestamp {
    let late = state.faults.has("oneshot-late") && one.what != What::Metadata;
    match (one.what, one.back_s, one.granularity_s) {
        (_, 0, _) if late => later(one.next, 60),
        (What::Metadata | What::History, ..) | (_, 0, _) => one.next,
        (What::Usage, back, _) | (_, back, 0) => later(one.next, back),
        (_, back, granularity) => later(one.next, (back - 1) / granularity * granularity),
    }
}

/// The report that is due; `None`: there is nothing to be said.
pub fn report(state: &State, one: &Running) -> Option<OadrReport> {
    let rows = rows(state, one);
    let first = rows.first()?.at;
    let covers = covered_s(state, one);
    let mut interval: Vec<_> = rows.iter().map(|row| interval(state, one, row)).collect();
    if one.what == What::Usage {
        // Collected over a time, one interval after the other: only the report has a dtstart.
        let counts_from = usize::from(state.faults.has("uid-from-one"));
        for (uid, interval) in interval.iter_mut().enumerate() {
            interval.uid = Some((uid + counts_from).to_string().into());
            let silent = one.back_s == 0 && state.faults.has("oneshot-no-duration");
            interval.duration = (!silent).then(|| span(covers).into());
        }
    } else {
        for (row, interval) in rows.iter().zip(&mut interval) {
            interval.dtstart = Some(row.at.into());
        }
    }
    let kept = one.what == What::History && state.faults.has("newest-first-kept");
    if kept || state.faults.has("newest-first") {
        interval.reverse();
    }
    let whole = i64::try_from(rows.len()).ok()?.checked_mul(covers)?;
    let name = report_name(one.what);
    Some(OadrReport {
        dtstart: Some(first.into()),
        duration: (one.what == What::Usage).then(|| span(whole).into()),
        intervals: Some(Intervals { interval }),
        ei_report_id: None,
        oadr_report_description: Vec::new(),
        report_request_id: one.id.clone(),
        report_specifier_id: names(one.what).0.to_owned(),
        report_name: Some(name.of_data()),
        created_date_time: DateTime(state.now),
    })
}

/// How long an interval with a duration is: as asked, or as measured.
fn covered_s(state: &State, one: &Running) -> i64 {
    match one.back_s {
        0 => i64::from(shortest_s(state)),
        _ => one.granularity_s.max(1),
    }
}

fn rows(state: &State, one: &Running) -> Vec<Row> {
    let shortest = i64::from(shortest_s(state));
    let whole = |at: Timestamp, fresh| Row { at, fresh };
    match (one.what, one.back_s) {
        (What::History, _) => {
            let end = one.end.unwrap_or(state.now);
            let recorded = state.reports.meter.samples.range(one.next..end.max(one.next));
            let kept = recorded.filter(|(at, _)| at.as_second() % shortest == 0);
            let most = if state.faults.has("history-one") { 1 } else { usize::MAX };
            kept.map(|(at, _)| whole(*at, true)).take(most).collect()
        }
        (_, 0) if state.faults.has("oneshot-several") => {
            [-2, -1].map(|k| whole(later(state.now, k * shortest), true)).into()
        }
        // Rule 324: the newest, whatever was asked.
        (What::Usage, 0) => vec![whole(later(state.now, -shortest), true)],
        (_, 0) => vec![whole(state.now, true)],
        (_, back) if one.granularity_s == 0 => changes(state, one.next, (back, shortest)),
        (_, back) => {
            let until = later(one.next, back);
            let steps = (0..).map(|k| later(one.next, k * one.granularity_s));
            let within = steps.take_while(|at| *at < until.min(one.end.unwrap_or(until)));
            within.map(|at| whole(at, true)).collect()
        }
    }
}

/// What changed in a time, no two closer than oadrMinPeriod (rule 317).
fn changes(state: &State, from: Timestamp, (back, shortest): (i64, i64)) -> Vec<Row> {
    let shortest = if state.faults.has("change-too-close") { 1 } else { shortest };
    let samples = state.reports.meter.samples.range(from..later(from, back));
    let mut rows: Vec<Row> = Vec::new();
    for (at, _) in samples.filter(|(_, sample)| sample.fresh) {
        if rows.last().is_none_or(|last| later(last.at, shortest) <= *at) {
            rows.push(Row { at: *at, fresh: true });
        }
    }
    if rows.is_empty() && !state.faults.has("change-silent") {
        rows.push(Row { at: later(from, back - 1), fresh: false });
    }
    rows
}

fn interval(state: &State, one: &Running, row: &Row) -> Interval {
    let less = usize::from(state.faults.has("point-missing"));
    let rids = one.rids.iter().take(one.rids.len().saturating_sub(less).max(1));
    let payloads =
        rids.map(|rid| StreamPayloadBase::OadrReportPayload(payload(state, one, rid, row)));
    let mut stream_payload_base: Vec<_> = payloads.collect();
    if state.faults.has("bad-left-out") && value(state, row.at).is_none() {
        stream_payload_base.truncate(1);
    }
    Interval { dtstart: None, duration: None, uid: None, stream_payload_base }
}

fn payload(state: &State, one: &Running, rid: &str, row: &Row) -> OadrReportPayload {
    let value = value(state, row.at);
    let quality = match value {
        None if state.faults.has("bad-as-good") => Quality::QualityGoodNonSpecific,
        // Rule 318: a placeholder.
        None => Quality::QualityBadNotConnected,
        Some(_) if row.fresh || state.faults.has("change-as-good") => {
            Quality::QualityGoodNonSpecific
        }
        Some(_) => Quality::NoNewValuePreviousValueUsed,
    };
    let number = value.unwrap_or_default();
    let payload_base = match one.what {
        What::Status => PayloadBase::OadrPayloadResourceStatus(status(state, number, row.at)),
        What::Usage => {
            let hours = Decimal::from(covered_s(state, one)) / Decimal::from(3600);
            PayloadBase::PayloadFloat((number * hours).round_dp(6).into())
        }
        _ => PayloadBase::PayloadFloat(number.into()),
    };
    OadrReportPayload {
        rid: rid.to_owned(),
        confidence: None,
        accuracy: None,
        payload_base,
        oadr_data_quality: Some(quality),
    }
}

/// Rule 334: the same children in every interval.
fn status(state: &State, current: Decimal, at: Timestamp) -> OadrPayloadResourceStatus {
    let whole = |current: Decimal| OadrLoadControlStateType {
        oadr_min: None,
        oadr_max: None,
        oadr_current: current.into(),
        oadr_normal: None,
    };
    let fickle = state.faults.has("status-changes-shape") && at.as_second() % 4 < 2;
    OadrPayloadResourceStatus {
        oadr_online: state.reports.meter.source != Source::Unplugged,
        oadr_manual_override: false,
        oadr_load_control_state: Some(OadrLoadControlState {
            oadr_capacity: Some(whole(current)),
            oadr_set_point: fickle.then(|| whole(current)),
            ..Default::default()
        }),
    }
}

/// What was read then, if it was.
fn value(state: &State, at: Timestamp) -> Option<Decimal> {
    state.reports.meter.samples.get(&at).and_then(|sample| sample.value)
}

fn span(seconds: i64) -> Duration {
    Duration::from_seconds(u32::try_from(seconds).unwrap_or(0))
}

/// So many seconds after a time.
pub fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}
