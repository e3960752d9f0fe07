//! `vtn holidays …`: lists of days on which series have no events.

mod days;

use std::path::PathBuf;

use axum::http::Method;
use clap::{Args, Subcommand};
use oadr_vtn::operator::client::Call;
use oadr_vtn::record::HolidaysDraft;
use serde_json::json;

use super::remote::Remote;
use super::{Done, Failure, files, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// All lists
    List,
    /// One list, its days
    Show { list: String },
    /// Make a list out of a file, or replace it; series that name it follow
    ///
    /// The file has a day such as 2026-12-25 on each line, what follows `#` is a comment; or it is
    /// an iCalendar file (.ics), whose whole-day events are the days.
    Put {
        list: String,
        /// `-` is stdin
        file: PathBuf,
    },
    /// Forget a list that no series needs
    Remove { list: String },
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        let at = |method, list: &str| Call::new(method, &["holidays", list]);
        let (call, told) = match self.what {
            What::List => return all(remote),
            What::Show { list } => {
                show::json(&remote.call(at(Method::GET, &list))?);
                return Ok(());
            }
            What::Put { list, file } => {
                let dates = days::read(&files::text(&file)?)
                    .map_err(|what| Failure::wrong(format!("{}: {what}", file.display())))?;
                (at(Method::PUT, &list).body(json!(HolidaysDraft { dates })), "saved")
            }
            What::Remove { list } => (at(Method::DELETE, &list), "removed"),
        };
        show::done(remote, &remote.call(call)?, ("/name", told))
    }
}

fn all(remote: &Remote) -> Done {
    let page = remote.pages(&Call::new(Method::GET, &["holidays"]))?;
    if remote.json {
        show::json(&page);
        return Ok(());
    }
    let rows = show::items(&page).iter().map(|list| {
        let dates = list["dates"].as_array().map_or(&[][..], Vec::as_slice);
        let [first, last] = [dates.first(), dates.last()]
            .map(|date| date.map_or("-".into(), |d| show::text(d, "")));
        [show::text(list, "/name"), dates.len().to_string(), first, last]
    });
    show::table(["LIST", "DAYS", "FIRST", "LAST"], rows);
    Ok(())
}
