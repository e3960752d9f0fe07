//! A stream of XML cut into its stanzas. RFC 6120, 4 and 11: no comments, no processing
//! instructions, no DTD; so a cut needs no more than the balance of tags.

use std::io;

use tokio::io::{AsyncBufRead, AsyncReadExt};

use super::Stanza;

/// Reads a stream.
pub struct Reader<R>(R);

enum Piece {
    Text,
    Start,
    Empty,
    End,
    Declaration,
}

impl<R: AsyncBufRead + Unpin> Reader<R> {
    /// Of this.
    pub fn new(from: R) -> Self {
        Self(from)
    }

    /// What it reads from; nothing that came is lost only if the other side waits for us.
    pub fn into_inner(self) -> R {
        self.0
    }

    /// The same, to write to.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.0
    }

    /// The first tag of a stream, after its XML declaration.
    ///
    /// # Errors
    /// Those of the stream; `InvalidData` for what is no XML, or too long.
    pub async fn header(&mut self) -> io::Result<String> {
        loop {
            let mut bytes = Vec::new();
            match self.piece(&mut bytes).await? {
                Piece::Start => return text(bytes),
                Piece::Text if bytes.iter().all(u8::is_ascii_whitespace) => {}
                Piece::Declaration => {}
                _ => return Err(wrong("no stream begins")),
            }
        }
    }

    /// The next stanza; `None` at the end of the stream.
    ///
    /// # Errors
    /// As [`Reader::header`].
    pub async fn stanza(&mut self) -> io::Result<Option<Stanza>> {
        let (mut bytes, mut depth) = (Vec::new(), 0_usize);
        loop {
            match self.piece(&mut bytes).await? {
                // White space between stanzas keeps a connection alive.
                Piece::Text if depth == 0 => {
                    if !bytes.iter().all(u8::is_ascii_whitespace) {
                        return Err(wrong("text between stanzas"));
                    }
                    bytes.clear();
                }
                Piece::Text => {}
                Piece::Declaration => return Err(wrong("a processing instruction")),
                Piece::Start => depth += 1,
                Piece::Empty if depth == 0 => return Ok(Some(Stanza::new(text(bytes)?))),
                Piece::Empty => {}
                Piece::End if depth == 0 => return Ok(None),
                Piece::End => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(Some(Stanza::new(text(bytes)?)));
                    }
                }
            }
        }
    }

    /// Text up to the next tag, or a tag.
    async fn piece(&mut self, bytes: &mut Vec<u8>) -> io::Result<Piece> {
        let first = self.byte(bytes).await?;
        if first != b'<' {
            loop {
                // What follows may not be there yet: text ends where a tag is seen to begin.
                match self.peek().await? {
                    b'<' => return Ok(Piece::Text),
                    _ => self.byte(bytes).await?,
                };
            }
        }
        let begins = bytes.len() - 1;
        let second = self.byte(bytes).await?;
        if second == b'!' {
            return self.cdata(bytes, begins).await;
        }
        let mut quote = None;
        loop {
            let byte = self.byte(bytes).await?;
            match (byte, quote) {
                (b'\'' | b'"', None) => quote = Some(byte),
                (byte, Some(open)) if byte == open => quote = None,
                (b'>', None) => break,
                _ => {}
            }
        }
        let empty = bytes.get(bytes.len().saturating_sub(2)) == Some(&b'/');
        Ok(match second {
            b'?' => Piece::Declaration,
            b'/' => Piece::End,
            _ if empty => Piece::Empty,
            _ => Piece::Start,
        })
    }

    async fn cdata(&mut self, bytes: &mut Vec<u8>, begins: usize) -> io::Result<Piece> {
        while bytes.len() < begins + CDATA.len() {
            self.byte(bytes).await?;
        }
        if &bytes[begins..] != CDATA {
            return Err(wrong("a comment or a DTD"));
        }
        while !bytes.ends_with(b"]]>") {
            self.byte(bytes).await?;
        }
        Ok(Piece::Text)
    }

    async fn byte(&mut self, bytes: &mut Vec<u8>) -> io::Result<u8> {
        let byte = self.0.read_u8().await?;
        bytes.push(byte);
        if bytes.len() > LONGEST { Err(wrong("a stanza of more than 4 MiB")) } else { Ok(byte) }
    }

    async fn peek(&mut self) -> io::Result<u8> {
        use tokio::io::AsyncBufReadExt as _;
        self.0.fill_buf().await?.first().copied().ok_or(io::ErrorKind::UnexpectedEof.into())
    }
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| wrong("a stanza that is not UTF-8"))
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

const CDATA: &[u8] = b"<![CDATA[";
const LONGEST: usize = 4 * 1024 * 1024;
