//! The program `xmlsec1`, and the private folder it works in.

use std::fs::{OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::process::Command;

use super::DS;
use crate::say::NS_2B;
use crate::stage::told;
use crate::verdict::Stop;

/// A folder that only we can read, gone when this is dropped, and the program.
pub struct Desk {
    directory: tempfile::TempDir,
    count: AtomicUsize,
    /// Whether the program wants to be told that a key needs no name (from 1.3 on).
    wants_lax: bool,
}

impl Desk {
    /// Opens one.
    ///
    /// # Errors
    /// Skip, if there is no `xmlsec1`.
    pub async fn open() -> Result<Self, Stop> {
        let version = output(Command::new(PROGRAM).arg("--version")).await;
        let version = version.map_err(|error| {
            Stop::Skip(format!("xmlsec1 ({error}), with which the kit signs; install xmlsec1"))
        })?;
        let version = String::from_utf8_lossy(&version.stdout).into_owned();
        let number = version.split(' ').nth(1).unwrap_or_default();
        let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        let wants_lax = (parts.next(), parts.next()) >= (Some(1), Some(3));
        let private = Permissions::from_mode(0o700);
        let directory = tempfile::Builder::new().prefix("oadr-kit-").permissions(private).tempdir();
        let directory = directory.map_err(told)?;
        Ok(Self { directory, count: AtomicUsize::new(0), wants_lax })
    }

    /// The path of a file in the folder.
    pub fn path(&self, file: &str) -> PathBuf {
        self.directory.path().join(file)
    }

    /// The same, as text for the command line.
    pub fn name(&self, file: &str) -> String {
        self.path(file).display().to_string()
    }

    /// A name that no file has yet.
    pub fn fresh(&self, file: &str) -> String {
        format!("{}-{file}", self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// Writes a file.
    ///
    /// # Errors
    /// Inconclusive: the disk.
    pub fn put(&self, file: &str, text: &str) -> Result<(), Stop> {
        let opened =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.path(file));
        opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(told)
    }

    /// Removes a file; one that is not there is no trouble.
    pub fn remove(&self, file: &str) {
        let _ = std::fs::remove_file(self.path(file));
    }

    /// Runs the program over a document: what it wrote, or why it refused.
    ///
    /// # Errors
    /// Inconclusive, if it cannot be run or does not end.
    pub async fn run(
        &self,
        task: &str,
        options: &[&str],
        document: &str,
    ) -> Result<Result<String, String>, Stop> {
        let file = self.fresh("document.xml");
        self.put(&file, document)?;
        let mut command = Command::new(PROGRAM);
        command.arg(task).args(options);
        if self.wants_lax {
            command.arg("--lax-key-search");
        }
        for element in [format!("{NS_2B}:oadrSignedObject"), format!("{DS}:Object")]
            .into_iter()
            .chain(["SignatureProperties", "SignatureProperty"].map(|name| format!("{DS}:{name}")))
        {
            command.args(["--id-attr:Id", &element]);
        }
        let output = output(command.arg(self.path(&file))).await;
        self.remove(&file);
        let output = output.map_err(|error| Stop::Inconclusive(format!("xmlsec1: {error}")))?;
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(match output.status.success() {
            true => Ok(said(&output.stdout)),
            false => Err(said(&output.stderr)),
        })
    }
}

/// Runs a command to its end, which has to come soon.
async fn output(command: &mut Command) -> std::io::Result<Output> {
    let running = command.stdin(Stdio::null()).kill_on_drop(true).output();
    tokio::time::timeout(LONGEST, running).await.unwrap_or_else(|_| {
        Err(std::io::Error::new(std::io::ErrorKind::TimedOut, "it does not come to an end"))
    })
}

const PROGRAM: &str = "xmlsec1";
const LONGEST: Duration = Duration::from_secs(20);
