//! The types of both families, made by oadr-codegen from schemas/xsd.
//!
//! Two trees, because OpenADR 2.0b and EI 1.0 declare the same namespaces with
//! different contents.

pub mod ei;
pub mod openadr;
