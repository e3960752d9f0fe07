// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `ei`: the types of its namespace.

use super::{oadr, emix, power, xcal, strm};
use crate::xml::macros::{record, group, tokens, facet, roots};
use crate::xml as x;
use crate::xml::{OADR, EI, PYLD, EMIX, POWER, XCAL, STRM};

record! {
    /// `ei:ArrayofResponses`.
    #[derive(Default)]
    ArrayofResponses {
        response: Vec<EiResponse> = many(EI, "response"),
    }
    /// `ei:CurrentValue`.
    CurrentValue {
        choice: CurrentValueChoice = one_of(),
    }
    /// Properties carry the times; nothing is defined for components. Rules 30, 31, 105.
    EiActivePeriod {
        properties: xcal::Properties = one(XCAL, "properties"),
        components: x::AnyType = one(XCAL, "components"),
    }
    /// Any change but of status and current value counts as new version. Rule 5.
    EiEvent {
        event_descriptor: EventDescriptor = one(EI, "eventDescriptor"),
        ei_active_period: EiActivePeriod = one(EI, "eiActivePeriod"),
        ei_event_signals: EiEventSignals = one(EI, "eiEventSignals"),
        ei_target: EiTarget = one(EI, "eiTarget"),
    }
    /// Has a start and duration of its own. OpenADR 2.0b rules 101-103, 108.
    EiEventBaseline {
        dtstart: xcal::Dtstart = one(XCAL, "dtstart"),
        duration: xcal::DurationProp = one(XCAL, "duration"),
        intervals: strm::Intervals = one(STRM, "intervals"),
        baseline_id: String = one(EI, "baselineID"),
        resource_id: Vec<String> = many(EI, "resourceID"),
        baseline_name: String = one(EI, "baselineName"),
        item_base: Option<emix::ItemBase> = opt_of(),
    }
    /// signalID unique in the event; target by device class only. Rules 107, 111.
    EiEventSignal {
        intervals: strm::Intervals = one(STRM, "intervals"),
        ei_target: Option<EiTarget> = opt(EI, "eiTarget"),
        signal_name: SignalName = one(EI, "signalName"),
        signal_type: SignalTypeEnumerated = one(EI, "signalType"),
        signal_id: String = one(EI, "signalID"),
        item_base: Option<emix::ItemBase> = opt_of(),
        current_value: Option<CurrentValue> = opt(EI, "currentValue"),
    }
    /// At least one signal.
    EiEventSignals {
        ei_event_signal: Vec<EiEventSignal> = range(EI, "eiEventSignal", 1, usize::MAX),
        ei_event_baseline: Option<EiEventBaseline> = opt(EI, "eiEventBaseline"),
    }
    /// `ei:EiMarketContext`.
    EiMarketContext {
        market_context: x::Uri = one(EMIX, "marketContext"),
    }
    /// requestID here is pyld's; Energy Interoperation 1.0 has ei:refID instead.
    EiResponse {
        response_code: ResponseCode = one(EI, "responseCode"),
        response_description: Option<String> = opt(EI, "responseDescription"),
        request_id: String = one(PYLD, "requestID"),
    }
    /// Every target kind, all optional and repeatable. OpenADR 2.0b rules 22, 63, 111.
    #[derive(Default)]
    EiTarget {
        aggregated_pnode: Vec<power::AggregatedPnode> = many(POWER, "aggregatedPnode"),
        end_device_asset: Vec<power::EndDeviceAsset> = many(POWER, "endDeviceAsset"),
        meter_asset: Vec<power::MeterAsset> = many(POWER, "meterAsset"),
        pnode: Vec<power::Pnode> = many(POWER, "pnode"),
        service_area: Vec<emix::ServiceArea> = many(EMIX, "serviceArea"),
        service_delivery_point: Vec<power::ServiceDeliveryPoint> = many(POWER, "serviceDeliveryPoint"),
        service_location: Vec<power::ServiceLocation> = many(POWER, "serviceLocation"),
        transport_interface: Vec<power::TransportInterface> = many(POWER, "transportInterface"),
        group_id: Vec<String> = many(EI, "groupID"),
        group_name: Vec<String> = many(EI, "groupName"),
        resource_id: Vec<String> = many(EI, "resourceID"),
        ven_id: Vec<String> = many(EI, "venID"),
        party_id: Vec<String> = many(EI, "partyID"),
    }
    /// priority 0 is none, 1 the highest; any testEvent but false is a test. Rules 3, 6.
    EventDescriptor {
        event_id: String = one(EI, "eventID"),
        modification_number: u32 = one(EI, "modificationNumber"),
        modification_date_time: Option<x::DateTime> = opt(EI, "modificationDateTime"),
        modification_reason: Option<String> = opt(EI, "modificationReason"),
        priority: Option<u32> = opt(EI, "priority"),
        ei_market_context: EiMarketContext = one(EI, "eiMarketContext"),
        created_date_time: x::DateTime = one(EI, "createdDateTime"),
        event_status: EventStatusEnumerated = one(EI, "eventStatus"),
        test_event: Option<String> = opt(EI, "testEvent"),
        vtn_comment: Option<String> = opt(EI, "vtnComment"),
    }
    /// `ei:EventResponse`.
    EventResponse {
        response_code: ResponseCode = one(EI, "responseCode"),
        response_description: Option<String> = opt(EI, "responseDescription"),
        request_id: String = one(PYLD, "requestID"),
        qualified_event_id: QualifiedEventID = one(EI, "qualifiedEventID"),
        opt_type: OptType = one(EI, "optType"),
    }
    /// `ei:EventResponses`.
    #[derive(Default)]
    EventResponses {
        event_response: Vec<EventResponse> = many(EI, "eventResponse"),
    }
    /// dtstart only in reports; uid when dtstart is absent. OpenADR 2.0b rules 2, 103, 314-316.
    Interval {
        dtstart: Option<xcal::Dtstart> = opt(XCAL, "dtstart"),
        duration: Option<xcal::DurationProp> = opt(XCAL, "duration"),
        uid: Option<xcal::Uid> = opt(XCAL, "uid"),
        stream_payload_base: Vec<strm::StreamPayloadBase> = range_of(1, usize::MAX),
    }
    /// `ei:PayloadFloat`.
    PayloadFloat {
        value: x::Float = one(EI, "value"),
    }
    /// Both the event and its modificationNumber are given.
    QualifiedEventID {
        event_id: String = one(EI, "eventID"),
        modification_number: u32 = one(EI, "modificationNumber"),
    }
    /// reportBackDuration 0 is one report at once. OpenADR 2.0b rules 317, 324, 340.
    ReportSpecifier {
        report_specifier_id: String = one(EI, "reportSpecifierID"),
        granularity: xcal::DurationProp = one(XCAL, "granularity"),
        report_back_duration: xcal::DurationProp = one(EI, "reportBackDuration"),
        report_interval: Option<xcal::WsCalendarInterval> = opt(EI, "reportInterval"),
        specifier_payload: Vec<SpecifierPayload> = range(EI, "specifierPayload", 1, usize::MAX),
    }
    /// `ei:SignalPayload`.
    SignalPayload {
        choice: SignalPayloadChoice = one_of(),
    }
    /// `ei:SpecifierPayload`.
    SpecifierPayload {
        rid: String = one(EI, "rID"),
        item_base: Option<emix::ItemBase> = opt_of(),
        reading_type: ReadingType = one(EI, "readingType"),
    }
}

group! {
    /// `ei:CurrentValueChoice`.
    CurrentValueChoice {
        PayloadFloat(PayloadFloat) = element(EI, "payloadFloat"),
    }
    /// Head of the values a signal or report may carry.
    PayloadBase {
        PayloadFloat(PayloadFloat) = element(EI, "payloadFloat"),
        OadrPayloadResourceStatus(oadr::OadrPayloadResourceStatus) = element(OADR, "oadrPayloadResourceStatus"),
    }
    /// `ei:SignalPayloadChoice`.
    SignalPayloadChoice {
        PayloadBase(PayloadBase) = member(),
    }
}

tokens! {
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
        XSchedule = "x-schedule",
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
        XSchedule = "x-schedule",
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
        XRMS = "x-RMS",
        XNotApplicable = "x-notApplicable",
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
        XRMS = "x-RMS",
        XNotApplicable = "x-notApplicable",
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
        PowerFactor = "powerFactor",
        PercentUsage = "percentUsage",
        PercentDemand = "percentDemand",
        XResourceStatus = "x-resourceStatus",
    };
    /// `ei:ReportName`.
    collapsed ReportName {
        MetadataHistoryUsage = "METADATA_HISTORY_USAGE",
        HistoryUsage = "HISTORY_USAGE",
        MetadataHistoryGreenbutton = "METADATA_HISTORY_GREENBUTTON",
        HistoryGreenbutton = "HISTORY_GREENBUTTON",
        MetadataTelemetryUsage = "METADATA_TELEMETRY_USAGE",
        TelemetryUsage = "TELEMETRY_USAGE",
        MetadataTelemetryStatus = "METADATA_TELEMETRY_STATUS",
        TelemetryStatus = "TELEMETRY_STATUS",
    } or EiExtensionToken;
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
        PowerFactor = "powerFactor",
        PercentUsage = "percentUsage",
        PercentDemand = "percentDemand",
        XResourceStatus = "x-resourceStatus",
    } or EiExtensionToken;
    /// `ei:SchemaVersion`.
    collapsed SchemaVersion {
        V20a = "2.0a",
        V20b = "2.0b",
    } or EiExtensionToken;
    /// `ei:SignalName`.
    collapsed SignalName {
        Simple = "SIMPLE",
        LowerSimple = "simple",
        ElectricityPrice = "ELECTRICITY_PRICE",
        EnergyPrice = "ENERGY_PRICE",
        DemandCharge = "DEMAND_CHARGE",
        BidPrice = "BID_PRICE",
        BidLoad = "BID_LOAD",
        BidEnergy = "BID_ENERGY",
        ChargeState = "CHARGE_STATE",
        LoadDispatch = "LOAD_DISPATCH",
        LoadControl = "LOAD_CONTROL",
    } or EiExtensionToken;
    /// `ei:SignalNameEnumerated`.
    collapsed SignalNameEnumerated {
        Simple = "SIMPLE",
        LowerSimple = "simple",
        ElectricityPrice = "ELECTRICITY_PRICE",
        EnergyPrice = "ENERGY_PRICE",
        DemandCharge = "DEMAND_CHARGE",
        BidPrice = "BID_PRICE",
        BidLoad = "BID_LOAD",
        BidEnergy = "BID_ENERGY",
        ChargeState = "CHARGE_STATE",
        LoadDispatch = "LOAD_DISPATCH",
        LoadControl = "LOAD_CONTROL",
    };
    /// `ei:SignalTypeEnumerated`.
    collapsed SignalTypeEnumerated {
        Delta = "delta",
        Level = "level",
        Multiplier = "multiplier",
        Price = "price",
        PriceMultiplier = "priceMultiplier",
        PriceRelative = "priceRelative",
        Setpoint = "setpoint",
        XLoadControlCapacity = "x-loadControlCapacity",
        XLoadControlLevelOffset = "x-loadControlLevelOffset",
        XLoadControlPercentOffset = "x-loadControlPercentOffset",
        XLoadControlSetpoint = "x-loadControlSetpoint",
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
    ArrayofResponses = EI, "responses";
    CurrentValue = EI, "currentValue";
    EiActivePeriod = EI, "eiActivePeriod";
    EiEvent = EI, "eiEvent";
    EiEventBaseline = EI, "eiEventBaseline";
    EiEventSignal = EI, "eiEventSignal";
    EiEventSignals = EI, "eiEventSignals";
    EiResponse = EI, "eiResponse";
    EventDescriptor = EI, "eventDescriptor";
    EventResponses = EI, "eventResponses";
    Interval = EI, "interval";
    PayloadFloat = EI, "payloadFloat";
    QualifiedEventID = EI, "qualifiedEventID";
    ReportSpecifier = EI, "reportSpecifier";
    SignalPayload = EI, "signalPayload";
    SpecifierPayload = EI, "specifierPayload";
}
