// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `power`: the types of its namespace.

use super::{scale, gml};
use crate::xml::macros::{record, tokens, fixed, roots};
use crate::xml as x;
use crate::xml::{POWER, SCALE, GML};

record! {
    /// `power:AggregatedPnode`.
    AggregatedPnode {
        node: String = one(POWER, "node"),
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
    /// `power:ServiceDeliveryPoint`.
    ServiceDeliveryPoint {
        node: String = one(POWER, "node"),
    }
    /// `power:ServiceLocation`.
    ServiceLocation {
        feature_collection: gml::FeatureCollection = one(GML, "FeatureCollection"),
    }
    /// From the point of receipt to the point of delivery.
    TransportInterface {
        point_of_receipt: String = one(POWER, "pointOfReceipt"),
        point_of_delivery: String = one(POWER, "pointOfDelivery"),
    }
    /// `power:Voltage`.
    Voltage {
        item_description: FixedVoltage = one(POWER, "itemDescription"),
        item_units: FixedV = one(POWER, "itemUnits"),
        si_scale_code: scale::SiScaleCode = one(SCALE, "siScaleCode"),
    }
}

tokens! {
    /// `power:ItemUnits`.
    collapsed ItemUnits {
        W = "W",
        JS = "J/s",
    };
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

roots! {
    AggregatedPnode = POWER, "aggregatedPnode";
    EndDeviceAsset = POWER, "endDeviceAsset";
    EnergyApparent = POWER, "energyApparent";
    EnergyReactive = POWER, "energyReactive";
    EnergyReal = POWER, "energyReal";
    MeterAsset = POWER, "meterAsset";
    Pnode = POWER, "pnode";
    PowerApparent = POWER, "powerApparent";
    PowerAttributes = POWER, "powerAttributes";
    PowerReactive = POWER, "powerReactive";
    PowerReal = POWER, "powerReal";
    ServiceDeliveryPoint = POWER, "serviceDeliveryPoint";
    ServiceLocation = POWER, "serviceLocation";
    TransportInterface = POWER, "transportInterface";
    Voltage = POWER, "voltage";
}
