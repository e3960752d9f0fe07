//! One line per message. OpenADR 2.0b Profile, sections 8.1 to 8.6.

use oadr_schemas::exchange::{Sender, Service, openadr_table};
use oadr_schemas::openadr::{Code, Message};

use crate::context::Context;
use crate::error::Error;
use crate::service::{event, opt, poll, register_party, report};

/// Whether a payload may be posted to this service at all.
///
/// # Errors
/// [`Error::NotServed`] (404) at another service's address; 459 for a payload that never
/// travels from a VEN to a VTN (rules 23, 33, 401).
pub(crate) fn check_place(message: &Message, service: Service) -> Result<(), Error> {
    match openadr_table::pairing_of(message) {
        Some(row) if row.sender == Sender::Vtn => Err(wrong_way(message)),
        Some(row) if row.service != service => Err(Error::NotServed),
        Some(_) => Ok(()),
        None => Err(wrong_way(message)),
    }
}

/// Hands an OpenADR message to its handler.
///
/// # Errors
/// As the handler.
pub(crate) async fn dispatch(cx: &Context<'_>, message: &Message) -> Result<Message, Error> {
    Ok(match message {
        Message::OadrPoll(m) => poll::poll(cx, m).await?,
        Message::OadrResponse(m) => poll::response(cx, m).await?.into(),

        Message::OadrQueryRegistration(m) => {
            register_party::query_registration(cx, m).await?.into()
        }
        Message::OadrCreatePartyRegistration(m) => {
            register_party::create_party_registration(cx, m).await?.into()
        }
        Message::OadrCancelPartyRegistration(m) => {
            register_party::cancel_party_registration(cx, m).await?.into()
        }
        Message::OadrCanceledPartyRegistration(m) => {
            register_party::canceled_party_registration(cx, m).await?.into()
        }

        Message::OadrRequestEvent(m) => event::request_event(cx, m).await?.into(),
        Message::OadrCreatedEvent(m) => event::created_event(cx, m).await?.into(),

        Message::OadrCreateOpt(m) => opt::create_opt(cx, m).await?.into(),
        Message::OadrCancelOpt(m) => opt::cancel_opt(cx, m).await?.into(),

        Message::OadrRegisterReport(m) => report::register_report(cx, m).await?.into(),
        Message::OadrRegisteredReport(m) => report::registered_report(cx, m).await?.into(),
        Message::OadrCreateReport(m) => report::create_report(cx, m).await?.into(),
        Message::OadrCreatedReport(m) => report::created_report(cx, m).await?.into(),
        Message::OadrUpdateReport(m) => report::update_report(cx, m).await?.into(),
        Message::OadrUpdatedReport(m) => report::updated_report(cx, m).await?.into(),
        Message::OadrCancelReport(m) => report::cancel_report(cx, m).await?.into(),
        Message::OadrCanceledReport(m) => report::canceled_report(cx, m).await?.into(),

        Message::OadrDistributeEvent(_)
        | Message::OadrRequestReregistration(_)
        | Message::OadrCreatedPartyRegistration(_)
        | Message::OadrCreatedOpt(_)
        | Message::OadrCanceledOpt(_) => return Err(wrong_way(message)),
    })
}

fn wrong_way(message: &Message) -> Error {
    let what = format!("{} does not travel from a VEN to a VTN", message.name());
    Error::rule(33, Code::NotCompliant, what)
}
