//! What is refused, and how well it is told.

use super::*;

#[tokio::test]
async fn an_unknown_field_is_refused_by_its_name() {
    let house = House::open(Trust::Operators).await;
    let mut body = draft("e");
    body["signals"][0]["intervals"][0]["valu"] = json!(1);
    let problem = house.refused(Call::new(Method::POST, &["events"]).body(body)).await;
    assert_eq!((problem.status, problem.code.as_str()), (422, "invalid"));
    assert_eq!(problem.field.as_deref(), Some("signals[0].intervals[0].valu"));
    let call = Call::new(Method::GET, &["events"]).ask("limt", "3");
    let problem = house.refused(call).await;
    assert_eq!((problem.status, problem.code.as_str()), (400, "bad_request"));
    assert!(problem.message.contains("limt"), "{}", problem.message);
}

#[tokio::test]
async fn a_broken_rule_is_told_by_its_number_and_leaves_nothing_behind() {
    let house = House::open(Trust::Operators).await;
    let mut body = draft("e");
    body["duration"] = json!("PT1H");
    let problem = house.refused(Call::new(Method::POST, &["events"]).body(body)).await;
    assert_eq!(problem.status, 422);
    assert!(problem.rule.is_some(), "{problem:?}");
    let mut body = draft("e");
    body["targets"] = json!({ "vens": ["nobody"] });
    let problem = house.refused(Call::new(Method::POST, &["events"]).body(body)).await;
    assert_eq!((problem.status, problem.rule), (422, Some(21)));
    assert_eq!(house.refused(Call::new(Method::GET, &["events", "e"])).await.status, 404);
}

#[tokio::test]
async fn bodies_too_long_or_of_another_kind_are_refused() {
    let house = House::open(Trust::Operators).await;
    let long = json!({ "dir": "x".repeat(9 * 1024) });
    let problem = house.refused(Call::new(Method::POST, &["backup"]).body(long)).await;
    assert_eq!((problem.status, problem.code.as_str()), (413, "too_large"));
    let none = Call::new(Method::POST, &["backup"]).header("content-type", None);
    let none = house.refused(none).await;
    assert_eq!((none.status, none.code.as_str()), (415, "media_type"));
    let relative = Call::new(Method::POST, &["backup"]).body(json!({ "dir": "x" }));
    let problem = house.refused(relative).await;
    assert_eq!((problem.status, problem.field.as_deref()), (422, Some("dir")));
}

#[tokio::test]
async fn paths_and_methods_that_are_not_there_say_so() {
    let house = House::open(Trust::Operators).await;
    assert_eq!(house.refused(Call::new(Method::GET, &["vans"])).await.code, "not_found");
    assert_eq!(house.refused(Call::new(Method::PATCH, &["vens"])).await.code, "method");
    let readings = Call::new(Method::GET, &["vens", "nobody", "readings"]);
    assert_eq!(house.refused(readings).await.code, "not_found");
}

#[tokio::test]
async fn a_fingerprint_is_taken_once() {
    let house = House::open(Trust::Operators).await;
    house.enrol("a", 1).await;
    let body = json!({ "fingerprint": "00:11:22:33:44:55:66:77:88:01" });
    let problem = house.refused(Call::new(Method::POST, &["vens"]).body(body)).await;
    assert_eq!((problem.status, problem.code.as_str()), (409, "conflict"));
    let body = json!({ "fingerprint": "00:11" });
    let problem = house.refused(Call::new(Method::POST, &["vens"]).body(body)).await;
    assert_eq!((problem.status, problem.field.as_deref()), (422, Some("fingerprint")));
}
