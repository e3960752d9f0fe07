//! The seams to the network: a listener, a connector and a random source given from outside, so
//! that the same code runs on real sockets and inside a deterministic simulation.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

/// The random source of everything above: seeded by the program (from the system) or by a test.
pub type Random = rand::rngs::StdRng;

/// A connected byte stream. Implemented for everything that qualifies.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for S {}

/// Where connections come from.
pub trait Listen: Send {
    /// The connection.
    type Stream: Stream;

    /// Waits for the next connection. Dropping the future must not lose one (it is raced
    /// against the shutdown).
    ///
    /// # Errors
    /// What the operating system says. The server counts it, rests 100 ms and asks again.
    fn accept(
        &mut self,
    ) -> impl Future<Output = io::Result<(Self::Stream, SocketAddr)>> + Send + '_;
}

impl Listen for TcpListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, address) = TcpListener::accept(self).await?;
        stream.set_nodelay(true)?;
        Ok((stream, address))
    }
}

/// How connections are made.
pub trait Connect: Clone + Send + Sync + 'static {
    /// The connection.
    type Stream: Stream;

    /// Resolves `host` and connects to it. The client bounds the time.
    ///
    /// # Errors
    /// Name not found, nobody there, network down: what the operating system says.
    fn connect(
        &self,
        host: &str,
        port: u16,
    ) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

/// Real TCP, with `TCP_NODELAY`: messages are small and wait for an answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct TcpConnect;

impl Connect for TcpConnect {
    type Stream = TcpStream;

    async fn connect(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        let stream = TcpStream::connect((host, port)).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// A future in a box, for traits that must be object-safe.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A connection of any kind.
pub(crate) type AnyStream = Box<dyn Stream>;

/// A connector of any kind, so that [`Client`](crate::Client) has no type parameter.
pub(crate) type AnyConnect = Arc<dyn ErasedConnect>;

/// [`Connect`] with its stream type forgotten.
pub(crate) trait ErasedConnect: Send + Sync {
    fn connect(&self, host: String, port: u16) -> BoxFuture<'static, io::Result<AnyStream>>;
}

impl<C: Connect> ErasedConnect for C {
    fn connect(&self, host: String, port: u16) -> BoxFuture<'static, io::Result<AnyStream>> {
        let connector = self.clone();
        Box::pin(async move {
            let stream = Connect::connect(&connector, &host, port).await?;
            Ok(Box::new(stream) as AnyStream)
        })
    }
}
