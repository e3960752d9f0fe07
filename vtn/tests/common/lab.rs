//! A laboratory of `vtn init --lab` and the program that runs in it, as people use them.
#![allow(dead_code)] // Each test file uses some of it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

/// A laboratory in a directory of its own.
pub struct Lab(pub TempDir);

/// A running VTN; killed if the test ends before it does.
pub struct Server {
    pub child: Child,
    pub told: Value,
    stdin: Option<ChildStdin>,
    lines: BufReader<ChildStdout>,
}

/// One for all tests to copy: its RSA keys take seconds to make.
static PATTERN: LazyLock<Lab> = LazyLock::new(|| {
    // Nothing drops a static: it stays where builds are cleaned.
    let lab = Lab(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap());
    let made = lab.vtn(&["init", "--lab", "--vens", "1", "--dir", lab.path("").as_str()]);
    assert!(made.status.success(), "{made:?}");
    lab
});

impl Lab {
    pub fn new() -> Self {
        let lab = Self(tempfile::tempdir().unwrap());
        copy(PATTERN.0.path(), lab.0.path());
        lab
    }

    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    pub fn vtn(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vtn"));
        command.env("VTN_CONFIG", self.path("vtn.toml")).args(words).output().unwrap()
    }

    pub fn run(&self) -> Server {
        self.run_with(&[])
    }

    pub fn run_with(&self, words: &[&str]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vtn"))
            .env("VTN_CONFIG", self.path("vtn.toml"))
            .args(["run", "--json", "--listen", "127.0.0.1:0", "--api-listen", "127.0.0.1:0"])
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let stdin = child.stdin.take();
        let mut server = Server { child, told: Value::Null, stdin, lines };
        server.told = server.line();
        server
    }

    /// A command to a server, which is to succeed; gives its JSON.
    pub fn ask(&self, server: &Server, words: &[&str]) -> Value {
        let done = self.tell(server, words);
        let told = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(0), "{words:?}: {told}");
        serde_json::from_slice(&done.stdout).unwrap()
    }

    pub fn tell(&self, server: &Server, words: &[&str]) -> Output {
        let url = server.url();
        self.vtn(&[&["--json", "--url", url.as_str()], words].concat())
    }
}

impl Server {
    pub fn url(&self) -> String {
        let address = self.told["operators"].as_str().unwrap();
        format!("https://{address}")
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap();
        assert!(sent.success());
    }

    /// The next line it says.
    pub fn line(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Writes a line to its stdin and gives the one it says then.
    pub fn say(&mut self, line: &str) -> Value {
        writeln!(self.stdin.as_mut().unwrap(), "{line}").unwrap();
        self.line()
    }

    /// Ends its stdin.
    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Ends its stdin, and gives the exit code.
    pub fn hang_up(mut self) -> Option<i32> {
        self.close_stdin();
        self.child.wait().unwrap().code()
    }

    /// SIGTERM, and the exit code.
    pub fn end(mut self) -> Option<i32> {
        self.signal("TERM");
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Copies files with their modes.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}
