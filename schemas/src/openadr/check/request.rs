//! An oadrReportRequest by itself. OpenADR 2.0b Profile, rules 321, 338.

use super::Fault;
use crate::openadr::Code;
use crate::openadr::ei::ReadingType;
use crate::openadr::oadr::OadrReportRequest;

/// Holds a report request against the rules that need nothing but the request.
///
/// # Errors
/// Rule 321 if its interval has more than start and duration or if it names a unit,
/// 338 if a readingType is not `x-notApplicable`.
pub fn check_report_request(request: &OadrReportRequest) -> Result<(), Fault> {
    let specifier = &request.report_specifier;
    let place = format!("report request {}", request.report_request_id);
    if let Some(interval) = &specifier.report_interval {
        let p = &interval.properties;
        let extra = [
            ("tolerance", p.tolerance.is_some()),
            ("x-eiNotification", p.x_ei_notification.is_some()),
            ("x-eiRampUp", p.x_ei_ramp_up.is_some()),
            ("x-eiRecovery", p.x_ei_recovery.is_some()),
        ];
        if let Some((name, _)) = extra.iter().find(|(_, there)| *there) {
            let what = format!("{place}: reportInterval has {name}");
            return Err(Fault::new(321, Code::NotCompliant, what));
        }
    }
    for payload in &specifier.specifier_payload {
        if payload.item_base.is_some() {
            let what = format!("{place}: rID {} has an itemBase", payload.rid);
            return Err(Fault::new(321, Code::NotCompliant, what));
        }
        if payload.reading_type != ReadingType::XNotApplicable {
            let what = format!(
                "{place}: rID {} has the readingType {}, not x-notApplicable",
                payload.rid, payload.reading_type
            );
            return Err(Fault::new(338, Code::InvalidData, what));
        }
    }
    Ok(())
}
