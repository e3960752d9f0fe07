//! `vtn certificate …`: whose certificate ends when.

use axum::http::Method;
use clap::{Args, Subcommand};
use oadr_vtn::operator::client::Call;
use serde_json::Value;

use super::remote::Remote;
use super::{Done, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// All: the VTN's own, authorities, operators', VENs', the first to end first
    List,
    /// Those that have ended or end soon; one whose end is not known is not among them
    Expiring {
        /// How soon, in days
        #[arg(long, value_name = "DAYS", default_value = "30d", value_parser = days)]
        within: u32,
    },
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        let all = Call::new(Method::GET, &["certificates"]);
        let call = match self.what {
            What::List => all,
            What::Expiring { within } => all.ask("within", &within.to_string()),
        };
        let page = remote.pages(&call)?;
        if remote.json {
            show::json(&page);
            return Ok(());
        }
        let head = ["ENDS", "STATE", "HOLDER", "VEN", "NAME", "FINGERPRINT"];
        show::table(head, show::items(&page).iter().map(row));
        Ok(())
    }
}

fn row(one: &Value) -> [String; 6] {
    let at = |pointer| show::text(one, pointer);
    let renewed = one.pointer("/renewed") == Some(&Value::Bool(true));
    let state = if renewed { format!("{}, renewed", at("/state")) } else { at("/state") };
    [at("/not_after"), state, at("/holder"), at("/ven"), at("/name"), at("/fingerprint")]
}

/// Days, such as `30d` or `30`.
fn days(text: &str) -> Result<u32, String> {
    let number = text.strip_suffix('d').unwrap_or(text);
    number.parse().map_err(|_| format!("{text:?} is not a number of days, such as 30d"))
}
