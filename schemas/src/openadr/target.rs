//! Targets: whom an event, an opt or a report is about. OpenADR 2.0b Profile,
//! rules 22, 63, 111, 202, 209.

use super::ei::EiTarget;
use super::emix::ServiceArea;
use super::power::{EndDeviceAsset, ServiceLocation};

/// One criterion of a target. Several are alternatives (rule 22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Target<'a> {
    AggregatedPnode(&'a str),
    /// By mRID, which in OpenADR is a device class (rule 111).
    EndDeviceAsset(&'a str),
    MeterAsset(&'a str),
    Pnode(&'a str),
    ServiceArea(&'a ServiceArea),
    ServiceDeliveryPoint(&'a str),
    ServiceLocation(&'a ServiceLocation),
    TransportInterface {
        receipt: &'a str,
        delivery: &'a str,
    },
    Group(&'a str),
    GroupName(&'a str),
    Resource(&'a str),
    Ven(&'a str),
    Party(&'a str),
}

impl EiTarget {
    /// Whoever receives it (rule 22).
    pub fn recipient() -> Self {
        Self::default()
    }

    /// One VEN with all it has.
    pub fn ven(ven_id: impl Into<String>) -> Self {
        Self { ven_id: vec![ven_id.into()], ..Self::default() }
    }

    /// Resources by name.
    pub fn resources<T: Into<String>>(ids: impl IntoIterator<Item = T>) -> Self {
        Self { resource_id: ids.into_iter().map(T::into).collect(), ..Self::default() }
    }

    /// Device classes: all that a signal's target, an oadrDeviceClass or a reportSubject
    /// may hold (rules 111, 209, 307).
    pub fn device_classes<T: Into<String>>(classes: impl IntoIterator<Item = T>) -> Self {
        let asset = |mrid: T| EndDeviceAsset { mrid: mrid.into() };
        Self { end_device_asset: classes.into_iter().map(asset).collect(), ..Self::default() }
    }

    /// Whether it names nothing, which means the recipient (rule 22).
    pub fn is_empty(&self) -> bool {
        self.criteria().next().is_none()
    }

    /// Whether it names nothing or VENs alone, which means all resources of the VEN
    /// (rules 203, 206).
    pub fn is_whole_ven(&self) -> bool {
        self.criteria().all(|criterion| matches!(criterion, Target::Ven(_)))
    }

    /// Every criterion, in schema order.
    pub fn criteria(&self) -> impl Iterator<Item = Target<'_>> {
        let pnodes = self.aggregated_pnode.iter().map(|p| Target::AggregatedPnode(&p.node));
        let devices = self.end_device_asset.iter().map(|d| Target::EndDeviceAsset(&d.mrid));
        let meters = self.meter_asset.iter().map(|m| Target::MeterAsset(&m.mrid));
        let nodes = self.pnode.iter().map(|p| Target::Pnode(&p.node));
        let areas = self.service_area.iter().map(Target::ServiceArea);
        let points =
            self.service_delivery_point.iter().map(|p| Target::ServiceDeliveryPoint(&p.node));
        let locations = self.service_location.iter().map(Target::ServiceLocation);
        let transports = self.transport_interface.iter().map(|t| Target::TransportInterface {
            receipt: &t.point_of_receipt,
            delivery: &t.point_of_delivery,
        });
        pnodes
            .chain(devices)
            .chain(meters)
            .chain(nodes)
            .chain(areas)
            .chain(points)
            .chain(locations)
            .chain(transports)
            .chain(self.group_id.iter().map(|id| Target::Group(id)))
            .chain(self.group_name.iter().map(|name| Target::GroupName(name)))
            .chain(self.resource_id.iter().map(|id| Target::Resource(id)))
            .chain(self.ven_id.iter().map(|id| Target::Ven(id)))
            .chain(self.party_id.iter().map(|id| Target::Party(id)))
    }
}

/// Whether an mRID is a device class of the Profile or one of a deployment's own
/// (`x-…`). Rule 111.
pub fn is_device_class(mrid: &str) -> bool {
    DEVICE_CLASSES.contains(&mrid) || mrid.strip_prefix("x-").is_some_and(|own| !own.is_empty())
}

/// The device classes of rule 111.
pub const DEVICE_CLASSES: &[&str] = &[
    "Thermostat",
    "Strip_Heater",
    "Baseboard_Heater",
    "Water_Heater",
    "Pool_Pump",
    "Sauna",
    "Hot_tub",
    "Smart_Appliance",
    "Irrigation_Pump",
    "Managed_Commercial_and_Industrial_Loads",
    "Simple_Residential_On_Off_Loads",
    "Exterior_Lighting",
    "Interior_Lighting",
    "Electric_Vehicle",
    "Generation_Systems",
    "Load_Control_Switch",
    "Smart_Inverter",
    "EVSE",
    "RESU",
    "Energy_Management_System",
    "Smart_Energy_Module",
    "Storage",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_22_reads_an_empty_target_as_the_recipient() {
        assert!(EiTarget::recipient().is_empty());
        assert!(EiTarget::recipient().is_whole_ven());
        assert!(EiTarget::ven("v").is_whole_ven());
        assert!(!EiTarget::resources(["r"]).is_whole_ven());
    }

    #[test]
    fn criteria_come_in_schema_order() {
        let target = EiTarget {
            ven_id: vec!["v".into()],
            group_id: vec!["g".into()],
            ..EiTarget::device_classes(["EVSE"])
        };
        let all: Vec<_> = target.criteria().collect();
        assert_eq!(all, [Target::EndDeviceAsset("EVSE"), Target::Group("g"), Target::Ven("v")]);
    }

    #[test]
    fn rule_111_knows_its_classes_and_extensions() {
        assert!(is_device_class("Storage") && is_device_class("x-kiln"));
        assert!(!is_device_class("storage") && !is_device_class("x-"));
    }
}
