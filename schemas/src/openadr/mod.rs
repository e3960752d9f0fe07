//! OpenADR 2.0b: its types, and what they mean.

mod payload;

pub use crate::generated::openadr::*;
pub use oadr::OadrSignedObjectChoice as Message;
pub use payload::{Received, decode, encode};
