//! HTTP of the VEN in miniature: how long to leave a silent VTN alone. OpenADR 2.0b Profile 9.1.7.

use jiff::{SignedDuration, Timestamp};

use super::link::Link;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// Minds how an exchange went: after a failure the VTN is left alone, twice as long each time, up
/// to a minute.
pub fn mind(link: &mut Link, status: Option<u16>, now: Timestamp) {
    match status {
        None | Some(503 | 500) => {
            let pause = SignedDuration::from_secs(link.pause_s);
            link.quiet_until = now.saturating_add(pause).unwrap_or(now);
            link.pause_s = (link.pause_s * 2).min(60);
        }
        Some(_) => link.pause_s = 1,
    }
}
