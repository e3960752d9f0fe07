//! XML signatures of the VTN in miniature. Rule 514.

use std::collections::BTreeSet;

use oadr_conformance::wire::http;
use oadr_conformance::wire::server::{Reaction, Request};
use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::Limits;
use tokio::sync::OnceCell;

use super::Model;
use crate::fault::Fault;
use crate::signing::Pen;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("signs-nothing", "sig-roundtrip", "answers are not signed"),
    Fault::inside("writes-after-signing", "sig-roundtrip", "answers are altered once signed"),
    Fault::inside("dates-nothing", "sig-roundtrip", "answers have no ReplayProtect"),
    Fault::inside("stamp-stands-still", "sig-roundtrip", "the time is not that of sending"),
    Fault::inside("nonce-again", "sig-roundtrip", "the nonce is the same every time"),
    Fault::inside("signs-by-sha512", "sig-roundtrip", "methods that are not listed"),
    Fault::inside("takes-unsigned", "sig-required", "a signature is not demanded"),
    Fault::inside("takes-altered", "sig-required", "digests are not compared"),
    Fault::inside("takes-any-signer", "sig-required", "anybody's signature will do"),
    Fault::inside("takes-decoys", "sig-required", "what the Reference leads to is not minded"),
    Fault::inside("takes-undated", "sig-required", "ReplayProtect is not demanded"),
    Fault::inside("takes-old", "sig-replay", "no time stamp is too old"),
    Fault::inside("takes-early", "sig-replay", "no time stamp is too far ahead"),
];

/// What is known of signatures.
#[derive(Default)]
pub struct Signatures {
    /// Who signs, by the SHA-256 of the certificate.
    pub signing: BTreeSet<String>,
}

/// With what it signs, once it has had to.
#[derive(Default)]
pub struct Desk(OnceCell<Option<Pen>>);

impl Model {
    async fn pen(&self) -> Option<&Pen> {
        let inner = &self.0;
        let pen =
            inner.desk.0.get_or_init(|| Pen::new(inner.faults, &inner.identity, &inner.roots));
        pen.await.as_ref()
    }
}

/// Whether a request may be acted on. A VEN that says at its registration that it signs is taken
/// at its word from then on.
pub async fn admits(model: &Model, request: &Request) -> bool {
    let thumbprint = request.peer.thumbprint.to_string();
    let document = &request.message.body;
    let announced = match openadr::decode(document, &Limits::reports()).map(|one| one.message) {
        Ok(Message::OadrCreatePartyRegistration(create)) => create.oadr_xml_signature,
        _ => false,
    };
    if !announced && !model.state().signatures.signing.contains(&thumbprint) {
        return true;
    }
    let now = model.state().now;
    let Some(pen) = model.pen().await else { return false };
    if !pen.accepts(document, &request.peer.der, now).await {
        return false;
    }
    model.state().signatures.signing.insert(thumbprint);
    true
}

/// A message that is ignored.
pub fn ignored() -> Reaction {
    Reaction::Answer(http::Message::new("HTTP/1.1 406 -").with_body(Vec::new()))
}

/// The answer as it is sent: signed, if the VEN signs.
pub async fn signed(model: &Model, request: &Request, reaction: Reaction) -> Reaction {
    match reaction {
        Reaction::Answer(answer)
            if !answer.body.is_empty() && answer.get("Content-Encoding").is_none() =>
        {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            let text = written(model, text, &request.peer.thumbprint.to_string()).await;
            let mut headers = answer.headers;
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case("Content-Length"));
            let answer = http::Message { headers, ..http::Message::new(answer.start) };
            Reaction::Answer(answer.with_body(text.into_bytes()))
        }
        reaction => reaction,
    }
}

/// A document as it is sent to the VEN of this certificate.
pub async fn written(model: &Model, text: String, thumbprint: &str) -> String {
    let now = model.state().now;
    let signs = model.state().signatures.signing.contains(thumbprint);
    match model.pen().await {
        Some(pen) if signs => pen.sign(text, now).await,
        _ => text,
    }
}
