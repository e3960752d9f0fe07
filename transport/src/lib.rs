//! How it travels: HTTP/1.1 over mutual TLS, server and client, moving opaque XML bodies.
//!
//! OpenADR 2.0b Profile 9.1 and 9.2 ("simple HTTP"), rules 53, 511, 516 and 517; the same binding
//! carries the EI 1.0 services. Nothing here knows a role, an event or a message: bytes come in
//! with the certificate of whoever sent them, bytes go out.
//!
//! | file | what |
//! |---|---|
//! | [`server`] | [`Server`], [`Handler`]: limits, slow clients, status codes, shutdown |
//! | [`client`] | [`Client`]: one POST, one [`Reply`] or an [`Error`] that says whether to [`Retry`] |
//! | [`security`] | TLS on both ends, or the simulation's preface; who the peer is |
//! | [`envelope`] | messages as bodies: [`Channel`] sends a request, returns its reply |
//! | [`net`], [`clock`] | sockets, time and randomness given from outside |
//! | [`paths`], [`uri`] | endpoint paths and RFC 3986 normalisation |
//! | [`backoff`] | how long to quiesce |

pub mod backoff;
pub mod client;
pub mod clock;
mod coding;
pub mod envelope;
pub mod error;
pub mod net;
pub mod paths;
pub mod security;
pub mod server;
mod strict;
pub mod uri;

pub use backoff::Backoff;
pub use client::{Client, ClientLimits, Reply};
pub use clock::{Clock, ManualClock, OffsetClock, SystemClock};
pub use envelope::{Body, Channel, Failure};
pub use error::{Error, Retry, TlsFailure};
pub use net::{Connect, Listen, Random, TcpConnect};
pub use paths::{BaseUrl, Family, Url};
pub use security::{ClientSecurity, ServerSecurity};
pub use server::{Answer, Handler, Limits, Meters, Observed, Peer, Received, Server};
