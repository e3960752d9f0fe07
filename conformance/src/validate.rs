//! `conformance validate`: a verdict on each file.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write};
use std::path::Path;
use std::process::ExitCode;

use oadr_schemas::xml::{Error, Limits};
use serde::Serialize;

use crate::args::Validate;
use crate::family::Family;

/// What is said of one file.
#[derive(Debug, Serialize)]
struct Verdict {
    file: String,
    valid: bool,
    family: Option<Family>,
    /// The payload's element name, if valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
    /// Why it could not be read, or written again.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

/// A fault and its place: line and column from 1, columns in bytes.
#[derive(Debug, Serialize)]
struct Refusal {
    line: u32,
    column: u32,
    path: String,
    why: String,
}

impl From<&Error> for Refusal {
    fn from(error: &Error) -> Self {
        Self {
            line: error.line(),
            column: error.column(),
            path: error.path().to_owned(),
            why: error.kind().to_string(),
        }
    }
}

/// Prints a verdict per file; the exit code is the worst of them.
pub fn run(arguments: &Validate) -> ExitCode {
    let mut worst = 0;
    for file in &arguments.files {
        let verdict = judge(file, arguments);
        let code = match &verdict {
            Verdict { failure: Some(_), .. } => 2,
            Verdict { valid: false, .. } => 1,
            _ => 0,
        };
        worst = worst.max(code);
        if let Err(error) = print(&verdict, arguments.json) {
            // A closed pipe is the reader's wish; anything else is said.
            if error.kind() != io::ErrorKind::BrokenPipe {
                eprintln!("conformance: {error}");
            }
            return ExitCode::from(2);
        }
    }
    ExitCode::from(worst)
}

fn judge(file: &Path, arguments: &Validate) -> Verdict {
    let mut verdict = Verdict {
        file: file.display().to_string(),
        valid: false,
        family: arguments.family,
        message: None,
        refusal: None,
        failure: None,
    };
    let document = match bytes(file, arguments.max_bytes) {
        Ok(document) => document,
        Err(error) => {
            verdict.failure = Some(error.to_string());
            return verdict;
        }
    };
    let limits = limits(arguments.max_bytes);
    let family = arguments.family.unwrap_or_else(|| Family::of(&document, &limits));
    verdict.family = Some(family);
    match family.read(&document, &limits) {
        Ok(message) => {
            verdict.valid = true;
            verdict.message = Some(message.name);
            if let Some(folder) = &arguments.reencode
                && let Err(error) = store(folder, file, &message.text, arguments.force)
            {
                verdict.failure = Some(format!("not written again: {error}"));
            }
        }
        Err(error) => verdict.refusal = Some(Refusal::from(&error)),
    }
    verdict
}

/// A file's bytes, one more than `most` at the most: the gate refuses the rest unread.
fn bytes(file: &Path, most: usize) -> io::Result<Vec<u8>> {
    let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut document = Vec::new();
    if file == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut document)?;
    } else {
        fs::File::open(file)?.take(most).read_to_end(&mut document)?;
    }
    Ok(document)
}

/// The usual limits; more elements where more bytes are allowed, in the usual ratio.
fn limits(max_bytes: usize) -> Limits {
    let usual = Limits::default();
    let elements = usual.elements.max(max_bytes / (usual.bytes / usual.elements));
    Limits { bytes: max_bytes, elements, ..usual }
}

fn store(folder: &Path, file: &Path, text: &str, force: bool) -> io::Result<()> {
    let name = match file.file_name() {
        Some(name) if file != Path::new("-") => name,
        _ => "stdin.xml".as_ref(),
    };
    fs::create_dir_all(folder)?;
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    let mut out = options.open(folder.join(name))?;
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")
}

fn print(verdict: &Verdict, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, verdict)?;
        return writeln!(out);
    }
    let Verdict { file, message, refusal, failure, .. } = verdict;
    if let Some(message) = message {
        writeln!(out, "{file}: valid {message}")?;
    }
    if let Some(Refusal { line, column, path, why }) = refusal {
        let at = if path.is_empty() { String::new() } else { format!("{path}: ") };
        writeln!(out, "{file}:{line}:{column}: refused: {at}{why}")?;
    }
    match failure {
        Some(failure) => writeln!(out, "{file}: failed: {failure}"),
        None => Ok(()),
    }
}
