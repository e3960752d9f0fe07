//! HTTP/1.1 messages as they are written, headers in their order and spelling.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// A request or an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The request line or the status line.
    pub start: String,
    /// In their order.
    pub headers: Vec<(String, String)>,
    /// After any chunks were joined; as coded.
    pub body: Vec<u8>,
    /// How its end was told.
    pub framing: Framing,
}

/// How the end of a body is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// There is no body.
    #[default]
    None,
    /// Content-Length.
    Length,
    /// Chunks: not allowed by the profile (9.1).
    Chunked,
    /// The end of the connection.
    Close,
}

/// Which half of an exchange is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A request: without Content-Length it has no body.
    Request,
    /// An answer: without Content-Length it lasts until the connection ends.
    Answer,
}

impl Message {
    /// With this first line.
    pub fn new(start: impl Into<String>) -> Self {
        Self { start: start.into(), ..Self::default() }
    }

    /// With one header more.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With this body and its Content-Length.
    pub fn with_body(self, body: Vec<u8>) -> Self {
        let length = body.len().to_string();
        Self { body, framing: Framing::Length, ..self.header("Content-Length", length) }
    }

    /// The first header of this name, in any case.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// An answer's status.
    pub fn status(&self) -> Option<u16> {
        self.start.split(' ').nth(1)?.parse().ok()
    }

    /// A request's method and path.
    pub fn target(&self) -> Option<(&str, &str)> {
        let mut words = self.start.split(' ');
        Some((words.next()?, words.next()?))
    }

    /// As it goes over the wire.
    pub fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{}\r\n", self.start);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// Writes a message.
///
/// # Errors
/// Those of the stream.
pub async fn write<S: AsyncWrite + Unpin>(stream: &mut S, message: &Message) -> io::Result<()> {
    stream.write_all(&message.bytes()).await?;
    stream.flush().await
}

/// Reads a message; `None` if the stream ends before its first byte.
///
/// # Errors
/// Those of the stream; `InvalidData` for what is no HTTP or longer than 16 MiB.
pub async fn read<S: AsyncBufRead + Unpin>(
    stream: &mut S,
    side: Side,
) -> io::Result<Option<Message>> {
    let Some(start) = line(stream).await? else { return Ok(None) };
    let mut message = Message::new(start);
    loop {
        let text = line(stream).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
        if text.is_empty() {
            break;
        }
        let (name, value) = text.split_once(':').ok_or_else(|| wrong("a header without colon"))?;
        message.headers.push((name.to_owned(), value.trim().to_owned()));
        if message.headers.len() > MOST_HEADERS {
            return Err(wrong("too many headers"));
        }
    }
    let coding = message.get("Transfer-Encoding").map(str::to_ascii_lowercase);
    let length = message.get("Content-Length").map(|text| text.trim().parse::<usize>());
    match (coding, length) {
        (Some(coding), _) if coding.contains("chunked") => {
            message.body = chunks(stream).await?;
            message.framing = Framing::Chunked;
        }
        (_, Some(length)) => {
            let length = length.map_err(|_| wrong("a Content-Length that is no number"))?;
            if length > LONGEST {
                return Err(wrong("a body of more than 16 MiB"));
            }
            message.body = vec![0; length];
            stream.read_exact(&mut message.body).await?;
            message.framing = Framing::Length;
        }
        (_, None) if side == Side::Answer && message.status() != Some(204) => {
            stream.take(LONGEST as u64).read_to_end(&mut message.body).await?;
            message.framing = Framing::Close;
        }
        _ => {}
    }
    Ok(Some(message))
}

async fn chunks<S: AsyncBufRead + Unpin>(stream: &mut S) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let text = line(stream).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let size = text.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(|_| wrong("a chunk without size"))?;
        if size == 0 {
            // Trailers, up to the empty line.
            while !line(stream).await?.unwrap_or_default().is_empty() {}
            return Ok(body);
        }
        if size > LONGEST || body.len() + size > LONGEST {
            return Err(wrong("a body of more than 16 MiB"));
        }
        let at = body.len();
        body.resize(at + size, 0);
        stream.read_exact(&mut body[at..]).await?;
        line(stream).await?;
    }
}

/// A line without its end; `None` at the end of the stream.
async fn line<S: AsyncBufRead + Unpin>(stream: &mut S) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let read = stream.take(LONGEST_LINE).read_until(b'\n', &mut bytes).await?;
    if read == 0 {
        return Ok(None);
    }
    if bytes.last() != Some(&b'\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong("a head that is not UTF-8"))?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

const LONGEST: usize = 16 * 1024 * 1024;
const LONGEST_LINE: u64 = 64 * 1024;
const MOST_HEADERS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_all(text: &str, side: Side) -> io::Result<Option<Message>> {
        read(&mut text.as_bytes(), side).await
    }

    #[tokio::test]
    async fn what_is_written_is_read() {
        let sent = Message::new("POST /a HTTP/1.1").header("Host", "h").with_body(b"<x/>".to_vec());
        let read = read(&mut sent.bytes().as_slice(), Side::Request).await.unwrap();
        assert_eq!(read, Some(sent));
    }

    #[tokio::test]
    async fn chunks_are_joined_and_told() {
        let text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
        let read = read_all(text, Side::Answer).await.unwrap().unwrap();
        assert_eq!((read.body.as_slice(), read.framing), (b"abcd".as_slice(), Framing::Chunked));
        assert_eq!(read.status(), Some(200));
    }

    #[tokio::test]
    async fn an_answer_without_length_lasts_to_the_end() {
        let read = read_all("HTTP/1.1 200 OK\r\n\r\nabc", Side::Answer).await.unwrap().unwrap();
        assert_eq!((read.body.as_slice(), read.framing), (b"abc".as_slice(), Framing::Close));
    }

    #[tokio::test]
    async fn half_a_message_is_an_error_and_none_is_none() {
        assert!(read_all("POST / HTTP/1.1\r\nHost", Side::Request).await.is_err());
        assert!(read_all("", Side::Request).await.unwrap().is_none());
    }
}
