//! What people and scripts are shown: tables, JSON, complaints.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use oadr_vtn::operator::client::CallError;
use serde_json::{Value, json};

use super::remote::Remote;
use super::{Done, Failure};

/// Prints a line; a reader that went away (`| head`) is no error.
pub fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// Prints JSON: indented for a terminal, on one line for a script.
pub fn json(value: &Value) {
    let pretty = io::stdout().is_terminal();
    say(if pretty { format!("{value:#}") } else { value.to_string() });
}

/// Prints what went wrong: a sentence, or with `--json` the VTN's own words and their parts.
pub fn complain(failure: &Failure, json: bool) {
    let line = match failure {
        Failure::Refused(CallError::Refused(problem)) if json => json!(problem).to_string(),
        _ if json => json!({ "code": failure.word(), "message": failure.to_string() }).to_string(),
        _ => format!("vtn: {failure}"),
    };
    let _ = writeln!(io::stderr(), "{line}");
}

/// A table of text for people; `rows` are shown as they are, control characters excepted.
pub fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
    let rows: Vec<[String; N]> = rows.into_iter().map(|row| row.map(plain)).collect();
    if rows.is_empty() {
        return say("none");
    }
    let widths: [usize; N] = std::array::from_fn(|at| {
        let cells = rows.iter().map(|row| row[at].chars().count());
        cells.chain([head[at].len()]).max().unwrap_or(0)
    });
    say(line(&head.map(str::to_owned), &widths));
    rows.iter().for_each(|row| say(line(row, &widths)));
}

/// A member of an object as text: strings as they are, absent ones as `-`.
pub fn text(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if items.is_empty() => "-".to_owned(),
        Some(Value::Array(items)) => {
            let each = items.iter().map(|item| text(item, ""));
            each.collect::<Vec<_>>().join(",")
        }
        Some(Value::Bool(is)) => if *is { "yes" } else { "no" }.to_owned(),
        Some(other) => other.to_string(),
    }
}

/// What was done with something: its answer with `--json`, else a line with its name.
pub fn done(remote: &Remote, answer: &Value, (name, told): (&str, &str)) -> Done {
    if remote.json {
        json(answer);
    } else {
        say(format_args!("{}: {told}", text(answer, name)));
    }
    Ok(())
}

/// Whom something is for, out of its targets: `all`, or VENs and groups.
pub fn whom(value: &Value, targets: &str) -> String {
    let at = |name| text(value, &format!("{targets}/{name}"));
    match at("all").as_str() {
        "yes" => "all".to_owned(),
        _ => [at("vens"), at("groups")].join(" ").replace("- ", "").replace(" -", ""),
    }
}

/// The names of the signals of a draft.
pub fn signals(value: &Value) -> String {
    let signals = value.pointer("/draft/signals").and_then(Value::as_array);
    let names = signals.into_iter().flatten().map(|signal| text(signal, "/name"));
    names.collect::<Vec<_>>().join(",")
}

/// The items of a page.
pub fn items(page: &Value) -> &[Value] {
    page.pointer("/items").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Text of a peer's, for people: without what could move a terminal's cursor.
pub fn plain(text: String) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn line<const N: usize>(cells: &[String; N], widths: &[usize; N]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}
