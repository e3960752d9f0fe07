//! A hook that is a person at the terminal.

use std::io::{BufRead as _, Write};

use oadr_transport::net::BoxFuture;
use serde_json::{Value, json};

use super::{Hook, Told};

/// Whoever sits there.
pub struct Person;

impl Hook for Person {
    fn ask(&self, question: Value) -> BoxFuture<'_, Told> {
        Box::pin(async move {
            if question["do"] == "hello" {
                return Told::Ok(json!({ "subject": "unnamed", "clock": "own" }));
            }
            let asked = tokio::task::spawn_blocking(move || {
                let mut read = || {
                    let mut line = String::new();
                    let bytes = std::io::stdin().lock().read_line(&mut line)?;
                    Ok((bytes > 0).then_some(line))
                };
                prompt(&question, &mut read, &mut std::io::stderr())
            });
            asked.await.unwrap_or_else(|error| Told::Failed(error.to_string()))
        })
    }

    fn is_person(&self) -> bool {
        true
    }
}

type Read<'a> = &'a mut dyn FnMut() -> std::io::Result<Option<String>>;

/// Asks until the answer is understood.
fn prompt(question: &Value, read: Read<'_>, out: &mut dyn Write) -> Told {
    let wanted = wanted(question["do"].as_str().unwrap_or_default());
    let text = serde_json::to_string_pretty(&shown(question)).unwrap_or_default();
    let done = match wanted {
        None => "Enter when it is done".to_owned(),
        Some(Wanted::Word(field)) => format!("the {field} when it is done"),
        Some(Wanted::Object(example)) => format!("what is there, as JSON: {example}"),
    };
    let mut told = format!(
        "\nPlease do this at the subject (docs/hooks.md tells what it means):\n{text}\n\
         Then answer: {done}; or `refused WHY`, `cannot WHY`, `failed WHY`\n"
    );
    loop {
        let asked = write!(out, "{told}> ").and_then(|()| out.flush());
        match asked.and_then(|()| read()) {
            Ok(None) => return Told::Cannot("nobody is at the terminal".to_owned()),
            Ok(Some(line)) => match answer(line.trim(), wanted) {
                Ok(answer) => return answer,
                Err(mend) => told = format!("{mend}\n"),
            },
            Err(error) => return Told::Failed(error.to_string()),
        }
    }
}

/// What of a question is there to be heeded: what is absent or empty is not.
fn shown(question: &Value) -> Value {
    let absent = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    match question {
        Value::Object(fields) => {
            let there = fields.iter().filter(|(_, value)| !absent(value));
            Value::Object(there.map(|(name, value)| (name.clone(), shown(value))).collect())
        }
        Value::Array(all) => Value::Array(all.iter().map(shown).collect()),
        other => other.clone(),
    }
}

/// What an answer must hold.
#[derive(Clone, Copy)]
enum Wanted {
    /// One field; its bare value will do.
    Word(&'static str),
    /// More than that, such as this.
    Object(&'static str),
}

fn wanted(question: &str) -> Option<Wanted> {
    Some(match question {
        "create_event" => Wanted::Word("event_id"),
        "request_report" => Wanted::Word("report_request_id"),
        "opt_schedule" => Wanted::Word("opt_id"),
        "opts" => Wanted::Object(r#"{"opts":[{"opt":"optIn"}]}"#),
        "schedules" => Wanted::Object(r#"{"schedules":[]}"#),
        "readings" => Wanted::Object(r#"{"readings":[]}"#),
        "tenders" => Wanted::Object(r#"{"tenders":[{"tender_id":"t","state":"open"}]}"#),
        "site" => Wanted::Object(r#"{"events":[],"in_force":[]}"#),
        _ => return None,
    })
}

/// What a line means.
///
/// # Errors
/// What to answer instead.
fn answer(line: &str, wanted: Option<Wanted>) -> Result<Told, String> {
    let (word, why) = line.split_once(' ').unwrap_or((line, ""));
    match (word, wanted) {
        ("refused", _) => Ok(Told::Refused(why.to_owned())),
        ("cannot", _) => Ok(Told::Cannot(why.to_owned())),
        ("failed", _) => Ok(Told::Failed(why.to_owned())),
        ("", None) => Ok(Told::done()),
        ("", Some(Wanted::Word(field))) => Err(format!("the {field} is needed")),
        ("", Some(Wanted::Object(example))) => Err(format!("it is needed, such as {example}")),
        _ => match (serde_json::from_str(line), wanted) {
            (Ok(value @ Value::Object(_)), _) => Ok(Told::Ok(value)),
            (_, Some(Wanted::Word(field))) if why.is_empty() && !line.starts_with('{') => {
                Ok(Told::Ok(json!({ field: line })))
            }
            _ => Err(format!("{line:?} is no answer: write a JSON object, or one of the words")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_answer() {
        let of = |line| answer(line, wanted("cancel_event"));
        assert_eq!(of(""), Ok(Told::done()));
        assert_eq!(of("cannot no such button"), Ok(Told::Cannot("no such button".into())));
        assert_eq!(of(r#"{"a":"e"}"#), Ok(Told::Ok(json!({ "a": "e" }))));
        assert!(of("done").is_err() && of("17").is_err());
    }

    #[test]
    fn an_id_may_be_answered_bare_but_not_left_out() {
        let of = |line| answer(line, wanted("create_event"));
        assert_eq!(of("event-7"), Ok(Told::Ok(json!({ "event_id": "event-7" }))));
        assert_eq!(of("17"), Ok(Told::Ok(json!({ "event_id": "17" }))));
        assert_eq!(of("").unwrap_err(), "the event_id is needed");
        assert!(of("{\"event_id\":").is_err());
        assert!(answer("", wanted("site")).is_err(), "nothing is no site without events");
    }

    #[test]
    fn what_is_not_understood_is_asked_again_and_what_is_absent_is_not_shown() {
        let mut lines = ["", "event-7"].map(String::from).into_iter();
        let mut read = || Ok(lines.next());
        let mut out = Vec::new();
        let question =
            json!({ "do": "create_event", "event": { "id": null, "vens": ["v"], "x": [] } });
        let told = prompt(&question, &mut read, &mut out);
        assert_eq!(told, Told::Ok(json!({ "event_id": "event-7" })));
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("the event_id when it is done; or") && out.contains("is needed\n> "));
        assert!(
            out.contains("\"vens\"") && !out.contains("\"id\"") && !out.contains("\"x\""),
            "{out}"
        );
        assert!(matches!(prompt(&question, &mut || Ok(None), &mut Vec::new()), Told::Cannot(_)));
    }
}
