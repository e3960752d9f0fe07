//! `vtn ven …`: who takes part.

mod import;
mod outbox;

use std::path::PathBuf;

use axum::http::Method;
use clap::{Args, Subcommand};
use oadr_certs::Fingerprint;
use oadr_vtn::operator::client::Call;
use serde_json::{Value, json};

use super::remote::Remote;
use super::{Done, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// All VENs
    List,
    /// One VEN in full
    Show { ven: String },
    /// What waits for a VEN, what it has not answered, what was given up
    Outbox { ven: String },
    /// Enrol a VEN by the fingerprint of its certificate
    Add {
        /// Ten bytes, AA:BB:…
        #[arg(long)]
        fingerprint: Fingerprint,
        /// A name for people
        #[arg(long)]
        name: Option<String>,
        /// Its venID; the VTN makes one if left out
        #[arg(long)]
        ven_id: Option<String>,
        /// A group it is in; may be repeated
        #[arg(long = "group")]
        groups: Vec<String>,
    },
    /// Enrol the VENs of a CSV file once every row fits; those that are there are brought up to date
    ///
    /// The first line names the columns: fingerprint, and if wanted ven_id, name, groups (several
    /// with `;` between). The same file again changes nothing.
    Import {
        file: PathBuf,
        /// Only tell what would be done
        #[arg(long)]
        check: bool,
    },
    /// Say yes to a VEN that waits (policy `approve`), or that was barred
    Approve { ven: String },
    /// End its registration: it is told by its next poll
    Remove {
        ven: String,
        /// Refuse it from now on, registered or not, until it is approved again
        #[arg(long)]
        bar: bool,
    },
    /// Set the groups it is in; none: take it out of all
    Groups { ven: String, groups: Vec<String> },
    /// Ask it to register again
    Reregister { ven: String },
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        let (answer, told) = match self.what {
            What::List => return list(remote),
            What::Show { ven } => {
                let one = remote.call(Call::new(Method::GET, &["vens", &ven]))?;
                show::json(&one);
                return Ok(());
            }
            What::Outbox { ven } => return outbox::run(remote, &ven),
            What::Add { fingerprint, name, ven_id, groups } => {
                let body = json!({
                    "fingerprint": fingerprint, "name": name, "ven_id": ven_id, "groups": groups,
                });
                (remote.call(Call::new(Method::POST, &["vens"]).body(body))?, "enrolled")
            }
            What::Import { file, check } => return import::run(remote, &file, check),
            What::Approve { ven } => {
                (remote.call(Call::new(Method::POST, &["vens", &ven, "approve"]))?, "approved")
            }
            What::Remove { ven, bar: false } => {
                (remote.call(Call::new(Method::DELETE, &["vens", &ven]))?, "registration ended")
            }
            What::Remove { ven, bar: true } => {
                (remote.call(Call::new(Method::POST, &["vens", &ven, "bar"]))?, "barred")
            }
            What::Groups { ven, groups } => {
                let put = Call::new(Method::PUT, &["vens", &ven, "groups"]);
                (remote.call(put.body(json!({ "groups": groups })))?, "groups set")
            }
            What::Reregister { ven } => (
                remote.call(Call::new(Method::POST, &["vens", &ven, "reregister"]))?,
                "asked to register again",
            ),
        };
        if remote.json {
            show::json(&answer);
        } else {
            show::say(format_args!("{}: {told}", show::text(&answer, "/id")));
        }
        Ok(())
    }
}

fn list(remote: &Remote) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["vens"]))?;
    if remote.json {
        show::json(&page);
        return Ok(());
    }
    let head = ["VEN", "NAME", "STANDING", "REGISTERED", "HEARD", "GROUPS", "FINGERPRINT"];
    show::table(head, show::items(&page).iter().map(row));
    Ok(())
}

fn row(ven: &Value) -> [String; 7] {
    let at = |pointer| show::text(ven, pointer);
    [
        at("/id"),
        at("/name"),
        at("/standing"),
        at("/registered"),
        at("/last_heard"),
        at("/groups"),
        at("/certificates/0/fingerprint"),
    ]
}
