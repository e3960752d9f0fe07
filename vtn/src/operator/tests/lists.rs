//! What is made can be read, in pages, by several at once.

use super::*;

#[tokio::test]
async fn vens_come_in_pages_without_gap_or_overlap() {
    let house = House::open(Trust::Operators).await;
    for (at, ven) in ["a", "b", "c/d", "e", "f"].iter().enumerate() {
        house.enrol(ven, u8::try_from(at).unwrap()).await;
    }
    let (mut seen, mut after) = (Vec::new(), None::<String>);
    loop {
        let mut call = Call::new(Method::GET, &["vens"]).ask("limit", "2");
        if let Some(after) = &after {
            call = call.ask("after", after);
        }
        let page = house.call("viewer", call).await.unwrap();
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|ven| ven["id"].as_str().unwrap().to_owned()));
        after = page["next"].as_str().map(str::to_owned);
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["a", "b", "c/d", "e", "f"]);
    let one = house.admin(Call::new(Method::GET, &["vens", "c/d"])).await;
    assert_eq!((&one["id"], &one["registered"]), (&json!("c/d"), &json!(false)));
}

#[tokio::test]
async fn an_event_lives_from_its_making_to_its_cancelling() {
    let house = House::open(Trust::Operators).await;
    house.enrol("a", 1).await;
    let made = house.admin(Call::new(Method::POST, &["events"]).body(draft("e"))).await;
    assert_eq!((&made["status"], &made["modification"]), (&json!("far"), &json!(0)));
    let mut changed = draft("e");
    changed["signals"][0]["intervals"][0]["value"] = json!("3");
    let body = json!({ "draft": changed, "reason": "more" });
    let put = house.admin(Call::new(Method::PUT, &["events", "e"]).body(body)).await;
    assert_eq!((&put["modification"], &put["reason"]), (&json!(1), &json!("more")));
    let answers = house.admin(Call::new(Method::GET, &["events", "e", "answers"])).await;
    assert_eq!(answers["items"][0]["ven"], "a");
    assert_eq!(answers["items"][0]["answered"], false);
    let cancelled = house.admin(Call::new(Method::DELETE, &["events", "e"])).await;
    assert_eq!(cancelled["status"], "cancelled");
    let outbox = house.admin(Call::new(Method::GET, &["vens", "a", "outbox"])).await;
    assert!(outbox["waiting"].is_array(), "{outbox}");
}

#[tokio::test]
async fn of_two_who_make_the_same_event_one_does() {
    let house = House::open(Trust::Operators).await;
    let (one, other) = (house.client("operator"), house.client("administrator"));
    let call = || Call::new(Method::POST, &["events"]).body(draft("same"));
    let (one, other) = tokio::join!(one.json(call()), other.json(call()));
    let refused = [one, other].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    let [CallError::Refused(problem)] = refused.as_slice() else { panic!("{refused:?}") };
    assert_eq!(problem.code, "conflict");
}

#[tokio::test]
async fn the_status_tells_certificates_and_counters_and_the_description_is_there() {
    let house = House::open(Trust::Operators).await;
    let status = house.call("viewer", Call::new(Method::GET, &["status"])).await.unwrap();
    assert_eq!(status["vtn_id"], "vtn");
    let print = house.running.certificates()[0].fingerprint().to_string();
    assert_eq!(status["certificates"][0]["fingerprint"], print);
    assert_eq!(status["counters"]["requests"], 0);
    let description = house.call("viewer", Call::describe()).await.unwrap();
    assert_eq!(description["openapi"], "3.1.0");
    assert!(description["paths"]["/api/v1/events"]["post"].is_object());
}

#[tokio::test]
async fn readings_of_nothing_are_an_empty_page_and_a_csv_head() {
    let house = House::open(Trust::Operators).await;
    house.enrol("a", 1).await;
    let call = || Call::new(Method::GET, &["vens", "a", "readings"]);
    assert_eq!(house.admin(call()).await, json!({ "items": [], "next": null }));
    let csv = house.client("operator").bytes(call().csv()).await.unwrap();
    assert_eq!(&csv[..], b"rid,kind,start,duration,value,unit,quality\r\n");
    let turned = call().ask("from", "2026-06-02T00:00:00Z").ask("to", "2026-06-01T00:00:00Z");
    assert_eq!(house.refused(turned).await.field.as_deref(), Some("from"));
}

#[tokio::test]
async fn availability_is_told_for_an_instant_or_now() {
    let house = House::open(Trust::Operators).await;
    house.enrol("a", 1).await;
    let ask = || Call::new(Method::GET, &["vens", "a", "availability"]);
    let now = house.call("viewer", ask()).await.unwrap();
    assert_eq!(now["at"], "2026-06-01T12:00:00Z");
    let nothing = json!([{ "resource": null, "opt": null, "by": [] }]);
    assert_eq!(now["resources"], nothing);
    let then = ask().ask("at", "2026-06-02T12:00:00Z").ask("market_context", "urn:p");
    let then = house.call("viewer", then).await.unwrap();
    assert_eq!(
        (&then["at"], &then["market_context"]),
        (&json!("2026-06-02T12:00:00Z"), &json!("urn:p"))
    );
    assert_eq!(house.refused(ask().ask("at", "noon")).await.status, 400);
    let nobody = Call::new(Method::GET, &["vens", "b", "availability"]);
    assert_eq!(house.refused(nobody).await.status, 404);
}

#[tokio::test]
async fn green_button_feeds_are_for_who_works_with_meter_data() {
    let house = House::open(Trust::Operators).await;
    house.enrol("a", 1).await;
    let list = || Call::new(Method::GET, &["vens", "a", "green-button"]);
    assert_eq!(house.call("operator", list()).await.unwrap(), json!({ "items": [], "next": null }));
    assert_eq!(refusal(house.call("viewer", list()).await).code, "role");
    let none = Call::new(Method::GET, &["vens", "a", "green-button", "urn:uuid:1"]);
    assert_eq!(house.refused(none).await.status, 404);
}

#[tokio::test]
async fn a_viewer_is_told_why() {
    let house = House::open(Trust::Operators).await;
    house.enrol("a", 1).await;
    house.admin(Call::new(Method::POST, &["events"]).body(draft("e"))).await;
    let ask = |ven: &str| Call::new(Method::GET, &["explain"]).ask("ven", ven);
    let told = house.call("viewer", ask("a").ask("event", "e")).await.unwrap();
    assert_eq!((&told["ven"], &told["event"]), (&json!("a"), &json!("e")));
    let verdict = told["verdict"].as_str().unwrap();
    assert!(verdict.starts_with("a has not got event e: no message ever came"), "{verdict}");
    let findings = told["findings"].as_array().unwrap();
    let never = findings.iter().find(|one| one["code"] == "never_connected").unwrap();
    assert_eq!((&never["weight"], &never["since"]), (&json!("stops"), &told["at"]));
    let none = house.call("viewer", ask("nobody")).await.unwrap();
    assert_eq!(
        (&none["event"], &none["findings"][0]["code"]),
        (&json!(null), &json!("ven_unknown"))
    );
    let problem = house.refused(Call::new(Method::GET, &["explain"])).await;
    assert_eq!((problem.status, problem.code.as_str()), (400, "bad_request"));
    assert!(problem.message.contains("ven"), "{}", problem.message);
}
