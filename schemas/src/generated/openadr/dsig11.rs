// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `dsig11`: the types of its namespace.

use crate::xml::macros::{record, group, roots};
use crate::xml as x;
use crate::xml::{DSIG11, NONE};

record! {
    /// `dsig11:CharTwoFieldParams`.
    CharTwoFieldParams {
        m: x::PositiveInteger = one(DSIG11, "M"),
    }
    /// `dsig11:Curve`.
    Curve {
        a: x::Base64 = one(DSIG11, "A"),
        b: x::Base64 = one(DSIG11, "B"),
    }
    /// `dsig11:DEREncodedKeyValue`.
    DEREncodedKeyValue {
        id: Option<x::Token> = attr_opt(NONE, "Id"),
        value: x::Base64 = value(),
    }
    /// `dsig11:ECKeyValue`.
    ECKeyValue {
        id: Option<x::Token> = attr_opt(NONE, "Id"),
        choice: ECKeyValueChoice = one_of(),
        public_key: x::Base64 = one(DSIG11, "PublicKey"),
    }
    /// `dsig11:ECParameters`.
    ECParameters {
        field_id: FieldID = one(DSIG11, "FieldID"),
        curve: Curve = one(DSIG11, "Curve"),
        base: x::Base64 = one(DSIG11, "Base"),
        order: x::Base64 = one(DSIG11, "Order"),
        co_factor: Option<x::Integer> = opt(DSIG11, "CoFactor"),
        validation_data: Option<ECValidationData> = opt(DSIG11, "ValidationData"),
    }
    /// `dsig11:ECValidationData`.
    ECValidationData {
        hash_algorithm: x::Uri = attr(NONE, "hashAlgorithm"),
        seed: x::Base64 = one(DSIG11, "seed"),
    }
    /// `dsig11:FieldID`.
    FieldID {
        choice: FieldIDChoice = one_of(),
    }
    /// `dsig11:KeyInfoReference`.
    KeyInfoReference {
        uri: x::Uri = attr(NONE, "URI"),
        id: Option<x::Token> = attr_opt(NONE, "Id"),
    }
    /// `dsig11:NamedCurve`.
    NamedCurve {
        uri: x::Uri = attr(NONE, "URI"),
    }
    /// `dsig11:PnBFieldParams`.
    PnBFieldParams {
        m: x::PositiveInteger = one(DSIG11, "M"),
        k1: x::PositiveInteger = one(DSIG11, "K1"),
        k2: x::PositiveInteger = one(DSIG11, "K2"),
        k3: x::PositiveInteger = one(DSIG11, "K3"),
    }
    /// `dsig11:PrimeFieldParams`.
    PrimeFieldParams {
        p: x::Base64 = one(DSIG11, "P"),
    }
    /// `dsig11:TnBFieldParams`.
    TnBFieldParams {
        m: x::PositiveInteger = one(DSIG11, "M"),
        k: x::PositiveInteger = one(DSIG11, "K"),
    }
    /// `dsig11:X509Digest`.
    X509Digest {
        algorithm: x::Uri = attr(NONE, "Algorithm"),
        value: x::Base64 = value(),
    }
}

group! {
    /// `dsig11:ECKeyValueChoice`.
    ECKeyValueChoice {
        ECParameters(ECParameters) = element(DSIG11, "ECParameters"),
        NamedCurve(NamedCurve) = element(DSIG11, "NamedCurve"),
    }
    /// `dsig11:FieldIDChoice`.
    FieldIDChoice {
        Prime(PrimeFieldParams) = element(DSIG11, "Prime"),
        TnB(TnBFieldParams) = element(DSIG11, "TnB"),
        PnB(PnBFieldParams) = element(DSIG11, "PnB"),
        GnB(CharTwoFieldParams) = element(DSIG11, "GnB"),
        Other(x::Any) = any(Some(DSIG11)),
    }
}

roots! {
    CharTwoFieldParams = DSIG11, "GnB";
    DEREncodedKeyValue = DSIG11, "DEREncodedKeyValue";
    ECKeyValue = DSIG11, "ECKeyValue";
    KeyInfoReference = DSIG11, "KeyInfoReference";
    PnBFieldParams = DSIG11, "PnB";
    PrimeFieldParams = DSIG11, "Prime";
    TnBFieldParams = DSIG11, "TnB";
    X509Digest = DSIG11, "X509Digest";
}
