//! How a VEN registers with the kit's VTN. OpenADR 2.0b Profile, 8.4; rules 33, 309, 400 to 406.

use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{
    OadrCreatePartyRegistration, OadrCreatedPartyRegistration, OadrProfile, OadrProfile2,
    OadrProfiles, OadrTransport, OadrTransport2, OadrTransports,
};

use super::answer;
use super::top::{Registered, State, VTN_ID};
use crate::say;

/// oadrCreatePartyRegistration.
pub fn register(
    state: &mut State,
    response: EiResponse,
    create: &OadrCreatePartyRegistration,
) -> OadrCreatedPartyRegistration {
    if let Some((code, why)) = objection(state, create) {
        let refusal = EiResponse::error(code, why, response.request_id);
        return created(state, refusal, None);
    }
    let again = state.ven.clone().filter(|_| create.registration_id.is_some());
    let is_new = again.is_none();
    let (ven_id, registration_id) =
        again.map(|ven| (ven.ven_id, ven.registration_id)).unwrap_or_else(|| {
            state.registrations += 1;
            let number = state.registrations;
            let ven_id = create.ven_id.clone().unwrap_or_else(|| format!("Kit-VEN-{number}"));
            (ven_id, format!("Kit-reg-{number}"))
        });
    let ven = Registered {
        ven_id,
        registration_id,
        pull: create.oadr_http_pull_model.unwrap_or(true),
        address: create.oadr_transport_address.clone(),
        signs: create.oadr_xml_signature,
    };
    if is_new {
        // What waited for the one before is not for this one. Its first poll brings the VTN's
        // metadata (rules 301, 309); a PUSH VEN is posted them.
        state.queue.clear();
        state.queue.extend(
            ven.pull.then(|| answer::metadata(&metadata_id(&ven), Some(ven.ven_id.clone())).into()),
        );
    }
    state.ven = Some(ven.clone());
    created(state, response, Some(ven))
}

/// The requestID of the metadata that a newly registered VEN is sent.
pub fn metadata_id(ven: &Registered) -> String {
    format!("md-{}", ven.registration_id)
}

/// What is wrong with a registration. Rules 33, 400, 402.
fn objection(state: &State, create: &OadrCreatePartyRegistration) -> Option<(Code, &'static str)> {
    if state.closed {
        return Some((Code::NotRegistered, "registration is closed"));
    }
    let http = create.oadr_transport_name == OadrTransport::SimpleHttp;
    let told = match create.oadr_http_pull_model {
        Some(pull) => pull || create.oadr_transport_address.is_some(),
        None => false,
    };
    if http && !told {
        return Some((Code::NotCompliant, "no oadrHttpPullModel, or no address to push to"));
    }
    let id = create.registration_id.as_deref()?;
    let known = state.ven.as_ref().is_some_and(|ven| {
        ven.registration_id == id && create.ven_id.as_ref().is_none_or(|own| *own == ven.ven_id)
    });
    (!known).then_some((Code::InvalidId, "no such registrationID"))
}

/// oadrCreatedPartyRegistration: what the kit serves, which is both profiles, but no XMPP.
pub fn created(
    state: &State,
    ei_response: EiResponse,
    ven: Option<Registered>,
) -> OadrCreatedPartyRegistration {
    let profile = |name| OadrProfile2 {
        oadr_profile_name: name,
        oadr_transports: OadrTransports {
            oadr_transport: vec![OadrTransport2 { oadr_transport_name: OadrTransport::SimpleHttp }],
        },
    };
    OadrCreatedPartyRegistration {
        schema_version: None,
        ei_response,
        registration_id: ven.as_ref().map(|ven| ven.registration_id.clone()),
        ven_id: ven.map(|ven| ven.ven_id),
        vtn_id: VTN_ID.to_owned(),
        oadr_profiles: OadrProfiles {
            oadr_profile: [OadrProfile::V20a, OadrProfile::V20b].map(profile).to_vec(),
        },
        oadr_requested_oadr_poll_freq: Some(say::seconds(state.poll_s).into()),
        oadr_service_specific_info: None,
        oadr_extensions: None,
    }
}
