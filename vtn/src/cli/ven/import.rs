//! `vtn ven import`: a utility's list of VENs, as CSV.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use axum::http::Method;
use oadr_certs::Fingerprint;
use oadr_vtn::control::{Fate, Import, Imported};
use oadr_vtn::operator::client::Call;
use oadr_vtn::record::Enrolment;
use serde::Deserialize;
use serde_json::json;

use crate::cli::remote::Remote;
use crate::cli::{Done, Failure, show};

/// A line of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    fingerprint: String,
    #[serde(default)]
    ven_id: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    groups: String,
}

/// Reads the file, asks whether every row fits, and only then has them enrolled.
pub fn run(remote: &Remote, file: &Path, check: bool) -> Done {
    let rows = read(file)?;
    let mut told = send(remote, &rows, true)?;
    let refused = told.iter().filter(|(_, row)| row.fate == Fate::Refused).count();
    if refused == 0 && !check {
        told = send(remote, &rows, false)?;
    }
    if remote.json {
        let rows = told.iter().map(|(line, row)| json!({ "line": line, "row": row }));
        show::json(&json!({ "applied": refused == 0 && !check, "rows": Vec::from_iter(rows) }));
    } else {
        tell(&told, check || refused > 0);
    }
    match refused {
        0 => Ok(()),
        _ => Err(Failure::wrong(format!(
            "{}: {refused} of {} rows do not fit; nothing was changed",
            file.display(),
            rows.len()
        ))),
    }
}

/// The rows with their lines; one that stands twice is told with both lines.
fn read(file: &Path) -> Result<Vec<(u64, Enrolment)>, Failure> {
    let wrong = |line: u64, what: &dyn std::fmt::Display| {
        Failure::wrong(format!("{}: line {line}: {what}", file.display()))
    };
    let opened = File::open(file)
        .map_err(|error| Failure::wrong(format!("cannot read {}: {error}", file.display())))?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(opened);
    let head = reader.headers().map_err(|error| wrong(1, &error))?.clone();
    if let Some(odd) = head.iter().find(|name| !COLUMNS.contains(name)) {
        return Err(wrong(
            1,
            &format!("no column {odd:?}; there are {}, with commas between", COLUMNS.join(", ")),
        ));
    }
    if !head.iter().any(|name| name == COLUMNS[0]) {
        return Err(wrong(1, &"no column \"fingerprint\": is it the right file?"));
    }
    let (mut rows, mut seen) = (Vec::new(), BTreeMap::new());
    for record in reader.records() {
        let record = record
            .map_err(|error| wrong(error.position().map_or(0, csv::Position::line), &error))?;
        let at = record.position().map_or(0, csv::Position::line);
        let line: Line = record.deserialize(Some(&head)).map_err(|error| wrong(at, &error))?;
        let row = enrolment(line).map_err(|error| wrong(at, &error))?;
        let names = [Some(row.fingerprint.to_string()), row.ven_id.clone()];
        for name in names.into_iter().flatten() {
            if let Some(first) = seen.insert(name.clone(), at) {
                return Err(wrong(at, &format!("{name} stands in line {first} already")));
            }
        }
        rows.push((at, row));
    }
    Ok(rows)
}

fn enrolment(line: Line) -> Result<Enrolment, oadr_certs::Error> {
    let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
    let groups = line.groups.split(';').map(str::trim).filter(|group| !group.is_empty());
    Ok(Enrolment {
        fingerprint: line.fingerprint.parse::<Fingerprint>()?,
        ven_id: filled(line.ven_id),
        name: filled(line.name),
        groups: groups.map(str::to_owned).collect(),
    })
}

type Told = Vec<(u64, oadr_vtn::control::Row)>;

/// Sends the rows, some hundred a request: a request's body has a limit. Each request is all or
/// nothing; what a failure leaves out the same file brings in again.
fn send(remote: &Remote, rows: &[(u64, Enrolment)], dry_run: bool) -> Result<Told, Failure> {
    let mut told = Vec::with_capacity(rows.len());
    for some in rows.chunks(AT_ONCE) {
        let vens = some.iter().map(|(_, row)| row.clone()).collect();
        let body = json!(Import { vens, dry_run });
        let answer = remote.call(Call::new(Method::POST, &["ven-imports"]).body(body))?;
        let answer: Imported = serde_json::from_value(answer).map_err(Failure::wrong)?;
        if !answer.applied && !dry_run {
            // Somebody enrolled one of them since we asked.
            let done = told.len();
            return Err(Failure::wrong(format!(
                "the VENs have changed meanwhile: {done} rows were imported; import the file again"
            )));
        }
        told.extend(some.iter().map(|(line, _)| *line).zip(answer.rows));
    }
    Ok(told)
}

fn tell(told: &Told, dry: bool) {
    let count = |fate: Fate| told.iter().filter(|(_, row)| row.fate == fate).count();
    for (line, row) in told.iter().filter(|(_, row)| row.fate == Fate::Refused) {
        show::say(format_args!("line {line}: {}", row.fault.as_deref().unwrap_or("refused")));
    }
    let would = if dry { "would be " } else { "" };
    show::say(format_args!(
        "{} {would}enrolled, {} {would}updated, {} unchanged",
        count(Fate::Enrolled),
        count(Fate::Updated),
        count(Fate::Unchanged)
    ));
}

const COLUMNS: [&str; 4] = ["fingerprint", "ven_id", "name", "groups"];
const AT_ONCE: usize = 200;
