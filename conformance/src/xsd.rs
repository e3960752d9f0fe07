//! A second opinion on what a subject sent: the published schema files, as xmllint reads them. What
//! it refuses is broken under the schema, in scenario `base-wellformed`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::base::SCHEMA;
use crate::run::{Outcome, Run};
use crate::say;
use crate::verdict::{Check, Verdict};

/// The schema files and the program.
pub struct Xsd {
    schema: PathBuf,
    program: String,
}

impl Xsd {
    /// The schema files of this folder; the program is `xmllint`.
    ///
    /// # Errors
    /// What is missing, and the mend.
    pub fn open(folder: &Path) -> Result<Self, String> {
        Self::with(folder, "xmllint")
    }

    fn with(folder: &Path, program: &str) -> Result<Self, String> {
        let mut named = ROOTS.iter().map(|name| folder.join(name));
        let Some(schema) = named.find(|file| file.is_file()) else {
            return Err(format!(
                "{} is not there; give the folder with the OpenADR 2.0b schema files",
                folder.join(ROOTS[0]).display()
            ));
        };
        let program = program.to_owned();
        match Command::new(&program).arg("--version").output() {
            Ok(_) => Ok(Self { schema, program }),
            Err(error) => Err(format!(
                "{program}: {error}; install it (Debian: apt-get install libxml2-utils)"
            )),
        }
    }

    /// Adds to a run what the schema says of all its documents: to `base-wellformed` if it was
    /// played, else to the scenarios where a refused document was seen. Gives the scenarios that
    /// fail by it.
    ///
    /// # Errors
    /// If the program cannot do its work.
    pub fn hold(&self, run: &mut Run) -> Result<Vec<&'static str>, String> {
        let refused = self.refused(&run.documents)?;
        let of_all = run.outcomes.iter_mut().find(|one| one.scenario.name == JUDGED_IN);
        if let Some(outcome) = of_all {
            let told: Vec<_> = refused.iter().map(|(text, why)| told(text, why)).collect();
            judge(outcome, &told);
            return Ok(if told.is_empty() { Vec::new() } else { vec![JUDGED_IN] });
        }
        let mut by_scenario: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (text, why) in &refused {
            // What no record shows is not let go.
            let at = run.outcomes.iter().position(|one| carries(one, text));
            let at = at.unwrap_or(run.outcomes.len().saturating_sub(1));
            by_scenario.entry(at).or_default().push(told(text, why));
        }
        let mut named = Vec::new();
        for (at, told) in by_scenario {
            if let Some(outcome) = run.outcomes.get_mut(at) {
                judge(outcome, &told);
                named.push(outcome.scenario.name);
            }
        }
        Ok(named)
    }

    /// The documents that are refused, each once, and why.
    fn refused<'a>(&self, documents: &'a [String]) -> Result<BTreeMap<&'a str, String>, String> {
        let folder = tempfile::tempdir().map_err(|error| format!("no folder: {error}"))?;
        let mut different: Vec<_> = documents.iter().map(String::as_str).collect();
        different.sort_unstable();
        different.dedup();
        let mut refused = BTreeMap::new();
        for batch in different.chunks(BATCH) {
            let said = self.validate(folder.path(), batch)?;
            let all = batch.iter().zip(said);
            refused.extend(all.filter_map(|(text, why)| Some((*text, why?))));
        }
        Ok(refused)
    }

    /// Of each document: why it is refused, if it is.
    fn validate(&self, folder: &Path, batch: &[&str]) -> Result<Vec<Option<String>>, String> {
        let mut files = Vec::new();
        for (at, text) in batch.iter().enumerate() {
            let file = folder.join(format!("{at}.xml"));
            std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
            files.push(file);
        }
        let output = Command::new(&self.program)
            .args(["--noout", "--nonet", "--schema"])
            .arg(&self.schema)
            .args(&files)
            .env("LC_ALL", "C")
            .output()
            .map_err(|error| format!("{}: {error}", self.program))?;
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.code() == Some(COMPILE) || said.contains("failed to compile") {
            return Err(format!("{}: {}", self.schema.display(), said.trim()));
        }
        Ok(files.iter().map(|file| fault(&said, &file.display().to_string())).collect())
    }
}

/// What was said of a file: `None` if that it is valid, else its faults.
fn fault(said: &str, file: &str) -> Option<String> {
    if said.lines().any(|line| line == format!("{file} validates")) {
        return None;
    }
    let faults = said.lines().filter_map(|line| line.strip_prefix(&format!("{file}:")));
    let faults: Vec<_> = faults.take(FAULTS).map(|fault| format!("line {fault}")).collect();
    Some(if faults.is_empty() { "not valid".to_owned() } else { faults.join("; ") })
}

fn judge(outcome: &mut Outcome, refused: &[String]) {
    let what = "xmllint finds every document valid by the schema".to_owned();
    let (holds, saw) = (refused.is_empty(), refused.join("\n"));
    outcome.checks.push(Check { rules: vec![SCHEMA], what, holds, saw });
    if !holds {
        outcome.verdict = Verdict::Failed;
    }
}

fn carries(outcome: &Outcome, text: &str) -> bool {
    outcome.exchanges.iter().any(|one| {
        one.request.body == text || one.answer.as_ref().is_some_and(|answer| answer.body == text)
    })
}

fn told(text: &str, why: &str) -> String {
    match say::name_of(text.as_bytes()) {
        name if name.is_empty() => why.to_owned(),
        name => format!("{name}, {why}"),
    }
}

/// The file to start at: of the published schemas, and of this project's restatement.
const ROOTS: [&str; 2] = ["oadr_20b.xsd", "oadr.xsd"];
const JUDGED_IN: &str = "base-wellformed";
/// Documents to a call, so that no command line grows too long.
const BATCH: usize = 200;
/// Faults of a document that are told.
const FAULTS: usize = 3;
/// xmllint's exit code for a schema that cannot be used.
const COMPILE: i32 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA_TEXT: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <xs:element name="a"><xs:complexType><xs:sequence>
        <xs:element name="b" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
        </xs:schema>"#;

    /// A folder with a schema, if there is xmllint.
    fn laboratory(schema: &str) -> Option<(tempfile::TempDir, Xsd)> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(ROOTS[0]), schema).unwrap();
        match Xsd::open(folder.path()) {
            Ok(xsd) => Some((folder, xsd)),
            Err(error) => {
                eprintln!("skipped: {error}");
                None
            }
        }
    }

    #[test]
    fn what_the_schema_refuses_is_told_and_the_rest_is_not() {
        let Some((_folder, xsd)) = laboratory(SCHEMA_TEXT) else { return };
        let valid = "<a><b>1</b></a>".to_owned();
        let documents = [
            valid.clone(),
            "<a><c/></a>".to_owned(),
            "<a".to_owned(),
            "<a><c/></a>".to_owned(),
            valid,
        ];
        let refused = xsd.refused(&documents).unwrap();
        assert_eq!(refused.keys().copied().collect::<Vec<_>>(), ["<a", "<a><c/></a>"]);
        assert!(refused["<a><c/></a>"].contains("not expected"), "{refused:?}");
        assert!(refused["<a"].contains("parser error"), "{refused:?}");
    }

    #[test]
    fn more_documents_than_a_call_takes_are_all_looked_at() {
        let Some((_folder, xsd)) = laboratory(SCHEMA_TEXT) else { return };
        let bad = |at: usize| at % 100 == 99;
        let text = |at| match bad(at) {
            true => format!("<a><b>x{at}</b></a>"),
            false => format!("<a><b>{at}</b></a>"),
        };
        let documents: Vec<_> = (0..2 * BATCH + 50).map(text).collect();
        assert_eq!(xsd.refused(&documents).unwrap().len(), 4);
    }

    #[test]
    fn a_schema_that_cannot_be_used_is_an_error() {
        let Some((_folder, xsd)) = laboratory("<no/>") else { return };
        assert!(xsd.refused(&["<a/>".to_owned()]).unwrap_err().contains(ROOTS[0]));
    }

    #[test]
    fn what_is_missing_is_named_with_its_mend() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Xsd::open(folder.path()).err().unwrap().contains("is not there"));
        std::fs::write(folder.path().join(ROOTS[0]), SCHEMA_TEXT).unwrap();
        let error = Xsd::with(folder.path(), "no-such-xmllint").err().unwrap();
        assert!(error.contains("install it"), "{error}");
    }

    #[test]
    fn a_refused_document_that_no_record_shows_is_not_let_go() {
        let Some((_folder, xsd)) = laboratory(SCHEMA_TEXT) else { return };
        let scenario = crate::catalogue::named("reg-create-pull")[0];
        let (checks, exchanges) = (Vec::new(), Vec::new());
        let outcome = Outcome { scenario, verdict: Verdict::Passed, checks, exchanges, took_ms: 0 };
        let mut run = Run {
            role: crate::scenario::Role::Vtn,
            subject: "a VTN".to_owned(),
            features: std::collections::BTreeSet::new(),
            steered: true,
            began: jiff::Timestamp::UNIX_EPOCH,
            chaos: None,
            chosen: 1,
            cut_short: false,
            outcomes: vec![outcome],
            documents: vec!["<a><c/></a>".to_owned()],
        };
        assert_eq!(xsd.hold(&mut run).unwrap(), ["reg-create-pull"]);
        assert_eq!(run.outcomes[0].verdict, Verdict::Failed);
    }

    #[test]
    fn a_refused_document_fails_a_scenario_that_passed() {
        let scenario = crate::catalogue::all().next().unwrap();
        let (checks, exchanges) = (Vec::new(), Vec::new());
        let mut outcome =
            Outcome { scenario, verdict: Verdict::Passed, checks, exchanges, took_ms: 0 };
        judge(&mut outcome, &[]);
        assert_eq!((outcome.verdict.name(), outcome.checks.len()), ("passed", 1));
        judge(&mut outcome, &["oadrPoll, line 1: no".to_owned()]);
        assert_eq!(outcome.verdict.name(), "failed");
    }
}
