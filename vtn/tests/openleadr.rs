//! What users of OpenLEADR ran into, by the number of its issue, held against this VTN. Where a
//! test elsewhere shows the same it names the issue (`grep -rn 'OpenLEADR #' vtn/tests`).

#![allow(clippy::unwrap_used)]

mod common;

use common::{
    Bench, all, at, confirmed, data, minutes, offering, report, row, running, simple, state, usage,
    wanted,
};
use jiff::SignedDuration;
use oadr_schemas::exchange::openadr_table;
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{EiTarget, OptType, ReportName};
use oadr_schemas::openadr::oadr::{OadrCreateReport, OadrPoll};
use oadr_schemas::openadr::power::EndDeviceAsset;
use oadr_schemas::openadr::report::Row;
use oadr_schemas::xml;
use oadr_vtn::control::ReportWanted;
use oadr_vtn::record::RequestState;
use rust_decimal::Decimal;

/// #138: the venID is missing in oadrResponse and others.
#[tokio::test]
async fn openleadr_138_every_reply_that_has_a_place_for_the_ven_id_names_the_ven() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let event = bench.vtn.create_event(simple(&["A"], bench.now(), &[1])).await.unwrap().id;
    ven.events().await;
    let mut requests = ven.every_request();
    // What was refused, and beside it what is well received.
    requests.retain(|request| request.name() != "oadrCreatePartyRegistration");
    requests.push(ven.answer_to(&event, 0, OptType::OptIn).into());
    requests.push(ven.create_report("METADATA").into());
    requests.push(ven.create_registration().into());
    let mut codes = Vec::new();
    for request in requests {
        let name = request.name();
        let reply = ven.send(request).await;
        codes.push(common::code(&reply));
        let placeless = matches!(
            reply,
            Message::OadrDistributeEvent(_)
                | Message::OadrCreatedOpt(_)
                | Message::OadrCanceledOpt(_)
        );
        assert!(placeless || reply.ven_id() == Some("A"), "{name}: {reply:?}");
    }
    let refused = codes.iter().filter(|code| **code != 200).count();
    assert!(refused > 4 && codes.len() - refused > 4, "{codes:?}");
}

/// #44, #79, #134: `0` stands in each oadrReport, and nothing in the oadrRegisterReport itself.
#[tokio::test]
async fn openleadr_44_metadata_have_the_report_request_id_0() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    for (id, expected) in [("0", 200), ("", 459), ("1", 459), ("00", 459)] {
        let mut report = usage("usage", &["power"], bench.now());
        report.report_request_id = id.into();
        let mut register = ven.register_report(vec![report]);
        assert_eq!(ven.code(register.clone()).await, expected, "{id:?}");
        // Empty is the same as absent (rule 46).
        register.report_request_id = Some(String::new());
        assert_eq!(ven.code(register).await, expected, "{id:?}");
    }
}

/// #80: reports of several devices and measurements under one reportSpecifierID.
#[tokio::test]
async fn openleadr_80_one_specifier_serves_several_points_and_several_requests() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let both = running(&ven, wanted(minutes(1), minutes(5))).await;
    let narrow = ReportWanted { rids: vec!["more".into()], ..wanted(minutes(2), minutes(10)) };
    let narrow = running(&ven, narrow).await;
    let more = |minute: i64, value: i64| Row::at("more", at(minute), Decimal::from(value));
    let reports = vec![
        data(&both, "usage", &[row(0, 1), more(0, 2)], bench.now()),
        data(&narrow, "usage", &[more(2, 3)], bench.now()),
    ];
    assert_eq!(ven.code(ven.update_report(reports)).await, 200);
    let points: Vec<_> = bench.vtn.series("A").unwrap();
    let points: Vec<_> =
        points.iter().map(|(s, series)| (s.as_str(), &*series.point.rid)).collect();
    assert_eq!(points, [("usage", "more"), ("usage", "power")]);
    let of = |rid: &str| {
        let found = bench.vtn.readings(("A", rid), (at(-60), at(60)), 9).unwrap();
        found.into_iter().map(|datum| datum.reading.request).collect::<Vec<_>>()
    };
    assert_eq!(of("power"), [both.as_str()]);
    assert_eq!(of("more"), [both.as_str(), narrow.as_str()]);
}

/// #37: reportSubject was read without looking whether it is there.
#[tokio::test]
async fn openleadr_37_a_data_point_needs_neither_subject_nor_source() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let mut bare = usage("bare", &["power"], bench.now());
    bare.oadr_report_description[0].report_subject = None;
    bare.oadr_report_description[0].report_data_source = None;
    let mut full = usage("full", &["power"], bench.now());
    let asset = EndDeviceAsset { mrid: "Thermostat".into() };
    full.oadr_report_description[0].report_subject =
        Some(EiTarget { end_device_asset: vec![asset], ..EiTarget::recipient() });
    assert_eq!(ven.code(ven.register_report(vec![bare, full])).await, 200);
    let metadata = bench.vtn.report_metadata("A").unwrap();
    let resources: Vec<_> = metadata.iter().map(|report| &*report.points[0].resources).collect();
    assert_eq!(resources, [&[][..], &["site".to_owned()]], "rule 343: all of the VEN");
    // What is reported under it is kept like any other.
    let id =
        running(&ven, ReportWanted { specifier: "bare".into(), ..wanted(minutes(1), minutes(5)) });
    let report = data(&id.await, "bare", &[row(0, 4)], bench.now());
    assert_eq!(ven.code(ven.update_report(vec![report])).await, 200);
    assert_eq!(all(&bench), [(at(0), Decimal::from(4))]);
}

/// #18: HISTORY_USAGE is not served.
#[tokio::test]
async fn openleadr_18_history_is_asked_for_and_kept() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let mut offer = usage("history", &["power"], bench.now());
    offer.report_name = Some(ReportName::MetadataHistoryUsage);
    assert_eq!(ven.code(ven.register_report(vec![offer])).await, 200);
    let past = ReportWanted {
        specifier: "history".into(),
        start: Some(at(-120)),
        duration: SignedDuration::from_hours(1),
        ..wanted(SignedDuration::ZERO, SignedDuration::ZERO)
    };
    let id = running(&ven, past).await;
    let mut report = data(&id, "history", &[row(-120, 7), row(-105, 8)], bench.now());
    report.report_name = Some(ReportName::HistoryUsage);
    assert_eq!(ven.code(ven.update_report(vec![report])).await, 200);
    assert_eq!(all(&bench), [(at(-120), Decimal::from(7)), (at(-105), Decimal::from(8))]);
    assert_eq!(state(&bench, &id), RequestState::Ended);
}

/// #136: oadrCreatedReport after oadrRegisteredReport repeats the VEN's own requestID.
#[tokio::test]
async fn openleadr_136_the_answer_to_a_piggybacked_request_repeats_the_vens_request_id() {
    let bench = Bench::new().await;
    let ven = offering(&bench).await;
    let id = bench.vtn.request_report("A", wanted(minutes(1), minutes(5))).await.unwrap().id;
    let create = OadrCreateReport::try_from(ven.poll().await).unwrap();
    assert_ne!(create.request_id, "m1");
    let reply = confirmed(ven.send(ven.created_report("m1", &[&id])).await);
    assert_eq!(reply.ei_response.request_id, "m1");
    assert_eq!(state(&bench, &id), RequestState::Running);
    assert_eq!(report(&ven, &id, &[row(0, 1)]).await, 200);
}

/// #137: a VEN asks for its events as soon as it is registered, before metadata are exchanged.
#[tokio::test]
async fn openleadr_137_events_are_listed_right_after_registration() {
    let bench = Bench::new().await;
    let ven = bench.enrolled("A").await;
    let event = bench.vtn.create_event(simple(&["A"], bench.now(), &[1])).await.unwrap().id;
    ven.register().await;
    let events = ven.events().await;
    assert_eq!(events.oadr_event.len(), 1);
    assert_eq!(ven.code(ven.answer_to(&event, 0, OptType::OptIn)).await, 200, "rule 309");
    ven.take_metadata().await;
}

/// OpenLEADR 0.5.36 answers a poll with the requestID `None`, a poll having none of its own.
#[tokio::test]
async fn a_reply_says_no_request_id_that_the_request_did_not_say() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    let asked = ven.every_request();
    let ids = asked.iter().map(|request| request.request_id().unwrap_or_default().to_owned());
    let ids: Vec<_> = ids.collect();
    for (request, id) in asked.into_iter().zip(ids) {
        let name = request.name();
        let reply = ven.send(request).await;
        // It goes on as a new VEN would: with this VTN's metadata, which are no answer.
        let Some(response) = reply.response() else { continue };
        assert_eq!(response.request_id, id, "{name}");
    }
    let poll = OadrPoll { schema_version: None, ven_id: "A".into() };
    let reply = ven.post_message(poll.into()).await;
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(!text.contains("None"), "{text}");
}

/// #153: VENs differ in whether they put an unsigned payload into oadrPayload.
#[tokio::test]
async fn openleadr_153_a_payload_is_read_with_and_without_its_envelope() {
    let bench = Bench::new().await;
    let ven = bench.registered("A").await;
    for request in ven.every_request() {
        let path = format!("/OpenADR2/Simple/2.0b/{}", service(&request));
        let bare = xml::encode_any(&request);
        assert!(bare.starts_with(&format!("<oadr:{}", request.name())), "{bare}");
        let answer = ven.post(&path, bare.clone()).await;
        assert_eq!(answer.status, 200, "{bare}");
        common::read(&answer);
    }
}

fn service(request: &Message) -> &'static str {
    openadr_table::pairing_of(request).unwrap().service.name()
}
