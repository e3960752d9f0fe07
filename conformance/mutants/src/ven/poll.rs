//! OadrPoll of the VEN in miniature. Rules 500, 501.

use jiff::Timestamp;
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::oadr::OadrPoll;

use super::State;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// When it polls.
#[derive(Default)]
pub struct Polls {
    /// Seconds between.
    pub every_s: i64,
    /// The next.
    pub next: Option<Timestamp>,
}

/// Polls until nothing waits, if it is time (rule 500).
pub async fn step(state: &mut State) {
    if state.registration.id.is_none() || state.polls.next.is_some_and(|next| next > state.now) {
        return;
    }
    state.polls.next = Some(state.in_s(state.polls.every_s));
    for _ in 0..MOST {
        let Some(ven_id) = state.registration.ven_id.clone() else { return };
        match state.say(OadrPoll { schema_version: None, ven_id }).await {
            None | Some(Message::OadrResponse(_)) => return,
            Some(message) => state.receive(message).await,
        }
        if state.registration.id.is_none() {
            return;
        }
    }
}

const MOST: usize = 40;
