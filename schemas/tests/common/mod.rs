//! What the tests of whole documents share: the reference set beside the repository,
//! the comparison of documents, the second opinion of `xmllint`, messages of each kind.

#![allow(dead_code, clippy::unwrap_used)] // Each test program uses its part.

pub mod fixpoint;
pub mod infoset;
pub mod lint;
pub mod messages;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A folder of the reference set, which lies beside the repository and is no part of
/// it; `None`, said aloud, where it is not there.
pub fn reference(folder: &str) -> Option<PathBuf> {
    let found = root().parent()?.join("shared/standards").join(folder);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: no reference set at {}", found.display());
    None
}

/// Every XML file under `folder`, in order.
pub fn xml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "xml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
