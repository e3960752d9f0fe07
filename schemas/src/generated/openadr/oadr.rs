// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `oadr`: the types of its namespace.

use super::{ei, pyld, emix, scale, xcal, strm, currency, ds, atom};
use crate::xml::macros::{record, group, tokens, fixed, roots};
use crate::xml as x;
use crate::xml::{OADR, EI, PYLD, EMIX, SCALE, XCAL, STRM, DS, ATOM};

record! {
    /// A unit whose name and symbol are free text.
    BaseUnit {
        item_description: String = one(OADR, "itemDescription"),
        item_units: String = one(OADR, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
    }
    /// A money unit: kind (plain, per kW, per kWh), ISO 4217 code, scale.
    Currency {
        item_description: CurrencyItemDescription = one(OADR, "itemDescription"),
        item_units: currency::ISO3AlphaCurrencyCodeContent = one(OADR, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
    }
    /// `oadr:Current`.
    Current {
        item_description: FixedCurrent = one(OADR, "itemDescription"),
        item_units: FixedA = one(OADR, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
    }
    /// `oadr:Frequency`.
    Frequency {
        item_description: FixedFrequency = one(OADR, "itemDescription"),
        item_units: FixedHz = one(OADR, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
    }
    /// requestID, the optID to withdraw, and the VEN. OpenADR 2.0b rules 204, 208.
    OadrCancelOpt {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        request_id: String = one(PYLD, "requestID"),
        opt_id: String = one(EI, "optID"),
        ven_id: String = one(EI, "venID"),
    }
    /// `oadr:OadrCancelPartyRegistration`.
    OadrCancelPartyRegistration {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        request_id: String = one(PYLD, "requestID"),
        registration_id: String = one(EI, "registrationID"),
        ven_id: Option<String> = opt(EI, "venID"),
    }
    /// Ids to stop; reportToFollow asks for one last report.
    OadrCancelReport {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        request_id: String = one(PYLD, "requestID"),
        report_request_id: Vec<String> = range(EI, "reportRequestID", 1, usize::MAX),
        report_to_follow: bool = one(PYLD, "reportToFollow"),
        ven_id: Option<String> = opt(EI, "venID"),
    }
    /// `oadr:OadrCanceledOpt`.
    OadrCanceledOpt {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        opt_id: Option<String> = opt(EI, "optID"),
    }
    /// `oadr:OadrCanceledPartyRegistration`.
    OadrCanceledPartyRegistration {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        registration_id: Option<String> = opt(EI, "registrationID"),
        ven_id: Option<String> = opt(EI, "venID"),
    }
    /// `oadr:OadrCanceledReport`.
    OadrCanceledReport {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        oadr_pending_reports: OadrPendingReports = one(OADR, "oadrPendingReports"),
        ven_id: Option<String> = opt(EI, "venID"),
    }
    /// With an event: no schedule, no market context; else a schedule. OpenADR 2.0b rule 206.
    OadrCreateOpt {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        opt_id: String = one(EI, "optID"),
        opt_type: ei::OptType = one(EI, "optType"),
        opt_reason: ei::OptReason = one(EI, "optReason"),
        market_context: Option<x::Uri> = opt(EMIX, "marketContext"),
        ven_id: String = one(EI, "venID"),
        vavailability: Option<xcal::Vavailability> = opt(XCAL, "vavailability"),
        created_date_time: x::DateTime = one(EI, "createdDateTime"),
        request_id: String = one(PYLD, "requestID"),
        qualified_event_id: Option<ei::QualifiedEventID> = opt(EI, "qualifiedEventID"),
        ei_target: ei::EiTarget = one(EI, "eiTarget"),
        oadr_device_class: Option<ei::EiTarget> = opt(OADR, "oadrDeviceClass"),
    }
    /// registrationID only when re-registering; a venID is checked. Rules 400, 402.
    OadrCreatePartyRegistration {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        request_id: String = one(PYLD, "requestID"),
        registration_id: Option<String> = opt(EI, "registrationID"),
        ven_id: Option<String> = opt(EI, "venID"),
        oadr_profile_name: OadrProfile = one(OADR, "oadrProfileName"),
        oadr_transport_name: OadrTransport = one(OADR, "oadrTransportName"),
        oadr_transport_address: Option<String> = opt(OADR, "oadrTransportAddress"),
        oadr_report_only: bool = one(OADR, "oadrReportOnly"),
        oadr_xml_signature: bool = one(OADR, "oadrXmlSignature"),
        oadr_ven_name: Option<String> = opt(OADR, "oadrVenName"),
        oadr_http_pull_model: Option<bool> = opt(OADR, "oadrHttpPullModel"),
    }
    /// `oadr:OadrCreateReport`.
    OadrCreateReport {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        request_id: String = one(PYLD, "requestID"),
        oadr_report_request: Vec<OadrReportRequest> = range(OADR, "oadrReportRequest", 1, usize::MAX),
        ven_id: Option<String> = opt(EI, "venID"),
    }
    /// Carries pyld:eiCreatedEvent; venID sits one level down. OpenADR 2.0b rule 508.
    OadrCreatedEvent {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_created_event: pyld::EiCreatedEvent = one(PYLD, "eiCreatedEvent"),
    }
    /// `oadr:OadrCreatedOpt`.
    OadrCreatedOpt {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        opt_id: String = one(EI, "optID"),
    }
    /// `oadr:OadrCreatedPartyRegistration`.
    OadrCreatedPartyRegistration {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        registration_id: Option<String> = opt(EI, "registrationID"),
        ven_id: Option<String> = opt(EI, "venID"),
        vtn_id: String = one(EI, "vtnID"),
        oadr_profiles: OadrProfiles = one(OADR, "oadrProfiles"),
        oadr_requested_oadr_poll_freq: Option<xcal::DurationProp> = opt(OADR, "oadrRequestedOadrPollFreq"),
        oadr_service_specific_info: Option<OadrServiceSpecificInfo> = opt(OADR, "oadrServiceSpecificInfo"),
        oadr_extensions: Option<OadrExtensions> = opt(OADR, "oadrExtensions"),
    }
    /// `oadr:OadrCreatedReport`.
    OadrCreatedReport {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        oadr_pending_reports: OadrPendingReports = one(OADR, "oadrPendingReports"),
        ven_id: Option<String> = opt(EI, "venID"),
    }
    /// eiResponse is there when a request or poll is answered. OpenADR 2.0b rules 40, 41.
    OadrDistributeEvent {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_response: Option<ei::EiResponse> = opt(EI, "eiResponse"),
        request_id: String = one(PYLD, "requestID"),
        vtn_id: String = one(EI, "vtnID"),
        oadr_event: Vec<OadrEvent> = many(OADR, "oadrEvent"),
    }
    /// `oadr:OadrEvent`.
    OadrEvent {
        ei_event: ei::EiEvent = one(EI, "eiEvent"),
        oadr_response_required: ResponseRequired = one(OADR, "oadrResponseRequired"),
    }
    /// `oadr:OadrExtension`.
    OadrExtension {
        oadr_extension_name: String = one(OADR, "oadrExtensionName"),
        oadr_info: Vec<OadrInfo> = many(OADR, "oadrInfo"),
    }
    /// `oadr:OadrExtensions`.
    #[derive(Default)]
    OadrExtensions {
        oadr_extension: Vec<OadrExtension> = many(OADR, "oadrExtension"),
    }
    /// `oadr:OadrGBItemBase`.
    #[derive(Default)]
    OadrGBItemBase {
        feed: atom::Feed = one(ATOM, "feed"),
    }
    /// `oadr:OadrGBStreamPayloadBase`.
    #[derive(Default)]
    OadrGBStreamPayloadBase {
        feed: atom::Feed = one(ATOM, "feed"),
    }
    /// `oadr:OadrInfo`.
    OadrInfo {
        oadr_key: String = one(OADR, "oadrKey"),
        oadr_value: String = one(OADR, "oadrValue"),
    }
    /// Capacity, level, percentage and set point, mirroring LOAD_CONTROL. Rule 334.
    #[derive(Default)]
    OadrLoadControlState {
        oadr_capacity: Option<OadrLoadControlStateType> = opt(OADR, "oadrCapacity"),
        oadr_level_offset: Option<OadrLoadControlStateType> = opt(OADR, "oadrLevelOffset"),
        oadr_percent_offset: Option<OadrLoadControlStateType> = opt(OADR, "oadrPercentOffset"),
        oadr_set_point: Option<OadrLoadControlStateType> = opt(OADR, "oadrSetPoint"),
    }
    /// Present value of one control, with limits and the normal value.
    OadrLoadControlStateType {
        oadr_min: Option<x::Float> = opt(OADR, "oadrMin"),
        oadr_max: Option<x::Float> = opt(OADR, "oadrMax"),
        oadr_current: x::Float = one(OADR, "oadrCurrent"),
        oadr_normal: Option<x::Float> = opt(OADR, "oadrNormal"),
    }
    /// `oadr:OadrPayload`.
    OadrPayload {
        signature: Option<ds::Signature> = opt(DS, "Signature"),
        oadr_signed_object: OadrSignedObject = one(OADR, "oadrSignedObject"),
    }
    /// oadrOnline and oadrManualOverride are always there. OpenADR 2.0b rules 331, 510.
    OadrPayloadResourceStatus {
        oadr_online: bool = one(OADR, "oadrOnline"),
        oadr_manual_override: bool = one(OADR, "oadrManualOverride"),
        oadr_load_control_state: Option<OadrLoadControlState> = opt(OADR, "oadrLoadControlState"),
    }
    /// `oadr:OadrPendingReports`.
    #[derive(Default)]
    OadrPendingReports {
        report_request_id: Vec<String> = many(EI, "reportRequestID"),
    }
    /// `oadr:OadrPoll`.
    OadrPoll {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ven_id: String = one(EI, "venID"),
    }
    /// `oadr:OadrProfile2`.
    OadrProfile2 {
        oadr_profile_name: OadrProfile = one(OADR, "oadrProfileName"),
        oadr_transports: OadrTransports = one(OADR, "oadrTransports"),
    }
    /// `oadr:OadrProfiles`.
    OadrProfiles {
        oadr_profile: Vec<OadrProfile2> = range(OADR, "oadrProfile", 1, usize::MAX),
    }
    /// requestID alone, though rule 508 wants a venID in VEN payloads.
    OadrQueryRegistration {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        request_id: String = one(PYLD, "requestID"),
    }
    /// reportRequestID only when a METADATA request is answered. OpenADR 2.0b rule 311.
    OadrRegisterReport {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        request_id: String = one(PYLD, "requestID"),
        oadr_report: Vec<OadrReport> = many(OADR, "oadrReport"),
        ven_id: Option<String> = opt(EI, "venID"),
        report_request_id: Option<String> = opt(EI, "reportRequestID"),
    }
    /// `oadr:OadrRegisteredReport`.
    OadrRegisteredReport {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        oadr_report_request: Vec<OadrReportRequest> = many(OADR, "oadrReportRequest"),
        ven_id: Option<String> = opt(EI, "venID"),
    }
    /// eiReportID is ignored; reportRequestID is 0 in metadata. Rules 311, 339.
    OadrReport {
        dtstart: Option<xcal::Dtstart> = opt(XCAL, "dtstart"),
        duration: Option<xcal::DurationProp> = opt(XCAL, "duration"),
        intervals: Option<strm::Intervals> = opt(STRM, "intervals"),
        ei_report_id: Option<String> = opt(EI, "eiReportID"),
        oadr_report_description: Vec<OadrReportDescription> = many(OADR, "oadrReportDescription"),
        report_request_id: String = one(EI, "reportRequestID"),
        report_specifier_id: String = one(EI, "reportSpecifierID"),
        report_name: Option<ei::ReportName> = opt(EI, "reportName"),
        created_date_time: x::DateTime = one(EI, "createdDateTime"),
    }
    /// Without source, subject and context it means all resources. OpenADR 2.0b rule 343.
    OadrReportDescription {
        rid: String = one(EI, "rID"),
        report_subject: Option<ei::EiTarget> = opt(EI, "reportSubject"),
        report_data_source: Option<ei::EiTarget> = opt(EI, "reportDataSource"),
        report_type: ei::ReportType = one(EI, "reportType"),
        item_base: Option<emix::ItemBase> = opt_of(),
        reading_type: ei::ReadingType = one(EI, "readingType"),
        market_context: Option<x::Uri> = opt(EMIX, "marketContext"),
        oadr_sampling_rate: Option<OadrSamplingRate> = opt(OADR, "oadrSamplingRate"),
    }
    /// `oadr:OadrReportPayload`.
    OadrReportPayload {
        rid: String = one(EI, "rID"),
        confidence: Option<ei::Confidence> = opt(EI, "confidence"),
        accuracy: Option<x::Float> = opt(EI, "accuracy"),
        payload_base: ei::PayloadBase = one_of(),
        oadr_data_quality: Option<OadrDataQualityType> = opt(OADR, "oadrDataQuality"),
    }
    /// `oadr:OadrReportRequest`.
    OadrReportRequest {
        report_request_id: String = one(EI, "reportRequestID"),
        report_specifier: ei::ReportSpecifier = one(EI, "reportSpecifier"),
    }
    /// `oadr:OadrRequestEvent`.
    OadrRequestEvent {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_request_event: pyld::EiRequestEvent = one(PYLD, "eiRequestEvent"),
    }
    /// `oadr:OadrRequestReregistration`.
    OadrRequestReregistration {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ven_id: String = one(EI, "venID"),
    }
    /// `oadr:OadrResponse`.
    OadrResponse {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        ven_id: Option<String> = opt(EI, "venID"),
    }
    /// Shortest and longest sampling period, and whether it reports on change. Rule 312.
    OadrSamplingRate {
        oadr_min_period: x::Duration = one(OADR, "oadrMinPeriod"),
        oadr_max_period: x::Duration = one(OADR, "oadrMaxPeriod"),
        oadr_on_change: bool = one(OADR, "oadrOnChange"),
    }
    /// `oadr:OadrService`.
    OadrService {
        oadr_service_name: OadrServiceName = one(OADR, "oadrServiceName"),
        oadr_info: Vec<OadrInfo> = range(OADR, "oadrInfo", 1, usize::MAX),
    }
    /// `oadr:OadrServiceSpecificInfo`.
    #[derive(Default)]
    OadrServiceSpecificInfo {
        oadr_service: Vec<OadrService> = many(OADR, "oadrService"),
    }
    /// `oadr:OadrSignedObject`.
    OadrSignedObject {
        id: Option<x::Token> = attr_opt(OADR, "Id"),
        choice: OadrSignedObjectChoice = one_of(),
    }
    /// `oadr:OadrTransport2`.
    OadrTransport2 {
        oadr_transport_name: OadrTransport = one(OADR, "oadrTransportName"),
    }
    /// `oadr:OadrTransports`.
    OadrTransports {
        oadr_transport: Vec<OadrTransport2> = range(OADR, "oadrTransport", 1, usize::MAX),
    }
    /// `oadr:OadrUpdateReport`.
    OadrUpdateReport {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        request_id: String = one(PYLD, "requestID"),
        oadr_report: Vec<OadrReport> = many(OADR, "oadrReport"),
        ven_id: Option<String> = opt(EI, "venID"),
    }
    /// `oadr:OadrUpdatedReport`.
    OadrUpdatedReport {
        schema_version: Option<ei::SchemaVersion> = attr_opt(EI, "schemaVersion"),
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        oadr_cancel_report: Option<OadrCancelReport> = opt(OADR, "oadrCancelReport"),
        ven_id: Option<String> = opt(EI, "venID"),
    }
    /// Pulse counts have a factor in place of a scale.
    PulseCount {
        item_description: FixedPulseCount = one(OADR, "itemDescription"),
        item_units: FixedCount = one(OADR, "itemUnits"),
        pulse_factor: x::Float = one(OADR, "pulseFactor"),
    }
    /// `oadr:Temperature`.
    Temperature {
        item_description: FixedTemperature = one(OADR, "itemDescription"),
        item_units: TemperatureUnit = one(OADR, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
    }
    /// `oadr:Therm`.
    Therm {
        item_description: FixedTherm = one(OADR, "itemDescription"),
        item_units: FixedThm = one(OADR, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
    }
}

group! {
    /// `oadr:OadrSignedObjectChoice`.
    OadrSignedObjectChoice {
        OadrDistributeEvent(OadrDistributeEvent) = element(OADR, "oadrDistributeEvent"),
        OadrCreatedEvent(OadrCreatedEvent) = element(OADR, "oadrCreatedEvent"),
        OadrRequestEvent(OadrRequestEvent) = element(OADR, "oadrRequestEvent"),
        OadrResponse(OadrResponse) = element(OADR, "oadrResponse"),
        OadrCancelOpt(OadrCancelOpt) = element(OADR, "oadrCancelOpt"),
        OadrCanceledOpt(OadrCanceledOpt) = element(OADR, "oadrCanceledOpt"),
        OadrCreateOpt(OadrCreateOpt) = element(OADR, "oadrCreateOpt"),
        OadrCreatedOpt(OadrCreatedOpt) = element(OADR, "oadrCreatedOpt"),
        OadrCancelReport(OadrCancelReport) = element(OADR, "oadrCancelReport"),
        OadrCanceledReport(OadrCanceledReport) = element(OADR, "oadrCanceledReport"),
        OadrCreateReport(OadrCreateReport) = element(OADR, "oadrCreateReport"),
        OadrCreatedReport(OadrCreatedReport) = element(OADR, "oadrCreatedReport"),
        OadrRegisterReport(OadrRegisterReport) = element(OADR, "oadrRegisterReport"),
        OadrRegisteredReport(OadrRegisteredReport) = element(OADR, "oadrRegisteredReport"),
        OadrUpdateReport(OadrUpdateReport) = element(OADR, "oadrUpdateReport"),
        OadrUpdatedReport(OadrUpdatedReport) = element(OADR, "oadrUpdatedReport"),
        OadrCancelPartyRegistration(OadrCancelPartyRegistration) = element(OADR, "oadrCancelPartyRegistration"),
        OadrCanceledPartyRegistration(OadrCanceledPartyRegistration) = element(OADR, "oadrCanceledPartyRegistration"),
        OadrCreatePartyRegistration(OadrCreatePartyRegistration) = element(OADR, "oadrCreatePartyRegistration"),
        OadrCreatedPartyRegistration(OadrCreatedPartyRegistration) = element(OADR, "oadrCreatedPartyRegistration"),
        OadrRequestReregistration(OadrRequestReregistration) = element(OADR, "oadrRequestReregistration"),
        OadrQueryRegistration(OadrQueryRegistration) = element(OADR, "oadrQueryRegistration"),
        OadrPoll(OadrPoll) = element(OADR, "oadrPoll"),
    }
}

tokens! {
    /// `oadr:CurrencyItemDescription`.
    collapsed CurrencyItemDescription {
        Currency = "currency",
        CurrencyPerKW = "currencyPerKW",
        CurrencyPerKWh = "currencyPerKWh",
    };
    /// `oadr:OadrDataQualityType`.
    collapsed OadrDataQualityType {
        NoQualityNoValue = "No Quality - No Value",
        NoNewValuePreviousValueUsed = "No New Value - Previous Value Used",
        QualityBadNonSpecific = "Quality Bad - Non Specific",
        QualityBadConfigurationError = "Quality Bad - Configuration Error",
        QualityBadNotConnected = "Quality Bad - Not Connected",
        QualityBadDeviceFailure = "Quality Bad - Device Failure",
        QualityBadSensorFailure = "Quality Bad - Sensor Failure",
        QualityBadLastKnownValue = "Quality Bad - Last Known Value",
        QualityBadCommFailure = "Quality Bad - Comm Failure",
        QualityBadOutOfService = "Quality Bad - Out of Service",
        QualityUncertainNonSpecific = "Quality Uncertain - Non Specific",
        QualityUncertainLastUsableValue = "Quality Uncertain - Last Usable Value",
        QualityUncertainSensorNotAccurate = "Quality Uncertain - Sensor Not Accurate",
        QualityUncertainEUUnitsExceeded = "Quality Uncertain - EU Units Exceeded",
        QualityUncertainSubNormal = "Quality Uncertain - Sub Normal",
        QualityGoodNonSpecific = "Quality Good - Non Specific",
        QualityGoodLocalOverride = "Quality Good - Local Override",
        QualityLimitFieldNot = "Quality Limit - Field/Not",
        QualityLimitFieldLow = "Quality Limit - Field/Low",
        QualityLimitFieldHigh = "Quality Limit - Field/High",
        QualityLimitFieldConstant = "Quality Limit - Field/Constant",
    } or ei::EiExtensionToken;
    /// `oadr:OadrProfile`.
    collapsed OadrProfile {
        V20a = "2.0a",
        V20b = "2.0b",
    };
    /// `oadr:OadrServiceName`.
    collapsed OadrServiceName {
        EiEvent = "EiEvent",
        EiOpt = "EiOpt",
        EiReport = "EiReport",
        EiRegisterParty = "EiRegisterParty",
        OadrPoll = "OadrPoll",
    };
    /// `oadr:OadrTransport`.
    collapsed OadrTransport {
        SimpleHttp = "simpleHttp",
        Xmpp = "xmpp",
    };
    /// `oadr:ResponseRequired`.
    exact ResponseRequired {
        Always = "always",
        Never = "never",
    };
    /// `oadr:TemperatureUnit`.
    collapsed TemperatureUnit {
        Celsius = "celsius",
        Fahrenheit = "fahrenheit",
    };
}

fixed! {
    FixedA = "A";
    FixedCount = "count";
    FixedCurrent = "Current";
    FixedFrequency = "Frequency";
    FixedHz = "Hz";
    FixedPulseCount = "pulse count";
    FixedTemperature = "temperature";
    FixedTherm = "Therm";
    FixedThm = "thm";
}

roots! {
    BaseUnit = OADR, "customUnit";
    Current = OADR, "current";
    Frequency = OADR, "frequency";
    OadrCancelOpt = OADR, "oadrCancelOpt";
    OadrCancelPartyRegistration = OADR, "oadrCancelPartyRegistration";
    OadrCancelReport = OADR, "oadrCancelReport";
    OadrCanceledOpt = OADR, "oadrCanceledOpt";
    OadrCanceledPartyRegistration = OADR, "oadrCanceledPartyRegistration";
    OadrCanceledReport = OADR, "oadrCanceledReport";
    OadrCreateOpt = OADR, "oadrCreateOpt";
    OadrCreatePartyRegistration = OADR, "oadrCreatePartyRegistration";
    OadrCreateReport = OADR, "oadrCreateReport";
    OadrCreatedEvent = OADR, "oadrCreatedEvent";
    OadrCreatedOpt = OADR, "oadrCreatedOpt";
    OadrCreatedPartyRegistration = OADR, "oadrCreatedPartyRegistration";
    OadrCreatedReport = OADR, "oadrCreatedReport";
    OadrDistributeEvent = OADR, "oadrDistributeEvent";
    OadrGBItemBase = OADR, "oadrGBDataDescription";
    OadrGBStreamPayloadBase = OADR, "oadrGBPayload";
    OadrInfo = OADR, "oadrInfo";
    OadrLoadControlState = OADR, "oadrLoadControlState";
    OadrPayload = OADR, "oadrPayload";
    OadrPayloadResourceStatus = OADR, "oadrPayloadResourceStatus";
    OadrPendingReports = OADR, "oadrPendingReports";
    OadrPoll = OADR, "oadrPoll";
    OadrProfiles = OADR, "oadrProfiles";
    OadrQueryRegistration = OADR, "oadrQueryRegistration";
    OadrRegisterReport = OADR, "oadrRegisterReport";
    OadrRegisteredReport = OADR, "oadrRegisteredReport";
    OadrReport = OADR, "oadrReport";
    OadrReportDescription = OADR, "oadrReportDescription";
    OadrReportPayload = OADR, "oadrReportPayload";
    OadrReportRequest = OADR, "oadrReportRequest";
    OadrRequestEvent = OADR, "oadrRequestEvent";
    OadrRequestReregistration = OADR, "oadrRequestReregistration";
    OadrResponse = OADR, "oadrResponse";
    OadrSamplingRate = OADR, "oadrSamplingRate";
    OadrServiceSpecificInfo = OADR, "oadrServiceSpecificInfo";
    OadrSignedObject = OADR, "oadrSignedObject";
    OadrTransports = OADR, "oadrTransports";
    OadrUpdateReport = OADR, "oadrUpdateReport";
    OadrUpdatedReport = OADR, "oadrUpdatedReport";
    PulseCount = OADR, "pulseCount";
    Temperature = OADR, "temperature";
    Therm = OADR, "Therm";
}
