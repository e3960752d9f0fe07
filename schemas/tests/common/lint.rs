//! `xmllint` as the second opinion on documents, many files a call.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{reference, root};

/// A family's schemas: ours, and the original ones beside the repository.
#[derive(Clone, Copy, Debug)]
pub enum Family {
    OpenAdr,
    Ei,
}

impl Family {
    fn ours(self) -> PathBuf {
        root().join("schemas/xsd").join(match self {
            Self::OpenAdr => "openadr/all.xsd",
            Self::Ei => "ei/all.xsd",
        })
    }

    fn original(self) -> Option<PathBuf> {
        reference(match self {
            Self::OpenAdr => "openadr-2.0b/oadr_20b.xsd",
            Self::Ei => "energyinterop-1.0/EiPayloads.xsd",
        })
    }
}

/// What the schemas say against each named document, ours and the originals; empty if
/// nothing, or if there is no `xmllint` (said aloud).
pub fn faults(family: Family, documents: &[(String, String)]) -> Vec<String> {
    if !present() {
        return Vec::new();
    }
    let folder = Scratch::new();
    let files = folder.write(documents);
    let mut faults = Vec::new();
    for schema in [Some(family.ours()), family.original()].iter().flatten() {
        let (valid, said) = ask(schema, &files);
        faults.extend(said.into_iter().map(|l| format!("{}: {l}", schema.display())));
        assert!(valid.len() == files.len() || !faults.is_empty(), "{} validate", valid.len());
    }
    faults
}

/// Whether each document is valid by our schemas; `None` if there is no `xmllint`
/// (said aloud).
pub fn verdicts(family: Family, documents: &[(String, String)]) -> Option<Vec<bool>> {
    if !present() {
        return None;
    }
    let folder = Scratch::new();
    let files = folder.write(documents);
    let (valid, _) = ask(&family.ours(), &files);
    Some(files.iter().map(|f| valid.contains(&*f.to_string_lossy())).collect())
}

fn present() -> bool {
    let found = Command::new("xmllint").arg("--version").output().is_ok();
    if !found {
        eprintln!("skipped: no xmllint to ask");
    }
    found
}

/// Which files are valid, and what is said of the others.
fn ask(schema: &Path, files: &[PathBuf]) -> (BTreeSet<String>, Vec<String>) {
    let (mut valid, mut faults) = (BTreeSet::new(), Vec::new());
    for files in files.chunks(500) {
        let mut command = Command::new("xmllint");
        command.args(["--nonet", "--noout", "--schema"]).arg(schema).args(files);
        let output = command.output().unwrap();
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            match line.strip_suffix(" validates") {
                Some(file) => drop(valid.insert(file.to_owned())),
                None => faults.push(line.to_owned()),
            }
        }
    }
    (valid, faults)
}

/// A folder that goes when it is done with.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("oadr-{}-{next}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, documents: &[(String, String)]) -> Vec<PathBuf> {
        let file = |(index, (name, text)): (usize, &(String, String))| {
            let path = self.0.join(format!("{index}-{}.xml", name.replace('/', "-")));
            fs::write(&path, text).unwrap();
            path
        };
        documents.iter().enumerate().map(file).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
