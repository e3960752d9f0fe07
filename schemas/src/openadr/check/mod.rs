//! The rules a message can be held against by itself. OpenADR 2.0b Profile,
//! section 11.2. Pure functions: the first broken rule is the answer.

mod event;
mod fault;
mod metadata;
mod opt;
mod registration;
mod report;
mod request;
mod signals;
#[cfg(test)]
mod tests;

pub use event::check_event;
pub use fault::Fault;
pub use metadata::check_report_metadata;
pub use opt::check_opt;
pub use registration::check_registration;
pub use report::{Sampled, check_report_data, check_report_kind};
pub use request::check_report_request;
pub use signals::{Row, SIGNALS, Unit, Values, check_signal};

use super::Code;
use super::ei::EiTarget;
use super::target::{Target, is_device_class};

/// A target that may hold device classes alone, and is left out when empty (rules 111,
/// 209, 307).
fn check_device_classes(rule: u16, place: &str, target: Option<&EiTarget>) -> Result<(), Fault> {
    let Some(target) = target else { return Ok(()) };
    if target.is_empty() {
        let what = format!("{place} names no device class; leave the element out");
        return Err(Fault::new(rule, Code::NotCompliant, what));
    }
    for criterion in target.criteria() {
        let Target::EndDeviceAsset(mrid) = criterion else {
            let what = format!("{place} may hold endDeviceAsset alone, not {criterion:?}");
            return Err(Fault::new(rule, Code::NotCompliant, what));
        };
        if !is_device_class(mrid) {
            let what = format!("{place}: {mrid} is no device class (one of one's own begins x-)");
            return Err(Fault::new(rule, Code::InvalidData, what));
        }
    }
    Ok(())
}
