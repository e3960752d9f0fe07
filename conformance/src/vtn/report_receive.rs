//! EiReport, VTN under test as the one that receives. OpenADR 2.0b Profile, rules 304, 314 to
//! 316, 319, 328, 335, 339, 342, 346.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{Confidence, Interval, PayloadBase, ReportName};
use oadr_schemas::openadr::oadr::{
    OadrReport, OadrReportPayload, OadrReportRequest, OadrUpdatedReport,
};
use oadr_schemas::openadr::strm::{Intervals, StreamPayloadBase};
use oadr_schemas::xml::{DateTime, Duration};
use rust_decimal::Decimal;

use super::report::{back, by_operator, granularity, offer, specifier, wanted};
use super::{Party, VtnPlay};
use crate::say;
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop, inconclusive, optional};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("report-receive", |play| Box::pin(receive(play)))
        .given("a VEN that was asked for power and energy, each as often as it is measured")
        .when(
            "it reports in every form that intervals may have, with eiReportID, accuracy and \
             confidence, late, repeated and corrected; and under an unknown reportRequestID",
        )
        .expect("200 each, every value kept under its time, the corrected one once; then 452")
        .rules(&["304", "314", "315", "316", "319", "339", "342", "346"]),
    Scenario::vtn("report-insist-on-cancel", |play| Box::pin(insist(play)))
        .given("a VEN with two running reports, one of which the VTN ends in oadrUpdatedReport")
        .when("it sends the other, then that one, and goes on with it")
        .expect(
            "oadrUpdatedReport ends none but what it answers, and oadrCancelReport follows for \
             what goes on",
        )
        .rules(&["328", "335"])
        .needs(&["cancel_report"]),
];

/// A report that runs: what was asked for, and the one data point it has.
pub(super) struct Running {
    /// The request.
    pub request: OadrReportRequest,
    /// The data point.
    pub rid: String,
    /// Values are gathered over a time, not read at an instant.
    pub spans: bool,
}

impl Running {
    /// Seconds from one value to the next.
    fn step(&self) -> i64 {
        granularity(&self.request).as_secs().max(1)
    }

    /// How many values a report has.
    fn count(&self) -> i64 {
        (back(&self.request).as_secs() / self.step()).clamp(1, 10)
    }
}

/// Has the VTN ask for a power and an energy report: values at instants, and over times.
async fn running(play: &mut VtnPlay, ven: &mut Party) -> Result<Vec<Running>, Stop> {
    let now = play.now_s();
    let points =
        [(play.unique("power"), play.unique("r")), (play.unique("energy"), play.unique("r"))];
    let [(power, p), (energy, e)] = &points;
    let offered = [say::report::usage(power, &[p], now), say::report::energy(energy, &[e], now)];
    let own = offer(play, ven, &offered).await?;
    let mut found = Vec::new();
    for (id, rid) in &points {
        // As often as it is measured, so that a clock that cannot be moved is not waited for long.
        let wanted = wanted((id, rid), (1, 2), (now, 0));
        let asked = match by_operator(play, ven, &wanted, &offered).await {
            Err(Stop::Skip(why)) => {
                let own = own.iter().find(|one| specifier(one) == id && !back(one).is_zero());
                own.cloned().ok_or_else(|| Stop::Skip(format!("{why}, nor does it ask itself")))?
            }
            asked => {
                let periodic = |one: &OadrReportRequest| specifier(one) == id;
                let asked = asked?.into_iter().rfind(periodic);
                asked.map_or_else(|| inconclusive("another report is asked for"), Ok)?
            }
        };
        found.push(Running { request: asked, rid: rid.clone(), spans: id == energy });
    }
    let longest = found.iter().map(|one| one.step() * one.count()).max().unwrap_or(0);
    if !play.setting.pace.is_steered() && longest > LONGEST_S {
        return inconclusive(format!("the VTN wants a report each {longest} s: too long to wait"));
    }
    Ok(found)
}

/// Whether an interval has a dtstart, and whether it has a duration.
type Form = (bool, bool);

/// What readings a VTN must have by now, by rID and time.
type Expected = BTreeMap<(String, Timestamp), Decimal>;

async fn receive(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let running = running(play, &mut ven).await?;
    let mut expected = Expected::new();
    if let [power, energy] = &running[..] {
        forms(play, &mut ven, (power, energy), &mut expected).await?;
        again(play, &mut ven, power, &mut expected).await?;
        unknown(play, &mut ven, power).await?;
    }
    optional(kept(play, &ven, &expected).await)
}

/// Every form of intervals that rule 342 leaves for values at instants and over times.
async fn forms(
    play: &mut VtnPlay,
    ven: &mut Party,
    (power, energy): (&Running, &Running),
    expected: &mut Expected,
) -> Ended {
    for (of, form, count, (rules, what)) in [
        (power, (true, false), power.count(), (&["314", "342"][..], "values at instants")),
        (power, (false, false), 1, (&["314", "316"][..], "one value at the report's dtstart")),
        (energy, (false, true), energy.count(), (&["315", "316"][..], "numbered intervals")),
        (energy, (true, true), energy.count(), (&["314", "315"][..], "intervals with dtstart")),
    ] {
        let start = next(play, of).await?;
        let report = report(of, form, (start, count), expected);
        sent(play, ven, report, (rules, what)).await?;
    }
    let start = next(play, power).await?;
    let named = OadrReport {
        ei_report_id: Some("any report of mine".to_owned()),
        ..report(power, (true, false), (start, power.count()), expected)
    };
    sent(play, ven, named, (&["339"], "a report with an eiReportID")).await?;
    let start = next(play, energy).await?;
    let mut spanned = report(energy, (true, true), (start, energy.count()), expected);
    let all = u32::try_from(energy.step() * energy.count()).unwrap_or(0);
    spanned.duration = Some(say::seconds(all).into());
    sent(play, ven, spanned, (&["315"], "a report with the duration of all intervals")).await?;
    let start = next(play, power).await?;
    let mut inexact = report(power, (true, false), (start, power.count()), expected);
    for payload in payloads(&mut inexact) {
        payload.accuracy = Some(Decimal::new(5, 1).into());
        payload.confidence = Confidence::new(95_u32);
    }
    sent(play, ven, inexact, (&["319"], "values with accuracy and confidence")).await
}

/// Rule 346: late, repeated and corrected data.
async fn again(
    play: &mut VtnPlay,
    ven: &mut Party,
    power: &Running,
    expected: &mut Expected,
) -> Ended {
    let early = next(play, power).await?;
    let start = next(play, power).await?;
    let newer = report(power, (true, false), (start, power.count()), expected);
    sent(play, ven, newer, (&["314"], "the next report")).await?;
    let late = report(power, (true, false), (early, power.count()), expected);
    sent(play, ven, late.clone(), (&["346"], "late data")).await?;
    sent(play, ven, late.clone(), (&["346"], "a report once more")).await?;
    let mut corrected = late;
    for payload in payloads(&mut corrected) {
        payload.payload_base = PayloadBase::PayloadFloat(CORRECTED.into());
    }
    for (_, value) in expected.range_mut((power.rid.clone(), early)..(power.rid.clone(), start)) {
        *value = CORRECTED;
    }
    sent(play, ven, corrected, (&["346"], "corrected data")).await
}

async fn unknown(play: &mut VtnPlay, ven: &mut Party, power: &Running) -> Ended {
    let start = next(play, power).await?;
    let mut foreign = report_of(power, (true, false), (start, power.count()));
    foreign.report_request_id = play.unique("never-asked");
    let updated = update(play, ven, foreign).await?;
    let told = updated.ei_response.response_code.value() == "452";
    let what = "a report under an unknown reportRequestID is answered with 452";
    play.check(&["304"], what, told, say::saw::response(&updated.ei_response));
    Ok(())
}

/// The readings that an operator sees.
async fn kept(play: &mut VtnPlay, ven: &Party, expected: &Expected) -> Ended {
    let readings = play.hook().readings(&ven.id()).await?;
    for ((rid, at), value) in expected {
        let of = readings.iter().filter(|one| one.rid == *rid && one.at == *at);
        let of: Vec<_> = of.map(|one| one.value).collect();
        // A store may keep binary fractions.
        let same = |one: &Decimal| (*one - *value).abs() < Decimal::new(1, 3);
        let holds = !of.is_empty() && of.iter().all(same);
        let rules: &[_] = if *value == CORRECTED { &["346"] } else { &["314", "315"] };
        let what = "a value is kept under its data point and time";
        play.check(
            rules,
            what,
            holds,
            format_args!("{rid} {at}: {:?} instead of {value}", say::saw::list(&of)),
        );
    }
    Ok(())
}

async fn insist(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let running = running(play, &mut ven).await?;
    let [power, energy] = &running[..] else { return inconclusive("two reports are needed") };
    let id = power.request.report_request_id.clone();
    play.hook().cancel_report((&ven.id(), &id), false, true).await?;
    let updated = reported(play, &mut ven, energy).await?;
    ends_its_own(play, &updated, energy);
    let updated = reported(play, &mut ven, power).await?;
    if updated.oadr_cancel_report.is_none() {
        return Err(Stop::Skip("the VTN ends no report inside oadrUpdatedReport".to_owned()));
    }
    ends_its_own(play, &updated, power);
    let mut came = Vec::new();
    for _ in 0..PATIENCE {
        let updated = reported(play, &mut ven, power).await?;
        ends_its_own(play, &updated, power);
        came.extend(play.drain(&mut ven).await?);
        let told = came.iter().any(|message| match message {
            Message::OadrCancelReport(cancel) => cancel.report_request_id.contains(&id),
            _ => false,
        });
        if told {
            play.check(&["335"], INSISTS, true, "");
            return Ok(());
        }
    }
    play.check(&["335"], INSISTS, false, say::saw::messages(&came));
    Ok(())
}

/// Rule 328: what oadrUpdatedReport ends was in the oadrUpdateReport it answers.
fn ends_its_own(play: &mut VtnPlay, updated: &OadrUpdatedReport, of: &Running) {
    if let Some(cancel) = &updated.oadr_cancel_report {
        let own = cancel.report_request_id.iter().all(|id| *id == of.request.report_request_id);
        let own = own && !cancel.report_request_id.is_empty();
        play.check(
            &["328"],
            "oadrUpdatedReport ends what it answers alone",
            own,
            say::saw::list(&cancel.report_request_id),
        );
    }
}

async fn reported(
    play: &mut VtnPlay,
    ven: &mut Party,
    of: &Running,
) -> Result<OadrUpdatedReport, Stop> {
    let start = next(play, of).await?;
    let report = report_of(of, (true, of.spans), (start, of.count()));
    update(play, ven, report).await
}

/// Lets the time of one report pass; gives when it began.
async fn next(play: &VtnPlay, of: &Running) -> Result<Timestamp, Stop> {
    let start = play.now_s();
    play.pass(u64::try_from(of.step() * of.count()).unwrap_or(0)).await?;
    Ok(start)
}

/// A report of so many values, the first at `start`.
pub(super) fn report_of(of: &Running, form: Form, times: (Timestamp, i64)) -> OadrReport {
    report(of, form, times, &mut Expected::new())
}

/// The same; adds the values to what must be kept.
fn report(
    of: &Running,
    (dtstart, duration): Form,
    (start, count): (Timestamp, i64),
    expected: &mut Expected,
) -> OadrReport {
    let length: Duration = say::seconds(u32::try_from(of.step()).unwrap_or(1));
    let interval = (0..count).map(|k| {
        let at = start + SignedDuration::from_secs(k * of.step());
        let value = Decimal::new(at.as_second() % 1000 + 100, 1);
        expected.insert((of.rid.clone(), at), value);
        Interval {
            dtstart: dtstart.then_some(at.into()),
            duration: duration.then_some(length.into()),
            uid: (!dtstart).then(|| k.to_string().into()),
            stream_payload_base: vec![payload(&of.rid, value)],
        }
    });
    OadrReport {
        dtstart: Some(start.into()),
        duration: None,
        intervals: Some(Intervals { interval: interval.collect() }),
        ei_report_id: None,
        oadr_report_description: Vec::new(),
        report_request_id: of.request.report_request_id.clone(),
        report_specifier_id: specifier(&of.request).to_owned(),
        report_name: Some(ReportName::TelemetryUsage),
        created_date_time: DateTime(start),
    }
}

fn payload(rid: &str, value: Decimal) -> StreamPayloadBase {
    StreamPayloadBase::OadrReportPayload(OadrReportPayload {
        rid: rid.to_owned(),
        confidence: None,
        accuracy: None,
        payload_base: PayloadBase::PayloadFloat(value.into()),
        oadr_data_quality: None,
    })
}

fn payloads(report: &mut OadrReport) -> impl Iterator<Item = &mut OadrReportPayload> {
    let intervals = report.intervals.iter_mut().flat_map(|all| &mut all.interval);
    intervals.flat_map(|one| &mut one.stream_payload_base).filter_map(|base| match base {
        StreamPayloadBase::OadrReportPayload(payload) => Some(payload),
        _ => None,
    })
}

/// Sends a report.
///
/// # Errors
/// As [`VtnPlay::ask`].
pub(super) async fn update(
    play: &mut VtnPlay,
    ven: &mut Party,
    report: OadrReport,
) -> Result<OadrUpdatedReport, Stop> {
    let update = say::report::update(play, ven, vec![report]);
    play.ask(ven, update).await
}

/// Sends a report that must be taken.
async fn sent(
    play: &mut VtnPlay,
    ven: &mut Party,
    report: OadrReport,
    (rules, what): (&[&'static str], &str),
) -> Ended {
    let updated = update(play, ven, report).await?;
    let response = &updated.ei_response;
    play.taken(rules, format!("taken with 200: {what}"), response);
    Ok(())
}

const CORRECTED: Decimal = Decimal::from_parts(7, 0, 0, false, 0);
const INSISTS: &str = "what goes on though it was ended is ended by oadrCancelReport";
const PATIENCE: usize = 3;
/// So long is one report waited for, on a clock that cannot be moved.
const LONGEST_S: i64 = 10;
