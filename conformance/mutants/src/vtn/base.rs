//! What the VTN in miniature refuses whatever the service. Rules 33, 48, 508.

use oadr_schemas::openadr::{Code, Message};

use super::gate::refusal;
use super::{State, error};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::text("times-without-z", "base-wellformed", "times do not end in Z", |text| {
        text.replace("Z</", "</")
    }),
    Fault::text("schema-location", "base-wellformed", "schemaLocation is there", |text| {
        let instance = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
        let located = format!("{instance} xsi:schemaLocation=\"urn:a b.xsd\"");
        text.replacen("<oadr:oadrPayload", &format!("<oadr:oadrPayload {located}"), 1)
    }),
    Fault::text("no-schema-version", "base-wellformed", "schemaVersion is missing", |text| {
        text.replace(" ei:schemaVersion=\"2.0b\"", "")
    }),
    Fault::text("schema-broken", "base-wellformed", "an element has a wrong name", |text| {
        text.replace("vtnID>", "vtnId>")
    }),
    Fault::inside("no-fractions", "base-tolerant-receiver", "a fraction of a second is refused"),
    Fault::inside("empty-refused", "base-tolerant-receiver", "an empty element is refused"),
    Fault::inside("pull-model-guessed", "base-missing-or-wrong", "oadrHttpPullModel is not missed"),
    Fault::inside("ven-id-guessed", "base-missing-or-wrong", "a venID is not missed"),
    Fault::inside("wrong-way-taken", "base-missing-or-wrong", "a VTN's payload is answered 200"),
    Fault::inside("case-ignored", "base-wrong-id", "venIDs are compared without case"),
    Fault::inside("foreign-id-served", "base-wrong-id", "any venID is taken for the VEN's own"),
];

/// A refusal of what the schema lets through and a rule does not; `None`: go on.
pub fn check(state: &mut State, message: &Message) -> Option<Message> {
    let faults = &state.faults;
    let (code, why) = match message {
        Message::OadrRegisterReport(m)
            if faults.has("no-fractions")
                && m.oadr_report.iter().any(|one| has_fraction(one.created_date_time.0)) =>
        {
            (Code::InvalidData, "a time with a fraction")
        }
        m if owes_ven_id(m) && m.ven_id().is_none() && !faults.has("ven-id-guessed") => {
            (Code::NotCompliant, "the venID is missing")
        }
        Message::OadrCreatedReport(_) if faults.has("late-answers-refused") => {
            (Code::NotAllowed, "late answers are unknown here")
        }
        _ => return None,
    };
    let id = message.request_id().unwrap_or_default();
    Some(refusal(message, error(code, why, id)))
}

/// Rule 508, where the schema leaves it open.
fn owes_ven_id(message: &Message) -> bool {
    matches!(
        message,
        Message::OadrRegisterReport(_)
            | Message::OadrRegisteredReport(_)
            | Message::OadrCreateReport(_)
            | Message::OadrCreatedReport(_)
            | Message::OadrUpdateReport(_)
            | Message::OadrUpdatedReport(_)
            | Message::OadrCancelReport(_)
            | Message::OadrCanceledReport(_)
            | Message::OadrCancelPartyRegistration(_)
            | Message::OadrCanceledPartyRegistration(_)
    )
}

fn has_fraction(time: jiff::Timestamp) -> bool {
    time.subsec_nanosecond() != 0
}
