//! OadrPoll of the VTN in miniature. Rules 500 to 502.

use oadr_conformance::wire::server::{Reaction, Request};
use oadr_schemas::openadr::oadr::{OadrPoll, OadrResponse};
use oadr_schemas::openadr::{self, Code, Message};

use super::{Model, State, ok, wire};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("poll-loses-reports", "poll-one-each", "report requests never come"),
    Fault::inside("poll-never-ends", "poll-one-each", "an empty list follows the last payload"),
    Fault::inside("late-answers-refused", "poll-one-each", "oadrCreatedReport is refused"),
    Fault::inside("poll-stuck", "poll-unanswered", "an unanswered payload is waited for for ever"),
    Fault::inside("poll-error", "poll-unanswered", "an unanswered payload makes polls fail"),
    Fault::inside("poll-refused", "poll-unanswered", "polls are refused until an answer comes"),
    Fault::inside("poll-anywhere", "poll-not-in-push", "any service takes any payload"),
];

/// oadrPoll: one payload, or oadrResponse.
pub fn poll(state: &mut State, poll: OadrPoll) -> Message {
    let lossy = state.faults.has("poll-loses-reports");
    let next = state.parties.ven(&poll.ven_id).and_then(|own| {
        own.queue.retain(|one| !lossy || !matches!(one, Message::OadrCreateReport(_)));
        own.queue.pop_front()
    });
    match next {
        // Listed as it is now, not as it was when it was put there.
        Some(Message::OadrDistributeEvent(_)) => super::event::list(state, &poll.ven_id).into(),
        Some(message) => message,
        None if state.faults.has("poll-never-ends") => super::event::list(state, "nobody").into(),
        None => ok("").with_ven_id(poll.ven_id).into(),
    }
}

/// With the faults that know no end to waiting, how a poll is met while a payload is unanswered.
pub fn stalled(model: &Model, request: &Request) -> Option<Reaction> {
    let faults = &model.0.faults;
    if !["poll-stuck", "poll-error", "poll-refused"].iter().any(|name| faults.has(name)) {
        return None;
    }
    let is_poll = request.message.start.contains("/OadrPoll ");
    let thumbprint = request.peer.thumbprint.to_string();
    let mut state = model.state();
    let own = state.parties.by_print.get_mut(&thumbprint)?.registration.as_mut()?;
    let waits = own.polled && is_poll;
    // Anything that is no poll may be the answer.
    own.polled = is_poll;
    match waits {
        true if faults.has("poll-stuck") => Some(wire::silence()),
        true if faults.has("poll-refused") => {
            let refusal = OadrResponse::error(Code::NotAllowed, "an answer is due", "");
            Some(Reaction::Answer(wire::document(openadr::encode(refusal.into(), None))))
        }
        true => Some(Reaction::Answer(wire::status(500))),
        false => None,
    }
}

/// oadrResponse: a late answer.
pub fn response(_: &mut State, response: OadrResponse) -> OadrResponse {
    ok(&response.ei_response.request_id)
}
