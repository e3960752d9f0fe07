// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `strm`: the types of its namespace.

use super::{ei};
use crate::xml::macros::{record, group, roots};
use crate::xml::{EI, STRM};

record! {
    /// `strm:ArrayofStreamIntervals`.
    #[derive(Default)]
    ArrayofStreamIntervals {
        stream_interval: Vec<StreamInterval> = range_of(0, usize::MAX),
    }
}

group! {
    /// Head of the steps of a stream.
    StreamInterval {
        Interval(ei::Interval) = element(EI, "interval"),
    }
    /// Head of what a step may carry.
    StreamPayloadBase {
        EventBaselinePayload(ei::EventBaselinePayload) = element(EI, "eventBaselinePayload"),
        ReportPayload(ei::ReportPayload) = element(EI, "reportPayload"),
        SignalPayload(ei::SignalPayload) = element(EI, "signalPayload"),
    }
}

roots! {
    ArrayofStreamIntervals = STRM, "intervals";
}
