//! What may be wrong with how answers to events are taken, and with the face to 2.0a VENs.

use oadr_schemas::openadr::{Code, Message};

use crate::fault::Fault;

/// Scenarios `event-opt-recorded`, `event-created-faults`, `event-profile-a`.
pub const FAULTS: &[Fault] = &[
    opt("opt-of-the-first-only", "of several answers in one message only the first counts"),
    opt("opt-out-refused", "an optOut that comes later is refused"),
    opt("opt-out-forgotten", "an optOut that comes later is not recorded"),
    taken("refusal-refused", "an error without eventResponses is refused"),
    taken("unknown-event-taken", "an answer to an unknown event is taken"),
    taken("old-modification-taken", "an answer to an older modification is taken"),
    Fault::message(
        "one-code-for-all",
        "event-created-faults",
        "every wrong answer gets the code 454",
        |message| {
            if let Message::OadrResponse(response) = message
                && !response.ei_response.is_ok()
            {
                response.ei_response.response_code = Code::InvalidData.into();
            }
        },
    ),
    profile_a("a-not-served", "there is nothing at the 2.0a address"),
    profile_a("a-in-2b", "a 2.0a VEN is answered in the namespace of 2.0b"),
    profile_a("a-wrapped", "the answer to a 2.0a VEN stands in an envelope"),
    profile_a("a-with-version", "the answer to a 2.0a VEN has a schemaVersion"),
    profile_a("a-all-signals", "a 2.0a VEN gets signals other than SIMPLE"),
    profile_a("a-without-value", "a 2.0a VEN gets no currentValue"),
    profile_a("a-foreign-event", "a 2.0a VEN gets the events of others"),
    Fault::text("a-level-4", "event-profile-a", "a 2.0a VEN gets SIMPLE 4", |text| {
        match text.contains("oadr-2.0a") {
            true => text.replace("<ei:value>2</ei:value>", "<ei:value>4</ei:value>"),
            false => text,
        }
    }),
    profile_a("a-with-reason", "a 2.0a VEN gets modificationDateTime"),
    profile_a("a-answer-refused", "the answer of a 2.0a VEN is refused"),
];

const fn opt(name: &'static str, what: &'static str) -> Fault {
    Fault::inside(name, "event-opt-recorded", what)
}

const fn taken(name: &'static str, what: &'static str) -> Fault {
    Fault::inside(name, "event-created-faults", what)
}

const fn profile_a(name: &'static str, what: &'static str) -> Fault {
    Fault::inside(name, "event-profile-a", what)
}
