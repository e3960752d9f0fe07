//! EiDelivery: what the meters say of an interval, exactly, or not yet.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod trade;

use jiff::SignedDuration;
use oadr_schemas::ei::pyld::{EiCreateDelivery, EiCreatedDelivery};
use oadr_schemas::emix::{Delivery, Metered, Unit};
use oadr_schemas::openadr::ei::{EiResponse, EiTarget, ReportName};
use oadr_schemas::openadr::oadr::{
    OadrCreatedReport, OadrDataQualityType, OadrPoll, OadrRegisterReport, OadrReport,
    OadrReportDescription, OadrUpdateReport,
};
use oadr_schemas::openadr::report::{Heading, Row, Sampling, usage_description};
use oadr_schemas::xml::Duration;
use oadr_vtn::control::ReportWanted;
use rust_decimal::Decimal;

use trade::{Hall, OK, Party, at, code, number, only, words};

#[tokio::test]
async fn a_register_tells_the_difference_of_its_two_readings() {
    let hall = Hall::new().await;
    let a = metered(&hall, &[point("register", "kWh", "site")]).await;
    hall.pass(SignedDuration::from_hours(3));
    a.readings(&hall, &[at_row("register", 60, "100.5"), at_row("register", 120, "102.25")]).await;
    let drawn = a.delivery(&hall, "d1", (60, 60), false).await;
    assert_eq!(code(&drawn.ei_response), OK, "{drawn:?}");
    assert!(drawn.responses.is_none());
    assert_eq!(wh(&drawn), number("1750"));
    assert_eq!(
        wh(&a.delivery(&hall, "d2", (60, 60), true).await),
        number("-1750"),
        "the other way"
    );
    let known = hall.vtn.deliveries(None, 10).unwrap();
    assert_eq!(known.len(), 2);
    assert_eq!((known[0].quantity_wh, known[0].estimated), (1_750.into(), false));
}

#[tokio::test]
async fn energy_of_spans_is_summed_and_mean_power_is_integrated() {
    for (unit, values, want) in
        [("Wh", ["250", "300", "-50", "0"], "500"), ("kW", ["1", "2", "0.1", "0"], "775")]
    {
        let hall = Hall::new().await;
        let a = metered(&hall, &[point("m", unit, "site")]).await;
        hall.pass(SignedDuration::from_hours(3));
        let quarter = |n: usize| 60 + 15 * i64::try_from(n).unwrap();
        let rows: Vec<Row> =
            (0..4).map(|n| at_row("m", quarter(n), values[n]).over(minutes(15))).collect();
        a.readings(&hall, &rows[..3]).await;
        let missing = a.delivery(&hall, "d1", (60, 60), false).await;
        assert_eq!(code(&missing.ei_response), 469);
        assert!(words(&missing.ei_response).contains("13:45:00Z"), "{missing:?}");
        assert!(missing.ei_delivery.is_empty());
        a.readings(&hall, &rows[3..]).await;
        assert_eq!(wh(&a.delivery(&hall, "d1", (60, 60), false).await), number(want), "{unit}");
    }
}

#[tokio::test]
async fn mean_power_is_cut_at_the_ends_of_the_interval_and_energy_is_not() {
    for (unit, want) in [("W", Some("1000")), ("Wh", None)] {
        let hall = Hall::new().await;
        let a = metered(&hall, &[point("m", unit, "site")]).await;
        hall.pass(SignedDuration::from_hours(3));
        let rows =
            [at_row("m", 30, "1200").over(minutes(60)), at_row("m", 90, "800").over(minutes(60))];
        a.readings(&hall, &rows).await;
        let answer = a.delivery(&hall, "d1", (60, 60), false).await;
        match want {
            Some(want) => assert_eq!(wh(&answer), number(want)),
            None => {
                assert_eq!(code(&answer.ei_response), 469, "how it lies in the span is unknown")
            }
        }
    }
}

#[tokio::test]
async fn it_is_not_yet_while_the_interval_lasts_or_a_reading_is_bad() {
    let hall = Hall::new().await;
    let a = metered(&hall, &[point("register", "Wh", "site")]).await;
    hall.pass(SignedDuration::from_mins(119));
    let early = a.delivery(&hall, "d1", (60, 60), false).await;
    assert_eq!(only(early.responses.as_ref()), (469, "not yet: the interval is not over".into()));
    hall.pass(SignedDuration::from_mins(2));
    let bad = Row {
        quality: Some(OadrDataQualityType::QualityBadNonSpecific),
        ..at_row("register", 120, "7")
    };
    a.readings(&hall, &[at_row("register", 60, "5"), bad]).await;
    assert_eq!(code(&a.delivery(&hall, "d1", (60, 60), false).await.ei_response), 469);
    let doubtful = Row {
        quality: Some(OadrDataQualityType::QualityUncertainNonSpecific),
        ..at_row("register", 120, "8")
    };
    a.readings(&hall, &[doubtful]).await;
    assert_eq!(wh(&a.delivery(&hall, "d1", (60, 60), false).await), number("3"));
    assert!(hall.vtn.deliveries(None, 10).unwrap()[0].estimated);
}

#[tokio::test]
async fn what_was_answered_once_is_answered_so_again() {
    let mut hall = Hall::new().await;
    let a = metered(&hall, &[point("register", "Wh", "site")]).await;
    hall.pass(SignedDuration::from_hours(3));
    a.readings(&hall, &[at_row("register", 60, "5"), at_row("register", 120, "8")]).await;
    let first = a.delivery(&hall, "d1", (60, 60), false).await;
    a.readings(&hall, &[at_row("register", 120, "9")]).await;
    hall.restart().await;
    assert_eq!(a.delivery(&hall, "d1", (60, 60), false).await, first);
    assert_eq!(wh(&a.delivery(&hall, "d2", (60, 60), false).await), number("4"), "a new question");
    let other = a.delivery(&hall, "d1", (60, 60), true).await;
    assert_eq!(code(&other.ei_response), 452, "the same uid, other content");
}

#[tokio::test]
async fn two_meters_of_a_kind_or_of_two_resources_are_no_answer() {
    let register = |rid: &str, site: &str| point(rid, "Wh", site);
    for points in [
        vec![register("one", "site"), register("two", "site")],
        vec![register("one", "site"), register("two", "annex")],
        vec![],
    ] {
        let hall = Hall::new().await;
        let a = metered(&hall, &points).await;
        hall.pass(SignedDuration::from_hours(3));
        for point in &points {
            let rows = [at_row(&point.rid, 60, "5"), at_row(&point.rid, 120, "8")];
            a.readings(&hall, &rows).await;
        }
        let answer = a.delivery(&hall, "d1", (60, 60), false).await;
        assert_eq!(code(&answer.ei_response), 462, "{answer:?}");
    }
}

#[tokio::test]
async fn power_at_an_instant_is_no_energy() {
    let hall = Hall::new().await;
    let a = metered(&hall, &[point("power", "W", "site")]).await;
    hall.pass(SignedDuration::from_hours(3));
    let rows: Vec<Row> = (60..=120).map(|minute| at_row("power", minute, "1000")).collect();
    a.readings(&hall, &rows).await;
    assert_eq!(code(&a.delivery(&hall, "d1", (60, 60), false).await.ei_response), 469);
}

#[tokio::test]
async fn a_party_asks_for_its_own_meters_only() {
    let hall = Hall::new().await;
    let a = metered(&hall, &[point("register", "Wh", "site")]).await;
    let b = hall.party("ven-b").await;
    hall.pass(SignedDuration::from_hours(3));
    a.readings(&hall, &[at_row("register", 60, "5"), at_row("register", 120, "8")]).await;
    assert_eq!(code(&b.delivery(&hall, "d1", (60, 60), false).await.ei_response), 462);
    let of = |party: &str| EiCreateDelivery {
        requestor_party_id: party.into(),
        ..b.ask_delivery(&["d1"], (60, 60), false)
    };
    let (other, nobody) = (b.send(&hall, of("ven-a")).await, b.send(&hall, of("ven-x")).await);
    assert_eq!(other, nobody);
    assert_eq!(code(&other.ei_response), 452);
    assert!(hall.vtn.deliveries(None, 10).unwrap().is_empty());
}

#[tokio::test]
async fn a_question_without_one_interval_is_refused_with_its_place() {
    let hall = Hall::new().await;
    let a = metered(&hall, &[point("register", "Wh", "site")]).await;
    hall.pass(SignedDuration::from_hours(3));
    a.readings(&hall, &[at_row("register", 60, "5"), at_row("register", 120, "8")]).await;
    let mut ask = a.ask_delivery(&["d1", "d2", "d2", "d3"], (60, 60), false);
    ask.delivery[0].components = Default::default();
    ask.delivery[3] = a.ask_delivery(&["d3"], (60, 0), false).delivery.remove(0);
    let answer = a.send(&hall, ask).await;
    assert_eq!(code(&answer.ei_response), OK, "one was answered");
    assert_eq!(answer.ei_delivery.len(), 1);
    let said: Vec<_> =
        answer.responses.unwrap().response.iter().map(|r| (code(r), words(r).to_owned())).collect();
    let wants = [(459, "delivery[1]/components"), (452, "uid"), (454, "delivery[4]/components")];
    assert_eq!(said.len(), wants.len());
    for (said, want) in said.iter().zip(wants) {
        assert!(said.0 == want.0 && said.1.starts_with(want.1), "{said:?} {want:?}");
    }
}

#[tokio::test]
async fn a_message_asks_for_24_deliveries_of_31_days_and_no_more() {
    let hall = Hall::new().await;
    let a = metered(&hall, &[point("register", "Wh", "site")]).await;
    hall.pass(SignedDuration::from_hours(32 * 24));
    let ids: Vec<String> = (0..25).map(|n| format!("d{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let many = a.send(&hall, a.ask_delivery(&ids, (60, 60), false)).await;
    assert_eq!(code(&many.ei_response), 454);
    assert!(words(&many.ei_response).contains("at most 24"), "{many:?}");
    let full = a.send(&hall, a.ask_delivery(&ids[..24], (60, 60), false)).await;
    assert_eq!(full.responses.unwrap().response.len(), 24);
    let month = 31 * 24 * 60;
    // Nothing was ever read: it came as far as the meters.
    assert_eq!(code(&a.delivery(&hall, "m1", (0, month), false).await.ei_response), 462);
    assert_eq!(code(&a.delivery(&hall, "m2", (0, month + 1), false).await.ei_response), 454);
}

impl Party {
    /// Sends readings of the report `usage`.
    async fn readings(&self, hall: &Hall, rows: &[Row]) {
        let heading = Heading {
            report_request_id: hall.vtn.report_requests(&self.id).unwrap()[0].id.clone(),
            report_specifier_id: "usage".into(),
            report_name: ReportName::TelemetryUsage,
            created: at(0),
        };
        let update = OadrUpdateReport {
            schema_version: None,
            request_id: "u1".into(),
            oadr_report: vec![OadrReport::of_rows(heading, rows).unwrap()],
            ven_id: Some(self.id.clone()),
        };
        let (reply, good) = self.openadr(hall, "EiReport", update.into()).await;
        assert!(good, "{reply:?}");
    }

    fn ask_delivery(&self, uids: &[&str], span: (i64, i64), injection: bool) -> EiCreateDelivery {
        let (start, duration) = (at(span.0), SignedDuration::from_mins(span.1));
        let ask = |uid: &&str| {
            let interval = Metered { uid: "0".into(), start, duration, quantity: None };
            let delivery = Delivery { uid: (*uid).into(), injection, metered: vec![interval] };
            delivery.to_emix().unwrap()
        };
        EiCreateDelivery {
            request_id: "d".into(),
            requestor_party_id: self.id.clone(),
            delivery: uids.iter().map(ask).collect(),
        }
    }

    async fn delivery(
        &self,
        hall: &Hall,
        uid: &str,
        span: (i64, i64),
        injection: bool,
    ) -> EiCreatedDelivery {
        self.send(hall, self.ask_delivery(&[uid], span, injection)).await
    }
}

/// A party that offers a report `usage` of these points and was asked for it.
async fn metered(hall: &Hall, points: &[OadrReportDescription]) -> Party {
    let party = hall.party("ven-a").await;
    if points.is_empty() {
        return party;
    }
    let day = Duration::from_seconds(86_400);
    let name = ReportName::MetadataTelemetryUsage;
    let report = OadrReport::metadata(name, "usage", day, points.to_vec(), at(0));
    let register = OadrRegisterReport {
        schema_version: None,
        request_id: "m1".into(),
        oadr_report: vec![report],
        ven_id: Some(party.id.clone()),
        report_request_id: None,
    };
    let (reply, good) = party.openadr(hall, "EiReport", register.into()).await;
    assert!(good, "{reply:?}");
    let wanted = ReportWanted {
        specifier: "usage".into(),
        rids: Vec::new(),
        granularity: SignedDuration::from_mins(15),
        every: SignedDuration::from_mins(15),
        start: None,
        duration: SignedDuration::ZERO,
    };
    let request = hall.vtn.request_report(&party.id, wanted).await.unwrap();
    for _ in 0..2 {
        let poll = OadrPoll { schema_version: None, ven_id: party.id.clone() };
        party.openadr(hall, "OadrPoll", poll.into()).await;
    }
    let created = OadrCreatedReport {
        schema_version: None,
        ei_response: EiResponse::ok("x"),
        oadr_pending_reports: [request.id.as_str()].into_iter().collect(),
        ven_id: Some(party.id.clone()),
    };
    let (reply, good) = party.openadr(hall, "EiReport", created.into()).await;
    assert!(good, "{reply:?}");
    party
}

fn point(rid: &str, unit: &str, resource: &str) -> OadrReportDescription {
    let sampling = Sampling { shortest: minutes(1), longest: minutes(60), on_change: false };
    let unit = oadr_vtn::unit::parse(unit).unwrap();
    usage_description(rid, unit, EiTarget::resources([resource]), sampling)
}

fn at_row(rid: &str, minute: i64, value: &str) -> Row {
    Row::at(rid, at(minute), number(value))
}

fn minutes(n: u32) -> Duration {
    Duration::from_seconds(60 * n)
}

/// What the only delivery of an answer measures.
fn wh(answer: &EiCreatedDelivery) -> Decimal {
    assert_eq!(code(&answer.ei_response), OK, "{answer:?}");
    let delivery = Delivery::try_from(&answer.ei_delivery[0]).unwrap();
    let metered = &delivery.metered[0];
    let (quantity, _) = metered.quantity.unwrap();
    assert_eq!(quantity.unit, Unit::Wh);
    quantity.value
}
