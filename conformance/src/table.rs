//! `conformance rules`: docs/rules.md, made from reports or held against them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use oadr_conformance::report::{Report, UnitTests, table};

use crate::args::Rules;

/// Writes the document, or compares it.
///
/// # Errors
/// If a report, a source of tests or the document cannot be read or written.
pub fn run(arguments: &Rules) -> Result<ExitCode, String> {
    let reports: Result<Vec<_>, _> = arguments.from.iter().map(|file| read(file)).collect();
    let mut tests = UnitTests::default();
    for (role, folder) in &arguments.tests {
        for file in sources(folder)? {
            tests.read(*role, &fs::read_to_string(&file).map_err(|error| told(&file, &error))?);
        }
    }
    let text = table::document(&reports?, &tests)?;
    let file = &arguments.out;
    if !arguments.check {
        fs::write(file, text).map_err(|error| told(file, &error))?;
        return Ok(ExitCode::SUCCESS);
    }
    let there = fs::read_to_string(file).map_err(|error| told(file, &error))?;
    if there == text {
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} differs from the reports{}", file.display(), first_difference(&there, &text));
    println!("run the same command without --check and look at what changed");
    Ok(ExitCode::FAILURE)
}

fn read(file: &Path) -> Result<Report, String> {
    let text = fs::read_to_string(file).map_err(|error| told(file, &error))?;
    serde_json::from_str(&text)
        .map_err(|error| format!("{} is no report of the kit: {error}", file.display()))
}

/// The files of Rust in a folder and those within it, in the order of their names.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| told(&folder, &error))? {
            let path = entry.map_err(|error| told(&folder, &error))?.path();
            match path.is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|extension| extension == "rs") => {
                    found.push(path);
                }
                false => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

fn told(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

fn first_difference(there: &str, made: &str) -> String {
    let mut lines = (1..).zip(there.lines().zip(made.lines()));
    match lines.find(|(_, (there, made))| there != made) {
        Some((at, (there, made))) => format!(" at line {at}:\n- {there}\n+ {made}"),
        None => " in length".to_owned(),
    }
}
