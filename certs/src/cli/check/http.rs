//! One small request, to learn whether our certificate was taken and what time the server has.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use jiff::Timestamp;
use rustls::{ClientConnection, Stream};

use super::url::Target;

/// The head of an answer.
pub struct Answer {
    /// The status line.
    pub status: String,
    /// The Date header, if it is there and readable.
    pub date: Option<Timestamp>,
}

/// Sends `HEAD path` and reads the head of the answer.
pub fn ask(
    connection: &mut ClientConnection,
    tcp: &mut TcpStream,
    target: &Target,
) -> io::Result<Answer> {
    let mut stream = Stream::new(connection, tcp);
    let (path, host) = (&target.path, target.authority());
    let request = format!("HEAD {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut head = Vec::new();
    let mut part = [0; 1024];
    while head.len() < LONGEST_HEAD && !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match stream.read(&mut part)? {
            0 => break,
            read => head.extend_from_slice(&part[..read]),
        }
    }
    Ok(read_head(&head))
}

/// Waits a moment for the alert with which TLS 1.3 refuses a certificate; sends nothing.
pub fn listen(connection: &mut ClientConnection, tcp: &mut TcpStream) -> io::Result<()> {
    tcp.set_read_timeout(Some(Duration::from_secs(1)))?;
    match Stream::new(connection, tcp).read(&mut [0; 1]) {
        Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => Ok(()),
        Err(e) => Err(e),
        Ok(_) => Ok(()),
    }
}

fn read_head(head: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines();
    let status = lines.next().unwrap_or_default();
    let status = status.chars().filter(|c| !c.is_control()).take(100).collect();
    let date = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        if !name.eq_ignore_ascii_case("date") {
            return None;
        }
        let zoned = jiff::fmt::rfc2822::parse(value.trim()).ok()?;
        Some(zoned.timestamp())
    });
    Answer { status, date }
}

/// No head that is worth reading is longer.
const LONGEST_HEAD: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_read() {
        let answer =
            read_head(b"HTTP/1.1 405 No\r\nx: y\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
        assert_eq!(answer.status, "HTTP/1.1 405 No");
        assert_eq!(answer.date, Some("1994-11-06T08:49:37Z".parse().unwrap()));
        assert_eq!(read_head(b"HTTP/1.1 200 OK\r\nDate: soon\r\n\r\n").date, None);
        assert_eq!(read_head(b"").status, "");
    }
}
