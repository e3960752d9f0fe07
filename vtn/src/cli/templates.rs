//! `vtn template …`: events that are written before it is known when.

use std::path::PathBuf;

use axum::http::Method;
use clap::{Args, Subcommand};
use oadr_vtn::operator::client::Call;
use serde_json::Value;

use super::content::{CONTENT, Content};
use super::remote::Remote;
use super::{Done, Failure, files, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// All templates
    List,
    /// One template in full
    Show { template: String },
    /// Make a template, by options or out of a file, or replace all it says
    Put(Box<Put>),
    /// Forget a template; events made of it stay
    Remove { template: String },
}

#[derive(Args)]
struct Put {
    template: String,
    /// All it says as JSON, as `vtn template show` prints it under `draft`; `-` is stdin
    #[arg(long, conflicts_with = CONTENT)]
    file: Option<PathBuf>,
    #[command(flatten)]
    content: Content,
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        let at = |method, template: &str| Call::new(method, &["templates", template]);
        let (call, told) = match self.what {
            What::List => return list(remote),
            What::Show { template } => {
                show::json(&remote.call(at(Method::GET, &template))?);
                return Ok(());
            }
            What::Put(put) => {
                let call = at(Method::PUT, &put.template);
                (call.body(put.body(remote)?), "saved")
            }
            What::Remove { template } => (at(Method::DELETE, &template), "removed"),
        };
        show::done(remote, &remote.call(call)?, ("/name", told))
    }
}

impl Put {
    fn body(self, remote: &Remote) -> Result<Value, Failure> {
        match &self.file {
            Some(file) => files::json(file),
            None => serde_json::to_value(self.content.draft(remote)?).map_err(Failure::wrong),
        }
    }
}

fn list(remote: &Remote) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["templates"]))?;
    if remote.json {
        show::json(&page);
        return Ok(());
    }
    let head = ["TEMPLATE", "PROGRAMME", "DURATION", "SIGNALS", "FOR", "COMMENT"];
    show::table(head, show::items(&page).iter().map(row));
    Ok(())
}

fn row(template: &Value) -> [String; 6] {
    let at = |pointer| show::text(template, pointer);
    [
        at("/name"),
        at("/draft/market_context"),
        at("/draft/duration"),
        show::signals(template),
        show::whom(template, "/draft/targets"),
        at("/draft/comment"),
    ]
}
