//! Polling: one payload at a time until an oadrResponse says that nothing waits; what needs
//! an answer is answered in a request of its own before the next poll.
//! OpenADR 2.0b Profile, 8.6, rules 500, 501.

use oadr_schemas::openadr::oadr::{
    OadrCanceledPartyRegistration, OadrCanceledReport, OadrCreatedReport, OadrPendingReports,
    OadrPoll, OadrRegisteredReport, OadrResponse, OadrUpdatedReport,
};
use oadr_schemas::openadr::{Code, Message, ei::EiResponse};
use oadr_store::Batch;

use crate::context::{Context, Trouble};
use crate::outbox;
use crate::service::{event, register_party, report};
use crate::tables::{ONLY, STANDING, Standing};

/// Polls until nothing waits at the VTN, or until the registration ends.
///
/// # Errors
/// [`Trouble::NotRegistered`] also when the VTN finds the venID wrong (452): it has lost or
/// replaced the registration.
pub(crate) async fn drain(cx: &mut Context<'_>) -> Result<(), Trouble> {
    for _ in 0..MOST_IN_ONE_STEP {
        let registration = cx.registration()?;
        if registration.leaving || registration.renew {
            return Ok(());
        }
        let poll = OadrPoll { schema_version: None, ven_id: registration.ven_id.clone() };
        let reply = match cx.post(poll.into()).await {
            Err(Trouble::Refused(told)) if told.starts_with("452") => {
                return Err(Trouble::NotRegistered(told));
            }
            Err(Trouble::Refused(told)) => {
                tracing::warn!(told, "the VTN refuses a poll");
                return Ok(());
            }
            reply => reply?,
        };
        match reply {
            None | Some(Message::OadrResponse(_)) => return Ok(()),
            Some(message) => receive(cx, message, &registration.ven_id).await?,
        }
        outbox::flush(cx).await?;
        if !matches!(STANDING.get(cx.store, ONLY)?, Some(Standing::In(_))) {
            return Ok(());
        }
    }
    Ok(())
}

/// Takes in what the VTN has for us; what is owed for it is on disk when this returns.
pub(crate) async fn receive(
    cx: &mut Context<'_>,
    message: Message,
    ven_id: &str,
) -> Result<(), Trouble> {
    // Rules 21, 304, 400: a venID that is not ours is reported.
    if message.ven_id().is_some_and(|found| found != ven_id) {
        let words = "this venID is not the one registered here";
        return refuse(cx, &message, Code::InvalidId, words).await;
    }
    match message {
        Message::OadrDistributeEvent(events) => event::distribute(cx, events).await,
        Message::OadrCreateReport(request) => report::create(cx, request).await,
        Message::OadrCancelReport(request) => report::cancel(cx, request).await,
        Message::OadrRegisterReport(metadata) => report::register(cx, metadata).await,
        Message::OadrCancelPartyRegistration(m) => register_party::cancel(cx, m).await,
        Message::OadrRequestReregistration(_) => register_party::renew(cx).await,
        other @ Message::OadrUpdateReport(_) => {
            let words = "no report was asked for under this reportRequestID";
            refuse(cx, &other, Code::InvalidId, words).await
        }
        other => {
            let words = format!("{} is never sent to a VEN", other.name());
            refuse(cx, &other, Code::NotCompliant, &words).await
        }
    }
}

/// Owes the answer that fits `message`, with an error. Rule 33.
pub(crate) async fn refuse(
    cx: &mut Context<'_>,
    message: &Message,
    code: Code,
    words: &str,
) -> Result<(), Trouble> {
    let registration = cx.registration()?;
    let request_id = message.request_id().unwrap_or("");
    let ei_response = EiResponse::error(code, words, request_id);
    let ven_id = Some(registration.ven_id);
    let pending = || -> Result<OadrPendingReports, Trouble> { Ok(report::pending(cx.store)?) };
    let answer: Message = match message {
        Message::OadrCreateReport(_) => OadrCreatedReport {
            schema_version: None,
            ei_response,
            oadr_pending_reports: pending()?,
            ven_id,
        }
        .into(),
        Message::OadrCancelReport(_) => OadrCanceledReport {
            schema_version: None,
            ei_response,
            oadr_pending_reports: pending()?,
            ven_id,
        }
        .into(),
        Message::OadrRegisterReport(_) => OadrRegisteredReport {
            schema_version: None,
            ei_response,
            oadr_report_request: Vec::new(),
            ven_id,
        }
        .into(),
        Message::OadrUpdateReport(_) => OadrUpdatedReport {
            schema_version: None,
            ei_response,
            oadr_cancel_report: None,
            ven_id,
        }
        .into(),
        Message::OadrCancelPartyRegistration(m) => OadrCanceledPartyRegistration {
            schema_version: None,
            ei_response,
            registration_id: Some(m.registration_id.clone()),
            ven_id,
        }
        .into(),
        _ => OadrResponse { schema_version: None, ei_response, ven_id }.into(),
    };
    let mut batch = Batch::new();
    outbox::push(cx, &mut batch, answer)?;
    cx.store.commit(batch).await?;
    Ok(())
}

/// So that a VTN that never runs dry does not keep the VEN from its events.
const MOST_IN_ONE_STEP: usize = 100;
