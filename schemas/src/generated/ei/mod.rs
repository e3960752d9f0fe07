// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! The types of the ei family, a module a namespace.

pub mod currency;
#[allow(clippy::module_inception)] // Its main namespace has the family's name.
pub mod ei;
pub mod emix;
pub mod enrl;
pub mod gml;
pub mod power;
pub mod pyld;
pub mod resource;
pub mod scale;
pub mod strm;
pub mod xcal;
