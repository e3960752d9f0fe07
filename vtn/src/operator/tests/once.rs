//! Requests under a name of their caller's: repeated, they are done once.

use super::*;

fn create(key: &'static str, draft: &Value) -> Call {
    let call = Call::new(Method::POST, &["events"]).body(draft.clone());
    call.header("idempotency-key", Some(key))
}

fn nameless() -> Value {
    let mut draft = draft("e");
    draft["id"] = Value::Null;
    draft
}

#[tokio::test]
async fn a_repetition_gives_the_event_as_it_was_made_and_makes_no_other() {
    let house = House::open(Trust::Operators).await;
    let made = house.admin(create("k-1", &nameless())).await;
    let id = made["id"].as_str().unwrap().to_owned();
    let mut changed = nameless();
    changed["signals"][0]["intervals"][0]["value"] = json!("3");
    let put = Call::new(Method::PUT, &["events", &id]).body(json!({ "draft": changed }));
    assert_eq!(house.admin(put).await["version"], "1");
    // The header in its other form, the body in another layout: the same request.
    assert_eq!(house.admin(create("\"k-1\"", &nameless())).await, made);
    let mut layout = nameless();
    layout["priority"] = json!(0);
    layout.as_object_mut().unwrap().remove("id");
    assert_eq!(house.admin(create("k-1", &layout)).await, made);
    let events = || Call::new(Method::GET, &["events"]);
    assert_eq!(house.admin(events()).await["items"].as_array().unwrap().len(), 1);
    // Another operator's key of this name is another key.
    let others = house.call("operator", create("k-1", &nameless())).await.unwrap();
    assert_ne!(others["id"], made["id"]);
    assert_eq!(house.admin(events()).await["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn another_request_under_a_key_is_refused_and_changes_nothing() {
    let house = House::open(Trust::Operators).await;
    let mut wrong = draft("e");
    wrong["targets"] = json!({ "vens": ["nobody"] });
    assert_eq!(house.refused(create("k", &wrong)).await.rule, Some(21));
    // What was refused left the key free.
    house.admin(create("k", &draft("e"))).await;
    let other = house.refused(create("k", &draft("f"))).await;
    assert_eq!((other.status, other.code.as_str()), (422, "idempotency_key_reused"));
    assert_eq!(other.field.as_deref(), Some("Idempotency-Key"));
    assert_eq!(house.refused(Call::new(Method::GET, &["events", "f"])).await.status, 404);
    let of_template = Call::new(Method::POST, &["templates", "peak", "events"])
        .body(json!({ "start": "2026-06-01T13:00:00Z" }))
        .header("idempotency-key", Some("k"));
    assert_eq!(house.refused(of_template).await.code, "idempotency_key_reused");
    house.enrol("a", 1).await;
    let report = Call::new(Method::POST, &["vens", "a", "report-requests"])
        .body(json!({ "specifier": "METADATA" }))
        .header("idempotency-key", Some("k"));
    assert_eq!(house.refused(report).await.code, "idempotency_key_reused");
}

#[tokio::test]
async fn of_two_repetitions_at_once_both_get_the_one_event() {
    let house = House::open(Trust::Operators).await;
    let client = house.client("operator");
    for key in ["a", "b", "c", "d", "e", "f"] {
        let ask = || client.json(create(key, &nameless()));
        let (one, other) = tokio::join!(ask(), ask());
        assert_eq!(one.unwrap(), other.unwrap());
    }
    let events = house.admin(Call::new(Method::GET, &["events"])).await;
    assert_eq!(events["items"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let house = House::open(Trust::Operators).await;
    for key in ["", "\"\"", "a b", "\"a", "a\\b"] {
        let problem = house.refused(create(key, &nameless())).await;
        assert_eq!((problem.status, problem.field.as_deref()), (400, Some("Idempotency-Key")));
    }
    let description = house.call("viewer", Call::describe()).await.unwrap();
    let parameters = &description["paths"]["/api/v1/events"]["post"]["parameters"];
    assert_eq!(parameters[0]["name"], "Idempotency-Key");
    let events = house.admin(Call::new(Method::GET, &["events"])).await;
    assert_eq!(events["items"], json!([]));
}
