//! OadrPoll of the VTN in miniature. Rules 500 to 502.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::oadr::{OadrPoll, OadrResponse};

use super::{State, ok};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// oadrPoll: one payload, or oadrResponse.
pub fn poll(state: &mut State, poll: OadrPoll) -> Message {
    let next = state.parties.ven(&poll.ven_id).and_then(|own| own.queue.pop_front());
    match next {
        // Listed as it is now, not as it was when it was put there.
        Some(Message::OadrDistributeEvent(_)) => super::event::list(state, &poll.ven_id).into(),
        Some(message) => message,
        None => ok("").with_ven_id(poll.ven_id).into(),
    }
}

/// oadrResponse: a late answer.
pub fn response(_: &mut State, response: OadrResponse) -> OadrResponse {
    ok(&response.ei_response.request_id)
}
