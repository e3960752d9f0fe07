//! Rules that bind a VTN and that no scenario of the conformance kit is about. OpenADR 2.0b Profile,
//! sections 9.1.5, 9.1.7 and 11.2. `docs/rules.md` names the tests.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::{Arc, Mutex};

use common::{
    Bench, Ven, all, at, confirmed, data, minutes, offering, report, row, running, seconds, signal,
    simple, state, usage, wanted,
};
use jiff::SignedDuration;
use oadr_platform::aggregator::Notice;
use oadr_platform::reading::Quality;
use oadr_platform::{Aggregator, Answer, accept};
use oadr_schemas::openadr::ei::{OptType, ReportName};
use oadr_schemas::openadr::oadr::{
    OadrCanceledReport, OadrCreateReport, OadrCreatedReport, OadrDataQualityType,
    OadrRegisterReport,
};
use oadr_schemas::openadr::report::Row;
use oadr_schemas::openadr::xcal::{Properties, Tolerance};
use oadr_schemas::xml::Duration;
use oadr_store::Trouble;
use oadr_vtn::Hooks;
use oadr_vtn::control::ReportWanted;
use oadr_vtn::record::{EventDraft, IntervalDraft, RequestState};
use rust_decimal::Decimal;

#[tokio::test]
async fn rule_32_each_interval_reaches_the_ven_with_its_own_duration_and_value() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let price = |length: i64, cents: i64| IntervalDraft {
        duration: minutes(length),
        value: Decimal::new(cents, 4),
    };
    let prices = vec![price(5, 1234), price(15, -5), price(10, 99_999_999)];
    let draft = EventDraft {
        duration: minutes(30),
        signals: vec![signal("ELECTRICITY_PRICE", "price", Some("EUR/kWh"), prices)],
        ..simple(&["A"], at(10), &[1])
    };
    bench.vtn.create_event(draft).await.unwrap();
    // From when on which of the values is in force.
    for (minute, second, value) in
        [(10, 0, 1234), (14, 59, 1234), (15, 0, -5), (29, 59, -5), (30, 0, 99_999_999)]
    {
        bench.clock.set(at(minute).checked_add(seconds(second)).unwrap());
        let events = ven.events().await;
        let signal = &events.oadr_event[0].ei_event.ei_event_signals.ei_event_signal[0];
        let shown = signal.current_value.as_ref().unwrap().value();
        assert_eq!(shown, Some(Decimal::new(value, 4)), "{minute} min {second} s");
        let intervals = signal.intervals.interval.iter();
        let lengths =
            intervals.map(|interval| interval.duration.as_ref().unwrap().duration.to_string());
        assert_eq!(lengths.collect::<Vec<_>>(), ["PT5M", "PT15M", "PT10M"]);
    }
}

#[tokio::test]
async fn rule_200_a_schedule_has_a_start_and_a_duration_and_nothing_else() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let minute = || Some(Duration::from_seconds(60).into());
    let more: [fn(&mut Properties, Option<_>); 4] = [
        |p, _| p.tolerance = Some(Tolerance::default()),
        |p, minute| p.x_ei_notification = minute,
        |p, minute| p.x_ei_ramp_up = minute,
        |p, minute| p.x_ei_recovery = minute,
    ];
    for (n, add) in more.into_iter().enumerate() {
        let mut opt = ven.opt("o", OptType::OptOut, (at(0), Duration::from_seconds(3600)));
        let schedule = opt.vavailability.as_mut().unwrap();
        add(&mut schedule.components.available[0].properties, minute());
        assert_eq!(ven.code(opt).await, 459, "property {n}");
    }
    let hour = Duration { negative: true, ..Duration::from_seconds(3600) };
    assert_eq!(ven.code(ven.opt("o", OptType::OptOut, (at(0), hour))).await, 454);
    assert!(bench.vtn.opts("A").unwrap().is_empty());
    assert!(bench.vtn.opt_history("A", 9).unwrap().is_empty());
}

#[tokio::test]
async fn rule_313_data_have_the_name_of_the_metadata_and_describe_nothing() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = running(&ven, wanted(minutes(1), minutes(5))).await;
    let good = || data(&id, "usage", &[row(0, 1)], bench.now());
    let named = |name: ReportName| {
        let mut report = good();
        report.report_name = Some(name);
        report
    };
    let mut described = good();
    described.oadr_report_description =
        usage("usage", &["power"], bench.now()).oadr_report_description;
    let wrong = [
        (named(ReportName::MetadataTelemetryUsage), 459),
        (named(ReportName::HistoryUsage), 454),
        (named(ReportName::TelemetryStatus), 454),
        (described, 459),
    ];
    for (report, expected) in wrong {
        let what = format!("{:?}", report.report_name);
        assert_eq!(ven.code(ven.update_report(vec![report])).await, expected, "{what}");
    }
    assert!(all(&bench).is_empty());
    assert_eq!(ven.code(ven.update_report(vec![good()])).await, 200);
}

#[tokio::test]
async fn rule_318_a_placeholder_is_kept_as_one() {
    let told = Arc::new(Told::default());
    let hooks = Hooks { aggregator: told.clone(), ..Hooks::default() };
    let bench = Bench::with_hooks(hooks).await;
    let ven = offering(&bench).await;
    let id = running(&ven, wanted(minutes(1), minutes(5))).await;
    let placeholder =
        Row { quality: Some(OadrDataQualityType::QualityBadNotConnected), ..row(1, 0) };
    assert_eq!(report(&ven, &id, &[row(0, 4), placeholder]).await, 200);
    let found = bench.vtn.readings(("A", "power"), (at(0), at(2)), 9).unwrap();
    let qualities: Vec<_> = found.iter().map(|datum| datum.reading.quality.as_deref()).collect();
    assert_eq!(qualities, [None, Some("Quality Bad - Not Connected")]);
    assert_eq!(*told.0.lock().unwrap(), [Quality::Good, Quality::Bad]);
}

/// The quality of the readings it is told of.
#[derive(Default)]
struct Told(Mutex<Vec<Quality>>);

impl Aggregator for Told {
    fn told<'a>(&'a self, notice: Notice, _at: jiff::Timestamp) -> Answer<'a, ()> {
        if let Notice::Reported { readings, .. } = notice {
            self.0.lock().unwrap().extend(readings.iter().map(|reading| reading.quality));
        }
        accept(())
    }
}

#[tokio::test]
async fn rule_325_a_request_says_when_telemetry_begins_and_how_long_it_goes_on() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let (day, none) = (SignedDuration::from_hours(24), SignedDuration::ZERO);
    for (start, duration) in [(Some(at(90)), day), (Some(at(90)), none), (None, day)] {
        let wanted = ReportWanted { start, duration, ..wanted(minutes(15), minutes(60)) };
        let id = bench.vtn.request_report("A", wanted).await.unwrap().id;
        let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
        let specifier = &create.oadr_report_request[0].report_specifier;
        let properties = &specifier.report_interval.as_ref().unwrap().properties;
        // Noon is on the mark already: what begins at once begins there.
        assert_eq!(*properties.dtstart.date_time, start.unwrap_or(at(0)));
        assert_eq!(properties.duration.duration.from(at(0)), Some(duration));
        assert_eq!(ven.code(ven.created_report(&create.request_id, &[&id])).await, 200);
    }
}

#[tokio::test]
async fn rule_329_all_reports_still_to_come_are_listed() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    assert_eq!(ask(&ven, "one").await, ["one"]);
    assert_eq!(ask(&ven, "two").await, ["one", "two"]);
    assert_eq!(ask(&ven, "one").await, ["one", "two"], "once is enough");
    let register = OadrRegisterReport::try_from(ven.poll().await).unwrap();
    assert_eq!(register.report_request_id.as_deref(), Some("one"));
    confirmed(ven.send(ven.registered_report(&register.request_id)).await);
    assert_eq!(ask(&ven, "three").await, ["two", "three"], "the first has come");
}

#[tokio::test]
async fn rule_336_metadata_asked_for_may_be_cancelled_several_at_once() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    for id in ["one", "two", "three"] {
        ask(&ven, id).await;
    }
    assert_eq!(ven.code(ven.cancel_report(&["one", "none"])).await, 452, "all or nothing");
    let mut to_follow = ven.cancel_report(&["one"]);
    to_follow.report_to_follow = true;
    assert_eq!(pending(&ven, to_follow).await, ["one", "two", "three"], "rule 345: one more");
    assert_eq!(pending(&ven, ven.cancel_report(&["one", "three"])).await, ["two"]);
    // What was fetched and not acknowledged would come again.
    let register = OadrRegisterReport::try_from(ven.poll().await).unwrap();
    assert_eq!(register.report_request_id.as_deref(), Some("two"));
    assert_eq!(pending(&ven, ven.cancel_report(&["two"])).await, [""; 0]);
    bench.pass(minutes(2));
    ven.poll_nothing().await;
}

async fn ask(ven: &Ven<'_>, id: &str) -> Vec<String> {
    let mut create = ven.create_report("METADATA");
    create.oadr_report_request[0].report_request_id = id.to_owned();
    let created = OadrCreatedReport::try_from(ven.send(create).await).unwrap();
    assert!(created.ei_response.is_ok());
    created.oadr_pending_reports.report_request_id
}

async fn pending(
    ven: &Ven<'_>,
    cancel: oadr_schemas::openadr::oadr::OadrCancelReport,
) -> Vec<String> {
    let canceled = OadrCanceledReport::try_from(ven.send(cancel).await).unwrap();
    assert!(canceled.ei_response.is_ok(), "{canceled:?}");
    canceled.oadr_pending_reports.report_request_id
}

#[tokio::test]
async fn rule_337_a_single_request_takes_the_newest_sample_at_once() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let once = wanted(SignedDuration::ZERO, SignedDuration::ZERO);
    let id = running(&ven, once).await;
    // Sampled in the background, before it was asked for, over a quarter of an hour.
    let sample = row(-15, 7).over(Duration::from_seconds(900));
    assert_eq!(report(&ven, &id, &[sample]).await, 200);
    assert_eq!(state(&bench, &id), RequestState::Ended);
    let found = bench.vtn.readings(("A", "power"), (at(-60), at(60)), 9).unwrap();
    let [datum] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((datum.reading.start, datum.reading.duration), (at(-15), Some(minutes(15))));
}

#[tokio::test]
async fn rule_341_the_first_interval_and_the_last_may_miss_the_edges_by_a_granularity() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let hour = ReportWanted {
        start: Some(at(0)),
        duration: SignedDuration::from_hours(1),
        ..wanted(minutes(15), minutes(60))
    };
    let id = running(&ven, hour).await;
    bench.clock.set(at(70));
    let minutes_of = [-7, 8, 23, 38, 53];
    let rows = minutes_of.map(|minute| row(minute, 1).over(Duration::from_seconds(900)));
    assert_eq!(report(&ven, &id, &rows).await, 200);
    let starts: Vec<_> = all(&bench).into_iter().map(|(start, _)| start).collect();
    assert_eq!(starts, minutes_of.map(at), "each under its own time");
}

#[tokio::test]
async fn rule_9_1_5_what_was_handled_is_200_whatever_became_of_it() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let report = "/OpenADR2/Simple/2.0b/EiReport";
    let cancel = oadr_schemas::openadr::encode(ven.cancel_opt("none").into(), None);
    let at_opt = "/OpenADR2/Simple/2.0b/EiOpt";
    for (path, body, status) in [
        (at_opt, cancel.as_str(), 200),
        (report, cancel.as_str(), 404),
        ("/OpenADR2/Simple/2.0b/EiOptNot", cancel.as_str(), 404),
        ("/OpenADR2/Simple/EiOpt", cancel.as_str(), 404),
        (at_opt, "<oadr:oadrCancelOpt/>", 406),
        (at_opt, &cancel.replace("optID", "optId"), 406),
    ] {
        let answer = ven.post(path, body).await;
        assert_eq!((answer.status, answer.body.is_empty()), (status, status != 200), "{path}");
    }
    assert_eq!(ven.code(ven.cancel_opt("none")).await, 452);
}

#[tokio::test]
async fn rule_9_1_7_a_vtn_that_cannot_write_says_when_to_come_again_and_has_done_nothing() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let opt = ven.opt("o", OptType::OptOut, (at(0), Duration::from_seconds(3600)));
    bench.memory.set_trouble(Some(Trouble::Full));
    let answer = ven.post_message(opt.clone().into()).await;
    assert_eq!((answer.status, answer.body.len()), (503, 0));
    assert!(answer.retry_after.is_some_and(|wait| !wait.is_zero()), "{answer:?}");
    assert!(bench.vtn.opts("A").unwrap().is_empty());
    bench.memory.set_trouble(None);
    assert_eq!(ven.code(opt).await, 200);
    assert_eq!(bench.vtn.opts("A").unwrap().len(), 1);
}
