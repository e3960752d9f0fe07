//! OpenADR 2.0b: its types, and what they mean.

pub mod check;
mod code;
pub mod event;
pub mod green_button;
mod message;
mod payload;
pub mod report;
mod response;
mod signal;
mod target;
mod times;
mod unit;

pub use crate::generated::openadr::*;
pub use code::Code;
pub use ei::EventStatusEnumerated as EventStatus;
pub use oadr::OadrSignedObjectChoice as Message;
pub use payload::{Received, decode, encode};
pub use target::{DEVICE_CLASSES, Target, is_device_class};
