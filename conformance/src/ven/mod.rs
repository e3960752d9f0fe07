//! A VEN under test: the kit plays the VTN, for pull and for push. One file a service.

mod answer;
mod enrol;
mod hear;
mod knock;
mod meet;
mod openssl;
mod play;
mod said;
mod side;
mod top;

pub mod base;
pub mod event;
pub mod event_site;
pub mod opt;
pub mod poll;
pub mod register_party;
pub mod report;
pub mod report_data;
pub mod signature;
pub mod tls;
pub mod wire;
pub mod xmpp;

pub use play::{Model, VenPlay};
pub use top::{Heard, PREFIX, Registered, Scripted, Top, VTN_ID};
