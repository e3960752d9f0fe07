//! The two families, file by file, and the folder their types go to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::{build, cycles, reader, write as text};

/// Makes every file of `schemas/src/generated/{openadr,ei}` anew.
///
/// # Errors
/// A construct in the schemas that the generator does not know, or a file that cannot
/// be read or written.
pub fn write() -> Result<(), String> {
    FAMILIES.iter().try_for_each(|(family, files)| store(&folder(family), &made(family, files)?))
}

/// Whether every file is as [`write`](write()) would make it.
///
/// # Errors
/// The first file that is not, and what [`write`](write()) can fail with.
pub fn check() -> Result<(), String> {
    FAMILIES.iter().try_for_each(|(family, files)| compare(&folder(family), &made(family, files)?))
}

/// File name and text of each module of a family.
fn made(family: &str, files: &[(&str, &str)]) -> Result<BTreeMap<String, String>, String> {
    let files: Vec<(&str, PathBuf)> =
        files.iter().map(|(p, f)| (*p, schemas().join("xsd").join(f))).collect();
    let read = reader::read(&files)?;
    let mut build = build::Build::new(&read);
    build.run().map_err(|e| format!("{family}: {e}"))?;
    if family == "ei" {
        build.messages("pyld", "ei").map_err(|e| format!("{family}: {e}"))?;
    }
    let mut items = build.items;
    cycles::break_up(&mut items);
    Ok(text::files(family, &read, &items))
}

fn folder(family: &str) -> PathBuf {
    schemas().join("src/generated").join(family)
}

/// The folder of the crate `oadr-schemas`, which holds this one.
fn schemas() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

fn store(folder: &Path, texts: &BTreeMap<String, String>) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("{}: {e}", folder.display());
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(failed)?;
    }
    std::fs::create_dir_all(folder).map_err(failed)?;
    for (name, text) in texts {
        std::fs::write(folder.join(name), text).map_err(failed)?;
    }
    Ok(())
}

fn compare(folder: &Path, texts: &BTreeMap<String, String>) -> Result<(), String> {
    for (name, text) in texts {
        let path = folder.join(name);
        if std::fs::read_to_string(&path).ok().as_ref() != Some(text) {
            return Err(format!(
                "{} is not current: run cargo run -p oadr-codegen",
                path.display()
            ));
        }
    }
    let there = std::fs::read_dir(folder).map_err(|e| e.to_string())?.count();
    if there == texts.len() {
        Ok(())
    } else {
        Err(format!("{} holds stale files", folder.display()))
    }
}

/// Per family: prefix and file of each namespace.
const FAMILIES: &[(&str, &[(&str, &str)])] = &[
    (
        "openadr",
        &[
            ("oadr", "openadr/oadr.xsd"),
            ("ei", "openadr/ei.xsd"),
            ("pyld", "openadr/pyld.xsd"),
            ("emix", "openadr/emix.xsd"),
            ("power", "openadr/power.xsd"),
            ("scale", "openadr/scale.xsd"),
            ("xcal", "openadr/xcal.xsd"),
            ("strm", "openadr/strm.xsd"),
            ("gml", "openadr/gml.xsd"),
            ("currency", "openadr/currency.xsd"),
            ("ds", "openadr/ds.xsd"),
            ("dsig11", "openadr/dsig11.xsd"),
            ("dsp", "openadr/dsp.xsd"),
            ("atom", "openadr/atom.xsd"),
            ("espi", "openadr/espi.xsd"),
            ("xml", "openadr/xml.xsd"),
        ],
    ),
    (
        "ei",
        &[
            ("ei", "ei/ei.xsd"),
            ("pyld", "ei/pyld.xsd"),
            ("enrl", "ei/enroll.xsd"),
            ("strm", "ei/strm.xsd"),
            ("emix", "emix/emix.xsd"),
            ("power", "emix/power.xsd"),
            ("resource", "emix/resource.xsd"),
            ("scale", "emix/scale.xsd"),
            ("gml", "emix/gml.xsd"),
            ("currency", "emix/currency.xsd"),
            ("xcal", "wscal/xcal.xsd"),
        ],
    ),
];
