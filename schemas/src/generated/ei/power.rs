// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `power`: the types of its namespace.

use super::{emix, scale, gml, currency, xcal};
use crate::xml::macros::{record, group, derived, tokens, facet, fixed, union, roots};
use crate::xml as x;
use crate::xml::{EMIX, POWER, SCALE, XCAL};

record! {
    /// `power:AggregatedPnode`.
    AggregatedPnode {
        node: String = one(POWER, "node"),
    }
    /// `power:AncillaryService`.
    AncillaryService {
        properties: Option<xcal::ArrayOfProperties> = opt(XCAL, "properties"),
        components: xcal::ArrayOfVcalendarContainedComponents = one(XCAL, "components"),
        uid: String = one(EMIX, "uid"),
        envelope_contents: Option<emix::EnvelopeContents> = opt(EMIX, "envelopeContents"),
        transactive_state: emix::TransactiveState = one(EMIX, "transactiveState"),
        expiration_date: Option<x::DateTime> = opt(EMIX, "expirationDate"),
        integral_only: Option<bool> = opt(EMIX, "integralOnly"),
        option_holder_side: emix::Side = one(EMIX, "optionHolderSide"),
        option_premium: emix::Price = one(EMIX, "optionPremium"),
        option_strike_price: emix::Price = one(EMIX, "optionStrikePrice"),
        option_type: String = one(EMIX, "optionType"),
        side: emix::Side = one(EMIX, "side"),
        market_context: x::Uri = one(EMIX, "marketContext"),
        currency: Option<currency::ISO3AlphaCurrencyCodeContent> = opt(EMIX, "currency"),
        terms: Option<emix::ArrayOfTerms> = opt(EMIX, "terms"),
        ancillary_service_name: AncillaryServiceName = one(POWER, "ancillaryServiceName"),
    }
    /// `power:ArrayOfBlockPowerPrices`.
    #[derive(Default)]
    ArrayOfBlockPowerPrices {
        block_power_price: Vec<BlockPowerPrice> = many(POWER, "blockPowerPrice"),
    }
    /// `power:ArrayOfCharges`.
    #[derive(Default)]
    ArrayOfCharges {
        base_charge: Vec<BaseCharge> = range_of(0, usize::MAX),
    }
    /// `power:ArrayOfQualityIndicators`.
    #[derive(Default)]
    ArrayOfQualityIndicators {
        base_power_quality_indicator: Vec<BasePowerQualityIndicator> = range_of(0, usize::MAX),
    }
    /// `power:ArrayOfTransportCharges`.
    #[derive(Default)]
    ArrayOfTransportCharges {
        base_transport_charge: Vec<BaseTransportCharge> = range_of(0, usize::MAX),
    }
    /// `power:BlockPowerFullRequirements`.
    BlockPowerFullRequirements {
        product_type: ProductType = one(POWER, "productType"),
        emix_interface: emix::EmixInterface = one_of(),
        unit_energy_price: Option<UnitEnergyPrice> = opt(POWER, "unitEnergyPrice"),
        power_item: Option<PowerItem> = opt_of(),
        charges: Option<ArrayOfCharges> = opt(POWER, "charges"),
        maximum_power: Option<x::Float> = opt(POWER, "maximumPower"),
        minimum_power: Option<x::Float> = opt(POWER, "minimumPower"),
        price_tiers: ArrayOfBlockPowerPrices = one(POWER, "priceTiers"),
    }
    /// `power:BlockPowerPrice`.
    BlockPowerPrice {
        price_base: emix::PriceBase = one_of(),
        maximum_energy_quantity: x::Float = one(POWER, "maximumEnergyQuantity"),
    }
    /// `power:CongestionCharge`.
    CongestionCharge {
        transport_interface: TransportInterface = one(POWER, "transportInterface"),
        transport_congestion_fee: x::Decimal = one(POWER, "transportCongestionFee"),
    }
    /// `power:CongestionRevenueRights`.
    CongestionRevenueRights {
        transport_interface: TransportInterface = one(POWER, "transportInterface"),
        transport_congestion_fee: x::Decimal = one(POWER, "transportCongestionFee"),
    }
    /// `power:ConversionLoss`.
    ConversionLoss {
        pnode: Pnode = one(POWER, "pnode"),
        loss_factor: LossFactor = one(POWER, "lossFactor"),
    }
    /// `power:DemandCharge`.
    DemandCharge {
        consumption_units: PowerItem2 = one(POWER, "consumptionUnits"),
        consumption_ceiling: x::Float = one(POWER, "consumptionCeiling"),
        overconsumption_penalty: emix::PriceBase2 = one(POWER, "overconsumptionPenalty"),
        measurement_interval: xcal::DurationProp = one(POWER, "measurementInterval"),
        collection_interval: xcal::DurationProp = one(POWER, "collectionInterval"),
        penalty_period: xcal::DurationProp = one(POWER, "penaltyPeriod"),
        penalty_duration: xcal::DurationProp = one(POWER, "penaltyDuration"),
    }
    /// `power:EndDeviceAsset`.
    EndDeviceAsset {
        mrid: String = one(POWER, "mrid"),
    }
    /// `power:EnergyApparent`.
    EnergyApparent {
        item_description: FixedApparentEnergy = one(POWER, "itemDescription"),
        item_units: FixedVAh = one(POWER, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
    }
    /// `power:EnergyQuantity`.
    EnergyQuantity {
        quantity: x::Float = one(EMIX, "quantity"),
        energy_item: EnergyItem = one_of(),
    }
    /// `power:EnergyReactive`.
    EnergyReactive {
        item_description: FixedReactiveEnergy = one(POWER, "itemDescription"),
        item_units: FixedVARh = one(POWER, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
    }
    /// `power:EnergyReal`.
    EnergyReal {
        item_description: FixedRealEnergy = one(POWER, "itemDescription"),
        item_units: FixedWh = one(POWER, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
    }
    /// `power:FlickerLt`.
    FlickerLt {
        flicker_p_lt: x::Float = one(POWER, "flickerPLt"),
    }
    /// `power:FlickerSt`.
    FlickerSt {
        flicker_p_st: x::Float = one(POWER, "flickerPSt"),
    }
    /// `power:FullRequirementsPower`.
    FullRequirementsPower {
        product_type: ProductType = one(POWER, "productType"),
        emix_interface: emix::EmixInterface = one_of(),
        unit_energy_price: Option<UnitEnergyPrice> = opt(POWER, "unitEnergyPrice"),
        power_item: Option<PowerItem> = opt_of(),
        charges: Option<ArrayOfCharges> = opt(POWER, "charges"),
        price_base: Option<emix::PriceBase> = opt_of(),
        maximum_power: Option<x::Float> = opt(POWER, "maximumPower"),
        minimum_power: Option<x::Float> = opt(POWER, "minimumPower"),
    }
    /// `power:HarmonicVoltage`.
    HarmonicVoltage {
        voltage: x::Float = one(POWER, "voltage"),
    }
    /// `power:LongInterruptions`.
    LongInterruptions {
        count: i32 = one(POWER, "count"),
    }
    /// `power:MainsSignallingVoltage`.
    MainsSignallingVoltage {
        voltage: x::Float = one(POWER, "voltage"),
    }
    /// `power:MainsVoltage`.
    MainsVoltage {
        voltage: x::Float = one(POWER, "voltage"),
    }
    /// `power:MarginalLoss`.
    MarginalLoss {
        loss_factor: LossFactor = one(POWER, "lossFactor"),
    }
    /// `power:MarginalLossCharge`.
    MarginalLossCharge {
        marginal_loss_fee: x::Decimal = one(POWER, "marginalLossFee"),
    }
    /// `power:MeterAsset`.
    MeterAsset {
        mrid: String = one(POWER, "mrid"),
    }
    /// `power:Pnode`.
    Pnode {
        node: String = one(POWER, "node"),
    }
    /// `power:PowerApparent`.
    PowerApparent {
        item_description: FixedApparentPower = one(POWER, "itemDescription"),
        item_units: FixedVA = one(POWER, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
        power_attributes: PowerAttributes = one(POWER, "powerAttributes"),
    }
    /// `power:PowerAttributes`.
    PowerAttributes {
        hertz: x::Decimal = one(POWER, "hertz"),
        voltage: x::Decimal = one(POWER, "voltage"),
        ac: bool = one(POWER, "ac"),
    }
    /// `power:PowerFrequency`.
    PowerFrequency {
        frequency: x::Float = one(POWER, "frequency"),
    }
    /// `power:PowerProductDescription`.
    PowerProductDescription {
        product_type: ProductType = one(POWER, "productType"),
        emix_interface: emix::EmixInterface = one_of(),
        unit_energy_price: Option<UnitEnergyPrice> = opt(POWER, "unitEnergyPrice"),
        power_item: Option<PowerItem> = opt_of(),
        charges: Option<ArrayOfCharges> = opt(POWER, "charges"),
    }
    /// `power:PowerQualityWarrant`.
    PowerQualityWarrant {
        emix_base: Vec<emix::EmixBase> = range(EMIX, "emixBase", 1, usize::MAX),
        uid: String = one(EMIX, "uid"),
        measurement_protocol: MeasurementProtocol = one(POWER, "measurementProtocol"),
        quality_type: QualityType = one(POWER, "qualityType"),
        side: emix::Side = one(EMIX, "side"),
        quality_measure: Option<QualityMeasure> = opt(POWER, "qualityMeasure"),
    }
    /// `power:PowerQuantity`.
    PowerQuantity {
        quantity: x::Float = one(EMIX, "quantity"),
        power_item: PowerItem = one_of(),
    }
    /// `power:PowerReactive`.
    PowerReactive {
        item_description: FixedReactivePower = one(POWER, "itemDescription"),
        item_units: FixedVAR = one(POWER, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
        power_attributes: PowerAttributes = one(POWER, "powerAttributes"),
    }
    /// `power:PowerReal`.
    PowerReal {
        item_description: FixedRealPower = one(POWER, "itemDescription"),
        item_units: ItemUnits = one(POWER, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
        power_attributes: PowerAttributes = one(POWER, "powerAttributes"),
    }
    /// `power:QualityMeasure`.
    #[derive(Default)]
    QualityMeasure {
        qualities: ArrayOfQualityIndicators = one(POWER, "qualities"),
    }
    /// `power:RapidVoltageChanges`.
    RapidVoltageChanges {
        count: i32 = one(POWER, "count"),
    }
    /// `power:ServiceDeliveryPoint`.
    ServiceDeliveryPoint {
        node: String = one(POWER, "node"),
    }
    /// `power:ServiceLocation`.
    ServiceLocation {
        abstract_feature: gml::AbstractFeature = one_of(),
    }
    /// `power:ShortInterruptions`.
    ShortInterruptions {
        count: i32 = one(POWER, "count"),
    }
    /// `power:SupplyVoltageDips`.
    SupplyVoltageDips {
        count: i32 = one(POWER, "count"),
    }
    /// `power:SupplyVoltageImbalance`.
    SupplyVoltageImbalance {
        count: i32 = one(POWER, "count"),
    }
    /// `power:SupplyVoltageVariations`.
    SupplyVoltageVariations {
        count: i32 = one(POWER, "count"),
    }
    /// `power:TemixPower`.
    TemixPower {
        emix_interface: emix::EmixInterface = one_of(),
        price: emix::Price = one(EMIX, "price"),
        power_item: Option<PowerItem> = opt_of(),
        energy_item: Option<EnergyItem> = opt_of(),
        quantity: x::Float = one(EMIX, "quantity"),
    }
    /// `power:TemporaryOvervoltage`.
    TemporaryOvervoltage {
        count: i32 = one(POWER, "count"),
    }
    /// `power:TransportAccessFee`.
    TransportAccessFee {
        transport_interface: TransportInterface = one(POWER, "transportInterface"),
        price: emix::Price = one(EMIX, "price"),
    }
    /// From the point of receipt to the point of delivery.
    TransportInterface {
        point_of_receipt: String = one(POWER, "pointOfReceipt"),
        point_of_delivery: String = one(POWER, "pointOfDelivery"),
    }
    /// `power:TransportProductDescription`.
    TransportProductDescription {
        product_type: ProductType = one(POWER, "productType"),
        emix_interface: emix::EmixInterface = one_of(),
        unit_energy_price: Option<UnitEnergyPrice> = opt(POWER, "unitEnergyPrice"),
        power_item: Option<PowerItem> = opt_of(),
        charges: Option<ArrayOfCharges> = opt(POWER, "charges"),
        price: emix::Price = one(EMIX, "price"),
        transport_charges: ArrayOfTransportCharges = one(POWER, "transportCharges"),
    }
    /// `power:UnitEnergyPrice`.
    UnitEnergyPrice {
        price_base: emix::PriceBase = one_of(),
        energy_item: EnergyItem = one_of(),
    }
    /// `power:VarQuantity`.
    VarQuantity {
        quantity: x::Float = one(EMIX, "quantity"),
        power_reactive: PowerReactive = one(POWER, "powerReactive"),
    }
    /// `power:Voltage`.
    Voltage {
        item_description: FixedVoltage = one(POWER, "itemDescription"),
        item_units: FixedV = one(POWER, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
    }
}

group! {
    /// Head of the charges.
    BaseCharge {
        CongestionCharge(CongestionCharge) = element(POWER, "congestionCharge"),
        CongestionRevenueRights(CongestionRevenueRights) = element(POWER, "congestionRevenueRights"),
        ConversionLoss(ConversionLoss) = element(POWER, "conversionLoss"),
        MarginalLoss(MarginalLoss) = element(POWER, "marginalLoss"),
        MarginalLossCharge(MarginalLossCharge) = element(POWER, "marginalLossCharge"),
        TransportAccessFee(TransportAccessFee) = element(POWER, "transportAccessFee"),
        BlockPowerPrice(BlockPowerPrice) = element(POWER, "blockPowerPrice"),
        DemandCharge(DemandCharge) = element(POWER, "demandCharge"),
    }
    /// Head of the power quality figures.
    BasePowerQualityIndicator {
        FlickerLt(FlickerLt) = element(POWER, "flickerLt"),
        FlickerSt(FlickerSt) = element(POWER, "flickerSt"),
        HarmonicVoltage(HarmonicVoltage) = element(POWER, "harmonicVoltage"),
        LongInterruptions(LongInterruptions) = element(POWER, "longInterruptions"),
        MainsSignallingVoltage(MainsSignallingVoltage) = element(POWER, "mainsSignallingVoltage"),
        MainsVoltage(MainsVoltage) = element(POWER, "mainsVoltage"),
        PowerFrequency(PowerFrequency) = element(POWER, "powerFrequency"),
        RapidVoltageChanges(RapidVoltageChanges) = element(POWER, "rapidVoltageChanges"),
        ShortInterruptions(ShortInterruptions) = element(POWER, "shortInterruptions"),
        SupplyVoltageDips(SupplyVoltageDips) = element(POWER, "supplyVoltageDips"),
        SupplyVoltageImbalance(SupplyVoltageImbalance) = element(POWER, "supplyVoltageImbalance"),
        SupplyVoltageVariations(SupplyVoltageVariations) = element(POWER, "supplyVoltageVariations"),
        TemporaryOvervoltage(TemporaryOvervoltage) = element(POWER, "temporaryOvervoltage"),
    }
    /// Head of the charges for transport.
    BaseTransportCharge {
        CongestionCharge(CongestionCharge) = element(POWER, "congestionCharge"),
        CongestionRevenueRights(CongestionRevenueRights) = element(POWER, "congestionRevenueRights"),
        ConversionLoss(ConversionLoss) = element(POWER, "conversionLoss"),
        MarginalLoss(MarginalLoss) = element(POWER, "marginalLoss"),
        MarginalLossCharge(MarginalLossCharge) = element(POWER, "marginalLossCharge"),
        TransportAccessFee(TransportAccessFee) = element(POWER, "transportAccessFee"),
    }
    /// Head of the energy units.
    EnergyItem {
        EnergyApparent(EnergyApparent) = element(POWER, "energyApparent"),
        EnergyReactive(EnergyReactive) = element(POWER, "energyReactive"),
        EnergyReal(EnergyReal) = element(POWER, "energyReal"),
    }
    /// Head of the power units.
    PowerItem {
        PowerApparent(PowerApparent) = element(POWER, "powerApparent"),
        PowerReactive(PowerReactive) = element(POWER, "powerReactive"),
        PowerReal(PowerReal) = element(POWER, "powerReal"),
    }
}

derived! {
    /// `power:EnergyItem2`.
    EnergyItem2 {
        EnergyApparent(EnergyApparent) = POWER, "EnergyApparentType";
        EnergyReactive(EnergyReactive) = POWER, "EnergyReactiveType";
        EnergyReal(EnergyReal) = POWER, "EnergyRealType";
    }
    /// `power:PowerItem2`.
    PowerItem2 {
        PowerApparent(PowerApparent) = POWER, "PowerApparentType";
        PowerReactive(PowerReactive) = POWER, "PowerReactiveType";
        PowerReal(PowerReal) = POWER, "PowerRealType";
    }
}

tokens! {
    /// `power:AncillaryServiceNameEnumerated`.
    collapsed AncillaryServiceNameEnumerated {
        OperatingReserve = "operatingReserve",
        RegulationServiceUp = "regulationServiceUp",
        RegulationServiceDown = "regulationServiceDown",
        RegulationServiceUpDown = "regulationServiceUpDown",
        SynchronizedReserve = "synchronizedReserve",
        NonSynchronizedReserve = "nonSynchronizedReserve",
        BlackStartRecovery = "blackStartRecovery",
        ReactivePower = "reactivePower",
    };
    /// `power:ItemUnits`.
    collapsed ItemUnits {
        W = "W",
        JS = "J/s",
    };
    /// `power:MeasurementProtocol`.
    exact MeasurementProtocol {
        En50160 = "EN 50160",
        Ieee15492009 = "IEEE 1549-2009",
    } or emix::EmixExtension;
    /// `power:PowerOptionType`.
    exact PowerOptionType {
        SpinningReserve = "SpinningReserve",
        NonSpinningReserve = "NonSpinningReserve",
        OperatingReserve = "OperatingReserve",
        DemandResponse = "DemandResponse",
    } or emix::EmixExtension;
    /// `power:PowerOptionTypeEnumerated`.
    exact PowerOptionTypeEnumerated {
        SpinningReserve = "SpinningReserve",
        NonSpinningReserve = "NonSpinningReserve",
        OperatingReserve = "OperatingReserve",
        DemandResponse = "DemandResponse",
    };
    /// `power:ProductTypeEnumerated`.
    exact ProductTypeEnumerated {
        Energy = "energy",
        Transport = "transport",
        EnergyOption = "energyOption",
        TransportOption = "transportOption",
        FullRequirementsPower = "fullRequirementsPower",
        FullRequirementsPowerBlockPricing = "fullRequirementsPowerBlockPricing",
        FullRequirementsPowerWithDemandCharge = "fullRequirementsPowerWithDemandCharge",
        FullRequirementsPowerWithMaximumAndMinimum = "fullRequirementsPowerWithMaximumAndMinimum",
        HourlyDayAhead = "hourlyDayAhead",
        ExAnteRealTimePrice = "exAnteRealTimePrice",
        TimeOfUsePricing = "timeOfUsePricing",
        CongestionRevenueRights = "congestionRevenueRights",
    };
    /// `power:QualityType`.
    collapsed QualityType {
        Guaranteed = "guaranteed",
        Averaged = "averaged",
        Projected = "projected",
        Measured = "measured",
    } or emix::EmixExtension;
}

facet! {
    /// `power:LossFactor`.
    LossFactor(x::Float) = |v| v.decimal().is_some_and(|v| (..=x::Decimal::from(1)).contains(&v)), "a number up to 1", ["1"];
}

fixed! {
    FixedApparentEnergy = "ApparentEnergy";
    FixedApparentPower = "ApparentPower";
    FixedReactiveEnergy = "ReactiveEnergy";
    FixedReactivePower = "ReactivePower";
    FixedRealEnergy = "RealEnergy";
    FixedRealPower = "RealPower";
    FixedV = "V";
    FixedVA = "VA";
    FixedVAR = "VAR";
    FixedVARh = "VARh";
    FixedVAh = "VAh";
    FixedVoltage = "Voltage";
    FixedWh = "Wh";
}

union! {
    /// `power:AncillaryServiceName`.
    AncillaryServiceName {
        EmixExtensionType(emix::EmixExtension),
        AncillaryServiceNameEnumeratedType(AncillaryServiceNameEnumerated),
    }
    /// `power:ProductType`.
    ProductType {
        ProductTypeEnumeratedType(ProductTypeEnumerated),
        EmixExtensionType(emix::EmixExtension),
        PowerOptionTypeEnumeratedType(PowerOptionTypeEnumerated),
    }
}

roots! {
    AggregatedPnode = POWER, "aggregatedPnode";
    AncillaryService = POWER, "ancillaryService";
    ArrayOfCharges = POWER, "charges";
    BlockPowerFullRequirements = POWER, "blockPowerFullRequirements";
    BlockPowerPrice = POWER, "blockPowerPrice";
    CongestionCharge = POWER, "congestionCharge";
    CongestionRevenueRights = POWER, "congestionRevenueRights";
    ConversionLoss = POWER, "conversionLoss";
    DemandCharge = POWER, "demandCharge";
    EndDeviceAsset = POWER, "endDeviceAsset";
    EnergyApparent = POWER, "energyApparent";
    EnergyQuantity = POWER, "energyQuantity";
    EnergyReactive = POWER, "energyReactive";
    EnergyReal = POWER, "energyReal";
    FlickerLt = POWER, "flickerLt";
    FlickerSt = POWER, "flickerSt";
    FullRequirementsPower = POWER, "fullRequirementsPower";
    HarmonicVoltage = POWER, "harmonicVoltage";
    LongInterruptions = POWER, "longInterruptions";
    MainsSignallingVoltage = POWER, "mainsSignallingVoltage";
    MainsVoltage = POWER, "mainsVoltage";
    MarginalLoss = POWER, "marginalLoss";
    MarginalLossCharge = POWER, "marginalLossCharge";
    MeterAsset = POWER, "meterAsset";
    Pnode = POWER, "pnode";
    PowerApparent = POWER, "powerApparent";
    PowerFrequency = POWER, "powerFrequency";
    PowerProductDescription = POWER, "powerProductDescription";
    PowerQualityWarrant = POWER, "powerQualityWarrant";
    PowerQuantity = POWER, "powerQuantity";
    PowerReactive = POWER, "powerReactive";
    PowerReal = POWER, "powerReal";
    QualityMeasure = POWER, "qualityMeasure";
    RapidVoltageChanges = POWER, "rapidVoltageChanges";
    ServiceDeliveryPoint = POWER, "serviceDeliveryPoint";
    ServiceLocation = POWER, "serviceLocation";
    ShortInterruptions = POWER, "shortInterruptions";
    SupplyVoltageDips = POWER, "supplyVoltageDips";
    SupplyVoltageImbalance = POWER, "supplyVoltageImbalance";
    SupplyVoltageVariations = POWER, "supplyVoltageVariations";
    TemixPower = POWER, "temixPower";
    TemporaryOvervoltage = POWER, "temporaryOvervoltage";
    TransportAccessFee = POWER, "transportAccessFee";
    TransportInterface = POWER, "transportInterface";
    TransportProductDescription = POWER, "transportProductDescription";
    UnitEnergyPrice = POWER, "unitEnergyPrice";
    VarQuantity = POWER, "varQuantity";
    Voltage = POWER, "voltage";
}
