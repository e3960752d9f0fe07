//! `vtn explain`: why a VEN did or did not get, answer or follow an event.

use axum::http::Method;
use clap::Args;
use jiff::Timestamp;
use oadr_vtn::operator::client::Call;
use serde_json::Value;

use super::remote::Remote;
use super::{Done, show};

/// Tell why a VEN did or did not get, answer or follow an event
///
/// The first line is the verdict. Then link by link, from the VEN's certificate to its meters:
/// `ok` as it should be, `!` may be why something goes wrong, `NO` the chain ends here; and what
/// to do (`->`). What was heard is known since the VTN was started.
#[derive(Args)]
pub struct Explain {
    /// Its venID, or the fingerprint of its certificate
    #[arg(long)]
    ven: String,
    /// The event (eventID); left out: whether events would reach the VEN
    #[arg(long)]
    event: Option<String>,
}

impl Explain {
    pub fn run(self, remote: &Remote) -> Done {
        let mut call = Call::new(Method::GET, &["explain"]).ask("ven", &self.ven);
        if let Some(event) = &self.event {
            call = call.ask("event", event);
        }
        let told = remote.call(call)?;
        if remote.json {
            show::json(&told);
        } else {
            story(&told).into_iter().for_each(|line| show::say(show::plain(line)));
        }
        Ok(())
    }
}

/// The verdict, then a line or more for each finding.
fn story(told: &Value) -> Vec<String> {
    let mut lines = vec![show::text(told, "/verdict"), String::new()];
    let findings = told.pointer("/findings").and_then(Value::as_array);
    for finding in findings.into_iter().flatten() {
        let of = |pointer| show::text(finding, pointer);
        let mark = match of("/weight").as_str() {
            "stops" => "NO",
            "hinders" => "! ",
            _ => "ok",
        };
        let text = of("/text");
        let since = finding.pointer("/since").and_then(Value::as_str);
        let since = since.and_then(|at| at.parse::<Timestamp>().ok()).map(|at| format!("{at:.0}"));
        let since = since.filter(|since| !text.contains(since));
        let since = since.map(|since| format!(" (since {since})")).unwrap_or_default();
        lines.push(format!("  {mark} {text}{since}"));
        if finding.pointer("/mend").is_some_and(Value::is_string) {
            lines.push(format!("     -> {}", of("/mend")));
        }
    }
    lines
}
