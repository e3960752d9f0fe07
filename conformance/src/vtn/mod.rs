//! A VTN under test: the kit plays VENs. One file a service, named as everywhere.

mod enter;
mod late;
mod party;
mod play;

pub mod base;
pub mod event;
pub mod opt;
pub mod opt_event;
pub mod poll;
pub mod push;
pub mod register_party;
pub mod report;
pub mod report_own;
pub mod report_receive;
pub mod signature;
pub mod tls;
pub mod wire;
pub mod xmpp;

pub use late::{has_code, is_told};
pub use party::Party;
pub use play::{Reply, VtnPlay};
