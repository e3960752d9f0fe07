// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `emix`: the types of its namespace.

use super::{ei, power, resource, gml, currency, xcal};
use crate::xml::macros::{record, group, derived, tokens, facet, roots};
use crate::xml as x;
use crate::xml::{EI, EMIX, POWER, RESOURCE, XCAL};

record! {
    /// `emix:ArrayOfTerms`.
    #[derive(Default)]
    ArrayOfTerms {
        base_term: Vec<BaseTerm> = range_of(0, usize::MAX),
    }
    /// `emix:ArrayOfWarrants`.
    #[derive(Default)]
    ArrayOfWarrants {
        base_warrant: Vec<BaseWarrant> = range_of(0, usize::MAX),
    }
    /// `emix:AvailabilitySchedule`.
    AvailabilitySchedule {
        vavailability: Vec<xcal::Vavailability> = range(XCAL, "vavailability", 1, usize::MAX),
    }
    /// injection true: into the market; false: out of it.
    Delivery {
        properties: Option<xcal::ArrayOfProperties> = opt(XCAL, "properties"),
        components: xcal::ArrayOfVcalendarContainedComponents = one(XCAL, "components"),
        uid: String = one(EMIX, "uid"),
        envelope_contents: Option<EnvelopeContents> = opt(EMIX, "envelopeContents"),
        injection: bool = one(EMIX, "injection"),
    }
    /// `emix:EmixGranularity`.
    EmixGranularity {
        quantity: x::Float = one(EMIX, "quantity"),
        item_base: ItemBase = one_of(),
    }
    /// Premium, strike price, sides and terms of an option.
    EmixOption {
        properties: Option<xcal::ArrayOfProperties> = opt(XCAL, "properties"),
        components: xcal::ArrayOfVcalendarContainedComponents = one(XCAL, "components"),
        uid: String = one(EMIX, "uid"),
        envelope_contents: Option<EnvelopeContents> = opt(EMIX, "envelopeContents"),
        transactive_state: TransactiveState = one(EMIX, "transactiveState"),
        expiration_date: Option<x::DateTime> = opt(EMIX, "expirationDate"),
        integral_only: Option<bool> = opt(EMIX, "integralOnly"),
        option_holder_side: Side = one(EMIX, "optionHolderSide"),
        option_premium: Price = one(EMIX, "optionPremium"),
        option_strike_price: Price = one(EMIX, "optionStrikePrice"),
        option_type: String = one(EMIX, "optionType"),
        side: Side = one(EMIX, "side"),
        market_context: x::Uri = one(EMIX, "marketContext"),
        currency: Option<currency::ISO3AlphaCurrencyCodeContent> = opt(EMIX, "currency"),
        terms: Option<ArrayOfTerms> = opt(EMIX, "terms"),
    }
    /// `emix:EnvelopeContents`.
    #[derive(Default)]
    EnvelopeContents {
        warrants: Option<ArrayOfWarrants> = opt(EMIX, "warrants"),
    }
    /// `emix:MarketGranularity`.
    MarketGranularity {
        quantity: x::Float = one(EMIX, "quantity"),
        item_base: ItemBase = one_of(),
    }
    /// `emix:MaximumConsecutiveDurations`.
    MaximumConsecutiveDurations {
        durations: i32 = one(EMIX, "durations"),
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:MaximumInvocationsPerDuration`.
    MaximumInvocationsPerDuration {
        starts: i32 = one(EMIX, "starts"),
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:MaximumNotificationDuration`.
    MaximumNotificationDuration {
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:MaximumResponseDuration`.
    MaximumResponseDuration {
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:MaximumRunDuration`.
    MaximumRunDuration {
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:Measurement`.
    Measurement {
        quantity: x::Float = one(EMIX, "quantity"),
        item_base: ItemBase = one_of(),
    }
    /// `emix:MinimumDurationBetweenInvocations`.
    MinimumDurationBetweenInvocations {
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:MinimumEconomicRequirement`.
    MinimumEconomicRequirement {
        price: Price = one(EMIX, "price"),
    }
    /// `emix:MinimumNotificationDuration`.
    MinimumNotificationDuration {
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:MinimumRecoveryDuration`.
    MinimumRecoveryDuration {
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:MinimumRemunerationRate`.
    MinimumRemunerationRate {
        price: Price = one(EMIX, "price"),
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:MinimumResponseDuration`.
    MinimumResponseDuration {
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:MinimumRunDuration`.
    MinimumRunDuration {
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:MinimumStartsPerDuration`.
    MinimumStartsPerDuration {
        starts: i32 = one(EMIX, "starts"),
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:NotificationSchedule`.
    NotificationSchedule {
        vavailability: Vec<xcal::Vavailability> = range(XCAL, "vavailability", 1, usize::MAX),
    }
    /// `emix:Price`.
    Price {
        value: x::Decimal = one(EMIX, "value"),
    }
    /// multiplier, in single precision, and perhaps the market of the base price.
    PriceMultiplier {
        multiplier: x::Float = one(EMIX, "multiplier"),
        market_context: Option<x::Uri> = opt(EMIX, "marketContext"),
    }
    /// value, as a decimal, and perhaps the market of the base price.
    PriceRelative {
        value: x::Decimal = one(EMIX, "value"),
        market_context: Option<x::Uri> = opt(EMIX, "marketContext"),
    }
    /// State, expiry, currency, market, side and terms; the calendar says what and when.
    Product {
        properties: Option<xcal::ArrayOfProperties> = opt(XCAL, "properties"),
        components: xcal::ArrayOfVcalendarContainedComponents = one(XCAL, "components"),
        uid: String = one(EMIX, "uid"),
        envelope_contents: Option<EnvelopeContents> = opt(EMIX, "envelopeContents"),
        transactive_state: TransactiveState = one(EMIX, "transactiveState"),
        expiration_date: Option<x::DateTime> = opt(EMIX, "expirationDate"),
        integral_only: Option<bool> = opt(EMIX, "integralOnly"),
        currency: Option<currency::ISO3AlphaCurrencyCodeContent> = opt(EMIX, "currency"),
        market_context: x::Uri = one(EMIX, "marketContext"),
        side: Side = one(EMIX, "side"),
        terms: Option<ArrayOfTerms> = opt(EMIX, "terms"),
    }
    /// `emix:RequiredStartupRemuneration`.
    RequiredStartupRemuneration {
        price: Price = one(EMIX, "price"),
    }
    /// `emix:ResponseTime`.
    ResponseTime {
        duration: xcal::DurationProp = one(XCAL, "duration"),
    }
    /// `emix:ServiceArea`.
    ServiceArea {
        abstract_feature: Vec<gml::AbstractFeature> = range_of(1, usize::MAX),
    }
    /// Per market: term sets, product, granularity, time zone, currency.
    StandardTerms {
        market_context: x::Uri = one(EMIX, "marketContext"),
        market_context_name: Option<String> = opt(EMIX, "marketContextName"),
        standard_terms_set: Vec<StandardTermsSet> = many(EMIX, "standardTermsSet"),
        product_description: Option<ProductDescription> = opt_of(),
        granularity: Option<xcal::DurationProp> = opt(XCAL, "granularity"),
        tzid: Option<xcal::TzidParam> = opt(XCAL, "tzid"),
        currency: Option<currency::ISO3AlphaCurrencyCodeContent> = opt(EMIX, "currency"),
        non_standard_terms_handling: Option<NonStandardTermsHandling> = opt(EMIX, "nonStandardTermsHandling"),
    }
    /// `emix:StandardTermsSet`.
    StandardTermsSet {
        terms: ArrayOfTerms = one(EMIX, "terms"),
        vavailability: Option<xcal::Vavailability> = opt(XCAL, "vavailability"),
        non_standard_terms_handling: NonStandardTermsHandling = one(EMIX, "nonStandardTermsHandling"),
        side: Option<Side> = opt(EMIX, "side"),
    }
    /// `emix:UnavailabilitySchedule`.
    UnavailabilitySchedule {
        vavailability: Vec<xcal::Vavailability> = range(XCAL, "vavailability", 1, usize::MAX),
    }
}

group! {
    /// Head of the terms.
    BaseTerm {
        EiResponseSmoothing(ei::EiResponseSmoothing) = element(EI, "eiResponseSmoothing"),
        AvailabilitySchedule(AvailabilitySchedule) = element(EMIX, "availabilitySchedule"),
        MarketGranularity(MarketGranularity) = element(EMIX, "marketGranularity"),
        MaximumConsecutiveDurations(MaximumConsecutiveDurations) = element(EMIX, "maximumConsecutiveDurations"),
        MaximumInvocationsPerDuration(MaximumInvocationsPerDuration) = element(EMIX, "maximumInvocationsPerDuration"),
        MaximumNotificationDuration(MaximumNotificationDuration) = element(EMIX, "maximumNotificationDuration"),
        MaximumResponseDuration(MaximumResponseDuration) = element(EMIX, "maximumResponseDuration"),
        MaximumRunDuration(MaximumRunDuration) = element(EMIX, "maximumRunDuration"),
        MinimumDurationBetweenInvocations(MinimumDurationBetweenInvocations) = element(EMIX, "minimumDurationBetweenInvocations"),
        MinimumEconomicRequirement(MinimumEconomicRequirement) = element(EMIX, "minimumEconomicRequirement"),
        MinimumNotificationDuration(MinimumNotificationDuration) = element(EMIX, "minimumNotificationDuration"),
        MinimumRecoveryDuration(MinimumRecoveryDuration) = element(EMIX, "minimumRecoveryDuration"),
        MinimumRemunerationRate(MinimumRemunerationRate) = element(EMIX, "minimumRemunerationRate"),
        MinimumResponseDuration(MinimumResponseDuration) = element(EMIX, "minimumResponseDuration"),
        MinimumRunDuration(MinimumRunDuration) = element(EMIX, "minimumRunDuration"),
        MinimumStartsPerDuration(MinimumStartsPerDuration) = element(EMIX, "minimumStartsPerDuration"),
        NotificationSchedule(NotificationSchedule) = element(EMIX, "notificationSchedule"),
        RequiredStartupRemuneration(RequiredStartupRemuneration) = element(EMIX, "requiredStartupRemuneration"),
        ResponseTime(ResponseTime) = element(EMIX, "responseTime"),
        UnavailabilitySchedule(UnavailabilitySchedule) = element(EMIX, "unavailabilitySchedule"),
        MaximumEnergy(resource::MaximumEnergy) = element(RESOURCE, "maximumEnergy"),
        MaximumPower(resource::MaximumPower) = element(RESOURCE, "maximumPower"),
        MinimumLoad(resource::MinimumLoad) = element(RESOURCE, "minimumLoad"),
        MinimumLoadReduction(resource::MinimumLoadReduction) = element(RESOURCE, "minimumLoadReduction"),
        OfferCurve(resource::OfferCurve) = element(RESOURCE, "offerCurve"),
    }
    /// Head of the warrants; its type is abstract.
    BaseWarrant {
        PowerQualityWarrant(power::PowerQualityWarrant) = element(POWER, "powerQualityWarrant"),
    }
    /// Head of the places where a product changes hands; its type is abstract.
    EmixInterface {
        ServiceArea(ServiceArea) = element(EMIX, "serviceArea"),
        AggregatedPnode(power::AggregatedPnode) = element(POWER, "aggregatedPnode"),
        EndDeviceAsset(power::EndDeviceAsset) = element(POWER, "endDeviceAsset"),
        MeterAsset(power::MeterAsset) = element(POWER, "meterAsset"),
        Pnode(power::Pnode) = element(POWER, "pnode"),
        ServiceDeliveryPoint(power::ServiceDeliveryPoint) = element(POWER, "serviceDeliveryPoint"),
        ServiceLocation(power::ServiceLocation) = element(POWER, "serviceLocation"),
        TransportInterface(power::TransportInterface) = element(POWER, "transportInterface"),
    }
    /// Head of the units.
    ItemBase {
        EnergyApparent(power::EnergyApparent) = element(POWER, "energyApparent"),
        EnergyReactive(power::EnergyReactive) = element(POWER, "energyReactive"),
        EnergyReal(power::EnergyReal) = element(POWER, "energyReal"),
        PowerApparent(power::PowerApparent) = element(POWER, "powerApparent"),
        PowerReactive(power::PowerReactive) = element(POWER, "powerReactive"),
        PowerReal(power::PowerReal) = element(POWER, "powerReal"),
        Voltage(power::Voltage) = element(POWER, "voltage"),
    }
    /// Head of the prices: absolute, multiplied, relative.
    PriceBase {
        Price(Price) = element(EMIX, "price"),
        PriceMultiplier(PriceMultiplier) = element(EMIX, "priceMultiplier"),
        PriceRelative(PriceRelative) = element(EMIX, "priceRelative"),
    }
    /// Head of what fills an interval: power, transport, resources.
    ProductDescription {
        Measurement(Measurement) = element(EMIX, "measurement"),
        PowerProductDescription(power::PowerProductDescription) = element(POWER, "powerProductDescription"),
        BlockPowerFullRequirements(power::BlockPowerFullRequirements) = element(POWER, "blockPowerFullRequirements"),
        FullRequirementsPower(power::FullRequirementsPower) = element(POWER, "fullRequirementsPower"),
        TransportProductDescription(power::TransportProductDescription) = element(POWER, "transportProductDescription"),
        TemixPower(power::TemixPower) = element(POWER, "temixPower"),
        ActiveReserve(resource::ActiveReserve) = element(RESOURCE, "activeReserve"),
        Generation(resource::Generation) = element(RESOURCE, "generation"),
        LoadReduction(resource::LoadReduction) = element(RESOURCE, "loadReduction"),
        ProductVoltageRegulation(resource::ProductVoltageRegulation) = element(RESOURCE, "productVoltageRegulation"),
        RegulationService(resource::RegulationService) = element(RESOURCE, "regulationService"),
    }
}

derived! {
    /// `emix:EmixBase`.
    EmixBase {
        Delivery(Delivery) = EMIX, "DeliveryType";
        EiDelivery(ei::EiDelivery) = EI, "EiDeliveryType";
        EmixOption(EmixOption) = EMIX, "EmixOptionType";
        AncillaryService(power::AncillaryService) = POWER, "AncillaryServiceType";
        Product(Product) = EMIX, "ProductType";
    }
    /// `emix:PriceBase2`.
    PriceBase2 {
        PriceMultiplier(PriceMultiplier) = EMIX, "PriceMultiplierType";
        PriceRelative(PriceRelative) = EMIX, "PriceRelativeType";
        Price(Price) = EMIX, "PriceType";
    }
}

tokens! {
    /// `emix:NonStandardTermsHandling`.
    collapsed NonStandardTermsHandling {
        MustAccept = "mustAccept",
        Ignore = "ignore",
        MustUnderstand = "mustUnderstand",
        Reject = "reject",
    };
    /// `emix:Side`.
    exact Side {
        Buy = "buy",
        Sell = "sell",
    };
    /// `emix:TransactiveState`.
    exact TransactiveState {
        IndicationOfInterest = "indicationOfInterest",
        Tender = "tender",
        Transaction = "transaction",
        Exercise = "exercise",
        Delivery = "delivery",
        TransportCommitment = "transportCommitment",
        Publication = "publication",
    };
}

facet! {
    /// `emix:EmixExtension`.
    EmixExtension(String) = |v| x::patterns::extension(v), "x- and a name of one's own", ["x-own", "x-a b"];
}

roots! {
    ArrayOfTerms = EMIX, "terms";
    ArrayOfWarrants = EMIX, "warrants";
    AvailabilitySchedule = EMIX, "availabilitySchedule";
    Delivery = EMIX, "delivery";
    EmixGranularity = EMIX, "emixGranularity";
    EmixOption = EMIX, "emixOption";
    EnvelopeContents = EMIX, "envelopeContents";
    MarketGranularity = EMIX, "marketGranularity";
    MaximumConsecutiveDurations = EMIX, "maximumConsecutiveDurations";
    MaximumInvocationsPerDuration = EMIX, "maximumInvocationsPerDuration";
    MaximumNotificationDuration = EMIX, "maximumNotificationDuration";
    MaximumResponseDuration = EMIX, "maximumResponseDuration";
    MaximumRunDuration = EMIX, "maximumRunDuration";
    Measurement = EMIX, "measurement";
    MinimumDurationBetweenInvocations = EMIX, "minimumDurationBetweenInvocations";
    MinimumEconomicRequirement = EMIX, "minimumEconomicRequirement";
    MinimumNotificationDuration = EMIX, "minimumNotificationDuration";
    MinimumRecoveryDuration = EMIX, "minimumRecoveryDuration";
    MinimumRemunerationRate = EMIX, "minimumRemunerationRate";
    MinimumResponseDuration = EMIX, "minimumResponseDuration";
    MinimumRunDuration = EMIX, "minimumRunDuration";
    MinimumStartsPerDuration = EMIX, "minimumStartsPerDuration";
    NotificationSchedule = EMIX, "notificationSchedule";
    Price = EMIX, "price";
    PriceMultiplier = EMIX, "priceMultiplier";
    PriceRelative = EMIX, "priceRelative";
    Product = EMIX, "product";
    RequiredStartupRemuneration = EMIX, "requiredStartupRemuneration";
    ResponseTime = EMIX, "responseTime";
    ServiceArea = EMIX, "serviceArea";
    StandardTerms = EMIX, "standardTerms";
    StandardTermsSet = EMIX, "standardTermsSet";
    UnavailabilitySchedule = EMIX, "unavailabilitySchedule";
}
