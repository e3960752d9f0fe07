//! OASIS Energy Interoperation 1.0 with EMIX 1.0 and WS-Calendar 1.0: the types,
//! and what they mean.

mod message;
mod response;
mod tender;

pub use crate::generated::ei::*;
pub use pyld::Message;
