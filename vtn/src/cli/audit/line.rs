//! A line of the audit log for people.

use oadr_vtn::audit::{Entry, Exchange, Note, Operation, Shown};

/// Number, time, who, what, and how it went.
pub fn told(shown: &Shown) -> String {
    let line = &shown.line;
    let mark = if shown.altered { "  ALTERED" } else { "" };
    format!("{:>8}  {}  {}{mark}", line.seq, line.time, entry(&line.entry))
}

fn entry(entry: &Entry) -> String {
    match entry {
        Entry::Operator(operation) => operator(operation),
        Entry::Message(exchange) => message(exchange),
        Entry::Log(note) => format!("log       {}", befell(note)),
    }
}

fn operator(operation: &Operation) -> String {
    let Operation { operator, fingerprint, address, method, path, begun, status, .. } = operation;
    let name = operator.clone().unwrap_or_else(|| fingerprint.to_string());
    let outcome = match (status, begun) {
        (None, _) => "begins".to_owned(),
        (Some(status), None) => status.to_string(),
        (Some(status), Some(begun)) => format!("{status}, begun in {begun}"),
    };
    format!("operator  {name} ({address})  {method} {path}  {outcome}")
}

fn message(exchange: &Exchange) -> String {
    let Exchange { ven, fingerprint, address, path, payload, request_id, status, code, .. } =
        exchange;
    let party = ven.clone().unwrap_or_else(|| fingerprint.to_string());
    let what = payload.as_deref().unwrap_or(path);
    let request = request_id.iter().map(|id| format!(" {id}")).collect::<String>();
    let code = code.iter().map(|code| format!("/{code}")).collect::<String>();
    format!("ven       {party} ({address})  {what}{request}  {status}{code}")
}

fn befell(note: &Note) -> String {
    match note {
        Note::Segment => "a segment begins".to_owned(),
        Note::Opened { version, clean: true } => format!("opened by vtn {version}"),
        Note::Opened { version, clean: false } => {
            format!("opened by vtn {version}; the one before it did not end as it should")
        }
        Note::Closed => "closed".to_owned(),
        Note::Cut { segment, bytes, .. } => format!("{bytes} torn bytes cut from {segment}"),
        Note::Lost { lines } => format!("{lines} lines were lost before this one"),
        Note::Door { handshakes, crowded } => {
            format!("door: {handshakes} handshakes failed, {crowded} connections too many")
        }
        Note::Restored { from } => format!("the store was restored from {from}"),
        Note::Removed { through, .. } => format!("segments up to line {through} removed by age"),
    }
}
