//! What the VTN posts to a VEN that registered for push. OpenADR 2.0b Profile, rules 38, 51, 405,
//! 511, 517 and section 9.1.
//!
//! The listener knows no more than the wire: who calls, and what is a message at all. A message
//! goes to the VEN's one task, which takes it in as if a poll had brought it; what answers it at
//! once goes back with the reply, everything else (oadrCreatedEvent, metadata that were asked
//! for) is sent in requests of the VEN's own.

use std::fmt;
use std::sync::Arc;

use oadr_certs::PeerCertificate;
use oadr_schemas::exchange::openadr_table;
use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::OadrResponse;
use oadr_schemas::openadr::{self, Code, Message};
use oadr_schemas::xml::Limits;
use oadr_transport::net::BoxFuture;
use oadr_transport::{Answer, Family, Handler, Peer, Received, paths};
use tokio::sync::{mpsc, oneshot};

/// A message on its way to the VEN, and where its answer is waited for.
pub(crate) struct Post {
    pub message: Message,
    /// `None` answers with an empty 200.
    pub answer: oneshot::Sender<Option<Message>>,
}

/// Says whether a certificate is the VTN's.
pub type IsVtn = Arc<dyn Fn(&PeerCertificate) -> bool + Send + Sync>;

/// The listening end of a VEN: a transport [`Handler`].
#[derive(Clone)]
pub struct Ear {
    posts: mpsc::Sender<Post>,
    is_vtn: IsVtn,
    prefix: String,
}

impl Ear {
    pub(crate) fn new(posts: mpsc::Sender<Post>, prefix: &str, is_vtn: IsVtn) -> Self {
        Self { posts, is_vtn, prefix: prefix.to_owned() }
    }

    async fn meet(&self, peer: &Peer, request: &Received) -> Answer {
        if !(self.is_vtn)(&peer.certificate) {
            let fingerprint = peer.certificate.fingerprint();
            tracing::warn!(%fingerprint, from = %peer.address, "who calls is not the VTN");
            return Answer::status(403);
        }
        // Rule 511: a VEN serves no OadrPoll, and nothing of EI 1.0 is pushed.
        let service = match paths::parse(&self.prefix, &request.path) {
            Some((Family::OpenAdr, service)) if service != "OadrPoll" => service,
            _ => return Answer::status(404),
        };
        let message = match openadr::decode(&request.body, &Limits::reports()) {
            Ok(received) => received.message,
            Err(error) => {
                tracing::warn!(%error, "what was posted is no message");
                return Answer::status(406);
            }
        };
        let row = openadr_table::pairing_of(&message);
        if row.is_none_or(|row| row.service.name() != service) {
            return Answer::status(404);
        }
        let (answer, answered) = oneshot::channel();
        if self.posts.send(Post { message, answer }).await.is_err() {
            return Answer::unavailable(AWAY);
        }
        match answered.await {
            Ok(Some(answer)) => Answer::ok(openadr::encode(answer, None)),
            Ok(None) => Answer::status(200),
            // It could not be remembered, or the VEN stops: again, then.
            Err(_) => Answer::unavailable(AWAY),
        }
    }
}

impl Handler for Ear {
    fn handle(&self, peer: Peer, request: Received) -> BoxFuture<'_, Answer> {
        Box::pin(async move { self.meet(&peer, &request).await })
    }
}

impl fmt::Debug for Ear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ear").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// Whether a payload answers one of the VTN's, so that it goes back with the reply.
pub(crate) fn goes_back(message: &Message) -> bool {
    matches!(
        message,
        Message::OadrRegisteredReport(_)
            | Message::OadrCreatedReport(_)
            | Message::OadrUpdatedReport(_)
            | Message::OadrCanceledReport(_)
            | Message::OadrCanceledPartyRegistration(_)
            | Message::OadrResponse(_)
    )
}

/// Rule 405: who is not registered takes nothing.
pub(crate) fn not_registered(message: &Message) -> Message {
    let request_id = message.request_id().unwrap_or("");
    let words = "this VEN is not registered";
    let ei_response = EiResponse::error(Code::NotRegistered, words, request_id);
    OadrResponse { schema_version: None, ei_response, ven_id: None }.into()
}

/// How long the VTN is to stay away when the VEN cannot take anything.
const AWAY: std::time::Duration = std::time::Duration::from_secs(5);
