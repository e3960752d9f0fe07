//! The kit as a client: requests over one kept connection, or over a fresh one.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::BufReader;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use super::http::{self, Message, Side};

/// Where a party listens: from an address such as `https://host:port/prefix/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Host name or address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// From slash to slash.
    pub prefix: String,
}

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// Nobody listens there, or the way is cut.
    Connect(String),
    /// The handshake ended.
    Tls(String),
    /// The connection ended before an answer, or what came is no HTTP.
    Broken(String),
    /// Nothing came in time.
    Late,
}

/// A client of one server.
pub struct Caller {
    address: Address,
    config: Arc<ClientConfig>,
    kept: Option<BufReader<TlsStream<TcpStream>>>,
    peer: Option<Vec<u8>>,
    /// How long an exchange may take, of the machine's time.
    pub patience: Duration,
}

impl Address {
    /// Reads `https://host(:port)/(prefix/)`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(url: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("{url:?} {what}; write https://host:port/prefix/");
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let rest = rest.ok_or_else(|| wrong("is no address"))?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => {
                (host, port.parse().map_err(|_| wrong("has no port number"))?)
            }
            _ => (authority, 443),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err(wrong("names no host"));
        }
        let path = path.trim_matches('/');
        let prefix = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        Ok(Self { host, port, prefix })
    }

    /// For the Host header.
    pub fn authority(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

impl Caller {
    /// A client of the party at `address`.
    pub fn new(address: Address, config: Arc<ClientConfig>) -> Self {
        Self { address, config, kept: None, peer: None, patience: PATIENCE }
    }

    /// Where it calls.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// A POST of XML to a path, as the profile wants it.
    pub fn post(&self, path: &str, body: Vec<u8>) -> Message {
        Message::new(format!("POST {path} HTTP/1.1"))
            .header("Host", self.address.authority())
            .header("Content-Type", "application/xml")
            .header("Accept", "application/xml")
            .with_body(body)
    }

    /// Sends a request and reads its answer. A kept connection that turns out closed before a
    /// byte of the answer is made anew, once.
    ///
    /// # Errors
    /// [`NoAnswer`].
    pub async fn call(&mut self, request: &Message) -> Result<Message, NoAnswer> {
        let patience = self.patience;
        let call = async {
            if let Some(kept) = self.kept.take()
                && let Some(answer) = self.exchange(kept, request).await?
            {
                return Ok(answer);
            }
            let fresh = self.connect().await?;
            let shown = fresh.get_ref().get_ref().1.peer_certificates().and_then(<[_]>::first);
            self.peer = shown.map(|der| der.to_vec());
            let answer = self.exchange(fresh, request).await?;
            answer.ok_or_else(|| NoAnswer::Broken("hung up without an answer".to_owned()))
        };
        tokio::time::timeout(patience, call).await.unwrap_or(Err(NoAnswer::Late))
    }

    /// The certificate, DER, that the server showed at the last handshake.
    pub fn peer(&self) -> &[u8] {
        self.peer.as_deref().unwrap_or_default()
    }

    /// Lets go of the connection.
    pub fn hang_up(&mut self) {
        self.kept = None;
    }

    /// A connection through its handshake, and not used yet.
    ///
    /// # Errors
    /// [`NoAnswer::Connect`], [`NoAnswer::Tls`].
    pub async fn connect(&self) -> Result<BufReader<TlsStream<TcpStream>>, NoAnswer> {
        let Address { host, port, .. } = &self.address;
        let stream = TcpStream::connect((host.as_str(), *port)).await;
        let stream = stream.map_err(|error| NoAnswer::Connect(error.to_string()))?;
        let _ = stream.set_nodelay(true);
        let name = ServerName::try_from(host.clone());
        let name = name.map_err(|error| NoAnswer::Connect(error.to_string()))?;
        let connector = TlsConnector::from(Arc::clone(&self.config));
        let stream = connector.connect(name, stream).await;
        Ok(BufReader::new(stream.map_err(|error| NoAnswer::Tls(error.to_string()))?))
    }

    /// `None` if the stream ends before an answer begins.
    async fn exchange(
        &mut self,
        mut stream: BufReader<TlsStream<TcpStream>>,
        request: &Message,
    ) -> Result<Option<Message>, NoAnswer> {
        if http::write(&mut stream, request).await.is_err() {
            return Ok(None);
        }
        let answer = match http::read(&mut stream, Side::Answer).await {
            Ok(Some(answer)) => answer,
            Ok(None) => return Ok(None),
            Err(error) if is_gone(&error) => return Ok(None),
            // With TLS 1.3 a server that refuses our certificate says so after the handshake.
            Err(error) if error.to_string().contains("alert") => {
                return Err(NoAnswer::Tls(error.to_string()));
            }
            Err(error) => return Err(NoAnswer::Broken(error.to_string())),
        };
        let ends = answer.framing == http::Framing::Close
            || answer.get("Connection").is_some_and(|how| how.eq_ignore_ascii_case("close"));
        if !ends {
            self.kept = Some(stream);
        }
        Ok(Some(answer))
    }
}

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Connect(why) => write!(f, "no connection: {why}"),
            Self::Tls(why) => write!(f, "the TLS handshake ended: {why}"),
            Self::Broken(why) => write!(f, "no answer: {why}"),
            Self::Late => f.write_str("no answer in time"),
        }
    }
}

fn is_gone(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_host_port_and_prefix() {
        let read = |url| Address::parse(url).map(|a| (a.authority(), a.prefix));
        assert_eq!(read("https://vtn:8443/p"), Ok(("vtn:8443".into(), "/p/".into())));
        assert_eq!(read("https://vtn/"), Ok(("vtn:443".into(), "/".into())));
        assert_eq!(read("https://[::1]:8443/"), Ok(("[::1]:8443".into(), "/".into())));
        assert!(read("vtn:8443").is_err());
        assert!(read("https://vtn:port/").is_err());
    }
}
