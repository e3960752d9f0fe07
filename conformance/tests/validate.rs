//! `conformance validate` as people and scripts run it.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const OADR: &str = "http://openadr.org/oadr-2.0b/2012/07";
const EI: &str = "http://docs.oasis-open.org/ns/energyinterop/201110";
const PYLD: &str = "http://docs.oasis-open.org/ns/energyinterop/201110/payloads";

fn poll(inside: &str) -> String {
    format!(
        "<p:oadrPayload xmlns:p=\"{OADR}\" xmlns=\"{EI}\">\n<p:oadrSignedObject>\n\
         <p:oadrPoll schemaVersion=\"2.0b\" xmlns:e=\"{EI}\">{inside}</p:oadrPoll>\n\
         </p:oadrSignedObject></p:oadrPayload>"
    )
    .replace(" schemaVersion", " e:schemaVersion")
}

fn cancel_tender(ids: &str) -> String {
    format!(
        "<eiCancelTender xmlns=\"{PYLD}\" xmlns:e=\"{EI}\"><requestID>r</requestID>\
         <e:partyID>p</e:partyID><e:counterPartyID>c</e:counterPartyID>{ids}</eiCancelTender>"
    )
}

fn conformance(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.arg("validate").args(arguments).current_dir(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A folder with a valid document of each family and two that are refused.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("poll.xml", &poll("<venID>ven-1</venID>"));
    write("tender.xml", &cancel_tender("<e:tenderID>t</e:tenderID>"));
    write("lacking.xml", &poll(""));
    write("unknown.xml", &cancel_tender("<e:tenderID>t</e:tenderID><e:more/>"));
    write("no.xml", "this is not XML");
    folder
}

#[test]
fn valid_documents_are_told_by_message_type_and_exit_0() {
    let folder = folder();
    let output = conformance(folder.path(), &["poll.xml", "tender.xml"]);
    assert_eq!(said(&output), "poll.xml: valid oadrPoll\ntender.xml: valid eiCancelTender\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn refused_documents_are_told_by_place_and_exit_1() {
    let folder = folder();
    let output = conformance(folder.path(), &["lacking.xml", "poll.xml", "unknown.xml", "no.xml"]);
    let said = said(&output);
    let lines: Vec<_> = said.lines().collect();
    let path = "/oadr:oadrPayload/oadr:oadrSignedObject/oadr:oadrPoll";
    assert!(lines[0].starts_with("lacking.xml:3:"), "{said}");
    assert!(lines[0].ends_with(&format!("refused: {path}: ei:venID is missing")), "{said}");
    assert_eq!(lines[1], "poll.xml: valid oadrPoll");
    assert!(lines[2].contains("/pyld:eiCancelTender: ei:more may not stand here"), "{said}");
    assert!(lines[3].starts_with("no.xml:1:1: refused:"), "{said}");
    assert_eq!((lines.len(), output.status.code()), (4, Some(1)));
}

#[test]
fn a_family_that_is_named_is_not_guessed() {
    let folder = folder();
    let as_ei = conformance(folder.path(), &["--family", "ei", "poll.xml"]);
    assert_eq!(as_ei.status.code(), Some(1), "{}", said(&as_ei));
    let as_openadr = conformance(folder.path(), &["--family", "openadr", "tender.xml"]);
    assert_eq!(as_openadr.status.code(), Some(1), "{}", said(&as_openadr));
}

#[test]
fn what_cannot_be_read_exits_2_and_the_rest_is_judged() {
    let folder = folder();
    let output = conformance(folder.path(), &["absent.xml", "lacking.xml", "poll.xml"]);
    assert!(said(&output).starts_with("absent.xml: failed: "), "{}", said(&output));
    assert!(said(&output).ends_with("poll.xml: valid oadrPoll\n"), "{}", said(&output));
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(conformance(folder.path(), &[]).status.code(), Some(2));
    assert_eq!(conformance(folder.path(), &["--family", "x", "poll.xml"]).status.code(), Some(2));
}

#[test]
fn reencode_writes_valid_documents_again_and_overwrites_only_when_forced() {
    let folder = folder();
    let output =
        conformance(folder.path(), &["--reencode", "out", "poll.xml", "tender.xml", "lacking.xml"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let out = folder.path().join("out");
    let again = fs::read_to_string(out.join("poll.xml")).unwrap();
    assert!(again.starts_with("<oadr:oadrPayload xmlns:oadr="), "{again}");
    assert!(again.contains("<ei:venID>ven-1</ei:venID>"), "{again}");
    assert!(out.join("tender.xml").exists() && !out.join("lacking.xml").exists());
    let rewritten = conformance(&out, &["poll.xml", "tender.xml"]);
    assert_eq!(rewritten.status.code(), Some(0), "{}", said(&rewritten));

    fs::write(out.join("poll.xml"), "mine").unwrap();
    let kept = conformance(folder.path(), &["--reencode", "out", "poll.xml"]);
    assert_eq!(kept.status.code(), Some(2));
    assert!(said(&kept).contains("failed: not written again"), "{}", said(&kept));
    assert_eq!(fs::read_to_string(out.join("poll.xml")).unwrap(), "mine");
    let forced = conformance(folder.path(), &["--reencode", "out", "--force", "poll.xml"]);
    assert_eq!(forced.status.code(), Some(0), "{}", said(&forced));
    assert_eq!(fs::read_to_string(out.join("poll.xml")).unwrap(), again);
}

#[test]
fn json_says_the_same_for_programs() {
    let folder = folder();
    let output = conformance(folder.path(), &["--json", "poll.xml", "lacking.xml", "absent.xml"]);
    let verdicts: Vec<serde_json::Value> =
        said(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(verdicts[0]["valid"], true);
    assert_eq!(verdicts[0]["message"], "oadrPoll");
    assert_eq!(verdicts[0]["family"], "openadr");
    assert_eq!(verdicts[1]["valid"], false);
    assert_eq!(verdicts[1]["refusal"]["line"], 3);
    assert_eq!(verdicts[1]["refusal"]["why"], "ei:venID is missing");
    assert!(verdicts[2]["failure"].is_string());
}

#[test]
fn a_dash_is_the_standard_input() {
    let folder = folder();
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command.args(["validate", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let document = fs::read(folder.path().join("poll.xml")).unwrap();
    child.stdin.take().unwrap().write_all(&document).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(said(&output), "-: valid oadrPoll\n");
}

#[test]
fn documents_beyond_the_limit_are_refused_unless_it_is_raised() {
    let folder = folder();
    let ids = "<e:tenderID>tender</e:tenderID>".repeat(30_000);
    fs::write(folder.path().join("long.xml"), cancel_tender(&ids)).unwrap();
    let refused = conformance(folder.path(), &["long.xml"]);
    assert!(said(&refused).contains("more than 262144 bytes"), "{}", said(&refused));
    assert_eq!(refused.status.code(), Some(1));
    let raised = conformance(folder.path(), &["--max-bytes", "1000000", "long.xml"]);
    assert_eq!(raised.status.code(), Some(0), "{}", said(&raised));
}
