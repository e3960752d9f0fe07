//! What is said: the messages of OpenADR 2.0b and OASIS Energy Interoperation
//! 1.0 as types, their XML on the wire, and which request gets which reply.

pub mod ei;
pub mod emix;
pub mod exchange;
#[rustfmt::skip]
mod generated;
pub mod openadr;
pub mod wscal;
pub mod xml;
