//! EiRegisterParty, as a VEN says it. OpenADR 2.0b Profile, rules 401, 402.

use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCreatePartyRegistration, OadrProfile, OadrQueryRegistration,
    OadrTransport,
};

use crate::vtn::Party;

/// oadrQueryRegistration.
pub fn query(request_id: &str) -> OadrQueryRegistration {
    OadrQueryRegistration { schema_version: None, request_id: request_id.to_owned() }
}

/// A first registration as a PULL VEN over simpleHttp, without any ID.
pub fn create(request_id: &str) -> OadrCreatePartyRegistration {
    OadrCreatePartyRegistration {
        schema_version: None,
        request_id: request_id.to_owned(),
        registration_id: None,
        ven_id: None,
        oadr_profile_name: OadrProfile::V20b,
        oadr_transport_name: OadrTransport::SimpleHttp,
        oadr_transport_address: None,
        oadr_report_only: false,
        oadr_xml_signature: false,
        oadr_ven_name: Some(format!("kit {request_id}")),
        oadr_http_pull_model: Some(true),
    }
}

/// A registration as a PUSH VEN at an address.
pub fn create_push(request_id: &str, address: Option<&str>) -> OadrCreatePartyRegistration {
    OadrCreatePartyRegistration {
        oadr_http_pull_model: Some(false),
        oadr_transport_address: address.map(str::to_owned),
        ..create(request_id)
    }
}

/// A registration again, with both IDs.
pub fn again(ven: &Party, request_id: &str) -> OadrCreatePartyRegistration {
    OadrCreatePartyRegistration {
        registration_id: ven.registration_id.clone(),
        ven_id: ven.ven_id.clone(),
        ..create(request_id)
    }
}

/// oadrCancelPartyRegistration.
pub fn cancel(ven: &Party, request_id: &str) -> OadrCancelPartyRegistration {
    OadrCancelPartyRegistration {
        schema_version: None,
        request_id: request_id.to_owned(),
        registration_id: ven.registration(),
        ven_id: ven.ven_id.clone(),
    }
}
