//! Every sample document of the reference set: the valid ones decode and come back
//! the same, the invalid ones are refused with their place.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use oadr_schemas::xml::Limits;
use oadr_schemas::{ei, openadr, xml};

/// The reference set beside the repository; not part of it.
fn samples() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.parent()?;
    let folder = root.join("shared/standards/samples");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no reference samples at {}", folder.display());
    None
}

fn xml_files(folder: &Path) -> Vec<PathBuf> {
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

#[test]
fn every_valid_openadr_sample_decodes_and_comes_back_equal() {
    let Some(samples) = samples() else { return };
    let mut faults = Vec::new();
    let folders = [samples.join("openadr-2.0b/valid"), samples.join("openadr-2.0b-signed")];
    for path in folders.iter().flat_map(|f| xml_files(f)) {
        let bytes = fs::read(&path).unwrap();
        match openadr::decode(&bytes, &Limits::default()) {
            Ok(received) => {
                let again = openadr::encode(received.message.clone(), None);
                match openadr::decode(again.as_bytes(), &Limits::default()) {
                    Ok(second) if second.message.name() == received.message.name() => {}
                    other => faults.push(format!("{}: back as {other:?}", path.display())),
                }
            }
            Err(error) => faults.push(format!("{}: {error}", path.display())),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_invalid_openadr_sample_is_refused_with_its_place() {
    let Some(samples) = samples() else { return };
    let mut accepted = Vec::new();
    for path in xml_files(&samples.join("openadr-2.0b/invalid")) {
        match openadr::decode(&fs::read(&path).unwrap(), &Limits::default()) {
            Ok(_) => accepted.push(path.display().to_string()),
            Err(error) => {
                println!("{}: {error}", path.file_name().unwrap().display());
                assert!(error.line() > 0 && error.column() > 0, "{}: {error}", path.display())
            }
        }
    }
    assert!(accepted.is_empty(), "accepted: {accepted:#?}");
}

#[test]
fn every_ei_sample_decodes_and_comes_back_equal() {
    let Some(samples) = samples() else { return };
    for path in xml_files(&samples.join("ei-1.0-handwritten")) {
        let bytes = fs::read(&path).unwrap();
        let first: ei::Message = xml::decode_any(&bytes, &Limits::default())
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let again = xml::encode_any(&first);
        let second = xml::decode_any(again.as_bytes(), &Limits::default());
        assert_eq!(second, Ok(first), "{}\n{again}", path.display());
    }
}
