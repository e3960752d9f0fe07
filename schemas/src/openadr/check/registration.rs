//! An oadrCreatePartyRegistration by itself. OpenADR 2.0b Profile, rule 402.

use super::Fault;
use crate::openadr::Code;
use crate::openadr::oadr::{OadrCreatePartyRegistration, OadrTransport};

/// Holds a registration against rule 402: what its transport and its IDs demand of
/// each other.
///
/// # Errors
/// Rule 402 if a simpleHttp registration does not say whether it pulls, if a pushed-to
/// one has no address, or if it renews a registrationID without naming the venID.
pub fn check_registration(registration: &OadrCreatePartyRegistration) -> Result<(), Fault> {
    let fault = |what: &str| Err(Fault::new(402, Code::NotCompliant, what));
    let absent = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    if registration.oadr_transport_name == OadrTransport::SimpleHttp {
        match registration.oadr_http_pull_model {
            None => return fault("a simpleHttp registration needs oadrHttpPullModel"),
            Some(false) if absent(&registration.oadr_transport_address) => {
                return fault("a registration for push needs oadrTransportAddress");
            }
            Some(_) => {}
        }
    }
    if !absent(&registration.registration_id) && absent(&registration.ven_id) {
        return fault("a re-registration needs the venID beside the registrationID");
    }
    Ok(())
}
