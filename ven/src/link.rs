//! The way to the VTN, as the VEN sees it. One for TLS ([`Wire`](crate::Wire)), one for tests.

use std::fmt;

use oadr_schemas::exchange::Service;
use oadr_schemas::{ei, openadr};
use oadr_transport::Retry;
use oadr_transport::net::BoxFuture;

/// Posts a message to a service of the VTN and brings back what comes.
pub trait Link: Send + Sync {
    /// An OpenADR 2.0b message; `None` is an empty body.
    ///
    /// # Errors
    /// [`Silence`]: nothing usable came back.
    fn openadr(
        &self,
        service: Service,
        message: openadr::Message,
    ) -> BoxFuture<'_, Result<Option<openadr::Message>, Silence>>;

    /// An EI 1.0 message; `None` is an empty body.
    ///
    /// # Errors
    /// [`Silence`]: nothing usable came back.
    fn ei(
        &self,
        service: Service,
        message: ei::Message,
    ) -> BoxFuture<'_, Result<Option<ei::Message>, Silence>>;
}

/// How much a [`Silence`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The VTN, or the way to it: nothing else is worth sending for a while.
    Link,
    /// The one message: the VTN is there, and made nothing of it.
    Message,
}

/// Nothing usable came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Whether, and when, the same message may be sent again.
    pub retry: Retry,
    /// What fell silent.
    pub about: About,
    /// What happened, for people.
    pub detail: String,
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}
