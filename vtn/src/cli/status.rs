//! `vtn status`: how the VTN is.

use axum::http::Method;
use clap::Args;
use oadr_vtn::operator::client::Call;
use serde_json::{Value, json};

use super::remote::Remote;
use super::{Done, show};

#[derive(Args)]
pub struct Status {
    /// Only say whether VENs are served: exit code 1 if the store cannot be written or the VTN is
    /// ending
    #[arg(long)]
    ready: bool,
}

impl Status {
    pub fn run(self, remote: &Remote) -> Done {
        if self.ready {
            return ready(remote);
        }
        let status = remote.call(Call::new(Method::GET, &["status"]))?;
        if remote.json {
            show::json(&status);
            return Ok(());
        }
        let at = |pointer| show::text(&status, pointer);
        show::say(format_args!("VTN {} (vtn {})", at("/vtn_id"), at("/version")));
        show::say(format_args!("  now       {}, running since {}", at("/now"), at("/started")));
        show::say(format_args!("  policy    {}, polls every {}", at("/policy"), at("/poll_every")));
        show::say(format_args!("  store     {}", at("/store")));
        if let Some(head) = status.pointer("/audit/head/hash") {
            let hash = show::text(head, "");
            show::say(format_args!(
                "  audit     {} up to line {}, {hash}",
                at("/audit/dir"),
                at("/audit/head/seq")
            ));
        }
        if status.pointer("/audit/failing").is_some_and(Value::is_string) {
            show::say(format_args!("  audit     NOT WRITTEN: {}", at("/audit/failing")));
        }
        let certificates = status.pointer("/certificates").and_then(Value::as_array);
        for one in certificates.into_iter().flatten() {
            let soon = one.pointer("/expires_soon") == Some(&Value::Bool(true));
            let mark = if soon { "  RENEW IT" } else { "" };
            let of = |pointer| show::text(one, pointer);
            show::say(format_args!(
                "  certificate {} until {}{mark}",
                of("/fingerprint"),
                of("/not_after")
            ));
        }
        let counters = status.pointer("/counters").and_then(Value::as_object);
        for (name, count) in counters.into_iter().flatten() {
            show::say(format_args!("  {name:<10} {count}"));
        }
        Ok(())
    }
}

fn ready(remote: &Remote) -> Done {
    let text = remote.text(Call::ready())?;
    if remote.json {
        show::json(&json!({ "ready": true }));
    } else {
        show::say(text.trim_end());
    }
    Ok(())
}
