//! What is told of a request once it is answered: a line of the log, one of the audit log, what may
//! have to be explained later, and counters.

use jiff::Timestamp;
use oadr_certs::PeerCertificate;
use oadr_transport::{Answer, Peer, Received};

use crate::audit::{Digest, Entry, Exchange, clip};
use crate::error::Error;
use crate::refused::{Refused, Said, Side, cut};
use crate::tables::BY_THUMBPRINT;
use crate::vtn::Inner;
use crate::watch::count;

/// A line of the log in the making.
#[derive(Default)]
pub(crate) struct Line {
    pub party: Option<String>,
    pub payload: &'static str,
    pub request_id: String,
    pub code: String,
    pub error: Option<Error>,
    pub said: Said,
}

impl Inner {
    /// What shows later what was said: the digests of both bodies. Nobody waits for the disk here.
    pub(crate) fn audit(
        &self,
        line: &Line,
        (peer, request): (&Peer, &Received),
        now: Timestamp,
        answer: &Answer,
    ) {
        let Some(audit) = &self.audit else { return };
        let text = |text: &str| (!text.is_empty()).then(|| clip(text));
        let digest = |body: &[u8]| (!body.is_empty()).then(|| Digest::of(body));
        let exchange = Exchange {
            ven: line.party.as_deref().map(clip),
            fingerprint: peer.certificate.fingerprint(),
            address: peer.address.ip(),
            path: clip(&request.path),
            payload: text(line.payload),
            request_id: text(&line.request_id),
            status: answer.status,
            code: text(&line.code),
            digest: digest(&request.body),
            reply: digest(&answer.body),
        };
        audit.note(now, Entry::Message(exchange));
    }

    /// What explains later how it went: of polls and clocks the last, and what was not taken.
    pub(crate) fn remember(
        &self,
        line: &Line,
        certificate: &PeerCertificate,
        now: Timestamp,
        answer: &Answer,
    ) {
        let Line { party, payload, said, .. } = line;
        let ahead = said.clock.map(|clock| clock.duration_since(now));
        let taken = answer.status == 200 && line.code.starts_with('2');
        if let Some(party) = party {
            if taken && *payload == "oadrPoll" {
                self.watch.polled(party, now);
            }
            if let Some(ahead) = ahead {
                self.watch.told_time(party, (now, ahead));
            }
        }
        let (at, payload, events) = (now, *payload, said.events.clone());
        let refused = |by, code, why| Refused { at, by, payload, code, why, ahead, events };
        if let Some((code, why)) = said.no.clone().filter(|_| taken) {
            self.refused(certificate, line, refused(Side::Ven, code, why));
        } else if !taken {
            let code = line.code.parse().unwrap_or(answer.status);
            let why = line.error.as_ref().map(ToString::to_string).unwrap_or_default();
            self.refused(certificate, line, refused(Side::Vtn, code, cut(&why)));
        }
    }

    /// Under whom it is remembered: what cannot be read is a VEN's all the same.
    fn refused(&self, certificate: &PeerCertificate, line: &Line, refused: Refused) {
        let refusals = &self.watch.refusals;
        let party = line.party.clone().or_else(|| {
            // If the store fails there is worse to tell than whose message it was.
            BY_THUMBPRINT.get(&self.store, certificate.thumbprint.0).ok().flatten()
        });
        match party {
            Some(party) => refusals.note(&party, refused),
            None => refusals.note_stranger(certificate, line.said.claims.clone(), refused),
        }
    }

    /// One line a message; the counters of what was refused.
    pub(crate) fn log(&self, line: &Line, (party, us): (&str, u64), answer: &Answer) {
        match answer.status {
            200 if !line.code.starts_with('2') => count(&self.watch.refused),
            400..=499 => count(&self.watch.unreadable),
            500.. => count(&self.watch.failed),
            _ => {}
        }
        let Line { payload, request_id, code, error, .. } = line;
        let status = answer.status;
        // As text, so that what a peer wrote cannot break the line.
        let why = error.as_ref().map(ToString::to_string);
        tracing::info!(party, payload, request_id, code, status, us, why, "message");
    }
}
