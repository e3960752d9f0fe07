//! What holds for every document a subject sends, whatever the scenario: scenario
//! `base-wellformed`. OpenADR 2.0b Profile, rules 1, 45, 508, 509.

use std::sync::{Arc, Mutex, PoisonError};

use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::Limits;

use crate::scenario::Role;

/// Something wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The rule, or [`SCHEMA`].
    pub rule: &'static str,
    /// What and where.
    pub what: String,
}

/// What stands for "the schema" where a rule number would stand.
pub const SCHEMA: &str = "schema";

/// What was noticed. Clones are one.
#[derive(Clone, Debug, Default)]
pub struct Sightings(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    documents: usize,
    sightings: Vec<Sighting>,
    /// Kept for an outside validator.
    texts: Vec<String>,
}

impl Sightings {
    /// Looks a document over and gives its message, if it is one.
    pub fn look(&self, sender: Role, document: &[u8]) -> Result<Message, String> {
        let (message, sightings) = inspect(sender, document);
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.documents += 1;
        seen.sightings.extend(sightings);
        seen.texts.push(String::from_utf8_lossy(document).into_owned());
        message
    }

    /// Takes in what another has noticed.
    pub fn add(&self, other: &Self) {
        let other = other.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.documents += other.documents;
        seen.sightings.extend(other.sightings.iter().cloned());
        seen.texts.extend(other.texts.iter().cloned());
    }

    /// Writes down what somebody else noticed.
    pub fn note(&self, sighting: Sighting) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).sightings.push(sighting);
    }

    /// How many documents were looked over.
    pub fn documents(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).documents
    }

    /// What was noticed under a rule.
    pub fn of(&self, rule: &str) -> Vec<String> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = seen.sightings.iter().filter(|one| one.rule == rule);
        found.map(|one| one.what.clone()).collect()
    }

    /// The documents themselves.
    pub fn texts(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).texts.clone()
    }
}

/// What a 2.0b document is, and what is wrong with it.
pub fn inspect(sender: Role, document: &[u8]) -> (Result<Message, String>, Vec<Sighting>) {
    let mut sightings = Vec::new();
    let mut note = |rule, what: String| sightings.push(Sighting { rule, what });
    let text = String::from_utf8_lossy(document);
    look_at_text(&text, &mut note);
    let message = match openadr::decode(document, &Limits::reports()) {
        Ok(received) => received.message,
        Err(error) => {
            note(SCHEMA, error.to_string());
            return (Err(error.to_string()), sightings);
        }
    };
    let name = message.name();
    if sender == Role::Ven && message.ven_id().is_none() && owes_ven_id(&message) {
        note("508", format!("{name} without venID"));
    }
    (Ok(message), sightings)
}

/// Rule 508 exempts what has no place for a venID, and a first registration.
fn owes_ven_id(message: &Message) -> bool {
    !matches!(
        message,
        Message::OadrQueryRegistration(_)
            | Message::OadrCreatePartyRegistration(_)
            | Message::OadrCreatedOpt(_)
            | Message::OadrCanceledOpt(_)
            | Message::OadrDistributeEvent(_)
    )
}

fn look_at_text(text: &str, note: &mut impl FnMut(&'static str, String)) {
    let Ok(tree) = roxmltree::Document::parse(text) else { return };
    let root = tree.root_element();
    if tree.descendants().any(|node| node.attributes().any(|a| a.name() == "schemaLocation")) {
        note("45", format!("{} carries schemaLocation", root.tag_name().name()));
    }
    let payload = match root.tag_name().name() {
        "oadrPayload" => {
            root.descendants().find(|node| node.tag_name().name() == "oadrSignedObject")
        }
        _ => Some(root),
    };
    let payload = match payload {
        Some(object) if object.tag_name().name() == "oadrSignedObject" => {
            object.first_element_child()
        }
        other => other,
    };
    if let Some(payload) = payload {
        let version = payload.attributes().find(|a| a.name() == "schemaVersion").map(|a| a.value());
        if version != Some("2.0b") {
            let name = payload.tag_name().name();
            note("509", format!("{name} with schemaVersion {}", version.unwrap_or("missing")));
        }
    }
    for node in tree.descendants().filter(roxmltree::Node::is_element) {
        let (name, value) = (node.tag_name().name(), node.text().unwrap_or_default().trim());
        if TIMES.contains(&name)
            && node.children().all(|child| !child.is_element())
            && !is_time(value)
        {
            note("1", format!("{name} {value:?} is not a UTC time ending in Z"));
        }
        if SPANS.contains(&name) && value.contains(['.', ',']) {
            note("1", format!("{name} {value:?} is a duration with decimals"));
        }
    }
}

/// Rule 1: ends in `Z`. A fraction may be there.
fn is_time(text: &str) -> bool {
    text.strip_suffix('Z').is_some_and(|rest| rest.contains('T') && !rest.ends_with("+00:00"))
}

const TIMES: [&str; 5] =
    ["date-time", "createdDateTime", "modificationDateTime", "dtend", "timestamp"];
const SPANS: [&str; 6] = [
    "duration",
    "startafter",
    "oadrMinPeriod",
    "oadrMaxPeriod",
    "granularity",
    "reportBackDuration",
];

#[cfg(test)]
mod tests {
    use oadr_schemas::openadr::oadr::{OadrPoll, OadrResponse};

    use super::*;

    fn rules(sender: Role, document: &str) -> Vec<&'static str> {
        inspect(sender, document.as_bytes()).1.iter().map(|one| one.rule).collect()
    }

    fn response() -> String {
        openadr::encode(OadrResponse::ok("r").into(), None)
    }

    #[test]
    fn a_good_document_is_not_noticed() {
        let poll = OadrPoll { schema_version: None, ven_id: "v".into() };
        assert!(rules(Role::Ven, &openadr::encode(poll.into(), None)).is_empty());
        assert!(rules(Role::Vtn, &response()).is_empty());
    }

    #[test]
    fn rule_508_binds_the_ven_only() {
        assert_eq!(rules(Role::Ven, &response()), ["508"]);
    }

    #[test]
    fn rule_509_wants_the_version_said() {
        let silent = response().replace(" ei:schemaVersion=\"2.0b\"", "");
        assert_eq!(rules(Role::Vtn, &silent), ["509"]);
    }

    #[test]
    fn what_the_schema_refuses_is_noticed_as_such() {
        assert!(rules(Role::Vtn, &response().replace("responseCode", "code")).contains(&SCHEMA));
    }
}
