//! What is written down. No payload, no query, no key: bodies are there as digests only.

use std::net::IpAddr;

use oadr_certs::Fingerprint;
use serde::{Deserialize, Serialize};

use super::digest::Digest;

/// What one line tells, besides its place and time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Entry {
    /// Something an operator did, or wants to do.
    Operator(Operation),
    /// A message of a VEN and how it was answered.
    Message(Exchange),
    /// Something that befell the log itself.
    Log(Note),
}

/// An operator's request. What may change something has two lines: one without a `status`,
/// written before anything is done, and one that names it in `begun` and tells how it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// The name on the list of operators; `None`: on no list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The certificate's.
    pub fingerprint: Fingerprint,
    /// Where the call came from.
    pub address: IpAddr,
    /// The HTTP method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// Of the body, for what may change something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The number of the line that told of the intention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<u64>,
    /// The HTTP status answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// A request at the VENs' door and its answer; without `payload` and `digest` if it was refused
/// before its body was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The party that the certificate belongs to; `None`: to none that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ven: Option<String>,
    /// The certificate's.
    pub fingerprint: Fingerprint,
    /// Where the call came from.
    pub address: IpAddr,
    /// The path, which names the service.
    pub path: String,
    /// The payload's name; `None` if it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// The requestID, if the payload has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The HTTP status answered.
    pub status: u16,
    /// The EI response code answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Of the request's body; `None` if it was refused before it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Of the answer's body, before any compression; `None` if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Digest>,
}

/// What befell the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "lowercase")]
pub enum Note {
    /// The first line of each segment; its `prev` is the last hash of the segment before.
    Segment,
    /// A VTN began to write.
    Opened {
        /// Of the program.
        version: String,
        /// Whether the one before it ended as it should, or there was none.
        clean: bool,
    },
    /// A VTN ended as it should.
    Closed,
    /// The end of a segment was no whole line, as a crash leaves it, and was cut.
    Cut {
        /// The segment's name.
        segment: String,
        /// How much was cut.
        bytes: u64,
        /// Of what was cut.
        digest: Digest,
    },
    /// Lines that could not be written; nobody knows them any more.
    Lost {
        /// How many.
        lines: u64,
    },
    /// What got no further than the VENs' door within a minute, if anything did.
    Door {
        /// Handshakes that failed, for want of an acceptable certificate or of time.
        handshakes: u64,
        /// Connections that were dropped because there were too many.
        crowded: u64,
    },
    /// The store was made out of a backup.
    Restored {
        /// The backup's directory.
        from: String,
    },
    /// Segments that were too old were removed.
    Removed {
        /// The number of the last line that is gone.
        through: u64,
        /// The hash of that line.
        last: Digest,
    },
}

/// A text of somebody else's, short enough for a line. What was cut ends in `…`.
pub(crate) fn clip(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Characters of a text of somebody else's.
const LONGEST: usize = 256;
