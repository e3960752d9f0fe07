//! The one report this VTN has itself: its metadata, sent when a VEN asks for them. OpenADR 2.0b
//! Profile, rules 301, 303, 304, 327, 329, 336, 345, 510.

use jiff::Timestamp;
use oadr_schemas::openadr::oadr::{OadrCancelReport, OadrPendingReports, OadrReportRequest};
use oadr_store::{Batch, Read};

use crate::error::Error;
use crate::ids::named;
use crate::outbox;
use crate::record::Item;

/// Adds to the batch: metadata are sent once for each METADATA request. Periodic ones count as
/// one-shot, there being no report (rule 510). Gives what is to come (rule 329).
///
/// # Errors
/// 452 for anything but metadata (rule 304), 459 or 454 for a reportRequestID that is empty or too
/// long; [`Error::Clash`] if more than `most` would wait.
pub(crate) fn ask(
    view: &impl Read,
    batch: &mut Batch,
    (ven, most): (&str, usize),
    (requests, now): (&[OadrReportRequest], Timestamp),
) -> Result<OadrPendingReports, Error> {
    let mut items = Vec::new();
    for request in requests {
        if request.report_specifier.report_specifier_id != "METADATA" {
            return Err(Error::invalid_id(304, "reportSpecifierID"));
        }
        named(303, "reportRequestID", &request.report_request_id)?;
        items.push(Item::RegisterReport {
            // Deterministic, so that the same request again queues nothing new.
            request_id: format!("metadata-{}", request.report_request_id),
            report_request_id: Some(request.report_request_id.clone()),
        });
    }
    let mut to_come: Vec<String> =
        outbox::waiting(view, ven)?.iter().filter_map(request_of).map(str::to_owned).collect();
    for id in items.iter().filter_map(request_of) {
        if !to_come.iter().any(|known| known == id) {
            to_come.push(id.to_owned());
        }
    }
    if !items.is_empty() {
        outbox::queue(view, batch, (ven, most), (items, now))?;
    }
    Ok(to_come.into_iter().collect())
}

/// Adds to the batch: these reports are not sent, unless one more is to follow (rule 345): there
/// is no more than one. Gives what is to come all the same (rule 329).
///
/// # Errors
/// 452 if one of them is not under way (rule 304): then all stay.
pub(crate) fn cancel(
    view: &impl Read,
    batch: &mut Batch,
    ven: &str,
    cancel: &OadrCancelReport,
) -> Result<OadrPendingReports, Error> {
    let (waiting, out) = (outbox::waiting(view, ven)?, outbox::unanswered(view, ven)?);
    let wanted =
        |id: &str| cancel.report_to_follow || !cancel.report_request_id.iter().any(|c| c == id);
    for id in &cancel.report_request_id {
        let mut under_way = waiting.iter().chain(&out).filter_map(request_of);
        if !under_way.any(|known| known == id) {
            return Err(Error::invalid_id(304, "reportRequestID"));
        }
    }
    outbox::drop_if(view, batch, ven, |item| request_of(item).is_some_and(|id| !wanted(id)))?;
    Ok(waiting.iter().filter_map(request_of).filter(|id| wanted(id)).collect())
}

/// The request that this VTN's metadata answer.
fn request_of(item: &Item) -> Option<&str> {
    match item {
        Item::RegisterReport { report_request_id, .. } => report_request_id.as_deref(),
        _ => None,
    }
}
