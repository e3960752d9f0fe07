//! The kit as a server: every request goes to one function, which may also misbehave.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use oadr_certs::PeerCertificate;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::server::Acceptor;

use super::http::{self, Message, Side};

/// What came in.
#[derive(Clone, Debug)]
pub struct Request {
    /// As it was written.
    pub message: Message,
    /// The certificate of whoever sent it.
    pub peer: Arc<PeerCertificate>,
}

/// How a request is met.
#[derive(Clone, Debug)]
pub enum Reaction {
    /// With an answer.
    Answer(Message),
    /// With an answer a byte at a time, so long between them.
    Slowly(Message, Duration),
    /// With the end of the connection.
    HangUp,
}

/// What is known of a handshake, whether it came to its end or not.
#[derive(Clone, Debug, Default)]
pub struct Handshake {
    /// The cipher suites offered, by their numbers.
    pub suites: Vec<u16>,
    /// Why it came to nothing; `None` if it did not.
    pub trouble: Option<String>,
}

/// A server that runs until it is dropped.
pub struct Door {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Door {
    /// Opens a door; `meet` meets every request, `greeted` hears of every handshake.
    ///
    /// # Errors
    /// Those of the listener.
    pub async fn open<M, F>(
        listen: SocketAddr,
        config: Arc<ServerConfig>,
        meet: M,
        greeted: impl Fn(Handshake) + Clone + Send + Sync + 'static,
    ) -> std::io::Result<Self>
    where
        M: Fn(Request) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Reaction> + Send + 'static,
    {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                        let config = Arc::clone(&config);
                        connections.spawn(serve(stream, config, meet.clone(), greeted.clone()));
                    },
                    Some(_) = connections.join_next() => {}
                }
            }
        });
        Ok(Self { address, task })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve<M, F>(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    meet: M,
    greeted: impl Fn(Handshake),
) where
    M: Fn(Request) -> F,
    F: Future<Output = Reaction>,
{
    let _ = stream.set_nodelay(true);
    let mut handshake = Handshake::default();
    let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await;
    let stream = match hello {
        Ok(hello) => {
            handshake.suites =
                hello.client_hello().cipher_suites().iter().map(|&suite| suite.into()).collect();
            hello.into_stream(config).await
        }
        Err(error) => Err(error),
    };
    let stream = match stream {
        Ok(stream) => stream,
        Err(error) => {
            handshake.trouble = Some(error.to_string());
            return greeted(handshake);
        }
    };
    let der = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
    let Some(Ok(peer)) = der.map(|der| PeerCertificate::from_der(der)) else {
        handshake.trouble = Some("no certificate that can be read".to_owned());
        return greeted(handshake);
    };
    greeted(handshake);
    let (peer, mut stream) = (Arc::new(peer), BufReader::new(stream));
    while let Ok(Some(message)) = http::read(&mut stream, Side::Request).await {
        let ends = message.get("Connection").is_some_and(|how| how.eq_ignore_ascii_case("close"));
        let reaction = meet(Request { message, peer: Arc::clone(&peer) }).await;
        let written = match reaction {
            Reaction::Answer(answer) => http::write(&mut stream, &answer).await,
            Reaction::Slowly(answer, pause) => slowly(&mut stream, &answer, pause).await,
            Reaction::HangUp => return,
        };
        if written.is_err() || ends {
            break;
        }
    }
    let _ = stream.shutdown().await;
}

async fn slowly<S: tokio::io::AsyncWrite + Unpin>(
    stream: &mut S,
    answer: &Message,
    pause: Duration,
) -> std::io::Result<()> {
    for byte in answer.bytes() {
        stream.write_all(&[byte]).await?;
        stream.flush().await?;
        tokio::time::sleep(pause).await;
    }
    Ok(())
}
