// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `resource`: the types of its namespace.

use super::{emix, power, xcal};
use crate::xml::macros::{record, derived, tokens, roots};
use crate::xml as x;
use crate::xml::{EMIX, POWER, RESOURCE, XCAL};

record! {
    /// `resource:ActiveReserve`.
    ActiveReserve {
        mrid: String = one(POWER, "mrid"),
        emix_interface: emix::EmixInterface = one_of(),
        terms: Option<emix::ArrayOfTerms> = opt(EMIX, "terms"),
        power_option_type: power::PowerOptionType = one(POWER, "powerOptionType"),
        target_regulation: power::PowerAttributes = one(RESOURCE, "targetRegulation"),
        dispatch_time: xcal::DurationProp = one(RESOURCE, "dispatchTime"),
        autonomous: Option<bool> = opt(EMIX, "autonomous"),
        maximum_delivery_rate: x::Float = one(RESOURCE, "maximumDeliveryRate"),
        minimum_delivery_rate: x::Float = one(RESOURCE, "minimumDeliveryRate"),
    }
    /// `resource:ArrayOfRampSegments`.
    #[derive(Default)]
    ArrayOfRampSegments {
        power_ramp_segment: Vec<PowerRampSegment> = many(RESOURCE, "powerRampSegment"),
    }
    /// `resource:Generation`.
    Generation {
        mrid: String = one(POWER, "mrid"),
        emix_interface: emix::EmixInterface = one_of(),
        terms: Option<emix::ArrayOfTerms> = opt(EMIX, "terms"),
        staging_ramp: Option<ArrayOfRampSegments> = opt(RESOURCE, "stagingRamp"),
        maximum_response: Option<x::Float> = opt(RESOURCE, "maximumResponse"),
        minimum_response: x::Float = one(RESOURCE, "minimumResponse"),
        recovery_ramp: Option<ArrayOfRampSegments> = opt(RESOURCE, "recoveryRamp"),
        offer_curve: Option<OfferCurve> = opt(RESOURCE, "offerCurve"),
        type_: Option<ResourceType> = opt(RESOURCE, "type"),
    }
    /// `resource:LoadReduction`.
    LoadReduction {
        mrid: String = one(POWER, "mrid"),
        emix_interface: emix::EmixInterface = one_of(),
        terms: Option<emix::ArrayOfTerms> = opt(EMIX, "terms"),
        staging_ramp: Option<ArrayOfRampSegments> = opt(RESOURCE, "stagingRamp"),
        maximum_response: Option<x::Float> = opt(RESOURCE, "maximumResponse"),
        minimum_response: x::Float = one(RESOURCE, "minimumResponse"),
        recovery_ramp: Option<ArrayOfRampSegments> = opt(RESOURCE, "recoveryRamp"),
        offer_curve: Option<OfferCurve> = opt(RESOURCE, "offerCurve"),
    }
    /// `resource:MaximumEnergy`.
    MaximumEnergy {
        energy_quantity: power::EnergyQuantity = one(POWER, "energyQuantity"),
    }
    /// `resource:MaximumPower`.
    MaximumPower {
        power_quantity: power::PowerQuantity = one(POWER, "powerQuantity"),
    }
    /// `resource:MinimumLoad`.
    MinimumLoad {
        power_quantity: power::PowerQuantity = one(POWER, "powerQuantity"),
    }
    /// `resource:MinimumLoadReduction`.
    MinimumLoadReduction {
        power_quantity: power::PowerQuantity = one(POWER, "powerQuantity"),
    }
    /// `resource:OfferCurve`.
    OfferCurve {
        offer_segment: Vec<OfferSegment> = range(RESOURCE, "offerSegment", 1, usize::MAX),
    }
    /// `resource:OfferSegment`.
    OfferSegment {
        segment: i32 = one(RESOURCE, "segment"),
        price: emix::Price = one(EMIX, "price"),
        quantity: x::Float = one(EMIX, "quantity"),
        power_item: power::PowerItem = one_of(),
        energy_item: power::EnergyItem = one_of(),
        integral_only: bool = one(EMIX, "integralOnly"),
    }
    /// `resource:PMax`.
    PMax {
        power_quantity: power::PowerQuantity = one(POWER, "powerQuantity"),
    }
    /// `resource:PercentRampRate`.
    PercentRampRate {
        rate: x::Float = one(RESOURCE, "rate"),
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `resource:PowerRampSegment`.
    PowerRampSegment {
        rate: power::PowerQuantity = one(RESOURCE, "rate"),
        duration: xcal::DurationProp = one(XCAL, "duration"),
        begin_ramp: i32 = one(RESOURCE, "beginRamp"),
        end_ramp: i32 = one(RESOURCE, "endRamp"),
        integral_only: bool = one(EMIX, "integralOnly"),
    }
    /// `resource:ProductVoltageRegulation`.
    ProductVoltageRegulation {
        mrid: String = one(POWER, "mrid"),
        emix_interface: emix::EmixInterface = one_of(),
        terms: Option<emix::ArrayOfTerms> = opt(EMIX, "terms"),
        ramp_time: xcal::DurationProp = one(RESOURCE, "rampTime"),
        window: xcal::DurationProp = one(RESOURCE, "window"),
    }
    /// `resource:QMax`.
    QMax {
        var_quantity: power::VarQuantity = one(POWER, "varQuantity"),
    }
    /// `resource:RegulationService`.
    RegulationService {
        mrid: String = one(POWER, "mrid"),
        emix_interface: emix::EmixInterface = one_of(),
        terms: Option<emix::ArrayOfTerms> = opt(EMIX, "terms"),
        product_type_regulation: ProductTypeRegulation = one(RESOURCE, "productTypeRegulation"),
        target_regulation: power::PowerAttributes = one(RESOURCE, "targetRegulation"),
        dispatch_up: xcal::DurationProp = one(RESOURCE, "dispatchUp"),
        dispatch_down: xcal::DurationProp = one(RESOURCE, "dispatchDown"),
        autonomous: bool = one(EMIX, "autonomous"),
    }
    /// Base of the resources: id, interface, terms.
    ResourceDescription {
        mrid: String = one(POWER, "mrid"),
        emix_interface: emix::EmixInterface = one_of(),
        terms: Option<emix::ArrayOfTerms> = opt(EMIX, "terms"),
    }
    /// `resource:VMax`.
    VMax {
        voltage: power::Voltage = one(POWER, "voltage"),
    }
    /// `resource:VMin`.
    VMin {
        voltage: power::Voltage = one(POWER, "voltage"),
    }
}

derived! {
    /// `resource:PowerResponse`.
    PowerResponse {
        Generation(Generation) = RESOURCE, "GenerationType";
        LoadReduction(LoadReduction) = RESOURCE, "LoadReductionType";
    }
}

tokens! {
    /// `resource:ProductTypeRegulation`.
    exact ProductTypeRegulation {
        RegulationUp = "regulationUp",
        RegulationDn = "regulationDn",
        RegulationUpDn = "regulationUp-Dn",
    };
    /// `resource:ResourceType`.
    collapsed ResourceType {
        DispatchableHydro = "dispatchableHydro",
        NonDispatchableHydro = "nonDispatchableHydro",
        WindGeneration = "windGeneration",
        SolarGeneration = "solarGeneration",
        TollingContract = "tollingContract",
        AggregateResource = "aggregateResource",
        DispatchableStorage = "dispatchableStorage",
    } or emix::EmixExtension;
}

roots! {
    ActiveReserve = RESOURCE, "activeReserve";
    Generation = RESOURCE, "generation";
    LoadReduction = RESOURCE, "loadReduction";
    MaximumEnergy = RESOURCE, "maximumEnergy";
    MaximumPower = RESOURCE, "maximumPower";
    MinimumLoad = RESOURCE, "minimumLoad";
    MinimumLoadReduction = RESOURCE, "minimumLoadReduction";
    OfferCurve = RESOURCE, "offerCurve";
    OfferSegment = RESOURCE, "offerSegment";
    PMax = RESOURCE, "pMax";
    PercentRampRate = RESOURCE, "percentRampRate";
    PowerRampSegment = RESOURCE, "powerRampSegment";
    ProductVoltageRegulation = RESOURCE, "productVoltageRegulation";
    QMax = RESOURCE, "qMax";
    RegulationService = RESOURCE, "regulationService";
    VMax = RESOURCE, "vMax";
    VMin = RESOURCE, "vMin";
}
