//! XMPP as the Profile uses it, by hand: streams with STARTTLS and SASL EXTERNAL, stanzas one at a
//! time, as client and as server. OpenADR 2.0b Profile 9.3, rules 507, 515; RFC 6120; XEP-0030 and
//! XEP-0199.
//!
//! It is what a laboratory needs and no more: one domain, no federation, no roster.

mod client;
mod reader;
mod server;
mod stanza;

pub use client::{Client, Login};
pub use server::{Guest, Host, Refusal, Server};
pub use stanza::{Stanza, error, escape, result};

/// The namespace of stanzas.
pub const CLIENT: &str = "jabber:client";
/// What a server that serves OpenADR lists under disco#info.
pub const OPENADR: &str = "http://openadr.org/openadr2";
/// The node under which disco#items lists services.
pub const SERVICES: &str = "http://openadr.org/openadr2#services";
/// A service's node begins so, and ends with its name.
pub const SERVICE: &str = "http://openadr.org/OpenADR2/";
/// XEP-0030.
pub const INFO: &str = "http://jabber.org/protocol/disco#info";
/// XEP-0030.
pub const ITEMS: &str = "http://jabber.org/protocol/disco#items";
/// XEP-0199.
pub const PING: &str = "urn:xmpp:ping";

const STREAMS: &str = "http://etherx.jabber.org/streams";
const TLS: &str = "urn:ietf:params:xml:ns:xmpp-tls";
const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
const BIND: &str = "urn:ietf:params:xml:ns:xmpp-bind";
const ERRORS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";

/// The first tag of a stream.
fn header(attributes: &str) -> String {
    format!(
        "<?xml version='1.0'?><stream:stream {attributes} version='1.0' xmlns='{CLIENT}' \
         xmlns:stream='{STREAMS}'>"
    )
}

#[cfg(test)]
mod tests;
