//! What the VEN owes the VTN: late answers, oadrCreatedEvent, metadata. On disk before the
//! payload that caused it counts as handled, in order, and gone only with the VTN's reply.
//! OpenADR 2.0b Profile, rules 12, 500; table 2.3 of the exchanges of a PULL VEN.

use oadr_schemas::openadr::{Message, decode, encode};
use oadr_schemas::xml::Limits;
use oadr_store::{Batch, Keys};

use crate::context::{Context, Trouble};
use crate::push::goes_back;
use crate::service::{register_party, report};
use crate::tables::{OUTBOX, Outgoing};

/// Adds to the batch: `message` is to be sent. An answer to what was posted to us goes back with
/// the reply instead: should it be lost, the VTN posts again.
pub(crate) fn push(
    cx: &mut Context<'_>,
    batch: &mut Batch,
    message: impl Into<Message>,
) -> Result<(), Trouble> {
    let message = message.into();
    if cx.pushed && goes_back(&message) {
        cx.answer = Some(message);
        return Ok(());
    }
    let outgoing = Outgoing { document: encode(message, None), since: cx.now };
    OUTBOX.put(batch, *cx.next_out, &outgoing)?;
    *cx.next_out += 1;
    Ok(())
}

/// Adds to the batch: nothing is owed any more (a registration has ended).
pub(crate) fn clear(cx: &Context<'_>, batch: &mut Batch) -> Result<(), Trouble> {
    for (at, _) in OUTBOX.range(cx.store, Keys::all())? {
        OUTBOX.delete(batch, at);
    }
    Ok(())
}

/// Sends all that is owed, oldest first, until the VTN falls silent.
pub(crate) async fn flush(cx: &mut Context<'_>) -> Result<(), Trouble> {
    while let Some((at, outgoing)) = OUTBOX.range(cx.store, Keys::all().limit(1))?.pop() {
        let mut batch = Batch::new();
        OUTBOX.delete(&mut batch, at);
        match decode(outgoing.document.as_bytes(), &Limits::reports()) {
            Ok(received) => deliver(cx, &mut batch, received.message).await?,
            // Written by ourselves: only a changed schema could make it unreadable.
            Err(error) => tracing::error!(%error, "an unreadable message is dropped"),
        }
        cx.store.commit(batch).await?;
    }
    Ok(())
}

/// Sends one message and adds to the batch what its reply brings.
async fn deliver(cx: &mut Context<'_>, batch: &mut Batch, message: Message) -> Result<(), Trouble> {
    let name = message.name();
    let farewell = matches!(
        &message,
        Message::OadrCanceledPartyRegistration(m) if m.ei_response.is_ok()
    );
    match cx.post(message).await {
        Ok(Some(Message::OadrRegisteredReport(reply))) => {
            report::piggybacked(cx, batch, reply).await?;
        }
        Ok(_) => {}
        Err(Trouble::Refused(told)) => {
            tracing::warn!(sent = name, told, "the VTN refuses a message; it is not repeated");
        }
        // Whoever cancelled us may already have forgotten us.
        Err(Trouble::NotRegistered(_)) if farewell => {}
        Err(trouble) => return Err(trouble),
    }
    if farewell {
        register_party::farewell_said(cx, batch)?;
    }
    Ok(())
}
