// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `espi`: the types of its namespace.

use crate::xml::macros::{record, facet, roots};
use crate::xml as x;
use crate::xml::{ESPI};

record! {
    /// `espi:BatchItemInfo`.
    #[derive(Default)]
    BatchItemInfo {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        name: Option<HexBinary16> = opt(ESPI, "name"),
        operation: Option<u16> = opt(ESPI, "operation"),
        status_code: Option<u16> = opt(ESPI, "statusCode"),
        status_reason: Option<x::Bounded<256>> = opt(ESPI, "statusReason"),
    }
    /// `espi:DateTimeInterval`.
    #[derive(Default)]
    DateTimeInterval {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        duration: Option<u32> = opt(ESPI, "duration"),
        start: Option<i64> = opt(ESPI, "start"),
    }
    /// `espi:ElectricPowerQualitySummary`.
    #[derive(Default)]
    ElectricPowerQualitySummary {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        batch_item_info: Option<BatchItemInfo> = opt(ESPI, "batchItemInfo"),
        flicker_plt: Option<Int48> = opt(ESPI, "flickerPlt"),
        flicker_pst: Option<Int48> = opt(ESPI, "flickerPst"),
        harmonic_voltage: Option<Int48> = opt(ESPI, "harmonicVoltage"),
        long_interruptions: Option<Int48> = opt(ESPI, "longInterruptions"),
        mains_voltage: Option<Int48> = opt(ESPI, "mainsVoltage"),
        measurement_protocol: Option<u8> = opt(ESPI, "measurementProtocol"),
        power_frequency: Option<Int48> = opt(ESPI, "powerFrequency"),
        rapid_voltage_changes: Option<Int48> = opt(ESPI, "rapidVoltageChanges"),
        short_interruptions: Option<Int48> = opt(ESPI, "shortInterruptions"),
        summary_interval: DateTimeInterval = one(ESPI, "summaryInterval"),
        supply_voltage_dips: Option<Int48> = opt(ESPI, "supplyVoltageDips"),
        supply_voltage_imbalance: Option<Int48> = opt(ESPI, "supplyVoltageImbalance"),
        supply_voltage_variations: Option<Int48> = opt(ESPI, "supplyVoltageVariations"),
        temp_overvoltage: Option<Int48> = opt(ESPI, "tempOvervoltage"),
    }
    /// `espi:ElectricPowerUsageSummary`.
    ElectricPowerUsageSummary {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        batch_item_info: Option<BatchItemInfo> = opt(ESPI, "batchItemInfo"),
        billing_period: Option<DateTimeInterval> = opt(ESPI, "billingPeriod"),
        bill_last_period: Option<Int48> = opt(ESPI, "billLastPeriod"),
        bill_to_date: Option<Int48> = opt(ESPI, "billToDate"),
        cost_additional_last_period: Option<Int48> = opt(ESPI, "costAdditionalLastPeriod"),
        cost_additional_detail_last_period: Vec<LineItem> = many(ESPI, "costAdditionalDetailLastPeriod"),
        currency: Option<u16> = opt(ESPI, "currency"),
        overall_consumption_last_period: Option<SummaryMeasurement> = opt(ESPI, "overallConsumptionLastPeriod"),
        current_billing_period_over_all_consumption: Option<SummaryMeasurement> = opt(ESPI, "currentBillingPeriodOverAllConsumption"),
        current_day_last_year_net_consumption: Option<SummaryMeasurement> = opt(ESPI, "currentDayLastYearNetConsumption"),
        current_day_net_consumption: Option<SummaryMeasurement> = opt(ESPI, "currentDayNetConsumption"),
        current_day_overall_consumption: Option<SummaryMeasurement> = opt(ESPI, "currentDayOverallConsumption"),
        peak_demand: Option<SummaryMeasurement> = opt(ESPI, "peakDemand"),
        previous_day_last_year_overall_consumption: Option<SummaryMeasurement> = opt(ESPI, "previousDayLastYearOverallConsumption"),
        previous_day_net_consumption: Option<SummaryMeasurement> = opt(ESPI, "previousDayNetConsumption"),
        previous_day_overall_consumption: Option<SummaryMeasurement> = opt(ESPI, "previousDayOverallConsumption"),
        quality_of_reading: Option<u16> = opt(ESPI, "qualityOfReading"),
        ratchet_demand: Option<SummaryMeasurement> = opt(ESPI, "ratchetDemand"),
        ratchet_demand_period: Option<DateTimeInterval> = opt(ESPI, "ratchetDemandPeriod"),
        status_time_stamp: i64 = one(ESPI, "statusTimeStamp"),
    }
    /// `espi:IdentifiedObject`.
    #[derive(Default)]
    IdentifiedObject {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        batch_item_info: Option<BatchItemInfo> = opt(ESPI, "batchItemInfo"),
    }
    /// `espi:IntervalBlock`.
    #[derive(Default)]
    IntervalBlock {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        batch_item_info: Option<BatchItemInfo> = opt(ESPI, "batchItemInfo"),
        interval: Option<DateTimeInterval> = opt(ESPI, "interval"),
        interval_reading: Vec<IntervalReading> = many(ESPI, "IntervalReading"),
    }
    /// `espi:IntervalReading`.
    #[derive(Default)]
    IntervalReading {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        cost: Option<Int48> = opt(ESPI, "cost"),
        reading_quality: Vec<ReadingQuality> = many(ESPI, "ReadingQuality"),
        time_period: Option<DateTimeInterval> = opt(ESPI, "timePeriod"),
        value: Option<Int48> = opt(ESPI, "value"),
    }
    /// `espi:LineItem`.
    LineItem {
        amount: Int48 = one(ESPI, "amount"),
        rounding: Option<Int48> = opt(ESPI, "rounding"),
        date_time: i64 = one(ESPI, "dateTime"),
        note: x::Bounded<256> = one(ESPI, "note"),
    }
    /// `espi:MeterReading`.
    #[derive(Default)]
    MeterReading {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        batch_item_info: Option<BatchItemInfo> = opt(ESPI, "batchItemInfo"),
    }
    /// `espi:Object`.
    #[derive(Default)]
    Object {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
    }
    /// `espi:RationalNumber`.
    #[derive(Default)]
    RationalNumber {
        numerator: Option<x::Integer> = opt(ESPI, "numerator"),
        denominator: Option<x::AnyType> = opt(ESPI, "denominator"),
    }
    /// `espi:Reading`.
    #[derive(Default)]
    Reading {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        batch_item_info: Option<BatchItemInfo> = opt(ESPI, "batchItemInfo"),
        accumulation_behaviour: Option<u16> = opt(ESPI, "accumulationBehaviour"),
        commodity: Option<u16> = opt(ESPI, "commodity"),
        consumption_tier: Option<i16> = opt(ESPI, "consumptionTier"),
        currency: Option<u16> = opt(ESPI, "currency"),
        data_qualifier: Option<u16> = opt(ESPI, "dataQualifier"),
        default_quality: Option<u16> = opt(ESPI, "defaultQuality"),
        flow_direction: Option<u16> = opt(ESPI, "flowDirection"),
        interval_length: Option<u32> = opt(ESPI, "intervalLength"),
        kind: Option<u16> = opt(ESPI, "kind"),
        phase: Option<u16> = opt(ESPI, "phase"),
        power_of_ten_multiplier: Option<i16> = opt(ESPI, "powerOfTenMultiplier"),
        time_attribute: Option<u16> = opt(ESPI, "timeAttribute"),
        tou: Option<i16> = opt(ESPI, "tou"),
        uom: Option<u16> = opt(ESPI, "uom"),
        cpp: Option<i16> = opt(ESPI, "cpp"),
        interharmonic: Option<ReadingInterharmonic> = opt(ESPI, "interharmonic"),
        measuring_period: Option<u16> = opt(ESPI, "measuringPeriod"),
        argument: Option<RationalNumber> = opt(ESPI, "argument"),
    }
    /// `espi:ReadingInterharmonic`.
    #[derive(Default)]
    ReadingInterharmonic {
        numerator: Option<x::Integer> = opt(ESPI, "numerator"),
        denominator: Option<x::AnyType> = opt(ESPI, "denominator"),
    }
    /// `espi:ReadingQuality`.
    ReadingQuality {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        quality: u16 = one(ESPI, "quality"),
    }
    /// `espi:ServiceCategory`.
    ServiceCategory {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        kind: u16 = one(ESPI, "kind"),
    }
    /// `espi:ServiceDeliveryPoint`.
    #[derive(Default)]
    ServiceDeliveryPoint {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        name: Option<x::Bounded<256>> = opt(ESPI, "name"),
        tariff_profile: Option<x::Bounded<256>> = opt(ESPI, "tariffProfile"),
        customer_agreement: Option<x::Bounded<256>> = opt(ESPI, "customerAgreement"),
    }
    /// `espi:ServiceStatus`.
    ServiceStatus {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        current_status: u16 = one(ESPI, "currentStatus"),
    }
    /// `espi:SummaryMeasurement`.
    #[derive(Default)]
    SummaryMeasurement {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        power_of_ten_multiplier: Option<i16> = opt(ESPI, "powerOfTenMultiplier"),
        time_stamp: Option<i64> = opt(ESPI, "timeStamp"),
        uom: Option<u16> = opt(ESPI, "uom"),
        value: Option<Int48> = opt(ESPI, "value"),
    }
    /// `espi:TimeConfiguration`.
    TimeConfiguration {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        batch_item_info: Option<BatchItemInfo> = opt(ESPI, "batchItemInfo"),
        dst_end_rule: HexBinary32 = one(ESPI, "dstEndRule"),
        dst_offset: i64 = one(ESPI, "dstOffset"),
        dst_start_rule: HexBinary32 = one(ESPI, "dstStartRule"),
        tz_offset: i64 = one(ESPI, "tzOffset"),
    }
    /// `espi:UsagePoint`.
    #[derive(Default)]
    UsagePoint {
        extension: Vec<x::AnyType> = many(ESPI, "extension"),
        batch_item_info: Option<BatchItemInfo> = opt(ESPI, "batchItemInfo"),
        role_flags: Option<HexBinary16> = opt(ESPI, "roleFlags"),
        service_category: Option<ServiceCategory> = opt(ESPI, "ServiceCategory"),
        status: Option<u8> = opt(ESPI, "status"),
        service_delivery_point: Option<ServiceDeliveryPoint> = opt(ESPI, "ServiceDeliveryPoint"),
    }
}

facet! {
    /// `espi:HexBinary16`.
    HexBinary16(x::Hex) = |v| v.0.len() <= 2, "at most 2 bytes in hexadecimal", ["0A"];
    /// `espi:HexBinary32`.
    HexBinary32(x::Hex) = |v| v.0.len() <= 4, "at most 4 bytes in hexadecimal", ["0A"];
    /// `espi:Int48`.
    Int48(i64) = |v| (-140737488355328..=140737488355328).contains(v), "a number from -140737488355328 to 140737488355328", ["-140737488355328", "140737488355328"];
}

roots! {
    BatchItemInfo = ESPI, "BatchItemInfo";
    DateTimeInterval = ESPI, "DateTimeInterval";
    ElectricPowerQualitySummary = ESPI, "ElectricPowerQualitySummary";
    ElectricPowerUsageSummary = ESPI, "ElectricPowerUsageSummary";
    IdentifiedObject = ESPI, "IdentifiedObject";
    IntervalBlock = ESPI, "IntervalBlock";
    IntervalReading = ESPI, "IntervalReading";
    MeterReading = ESPI, "MeterReading";
    Object = ESPI, "Object";
    Reading = ESPI, "ReadingType";
    ReadingQuality = ESPI, "ReadingQuality";
    ServiceStatus = ESPI, "ServiceStatus";
    SummaryMeasurement = ESPI, "SummaryMeasurement";
    TimeConfiguration = ESPI, "LocalTimeParameters";
    UsagePoint = ESPI, "UsagePoint";
}
