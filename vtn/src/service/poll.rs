//! OadrPoll and the plain oadrResponse. OpenADR 2.0b Profile, section 8.6, rules 309, 500 to
//! 502, annex C.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCancelReport, OadrCreateReport, OadrDistributeEvent, OadrPoll,
    OadrRegisterReport, OadrRequestReregistration, OadrResponse,
};
use oadr_store::Batch;

use crate::context::Context;
use crate::error::Error;
use crate::event::distribute;
use crate::record::{Due, Item};
use crate::tables::DUE;
use crate::{outbox, report};

/// Gives the VEN what waits for it: this VTN's metadata first of all (rule 309), then events,
/// then the rest in order; what was not answered in time again. One payload a poll; oadrResponse
/// if nothing waits.
///
/// # Errors
/// Those of the store.
pub(crate) async fn poll(cx: &Context<'_>, _poll: &OadrPoll) -> Result<Message, Error> {
    let mut batch = Batch::new();
    let metadata_first =
        matches!(outbox::head(&cx.view, cx.ven())?, Some(Item::RegisterReport { .. }));
    if !metadata_first && let Some(events) = events(cx, &mut batch)? {
        cx.commit(batch).await?;
        return Ok(events.into());
    }
    let next = (cx.now, &cx.settings.limits);
    let nothing = || OadrResponse::ok("").with_ven_id(cx.ven()).into();
    let Some(item) = outbox::fetch(&cx.view, &mut batch, cx.ven(), next)? else {
        // What was given up is still to be written down.
        cx.commit(batch).await?;
        return Ok(nothing());
    };
    let reply = message(cx, &item)?;
    if reply.is_none() {
        // What it would ask for is over: it goes unsent.
        batch = Batch::new();
        outbox::drop_if(&cx.view, &mut batch, cx.ven(), |waiting| *waiting == item)?;
    }
    cx.commit(batch).await?;
    Ok(reply.unwrap_or_else(nothing))
}

/// Takes the answer to a payload that has no better one: oadrRequestReregistration.
///
/// # Errors
/// Those of the store.
pub(crate) async fn response(
    cx: &Context<'_>,
    response: &OadrResponse,
) -> Result<OadrResponse, Error> {
    let mut batch = Batch::new();
    if response.ei_response.is_ok() {
        let asked = |item: &Item| matches!(item, Item::RequestReregistration);
        outbox::answered(&cx.view, &mut batch, cx.ven(), asked)?;
    }
    cx.commit(batch).await?;
    let request_id = response.ei_response.request_id.as_str();
    Ok(OadrResponse::ok(request_id).with_ven_id(cx.ven()))
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
