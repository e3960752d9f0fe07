// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `ds`: the types of its namespace.

use crate::xml::macros::{record, runs, group, roots};
use crate::xml as x;
use crate::xml::{DS, NONE};

record! {
    /// `ds:CanonicalizationMethod`.
    CanonicalizationMethod {
        algorithm: x::Uri = attr(NONE, "Algorithm"),
        content: x::Any = mixed(),
    }
    /// `ds:DSAKeyValue`.
    DSAKeyValue {
        run: Option<DSAKeyValueRun> = opt_run(),
        g: Option<x::Base64> = opt(DS, "G"),
        y: x::Base64 = one(DS, "Y"),
        j: Option<x::Base64> = opt(DS, "J"),
        run2: Option<DSAKeyValueRun2> = opt_run(),
    }
    /// `ds:DSAKeyValueRun`.
    DSAKeyValueRun {
        p: x::Base64 = one(DS, "P"),
        q: x::Base64 = one(DS, "Q"),
    }
    /// `ds:DSAKeyValueRun2`.
    DSAKeyValueRun2 {
        seed: x::Base64 = one(DS, "Seed"),
        pgen_counter: x::Base64 = one(DS, "PgenCounter"),
    }
    /// `ds:DigestMethod`.
    DigestMethod {
        algorithm: x::Uri = attr(NONE, "Algorithm"),
        content: x::Any = mixed(),
    }
    /// `ds:KeyInfo`.
    KeyInfo {
        id: Option<x::Token> = attr_opt(NONE, "Id"),
        choice: Vec<KeyInfoChoice> = range_of(1, usize::MAX),
    }
    /// `ds:KeyValue`.
    KeyValue {
        choice: KeyValueChoice = one_of(),
    }
    /// `ds:Manifest`.
    Manifest {
        id: Option<x::Token> = attr_opt(NONE, "Id"),
        reference: Vec<Reference> = range(DS, "Reference", 1, usize::MAX),
    }
    /// `ds:Object`.
    #[derive(Default)]
    Object {
        id: Option<x::Token> = attr_opt(NONE, "Id"),
        mime_type: Option<String> = attr_opt(NONE, "MimeType"),
        encoding: Option<x::Uri> = attr_opt(NONE, "Encoding"),
        content: x::Any = mixed(),
    }
    /// `ds:PGPData`.
    PGPData {
        choice: PGPDataChoice = one_of(),
    }
    /// `ds:PGPDataRun`.
    PGPDataRun {
        pgp_key_id: x::Base64 = one(DS, "PGPKeyID"),
        pgp_key_packet: Option<x::Base64> = opt(DS, "PGPKeyPacket"),
        any: Vec<x::Any> = any(Some(DS), 0, usize::MAX),
    }
    /// `ds:PGPDataRun2`.
    PGPDataRun2 {
        pgp_key_packet: x::Base64 = one(DS, "PGPKeyPacket"),
        any: Vec<x::Any> = any(Some(DS), 0, usize::MAX),
    }
    /// `ds:RSAKeyValue`.
    RSAKeyValue {
        modulus: x::Base64 = one(DS, "Modulus"),
        exponent: x::Base64 = one(DS, "Exponent"),
    }
    /// `ds:Reference`.
    Reference {
        id: Option<x::Token> = attr_opt(NONE, "Id"),
        uri: Option<x::Uri> = attr_opt(NONE, "URI"),
        type_: Option<x::Uri> = attr_opt(NONE, "Type"),
        transforms: Option<Transforms> = opt(DS, "Transforms"),
        digest_method: DigestMethod = one(DS, "DigestMethod"),
        digest_value: x::Base64 = one(DS, "DigestValue"),
    }
    /// `ds:RetrievalMethod`.
    #[derive(Default)]
    RetrievalMethod {
        uri: Option<x::Uri> = attr_opt(NONE, "URI"),
        type_: Option<x::Uri> = attr_opt(NONE, "Type"),
        transforms: Option<Transforms> = opt(DS, "Transforms"),
    }
    /// `ds:SPKIData`.
    SPKIData {
        run: Vec<SPKIDataRun> = range_run(1, usize::MAX),
    }
    /// `ds:SPKIDataRun`.
    SPKIDataRun {
        spki_sexp: x::Base64 = one(DS, "SPKISexp"),
        any: Vec<x::Any> = any(Some(DS), 0, 1),
    }
    /// `ds:Signature`.
    Signature {
        id: Option<x::Token> = attr_opt(NONE, "Id"),
        signed_info: SignedInfo = one(DS, "SignedInfo"),
        signature_value: SignatureValue = one(DS, "SignatureValue"),
        key_info: Option<KeyInfo> = opt(DS, "KeyInfo"),
        object: Vec<Object> = many(DS, "Object"),
    }
    /// `ds:SignatureMethod`.
    SignatureMethod {
        algorithm: x::Uri = attr(NONE, "Algorithm"),
        content: x::Any = mixed(),
    }
    /// `ds:SignatureProperties`.
    SignatureProperties {
        id: Option<x::Token> = attr_opt(NONE, "Id"),
        signature_property: Vec<SignatureProperty> = range(DS, "SignatureProperty", 1, usize::MAX),
    }
    /// `ds:SignatureProperty`.
    SignatureProperty {
        target: x::Uri = attr(NONE, "Target"),
        id: Option<x::Token> = attr_opt(NONE, "Id"),
        content: x::Any = mixed(),
    }
    /// `ds:SignatureValue`.
    SignatureValue {
        id: Option<x::Token> = attr_opt(NONE, "Id"),
        value: x::Base64 = value(),
    }
    /// `ds:SignedInfo`.
    SignedInfo {
        id: Option<x::Token> = attr_opt(NONE, "Id"),
        canonicalization_method: CanonicalizationMethod = one(DS, "CanonicalizationMethod"),
        signature_method: SignatureMethod = one(DS, "SignatureMethod"),
        reference: Vec<Reference> = range(DS, "Reference", 1, usize::MAX),
    }
    /// `ds:Transform`.
    Transform {
        algorithm: x::Uri = attr(NONE, "Algorithm"),
        content: x::Any = mixed(),
    }
    /// `ds:Transforms`.
    Transforms {
        transform: Vec<Transform> = range(DS, "Transform", 1, usize::MAX),
    }
    /// `ds:X509Data`.
    X509Data {
        choice: Vec<X509DataChoice> = range_of(1, usize::MAX),
    }
    /// `ds:X509IssuerSerial`.
    X509IssuerSerial {
        x509_issuer_name: String = one(DS, "X509IssuerName"),
        x509_serial_number: x::Integer = one(DS, "X509SerialNumber"),
    }
}

runs! {
    DSAKeyValueRun: (DS, "P");
    DSAKeyValueRun2: (DS, "Seed");
    PGPDataRun: (DS, "PGPKeyID");
    PGPDataRun2: (DS, "PGPKeyPacket");
    SPKIDataRun: (DS, "SPKISexp");
}

group! {
    /// `ds:KeyInfoChoice`.
    KeyInfoChoice {
        KeyName(String) = element(DS, "KeyName"),
        KeyValue(KeyValue) = element(DS, "KeyValue"),
        RetrievalMethod(RetrievalMethod) = element(DS, "RetrievalMethod"),
        X509Data(X509Data) = element(DS, "X509Data"),
        PGPData(PGPData) = element(DS, "PGPData"),
        SPKIData(SPKIData) = element(DS, "SPKIData"),
        MgmtData(String) = element(DS, "MgmtData"),
        Other(x::Any) = any(Some(DS)),
    }
    /// `ds:KeyValueChoice`.
    KeyValueChoice {
        DSAKeyValue(DSAKeyValue) = element(DS, "DSAKeyValue"),
        RSAKeyValue(RSAKeyValue) = element(DS, "RSAKeyValue"),
        Other(x::Any) = any(Some(DS)),
    }
    /// `ds:PGPDataChoice`.
    PGPDataChoice {
        Run(PGPDataRun) = run(),
        Run2(PGPDataRun2) = run(),
    }
    /// `ds:X509DataChoice`.
    X509DataChoice {
        X509IssuerSerial(X509IssuerSerial) = element(DS, "X509IssuerSerial"),
        X509SKI(x::Base64) = element(DS, "X509SKI"),
        X509SubjectName(String) = element(DS, "X509SubjectName"),
        X509Certificate(x::Base64) = element(DS, "X509Certificate"),
        X509CRL(x::Base64) = element(DS, "X509CRL"),
        Other(x::Any) = any(Some(DS)),
    }
}

roots! {
    CanonicalizationMethod = DS, "CanonicalizationMethod";
    DSAKeyValue = DS, "DSAKeyValue";
    DigestMethod = DS, "DigestMethod";
    KeyInfo = DS, "KeyInfo";
    KeyValue = DS, "KeyValue";
    Manifest = DS, "Manifest";
    Object = DS, "Object";
    PGPData = DS, "PGPData";
    RSAKeyValue = DS, "RSAKeyValue";
    Reference = DS, "Reference";
    RetrievalMethod = DS, "RetrievalMethod";
    SPKIData = DS, "SPKIData";
    Signature = DS, "Signature";
    SignatureMethod = DS, "SignatureMethod";
    SignatureProperties = DS, "SignatureProperties";
    SignatureProperty = DS, "SignatureProperty";
    SignatureValue = DS, "SignatureValue";
    SignedInfo = DS, "SignedInfo";
    Transform = DS, "Transform";
    Transforms = DS, "Transforms";
    X509Data = DS, "X509Data";
}
