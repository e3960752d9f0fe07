//! What the VTN in miniature refuses whatever the service. Rules 33, 48.

use oadr_schemas::openadr::Message;

use super::State;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// A refusal of what the schema lets through and a rule does not; `None`: go on.
pub fn check(_: &mut State, _: &Message) -> Option<Message> {
    None
}
