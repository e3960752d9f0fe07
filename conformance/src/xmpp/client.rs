//! A client: its login, and stanzas to and fro. OpenADR 2.0b Profile 9.3; RFC 6120, 5 to 8.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncWriteExt as _, BufReader, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use super::reader::Reader;
use super::{BIND, PING, SASL, Stanza, TLS, escape, header, result};

/// How a client logs in.
#[derive(Clone)]
pub struct Login {
    /// `host:port`.
    pub server: String,
    /// The domain of all JIDs there, and the name in the server's certificate.
    pub domain: String,
    /// The user name: the certificate's common name.
    pub user: String,
    /// The resource: what makes the JID a full one.
    pub resource: String,
    /// With the client's certificate.
    pub config: Arc<ClientConfig>,
    /// Whether pings are answered.
    pub answers_pings: bool,
}

/// A client that is logged in.
pub struct Client {
    /// Its full JID.
    pub jid: String,
    /// The server's domain.
    pub domain: String,
    writer: Writer,
    inbox: mpsc::UnboundedReceiver<Stanza>,
    held: VecDeque<Stanza>,
    count: usize,
    task: JoinHandle<()>,
}

type Writer = Arc<Mutex<WriteHalf<TlsStream<TcpStream>>>>;

impl Login {
    /// Logs in.
    ///
    /// # Errors
    /// At which step, and why.
    pub async fn enter(&self) -> Result<Client, String> {
        tokio::time::timeout(PATIENCE, self.steps())
            .await
            .unwrap_or_else(|_| Err("the login does not come to its end".to_owned()))
    }

    async fn steps(&self) -> Result<Client, String> {
        let said = |error: std::io::Error| error.to_string();
        let plain = TcpStream::connect(&self.server).await.map_err(said)?;
        let mut plain = BufReader::new(plain);
        let hello = header(&format!("to='{}'", escape(&self.domain)));
        plain.write_all(hello.as_bytes()).await.map_err(said)?;
        let mut reader = Reader::new(plain);
        reader.header().await.map_err(said)?;
        expect(&mut reader, "STARTTLS", |one| one.has(TLS, "starttls")).await?;
        let mut plain = reader.into_inner();
        plain.write_all(format!("<starttls xmlns='{TLS}'/>").as_bytes()).await.map_err(said)?;
        let mut reader = Reader::new(plain);
        expect(&mut reader, "proceed", |one| one.has(TLS, "proceed")).await?;
        let name = ServerName::try_from(self.domain.clone()).map_err(|error| error.to_string())?;
        let stream = TlsConnector::from(Arc::clone(&self.config))
            .connect(name, reader.into_inner().into_inner())
            .await
            .map_err(|error| format!("TLS: {error}"))?;
        let (read, mut write) = tokio::io::split(stream);
        let mut reader = Reader::new(BufReader::new(read));
        self.authenticate(&mut reader, &mut write, &hello).await?;
        write.write_all(hello.as_bytes()).await.map_err(said)?;
        reader.header().await.map_err(said)?;
        expect(&mut reader, "bind", |one| one.has(BIND, "bind")).await?;
        let resource = escape(&self.resource);
        let bind = format!(
            "<iq type='set' id='bind'><bind xmlns='{BIND}'><resource>{resource}</resource></bind></iq>"
        );
        write.write_all(bind.as_bytes()).await.map_err(said)?;
        let bound = expect(&mut reader, "a bound JID", |one| one.is_iq("result")).await?;
        let jid = bound.text_of(BIND, "jid").unwrap_or_default();
        Ok(self.client(jid, reader, write))
    }

    async fn authenticate(
        &self,
        reader: &mut Reader<BufReader<ReadHalf<TlsStream<TcpStream>>>>,
        write: &mut WriteHalf<TlsStream<TcpStream>>,
        hello: &str,
    ) -> Result<(), String> {
        let said = |error: std::io::Error| error.to_string();
        write.write_all(hello.as_bytes()).await.map_err(said)?;
        reader.header().await.map_err(said)?;
        let external = |one: &Stanza| one.text.contains(">EXTERNAL<");
        expect(reader, "SASL EXTERNAL", external).await?;
        let name = STANDARD.encode(format!("{}@{}", self.user, self.domain));
        let auth = format!("<auth xmlns='{SASL}' mechanism='EXTERNAL'>{name}</auth>");
        write.write_all(auth.as_bytes()).await.map_err(said)?;
        expect(reader, "success", |one| one.has(SASL, "success")).await.map(|_| ())
    }

    fn client(
        &self,
        jid: String,
        reader: Reader<BufReader<ReadHalf<TlsStream<TcpStream>>>>,
        write: WriteHalf<TlsStream<TcpStream>>,
    ) -> Client {
        let writer = Arc::new(Mutex::new(write));
        let (into, inbox) = mpsc::unbounded_channel();
        let task = tokio::spawn(listen(reader, Arc::clone(&writer), into, self.answers_pings));
        let domain = self.domain.clone();
        Client { jid, domain, writer, inbox, held: VecDeque::new(), count: 0, task }
    }
}

/// The next child of the stream, which must be what is hoped for.
async fn expect<R: tokio::io::AsyncBufRead + Unpin>(
    reader: &mut Reader<R>,
    what: &str,
    holds: impl Fn(&Stanza) -> bool,
) -> Result<Stanza, String> {
    match reader.stanza().await {
        Ok(Some(stanza)) if holds(&stanza) => Ok(stanza),
        Ok(Some(stanza)) => Err(format!("{what} is not offered: {}", stanza.text)),
        Ok(None) => Err(format!("the stream ends before {what}")),
        Err(error) => Err(format!("{what}: {error}")),
    }
}

/// Answers pings as they come, and hands on the rest.
async fn listen(
    mut reader: Reader<BufReader<ReadHalf<TlsStream<TcpStream>>>>,
    writer: Writer,
    into: mpsc::UnboundedSender<Stanza>,
    answers_pings: bool,
) {
    while let Ok(Some(stanza)) = reader.stanza().await {
        if stanza.is_iq("get") && stanza.has(PING, "ping") {
            if answers_pings {
                let answer = result(&stanza, "");
                let _ = writer.lock().await.write_all(answer.as_bytes()).await;
            }
        } else if into.send(stanza).is_err() {
            return;
        }
    }
}

impl Client {
    /// Sends a stanza.
    ///
    /// # Errors
    /// Those of the stream.
    pub async fn send(&self, stanza: &str) -> Result<(), String> {
        let mut writer = self.writer.lock().await;
        writer.write_all(stanza.as_bytes()).await.map_err(|error| error.to_string())?;
        writer.flush().await.map_err(|error| error.to_string())
    }

    /// Sends an iq and waits for what answers it.
    ///
    /// # Errors
    /// If nothing does.
    pub async fn ask(&mut self, to: &str, kind: &str, payload: &str) -> Result<Stanza, String> {
        self.count += 1;
        let id = format!("kit-{}", self.count);
        let payload = match payload.find("?>") {
            Some(at) if payload.starts_with("<?xml") => &payload[at + 2..],
            _ => payload,
        };
        let to = escape(to);
        self.send(&format!("<iq type='{kind}' id='{id}' to='{to}'>{payload}</iq>")).await?;
        let wait = async {
            while let Some(stanza) = self.inbox.recv().await {
                let answers = stanza.is_iq("result") || stanza.is_iq("error");
                if answers && stanza.get("id") == id {
                    return Ok(stanza);
                }
                self.held.push_back(stanza);
            }
            Err("the stream ended".to_owned())
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| Err("no answer".to_owned()))
    }

    /// Takes leave, as the Profile wants it: presence first. What cannot be sent is not missed.
    pub async fn leave(self) {
        let _ = self.send("<presence type='unavailable'/></stream:stream>").await;
    }

    /// The next stanza that answers nothing, if one comes so soon, of the machine's time.
    pub async fn next(&mut self, within: Duration) -> Option<Stanza> {
        if let Some(held) = self.held.pop_front() {
            return Some(held);
        }
        tokio::time::timeout(within, self.inbox.recv()).await.ok().flatten()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const PATIENCE: Duration = Duration::from_secs(10);
