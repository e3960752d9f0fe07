//! An oadrCreateOpt by itself. OpenADR 2.0b Profile, rules 200, 206, 209.

use super::{Fault, check_device_classes};
use crate::openadr::Code;
use crate::openadr::oadr::OadrCreateOpt;
use crate::openadr::xcal::Vavailability;

/// Holds an opt against the rules that need nothing but the message.
///
/// # Errors
/// Rule 206 if it qualifies an event and yet has a schedule or market context, or has
/// neither event nor schedule; 200 if the schedule holds more than times; 209 if
/// oadrDeviceClass holds anything but device classes.
pub fn check_opt(opt: &OadrCreateOpt) -> Result<(), Fault> {
    let fault = |what: &str| Err(Fault::new(206, Code::NotCompliant, what));
    match (&opt.qualified_event_id, &opt.vavailability) {
        (Some(_), Some(_)) => return fault("an opt with an event has no vavailability"),
        (Some(_), None) if opt.market_context.is_some() => {
            return fault("an opt with an event has no marketContext");
        }
        (None, None) => return fault("an opt has an event or a vavailability"),
        (None, Some(schedule)) => check_schedule(schedule)?,
        (Some(_), None) => {}
    }
    check_device_classes(209, "oadrDeviceClass", opt.oadr_device_class.as_ref())
}

fn check_schedule(schedule: &Vavailability) -> Result<(), Fault> {
    if schedule.components.available.is_empty() {
        let what = "the vavailability holds no time";
        return Err(Fault::new(206, Code::NotCompliant, what));
    }
    for (k, available) in schedule.components.available.iter().enumerate() {
        let p = &available.properties;
        let extra = [
            ("tolerance", p.tolerance.is_some()),
            ("x-eiNotification", p.x_ei_notification.is_some()),
            ("x-eiRampUp", p.x_ei_ramp_up.is_some()),
            ("x-eiRecovery", p.x_ei_recovery.is_some()),
        ];
        if let Some((name, _)) = extra.iter().find(|(_, there)| *there) {
            let what = format!("available {k} of the vavailability has {name}");
            return Err(Fault::new(200, Code::NotCompliant, what));
        }
        if p.duration.duration.negative && !p.duration.duration.is_zero() {
            let what = format!("available {k} of the vavailability has a negative duration");
            return Err(Fault::new(200, Code::InvalidData, what));
        }
    }
    Ok(())
}
