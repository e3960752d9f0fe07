//! The two families of messages, and which one a document is of.

use clap::ValueEnum;
use oadr_schemas::openadr::oadr::OadrPayload;
use oadr_schemas::xml::{self, Error, Limits};
use oadr_schemas::{ei, openadr};
use serde::Serialize;

/// A set of schemas. Both declare the same namespaces with different contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// OpenADR 2.0b: oadrPayload, or one of the 23 payloads bare.
    #[value(name = "openadr")]
    OpenAdr,
    /// OASIS Energy Interoperation 1.0: one of its payloads.
    Ei,
}

/// A valid document.
pub struct Message {
    /// The payload's element name, such as `oadrPoll` or `eiCreateTender`.
    pub name: String,
    /// The document as this project writes it.
    pub text: String,
}

impl Family {
    /// Which family a document is of, by the namespace of its root: the payloads of EI
    /// have one of their own. What is refused whatever it is counts as OpenADR.
    pub fn of(document: &[u8], limits: &Limits) -> Self {
        match xml::root(document, limits) {
            Ok((xml::PYLD, _)) => Self::Ei,
            _ => Self::OpenAdr,
        }
    }

    /// Reads a document: the gate, then the schema.
    ///
    /// # Errors
    /// What the gate or the schema refuses, with path, line and column.
    pub fn read(self, document: &[u8], limits: &Limits) -> Result<Message, Error> {
        match self {
            Self::OpenAdr => {
                let received = openadr::decode(document, limits)?;
                let name = received.message.name().to_owned();
                let text = match xml::decode::<OadrPayload>(document, limits) {
                    // As it came, its signature too: though what was signed is bytes.
                    Ok(enveloped) => xml::encode(&enveloped),
                    Err(_) => openadr::encode(received.message, None),
                };
                Ok(Message { name, text })
            }
            Self::Ei => {
                let message: ei::Message = xml::decode_any(document, limits)?;
                let text = xml::encode_any(&message);
                let (_, name) = xml::root(document, limits)?;
                Ok(Message { name, text })
            }
        }
    }
}
