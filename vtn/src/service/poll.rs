//! OadrPoll and the plain oadrResponse. OpenADR 2.0b Profile, section 8.6, rules 309, 500 to
//! 502, annex C.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::oadr::{OadrPoll, OadrResponse};
use oadr_store::Batch;

use super::offer;
use crate::context::Context;
use crate::error::Error;
use crate::outbox;
use crate::record::Item;

/// Gives the VEN what waits for it, one payload a poll; oadrResponse if nothing waits.
///
/// # Errors
/// Those of the store.
pub(crate) async fn poll(cx: &Context<'_>, _poll: &OadrPoll) -> Result<Message, Error> {
    let mut batch = Batch::new();
    let reply = offer::next(cx, &mut batch)?;
    // Also if there is none: what was given up is still to be written down.
    cx.commit(batch).await?;
    Ok(reply.unwrap_or_else(|| OadrResponse::ok("").with_ven_id(cx.ven()).into()))
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
