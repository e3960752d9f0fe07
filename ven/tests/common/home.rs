//! A directory with what the program `ven` needs, and the program.
#![allow(dead_code, clippy::unwrap_used)] // Each test file uses some of it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_certs::files;
use tempfile::TempDir;

pub const VEN: &str = env!("CARGO_BIN_EXE_ven");

/// A directory with a certificate, its key and the authority's roots.
pub struct Home {
    pub dir: TempDir,
    pub fingerprint: String,
}

impl Home {
    pub fn new() -> Self {
        let (not_before, not_after) = ("2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z");
        let validity = Validity {
            not_before: not_before.parse().unwrap(),
            not_after: not_after.parse().unwrap(),
        };
        let ca = Ca::ecc(validity).unwrap();
        let identity = ca.issue(Role::Ven, "house", KeyKind::Ecc, &[]).unwrap();
        let dir = tempfile::tempdir().unwrap();
        identity.save(&dir.path().join("ven.pem"), &dir.path().join("ven.key"), false).unwrap();
        let roots = ca.roots();
        let pem = roots.ders().iter().map(|der| files::pem("CERTIFICATE", der));
        fs::write(dir.path().join("ca.pem"), pem.collect::<String>()).unwrap();
        fs::write(dir.path().join("meter.csv"), meter()).unwrap();
        Self { dir, fingerprint: identity.thumbprint().fingerprint().to_string() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn ven(&self, args: &[&str]) -> Output {
        Command::new(VEN).current_dir(self.dir.path()).args(args).output().unwrap()
    }

    /// Nobody listens at this address.
    pub fn init(&self) -> Output {
        let files = ["--cert", "ven.pem", "--key", "ven.key", "--ca", "ca.pem"];
        let rest = ["--meter-data", "meter.csv", "--dir", "site"];
        let args = ["init", "--vtn", "https://127.0.0.1:9/", "--name", "A \"house\""];
        self.ven(&[&args[..], &files, &rest].concat())
    }
}

/// A day of hours.
fn meter() -> String {
    let rows = (0..24).map(|hour| format!("2026-01-01T{hour:02}:00:00Z,{}\n", 100 + hour));
    format!("timestamp_utc,wh\n{}", rows.collect::<String>())
}
