//! OadrPoll of the VEN in miniature. Rules 500, 501.

use jiff::Timestamp;
use oadr_schemas::openadr::oadr::OadrPoll;
use oadr_schemas::openadr::{Code, Message};

use super::{State, event, register_party};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("one-a-poll", "poll-drain", "only one payload is fetched at a time"),
    Fault::inside("answers-later", "poll-drain", "what a poll brings is never answered"),
    Fault::inside(
        "hurt-by-silence",
        "poll-drain",
        "it never polls again after a poll that was not answered",
    ),
    Fault::inside("polls-fast", "poll-pace", "it polls every two seconds"),
    Fault::inside("never-polls", "poll-pace", "it does not poll"),
    Fault::inside("fetches-events", "poll-pace", "it polls by oadrRequestEvent"),
    Fault::message("registers-as-push", "poll-pace", "a PULL VEN registers as PUSH", |message| {
        if let Message::OadrCreatePartyRegistration(create) = message {
            create.oadr_http_pull_model = Some(false);
            create.oadr_transport_address = Some("https://localhost:1/".to_owned());
        }
    }),
    Fault::inside("polls-in-push", "poll-not-in-push", "a PUSH VEN polls"),
];

/// When it polls.
#[derive(Default)]
pub struct Polls {
    /// Seconds between.
    pub every_s: i64,
    /// The next.
    pub next: Option<Timestamp>,
    /// It polls no more.
    pub hurt: bool,
}

/// Polls until nothing waits, if it is time (rule 500).
pub async fn step(state: &mut State) {
    let due = state.polls.next.is_none_or(|next| next <= state.now);
    let off = state.polls.hurt || state.faults.has("never-polls");
    if state.registration.id.is_none() || !due || off {
        return;
    }
    let every_s = if state.faults.has("polls-fast") { 2 } else { state.polls.every_s };
    state.polls.next = Some(state.in_s(every_s));
    if state.faults.has("fetches-events") {
        event::fetch(state).await;
    }
    let most = if state.faults.has("one-a-poll") { 1 } else { MOST };
    for _ in 0..most {
        let Some(ven_id) = state.registration.ven_id.clone() else { return };
        match state.say(OadrPoll { schema_version: None, ven_id }).await {
            None => {
                if state.link.away {
                    state.polls.next = Some(state.link.quiet_until);
                    state.polls.hurt = state.faults.has("hurt-by-silence");
                }
                return;
            }
            Some(Message::OadrResponse(response)) => {
                let code = Code::try_from(&response.ei_response.response_code);
                if code == Ok(Code::NotRegistered) {
                    register_party::forget(state);
                }
                return;
            }
            Some(message) if state.faults.has("answers-later") => drop(message),
            Some(message) => state.receive(message).await,
        }
        if state.registration.id.is_none() {
            return;
        }
    }
}

const MOST: usize = 40;
