//! `conformance rules`: docs/rules.md, made from reports or held against them.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use oadr_conformance::report::{Report, table};

use crate::args::Rules;

/// Writes the document, or compares it.
///
/// # Errors
/// If a report or the document cannot be read or written.
pub fn run(arguments: &Rules) -> Result<ExitCode, String> {
    let reports: Result<Vec<_>, _> = arguments.from.iter().map(|file| read(file)).collect();
    let text = table::document(&reports?)?;
    let file = &arguments.out;
    let told = |error: std::io::Error| format!("{}: {error}", file.display());
    if !arguments.check {
        fs::write(file, text).map_err(told)?;
        return Ok(ExitCode::SUCCESS);
    }
    let there = fs::read_to_string(file).map_err(told)?;
    if there == text {
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} differs from the reports{}", file.display(), first_difference(&there, &text));
    println!("run the same command without --check and look at what changed");
    Ok(ExitCode::FAILURE)
}

fn read(file: &Path) -> Result<Report, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    serde_json::from_str(&text)
        .map_err(|error| format!("{} is no report of the kit: {error}", file.display()))
}

fn first_difference(there: &str, made: &str) -> String {
    let mut lines = (1..).zip(there.lines().zip(made.lines()));
    match lines.find(|(_, (there, made))| there != made) {
        Some((at, (there, made))) => format!(" at line {at}:\n- {there}\n+ {made}"),
        None => " in length".to_owned(),
    }
}
