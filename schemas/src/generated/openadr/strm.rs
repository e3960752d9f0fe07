// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `strm`: the types of its namespace.

use super::{oadr, ei};
use crate::xml::macros::{record, group, roots};
use crate::xml::{OADR, EI, STRM};

record! {
    /// `strm:Intervals`.
    Intervals {
        interval: Vec<ei::Interval> = range(EI, "interval", 1, usize::MAX),
    }
}

group! {
    /// Head of what an interval may carry: signalPayload, oadrReportPayload, oadrGBPayload.
    StreamPayloadBase {
        SignalPayload(ei::SignalPayload) = element(EI, "signalPayload"),
        OadrGBPayload(oadr::OadrGBStreamPayloadBase) = element(OADR, "oadrGBPayload"),
        OadrReportPayload(oadr::OadrReportPayload) = element(OADR, "oadrReportPayload"),
    }
}

roots! {
    Intervals = STRM, "intervals";
}
