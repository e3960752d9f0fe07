//! The envelope: messages as the bodies of requests and answers.
//!
//! OpenADR payloads travel in oadrPayload (OpenADR 2.0b Profile, section 10.6.3), EI payloads bare.
//! A [`Channel`] sends a request and returns the reply its pairing promises.

use std::fmt;

use bytes::Bytes;
use oadr_certs::Thumbprint;
use oadr_schemas::exchange::{Reply as _, Request, Service};
use oadr_schemas::openadr::Message as OpenAdr;
use oadr_schemas::xml::{self, Limits};
use oadr_schemas::{ei, openadr};

use crate::client::Client;
use crate::error::{Error, Retry};
use crate::paths::{BaseUrl, Family};

/// A family of messages, as bytes and back.
pub trait Body: Sized + Send {
    /// Under which path it travels.
    const FAMILY: Family;

    /// The document.
    fn write(self) -> String;

    /// The message in a document.
    ///
    /// # Errors
    /// What the gate or the schema refuses.
    fn read(bytes: &[u8], limits: &Limits) -> Result<Self, xml::Error>;

    /// The payload's element name.
    fn element(&self) -> &'static str;
}

impl Body for OpenAdr {
    const FAMILY: Family = Family::OpenAdr;

    fn write(self) -> String {
        openadr::encode(self, None)
    }

    fn read(bytes: &[u8], limits: &Limits) -> Result<Self, xml::Error> {
        openadr::decode(bytes, limits).map(|received| received.message)
    }

    fn element(&self) -> &'static str {
        self.name()
    }
}

impl Body for ei::Message {
    const FAMILY: Family = Family::Ei;

    fn write(self) -> String {
        xml::encode_any(&self)
    }

    fn read(bytes: &[u8], limits: &Limits) -> Result<Self, xml::Error> {
        xml::decode_any(bytes, limits)
    }

    fn element(&self) -> &'static str {
        "an EI payload"
    }
}

/// One peer: where it lives, how to reach it, and, once known, which certificate it must show.
#[derive(Clone)]
pub struct Channel {
    client: Client,
    base: BaseUrl,
    pinned: Option<Thumbprint>,
    limits: Limits,
}

impl Channel {
    /// A channel to the party at `base`. With `pinned`, an answer under any other certificate is
    /// refused unread.
    pub fn new(client: Client, base: BaseUrl, pinned: Option<Thumbprint>) -> Self {
        Self { client, base, pinned, limits: Limits::reports() }
    }

    /// Sends a request and returns the reply its pairing promises.
    ///
    /// # Errors
    /// [`Failure`] tells what went wrong and whether to ask again.
    pub async fn send<R>(&self, request: R) -> Result<R::Reply, Failure<R::Message>>
    where
        R: Request,
        R::Message: Body,
    {
        let body = self.exchange(R::PAIRING.service, request.into()).await?;
        let wanted = R::PAIRING.reply.unwrap_or("an empty body");
        R::Reply::from_body(body).map_err(|found| Failure::Unexpected { wanted, found })
    }

    /// Posts a message to a service and returns whatever comes back.
    ///
    /// # Errors
    /// As [`Channel::send`], but any payload is taken.
    pub async fn exchange<M: Body>(
        &self,
        service: Service,
        message: M,
    ) -> Result<Option<M>, Failure<M>> {
        let url = self.base.service(M::FAMILY, service.name()).map_err(Failure::Transport)?;
        let reply = self.client.post(&url, message.write()).await.map_err(Failure::Transport)?;
        if self.pinned.is_some_and(|pinned| pinned != reply.peer.thumbprint) {
            return Err(Failure::AnotherPeer(reply.peer.thumbprint));
        }
        if reply.body.is_empty() {
            return Ok(None);
        }
        M::read(&reply.body, &self.limits)
            .map(Some)
            .map_err(|why| Failure::Malformed(why, reply.body))
    }

    /// The peer's base address.
    pub fn base(&self) -> &BaseUrl {
        &self.base
    }
}

/// Why a request has no usable reply.
#[derive(Debug)]
pub enum Failure<M> {
    /// Nothing usable came over HTTP.
    Transport(Error),
    /// The answer came under another certificate than the one this peer is known by.
    AnotherPeer(Thumbprint),
    /// The answer is not what the schema says; the body is kept for the record.
    Malformed(xml::Error, Bytes),
    /// The answer is well-formed and is another payload than the pairing promises; often an
    /// oadrResponse that tells an error.
    Unexpected {
        /// The element that was promised.
        wanted: &'static str,
        /// What came; `None` for an empty body.
        found: Option<M>,
    },
}

impl<M> Failure<M> {
    /// Whether the same request may be sent again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Transport(error) => error.retry(),
            // The peer may have acted and may be mended; all operations are idempotent.
            Self::AnotherPeer(_) | Self::Malformed(..) => Retry::BackOff,
            Self::Unexpected { .. } => Retry::No,
        }
    }
}

impl<M: Body> fmt::Display for Failure<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => write!(f, "{error}"),
            Self::AnotherPeer(thumbprint) => {
                write!(
                    f,
                    "answered under a certificate unknown here ({})",
                    thumbprint.fingerprint()
                )
            }
            Self::Malformed(error, _) => write!(f, "the answer is not valid: {error}"),
            Self::Unexpected { wanted, found: Some(found) } => {
                write!(f, "answered with {} instead of {wanted}", found.element())
            }
            Self::Unexpected { wanted, found: None } => {
                write!(f, "answered with an empty body instead of {wanted}")
            }
        }
    }
}

impl<M: Body + fmt::Debug> std::error::Error for Failure<M> {}
