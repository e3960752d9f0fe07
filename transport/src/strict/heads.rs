//! Follows the framing of HTTP/1.1 requests (RFC 9112) without input or output, and refuses what
//! parsers are known to read differently.

use std::fmt;

/// Where in the stream of requests we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Before the first byte of a head.
    Between,
    /// In a head.
    Head,
    /// In a body, with so many bytes to come.
    Body(u64),
    /// After a head with Transfer-Encoding, which the server refuses, closing the connection:
    /// what follows is nobody's business.
    Blind,
}

impl Phase {
    pub(super) fn same_kind(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// Why a head is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A line feed without its carriage return.
    BareLineFeed,
    /// A carriage return without its line feed.
    BareCarriageReturn,
    /// A header continued on the next line (obs-fold).
    Folded,
    /// More than one Content-Length, equal or not.
    TwoLengths,
    /// A Content-Length that is not a plain number.
    BadLength,
    /// Both Content-Length and Transfer-Encoding.
    LengthAndCoding,
}

/// The state between two reads.
#[derive(Debug)]
pub(super) struct Heads {
    phase: Phase,
    requests: u64,
    after_return: bool,
    /// The beginning of the present line: enough for the names and values that matter.
    line: Vec<u8>,
    /// Whether the request line has passed.
    in_headers: bool,
    length: Option<u64>,
    coded: bool,
}

impl Default for Heads {
    fn default() -> Self {
        Self {
            phase: Phase::Between,
            requests: 0,
            after_return: false,
            line: Vec::with_capacity(LINE),
            in_headers: false,
            length: None,
            coded: false,
        }
    }
}

impl Heads {
    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    /// Whole heads seen.
    pub(super) fn requests(&self) -> u64 {
        self.requests
    }

    /// Follows the next bytes, which may end anywhere.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Result<(), Fault> {
        while let Some((&byte, rest)) = bytes.split_first() {
            match self.phase {
                Phase::Between | Phase::Head => {
                    self.phase = Phase::Head;
                    self.head(byte)?;
                    bytes = rest;
                }
                Phase::Body(left) => {
                    let here = (bytes.len() as u64).min(left);
                    self.body(left - here);
                    // `here` is at most the slice's length.
                    bytes = &bytes[here as usize..];
                }
                Phase::Blind => break,
            }
        }
        Ok(())
    }

    fn head(&mut self, byte: u8) -> Result<(), Fault> {
        match (std::mem::take(&mut self.after_return), byte) {
            (true, b'\n') => self.end_of_line(),
            (true, _) => Err(Fault::BareCarriageReturn),
            (false, b'\n') => Err(Fault::BareLineFeed),
            (false, b'\r') => {
                self.after_return = true;
                Ok(())
            }
            (false, b' ' | b'\t') if self.in_headers && self.line.is_empty() => Err(Fault::Folded),
            (false, _) => {
                if self.line.len() < LINE {
                    self.line.push(byte);
                }
                Ok(())
            }
        }
    }

    fn end_of_line(&mut self) -> Result<(), Fault> {
        if self.line.is_empty() {
            // Before a request line an empty line means nothing (RFC 9112, 2.2).
            return if self.in_headers { self.end_of_head() } else { Ok(()) };
        }
        if self.in_headers {
            self.header()?;
        }
        self.in_headers = true;
        self.line.clear();
        Ok(())
    }

    fn header(&mut self) -> Result<(), Fault> {
        let Some(colon) = self.line.iter().position(|byte| *byte == b':') else {
            return Ok(()); // hyper refuses a header without a colon.
        };
        let (name, value) = (self.line[..colon].trim_ascii(), self.line[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.coded = true;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            if self.length.is_some() {
                return Err(Fault::TwoLengths);
            }
            self.length = Some(number(value).ok_or(Fault::BadLength)?);
        }
        Ok(())
    }

    fn end_of_head(&mut self) -> Result<(), Fault> {
        let (length, coded) = (self.length.take(), std::mem::take(&mut self.coded));
        self.requests += 1;
        self.in_headers = false;
        match (length, coded) {
            (Some(_), true) => return Err(Fault::LengthAndCoding),
            (None, true) => self.phase = Phase::Blind,
            (length, false) => self.body(length.unwrap_or(0)),
        }
        Ok(())
    }

    fn body(&mut self, left: u64) {
        self.phase = if left == 0 { Phase::Between } else { Phase::Body(left) };
    }
}

/// At most 18 digits, which cannot overflow, and nothing else.
fn number(text: &[u8]) -> Option<u64> {
    let plain = (1..=18).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    if plain { std::str::from_utf8(text).ok()?.parse().ok() } else { None }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BareLineFeed => "a bare line feed in the head",
            Self::BareCarriageReturn => "a bare carriage return in the head",
            Self::Folded => "a folded header",
            Self::TwoLengths => "more than one Content-Length",
            Self::BadLength => "a Content-Length that is not a number",
            Self::LengthAndCoding => "Content-Length and Transfer-Encoding together",
        })
    }
}

impl std::error::Error for Fault {}

/// Longer than `transfer-encoding: ` or `content-length: ` with any number taken; a longer value
/// is cut, and being full it is no number of 18 digits.
const LINE: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "POST / HTTP/1.1\r\nHost: h\r\n";

    fn after(text: &str) -> Result<(Phase, u64), Fault> {
        let mut whole = Heads::default();
        let result = whole.feed(text.as_bytes()).map(|()| (whole.phase(), whole.requests()));
        let mut bytewise = Heads::default();
        let single = text.as_bytes().chunks(1).try_for_each(|byte| bytewise.feed(byte));
        assert_eq!(result, single.map(|()| (bytewise.phase(), bytewise.requests())));
        result
    }

    fn with(header: &str) -> Result<(Phase, u64), Fault> {
        after(&format!("{HEAD}{header}\r\n\r\n"))
    }

    #[test]
    fn follows_pipelined_requests_whatever_their_bodies_hold() {
        let one = format!("{HEAD}content-LENGTH:\t5 \r\n\r\n\n\n\r\na");
        assert_eq!(after(&one), Ok((Phase::Between, 1)));
        assert_eq!(after(&format!("{one}\r\n{one}{one}")), Ok((Phase::Between, 3)));
        assert_eq!(after(&format!("{one}P")), Ok((Phase::Head, 1)));
        assert_eq!(after(&one[..one.len() - 2]), Ok((Phase::Body(2), 1)));
        assert_eq!(with("X: y"), Ok((Phase::Between, 1)));
        assert_eq!(with("Transfer-Encoding: chunked"), Ok((Phase::Blind, 1)));
    }

    #[test]
    fn ambiguous_heads_are_refused() {
        assert_eq!(after("POST / HTTP/1.1\n"), Err(Fault::BareLineFeed));
        assert_eq!(after("POST / HTTP/1.1\r\nHost: h\nA: b\r\n"), Err(Fault::BareLineFeed));
        assert_eq!(with("A: b\rC: d"), Err(Fault::BareCarriageReturn));
        assert_eq!(with("A: b\r\n C: d"), Err(Fault::Folded));
        assert_eq!(with("A: b\r\n\tContent-Length: 4"), Err(Fault::Folded));
        assert_eq!(with("Content-Length: 4\r\nContent-Length: 4"), Err(Fault::TwoLengths));
        assert_eq!(with("Content-Length: 4\r\ncontent-length : 5"), Err(Fault::TwoLengths));
        for value in ["", "-1", "+4", "4, 4", "0x4", "4 4", "9999999999999999999", "4_0"] {
            assert_eq!(with(&format!("Content-Length: {value}")), Err(Fault::BadLength), "{value}");
        }
        let padded = format!("Content-Length: {}4", " ".repeat(LINE));
        assert_eq!(with(&padded), Err(Fault::BadLength));
        for both in [
            "Content-Length: 4\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 4",
            "Content-Length: 4\r\nTransfer-Encoding: x",
        ] {
            assert_eq!(with(both), Err(Fault::LengthAndCoding), "{both}");
        }
    }

    #[test]
    fn what_one_head_held_is_forgotten_by_the_next() {
        let one = format!("{HEAD}Content-Length: 1\r\n\r\na");
        assert_eq!(after(&one.repeat(3)), Ok((Phase::Between, 3)));
    }
}
