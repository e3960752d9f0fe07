//! EiReport. OpenADR 2.0b Profile, section 8.3 and rules 300 to 346.
//!
//! This VTN asks and receives. Of its own it has no report to offer: its metadata is an
//! oadrRegisterReport without oadrReport (rules 301, 510).

use std::collections::BTreeSet;

use oadr_platform::aggregator::Notice;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::{EiResponse, ResponseCode};
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCanceledReport, OadrCreateReport, OadrCreatedReport, OadrPendingReports,
    OadrRegisterReport, OadrRegisteredReport, OadrReportRequest, OadrResponse, OadrUpdateReport,
    OadrUpdatedReport,
};
use oadr_store::{Batch, Keys, Stored};

use crate::context::Context;
use crate::error::Error;
use crate::outbox;
use crate::record::{Item, ReportRequest, RequestState};
use crate::report::{
    Answer, Reported, from_wishes, notices, on_the_wire, own, read_metadata, record, start_anew,
};
use crate::tables::{METADATA, REPORT_REQUESTS};

/// Takes what a VEN offers in place of what it offered before, and asks for what the settings
/// wish. Rules 306, 311, 344.
///
/// # Errors
/// The broken rule of the metadata; 454 if it has more data points than are kept here.
pub(crate) async fn register_report(
    cx: &Context<'_>,
    register: &OadrRegisterReport,
) -> Result<OadrRegisteredReport, Error> {
    let offered = read_metadata(register, cx.now, |fault| cx.takes(fault))?;
    let points: usize = offered.iter().map(|report| report.points.len()).sum();
    if points > cx.settings.limits.data_points {
        let most = cx.settings.limits.data_points;
        let what = format!("{points} data points are more than {most}");
        return Err(Error::rule(308, Code::InvalidData, what));
    }
    let mut batch = Batch::new();
    // Rule 306: replaces earlier metadata; whoever still wants a report requests it again.
    let answered = register.report_request_id.as_deref().filter(|id| !id.is_empty());
    let kept = start_anew(&cx.view, &mut batch, (cx.ven(), answered))?;
    outbox::drop_if(&cx.view, &mut batch, cx.ven(), |item| match item {
        Item::CreateReport { report_request_ids: ids, .. }
        | Item::CancelReport { report_request_ids: ids, .. } => {
            !ids.iter().any(|id| kept.contains(id))
        }
        _ => false,
    })?;
    for report in &offered {
        METADATA.put(&mut batch, (cx.ven(), report.specifier.as_str()), report)?;
    }
    let requests = from_wishes(&cx.settings.reports, &offered, (cx.ids, cx.now));
    let mut oadr_report_request = Vec::with_capacity(requests.len());
    for request in &requests {
        oadr_report_request.push(on_the_wire(request)?);
        REPORT_REQUESTS.put_new(&mut batch, (cx.ven(), request.id.as_str()), request)?;
    }
    cx.commit(batch).await?;
    Ok(OadrRegisteredReport {
        schema_version: None,
        ei_response: EiResponse::ok(register.request_id.as_str()),
        oadr_report_request,
        ven_id: Some(cx.ven().to_owned()),
    })
}

/// The VEN has taken this VTN's metadata. What it asks for at the same time can be metadata
/// only: there is nothing else to ask (rule 344).
///
/// # Errors
/// 452 if it asks for a report that is not offered (rule 304).
pub(crate) async fn registered_report(
    cx: &Context<'_>,
    registered: &OadrRegisteredReport,
) -> Result<OadrResponse, Error> {
    let answer = &registered.ei_response;
    let mut batch = Batch::new();
    outbox::answered(&cx.view, &mut batch, cx.ven(), |item| match item {
        Item::RegisterReport { request_id, .. } => is_answer(answer, request_id),
        _ => false,
    })?;
    asked_of_us(cx, &mut batch, &registered.oadr_report_request)?;
    cx.commit(batch).await?;
    Ok(confirmed(cx, answer))
}

/// A VEN asks for reports. Rules 301, 303, 327, 329.
///
/// # Errors
/// 452 for anything but metadata (rule 304), 459 or 454 for a reportRequestID that cannot be kept.
pub(crate) async fn create_report(
    cx: &Context<'_>,
    create: &OadrCreateReport,
) -> Result<OadrCreatedReport, Error> {
    let mut batch = Batch::new();
    let pending = asked_of_us(cx, &mut batch, &create.oadr_report_request)?;
    cx.commit(batch).await?;
    Ok(OadrCreatedReport {
        schema_version: None,
        ei_response: EiResponse::ok(create.request_id.as_str()),
        oadr_pending_reports: pending,
        ven_id: Some(cx.ven().to_owned()),
    })
}

/// The VEN says which reports it will send, to oadrCreateReport or after a request in
/// oadrRegisteredReport. Rules 329, 344.
///
/// # Errors
/// 452 if it names a request that was never made (rule 304); the others count all the same.
pub(crate) async fn created_report(
    cx: &Context<'_>,
    created: &OadrCreatedReport,
) -> Result<OadrResponse, Error> {
    let answer = &created.ei_response;
    let mut batch = Batch::new();
    let item = outbox::answered(&cx.view, &mut batch, cx.ven(), |item| match item {
        Item::CreateReport { request_id, .. } => is_answer(answer, request_id),
        _ => false,
    })?;
    let pending = &created.oadr_pending_reports.report_request_id;
    let pending: BTreeSet<&str> = pending.iter().map(String::as_str).collect();
    let asked = match &item {
        Some(Item::CreateReport { report_request_ids, .. }) => report_request_ids.as_slice(),
        _ => &[],
    };
    let mut unknown = false;
    for (_, request) in requests(cx)? {
        let id = &request.id;
        let next = match (&request.state, answer.is_ok()) {
            (RequestState::Asked, true) if pending.contains(id.as_str()) => RequestState::Running,
            (RequestState::Asked | RequestState::CancellingInAnswer(_), false)
                if asked.contains(id) || asked.is_empty() =>
            {
                refused(&answer.response_code, answer.response_description.as_deref())
            }
            _ => continue,
        };
        swap(cx, &mut batch, &request, |request| request.state = next)?;
    }
    for id in pending {
        unknown |= !REPORT_REQUESTS.contains(&cx.view, (cx.ven(), id))?;
    }
    cx.commit(batch).await?;
    if unknown {
        return Err(Error::invalid_id(304, "reportRequestID"));
    }
    Ok(confirmed(cx, answer))
}

/// Keeps what a VEN reports; tells it to stop what is to be ended in this way. Rules 304, 313 to
/// 316, 328, 335, 345, 346.
///
/// # Errors
/// 452 for a report that was not asked for (rule 304), 454 for two under one request, or the
/// broken rule. Either all reports of a message are kept or none.
pub(crate) async fn update_report(
    cx: &Context<'_>,
    update: &OadrUpdateReport,
) -> Result<OadrUpdatedReport, Error> {
    let mut batch = Batch::new();
    let mut told = Vec::new();
    let mut seen = BTreeSet::new();
    let mut answer = Answer::default();
    for report in &update.oadr_report {
        // A report holds all that is new under its request (rule 304): there is no second one,
        // and a message costs no more than what was asked for.
        if !seen.insert(report.report_request_id.as_str()) {
            let what = format!("reportRequestID {} stands twice", report.report_request_id);
            return Err(Error::rule(304, Code::InvalidData, what));
        }
        let unknown = || Error::invalid_id(304, "reportRequestID");
        let key = (cx.ven(), report.report_request_id.as_str());
        let request = REPORT_REQUESTS.load(&cx.view, key)?.ok_or_else(unknown)?;
        if matches!(request.state, RequestState::Cancelled | RequestState::Refused(..)) {
            return Err(unknown());
        }
        let key = (cx.ven(), request.specifier.as_str());
        let metadata = METADATA.get(&cx.view, key)?.ok_or_else(unknown)?;
        let reported =
            Reported::new(report, (&request, &metadata), cx.now, |fault| cx.takes(fault))?;
        record(&cx.view, &mut batch, cx.ven(), (&reported, cx.now))?;
        told.extend(notices(&reported));
        let state = answer.after_a_report(&request);
        swap(cx, &mut batch, &request, |request| {
            request.received = request.received.saturating_add(1);
            request.last = Some(cx.now);
            request.state = state;
        })?;
    }
    let oadr_cancel_report = answer.finish(cx, &mut batch)?;
    cx.commit(batch).await?;
    if !told.is_empty() {
        cx.tell(Notice::Reported { party: cx.party_id(), readings: told }).await;
    }
    Ok(OadrUpdatedReport {
        schema_version: None,
        ei_response: EiResponse::ok(update.request_id.as_str()),
        oadr_cancel_report,
        ven_id: Some(cx.ven().to_owned()),
    })
}

/// Takes the answer to an oadrUpdateReport. This VTN sends none, so there is nothing to end.
///
/// # Errors
/// 459: nothing was reported.
pub(crate) async fn updated_report(
    _cx: &Context<'_>,
    _updated: &OadrUpdatedReport,
) -> Result<OadrResponse, Error> {
    Err(Error::rule(33, Code::NotCompliant, "nothing was reported to this VEN"))
}

/// A VEN wants reports of this VTN no more: metadata that it has asked for and not acknowledged,
/// there being no others (rule 510). Rules 329, 336, 345.
///
/// # Errors
/// 452 if one of them is not under way (rule 304); then all stay.
pub(crate) async fn cancel_report(
    cx: &Context<'_>,
    cancel: &OadrCancelReport,
) -> Result<OadrCanceledReport, Error> {
    let mut batch = Batch::new();
    let oadr_pending_reports = own::cancel(&cx.view, &mut batch, cx.ven(), cancel)?;
    cx.commit(batch).await?;
    Ok(OadrCanceledReport {
        schema_version: None,
        ei_response: EiResponse::ok(cancel.request_id.as_str()),
        oadr_pending_reports,
        ven_id: Some(cx.ven().to_owned()),
    })
}

/// The VEN has stopped what it was asked to stop. Rules 329, 336, 345.
///
/// # Errors
/// Those of the store.
pub(crate) async fn canceled_report(
    cx: &Context<'_>,
    canceled: &OadrCanceledReport,
) -> Result<OadrResponse, Error> {
    let answer = &canceled.ei_response;
    let mut batch = Batch::new();
    let item = outbox::answered(&cx.view, &mut batch, cx.ven(), |item| match item {
        Item::CancelReport { request_id, .. } => is_answer(answer, request_id),
        _ => false,
    })?;
    if let Some(Item::CancelReport { report_request_ids, to_follow, .. }) = item {
        let pending = &canceled.oadr_pending_reports.report_request_id;
        for id in &report_request_ids {
            let Some(request) = REPORT_REQUESTS.load(&cx.view, (cx.ven(), id.as_str()))? else {
                continue;
            };
            // Rule 345: one more report follows; it ends the request.
            let waits = to_follow && answer.is_ok() && pending.contains(id);
            if !waits {
                swap(cx, &mut batch, &request, |request| {
                    request.state = RequestState::Cancelled;
                })?;
            }
        }
    }
    cx.commit(batch).await?;
    Ok(confirmed(cx, answer))
}

/// What a VEN asks of this VTN has half of the places, so that it does not keep the operator's out.
fn asked_of_us(
    cx: &Context<'_>,
    batch: &mut Batch,
    requests: &[OadrReportRequest],
) -> Result<OadrPendingReports, Error> {
    let ven = (cx.ven(), cx.settings.limits.outbox.div_ceil(2));
    own::ask(&cx.view, batch, ven, (requests, cx.now))
}

fn refused(code: &ResponseCode, words: Option<&str>) -> RequestState {
    let number = code.value().parse().unwrap_or(0);
    RequestState::Refused(number, words.unwrap_or_default().to_owned())
}

/// Rule 303: a requestID that has a value is repeated. An empty one answers the oldest.
fn is_answer(answer: &EiResponse, request_id: &str) -> bool {
    answer.request_id.is_empty() || answer.request_id == request_id
}

fn confirmed(cx: &Context<'_>, answer: &EiResponse) -> OadrResponse {
    OadrResponse::ok(answer.request_id.as_str()).with_ven_id(cx.ven())
}

/// The requests made to this VEN.
fn requests(cx: &Context<'_>) -> Result<Vec<(String, Stored<ReportRequest>)>, Error> {
    let mut found = Vec::new();
    for ((_, id), _) in REPORT_REQUESTS.range(&cx.view, Keys::of((cx.ven(),)))? {
        if let Some(request) = REPORT_REQUESTS.load(&cx.view, (cx.ven(), id.as_str()))? {
            found.push((id, request));
        }
    }
    Ok(found)
}

fn swap(
    cx: &Context<'_>,
    batch: &mut Batch,
    request: &Stored<ReportRequest>,
    change: impl FnOnce(&mut ReportRequest),
) -> Result<(), Error> {
    let mut changed = ReportRequest::clone(request);
    change(&mut changed);
    Ok(REPORT_REQUESTS.swap(batch, (cx.ven(), request.id.as_str()), request, &changed)?)
}
