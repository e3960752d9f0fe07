//! Reports that are due, oldest first; after an outage until nothing is left behind. A report
//! counts as sent when the VTN says so, not before. OpenADR 2.0b Profile, rules 324, 325,
//! 328, 345, 346.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::oadr::{OadrCancelReport, OadrUpdateReport};
use oadr_store::{Batch, Keys};

use super::metadata::{drop_reports, metadata};
use super::{call_off, rows};
use crate::context::{Context, Trouble};
use crate::outbox;
use crate::tables::{REQUESTS, ReportRequest, Reported};

/// Sends the reports that are due.
pub(crate) async fn deliver(cx: &mut Context<'_>) -> Result<(), Trouble> {
    for _ in 0..MOST_IN_ONE_STEP {
        let mut waiting = Vec::new();
        for (_, request) in REQUESTS.range(cx.store, Keys::all())? {
            let request = within_backlog(cx, request);
            waiting.extend(due_at(cx, &request)?.map(|at| (at, request)));
        }
        let next = waiting.into_iter().min_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
        let Some((_, request)) = next.filter(|(at, _)| *at <= cx.now) else { return Ok(()) };
        match request.what {
            Reported::Metadata => show_metadata(cx, request).await?,
            _ => send(cx, request).await?,
        }
    }
    Ok(())
}

/// When the next report is due.
pub(crate) fn due(cx: &Context<'_>) -> Result<Option<Timestamp>, Trouble> {
    let mut next = None;
    for (_, request) in REQUESTS.range(cx.store, Keys::all())? {
        next = next.into_iter().chain(due_at(cx, &request)?).min();
    }
    Ok(next)
}

/// Once: now. Periodic: when its last reading exists, which for readings as far apart as
/// reports is at once (table of report flows).
fn due_at(cx: &Context<'_>, request: &ReportRequest) -> Result<Option<Timestamp>, Trouble> {
    if request.what == Reported::Metadata || request.back.is_zero() {
        return Ok(Some(request.cursor));
    }
    // Without rows it is over, and is cleared away when it is looked at.
    Ok(rows::instants(cx, request)?.0.last().copied().or(Some(request.cursor)))
}

/// Periodic metadata (rule 324): once more, then in a while.
async fn show_metadata(cx: &mut Context<'_>, request: ReportRequest) -> Result<(), Trouble> {
    let mut batch = Batch::new();
    let ven_id = cx.registration()?.ven_id;
    let message = metadata(cx, &ven_id, Some(request.id.clone()));
    outbox::push(cx, &mut batch, message)?;
    drop_reports(cx, &mut batch)?;
    match request.cursor.max(cx.now).checked_add(request.back) {
        Ok(cursor) if !request.last => {
            REQUESTS.put(&mut batch, &request.id, &ReportRequest { cursor, ..request.clone() })?;
        }
        _ => REQUESTS.delete(&mut batch, &request.id),
    }
    cx.store.commit(batch).await?;
    outbox::flush(cx).await
}

async fn send(cx: &mut Context<'_>, request: ReportRequest) -> Result<(), Trouble> {
    let (instants, after) = rows::instants(cx, &request)?;
    let mut batch = Batch::new();
    let over = request.end.is_some_and(|end| after >= end);
    if instants.is_empty() {
        REQUESTS.delete(&mut batch, &request.id);
        return Ok(cx.store.commit(batch).await?);
    }
    let report = rows::report(cx, &request, &instants).await?;
    let update = OadrUpdateReport {
        schema_version: None,
        // The same each time it is sent.
        request_id: format!("{}-{}", request.id, request.cursor.as_millisecond()),
        oadr_report: vec![report],
        ven_id: Some(cx.registration()?.ven_id),
    };
    let called_off = match cx.ask(update).await {
        Ok(updated) => updated.oadr_cancel_report,
        Err(Trouble::Refused(told)) => {
            tracing::warn!(report = request.id, told, "the VTN refuses a report");
            told.starts_with("452").then(|| unwanted(&request.id))
        }
        Err(trouble) => return Err(trouble),
    };
    match request.back.is_zero() || request.last || over {
        true => REQUESTS.delete(&mut batch, &request.id),
        false => {
            let sent = ReportRequest { cursor: after, ..request.clone() };
            REQUESTS.put(&mut batch, &request.id, &sent)?;
        }
    }
    cx.store.commit(batch).await?;
    // Rule 328: no answer is owed for these.
    if let Some(cancel) = called_off {
        let mut batch = Batch::new();
        call_off(cx, &mut batch, &cancel)?;
        cx.store.commit(batch).await?;
    }
    Ok(())
}

/// A VTN that does not know the report any more does not want it.
fn unwanted(id: &str) -> OadrCancelReport {
    OadrCancelReport {
        schema_version: None,
        request_id: String::new(),
        report_request_id: vec![id.to_owned()],
        report_to_follow: false,
        ven_id: None,
    }
}

/// Gives up what is older than the backlog, in whole reports.
fn within_backlog(cx: &Context<'_>, request: ReportRequest) -> ReportRequest {
    let back = i64::try_from(request.back.as_millis()).unwrap_or(i64::MAX);
    let oldest = SignedDuration::try_from(cx.settings.backlog_up_to)
        .ok()
        .and_then(|backlog| cx.now.checked_sub(backlog).ok())
        .unwrap_or(Timestamp::MIN);
    if back == 0 || request.what == Reported::Metadata || request.cursor >= oldest {
        return request;
    }
    let late = oldest.as_millisecond().saturating_sub(request.cursor.as_millisecond());
    let skip = back.saturating_mul(late.saturating_add(back - 1) / back);
    let cursor = request.cursor.checked_add(SignedDuration::from_millis(skip));
    ReportRequest { cursor: cursor.unwrap_or(request.cursor), ..request }
}

/// After a long outage the events must not wait for the reports.
const MOST_IN_ONE_STEP: usize = 50;
