//! `vtn backup` asks the running VTN for a copy of its store; `vtn restore` makes a store of one.

use std::path::PathBuf;

use axum::http::Method;
use clap::Args;
use oadr_store::Store;
use oadr_vtn::operator::client::Call;
use serde_json::json;

use super::remote::Remote;
use super::{Done, Failure, show};

#[derive(Args)]
pub struct Backup {
    /// A directory on the VTN's machine that holds no store yet; it is made
    dir: PathBuf,
}

#[derive(Args)]
pub struct Restore {
    /// The directory of the backup
    from: PathBuf,
}

impl Backup {
    pub fn run(self, remote: &Remote) -> Done {
        // Relative to where the command is given, which is not where the VTN runs.
        let dir = std::path::absolute(&self.dir).map_err(Failure::wrong)?;
        let call = Call::new(Method::POST, &["backup"]).body(json!({ "dir": dir }));
        let summary = remote.call(call)?;
        if remote.json {
            show::json(&summary);
        } else {
            let at = |pointer| show::text(&summary, pointer);
            let dir = dir.display();
            show::say(format_args!("{dir}: {} records, {} bytes", at("/records"), at("/bytes")));
        }
        Ok(())
    }
}

impl Restore {
    pub fn run(self, remote: &Remote) -> Done {
        let store = remote.read_config()?.store;
        let summary = Store::restore(&self.from, &store)?;
        if remote.json {
            let store = store.display().to_string();
            show::json(
                &json!({ "store": store, "records": summary.records, "bytes": summary.bytes }),
            );
        } else {
            show::say(format_args!(
                "{}: {} records, every checksum right",
                store.display(),
                summary.records
            ));
        }
        Ok(())
    }
}
