//! Calls the operator's API: one connection and one request a call, as the `vtn` commands need.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{ACCEPT, CONTENT_TYPE, HOST, IF_MATCH};
use axum::http::response::Parts as Head;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use oadr_certs::tls::{
    ClientOptions, ClientSettings, NameCheck, Pin, TimeSource, client_config_with,
};
use oadr_certs::{Identity, Roots};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::{TlsConnector, rustls};

use super::config::{ClientConfig, Print};
use super::problem::Problem;
use crate::control::RequestKey;
use crate::record::Version;

/// A caller of the operator's API.
#[derive(Clone)]
pub struct Client {
    tls: Arc<rustls::ClientConfig>,
    host: String,
    port: u16,
}

/// A request in the making.
#[derive(Clone, Debug)]
pub struct Call {
    method: Method,
    target: String,
    body: Option<Value>,
    headers: HeaderMap,
}

impl Call {
    /// A request to a path of segments under `/api/v1`, each of which is escaped.
    #[must_use]
    pub fn new(method: Method, segments: &[&str]) -> Self {
        let target: String = segments.iter().map(|one| format!("/{}", escaped(one))).collect();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, JSON);
        // Without a body as well: the door wants it of whatever may change something.
        headers.insert(CONTENT_TYPE, JSON);
        Self { method, target: format!("/api/v1{target}"), body: None, headers }
    }

    /// The request for the API's own description.
    #[must_use]
    pub fn describe() -> Self {
        Self::at("/api/openapi.json")
    }

    /// The request for what is measured.
    #[must_use]
    pub fn metrics() -> Self {
        Self::at("/metrics")
    }

    /// The question whether VENs are served; refused if they are not.
    #[must_use]
    pub fn ready() -> Self {
        Self::at("/readyz")
    }

    fn at(path: &str) -> Self {
        Self { target: path.to_owned(), ..Self::new(Method::GET, &[]) }
    }

    /// The same with one more field in the query.
    #[must_use]
    pub fn ask(mut self, name: &str, value: &str) -> Self {
        self.target.push(if self.target.contains('?') { '&' } else { '?' });
        self.target += &format!("{}={}", escaped(name), escaped(value));
        self
    }

    /// The same with a JSON body.
    #[must_use]
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The same, wanting CSV.
    #[must_use]
    pub fn csv(mut self) -> Self {
        self.headers.insert(ACCEPT, HeaderValue::from_static("text/csv"));
        self
    }

    /// The same, only if the event stands at this version.
    #[must_use]
    pub fn if_match(mut self, version: Version) -> Self {
        // Digits, a letter and quotes: it is always a header's value.
        let value = HeaderValue::try_from(format!("\"{version}\"")).ok();
        self.headers.extend(value.map(|value| (IF_MATCH, value)));
        self
    }

    /// The same under a name of ours: repeated under it, it is done once.
    #[must_use]
    pub fn once(mut self, key: &RequestKey) -> Self {
        // Visible ASCII and quotes: it is always a header's value.
        let value = HeaderValue::try_from(format!("\"{key}\"")).ok();
        self.headers.extend(value.map(|value| (IDEMPOTENCY_KEY, value)));
        self
    }

    /// The same with another header, or without it.
    #[cfg(test)]
    pub(super) fn header(mut self, name: &'static str, value: Option<&'static str>) -> Self {
        match value {
            Some(value) => self.headers.insert(name, HeaderValue::from_static(value)),
            None => self.headers.remove(name),
        };
        self
    }
}

impl Client {
    /// A caller with these files. With a pin the name in the VTN's certificate is not looked at.
    ///
    /// # Errors
    /// [`CallError::Config`] with the mend.
    pub fn new(config: &ClientConfig) -> Result<Self, CallError> {
        Self::with_time(config, None)
    }

    /// As [`new`](Self::new), with a clock for handshakes; `None`: the system's.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_time(config: &ClientConfig, time: Option<TimeSource>) -> Result<Self, CallError> {
        let wrong = |error: oadr_certs::Error| CallError::Config(error.to_string());
        let identity = Identity::from_pem_files(&config.certificate, &config.key).map_err(wrong)?;
        let roots = Roots::from_pem_files(&config.ca).map_err(wrong)?;
        let mut settings = ClientSettings::new(identity, roots);
        if let Some(print) = config.pin {
            settings.names = NameCheck::PinOnly;
            settings.server_pin = Some(match print {
                Print::Short(print) => Pin::Fingerprint(print),
                Print::Whole(print) => Pin::Thumbprint(print),
            });
        }
        let (host, port) = host_and_port(&config.url)?;
        let options = ClientOptions { time, ..ClientOptions::default() };
        Ok(Self { tls: client_config_with(settings, options).map_err(wrong)?, host, port })
    }

    /// Calls and reads JSON; `null` for an answer without a body.
    ///
    /// # Errors
    /// [`CallError::Refused`] with what the VTN says; [`CallError::Unreachable`];
    /// [`CallError::Broken`].
    pub async fn json(&self, call: Call) -> Result<Value, CallError> {
        let body = self.bytes(call).await?;
        if body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&body).map_err(|error| CallError::Broken(error.to_string()))
    }

    /// Calls and reads the body as it is.
    ///
    /// # Errors
    /// As [`json`](Self::json).
    pub async fn bytes(&self, call: Call) -> Result<Bytes, CallError> {
        let (head, body) = self.whole(call).await?;
        let status = head.status;
        if status.is_success() {
            return Ok(body);
        }
        let mut problem: Problem = serde_json::from_slice(&body)
            .map_err(|_| CallError::Broken(format!("HTTP status {status}, not our JSON")))?;
        problem.status = status.as_u16();
        Err(CallError::Refused(problem))
    }

    /// Calls and reads the answer with its head, whatever its status.
    pub(super) async fn whole(&self, call: Call) -> Result<(Head, Bytes), CallError> {
        let exchange = tokio::time::timeout(PATIENCE, self.exchange(call));
        exchange.await.map_err(|_| self.unreachable("no answer in time"))?
    }

    async fn exchange(&self, call: Call) -> Result<(Head, Bytes), CallError> {
        let stream = tokio::time::timeout(CONNECT, self.connect())
            .await
            .map_err(|_| self.unreachable("connecting took too long"))??;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| self.lost(&error))?;
        let connection = tokio::spawn(connection);
        let authority = format!("{}:{}", self.host, self.port);
        let body = call.body.map_or_else(Bytes::new, |value| value.to_string().into());
        let request = hyper::Request::builder()
            .method(call.method)
            .uri(call.target)
            .header(HOST, authority)
            .body(Full::new(body));
        let mut request = request.map_err(|error| CallError::Config(error.to_string()))?;
        request.headers_mut().extend(call.headers);
        let answer = sender.send_request(request).await.map_err(|error| self.lost(&error))?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, LONGEST).collect().await;
        connection.abort();
        let body = body.map_err(|error| CallError::Broken(error.to_string()))?;
        Ok((head, body.to_bytes()))
    }

    pub(super) async fn connect(&self) -> Result<TlsStream<TcpStream>, CallError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await;
        let stream = stream.map_err(|error| self.unreachable(&error.to_string()))?;
        let name = ServerName::try_from(self.host.clone())
            .map_err(|error| CallError::Config(format!("{}: {error}", self.host)))?;
        let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await;
        stream.map_err(|error| self.lost(&error))
    }

    /// The connection broke: if by TLS, its words say why.
    fn lost(&self, error: &(dyn std::error::Error + 'static)) -> CallError {
        let mut told = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            told = inner.to_string();
            source = inner.source();
        }
        let alert = told.contains("alert") || told.contains("certificate");
        let hint = if alert { "; certs check tells which step fails" } else { "" };
        self.unreachable(&format!("{told}{hint}"))
    }

    fn unreachable(&self, why: &str) -> CallError {
        CallError::Unreachable(format!("https://{}:{}: {why}", self.host, self.port))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("host", &self.host).finish_non_exhaustive()
    }
}

/// Why a call came to nothing.
#[derive(Debug)]
pub enum CallError {
    /// Files, addresses: ours to mend.
    Config(String),
    /// Nobody there, or nobody who takes our certificate.
    Unreachable(String),
    /// The VTN says no.
    Refused(Problem),
    /// The answer cannot be read: not this API.
    Broken(String),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(what) => f.write_str(what),
            Self::Unreachable(what) => write!(f, "cannot reach the VTN at {what}"),
            Self::Refused(problem) => {
                write!(f, "refused ({}): {}", problem.code, problem.message)?;
                if let Some(field) = &problem.field {
                    write!(f, " [at {field}]")?;
                }
                match problem.rule {
                    Some(rule) => write!(f, " [OpenADR 2.0b, rule {rule}]"),
                    None => Ok(()),
                }
            }
            Self::Broken(what) => write!(f, "not an answer of a VTN: {what}"),
        }
    }
}

impl std::error::Error for CallError {}

fn host_and_port(url: &str) -> Result<(String, u16), CallError> {
    let wrong = || CallError::Config(format!("{url:?} is not https://HOST[:PORT]"));
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let plain = uri.query().is_none() && uri.path() == "/";
    if uri.scheme_str() != Some("https") || !plain {
        return Err(wrong());
    }
    let host = uri.host().ok_or_else(wrong)?.trim_matches(['[', ']']);
    Ok((host.to_owned(), uri.port_u16().unwrap_or(443)))
}

/// RFC 3986: everything but unreserved characters in percent form.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const CONNECT: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(300);
/// Bytes of an answer.
const LONGEST: usize = 64 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_place_in_a_path() {
        let call = Call::new(Method::GET, &["vens", "../a b/ü"]).ask("rid", "x&y=1");
        assert_eq!(call.target, "/api/v1/vens/..%2Fa%20b%2F%C3%BC?rid=x%26y%3D1");
    }

    #[test]
    fn an_address_is_https_without_a_path() {
        assert_eq!(host_and_port("https://localhost:8444").unwrap(), ("localhost".into(), 8444));
        assert_eq!(host_and_port("https://[::1]/").unwrap(), ("::1".into(), 443));
        assert!(host_and_port("http://localhost").is_err());
        assert!(host_and_port("https://localhost/api").is_err());
    }
}
