//! What the tests share: a certificate authority, an in-memory network, servers, raw bytes.
#![allow(clippy::unwrap_used)]
#![allow(dead_code)] // Each test program uses its part.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use oadr_certs::dev::{Ca, KeyKind, Role, Subject, Validity};
use oadr_certs::{Identity, Roots};
use oadr_transport::{
    Answer, Client, ClientLimits, ClientSecurity, Clock, Connect, Handler, Limits, Listen, Meters,
    Server, ServerSecurity, SystemClock, Url,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// A certificate authority with one VTN and two VENs.
pub struct Pki {
    pub ca: Ca,
    pub vtn: Identity,
    pub ven: Identity,
    pub other: Identity,
}

pub fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| {
        let ca = Ca::ecc(Validity::days(SystemClock.now(), 30)).unwrap();
        let issue = |role, name| ca.issue(role, name, KeyKind::Ecc, &hosts()).unwrap();
        Pki {
            vtn: issue(Role::Vtn, "vtn"),
            ven: issue(Role::Ven, "ven"),
            other: issue(Role::Ven, "other"),
            ca,
        }
    })
}

impl Pki {
    pub fn roots(&self) -> Roots {
        self.ca.roots()
    }

    /// A VTN or VEN whose certificate ran out yesterday.
    pub fn expired(&self, role: Role) -> Identity {
        let day = jiff::SignedDuration::from_hours(24);
        let yesterday = SystemClock.now() - day;
        let validity = Validity { not_before: yesterday - day, not_after: yesterday };
        let subject = Subject { role, name: "expired".into(), key: KeyKind::Ecc, hosts: hosts() };
        self.ca.issue_for(&subject, validity).unwrap()
    }
}

fn hosts() -> Vec<String> {
    vec!["localhost".into(), "127.0.0.1".into()]
}

/// A network in memory, so that paused time is exact.
pub struct Memory(mpsc::UnboundedReceiver<(DuplexStream, SocketAddr)>);

#[derive(Clone)]
pub struct Dial {
    to: mpsc::UnboundedSender<(DuplexStream, SocketAddr)>,
    from: SocketAddr,
    buffer: usize,
}

pub fn memory() -> (Memory, Dial) {
    let (to, from) = mpsc::unbounded_channel();
    (Memory(from), Dial { to, from: "192.0.2.1:1".parse().unwrap(), buffer: 64 * 1024 })
}

impl Listen for Memory {
    type Stream = DuplexStream;

    async fn accept(&mut self) -> io::Result<(DuplexStream, SocketAddr)> {
        match self.0.recv().await {
            Some(accepted) => Ok(accepted),
            None => std::future::pending().await,
        }
    }
}

impl Dial {
    pub fn from(&self, address: &str) -> Self {
        Self { from: address.parse().unwrap(), ..self.clone() }
    }

    pub fn buffer(&self, buffer: usize) -> Self {
        Self { buffer, ..self.clone() }
    }

    pub fn open(&self) -> io::Result<DuplexStream> {
        let (near, far) = duplex(self.buffer);
        let refused = |_| io::Error::from(io::ErrorKind::ConnectionRefused);
        self.to.send((far, self.from)).map_err(refused)?;
        Ok(near)
    }

    /// A connection after the simulation's preface, as `identity`.
    pub async fn shaken(&self, identity: &Identity) -> DuplexStream {
        let mut stream = self.open().unwrap();
        let der = &identity.chain[0];
        stream.write_all(b"oadr-sim").await.unwrap();
        stream.write_u16(der.len() as u16).await.unwrap();
        stream.write_all(der).await.unwrap();
        let mut start = [0; 8];
        stream.read_exact(&mut start).await.unwrap();
        let length = stream.read_u16().await.unwrap();
        let mut theirs = vec![0; usize::from(length)];
        stream.read_exact(&mut theirs).await.unwrap();
        stream
    }
}

impl Connect for Dial {
    type Stream = DuplexStream;

    async fn connect(&self, _: &str, _: u16) -> io::Result<DuplexStream> {
        self.open()
    }
}

/// A server that runs until told to stop.
pub struct Running {
    pub meters: Arc<Meters>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<usize>,
}

impl Running {
    pub fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    /// How many connections had to be cut off.
    pub async fn stopped(self) -> usize {
        self.task.await.unwrap()
    }
}

pub fn serve(
    handler: impl Handler,
    limits: Limits,
    listener: impl Listen + 'static,
    security: ServerSecurity,
) -> Running {
    let server = Server::new(Arc::new(handler), limits, Arc::new(SystemClock));
    run(server, listener, security)
}

pub fn run(server: Server, listener: impl Listen + 'static, security: ServerSecurity) -> Running {
    let (stop, stopped) = oneshot::channel();
    let meters = server.meters();
    let shutdown = async {
        let _ = stopped.await;
    };
    let task = tokio::spawn(async move { server.serve(listener, security, shutdown).await });
    Running { meters, stop: Some(stop), task }
}

/// A server on an in-memory network.
pub fn simulated(handler: impl Handler, limits: Limits) -> (Running, Dial) {
    let (listener, dial) = memory();
    (serve(handler, limits, listener, vtn_security()), dial)
}

pub fn vtn_security() -> ServerSecurity {
    ServerSecurity::for_simulation(&pki().vtn.chain[0])
}

pub fn simulated_client(dial: &Dial, identity: &Identity, limits: ClientLimits) -> Client {
    let security = ClientSecurity::for_simulation(&identity.chain[0]);
    Client::new(dial.clone(), security, limits, Arc::new(SystemClock))
}

/// Answers with what it was sent.
pub fn echo() -> impl Handler {
    |_, request: oadr_transport::Received| async move { Answer::ok(request.body) }
}

/// Answers after a while.
pub fn slow(time: Duration) -> impl Handler {
    move |_, request: oadr_transport::Received| async move {
        tokio::time::sleep(time).await;
        Answer::ok(request.body)
    }
}

pub fn url(text: &str) -> Url {
    text.parse().unwrap()
}

pub fn service() -> Url {
    url("http://vtn/OpenADR2/Simple/2.0b/OadrPoll")
}

pub const GOOD: &str = "POST /OpenADR2/Simple/2.0b/OadrPoll HTTP/1.1\r\nHost: vtn\r\n\
    Content-Type: application/xml\r\nContent-Length: 4\r\n\r\n<a/>";

/// An answer as it came.
#[derive(Debug, PartialEq)]
pub struct Raw {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Raw {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Reads one answer, which must have an exact Content-Length.
pub async fn answer(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> Option<Raw> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return None,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut raw = Raw { status, head, body: Vec::new() };
    assert_eq!(raw.header("transfer-encoding"), None);
    let length: usize = raw.header("content-length").unwrap().parse().unwrap();
    raw.body = vec![0; length];
    stream.read_exact(&mut raw.body).await.unwrap();
    Some(raw)
}

/// Sends bytes on a fresh connection; gives what is answered, and whether the connection lives:
/// whether a good request on it is answered too.
pub async fn exchange(dial: &Dial, bytes: &str) -> (Option<Raw>, bool) {
    let mut stream = dial.shaken(&pki().ven).await;
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let first = answer(&mut stream).await;
    let _ = stream.write_all(GOOD.as_bytes()).await;
    let second = answer(&mut stream).await;
    (first, second.is_some_and(|answer| answer.status == 200))
}

pub async fn within<T>(time: Duration, what: impl Future<Output = T>) -> T {
    tokio::time::timeout(time, what).await.expect("in time")
}
