// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! The types of the openadr family, a module a namespace.

pub mod atom;
pub mod currency;
pub mod ds;
pub mod dsig11;
pub mod dsp;
pub mod ei;
pub mod emix;
pub mod espi;
pub mod gml;
pub mod oadr;
pub mod power;
pub mod pyld;
pub mod scale;
pub mod strm;
pub mod xcal;
