//! `vtn programme …`: programmes, by their market contexts.

use std::path::PathBuf;

use axum::http::Method;
use clap::{Args, Subcommand};
use jiff::SignedDuration;
use oadr_vtn::operator::client::Call;
use oadr_vtn::record::{ProgrammeDraft, Targets};
use serde_json::Value;

use super::remote::Remote;
use super::{Done, Failure, files, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// All programmes
    List,
    /// One programme in full
    Show {
        /// Its market context, a URI
        programme: String,
    },
    /// Make a programme, or replace all it says; events that are there stay as they are
    Put(Box<Put>),
    /// Forget a programme that no event needs
    Remove { programme: String },
}

#[derive(Args)]
struct Put {
    /// Its market context, a URI such as urn:programme:1
    programme: String,
    /// All it says as JSON, as `vtn programme show` prints it under `draft`; `-` is stdin
    #[arg(long, conflicts_with = "name")]
    file: Option<PathBuf>,
    /// A name for people
    #[arg(long, required_unless_present = "file")]
    name: Option<String>,
    /// The priority of its events that have none; 1 is the highest, 0 is none
    #[arg(long, default_value_t = 0, requires = "name")]
    priority: u32,
    /// A VEN that is enrolled; may be repeated
    #[arg(long = "ven", requires = "name")]
    vens: Vec<String>,
    /// A group that is enrolled, whoever is in it; may be repeated
    #[arg(long = "group", requires = "name")]
    groups: Vec<String>,
    /// Every VEN is enrolled
    #[arg(long, requires = "name")]
    all: bool,
    /// A resource at those VENs; may be repeated
    #[arg(long = "resource", requires = "name")]
    resources: Vec<String>,
    /// A signal its events may have, such as SIMPLE; may be repeated; any if left out
    #[arg(long = "signal", requires = "name")]
    signals: Vec<String>,
    /// How long before the start VENs are to know of its events that do not say
    #[arg(long, default_value = "PT0S", requires = "name")]
    notification: SignedDuration,
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        let at = |method, programme: &str| Call::new(method, &["programmes", programme]);
        let (call, told) = match self.what {
            What::List => return list(remote),
            What::Show { programme } => {
                show::json(&remote.call(at(Method::GET, &programme))?);
                return Ok(());
            }
            What::Put(put) => (at(Method::PUT, &put.programme).body(put.body()?), "saved"),
            What::Remove { programme } => (at(Method::DELETE, &programme), "removed"),
        };
        show::done(remote, &remote.call(call)?, ("/market_context", told))
    }
}

impl Put {
    fn body(&self) -> Result<Value, Failure> {
        if let Some(file) = &self.file {
            return files::json(file);
        }
        let (vens, groups) = (self.vens.clone(), self.groups.clone());
        let members = Targets { all: self.all, vens, groups, resources: self.resources.clone() };
        let draft = ProgrammeDraft {
            name: self.name.clone().unwrap_or_default(),
            priority: self.priority,
            members,
            signals: self.signals.clone(),
            notification: self.notification,
        };
        serde_json::to_value(draft).map_err(Failure::wrong)
    }
}

fn list(remote: &Remote) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["programmes"]))?;
    if remote.json {
        show::json(&page);
        return Ok(());
    }
    let head = ["PROGRAMME", "NAME", "PRIORITY", "NOTIFICATION", "SIGNALS", "FOR"];
    show::table(head, show::items(&page).iter().map(row));
    Ok(())
}

fn row(programme: &Value) -> [String; 6] {
    let at = |pointer| show::text(programme, pointer);
    [
        at("/market_context"),
        at("/draft/name"),
        at("/draft/priority"),
        at("/draft/notification"),
        at("/draft/signals"),
        show::whom(programme, "/draft/members"),
    ]
}
