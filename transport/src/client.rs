//! The client: one POST, one answer. OpenADR 2.0b Profile 9.1 ("simple HTTP"), for a VEN and for a
//! VTN that pushes.
//!
//! It does not repeat anything by itself; [`Error::retry`] says whether the caller may.
//!
//! A named leniency: answers without Content-Length or in chunks (against Profile 9.1, as some
//! frameworks send them) are read up to [`ClientLimits::max_body`].

mod connector;
mod failure;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER,
};
use hyper::{Method, Request, Response};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use jiff::Timestamp;
use oadr_certs::PeerCertificate;

use crate::clock::Clock;
use crate::coding::{Coding, Undecodable};
use crate::error::Error;
use crate::net::Connect;
use crate::paths::Url;
use crate::security::ClientSecurity;
use crate::server::is_xml;
use connector::Connector;

/// The limits of a [`Client`]. All times are real (or simulated) monotonic time.
#[derive(Clone, Debug)]
pub struct ClientLimits {
    /// For a whole exchange, connecting included; at least 5 s (Profile 9.1). Default 30 s.
    pub timeout: Duration,
    /// For TCP and TLS. Default 10 s.
    pub connect_timeout: Duration,
    /// An answer's length in bytes, before and after decompression. Default 1 MiB.
    pub max_body: usize,
    /// Idle connections kept for each peer. Default 2.
    pub max_idle: usize,
    /// How long they are kept; shorter than the peer keeps them, or requests meet a closing
    /// connection. Default 60 s.
    pub idle_timeout: Duration,
    /// Whether to ask for compressed answers. Default no.
    pub compression: bool,
}

/// A 200 answer and who gave it.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The body, decompressed, not looked at; it may be empty.
    pub body: Bytes,
    /// The certificate the peer proved to hold.
    pub peer: Arc<PeerCertificate>,
}

/// Sends requests, to any number of peers, over connections that it keeps alive. Cheap to clone;
/// clones share the connections.
#[derive(Clone)]
pub struct Client {
    connector: Connector,
    limits: ClientLimits,
    clock: Arc<dyn Clock>,
    pool: Arc<Mutex<Pool>>,
}

type Pool = HyperClient<Connector, Full<Bytes>>;

impl Client {
    /// A client. The clock tells when peers' certificates expire.
    pub fn new(
        connect: impl Connect,
        security: ClientSecurity,
        limits: ClientLimits,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let limits = ClientLimits { timeout: limits.timeout.max(SHORTEST), ..limits };
        let (connect, wait) = (Arc::new(connect), limits.connect_timeout);
        let connector = Connector::new(connect, security, wait, Arc::clone(&clock));
        let pool = Arc::new(Mutex::new(pool(&connector, &limits)));
        Self { connector, limits, clock, pool }
    }

    /// Sends `body` (XML in UTF-8) and returns the body of the 200 answer.
    ///
    /// # Errors
    /// Everything else; see [`Error`], and [`Error::retry`] for what to do about it.
    pub async fn post(&self, url: &Url, body: impl Into<Bytes>) -> Result<Reply, Error> {
        let secure = url.uri().scheme_str() == Some("https");
        if self.connector.is_tls() && !secure {
            return Err(Error::Address(format!("{url} is not https")));
        }
        let request = self.request(url, body.into())?;
        let exchange = self.exchange(request);
        tokio::time::timeout(self.limits.timeout, exchange)
            .await
            .unwrap_or(Err(Error::Timeout(self.limits.timeout)))
    }

    /// Forgets the connections: new ones use the certificates of now. Requests under way end.
    pub fn reconnect(&self) {
        self.connector.forget_expiry();
        *self.pool.lock().unwrap_or_else(PoisonError::into_inner) =
            pool(&self.connector, &self.limits);
    }

    fn request(&self, url: &Url, body: Bytes) -> Result<Request<Full<Bytes>>, Error> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(url.uri().clone())
            .header(CONTENT_TYPE, XML)
            .header(ACCEPT, XML);
        if self.limits.compression {
            request = request.header(ACCEPT_ENCODING, "gzip, deflate");
        }
        // Host and Content-Length are hyper's to add.
        request.body(Full::new(body)).map_err(|error| Error::Address(error.to_string()))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Reply, Error> {
        let now = self.clock.now();
        if self.connector.some_peer_expired(now) {
            // Rule 516: kept connections may lead to a peer that has expired since.
            self.reconnect();
        }
        let pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let response =
            pool.request(request).await.map_err(|error| failure::of(&error, &self.limits))?;
        let peer = response.extensions().get::<Arc<PeerCertificate>>().cloned();
        let peer = peer.ok_or_else(|| Error::Malformed("from nobody".to_owned()))?;
        self.reply(response, peer, now).await
    }

    async fn reply(
        &self,
        response: Response<Incoming>,
        peer: Arc<PeerCertificate>,
        now: Timestamp,
    ) -> Result<Reply, Error> {
        let (head, body) = response.into_parts();
        let status = head.status.as_u16();
        if status != 200 {
            let retry_after = retry_after(&head.headers, now);
            // Its body is undefined: a short one is read so that the connection can be kept.
            let _ = collected(body, self.limits.max_body.min(SCRAP)).await;
            return Err(Error::Status { status, retry_after });
        }
        let body = collected(body, self.limits.max_body).await?;
        let kind = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        // Nothing has no type: a PUSH VEN takes events with an empty 200 (rule 51).
        if !body.is_empty() && !kind.is_some_and(is_xml) {
            return Err(Error::Malformed(format!("content type {}", kind.unwrap_or("missing"))));
        }
        Ok(Reply { body: self.decoded(&head.headers, body)?, peer })
    }

    fn decoded(&self, headers: &HeaderMap, body: Bytes) -> Result<Bytes, Error> {
        let name = match headers.get(CONTENT_ENCODING).map(HeaderValue::to_str) {
            None => return Ok(body),
            Some(Ok(name)) if name.eq_ignore_ascii_case("identity") => return Ok(body),
            Some(name) => name.unwrap_or("?"),
        };
        let coding = Coding::named(name).filter(|_| self.limits.compression);
        let coding = coding.ok_or_else(|| Error::Malformed(format!("content coding {name}")))?;
        match coding.decode(&body, self.limits.max_body) {
            Ok(body) => Ok(body.into()),
            Err(Undecodable::TooLarge) => Err(Error::TooLarge(self.limits.max_body)),
            Err(Undecodable::Broken) => Err(Error::Malformed(format!("broken {name}"))),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_body: 1024 * 1024,
            max_idle: 2,
            idle_timeout: Duration::from_secs(60),
            compression: false,
        }
    }
}

fn pool(connector: &Connector, limits: &ClientLimits) -> Pool {
    HyperClient::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(limits.idle_timeout)
        .pool_max_idle_per_host(limits.max_idle)
        .http1_max_headers(64)
        .http1_max_buf_size(64 * 1024)
        .build(connector.clone())
}

async fn collected(mut body: Incoming, limit: usize) -> Result<Bytes, Error> {
    if body.size_hint().lower() > limit as u64 {
        return Err(Error::TooLarge(limit));
    }
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| failure::of_body(&error))?;
        if let Ok(data) = frame.into_data() {
            if whole.len() + data.len() > limit {
                return Err(Error::TooLarge(limit));
            }
            whole.extend_from_slice(&data);
        }
    }
    Ok(whole.freeze())
}

/// Retry-After in either form, at most a day: a peer shall not silence us for good.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let time = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let parser = jiff::fmt::rfc2822::DateTimeParser::new();
            let when = parser.parse_timestamp(text).ok()?;
            Duration::try_from(when.duration_since(now)).unwrap_or(Duration::ZERO)
        }
    };
    Some(time.min(LONGEST_AWAY))
}

const XML: &str = "application/xml";
const SHORTEST: Duration = Duration::from_secs(5);
const LONGEST_AWAY: Duration = Duration::from_secs(24 * 3600);
const SCRAP: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date() {
        let now = "2026-06-01T12:00:00Z".parse().unwrap();
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers, now).map(|time| time.as_secs())
        };
        assert_eq!(read("120"), Some(120));
        assert_eq!(read("Mon, 01 Jun 2026 12:01:30 GMT"), Some(90));
        assert_eq!(read("Mon, 01 Jun 2026 11:00:00 GMT"), Some(0));
        assert_eq!(read("99999999999"), Some(24 * 3600));
        assert_eq!(read("-1"), None);
        assert_eq!(read("soon"), None);
    }

    #[test]
    fn the_time_out_is_never_below_five_seconds() {
        let limits = ClientLimits { timeout: Duration::from_secs(1), ..Default::default() };
        let clock = Arc::new(crate::clock::SystemClock);
        let security = ClientSecurity::for_simulation(&[]);
        let client = Client::new(crate::net::TcpConnect, security, limits, clock);
        assert_eq!(client.limits.timeout, Duration::from_secs(5));
    }
}
