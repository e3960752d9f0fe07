//! The gate against libxml2, the reader under xmlsec1, lxml and most peers: what the
//! gate passes, libxml2 must call well-formed. By hand, as it needs `xmllint`:
//! `GATE_MUTANTS=100000 cargo test -p oadr-schemas --test hostile -- --ignored --nocapture`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use oadr_schemas::xml::gate::{self, Limits};

use super::classes::{CLASSES, SIZES};
use super::mutations::mutant;

#[test]
#[ignore = "needs xmllint"]
fn what_passes_is_well_formed_for_libxml2() {
    let folder = std::env::temp_dir().join(format!("gate-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut passed =
        Passed { folder: folder.clone(), waiting: Vec::new(), count: 0, refused: Vec::new() };
    let classes = CLASSES.iter().flat_map(|class| (class.documents)(SIZES[1]));
    classes.for_each(|document| passed.offer(&document.bytes));
    let mutants = std::env::var("GATE_MUTANTS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let (strategy, mut runner) = (mutant(), TestRunner::default());
    for _ in 0..mutants {
        passed.offer(&strategy.new_tree(&mut runner).unwrap().current());
    }
    passed.flush();
    println!("{} of {mutants} mutants and the classes pass the gate", passed.count);
    assert!(passed.count > mutants / 100, "too few pass to compare");
    assert!(passed.refused.is_empty(), "libxml2 refuses {:?}", passed.refused);
    fs::remove_dir_all(folder).unwrap();
}

/// Documents that passed the gate, shown to xmllint some hundred at a time.
struct Passed {
    folder: PathBuf,
    waiting: Vec<PathBuf>,
    count: usize,
    refused: Vec<PathBuf>,
}

impl Passed {
    fn offer(&mut self, bytes: &[u8]) {
        if gate::check(bytes, &Limits::default()).is_err() {
            return;
        }
        let path = self.folder.join(format!("{}.xml", self.count));
        fs::write(&path, bytes).expect("room for a document");
        self.count += 1;
        self.waiting.push(path);
        if self.waiting.len() == 500 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() || faults(&waiting).is_empty() {
            waiting.iter().for_each(|path| remove(path));
            return;
        }
        for path in waiting {
            let fault = faults(std::slice::from_ref(&path));
            if fault.is_empty() {
                remove(&path);
            } else {
                println!("{fault}");
                self.refused.push(path);
            }
        }
    }
}

fn remove(path: &Path) {
    fs::remove_file(path).expect("the document written before");
}

/// What xmllint says of these files, namespace errors included, warnings not.
fn faults(paths: &[impl AsRef<Path>]) -> String {
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet"])
        .args(paths.iter().map(AsRef::as_ref))
        .output()
        .expect("xmllint is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    said.lines().filter(|line| line.contains("error")).collect::<Vec<_>>().join("\n")
}
