//! The wire, seen bare: HTTP/1.1 as bytes over TLS, so that what a subject really writes can be
//! judged and what no library would write can be sent. OpenADR 2.0b Profile 9.1, 9.2.
//!
//! A library would mend, join, time out and repeat by itself; here nothing is hidden. Everything
//! is bounded in length and in real time.

pub mod client;
pub mod http;
pub mod openssl;
pub mod server;

use tokio::io::{AsyncRead, AsyncWrite};

/// A connected stream.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}
