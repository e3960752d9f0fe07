//! Makes `schemas/src/generated` from `schemas/xsd`. With `--check` it writes
//! nothing and fails if what is there differs from what it would write.

mod build;
mod cycles;
mod model;
mod names;
mod reader;
mod rust;
mod simple;
mod write;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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

fn main() -> ExitCode {
    let check = std::env::args().nth(1).is_some_and(|a| a == "--check");
    match run(check) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("oadr-codegen: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(check: bool) -> Result<(), String> {
    let schemas_dir = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no parent folder")?;
    for (family, files) in FAMILIES {
        let paths: Vec<(&str, PathBuf)> =
            files.iter().map(|(p, f)| (*p, schemas_dir.join("xsd").join(f))).collect();
        let borrowed: Vec<(&str, &Path)> = paths.iter().map(|(p, f)| (*p, f.as_path())).collect();
        let schemas = reader::read(&borrowed)?;
        let mut build = build::Build::new(&schemas);
        build.run().map_err(|e| format!("{family}: {e}"))?;
        if *family == "ei" {
            build.messages("pyld", "ei").map_err(|e| format!("{family}: {e}"))?;
        }
        let mut items = build.items;
        cycles::break_up(&mut items);
        let texts = write::files(family, &schemas, &items);
        let folder = schemas_dir.join("src/generated").join(family);
        if check { compare(&folder, &texts)? } else { store(&folder, &texts)? }
    }
    Ok(())
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
