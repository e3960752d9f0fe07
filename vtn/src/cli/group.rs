//! `vtn group …`: groups of VENs.

use axum::http::Method;
use clap::{Args, Subcommand};
use oadr_vtn::operator::client::Call;
use serde_json::json;

use super::remote::Remote;
use super::{Done, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// All groups
    List,
    /// A group and its VENs
    Show { group: String },
    /// Make a group, or say its name anew; its VENs stay
    Put {
        group: String,
        /// A name for people
        #[arg(long)]
        name: Option<String>,
    },
    /// Let VENs enter a group; events for it follow
    Add {
        group: String,
        #[arg(required = true)]
        vens: Vec<String>,
    },
    /// Let VENs leave a group; events for it are taken from them
    Drop {
        group: String,
        #[arg(required = true)]
        vens: Vec<String>,
    },
    /// Forget a group that has no VENs and that nothing names
    Remove { group: String },
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        let (call, told) = match self.what {
            What::List => return list(remote),
            What::Show { group } => return one(remote, &group),
            What::Put { group, name } => {
                let body = json!({ "name": name });
                (Call::new(Method::PUT, &["groups", &group]).body(body), "saved")
            }
            What::Add { group, vens } => (members(&group).body(json!({ "add": vens })), "entered"),
            What::Drop { group, vens } => (members(&group).body(json!({ "remove": vens })), "left"),
            What::Remove { group } => (Call::new(Method::DELETE, &["groups", &group]), "removed"),
        };
        show::done(remote, &remote.call(call)?, ("/id", told))
    }
}

fn members(group: &str) -> Call {
    Call::new(Method::POST, &["groups", group, "members"])
}

fn list(remote: &Remote) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["groups"]))?;
    if remote.json {
        show::json(&page);
        return Ok(());
    }
    let row = |one| ["/id", "/name"].map(|at| show::text(one, at));
    show::table(["GROUP", "NAME"], show::items(&page).iter().map(row));
    Ok(())
}

fn one(remote: &Remote, group: &str) -> Done {
    let mut told = remote.call(Call::new(Method::GET, &["groups", group]))?;
    let page = remote.pages(&Call::new(Method::GET, &["groups", group, "members"]))?;
    told["vens"] = show::items(&page).iter().map(|one| one["ven"].clone()).collect();
    show::json(&told);
    Ok(())
}
