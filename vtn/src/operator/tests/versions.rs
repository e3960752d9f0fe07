//! Versions of an event: who changes it on what they read overwrites nobody (RFC 9110, 13.1.1).

use super::*;
use crate::operator::routes::ROUTES;
use crate::record::Version;

const E: &[&str] = &["events", "e"];

/// Another content than [`draft`] for the event `e`.
fn worth(value: &str) -> Call {
    let mut changed = draft("e");
    changed["signals"][0]["intervals"][0]["value"] = json!(value);
    Call::new(Method::PUT, E).body(json!({ "draft": changed }))
}

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

impl House {
    /// Calls as operator; the ETag and the body.
    async fn tagged(&self, call: Call) -> (Option<String>, Value) {
        let (head, body) = self.client("operator").whole(call).await.unwrap();
        let tag = head.headers.get("etag").map(|tag| tag.to_str().unwrap().to_owned());
        (tag, serde_json::from_slice(&body).unwrap())
    }
}

#[tokio::test]
async fn what_gives_an_event_tells_its_version() {
    let house = House::open(Trust::Operators).await;
    let steps = [
        (Call::new(Method::POST, &["events"]).body(draft("e")), "0"),
        (worth("3").if_match(version("0")), "1"),
        (Call::new(Method::GET, E), "1"),
        (Call::new(Method::DELETE, E).if_match(version("1")), "2c"),
        (Call::new(Method::GET, E), "2c"),
    ];
    for (call, wanted) in steps {
        let (tag, event) = house.tagged(call).await;
        assert_eq!((tag, &event["version"]), (Some(format!("\"{wanted}\"")), &json!(wanted)));
    }
    let (none, list) = house.tagged(Call::new(Method::GET, &["events"])).await;
    assert_eq!((none, &list["items"][0]["version"]), (None, &json!("2c")));
}

#[tokio::test]
async fn a_change_of_a_version_that_stands_no_longer_changes_nothing() {
    let house = House::open(Trust::Operators).await;
    house.admin(Call::new(Method::POST, &["events"]).body(draft("e"))).await;
    house.admin(worth("3")).await;
    let outdated = async |call: Call, stands: &str| {
        let problem = house.refused(call).await;
        assert_eq!((problem.status, problem.code.as_str()), (412, "precondition"));
        assert_eq!(problem.stands.as_deref(), Some(stands));
        assert_eq!(problem.field.as_deref(), Some("If-Match"));
    };
    outdated(worth("1").if_match(version("0")), "1").await;
    // What would change nothing, too: the caller has not read what it would agree to.
    outdated(worth("3").if_match(version("0")), "1").await;
    outdated(worth("1").header("if-match", Some("W/\"1\"")), "1").await;
    outdated(Call::new(Method::DELETE, E).if_match(version("0")), "1").await;
    let event = house.admin(Call::new(Method::GET, E)).await;
    assert_eq!((&event["version"], &event["cancelled"]), (&json!("1"), &Value::Null));
    assert_eq!(event["draft"]["signals"][0]["intervals"][0]["value"], "3");
    // Cancelled twice is cancelled once, but not for who has not read that it is.
    house.admin(Call::new(Method::DELETE, E)).await;
    for before in ["1", "2"] {
        outdated(Call::new(Method::DELETE, E).if_match(version(before)), "2c").await;
    }
    let again = house.admin(Call::new(Method::DELETE, E).if_match(version("2c"))).await;
    assert_eq!(again["version"], "2c");
}

#[tokio::test]
async fn any_of_several_versions_will_do_or_whichever_stands() {
    let house = House::open(Trust::Operators).await;
    house.admin(Call::new(Method::POST, &["events"]).body(draft("e"))).await;
    let several = worth("3").header("if-match", Some("\"7\", \"0\""));
    assert_eq!(house.admin(several).await["version"], "1");
    let whichever = worth("1").header("if-match", Some("*"));
    assert_eq!(house.admin(whichever).await["version"], "2");
    let nobody = Call::new(Method::DELETE, &["events", "f"]).if_match(version("0"));
    assert_eq!(house.refused(nobody).await.code, "not_found");
}

#[tokio::test]
async fn of_two_changes_of_one_version_one_is_made() {
    let house = House::open(Trust::Operators).await;
    house.admin(Call::new(Method::POST, &["events"]).body(draft("e"))).await;
    let (one, other) = (house.client("operator"), house.client("administrator"));
    for round in 0..8 {
        let read = version(&(2 * round).to_string());
        let change = |value: &str| worth(value).if_match(read);
        let made = tokio::join!(one.json(change("1")), other.json(change("3")));
        let (won, lost, value) = match made {
            (Ok(won), Err(lost)) => (won, lost, "1"),
            (Err(lost), Ok(won)) => (won, lost, "3"),
            both => panic!("not one of the two: {both:?}"),
        };
        let problem = refusal(Err(lost));
        assert_eq!(problem.code, "precondition");
        assert_eq!(won["version"], (2 * round + 1).to_string());
        assert_eq!(problem.stands.as_deref(), won["version"].as_str());
        let stands = house.admin(Call::new(Method::GET, E)).await;
        assert_eq!(stands, won);
        assert_eq!(stands["draft"]["signals"][0]["intervals"][0]["value"], value);
        // So that the next round's changes are changes.
        house.admin(worth("2")).await;
    }
}

#[tokio::test]
async fn if_match_is_read_where_it_is_taken_and_refused_elsewhere() {
    let house = House::open(Trust::Operators).await;
    let mut taken = Vec::new();
    for route in ROUTES.iter().filter(|route| route.method != "get") {
        let path = route.path.trim_start_matches("/api/v1/");
        let segments: Vec<&str> =
            path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
        let call = Call::new(route.method.to_uppercase().parse().unwrap(), &segments);
        let problem = house.refused(call.body(json!({})).header("if-match", Some("3"))).await;
        assert_eq!((problem.status, problem.field.as_deref()), (400, Some("If-Match")));
        if problem.message.contains("double quotes") {
            taken.push(route.id);
        }
    }
    assert_eq!(taken, ["modify_event", "cancel_event"]);
    let description = house.call("viewer", Call::describe()).await.unwrap();
    let of = |method: &str| &description["paths"]["/api/v1/events/{event}"][method];
    let parameters = of("put")["parameters"].as_array().unwrap();
    assert!(parameters.iter().any(|one| one["in"] == "header" && one["name"] == "If-Match"));
    assert!(of("get")["responses"]["200"]["headers"]["ETag"]["schema"].is_object());
    assert_eq!(of("get")["parameters"].as_array().unwrap().len(), 1);
}
