//! `vtn backup` asks the running VTN for a copy of its store and of its audit log; `vtn restore`
//! makes a store of one.

use std::path::PathBuf;

use axum::http::Method;
use clap::Args;
use oadr_store::Store;
use oadr_transport::{Clock, SystemClock};
use oadr_vtn::audit::{self, Restored};
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
            let (seq, hash) = (at("/audit/seq"), at("/audit/hash"));
            show::say(format_args!("  audit log up to line {seq}, {hash}"));
        }
        Ok(())
    }
}

impl Restore {
    pub fn run(self, remote: &Remote) -> Done {
        let config = remote.read_config()?;
        let (store, dir) = (&config.store, config.audit_dir());
        let summary = Store::restore(&self.from, store)?;
        let now = SystemClock.now();
        let log = match audit::restore(&self.from, &dir, config.audit.clone(), now)? {
            Restored::Copied => "copied",
            Restored::Kept => "the one that was there goes on",
            Restored::Begun => "begun, as the backup has none",
        };
        if remote.json {
            let store = store.display().to_string();
            show::json(
                &json!({ "store": store, "records": summary.records, "bytes": summary.bytes, "audit": log }),
            );
        } else {
            show::say(format_args!(
                "{}: {} records, every checksum right",
                store.display(),
                summary.records
            ));
            show::say(format_args!("{}: audit log: {log}", dir.display()));
        }
        Ok(())
    }
}
