//! What the VEN in miniature looks at before it acts on anything. Rules 1, 21, 23, 33, 46, 401, 512.

use oadr_schemas::openadr::ei::{EiResponse, EventResponse, OptType, QualifiedEventID};
use oadr_schemas::openadr::oadr::{
    OadrCanceledPartyRegistration, OadrCanceledReport, OadrCreatedEvent, OadrCreatedReport,
    OadrDistributeEvent, OadrEvent, OadrPendingReports, OadrRegisteredReport, OadrResponse,
    OadrUpdatedReport,
};
use oadr_schemas::openadr::{Code, Message};

use super::State;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::text("schema-broken", "base-wellformed", "an element is misspelt", |text| {
        text.replace("pyld:requestID", "pyld:requestId").replace(":oadrPoll", ":oadrpoll")
    }),
    Fault::text("offset-times", "base-wellformed", "times end in +00:00", |text| {
        edit_times(&text, |time| format!("{}+00:00", time.trim_end_matches('Z')))
    }),
    Fault::text("schema-location", "base-wellformed", "schemaLocation is sent", |text| {
        let hint = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                    xsi:schemaLocation=\"http://openadr.org/oadr-2.0b/2012/07 oadr_20b.xsd\"";
        text.replacen("oadrPayload ", &format!("oadrPayload {} ", hint.trim()), 1)
    }),
    Fault::text("no-version", "base-wellformed", "schemaVersion is left out", |text| {
        text.replace(" ei:schemaVersion=\"2.0b\"", "")
    }),
    Fault::message("no-ven-id", "base-wellformed", "metadata carry no venID", |message| {
        if let Message::OadrRegisterReport(register) = message {
            register.ven_id = None;
        }
    }),
    Fault::message(
        "another-ven-id",
        "base-wellformed",
        "answers to events name another venID",
        |m| {
            if let Message::OadrCreatedEvent(created) = m {
                created.ei_created_event.ven_id.push('x');
            }
        },
    ),
    Fault::inside(
        "stumbles-over-fractions",
        "base-tolerant-receiver",
        "a document with a fraction of a second is not read",
    ),
    Fault::inside(
        "stumbles-over-empty",
        "base-tolerant-receiver",
        "a document with an empty optional element is not read",
    ),
    Fault::inside(
        "performs-anything",
        "base-missing-or-wrong",
        "oadrRequestEvent is answered as a VTN would",
    ),
    Fault::inside(
        "overlooks-missing",
        "base-missing-or-wrong",
        "intervals without durations are taken as good",
    ),
    Fault::inside("any-case-of-vtn", "base-wrong-id", "the vtnID is compared without its case"),
    Fault::inside("any-case-of-ven", "base-wrong-id", "the venID is compared without its case"),
    Fault::inside("any-ven-id", "base-wrong-id", "messages to other VENs are acted on"),
];

/// The refusal of what is not to be acted on.
pub fn check(state: &State, message: &Message) -> Option<Message> {
    if !is_for_vens(message) {
        if state.faults.has("performs-anything") && message.name() == "oadrRequestEvent" {
            return Some(perform(state));
        }
        let why = format!("{} is never sent to a VEN", message.name());
        return Some(refusal(state, message, Code::NotCompliant, &why));
    }
    let own = state.registration.ven_id.as_deref().unwrap_or_default();
    let same = |found: &str| {
        found == own
            || (state.faults.has("any-case-of-ven") && found.eq_ignore_ascii_case(own))
            || state.faults.has("any-ven-id")
    };
    if message.ven_id().is_some_and(|found| !same(found)) {
        return Some(refusal(state, message, Code::InvalidId, "another venID is registered"));
    }
    let Message::OadrDistributeEvent(list) = message else { return None };
    let all_lack = !list.oadr_event.is_empty() && list.oadr_event.iter().all(lacks_durations);
    (all_lack && !state.faults.has("overlooks-missing")).then(|| incomplete(own, list))
}

/// Whether a document that came cannot be read, by its faults.
pub fn stumbles(state_faults: crate::fault::Faults, document: &str) -> bool {
    let fraction = document.contains(".123Z");
    let empty = document.contains("testEvent/>") || document.contains("testEvent></");
    (fraction && state_faults.has("stumbles-over-fractions"))
        || (empty && state_faults.has("stumbles-over-empty"))
}

fn is_for_vens(message: &Message) -> bool {
    matches!(
        message,
        Message::OadrDistributeEvent(_)
            | Message::OadrRegisterReport(_)
            | Message::OadrCreateReport(_)
            | Message::OadrCancelReport(_)
            | Message::OadrUpdateReport(_)
            | Message::OadrCreatedReport(_)
            | Message::OadrCancelPartyRegistration(_)
            | Message::OadrRequestReregistration(_)
            | Message::OadrResponse(_)
    )
}

fn lacks_durations(event: &OadrEvent) -> bool {
    let signals = &event.ei_event.ei_event_signals.ei_event_signal;
    let mut intervals = signals.iter().flat_map(|signal| &signal.intervals.interval);
    intervals.any(|interval| interval.duration.is_none())
}

/// Rule 33: missing information is 459, told for each event.
fn incomplete(ven_id: &str, list: &OadrDistributeEvent) -> Message {
    let answers = list.oadr_event.iter().map(|event| {
        let event = &event.ei_event;
        let id = QualifiedEventID::new(event.id(), event.modification_number());
        EventResponse::new(id, OptType::OptOut, Code::NotCompliant, list.request_id.as_str())
    });
    OadrCreatedEvent::answering(ven_id, answers.collect()).into()
}

/// An error in the payload that would answer.
pub fn refusal(state: &State, message: &Message, code: Code, why: &str) -> Message {
    let id = message.request_id().unwrap_or_default();
    let (schema_version, ven_id) = (None, state.registration.ven_id.clone());
    let ei_response = EiResponse::error(code, why, id);
    let oadr_pending_reports = OadrPendingReports::default();
    match message {
        Message::OadrCreateReport(_) => {
            OadrCreatedReport { schema_version, ei_response, oadr_pending_reports, ven_id }.into()
        }
        Message::OadrCancelReport(_) => {
            OadrCanceledReport { schema_version, ei_response, oadr_pending_reports, ven_id }.into()
        }
        Message::OadrRegisterReport(_) => {
            let oadr_report_request = Vec::new();
            OadrRegisteredReport { schema_version, ei_response, oadr_report_request, ven_id }.into()
        }
        Message::OadrUpdateReport(_) => {
            OadrUpdatedReport { schema_version, ei_response, oadr_cancel_report: None, ven_id }
                .into()
        }
        Message::OadrCancelPartyRegistration(cancel) => {
            let registration_id = Some(cancel.registration_id.clone());
            OadrCanceledPartyRegistration { schema_version, ei_response, registration_id, ven_id }
                .into()
        }
        _ => OadrResponse { schema_version, ei_response, ven_id }.into(),
    }
}

fn perform(state: &State) -> Message {
    OadrDistributeEvent {
        schema_version: None,
        ei_response: Some(EiResponse::ok("")),
        request_id: "performed".to_owned(),
        vtn_id: state.registration.vtn_id.clone(),
        oadr_event: Vec::new(),
    }
    .into()
}

/// Each `…T…Z` between tags, as `edit` makes it.
fn edit_times(text: &str, edit: impl Fn(&str) -> String) -> String {
    let parts = text.split('>').map(|part| match part.split_once('<') {
        Some((time, tag)) if time.ends_with('Z') && time.contains('T') => {
            format!("{}<{tag}", edit(time))
        }
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join(">")
}
