//! What stands between a peer's bytes and hyper: request heads that two parsers could read
//! differently never arrive, and slow peers are cut off (reliability: smuggling, slow clients).
//!
//! hyper's parser takes a bare line feed for a line's end and folds repeated Content-Length into
//! one; a proxy in front of us may not. [`Heads`] follows the framing byte by byte, without input
//! or output; [`Strict`] applies it, and the time limits, to a stream.

mod heads;

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::server::{Limits, Meters};
use heads::{Heads, Phase};

/// A stream that enforces the framing and pace of requests.
pub(crate) struct Strict<S> {
    stream: S,
    heads: Heads,
    pace: Pace,
    meters: Arc<Meters>,
    read_by: Pin<Box<Sleep>>,
    /// Set while the peer takes nothing.
    write_by: Option<Pin<Box<Sleep>>>,
}

/// The time limits, and what they count from.
struct Pace {
    head: Duration,
    idle: Duration,
    body: Duration,
    grace: Duration,
    rate: u32,
    write: Duration,
    /// When the present phase began.
    since: Instant,
    /// Bytes of the present body.
    got: u64,
}

impl<S> Strict<S> {
    /// Starts with a connection fresh from its handshake.
    pub(crate) fn new(stream: S, limits: &Limits, meters: Arc<Meters>) -> Self {
        let pace = Pace {
            head: limits.head_timeout,
            // Silence while we work on an answer is not idleness.
            idle: limits.idle_timeout.max(limits.request_timeout + Duration::from_secs(1)),
            body: limits.body_timeout,
            grace: limits.body_grace,
            rate: limits.min_rate.max(1),
            write: limits.write_timeout,
            since: Instant::now(),
            got: 0,
        };
        let read_by = Box::pin(sleep_until(pace.since + pace.head));
        Self { stream, heads: Heads::default(), pace, meters, read_by, write_by: None }
    }

    /// The stream, without supervision.
    pub(crate) fn into_inner(self) -> S {
        self.stream
    }

    /// Looks at bytes just read, and sets the time by which more must come.
    fn saw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.meters.bytes_in.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let (was, requests) = (self.heads.phase(), self.heads.requests());
        if let Err(fault) = self.heads.feed(bytes) {
            add_one(&self.meters.malformed);
            return Err(io::Error::new(io::ErrorKind::InvalidData, fault));
        }
        let now = Instant::now();
        let is = self.heads.phase();
        if self.heads.requests() != requests || !was.same_kind(is) {
            self.pace.since = now;
            self.pace.got = 0;
        } else if matches!(is, Phase::Body(_)) {
            self.pace.got += bytes.len() as u64;
        }
        let deadline = self.pace.deadline(is, self.heads.requests());
        self.read_by.as_mut().reset(deadline);
        Ok(())
    }

    /// The time is up.
    fn too_slow(&self) -> io::Result<()> {
        let (meter, what) = match self.heads.phase() {
            // An idle connection is closed as if the peer had: nothing is wrong with it.
            Phase::Between if self.heads.requests() > 0 => {
                add_one(&self.meters.idle);
                return Ok(());
            }
            Phase::Between | Phase::Head => (&self.meters.slow_head, "the head came too slowly"),
            Phase::Body(_) | Phase::Blind => (&self.meters.slow_body, "the body came too slowly"),
        };
        add_one(meter);
        Err(io::Error::new(io::ErrorKind::TimedOut, what))
    }

    /// Keeps the time in which the peer takes nothing of what we write.
    fn watch_writing<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write_by = None;
            return written;
        }
        let until = Instant::now() + self.pace.write;
        let timer = self.write_by.get_or_insert_with(|| Box::pin(sleep_until(until)));
        ready!(timer.as_mut().poll(cx));
        add_one(&self.meters.slow_reader);
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer does not read")))
    }
}

impl Pace {
    fn deadline(&self, phase: Phase, requests: u64) -> Instant {
        let allowed = match phase {
            Phase::Between if requests > 0 => self.idle,
            Phase::Between | Phase::Head => self.head,
            Phase::Body(_) => {
                let earned = Duration::from_secs(self.got) / self.rate;
                self.grace.saturating_add(earned).min(self.body)
            }
            Phase::Blind => self.body,
        };
        self.since + allowed
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Strict<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buf) {
            Poll::Ready(Ok(())) => Poll::Ready(this.saw(&buf.filled()[before..])),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                ready!(this.read_by.as_mut().poll(cx));
                Poll::Ready(this.too_slow())
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Strict<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(count)) = written {
            this.meters.bytes_out.fetch_add(count as u64, Ordering::Relaxed);
            if this.heads.phase() == Phase::Between {
                // The peer is idle from the end of our answer, not of its request.
                this.pace.since = Instant::now();
                let deadline = this.pace.deadline(Phase::Between, this.heads.requests());
                this.read_by.as_mut().reset(deadline);
            }
        }
        this.watch_writing(cx, written)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(cx);
        this.watch_writing(cx, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

fn add_one(meter: &AtomicU64) {
    meter.fetch_add(1, Ordering::Relaxed);
}
