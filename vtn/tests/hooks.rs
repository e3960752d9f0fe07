//! What the aggregator behind the VTN is told. Y.2072 8.2.2.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::{Arc, Mutex};

use common::{Bench, data, minutes, noon, simple, usage};
use jiff::Timestamp;
use oadr_platform::aggregator::Notice;
use oadr_platform::opt::Opt;
use oadr_platform::reading::Kind;
use oadr_platform::{Aggregator, Answer, Reason, accept, refuse};
use oadr_schemas::openadr::ei::OptType;
use oadr_schemas::openadr::report::Row;
use oadr_schemas::xml::Duration;
use oadr_vtn::Hooks;
use oadr_vtn::control::ReportWanted;
use rust_decimal::Decimal;

/// Writes down what it is told; says no to all of it if it is sulking.
#[derive(Default)]
struct Diary {
    notices: Mutex<Vec<Notice>>,
    sulks: bool,
}

impl Aggregator for Diary {
    fn told<'a>(&'a self, notice: Notice, _at: Timestamp) -> Answer<'a, ()> {
        self.notices.lock().unwrap().push(notice);
        if self.sulks { refuse(Reason::Unavailable, "not today") } else { accept(()) }
    }
}

async fn bench(sulks: bool) -> (Bench, Arc<Diary>) {
    let diary = Arc::new(Diary { sulks, ..Diary::default() });
    let hooks = Hooks { aggregator: diary.clone(), ..Hooks::default() };
    (Bench::with_hooks(hooks).await, diary)
}

/// OpenLEADR #121: who keeps readings was not told whose they are.
#[tokio::test]
async fn the_aggregator_is_told_what_vens_do_after_it_is_on_record() {
    let (bench, diary) = bench(false).await;
    let ven = bench.registered("A").await;
    let start = noon().checked_add(minutes(60)).unwrap();
    let id = bench.vtn.create_event(simple(&["A"], start, &[1])).await.unwrap().id;
    let events = ven.poll_events().await;
    ven.send(ven.answer(&events, OptType::OptIn)).await;
    let hour = (start, Duration::from_seconds(3600));
    let opt = ven.opt("o", OptType::OptOut, hour);
    ven.send(opt.clone()).await;
    ven.send(opt).await;
    ven.send(ven.cancel_opt("o")).await;
    ven.send(ven.register_report(vec![usage("usage", &["power"], noon())])).await;
    let wanted = ReportWanted {
        specifier: "usage".into(),
        rids: Vec::new(),
        granularity: minutes(1),
        every: minutes(5),
        start: None,
        duration: Default::default(),
    };
    let request = bench.vtn.request_report("A", wanted).await.unwrap().id;
    let row = Row::at("power", noon(), Decimal::from(5));
    ven.send(ven.update_report(vec![data(&request, "usage", &[row], noon())])).await;

    let notices = diary.notices.lock().unwrap();
    let [registered, answered, opted, again, cancelled, reported] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert!(matches!(registered, Notice::Registered { party } if party.as_str() == "A"));
    let Notice::Answered { event, modification: 0, opt: Opt::In, interval, .. } = answered else {
        panic!("{answered:?}")
    };
    assert_eq!(event.as_str(), id);
    assert_eq!((interval.start, interval.duration.as_secs()), (start, 600));
    assert!(matches!(opted, Notice::Opted { schedule, .. } if schedule.opt == Opt::Out));
    assert_eq!(again, opted, "a crash may have lost the first");
    assert!(matches!(cancelled, Notice::OptCancelled { opt, .. } if opt.as_str() == "o"));
    let Notice::Reported { readings, .. } = reported else { panic!("{reported:?}") };
    assert_eq!((readings[0].kind, readings[0].value), (Kind::Power, Decimal::from(5000)));
}

#[tokio::test]
async fn an_aggregator_that_refuses_changes_nothing_for_the_ven() {
    let (bench, diary) = bench(true).await;
    let ven = bench.registered("A").await;
    let hour = (noon(), Duration::from_seconds(3600));
    assert_eq!(ven.code(ven.opt("o", OptType::OptOut, hour)).await, 200);
    assert_eq!(bench.vtn.opts("A").unwrap().len(), 1);
    assert_eq!(diary.notices.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn the_aggregator_is_told_again_of_what_comes_again() {
    let (bench, diary) = bench(false).await;
    let ven = bench.enrolled("A").await;
    let count = |wanted: fn(&Notice) -> bool| {
        diary.notices.lock().unwrap().iter().filter(|notice| wanted(notice)).count()
    };
    ven.register().await;
    ven.register().await;
    assert_eq!(count(|notice| matches!(notice, Notice::Registered { .. })), 2);
    ven.take_metadata().await;
    let start = noon().checked_add(minutes(60)).unwrap();
    let id = bench.vtn.create_event(simple(&["A"], start, &[1])).await.unwrap().id;
    ven.poll_events().await;
    for _ in 0..2 {
        assert_eq!(ven.code(ven.opt_event("o", OptType::OptOut, (&id, 0))).await, 200);
    }
    assert_eq!(count(|notice| matches!(notice, Notice::Answered { opt: Opt::Out, .. })), 2);
}
