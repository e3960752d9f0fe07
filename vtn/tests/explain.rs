//! Why a VEN gets no events: the links up to an event, each made over the wire. OpenADR 2.0b
//! Profile, sections 9.2.1.1 and 10.5, rules 402, 407, 500, 516, 517.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Bench, Ven, at, certificate, certificate_until, minutes, noon, seconds, usage};
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{EiResponse, OptType};
use oadr_schemas::xml::{DateTime, Duration};
use oadr_vtn::explain::{Cause, Weight};
use oadr_vtn::settings::Policy;

#[tokio::test]
async fn a_ven_that_is_as_it_should_be_can_take_part() {
    let bench = Bench::new().await;
    let _a = bench.registered("A").await;
    assert_eq!(bench.verdict("A", ""), "A can take part");
    let all = bench.explain("A", "").findings;
    let codes: Vec<Cause> = all.iter().map(|one| one.code).collect();
    assert_eq!(codes, [Cause::VenKnown, Cause::Registered, Cause::Heard]);
    assert!(all.iter().all(|one| one.weight == Weight::Note && one.mend.is_none()), "{all:?}");
    assert_eq!(bench.why(("A", ""), Cause::Registered).since, Some(noon()));
}

#[tokio::test]
async fn a_ven_that_nobody_knows_is_told_with_who_speaks_under_its_name() {
    let bench = Bench::new().await;
    assert_eq!(bench.verdict("A", ""), "no VEN A is known here");
    assert_eq!(bench.why(("A", "e"), Cause::VenUnknown).weight, Weight::Stops);
    assert!(!bench.finds(("A", ""), Cause::StrangerHeard));
    let mut stranger = bench.stranger("site 7");
    stranger.id = "A".to_owned();
    assert_eq!(stranger.code(stranger.cancel_opt("o1")).await, 463);
    assert_eq!(bench.verdict("A", ""), "no VEN A is known here");
    let print = stranger.certificate.fingerprint().to_string();
    // By what it says, by its certificate's name, by its fingerprint.
    for name in ["A", "site 7", &print] {
        let heard = bench.why((name, ""), Cause::StrangerHeard);
        assert!(heard.text.contains(&print) && heard.mend.unwrap().contains(&print), "{name}");
    }
}

#[tokio::test]
async fn a_fingerprint_names_its_ven() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    assert_eq!(bench.explain(&a.certificate.fingerprint().to_string(), "").ven, "A");
}

#[tokio::test]
async fn a_ven_that_waits_for_an_operator_or_was_turned_away_may_not_speak() {
    let bench = Bench::of_policy(Policy::Approve).await;
    let stranger = bench.stranger("site 7");
    assert_eq!(stranger.code(stranger.create_registration()).await, 463);
    let ven = bench.vtn.vens(None, 1).unwrap().remove(0).id;
    let waits = bench.why((&ven, ""), Cause::VenPending);
    assert_eq!((waits.since, waits.weight), (Some(noon()), Weight::Stops));
    assert!(waits.mend.unwrap().contains(&format!("vtn ven approve {ven}")));
    bench.vtn.bar_ven(&ven).await.unwrap();
    assert!(bench.verdict(&ven, "").contains("an operator turned it away"));
    assert!(bench.finds((&ven, ""), Cause::VenBarred));
    // What is refused for this reason is not told as another trouble.
    assert!(!bench.finds((&ven, ""), Cause::MessagesRefused));
}

#[tokio::test]
async fn another_certificate_than_the_enrolled_one_is_told_with_both() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    bench.pass(seconds(5));
    // Its site got a new certificate that nobody enrolled.
    let changed = Ven { certificate: certificate("A"), ..a.clone() };
    assert_eq!(changed.code(changed.cancel_opt("o1")).await, 463);
    let instead = bench.why(("A", ""), Cause::FingerprintDiffers);
    let prints = [&a, &changed].map(|ven| ven.certificate.fingerprint().to_string());
    assert!(prints.iter().all(|print| instead.text.contains(print)), "{}", instead.text);
    assert_eq!((instead.since, instead.weight), (Some(bench.now()), Weight::Stops));
    // The VEN itself is there, too: it need not be the reason.
    bench.pass(seconds(5));
    a.poll_nothing().await;
    assert_eq!(bench.why(("A", ""), Cause::AnotherCertificate).weight, Weight::Hinders);
    assert!(!bench.finds(("A", ""), Cause::FingerprintDiffers));
}

#[tokio::test]
async fn without_a_certificate_nobody_speaks() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    bench.vtn.remove_certificate("A", a.certificate.fingerprint()).await.unwrap();
    assert!(bench.verdict("A", "").contains("no certificate to speak with"));
    assert!(bench.finds(("A", ""), Cause::NoCertificate));
}

#[tokio::test]
async fn an_enrolled_ven_that_never_came_is_told_so() {
    let bench = Bench::new().await;
    let a = bench.enrolled("A").await;
    bench.pass(minutes(60));
    let never = bench.why(("A", ""), Cause::NeverConnected);
    assert_eq!(never.since, Some(noon()));
    assert!(never.text.contains(&a.certificate.fingerprint().to_string()));
    a.register().await;
    assert!(!bench.finds(("A", ""), Cause::NeverConnected));
}

#[tokio::test]
async fn rule_516_a_certificate_that_has_ended_or_ends_soon() {
    let bench = Bench::new().await;
    let end = at(60 * 24 * 31);
    let certificate = certificate_until("A", end);
    bench.enrol("A", certificate.fingerprint()).await;
    let a = Ven { bench: &bench, certificate, id: "A".to_owned() };
    a.register().await;
    assert!(!bench.finds(("A", ""), Cause::CertificateEndsSoon));
    bench.pass(minutes(60 * 24 * 2));
    assert_eq!(bench.why(("A", ""), Cause::CertificateEndsSoon).weight, Weight::Hinders);
    bench.pass(minutes(60 * 24 * 30));
    assert_eq!(a.post_message(a.query().into()).await.status, 403);
    let ended = bench.why(("A", ""), Cause::CertificateEnded);
    assert_eq!((ended.since, ended.weight), (Some(end), Weight::Stops));
    assert!(!bench.finds(("A", ""), Cause::CertificateEndsSoon));
}

#[tokio::test]
async fn a_ven_that_has_not_registered_and_one_that_did_no_more() {
    let bench = Bench::new().await;
    let a = bench.enrolled("A").await;
    a.send(a.query()).await;
    let not = bench.why(("A", ""), Cause::NotRegistered);
    assert!(not.text.contains("has not registered"), "{}", not.text);
    let id = a.register().await;
    a.take_metadata().await;
    bench.vtn.cancel_registration("A").await.unwrap();
    bench.pass(seconds(5));
    let ending = bench.why(("A", ""), Cause::RegistrationEnding);
    assert_eq!(ending.since, Some(noon()));
    a.poll().await;
    assert!(bench.finds(("A", ""), Cause::RegistrationEnding), "it has not answered yet");
    a.send(a.canceled_registration("", &id)).await;
    let ended = bench.why(("A", ""), Cause::NotRegistered);
    assert!(ended.text.contains("registration was ended"), "{}", ended.text);
}

#[tokio::test]
async fn a_report_only_ven_gets_no_events() {
    let bench = Bench::new().await;
    let a = bench.enrolled("A").await;
    let mut create = a.create_registration();
    create.oadr_report_only = true;
    a.created(create).await;
    assert_eq!(bench.why(("A", ""), Cause::ReportOnly).weight, Weight::Stops);
    a.register().await;
    assert!(!bench.finds(("A", ""), Cause::ReportOnly));
}

#[tokio::test]
async fn rule_500_a_ven_that_is_silent_or_polls_too_slowly() {
    let mut bench = Bench::new().await;
    let a = bench.registered("A").await;
    bench.pass(seconds(30));
    assert!(!bench.finds(("A", ""), Cause::Silent), "three polls may be missed");
    bench.pass(seconds(1));
    let silent = bench.why(("A", ""), Cause::Silent);
    assert_eq!((silent.since, silent.weight), (Some(noon()), Weight::Hinders));
    for _ in 0..3 {
        bench.pass(seconds(25));
        // It fetches all that waits, at once: that is no faster pace.
        a.poll_nothing().await;
        bench.pass(seconds(1));
        a.poll_nothing().await;
    }
    let slow = bench.why(("A", ""), Cause::PollsSlowly);
    assert!(slow.text.contains("every 25s") && slow.text.contains("every 10s"), "{}", slow.text);
    assert!(!bench.finds(("A", ""), Cause::Silent));
    let ven = a.certificate.clone();
    drop(a);
    bench.restart().await;
    let started = bench.now();
    bench.pass(minutes(10));
    let silent = bench.why(("A", ""), Cause::Silent);
    assert_eq!(silent.since, Some(started));
    assert!(silent.text.contains("since the VTN started"), "{}", silent.text);
    let a = Ven { bench: &bench, certificate: ven, id: "A".to_owned() };
    for _ in 0..8 {
        bench.pass(seconds(12));
        a.poll_nothing().await;
    }
    assert!(!bench.finds(("A", ""), Cause::PollsSlowly));
}

#[tokio::test]
async fn a_clock_that_is_off_is_seen_by_what_it_sends() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    let hour = (noon(), Duration::from_seconds(3600));
    let mut opt = a.opt("o1", OptType::OptOut, hour);
    opt.created_date_time = DateTime(noon().checked_add(seconds(60)).unwrap());
    assert_eq!(a.code(opt).await, 200);
    assert!(!bench.finds(("A", ""), Cause::ClockDiffers));
    let mut opt = a.opt("o2", OptType::OptOut, hour);
    opt.created_date_time = DateTime(at(-120));
    assert_eq!(a.code(opt).await, 200);
    let off = bench.why(("A", ""), Cause::ClockDiffers);
    assert!(off.text.contains("2h behind"), "{}", off.text);
}

#[tokio::test]
async fn other_messages_that_were_refused_are_told_once_a_kind() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    for _ in 0..3 {
        bench.pass(seconds(1));
        assert_eq!(a.code(a.cancel_opt("no such opt")).await, 452);
    }
    a.post("/OpenADR2/Simple/2.0b/EiOpt", "<nonsense/>").await;
    let all = bench.explain("A", "").findings;
    let told: Vec<_> = all.iter().filter(|one| one.code == Cause::MessagesRefused).collect();
    let [opts, unreadable] = told.as_slice() else { panic!("{told:?}") };
    assert!(opts.text.contains("oadrCancelOpt was refused with 452, 3 times"), "{}", opts.text);
    assert_eq!(opts.since, noon().checked_add(seconds(1)).ok());
    assert!(opts.mend.as_ref().unwrap().contains("vtn ven reregister A"));
    assert!(unreadable.mend.as_ref().unwrap().contains("--trace-messages"));
    assert!(bench.verdict("A", "").starts_with("A can take part, but its oadrCancelOpt"));
}

#[tokio::test]
async fn a_report_that_a_ven_will_not_send_is_its_own_no() {
    let bench = Bench::new().await;
    let a = bench.registered("A").await;
    a.send(a.register_report(vec![usage("usage", &["power"], noon())])).await;
    let mut no = a.created_report("c1", &[]);
    let words = "the meter is broken";
    no.ei_response = EiResponse::error(Code::NotDeployed, words, "c1");
    a.send(no).await;
    let told = bench.why(("A", ""), Cause::MessagesRefused);
    assert!(told.text.contains("it refused ours with 469") && told.text.contains(words));
}
