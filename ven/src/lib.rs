//! The end node: an OpenADR 2.0b VEN over HTTP PULL or PUSH with the EI 1.0 transactive services.
//!
//! A [`Ven`] stands between one VTN (through a [`Link`]) and one site (through the
//! [`Prosumer`](oadr_platform::Prosumer) hook). All it knows is in its store, written before
//! anybody is told: it may be killed at any instant and goes on from there. Time comes from a
//! [`Clock`](oadr_transport::Clock), so that a day may pass in minutes.
//!
//! | file | what |
//! |---|---|
//! | [`Ven`] | open, [`step`](Ven::step) (all that is due), [`run`](Ven::run) |
//! | [`Handle`] | what people may ask while it runs: opt out, opt back in |
//! | [`Settings`] | what a deployment decides |
//! | [`Link`] | the way to the VTN: [`Wire`] over TLS, a script in tests |
//! | [`Ear`] | what the VTN posts, if the VEN registers for push |
//! | [`Status`] | what it is doing, for people |
//! | `service/` | one file for each EI service, as in the VTN |

mod bell;
pub mod cli;
mod context;
mod error;
mod handle;
mod link;
mod outbox;
mod pauses;
mod push;
mod service;
mod settings;
mod status;
mod tables;
mod uri;
mod ven;
mod wire;

pub use error::Error;
pub use handle::Handle;
pub use link::{About, Link, Silence};
pub use push::{Ear, IsVtn};
pub use settings::{Leniency, Settings};
pub use status::{EventView, InForceView, ReportView, Status, TenderView, TradeView};
pub use ven::{Surroundings, Ven, Wake};
pub use wire::Wire;
