//! A hook that is a person at the terminal.

use std::io::{BufRead as _, Write as _};

use oadr_transport::net::BoxFuture;
use serde_json::{Value, json};

use super::{Hook, Told};

/// Whoever sits there.
pub struct Person;

impl Hook for Person {
    fn ask(&self, question: Value) -> BoxFuture<'_, Told> {
        Box::pin(async move {
            if question["do"] == "hello" {
                return Told::Ok(json!({ "subject": "in front of you", "clock": "own" }));
            }
            let asked = tokio::task::spawn_blocking(move || prompt(&question)).await;
            asked.unwrap_or_else(|error| Told::Failed(error.to_string()))
        })
    }
}

fn prompt(question: &Value) -> Told {
    let mut err = std::io::stderr().lock();
    let text = serde_json::to_string_pretty(question).unwrap_or_default();
    let asked = write!(
        err,
        "\nPlease do this at the subject (docs/hooks.md tells what it means):\n{text}\n\
         Then: Enter or a JSON object for done, `refused WHY`, `cannot WHY`, `failed WHY`\n> "
    );
    let mut line = String::new();
    let read = asked
        .and_then(|()| err.flush())
        .and_then(|()| std::io::stdin().lock().read_line(&mut line));
    match read {
        Ok(0) => Told::Cannot("nobody is at the terminal".to_owned()),
        Ok(_) => answer(line.trim()),
        Err(error) => Told::Failed(error.to_string()),
    }
}

fn answer(line: &str) -> Told {
    let (word, why) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "" => Told::done(),
        "refused" => Told::Refused(why.to_owned()),
        "cannot" => Told::Cannot(why.to_owned()),
        "failed" => Told::Failed(why.to_owned()),
        _ => match serde_json::from_str(line) {
            Ok(value) => Told::Ok(value),
            Err(error) => Told::Failed(format!("{line:?} is no answer: {error}")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_answer() {
        assert_eq!(answer(""), Told::done());
        assert_eq!(answer("cannot no such button"), Told::Cannot("no such button".into()));
        assert_eq!(answer(r#"{"event_id":"e"}"#), Told::Ok(json!({ "event_id": "e" })));
        assert!(matches!(answer("done"), Told::Failed(_)));
    }
}
