//! The `openssl` program, for what no library of today makes: short keys, certificates of
//! version 1, the cipher suites of rule 67.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use crate::verdict::{Stop, inconclusive};

/// Workshops so far: no two share a folder.
static OPENED: AtomicUsize = AtomicUsize::new(0);

/// A folder for keys and certificates, gone with the value.
pub struct Workshop {
    folder: PathBuf,
    /// The authority's folder.
    authority: PathBuf,
}

/// An oddity of a server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// None: RSA of 2048 bits, X.509v3.
    Nothing,
    /// RSA of 1024 bits.
    ShortKey,
    /// X.509v1.
    VersionOne,
}

/// A TLS server that understands no HTTP.
pub struct Server {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Workshop {
    /// Beside other folders for such things; `authority` holds the keys of an authority.
    ///
    /// # Errors
    /// Skip, if there is no `openssl` or no authority's key.
    pub async fn open(authority: &Path, name: &str) -> Result<Self, Stop> {
        if run(&["version"]).await.is_err() {
            return Err(Stop::Skip("there is no program openssl".to_owned()));
        }
        if !authority.join("rsa-vtn-ca.key").exists() {
            return Err(Stop::Skip("--certs holds no authority's key".to_owned()));
        }
        let (process, number) = (std::process::id(), OPENED.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(format!("{name}-{process}-{number}"));
        std::fs::create_dir_all(&folder).map_err(|e| Stop::Inconclusive(e.to_string()))?;
        Ok(Self { folder, authority: authority.to_owned() })
    }

    /// A server's certificate; gives the files of certificate and key.
    ///
    /// # Errors
    /// Inconclusive, if openssl does not make it.
    pub async fn certificate(
        &self,
        oddity: Oddity,
        host: &str,
    ) -> Result<(PathBuf, PathBuf), Stop> {
        let file = |end: &str| self.folder.join(format!("{oddity:?}.{end}"));
        let (key, request, ext, cert) = (file("key"), file("csr"), file("cnf"), file("pem"));
        let bits = if oddity == Oddity::ShortKey { "1024" } else { "2048" };
        run(&["genrsa", "-out", &text(&key), bits]).await?;
        let subject = format!("/O=Conformance/CN={host}");
        let new = ["req", "-new", "-sha256", "-key"];
        run(&[&new[..], &[&text(&key), "-subj", &subject, "-out", &text(&request)]].concat())
            .await?;
        let kind = if host.parse::<std::net::IpAddr>().is_ok() { "IP" } else { "DNS" };
        let extensions = format!(
            "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n\
             extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName={kind}:{host}\n"
        );
        std::fs::write(&ext, extensions).map_err(|e| Stop::Inconclusive(e.to_string()))?;
        let (ca, ca_key) = (self.ca("pem"), self.ca("key"));
        let (request, cert_text, ext) = (text(&request), text(&cert), text(&ext));
        let mut sign = vec!["x509", "-req", "-sha256", "-days", "2", "-set_serial", "4711"];
        sign.extend(["-in", &request, "-CA", &ca, "-CAkey", &ca_key, "-out", &cert_text]);
        if oddity != Oddity::VersionOne {
            sign.extend(["-extfile", &ext]);
        }
        run(&sign).await?;
        let shown = run(&["x509", "-in", &cert_text, "-noout", "-text"]).await?;
        if shown.contains("Version: 1 ") != (oddity == Oddity::VersionOne) {
            return inconclusive("this openssl makes no certificates of version 1");
        }
        Ok((cert, key))
    }

    /// Opens a server with a certificate, at a free port of an address.
    ///
    /// # Errors
    /// Inconclusive, if it does not run.
    pub async fn serve(
        &self,
        (cert, key): &(PathBuf, PathBuf),
        listen: std::net::IpAddr,
    ) -> Result<(Server, u16), Stop> {
        let port = free_port(listen)?;
        let at = SocketAddr::new(listen, port).to_string();
        let (cert, key, chain) = (text(cert), text(key), self.chain());
        let roots = text(&self.authority.join("roots.pem"));
        let args = [
            "s_server",
            "-accept",
            &at,
            "-cert",
            &cert,
            "-key",
            &key,
            "-cert_chain",
            &chain,
            "-CAfile",
            &roots,
            "-verify",
            "3",
            "-state",
            "-cipher",
            "ALL:@SECLEVEL=0",
        ];
        Ok((Server::start(&args).await?, port))
    }

    /// Who issued the certificates, to be shown beside them.
    pub fn chain(&self) -> String {
        self.ca("pem")
    }

    fn ca(&self, end: &str) -> String {
        text(&self.authority.join(format!("rsa-vtn-ca.{end}")))
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // Nobody needs the keys any more; if they cannot be removed they are worth nothing.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Server {
    /// Starts `openssl` with these arguments and waits until it accepts connections.
    ///
    /// # Errors
    /// Inconclusive, if it does not.
    pub async fn start(args: &[&str]) -> Result<Self, Stop> {
        let mut child = command(args)
            // Held open: s_server ends with its input.
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| Stop::Inconclusive(format!("openssl: {error}")))?;
        let said: Arc<Mutex<String>> = Arc::default();
        let streams = (child.stdout.take(), child.stderr.take());
        if let (Some(stdout), Some(stderr)) = streams {
            tokio::spawn(listen(stdout, said.clone()));
            tokio::spawn(listen(stderr, said.clone()));
        }
        let server = Self { child, said };
        for _ in 0..100 {
            if server.said().contains("ACCEPT") {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        inconclusive(format!("openssl does not serve: {}", server.said()))
    }

    /// All it printed.
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether somebody began a handshake.
    pub fn was_called(&self) -> bool {
        self.said().contains("SSL_accept")
    }

    /// Whether somebody sent a request.
    pub fn was_asked(&self) -> bool {
        self.said().contains("POST /") || self.said().contains("GET /")
    }

    /// Ends it.
    pub async fn end(mut self) {
        let _ = self.child.kill().await;
    }
}

/// What openssl prints.
///
/// # Errors
/// Inconclusive with what it says, if it fails or takes long.
pub async fn run(args: &[&str]) -> Result<String, Stop> {
    let output = command(args).stdin(Stdio::null()).output();
    let output = match tokio::time::timeout(Duration::from_secs(20), output).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return inconclusive(format!("openssl: {error}")),
        Err(_) => return inconclusive(format!("openssl {} takes too long", args[0])),
    };
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    if output.status.success() { Ok(said) } else { inconclusive(format!("openssl: {said}")) }
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new("openssl");
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

async fn listen<R: tokio::io::AsyncRead + Unpin>(mut stream: R, said: Arc<Mutex<String>>) {
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut bytes).await {
        let text = String::from_utf8_lossy(&bytes[..count]);
        said.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
    }
}

/// A port that is free now.
///
/// # Errors
/// Inconclusive, if there is none.
pub fn free_port(listen: std::net::IpAddr) -> Result<u16, Stop> {
    let free = std::net::TcpListener::bind((listen, 0)).and_then(|free| free.local_addr());
    free.map(|free| free.port()).map_err(|error| Stop::Inconclusive(error.to_string()))
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
