//! Reports: what the VTN asks for and calls off. OpenADR 2.0b Profile, 8.3, rules 300 to
//! 346; this VEN reports and never asks for reports.
//!
//! | file | what |
//! |---|---|
//! | `metadata.rs` | what there is to report |
//! | `request.rs` | whether a request makes sense, and what it means |
//! | `sample.rs` | reading the site in the background |
//! | `rows.rs` | readings as the intervals of a report |
//! | `deliver.rs` | reports that are due, oldest first |

mod deliver;
mod metadata;
mod request;
mod rows;
mod sample;

use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCanceledReport, OadrCreateReport, OadrCreatedReport, OadrPendingReports,
    OadrRegisterReport, OadrRegisteredReport, OadrReportRequest,
};
use oadr_schemas::openadr::{Code, check::Fault};
use oadr_store::{Batch, Keys, Read};

pub(crate) use deliver::{deliver, due};
pub(crate) use metadata::metadata;
pub(crate) use sample::sample;

use crate::context::{Context, Trouble};
use crate::outbox;
use crate::service::poll::refuse;
use crate::tables::{REQUESTS, ReportRequest, Reported};

/// oadrCreateReport: all of it is taken, or nothing.
pub(crate) async fn create(cx: &mut Context<'_>, ask: OadrCreateReport) -> Result<(), Trouble> {
    match accept(cx, &ask.oadr_report_request) {
        Ok(taken) => {
            let mut batch = Batch::new();
            let answer = created(cx, EiResponse::ok(ask.request_id), &taken.pending)?;
            outbox::push(cx, &mut batch, answer)?;
            show(cx, &mut batch, taken)?;
            Ok(cx.store.commit(batch).await?)
        }
        Err(Objection::Fault(fault)) => refuse(cx, &ask.into(), fault.code, &fault.what).await,
        Err(Objection::Trouble(trouble)) => Err(trouble),
    }
}

/// Adds to the batch: the requests that came with the answer to our metadata (rule 344), and
/// the oadrCreatedReport owed for them.
pub(crate) async fn piggybacked(
    cx: &mut Context<'_>,
    batch: &mut Batch,
    registered: OadrRegisteredReport,
) -> Result<(), Trouble> {
    if registered.oadr_report_request.is_empty() {
        return Ok(());
    }
    let request_id = registered.ei_response.request_id;
    match accept(cx, &registered.oadr_report_request) {
        Ok(accepted) => {
            let answer = created(cx, EiResponse::ok(request_id), &accepted.pending)?;
            outbox::push(cx, batch, answer)?;
            show(cx, batch, accepted)?;
        }
        Err(Objection::Fault(fault)) => {
            let error = EiResponse::error(fault.code, fault.what, request_id);
            let answer = created(cx, error, &pending(cx.store)?.report_request_id)?;
            outbox::push(cx, batch, answer)?;
        }
        Err(Objection::Trouble(trouble)) => return Err(trouble),
    }
    Ok(())
}

/// oadrCancelReport: all of it is done, or nothing. Rules 336, 345.
pub(crate) async fn cancel(cx: &mut Context<'_>, ask: OadrCancelReport) -> Result<(), Trouble> {
    for id in &ask.report_request_id {
        if !REQUESTS.contains(cx.store, id)? {
            let words = format!("no report {id} is under way");
            return refuse(cx, &ask.into(), Code::InvalidId, &words).await;
        }
    }
    let mut batch = Batch::new();
    call_off(cx, &mut batch, &ask)?;
    let mut left = pending(cx.store)?;
    left.report_request_id.retain(|id| ask.report_to_follow || !ask.report_request_id.contains(id));
    let answer = OadrCanceledReport {
        schema_version: None,
        ei_response: EiResponse::ok(ask.request_id),
        oadr_pending_reports: left,
        ven_id: Some(cx.registration()?.ven_id),
    };
    outbox::push(cx, &mut batch, answer)?;
    Ok(cx.store.commit(batch).await?)
}

/// Adds to the batch: these reports end, after one more if that is wished (rule 345). What
/// is unknown is passed over.
fn call_off(cx: &Context<'_>, batch: &mut Batch, ask: &OadrCancelReport) -> Result<(), Trouble> {
    for id in &ask.report_request_id {
        match REQUESTS.get(cx.store, id)? {
            Some(request) if ask.report_to_follow => {
                REQUESTS.put(batch, id, &ReportRequest { last: true, ..request })?;
            }
            Some(_) => REQUESTS.delete(batch, id),
            None => {}
        }
    }
    Ok(())
}

/// oadrRegisterReport: the VTN's own metadata, of which nothing is wanted. Rule 301.
pub(crate) async fn register(
    cx: &mut Context<'_>,
    metadata: OadrRegisterReport,
) -> Result<(), Trouble> {
    let answer = OadrRegisteredReport {
        schema_version: None,
        ei_response: EiResponse::ok(metadata.request_id),
        oadr_report_request: Vec::new(),
        ven_id: Some(cx.registration()?.ven_id),
    };
    let mut batch = Batch::new();
    outbox::push(cx, &mut batch, answer)?;
    Ok(cx.store.commit(batch).await?)
}

/// The reportRequestIDs of all reports still to come. Rule 329.
pub(crate) fn pending(store: &impl Read) -> Result<OadrPendingReports, oadr_store::Error> {
    Ok(REQUESTS.range(store, Keys::all())?.into_iter().map(|(id, _)| id).collect())
}

/// Why a request is not taken.
enum Objection {
    Fault(Fault),
    Trouble(Trouble),
}

impl From<Fault> for Objection {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<oadr_store::Error> for Objection {
    fn from(error: oadr_store::Error) -> Self {
        Self::Trouble(error.into())
    }
}

/// Requests that were taken.
struct Accepted {
    fresh: Vec<ReportRequest>,
    /// reportRequestIDs of METADATA requests to be answered at once.
    metadata: Vec<String>,
    pending: Vec<String>,
}

/// Judges requests together; nothing is changed.
fn accept(cx: &Context<'_>, asked: &[OadrReportRequest]) -> Result<Accepted, Objection> {
    let mut accepted = Accepted {
        fresh: Vec::new(),
        metadata: Vec::new(),
        pending: pending(cx.store)?.report_request_id,
    };
    for one in asked {
        let id = &one.report_request_id;
        let request = request::understood(cx, one)?;
        match REQUESTS.get(cx.store, id)? {
            // The same request again: our answer was lost. What is under way goes on.
            Some(known) if request::is_the_same(&known, &request) => continue,
            Some(_) => {
                let what = format!("reportRequestID {id} is taken by another report");
                return Err(Fault::new(322, Code::InvalidId, what).into());
            }
            None if accepted.fresh.iter().any(|fresh| fresh.id == *id) => {
                let what = format!("reportRequestID {id} is there twice");
                return Err(Fault::new(322, Code::InvalidId, what).into());
            }
            None => {}
        }
        if request.what == Reported::Metadata && request.back.is_zero() {
            accepted.metadata.push(id.clone());
        } else {
            accepted.pending.push(id.clone());
            accepted.fresh.push(request);
        }
    }
    Ok(accepted)
}

/// Adds to the batch what was taken, and the metadata that is owed at once.
fn show(cx: &mut Context<'_>, batch: &mut Batch, taken: Accepted) -> Result<(), Trouble> {
    if !taken.metadata.is_empty() {
        metadata::drop_reports(cx, batch)?;
    }
    for id in taken.metadata {
        let ven_id = cx.registration()?.ven_id;
        let message = metadata(cx, &ven_id, Some(id));
        outbox::push(cx, batch, message)?;
    }
    for request in taken.fresh {
        REQUESTS.put(batch, &request.id, &request)?;
    }
    Ok(())
}

fn created(
    cx: &Context<'_>,
    ei_response: EiResponse,
    pending: &[String],
) -> Result<OadrCreatedReport, Trouble> {
    Ok(OadrCreatedReport {
        schema_version: None,
        ei_response,
        oadr_pending_reports: pending.iter().cloned().collect(),
        ven_id: Some(cx.registration()?.ven_id),
    })
}
