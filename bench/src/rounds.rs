//! The measured steps, and their times taken in turns, so that a busy machine slows
//! all of them alike and the ratios hold.

use std::hint::black_box;
use std::time::{Duration, Instant};

use oadr_schemas::ei;
use oadr_schemas::openadr::oadr::OadrPayload;
use oadr_schemas::xml::{self, Error, Limits, gate};
use quick_xml::NsReader;
use quick_xml::events::Event;

use crate::documents::Document;

/// The best time of each step over one document.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// A bare scan by quick-xml that resolves namespaces and looks at attributes.
    pub scan: Duration,
    /// The gate alone.
    pub gate: Duration,
    /// The gate, then decoding into types.
    pub decode: Duration,
    /// Writing the types.
    pub encode: Duration,
    /// Bytes that encoding writes: fewer than were read, since nothing is indented.
    pub written: usize,
}

impl Times {
    /// Decoding without the gate.
    pub fn behind_the_gate(&self) -> Duration {
        self.decode.saturating_sub(self.gate)
    }
}

/// What a document decodes to.
pub enum Value {
    /// An OpenADR 2.0b envelope.
    OpenAdr(Box<OadrPayload>),
    /// An EI 1.0 payload.
    Ei(Box<ei::Message>),
}

/// Decodes a document, gate included.
///
/// # Errors
/// What the gate or the schema refuses.
pub fn decode(document: &Document) -> Result<Value, Error> {
    let bytes = document.text.as_bytes();
    if document.openadr {
        xml::decode(bytes, &Limits::reports()).map(|m| Value::OpenAdr(Box::new(m)))
    } else {
        xml::decode_any(bytes, &Limits::reports()).map(|m| Value::Ei(Box::new(m)))
    }
}

/// Encodes a value.
pub fn encode(value: &Value) -> String {
    match value {
        Value::OpenAdr(payload) => xml::encode(&**payload),
        Value::Ei(message) => xml::encode_any(&**message),
    }
}

/// Walks a document as a reader must that resolves names but understands nothing;
/// the number of elements.
///
/// # Errors
/// What quick-xml refuses.
pub fn scan(text: &str) -> Result<usize, quick_xml::Error> {
    let mut reader = NsReader::from_str(text);
    let mut elements = 0;
    loop {
        match reader.read_resolved_event()? {
            (namespace, Event::Start(tag) | Event::Empty(tag)) => {
                elements += 1;
                black_box(namespace);
                for attribute in tag.attributes() {
                    black_box(reader.resolver().resolve_attribute(attribute?.key));
                }
            }
            (_, Event::Eof) => return Ok(elements),
            (_, event) => drop(black_box(event)),
        }
    }
}

/// Times every step over a document in turns of about a millisecond, for `budget`, and
/// keeps the best of each.
///
/// # Errors
/// A document that one of the steps refuses, in words.
pub fn measure(document: &Document, budget: Duration) -> Result<Times, String> {
    let value = decode(document).map_err(|e| format!("{}: {e}", document.name))?;
    scan(&document.text).map_err(|e| format!("{}: {e}", document.name))?;
    let written = encode(&value).len();
    let bytes = document.text.as_bytes();
    let limits = Limits::reports();
    let mut steps: [(&mut dyn FnMut(), Duration); 4] = [
        (&mut || drop(black_box(scan(black_box(&document.text)))), Duration::MAX),
        (&mut || drop(black_box(gate::check(black_box(bytes), &limits))), Duration::MAX),
        (&mut || drop(black_box(decode(black_box(document)))), Duration::MAX),
        (&mut || drop(black_box(encode(black_box(&value)))), Duration::MAX),
    ];
    let turn = u32::try_from(300_000 / bytes.len().max(1)).unwrap_or(1).max(1);
    let until = now() + budget;
    while now() < until {
        for (step, best) in &mut steps {
            let start = now();
            for _ in 0..turn {
                step();
            }
            *best = (*best).min(start.elapsed() / turn);
        }
    }
    let [scan, gate, decode, encode] = steps.map(|(_, best)| best);
    Ok(Times { scan, gate, decode, encode, written })
}

/// The clock: measuring is what this program is for.
#[allow(clippy::disallowed_methods)]
fn now() -> Instant {
    Instant::now()
}
