//! A VTN and a VEN in miniature that obey every rule the kit proves, and, at the turn of a switch,
//! break one: the proof that no scenario is blind. Not for use: they remember nothing.
//!
//! They share no code with this project's VTN and VEN, so that the kit is not measured with the
//! stick it is to measure.
//!
//! | module | what |
//! |---|---|
//! | [`fault`] | the switches |
//! | [`vtn`] | the VTN, a file a service, and its operator |
//! | [`ven`] | the VEN, a file a service, and its site |

pub mod fault;
mod signing;
pub mod ven;
pub mod vtn;
