//! What a VEN is offered next, whether it polls or is pushed to. OpenADR 2.0b Profile, section
//! 8.6, rules 309, 405, 500, 502.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCancelReport, OadrCreateReport, OadrDistributeEvent,
    OadrRegisterReport, OadrRequestReregistration,
};
use oadr_store::Batch;

use crate::context::Context;
use crate::error::Error;
use crate::event::distribute;
use crate::record::{Due, Item};
use crate::tables::DUE;
use crate::{outbox, report};

/// What waits for the VEN: this VTN's metadata first of all (rule 309), then events, then the
/// rest in order; what was not answered in time again. Adds to the batch that it is out, and
/// what is given up. `None` with something in the batch: there may be more after it.
///
/// # Errors
/// Those of the store.
pub(crate) fn next(cx: &Context<'_>, batch: &mut Batch) -> Result<Option<Message>, Error> {
    let metadata_first =
        matches!(outbox::head(&cx.view, cx.ven())?, Some(Item::RegisterReport { .. }));
    if !metadata_first && let Some(events) = events(cx, batch)? {
        return Ok(Some(events.into()));
    }
    let next = (cx.now, &cx.settings.limits);
    let Some(item) = outbox::fetch(&cx.view, batch, cx.ven(), next)? else { return Ok(None) };
    let message = message(cx, &item)?;
    if message.is_none() {
        // What it would ask for is over: it goes unsent.
        *batch = Batch::new();
        outbox::drop_if(&cx.view, batch, cx.ven(), |waiting| *waiting == item)?;
    }
    Ok(message)
}

/// The VEN's events, if they are due (rule 502: for new or changed content, or unanswered).
fn events(cx: &Context<'_>, batch: &mut Batch) -> Result<Option<OadrDistributeEvent>, Error> {
    match DUE.get(&cx.view, cx.ven())? {
        Some(Due { at, .. }) if at <= cx.now => {}
        _ => return Ok(None),
    }
    let oadr_event = distribute(cx, batch, None)?;
    Ok(Some(OadrDistributeEvent {
        schema_version: None,
        // Rule 40: present in an answer; a poll has no requestID to repeat.
        ei_response: Some(EiResponse::ok("")),
        request_id: cx.ids.make(),
        vtn_id: cx.settings.vtn_id.clone(),
        oadr_event,
    }))
}

/// The payload itself; `None` if it has lost its purpose.
fn message(cx: &Context<'_>, item: &Item) -> Result<Option<Message>, Error> {
    let (schema_version, ven_id) = (None, Some(cx.ven().to_owned()));
    Ok(Some(match item.clone() {
        Item::RegisterReport { request_id, report_request_id } => {
            let oadr_report = Vec::new();
            OadrRegisterReport {
                schema_version,
                request_id,
                oadr_report,
                ven_id,
                report_request_id,
            }
            .into()
        }
        Item::CreateReport { request_id, report_request_ids } => {
            let oadr_report_request =
                report::requests_on_the_wire(&cx.view, cx.ven(), &report_request_ids)?;
            if oadr_report_request.is_empty() {
                return Ok(None);
            }
            OadrCreateReport { schema_version, request_id, oadr_report_request, ven_id }.into()
        }
        Item::CancelReport { request_id, report_request_ids, to_follow } => OadrCancelReport {
            schema_version,
            request_id,
            report_request_id: report_request_ids,
            report_to_follow: to_follow,
            ven_id,
        }
        .into(),
        Item::CancelPartyRegistration { request_id, registration_id } => {
            OadrCancelPartyRegistration { schema_version, request_id, registration_id, ven_id }
                .into()
        }
        Item::RequestReregistration => {
            OadrRequestReregistration { schema_version, ven_id: cx.ven().to_owned() }.into()
        }
    }))
}
