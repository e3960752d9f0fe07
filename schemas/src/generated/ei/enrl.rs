// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `enrl`: the types of its namespace.

use super::{ei, emix, resource};
use crate::xml::macros::{record, tokens, roots};
use crate::xml as x;
use crate::xml::{EI, ENRL, EMIX, NONE};

record! {
    /// `enrl:Aggregator`.
    Aggregator {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:ArrayofEnrollmentResponses`.
    #[derive(Default)]
    ArrayofEnrollmentResponses {
        enrollment_response: Vec<EiEnrollmentResponse> = many(NONE, "enrollmentResponse"),
    }
    /// `enrl:Consumer`.
    Consumer {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:Distribution`.
    Distribution {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// Application, parties, unit, market and state; place of two members guessed.
    EiEnrollment {
        application_date: x::DateTime = one(ENRL, "applicationDate"),
        effective_date: Option<x::DateTime> = opt(ENRL, "effectiveDate"),
        end_date: Option<x::DateTime> = opt(ENRL, "endDate"),
        enroll_admin_party_id: String = one(ENRL, "enrollAdminPartyID"),
        enrollee_party_id: String = one(ENRL, "enrolleePartyID"),
        enrollee: Enrollee = one(ENRL, "enrollee"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        enrollment_comments: String = one(NONE, "enrollmentComments"),
        enrollment_id: String = one(ENRL, "enrollmentID"),
        enrollment_name: String = one(NONE, "enrollmentName"),
        item_base: emix::ItemBase = one_of(),
        market_context: Option<x::Uri> = opt(EMIX, "marketContext"),
        enrollment_status: Option<EnrollmentStatus> = opt(ENRL, "enrollmentStatus"),
        resource: Option<Resource> = opt(ENRL, "resource"),
        original_enrollment_id: Option<String> = opt(ENRL, "originalEnrollmentID"),
        modification_date_time: Option<x::DateTime> = opt(EI, "modificationDateTime"),
        modification_number: Option<u32> = opt(EI, "modificationNumber"),
    }
    /// EiResponseType plus enrollment and market.
    EiEnrollmentResponse {
        response_code: ei::ResponseCode = one(EI, "responseCode"),
        response_description: Option<String> = opt(EI, "responseDescription"),
        ref_id: ei::RefID = one_of(),
        response_terms_violated: Option<ei::ArrayofResponseTermsViolated> = opt(EI, "responseTermsViolated"),
        created_date_time: Option<x::DateTime> = opt(EI, "createdDateTime"),
        enrollment_id: String = one(ENRL, "enrollmentID"),
        market_context: x::Uri = one(EMIX, "marketContext"),
        original_reference_id: Option<String> = opt(EI, "originalReferenceID"),
    }
    /// Base of all enrollees: party, kind, name.
    Enrollee {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:EnrollingAuthority`.
    EnrollingAuthority {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:Generator`.
    Generator {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:Lse`.
    Lse {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:Market`.
    Market {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:MeterAuthority`.
    MeterAuthority {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// Grid place and description of a resource; element form guessed.
    Resource {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
        emix_interface: Option<emix::EmixInterface> = opt_of(),
        resource: Option<resource::ResourceDescription> = opt(NONE, "resource"),
    }
    /// `enrl:SchedulingEntity`.
    SchedulingEntity {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:ServiceProvider`.
    ServiceProvider {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:Supplier`.
    Supplier {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:SystemOperator`.
    SystemOperator {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:Tdsp`.
    Tdsp {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
    /// `enrl:Transmission`.
    Transmission {
        schema_version: Option<String> = attr_opt(NONE, "schemaVersion"),
        party_id: String = one(EI, "partyID"),
        enrollee_type: EnrolleeType = one(ENRL, "enrolleeType"),
        name: String = one(NONE, "name"),
    }
}

tokens! {
    /// `enrl:EnrolleeType`.
    collapsed EnrolleeType {
        Aggregator = "aggregator",
        Consumer = "consumer",
        Distribution = "distribution",
        Resource = "resource",
        EnrollingAuthority = "enrollingAuthority",
        Generator = "generator",
        Lse = "lse",
        Market = "market",
        MeterAuthority = "meterAuthority",
        SchedulingEntity = "schedulingEntity",
        ServiceProvider = "serviceProvider",
        Supplier = "supplier",
        SystemOperator = "systemOperator",
        Tdsp = "tdsp",
        Transmission = "transmission",
    } or ei::EiExtensionToken;
    /// `enrl:EnrollmentStatus`.
    collapsed EnrollmentStatus {
        PendingEnrollment = "pendingEnrollment",
        ApprovedEnrollment = "approvedEnrollment",
        UnderReview = "underReview",
        Denied = "denied",
        Separated = "separated",
    } or ei::EiExtensionToken;
}

roots! {
    Aggregator = ENRL, "aggregator";
    ArrayofEnrollmentResponses = ENRL, "enrollmentResponses";
    Consumer = ENRL, "consumer";
    Distribution = ENRL, "distribution";
    EiEnrollment = ENRL, "eiEnrollment";
    EiEnrollmentResponse = ENRL, "eiEnrollmentResponse";
    Enrollee = ENRL, "enrollee";
    EnrollingAuthority = ENRL, "enrollingAuthority";
    Generator = ENRL, "generator";
    Lse = ENRL, "lse";
    Market = ENRL, "market";
    MeterAuthority = ENRL, "meterAuthority";
    Resource = ENRL, "resource";
    SchedulingEntity = ENRL, "schedulingEntity";
    ServiceProvider = ENRL, "serviceProvider";
    Supplier = ENRL, "supplier";
    SystemOperator = ENRL, "systemOperator";
    Tdsp = ENRL, "tdsp";
    Transmission = ENRL, "transmission";
}
