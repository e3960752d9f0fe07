// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `emix`: the types of its namespace.

use super::{oadr, power, gml};
use crate::xml::macros::{record, group, roots};
use crate::xml::{OADR, EMIX, POWER, GML};

record! {
    /// `emix:ServiceArea`.
    ServiceArea {
        feature_collection: gml::FeatureCollection = one(GML, "FeatureCollection"),
    }
}

group! {
    /// Head of the units; a report or signal without a unit has none. OpenADR 2.0b rule 104.
    ItemBase {
        Therm(oadr::Therm) = element(OADR, "Therm"),
        Currency(oadr::Currency) = element(OADR, "currency"),
        CurrencyPerKW(oadr::Currency) = element(OADR, "currencyPerKW"),
        CurrencyPerKWh(oadr::Currency) = element(OADR, "currencyPerKWh"),
        CurrencyPerThm(oadr::Currency) = element(OADR, "currencyPerThm"),
        Current(oadr::Current) = element(OADR, "current"),
        CustomUnit(oadr::BaseUnit) = element(OADR, "customUnit"),
        Frequency(oadr::Frequency) = element(OADR, "frequency"),
        OadrGBDataDescription(oadr::OadrGBItemBase) = element(OADR, "oadrGBDataDescription"),
        PulseCount(oadr::PulseCount) = element(OADR, "pulseCount"),
        Temperature(oadr::Temperature) = element(OADR, "temperature"),
        EnergyApparent(power::EnergyApparent) = element(POWER, "energyApparent"),
        EnergyReactive(power::EnergyReactive) = element(POWER, "energyReactive"),
        EnergyReal(power::EnergyReal) = element(POWER, "energyReal"),
        PowerApparent(power::PowerApparent) = element(POWER, "powerApparent"),
        PowerReactive(power::PowerReactive) = element(POWER, "powerReactive"),
        PowerReal(power::PowerReal) = element(POWER, "powerReal"),
        Voltage(power::Voltage) = element(POWER, "voltage"),
    }
}

roots! {
    ServiceArea = EMIX, "serviceArea";
}
