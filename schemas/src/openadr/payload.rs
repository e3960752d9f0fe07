//! The envelope: oadrPayload around oadrSignedObject around one of the 23 payloads.
//! OpenADR 2.0b Profile, section 10.6.3 and rule 509.

use super::Message;
use super::ds;
use super::ei::SchemaVersion;
use super::oadr::*;
use crate::xml::macros::group;
use crate::xml::{self, Error, Limits, OADR, Token};

/// A document as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// What it says.
    pub message: Message,
    /// The signature it carries, not yet checked.
    pub signature: Option<ds::Signature>,
}

group! {
    /// A payload in its envelope or, as the Profile's own examples of oadrPoll have
    /// it, bare. Both are read, only the envelope is written.
    Document {
        Enveloped(OadrPayload) = element(OADR, "oadrPayload"),
        Bare(Message) = member(),
    }
}

/// Decodes a document: the gate, then the schema.
///
/// # Errors
/// What the gate or the schema refuses, with path, line and column.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Received, Error> {
    Ok(match xml::decode_any(bytes, limits)? {
        Document::Enveloped(OadrPayload { signature, oadr_signed_object }) => {
            Received { message: oadr_signed_object.choice, signature }
        }
        Document::Bare(message) => Received { message, signature: None },
    })
}

/// Encodes a message in its envelope, unsigned, with the schemaVersion that rule 509
/// wants on every payload. `id` becomes `oadr:Id`, for a signature to refer to.
pub fn encode(mut message: Message, id: Option<Token>) -> String {
    message.set_schema_version();
    let oadr_signed_object = OadrSignedObject { id, choice: message };
    xml::encode(&OadrPayload { signature: None, oadr_signed_object })
}

macro_rules! payloads {
    ($($name:ident)+) => {
        impl Message {
            /// OpenADR 2.0b rule 509: schemaVersion is always sent.
            fn set_schema_version(&mut self) {
                match self { $(Self::$name(m) => m.schema_version = Some(SchemaVersion::V20b),)+ }
            }

            /// The payload's element name, such as `oadrPoll`.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => <$name as xml::Root>::NAME.1,)+ }
            }
        }

        $(
            impl From<$name> for Message {
                fn from(message: $name) -> Self {
                    Self::$name(message)
                }
            }

            impl TryFrom<Message> for $name {
                type Error = Message;

                fn try_from(message: Message) -> Result<Self, Message> {
                    match message {
                        Message::$name(message) => Ok(message),
                        other => Err(other),
                    }
                }
            }
        )+
    };
}

payloads! {
    OadrDistributeEvent OadrCreatedEvent OadrRequestEvent OadrResponse
    OadrCancelOpt OadrCanceledOpt OadrCreateOpt OadrCreatedOpt
    OadrCancelReport OadrCanceledReport OadrCreateReport OadrCreatedReport
    OadrRegisterReport OadrRegisteredReport OadrUpdateReport OadrUpdatedReport
    OadrCancelPartyRegistration OadrCanceledPartyRegistration
    OadrCreatePartyRegistration OadrCreatedPartyRegistration
    OadrRequestReregistration OadrQueryRegistration OadrPoll
}
