//! The top node: a VTN for OpenADR 2.0b and OASIS Energy Interoperation 1.0, as a library.
//!
//! [`Vtn::open`] makes one over a store; it is a transport [`Handler`](oadr_transport::Handler)
//! for its VENs and offers its operator the functions in [`control`].
//!
//! | module | holds |
//! |---|---|
//! | [`settings`] | the protocol part of `vtn.toml` |
//! | [`record`] | what is remembered, in plain structs: parties, events, opts, reports |
//! | [`control`] | the operator's side: enrol, create events, ask for reports, read answers |
//! | [`audit`] | the append-only log of what operators and VENs did |
//! | [`explain`] | why a VEN did or did not get, answer or follow an event |
//! | [`operator`] | the operator's API over HTTPS, `vtn.toml`, the start of the whole |
//! | `party` | certificate → party; who may say what |
//! | `certificates` | VENs' certificates by when they end |
//! | `dispatch` | one line per message |
//! | `service` | one file per service: rule, record, hook, reply |
//! | [`trade`] | the trading side: behind the EI 1.0 services |
//! | `outbox` | what waits for a VEN |
//! | [`push`] | what waits is posted to VENs that do not poll |
//! | `metrics`, `heard`, `probe` | what a monitor is told: counters, gauges, whether the store can be written |
//! | [`error`] | the one table from error to response code and HTTP status |

mod account;
pub mod audit;
mod certificates;
mod context;
pub mod control;
mod dispatch;
mod dispatch_ei;
pub mod error;
mod event;
pub mod explain;
pub mod hooks;
mod ids;
mod market_context;
mod metrics;
mod online;
pub mod operator;
mod opting;
mod outbox;
mod party;
mod probe;
pub mod push;
pub mod record;
mod recurrence;
mod refusal;
mod refused;
mod report;
mod service;
pub mod settings;
mod tables;
mod trace;
pub mod trade;
pub mod unit;
mod vtn;
mod watch;

pub use certificates::VenCertificate;
pub use error::Error;
pub use hooks::Hooks;
pub use refused::{Refused, Side, Stranger};
pub use settings::Settings;
pub use vtn::Vtn;
pub use watch::Counters;
