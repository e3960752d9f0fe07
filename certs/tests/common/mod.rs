//! What the tests share: an authority made once, a TLS server in a thread, openssl as a stranger.
// Every test file uses a part of it, and a test may unwrap.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_certs::tls::{self, ServerSettings};
use oadr_certs::{Identity, Roots, files};
use rustls::{ClientConfig, ClientConnection, ServerConfig, ServerConnection, Stream};
use rustls_pki_types::ServerName;

/// Made once for a test program: RSA keys take a while. Valid at any time a test runs.
pub static CA: LazyLock<Ca> = LazyLock::new(|| Ca::new(wide()).unwrap());

pub fn wide() -> Validity {
    Validity { not_before: at("2001-01-01T00:00:00Z"), not_after: at("2099-01-01T00:00:00Z") }
}

/// A validity that was over before any test ran.
pub fn past() -> Validity {
    Validity { not_before: at("2001-01-01T00:00:00Z"), not_after: at("2002-01-01T00:00:00Z") }
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn hosts() -> Vec<String> {
    vec!["localhost".to_owned(), "127.0.0.1".to_owned()]
}

pub fn vtn(key: KeyKind) -> Identity {
    CA.issue(Role::Vtn, "vtn", key, &hosts()).unwrap()
}

pub fn ven(key: KeyKind) -> Identity {
    CA.issue(Role::Ven, "ven", key, &[]).unwrap()
}

pub fn vtn_settings() -> ServerSettings {
    let identities = vec![vtn(KeyKind::Ecc), vtn(KeyKind::Rsa)];
    ServerSettings { identities, roots: CA.roots(), crls: Vec::new() }
}

/// A server that answers every line with one line about its peer, until the test ends.
pub struct Server {
    pub addr: SocketAddr,
    /// What became of each connection: the line sent or the error.
    pub outcomes: Receiver<Result<String, String>>,
}

impl Server {
    pub fn start(config: Arc<ServerConfig>) -> Self {
        Self::start_with(move || config.clone())
    }

    /// Asks for the settings anew for each connection, as a program with reload does.
    pub fn start_with(current: impl Fn() -> Arc<ServerConfig> + Send + 'static) -> Self {
        Self::answering(current, |about| format!("{about}\n"))
    }

    /// Answers with what `answer` makes of the line about the peer.
    pub fn answering(
        current: impl Fn() -> Arc<ServerConfig> + Send + 'static,
        answer: impl Fn(&str) -> String + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let (tell, outcomes) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let outcome = serve(stream.unwrap(), current(), &answer);
                if tell.send(outcome.map_err(|e| e.to_string())).is_err() {
                    return;
                }
            }
        });
        Self { addr, outcomes }
    }

    pub fn outcome(&self) -> Result<String, String> {
        self.outcomes.recv_timeout(Duration::from_secs(20)).expect("no connection was handled")
    }
}

fn serve(
    mut tcp: TcpStream,
    config: Arc<ServerConfig>,
    answer: &impl Fn(&str) -> String,
) -> std::io::Result<String> {
    tcp.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut conn = ServerConnection::new(config).unwrap();
    while conn.is_handshaking() {
        if let Err(e) = conn.complete_io(&mut tcp) {
            // Let the alert out before the socket closes.
            let _ = conn.write_tls(&mut tcp);
            return Err(e);
        }
    }
    let mut line = [0; 1024];
    let mut stream = Stream::new(&mut conn, &mut tcp);
    let _ = stream.read(&mut line)?;
    let peer = tls::peer(&conn, at("2026-01-01T00:00:00Z")).map_err(std::io::Error::other)?;
    let kind = conn.handshake_kind().unwrap();
    let version = conn.protocol_version().unwrap();
    let answer = answer(&format!("{version:?} {kind:?} {}", peer.fingerprint()));
    conn.writer().write_all(answer.as_bytes())?;
    conn.send_close_notify();
    conn.complete_io(&mut tcp)?;
    Ok(answer)
}

/// Connects with rustls, says a line and gives the answer and the server's leaf.
pub fn call(addr: SocketAddr, config: &Arc<ClientConfig>, name: &str) -> Result<Answer, String> {
    call_saying("hello\n", addr, config, name)
}

/// As [`call`], with a line of one's own.
pub fn call_saying(
    line: &str,
    addr: SocketAddr,
    config: &Arc<ClientConfig>,
    name: &str,
) -> Result<Answer, String> {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let mut conn = ClientConnection::new(config.clone(), name).unwrap();
    let mut tcp = TcpStream::connect(addr).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut stream = Stream::new(&mut conn, &mut tcp);
    let mut text = String::new();
    stream.write_all(line.as_bytes()).map_err(|e| e.to_string())?;
    stream.read_to_string(&mut text).map_err(|e| e.to_string())?;
    let leaf = conn.peer_certificates().unwrap()[0].to_vec();
    Ok(Answer { text, leaf })
}

#[derive(Debug)]
pub struct Answer {
    pub text: String,
    pub leaf: Vec<u8>,
}

/// Whether openssl is here; if not, says loudly that a test did not run.
pub fn openssl_is_here(test: &str) -> bool {
    let here = Command::new("openssl").arg("version").output().is_ok_and(|o| o.status.success());
    if !here {
        eprintln!("SKIPPED {test}: the program openssl is not installed");
    }
    here
}

/// Runs openssl with `input` and gives what it printed on both channels, and whether it was
/// content.
pub fn openssl(args: &[&str], input: &[u8]) -> (bool, String) {
    let mut child = Command::new("openssl")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end before it reads everything.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

/// An identity in files: leaf, chain without it, key.
pub struct Saved {
    pub leaf: PathBuf,
    pub chain: PathBuf,
    pub key: PathBuf,
}

pub fn save(identity: &Identity, dir: &Path, name: &str) -> Saved {
    let path = |end: &str| dir.join(format!("{name}.{end}"));
    let pem = |ders: &[_]| -> String {
        ders.iter()
            .map(|der: &rustls_pki_types::CertificateDer| files::pem("CERTIFICATE", der))
            .collect()
    };
    let saved = Saved { leaf: path("pem"), chain: path("chain.pem"), key: path("key") };
    identity.save(&saved.leaf, &saved.key, true).unwrap();
    std::fs::write(&saved.chain, pem(&identity.chain[1..])).unwrap();
    saved
}

pub fn save_roots(roots: &Roots, path: &Path) {
    let text: String = roots.ders().iter().map(|der| files::pem("CERTIFICATE", der)).collect();
    std::fs::write(path, text).unwrap();
}

/// openssl s_server on a port of its own, until dropped.
pub struct SServer {
    child: std::process::Child,
    pub addr: SocketAddr,
}

impl SServer {
    pub fn start(own: &Saved, extra: &[&str]) -> Self {
        // A port that was free a moment ago; openssl cannot be asked which one it took.
        let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new("openssl")
            .args(["s_server", "-quiet", "-accept", &addr.port().to_string(), "-Verify", "3"])
            .args(["-cert", own.leaf.to_str().unwrap(), "-key", own.key.to_str().unwrap()])
            .args(["-cert_chain", own.chain.to_str().unwrap()])
            .args(extra)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { child, addr };
        let up = (0..200).any(|_| {
            thread::sleep(Duration::from_millis(50));
            TcpStream::connect(addr).is_ok()
        });
        assert!(up, "openssl s_server did not start");
        server
    }
}

impl Drop for SServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
