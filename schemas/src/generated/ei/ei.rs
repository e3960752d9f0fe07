// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `ei`: the types of its namespace.

use super::{strm, emix, xcal};
use crate::xml::macros::{record, group, tokens, facet, roots};
use crate::xml as x;
use crate::xml::{EI, PYLD, ENRL, STRM, EMIX, XCAL};

record! {
    /// `ei:ArrayOfReportRequests`.
    #[derive(Default)]
    ArrayOfReportRequests {
        ei_report_request: Vec<EiReportRequest> = many(EI, "eiReportRequest"),
    }
    /// `ei:ArrayOfSignals`.
    #[derive(Default)]
    ArrayOfSignals {
        ei_event_signal: Vec<EiEventSignal> = many(EI, "eiEventSignal"),
        ei_event_baseline: Vec<EiEventBaseline> = many(EI, "eiEventBaseline"),
    }
    /// `ei:ArrayofEventResponses`.
    #[derive(Default)]
    ArrayofEventResponses {
        event_response: Vec<EiEventResponse> = many(EI, "eventResponse"),
    }
    /// `ei:ArrayofResponseTermsViolated`.
    #[derive(Default)]
    ArrayofResponseTermsViolated {
        response_term_violated: Vec<ResponseTermViolated> = many(EI, "responseTermViolated"),
    }
    /// `ei:ArrayofResponses`.
    #[derive(Default)]
    ArrayofResponses {
        response: Vec<EiResponse> = many(EI, "response"),
    }
    /// `ei:CurrentValue`.
    CurrentValue {
        payload_base: PayloadBase = one_of(),
    }
    /// For VENs and resources: calendar, behaviour and market.
    EiAvail {
        schema_version: Option<String> = attr_opt(EI, "schemaVersion"),
        avail_id: String = one(EI, "availID"),
        ven_id: Vec<String> = range(EI, "venID", 1, usize::MAX),
        resource_id: Vec<String> = many(EI, "resourceID"),
        available: xcal::Vavailability = one(EI, "available"),
        created_date_time: x::DateTime = one(EI, "createdDateTime"),
        ei_avail_behavior: EiAvailBehavior = one(EI, "eiAvailBehavior"),
        market_context: x::Uri = one(EMIX, "marketContext"),
    }
    /// An emix:DeliveryType with an id and a date.
    EiDelivery {
        schema_version: Option<String> = attr_opt(EI, "schemaVersion"),
        properties: Option<xcal::ArrayOfProperties> = opt(XCAL, "properties"),
        components: xcal::ArrayOfVcalendarContainedComponents = one(XCAL, "components"),
        uid: String = one(EMIX, "uid"),
        envelope_contents: Option<emix::EnvelopeContents> = opt(EMIX, "envelopeContents"),
        injection: bool = one(EMIX, "injection"),
        ei_delivery_id: String = one(EI, "eiDeliveryID"),
        created_date_time: x::DateTime = one(EI, "createdDateTime"),
    }
    /// Richer than OpenADR 2.0b: message id, report requests, version.
    EiEvent {
        schema_version: Option<String> = attr_opt(EI, "schemaVersion"),
        event_message_id: Option<String> = opt(EI, "eventMessageID"),
        event_descriptor: EventDescriptor = one(EI, "eventDescriptor"),
        ei_active_period: xcal::Vcalendar = one(EI, "eiActivePeriod"),
        ei_event_signals: ArrayOfSignals = one(EI, "eiEventSignals"),
        ei_target: Option<EiTarget> = opt(EI, "eiTarget"),
        ei_report_requests: Vec<ArrayOfReportRequests> = many(EI, "eiReportRequests"),
    }
    /// A stream; intervals may also be plain WS-Calendar ones.
    EiEventBaseline {
        dtstart: Option<xcal::DtstartProp> = opt(XCAL, "dtstart"),
        duration: Option<xcal::DurationProp> = opt(XCAL, "duration"),
        related_to: Option<xcal::RelatedToProp> = opt(XCAL, "related-to"),
        intervals: Option<strm::ArrayofStreamIntervals> = opt(STRM, "intervals"),
        baseline_id: String = one(EI, "baselineID"),
        baseline_interval: Vec<xcal::WsCalendarInterval> = many(EI, "baselineInterval"),
        resource_id: Vec<String> = many(EI, "resourceID"),
        baseline_name: Option<String> = opt(EI, "baselineName"),
        item_base: Option<emix::ItemBase> = opt_of(),
        current_value: Option<CurrentValue> = opt(EI, "currentValue"),
    }
    /// EiResponseType plus event and opt state.
    EiEventResponse {
        response_code: ResponseCode = one(EI, "responseCode"),
        response_description: Option<String> = opt(EI, "responseDescription"),
        ref_id: RefID = one_of(),
        response_terms_violated: Option<ArrayofResponseTermsViolated> = opt(EI, "responseTermsViolated"),
        created_date_time: Option<x::DateTime> = opt(EI, "createdDateTime"),
        qualified_event_id: QualifiedEventID = one(EI, "qualifiedEventID"),
        opt_type: OptType = one(EI, "optType"),
    }
    /// A stream with name, type, unit and targets.
    EiEventSignal {
        schema_version: Option<String> = attr_opt(EI, "schemaVersion"),
        dtstart: Option<xcal::DtstartProp> = opt(XCAL, "dtstart"),
        duration: Option<xcal::DurationProp> = opt(XCAL, "duration"),
        related_to: Option<xcal::RelatedToProp> = opt(XCAL, "related-to"),
        intervals: Option<strm::ArrayofStreamIntervals> = opt(STRM, "intervals"),
        ei_target: Vec<EiTarget> = many(EI, "eiTarget"),
        market_context: Option<x::Uri> = opt(EMIX, "marketContext"),
        signal_name: String = one(EI, "signalName"),
        signal_type: SignalType = one(EI, "signalType"),
        signal_id: String = one(EI, "signalID"),
        item_base: Option<emix::ItemBase> = opt_of(),
        current_value: Option<CurrentValue> = opt(EI, "currentValue"),
    }
    /// Standing terms, level meaning and reports of a market.
    EiMarketContext {
        schema_version: Option<String> = attr_opt(EI, "schemaVersion"),
        market_context: x::Uri = one(EMIX, "marketContext"),
        market_name: Option<String> = opt(EI, "marketName"),
        envelope_contents: Option<emix::EnvelopeContents> = opt(EMIX, "envelopeContents"),
        standard_terms: Option<emix::StandardTerms> = opt(EMIX, "standardTerms"),
        simple_level_context: Option<SimpleLevelContext> = opt(EI, "simpleLevelContext"),
        report_specifier: Vec<ReportSpecifier> = many(EI, "reportSpecifier"),
        created_date_time: Option<x::DateTime> = opt(EI, "createdDateTime"),
    }
    /// nonStandardTermsHandling is required.
    EiMarketExpectations {
        ei_market_rule_set: Vec<EiMarketRuleSet> = many(EI, "eiMarketRuleSet"),
        granularity: Option<xcal::DurationProp> = opt(XCAL, "granularity"),
        non_standard_terms_handling: emix::NonStandardTermsHandling = one(EMIX, "nonStandardTermsHandling"),
    }
    /// Terms, their purpose and the availability behaviour.
    EiMarketRuleSet {
        standard_terms_set: emix::StandardTermsSet = one(EMIX, "standardTermsSet"),
        rule_set_purpose: RuleSetPurpose = one(EI, "ruleSetPurpose"),
        ei_avail_behavior: Option<EiAvailBehavior> = opt(EI, "eiAvailBehavior"),
    }
    /// Several VENs and rule sets, unlike OpenADR 2.0b.
    EiOpt {
        schema_version: Option<String> = attr_opt(EI, "schemaVersion"),
        opt_id: String = one(EI, "optID"),
        opt_type: OptType = one(EI, "optType"),
        opt_reason: OptReason = one(EI, "optReason"),
        market_context: Option<x::Uri> = opt(EMIX, "marketContext"),
        ven_id: Vec<String> = range(EI, "venID", 1, usize::MAX),
        vavailability: Option<xcal::Vavailability> = opt(XCAL, "vavailability"),
        ei_market_rule_set: Vec<EiMarketRuleSet> = many(EI, "eiMarketRuleSet"),
        created_date_time: x::DateTime = one(EI, "createdDateTime"),
    }
    /// Every member is optional.
    #[derive(Default)]
    EiParty {
        schema_version: Option<String> = attr_opt(EI, "schemaVersion"),
        party_id: Option<String> = opt(EI, "partyID"),
        party_name: Option<String> = opt(EI, "partyName"),
        party_role: Option<String> = opt(EI, "partyRole"),
    }
    /// One or more EMIX products or options; each needs xsi:type.
    EiQuote {
        quote_id: String = one(EI, "quoteID"),
        emix_base: Vec<emix::EmixBase> = range(EMIX, "emixBase", 1, usize::MAX),
    }
    /// A stream with descriptions, ids and an optional snapshot.
    EiReport {
        schema_version: Option<String> = attr_opt(EI, "schemaVersion"),
        dtstart: Option<xcal::DtstartProp> = opt(XCAL, "dtstart"),
        duration: Option<xcal::DurationProp> = opt(XCAL, "duration"),
        related_to: Option<xcal::RelatedToProp> = opt(XCAL, "related-to"),
        intervals: Option<strm::ArrayofStreamIntervals> = opt(STRM, "intervals"),
        ei_report_id: String = one(EI, "eiReportID"),
        report_description: Vec<ReportDescription> = range(EI, "reportDescription", 1, usize::MAX),
        snap: Option<Snap> = opt(EI, "snap"),
        report_request_id: String = one(EI, "reportRequestID"),
        report_specifier_id: String = one(EI, "reportSpecifierID"),
        report_name: Option<String> = opt(EI, "reportName"),
        created_date_time: x::DateTime = one(EI, "createdDateTime"),
    }
    /// Which report, for whom, when due, summed or not.
    EiReportRequest {
        report_request_id: String = one(EI, "reportRequestID"),
        report_specifier_id: String = one(EI, "reportSpecifierID"),
        report_specifier: Option<ReportSpecifier> = opt(EI, "reportSpecifier"),
        ei_target: Option<EiTarget> = opt(EI, "eiTarget"),
        report_scheduler: ReportScheduler = one_of(),
        aggregate_report: bool = one(EI, "aggregateReport"),
    }
    /// Refers by ei:refID; OpenADR 2.0b has pyld:requestID instead.
    EiResponse {
        response_code: ResponseCode = one(EI, "responseCode"),
        response_description: Option<String> = opt(EI, "responseDescription"),
        ref_id: RefID = one_of(),
        response_terms_violated: Option<ArrayofResponseTermsViolated> = opt(EI, "responseTermsViolated"),
        created_date_time: Option<x::DateTime> = opt(EI, "createdDateTime"),
    }
    /// An EMIX term holding eiSmoothing.
    EiResponseSmoothing {
        ei_smoothing: EiSmoothing = one(EI, "eiSmoothing"),
    }
    /// EMIX interfaces, groups, resources, VENs, parties.
    #[derive(Default)]
    EiTarget {
        emix_interface: Vec<emix::EmixInterface> = range_of(0, usize::MAX),
        group_id: Vec<String> = many(EI, "groupID"),
        group_name: Vec<String> = many(EI, "groupName"),
        resource_id: Vec<String> = many(EI, "resourceID"),
        ven_id: Vec<String> = many(EI, "venID"),
        party_id: Vec<String> = many(EI, "partyID"),
    }
    /// One EMIX product, option or delivery; emixBase needs xsi:type. EI 1.0 EiTender.
    EiTender {
        tender_id: String = one(EI, "tenderID"),
        emix_base: emix::EmixBase = one(EMIX, "emixBase"),
    }
    /// Names the accepted tender, if any; emixBase needs xsi:type.
    EiTransaction {
        transaction_id: String = one(EI, "transactionID"),
        tender_id: Option<String> = opt(EI, "tenderID"),
        emix_base: emix::EmixBase = one(EMIX, "emixBase"),
    }
    /// `ei:EventBaselinePayload`.
    #[derive(Default)]
    EventBaselinePayload {
        payload_quantity: Option<PayloadQuantity> = opt(EI, "payloadQuantity"),
    }
    /// Carries the full eiMarketContext, unlike OpenADR 2.0b.
    EventDescriptor {
        event_id: String = one(EI, "eventID"),
        modification_number: u32 = one(EI, "modificationNumber"),
        modification_date_time: Option<x::DateTime> = opt(EI, "modificationDateTime"),
        modification_reason: Option<String> = opt(EI, "modificationReason"),
        priority: Option<u32> = opt(EI, "priority"),
        ei_market_context: EiMarketContext = one(EI, "eiMarketContext"),
        created_date_time: Option<x::DateTime> = opt(EI, "createdDateTime"),
        event_status: Option<EventStatus> = opt(EI, "eventStatus"),
        operating_day: Option<x::DateTime> = opt(EI, "operatingDay"),
        test_event: Option<String> = opt(EI, "testEvent"),
        vtn_comment: Option<String> = opt(EI, "vtnComment"),
    }
    /// `ei:EventGluon`.
    #[derive(Default)]
    EventGluon {
        gluon: Option<xcal::WsCalendarGluon> = opt(XCAL, "gluon"),
        event_id: Option<String> = opt(EI, "eventID"),
    }
    /// `ei:Interval`.
    Interval {
        base_property: Vec<xcal::BaseProperty> = range_of(0, usize::MAX),
        stream_payload_base: strm::StreamPayloadBase = one_of(),
    }
    /// `ei:PayloadFloat`.
    PayloadFloat {
        value: x::Float = one(EI, "value"),
    }
    /// `ei:PayloadLevel`.
    PayloadLevel {
        level: u32 = one(EI, "level"),
    }
    /// `ei:PayloadPrice`.
    PayloadPrice {
        price: emix::Price = one(EMIX, "price"),
    }
    /// `ei:PayloadPriceMultiplier`.
    PayloadPriceMultiplier {
        price_multiplier: emix::PriceMultiplier = one(EMIX, "priceMultiplier"),
    }
    /// `ei:PayloadPriceRelative`.
    PayloadPriceRelative {
        price_relative: emix::PriceRelative = one(EMIX, "priceRelative"),
    }
    /// `ei:PayloadProduct`.
    PayloadProduct {
        product_description: emix::ProductDescription = one_of(),
    }
    /// `ei:PayloadQuantity`.
    PayloadQuantity {
        quantity: x::Float = one(EMIX, "quantity"),
    }
    /// `ei:QualifiedEventID`.
    QualifiedEventID {
        event_id: String = one(EI, "eventID"),
        modification_number: Option<u32> = opt(EI, "modificationNumber"),
    }
    /// `ei:ReportDescription`.
    ReportDescription {
        rid: Option<String> = opt(EI, "rID"),
        report_subject: Option<EiTarget> = opt(EI, "reportSubject"),
        report_data_source: Option<EiTarget> = opt(EI, "reportDataSource"),
        report_type: ReportType = one(EI, "reportType"),
        item_base: Option<emix::ItemBase> = opt_of(),
        reading_type: Option<ReadingType> = opt(EI, "readingType"),
        aggregate_report: Option<bool> = opt(EI, "aggregateReport"),
    }
    /// `ei:ReportPayload`.
    ReportPayload {
        rid: Option<String> = opt(EI, "rID"),
        confidence: Option<Confidence> = opt(EI, "confidence"),
        reading_type: Option<ReadingType> = opt(EI, "readingType"),
        accuracy: Option<x::Float> = opt(EI, "accuracy"),
        payload_base: PayloadBase = one_of(),
    }
    /// `ei:ReportSpecifier`.
    ReportSpecifier {
        report_specifier_id: String = one(EI, "reportSpecifierID"),
        market_context: Option<x::Uri> = opt(EMIX, "marketContext"),
        granularity: xcal::DurationProp = one(XCAL, "granularity"),
        report_back_duration: Option<x::Duration> = opt(EI, "reportBackDuration"),
        report_interval: Option<xcal::WsCalendarInterval> = opt(EI, "reportInterval"),
        specifier_payload: Vec<SpecifierPayload> = range(EI, "specifierPayload", 1, usize::MAX),
    }
    /// `ei:RequestReportGluon`.
    #[derive(Default)]
    RequestReportGluon {
        gluon: xcal::WsCalendarGluon = one(XCAL, "gluon"),
    }
    /// `ei:RequestReportInterval`.
    #[derive(Default)]
    RequestReportInterval {
        interval: xcal::WsCalendarInterval = one(XCAL, "interval"),
    }
    /// `ei:RequestReportSnap`.
    #[derive(Default)]
    RequestReportSnap {
        status_date_time: Option<x::DateTime> = opt(EI, "statusDateTime"),
    }
    /// `ei:ResponseTermViolated`.
    ResponseTermViolated {
        response_description: String = one(EI, "responseDescription"),
        base_term: emix::BaseTerm = one_of(),
    }
    /// `ei:SignalPayload`.
    SignalPayload {
        payload_base: PayloadBase = one_of(),
    }
    /// `ei:SimpleLevelContext`.
    #[derive(Default)]
    SimpleLevelContext {
        level_normal_value: Option<u32> = opt(EI, "levelNormalValue"),
        level_upper_limit: Option<u32> = opt(EI, "levelUpperLimit"),
    }
    /// `ei:Snap`.
    Snap {
        report_payload: ReportPayload = one(EI, "reportPayload"),
        status_date_time: x::DateTime = one(EI, "statusDateTime"),
    }
    /// `ei:SpecifierPayload`.
    SpecifierPayload {
        rid: Option<String> = opt(EI, "rID"),
        item_base: Option<emix::ItemBase> = opt_of(),
        reading_type: ReadingType = one(EI, "readingType"),
    }
    /// An xCal property: confidence or reading type, and accuracy.
    #[derive(Default)]
    XIntervalQualification {
        parameters: Option<xcal::ArrayOfParameters> = opt(XCAL, "parameters"),
        choice: Option<XIntervalQualificationChoice> = opt_of(),
        accuracy: Option<x::Float> = opt(EI, "accuracy"),
    }
}

group! {
    /// Head of the values a signal or report may carry.
    PayloadBase {
        PayloadFloat(PayloadFloat) = element(EI, "payloadFloat"),
        PayloadLevel(PayloadLevel) = element(EI, "payloadLevel"),
        PayloadPrice(PayloadPrice) = element(EI, "payloadPrice"),
        PayloadPriceMultiplier(PayloadPriceMultiplier) = element(EI, "payloadPriceMultiplier"),
        PayloadPriceRelative(PayloadPriceRelative) = element(EI, "payloadPriceRelative"),
        PayloadProduct(PayloadProduct) = element(EI, "payloadProduct"),
        PayloadQuantity(PayloadQuantity) = element(EI, "payloadQuantity"),
    }
    /// Head of the reference ids; may also stand itself. Takes the type of uid.
    RefID {
        RefID(String) = element(EI, "refID"),
        AcceptanceID(String) = element(EI, "acceptanceID"),
        AvailID(String) = element(EI, "availID"),
        BaselineID(String) = element(EI, "baselineID"),
        ConstraintID(String) = element(EI, "constraintID"),
        EiDeliveryID(String) = element(EI, "eiDeliveryID"),
        EiReportID(String) = element(EI, "eiReportID"),
        EventMessageID(String) = element(EI, "eventMessageID"),
        HistorianID(String) = element(EI, "historianID"),
        OptID(String) = element(EI, "optID"),
        OriginalReferenceID(String) = element(EI, "originalReferenceID"),
        QuoteID(String) = element(EI, "quoteID"),
        RegistrationID(String) = element(EI, "registrationID"),
        ReportRequestID(String) = element(EI, "reportRequestID"),
        ReportSpecifierID(String) = element(EI, "reportSpecifierID"),
        SignalID(String) = element(EI, "signalID"),
        TenderID(String) = element(EI, "tenderID"),
        TransactionID(String) = element(EI, "transactionID"),
        EnrollmentID(String) = element(ENRL, "enrollmentID"),
        OriginalEnrollmentID(String) = element(ENRL, "originalEnrollmentID"),
        RequestID(String) = element(PYLD, "requestID"),
    }
    /// Head of the ways to say when a report is due.
    ReportScheduler {
        EventGluon(EventGluon) = element(EI, "eventGluon"),
        RequestReportGluon(RequestReportGluon) = element(EI, "requestReportGluon"),
        RequestReportInterval(RequestReportInterval) = element(EI, "requestReportInterval"),
        RequestReportSnap(RequestReportSnap) = element(EI, "requestReportSnap"),
    }
    /// `ei:XIntervalQualificationChoice`.
    XIntervalQualificationChoice {
        Confidence(Confidence) = element(EI, "confidence"),
        ReadingType(ReadingType) = element(EI, "readingType"),
    }
}

tokens! {
    /// What becomes of an event outside the availability.
    exact EiAvailBehavior {
        Accept = "accept",
        Reject = "reject",
        Restrict = "restrict",
    };
    /// How a response moves between intervals.
    collapsed EiSmoothing {
        Ramp = "ramp",
        Uniform = "uniform",
        None_ = "none",
    };
    /// `ei:EventStatus`.
    collapsed EventStatus {
        None_ = "none",
        Far = "far",
        Near = "near",
        Active = "active",
        Completed = "completed",
        Cancelled = "cancelled",
    } or EiExtensionToken;
    /// `ei:EventStatusEnumerated`.
    collapsed EventStatusEnumerated {
        None_ = "none",
        Far = "far",
        Near = "near",
        Active = "active",
        Completed = "completed",
        Cancelled = "cancelled",
    };
    /// `ei:OptReason`.
    collapsed OptReason {
        Economic = "economic",
        Emergency = "emergency",
        MustRun = "mustRun",
        NotParticipating = "notParticipating",
        OutageRunStatus = "outageRunStatus",
        OverrideStatus = "overrideStatus",
        Participating = "participating",
    } or EiExtensionToken;
    /// `ei:OptReasonEnumerated`.
    collapsed OptReasonEnumerated {
        Economic = "economic",
        Emergency = "emergency",
        MustRun = "mustRun",
        NotParticipating = "notParticipating",
        OutageRunStatus = "outageRunStatus",
        OverrideStatus = "overrideStatus",
        Participating = "participating",
    };
    /// `ei:OptType`.
    collapsed OptType {
        OptIn = "optIn",
        OptOut = "optOut",
    };
    /// `ei:ReadingType`.
    collapsed ReadingType {
        DirectRead = "Direct Read",
        Net = "Net",
        Allocated = "Allocated",
        Estimated = "Estimated",
        Summed = "Summed",
        Derived = "Derived",
        Mean = "Mean",
        Peak = "Peak",
        Hybrid = "Hybrid",
        Contract = "Contract",
        Projected = "Projected",
    } or EiExtensionToken;
    /// `ei:ReadingTypeEnumerated`.
    collapsed ReadingTypeEnumerated {
        DirectRead = "Direct Read",
        Net = "Net",
        Allocated = "Allocated",
        Estimated = "Estimated",
        Summed = "Summed",
        Derived = "Derived",
        Mean = "Mean",
        Peak = "Peak",
        Hybrid = "Hybrid",
        Contract = "Contract",
        Projected = "Projected",
    };
    /// `ei:ReportEnumerated`.
    collapsed ReportEnumerated {
        Reading = "reading",
        Usage = "usage",
        Demand = "demand",
        SetPoint = "setPoint",
        DeltaUsage = "deltaUsage",
        DeltaSetPoint = "deltaSetPoint",
        DeltaDemand = "deltaDemand",
        Baseline = "baseline",
        Deviation = "deviation",
        AvgUsage = "avgUsage",
        AvgDemand = "avgDemand",
        OperatingState = "operatingState",
        UpRegulationCapacityAvailable = "upRegulationCapacityAvailable",
        DownRegulationCapacityAvailable = "downRegulationCapacityAvailable",
        RegulationSetpoint = "regulationSetpoint",
        StoredEnergy = "storedEnergy",
        TargetEnergyStorage = "targetEnergyStorage",
        AvailableEnergyStorage = "availableEnergyStorage",
        Price = "price",
        Level = "level",
    };
    /// `ei:ReportType`.
    collapsed ReportType {
        Reading = "reading",
        Usage = "usage",
        Demand = "demand",
        SetPoint = "setPoint",
        DeltaUsage = "deltaUsage",
        DeltaSetPoint = "deltaSetPoint",
        DeltaDemand = "deltaDemand",
        Baseline = "baseline",
        Deviation = "deviation",
        AvgUsage = "avgUsage",
        AvgDemand = "avgDemand",
        OperatingState = "operatingState",
        UpRegulationCapacityAvailable = "upRegulationCapacityAvailable",
        DownRegulationCapacityAvailable = "downRegulationCapacityAvailable",
        RegulationSetpoint = "regulationSetpoint",
        StoredEnergy = "storedEnergy",
        TargetEnergyStorage = "targetEnergyStorage",
        AvailableEnergyStorage = "availableEnergyStorage",
        Price = "price",
        Level = "level",
    } or EiExtensionToken;
    /// `ei:RuleSetPurpose`.
    exact RuleSetPurpose {
        Minimum = "minimum",
        Maximum = "maximum",
        Force = "force",
        MustUnderstand = "mustUnderstand",
        Ignore = "ignore",
    };
    /// `ei:SignalType`.
    collapsed SignalType {
        Delta = "delta",
        Level = "level",
        Multiplier = "multiplier",
        Price = "price",
        PriceMultiplier = "priceMultiplier",
        PriceRelative = "priceRelative",
        Product = "product",
        Setpoint = "setpoint",
    } or EiExtensionToken;
    /// `ei:SignalTypeEnumerated`.
    collapsed SignalTypeEnumerated {
        Delta = "delta",
        Level = "level",
        Multiplier = "multiplier",
        Price = "price",
        PriceMultiplier = "priceMultiplier",
        PriceRelative = "priceRelative",
        Product = "product",
        Setpoint = "setpoint",
    };
}

facet! {
    /// `ei:Confidence`.
    Confidence(u32) = |v| (0..=100).contains(v), "a number from 0 to 100", ["0", "100"];
    /// A name of a deployment's own: x- and at least one more character.
    EiExtensionToken(x::Token) = |v| x::patterns::extension(v), "x- and a name of one's own", ["x-own", "x-a b"];
    /// `ei:ResponseCode`.
    ResponseCode(String) = |v| x::patterns::three_digits(v), "three digits", ["200", "452"];
}

roots! {
    ArrayOfReportRequests = EI, "eiReportRequests";
    ArrayOfSignals = EI, "eiEventSignals";
    ArrayofEventResponses = EI, "eventResponses";
    ArrayofResponseTermsViolated = EI, "responseTermsViolated";
    ArrayofResponses = EI, "responses";
    CurrentValue = EI, "currentValue";
    EiAvail = EI, "eiAvail";
    EiDelivery = EI, "eiDelivery";
    EiEvent = EI, "eiEvent";
    EiEventBaseline = EI, "eiEventBaseline";
    EiEventResponse = EI, "eiEventResponse";
    EiEventSignal = EI, "eiEventSignal";
    EiMarketContext = EI, "eiMarketContext";
    EiMarketExpectations = EI, "eiMarketExpectations";
    EiMarketRuleSet = EI, "eiMarketRuleSet";
    EiOpt = EI, "eiOpt";
    EiParty = EI, "eiParty";
    EiQuote = EI, "eiQuote";
    EiReport = EI, "eiReport";
    EiReportRequest = EI, "eiReportRequest";
    EiResponse = EI, "eiResponse";
    EiResponseSmoothing = EI, "eiResponseSmoothing";
    EiTender = EI, "eiTender";
    EiTransaction = EI, "eiTransaction";
    EventBaselinePayload = EI, "eventBaselinePayload";
    EventDescriptor = EI, "eventDescriptor";
    EventGluon = EI, "eventGluon";
    Interval = EI, "interval";
    PayloadFloat = EI, "payloadFloat";
    PayloadLevel = EI, "payloadLevel";
    PayloadPrice = EI, "payloadPrice";
    PayloadPriceMultiplier = EI, "payloadPriceMultiplier";
    PayloadPriceRelative = EI, "payloadPriceRelative";
    PayloadProduct = EI, "payloadProduct";
    PayloadQuantity = EI, "payloadQuantity";
    QualifiedEventID = EI, "qualifiedEventID";
    ReportDescription = EI, "reportDescription";
    ReportPayload = EI, "reportPayload";
    ReportSpecifier = EI, "reportSpecifier";
    RequestReportGluon = EI, "requestReportGluon";
    RequestReportInterval = EI, "requestReportInterval";
    RequestReportSnap = EI, "requestReportSnap";
    ResponseTermViolated = EI, "responseTermViolated";
    SignalPayload = EI, "signalPayload";
    SimpleLevelContext = EI, "simpleLevelContext";
    Snap = EI, "snap";
    SpecifierPayload = EI, "specifierPayload";
    XIntervalQualification = EI, "x-IntervalQualification";
}
