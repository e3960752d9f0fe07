//! The proof: black-box scenarios by rule number against anyone's VTN or VEN.
//! OpenADR 2.0b Profile, section 11; OASIS Energy Interoperation 1.0.
//!
//! | module | what |
//! |---|---|
//! | [`scenario`], [`catalogue`] | what a scenario is; all there are |
//! | [`vtn`], [`ven`], [`transactive`] | the scenarios, and the kit's own parties that play them |
//! | [`rules`] | what each rule asks, in our words |
//! | [`stage`], [`pace`], [`lab`] | what every scenario is given: checks, time, certificates |
//! | [`hook`] | the subject's operator (docs/hooks.md) |
//! | [`wire`], [`record`] | HTTP and TLS seen bare; the evidence |
//! | [`xmpp`] | XMPP streams, as client and as server |
//! | [`base`], [`xsd`] | what holds for every document, by our eyes and by the schema files |
//! | [`say`], [`sign`] | messages that the kit sends; XML signatures, by `xmlsec1` |
//! | [`run`], [`verdict`], [`report`], [`gaps`] | a run, what is said of it, and how it is shown |
//! | [`watch`] | who watches a run, and may cut it short |
//! | [`chaos`] | a VTN that misbehaves on purpose, for authors of VENs |

pub mod base;
pub mod catalogue;
pub mod chaos;
mod course;
pub mod gaps;
pub mod hook;
pub mod lab;
pub mod pace;
pub mod record;
pub mod report;
pub mod rules;
pub mod run;
pub mod say;
pub mod scenario;
pub mod sign;
pub mod stage;
pub mod transactive;
pub mod ven;
pub mod verdict;
pub mod vtn;
pub mod watch;
pub mod wire;
pub mod xmpp;
pub mod xsd;
