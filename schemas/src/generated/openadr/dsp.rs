// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `dsp`: the types of its namespace.

use crate::xml::macros::{record, roots};
use crate::xml as x;
use crate::xml::{DSP, NONE};

record! {
    /// `dsp:NonceValue`.
    NonceValue {
        encoding_type: Option<x::Uri> = attr_opt(NONE, "EncodingType"),
        value: String = value(),
    }
    /// `dsp:ReplayProtect`.
    ReplayProtect {
        timestamp: x::ZonedDateTime = one(DSP, "timestamp"),
        nonce: NonceValue = one(DSP, "nonce"),
    }
}

roots! {
    ReplayProtect = DSP, "ReplayProtect";
}
