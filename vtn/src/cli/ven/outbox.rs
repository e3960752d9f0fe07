//! `vtn ven outbox`: what waits for a VEN.

use axum::http::Method;
use oadr_vtn::operator::client::Call;
use serde_json::Value;

use super::super::remote::Remote;
use super::super::{Done, show};

/// Shows it, and why it does not arrive if it does not.
///
/// # Errors
/// Those of the call.
pub fn run(remote: &Remote, ven: &str) -> Done {
    let state = remote.call(Call::new(Method::GET, &["vens", ven, "outbox"]))?;
    if remote.json {
        show::json(&state);
        return Ok(());
    }
    if let Some(trouble) = state["push_trouble"].as_object().map(|_| &state["push_trouble"]) {
        let [since, failures, at, why] =
            ["/since", "/failures", "/at", "/why"].map(|pointer| show::text(trouble, pointer));
        show::say(format_args!(
            "{ven} cannot be reached since {since}: {failures} attempts, the last at {at}: {why}"
        ));
    }
    if state["events"].is_object() {
        let at = show::text(&state, "/events/at");
        show::say(format_args!("its events are offered from {at} on"));
    }
    let waiting = list(&state, "waiting").map(|one| row("waits", one, "-".to_owned()));
    let unanswered = list(&state, "unanswered")
        .map(|pair| row("unanswered", &pair[1], format!("again at {}", show::text(pair, "/0"))));
    let given_up = list(&state, "given_up").map(|one| {
        let [at, why] = ["/at", "/why"].map(|pointer| show::text(one, pointer));
        row("given up", &one["entry"], format!("at {at}: {why}"))
    });
    let head = ["STATE", "PAYLOAD", "QUEUED", "TRIES", "NOTE"];
    show::table(head, waiting.chain(unanswered).chain(given_up));
    Ok(())
}

fn list<'a>(state: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    state[key].as_array().into_iter().flatten()
}

fn row(state: &str, entry: &Value, note: String) -> [String; 5] {
    // A payload is a word, or an object of one key.
    let item = &entry["item"];
    let name = item.as_str().or_else(|| item.as_object()?.keys().next().map(String::as_str));
    let name = name.unwrap_or_default().replace('_', " ");
    let [queued, tries] = ["/queued", "/tries"].map(|pointer| show::text(entry, pointer));
    [state.to_owned(), name, queued, tries, note]
}
