//! A server of one domain: logins by certificate, and a host that meets what guests say.
//! OpenADR 2.0b Profile 9.3; RFC 6120, 5 to 8.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oadr_certs::PeerCertificate;
use oadr_transport::net::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use super::reader::Reader;
use super::{BIND, SASL, Stanza, TLS, escape, header};

/// A client that is logged in.
#[derive(Clone, Debug)]
pub struct Guest {
    /// Its certificate.
    pub peer: Arc<PeerCertificate>,
    /// The name it gave at SASL; empty: it left it to the certificate.
    pub name: String,
    /// The resource it asked for; empty: it left it to the server.
    pub resource: String,
    /// Its full JID.
    pub jid: String,
    out: mpsc::UnboundedSender<String>,
}

impl Guest {
    /// Sends it a stanza; false if it is gone.
    pub fn send(&self, stanza: String) -> bool {
        self.out.send(stanza).is_ok()
    }
}

/// Why a login came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The client does what a rule forbids.
    Rule(String),
    /// The connection ended, or what came is no XMPP.
    Broken(String),
}

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self::Broken(why)
    }
}

/// Who meets guests.
pub trait Host: Send + Sync + 'static {
    /// A login has come to nothing.
    fn refused(&self, why: Refusal);
    /// A guest has come.
    fn came(&self, guest: &Guest);
    /// A guest has said something: what answers it.
    fn heard<'a>(&'a self, guest: &'a Guest, stanza: Stanza) -> BoxFuture<'a, Vec<String>>;
    /// A guest has gone.
    fn left(&self, guest: &Guest);
}

/// A server that runs until it is dropped.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves a domain.
    ///
    /// # Errors
    /// Those of the listener.
    pub async fn open(
        listener: TcpListener,
        config: Arc<ServerConfig>,
        domain: String,
        host: Arc<dyn Host>,
    ) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                        let (config, domain) = (Arc::clone(&config), domain.clone());
                        let host = Arc::clone(&host);
                        connections.spawn(async move {
                            if let Err(why) = serve(stream, config, &domain, &*host).await {
                                host.refused(why);
                            }
                        });
                    },
                    Some(_) = connections.join_next() => {}
                }
            }
        });
        Ok(Self { address, task })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    domain: &str,
    host: &dyn Host,
) -> Result<(), Refusal> {
    let said = |error: std::io::Error| error.to_string();
    let mut plain = Stream::new(stream);
    plain.begin(domain, &format!("<starttls xmlns='{TLS}'><required/></starttls>")).await?;
    let asked = plain.next().await?;
    if !asked.has(TLS, "starttls") {
        return Err(Refusal::Rule(format!("{} before STARTTLS", asked.name())));
    }
    plain.say(&format!("<proceed xmlns='{TLS}'/>")).await?;
    let stream = TlsAcceptor::from(config).accept(plain.into_inner()).await.map_err(said)?;
    let der = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
    let Some(Ok(peer)) = der.map(|der| PeerCertificate::from_der(der)) else {
        return Err(Refusal::Rule("no certificate that can be read".to_owned()));
    };
    let mut stream = Stream::new(stream);
    let name = authenticate(&mut stream, domain, &peer).await?;
    stream.begin(domain, &format!("<bind xmlns='{BIND}'/>")).await?;
    let asked = stream.next().await?;
    if !asked.is_iq("set") || !asked.has(BIND, "bind") {
        return Err(Refusal::Rule(format!("{} before a resource is bound", asked.name())));
    }
    let resource = asked.text_of(BIND, "resource").unwrap_or_default();
    let chosen = if resource.is_empty() { "server" } else { &resource };
    let user = peer.common_name.clone().unwrap_or_default();
    let jid = format!("{user}@{domain}/{chosen}");
    let bound = format!("<bind xmlns='{BIND}'><jid>{}</jid></bind>", escape(&jid));
    let (out, mut queue) = mpsc::unbounded_channel();
    let guest = Guest { peer: Arc::new(peer), name, resource, jid, out };
    // Known before it knows it, so that nothing it does can come before.
    host.came(&guest);
    let told = stream.say(&super::result(&asked, &bound)).await;
    if told.is_ok() {
        converse(stream, &guest, host, &mut queue).await;
    }
    host.left(&guest);
    Ok(told?)
}

/// The name that was given, once it is seen to be that of the certificate (rule 515).
async fn authenticate<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut Stream<S>,
    domain: &str,
    peer: &PeerCertificate,
) -> Result<String, Refusal> {
    let offer = format!("<mechanisms xmlns='{SASL}'><mechanism>EXTERNAL</mechanism></mechanisms>");
    stream.begin(domain, &offer).await?;
    let asked = stream.next().await?;
    let fail = |condition: &str| format!("<failure xmlns='{SASL}'><{condition}/></failure>");
    if !asked.has(SASL, "auth") || asked.get("mechanism") != "EXTERNAL" {
        stream.say(&fail("invalid-mechanism")).await?;
        let what = format!("{} {:?} in place of EXTERNAL", asked.name(), asked.get("mechanism"));
        return Err(Refusal::Rule(what));
    }
    let coded = asked.text_of(SASL, "auth").unwrap_or_default();
    let name = match coded.trim() {
        "" | "=" => String::new(),
        coded => STANDARD.decode(coded).map_or_else(
            |_| "what is not Base64".to_owned(),
            |bytes| String::from_utf8_lossy(&bytes).into_owned(),
        ),
    };
    let common = peer.common_name.clone().unwrap_or_default();
    if !name.is_empty() && name != common && name != format!("{common}@{domain}") {
        stream.say(&fail("invalid-authzid")).await?;
        let what = format!("the name {name:?} under a certificate of {common:?}");
        return Err(Refusal::Rule(what));
    }
    stream.say(&format!("<success xmlns='{SASL}'/>")).await?;
    Ok(name)
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: Stream<S>,
    guest: &Guest,
    host: &dyn Host,
    queue: &mut mpsc::UnboundedReceiver<String>,
) {
    let (read, mut write) = tokio::io::split(stream.into_inner());
    let (into, mut inbox) = mpsc::unbounded_channel();
    // A stanza that is half read must not be lost because something is to be written.
    let mut reader = Reader::new(BufReader::new(read));
    let reading = async move {
        while let Ok(Some(stanza)) = reader.stanza().await {
            if into.send(stanza).is_err() {
                break;
            }
        }
    };
    let writing = async {
        loop {
            let stanzas = tokio::select! {
                Some(stanza) = queue.recv() => vec![stanza],
                heard = inbox.recv() => match heard {
                    Some(stanza) => host.heard(guest, stanza).await,
                    None => return,
                },
            };
            for stanza in stanzas {
                if write.write_all(stanza.as_bytes()).await.is_err() {
                    return;
                }
            }
            let _ = write.flush().await;
        }
    };
    tokio::join!(reading, writing);
}

/// One side of a stream during login.
struct Stream<S>(Reader<BufStream<S>>);

impl<S: AsyncRead + AsyncWrite + Unpin> Stream<S> {
    fn new(stream: S) -> Self {
        Self(Reader::new(BufStream::new(stream)))
    }

    fn into_inner(self) -> S {
        self.0.into_inner().into_inner()
    }

    /// Meets the first tag of a stream with ours, and with what is offered.
    async fn begin(&mut self, domain: &str, features: &str) -> Result<(), String> {
        self.0.header().await.map_err(|error| error.to_string())?;
        let header = header(&format!("from='{}' id='kit'", escape(domain)));
        self.say(&format!("{header}<stream:features>{features}</stream:features>")).await
    }

    async fn next(&mut self) -> Result<Stanza, String> {
        let next = self.0.stanza().await.map_err(|error| error.to_string())?;
        next.ok_or_else(|| "the stream ends during login".to_owned())
    }

    async fn say(&mut self, text: &str) -> Result<(), String> {
        let stream = self.0.get_mut();
        stream.write_all(text.as_bytes()).await.map_err(|error| error.to_string())?;
        stream.flush().await.map_err(|error| error.to_string())
    }
}
