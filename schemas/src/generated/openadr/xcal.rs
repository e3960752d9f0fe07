// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `xcal`: the types of its namespace.

use crate::xml::macros::{record, roots};
use crate::xml as x;
use crate::xml::{EI, XCAL};

record! {
    /// `xcal:ArrayOfVavailabilityContainedComponents`.
    #[derive(Default)]
    ArrayOfVavailabilityContainedComponents {
        available: Vec<Available> = many(XCAL, "available"),
    }
    /// `xcal:Available`.
    Available {
        properties: Properties = one(XCAL, "properties"),
    }
    /// `xcal:Dtend`.
    Dtend {
        date_time: x::DateTime = one(XCAL, "date-time"),
    }
    /// `xcal:Dtstart`.
    Dtstart {
        date_time: x::DateTime = one(XCAL, "date-time"),
    }
    /// `xcal:DurationProp`.
    DurationProp {
        duration: x::Duration = one(XCAL, "duration"),
    }
    /// `xcal:Properties`.
    Properties {
        dtstart: Dtstart = one(XCAL, "dtstart"),
        duration: DurationProp = one(XCAL, "duration"),
        tolerance: Option<Tolerance> = opt(XCAL, "tolerance"),
        x_ei_notification: Option<DurationProp> = opt(EI, "x-eiNotification"),
        x_ei_ramp_up: Option<DurationProp> = opt(EI, "x-eiRampUp"),
        x_ei_recovery: Option<DurationProp> = opt(EI, "x-eiRecovery"),
    }
    /// `xcal:Tolerance`.
    #[derive(Default)]
    Tolerance {
        tolerate: Tolerate = one(XCAL, "tolerate"),
    }
    /// `xcal:Tolerate`.
    #[derive(Default)]
    Tolerate {
        startafter: Option<x::Duration> = opt(XCAL, "startafter"),
    }
    /// `xcal:Uid`.
    Uid {
        text: String = one(XCAL, "text"),
    }
    /// `xcal:Vavailability`.
    #[derive(Default)]
    Vavailability {
        components: ArrayOfVavailabilityContainedComponents = one(XCAL, "components"),
    }
    /// `xcal:WsCalendarInterval`.
    WsCalendarInterval {
        properties: Properties = one(XCAL, "properties"),
    }
}

roots! {
    Available = XCAL, "available";
    Dtend = XCAL, "dtend";
    Dtstart = XCAL, "dtstart";
    Properties = XCAL, "properties";
    Uid = XCAL, "uid";
    Vavailability = XCAL, "vavailability";
    WsCalendarInterval = XCAL, "interval";
}
