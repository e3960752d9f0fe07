//! XML signatures of both models: what is signed how, and what is taken. They are made by
//! `xmlsec1`, as the kit's are. Rule 514.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use oadr_certs::{Identity, Roots};
use oadr_conformance::sign::{Flaw, Seal, Signer, Verifier, nonce};

use crate::fault::Faults;

/// Signs and checks for one model.
pub struct Pen {
    faults: Faults,
    signer: Signer,
    verifier: Verifier,
    /// Of the first signature, for faults that remember it.
    first: Mutex<Option<Seal>>,
}

/// How far a time stamp may be off, seconds.
pub const WINDOW_S: i64 = 300;

impl Pen {
    /// With this certificate; `None` where there is no `xmlsec1`.
    pub async fn new(faults: Faults, identity: &Identity, roots: &Roots) -> Option<Self> {
        let signer = Signer::new(identity).await.ok()?;
        let verifier = Verifier::new(roots).await.ok()?;
        Some(Self { faults, signer, verifier, first: Mutex::default() })
    }

    /// A document as it is sent.
    pub async fn sign(&self, text: String, now: Timestamp) -> String {
        if self.faults.has("signs-nothing") {
            return text;
        }
        let seal = self.seal(now);
        let signed = self.signer.sign(&text, &seal).await.unwrap_or(text);
        if self.faults.has("writes-after-signing") {
            return signed.replace("2.0b\">", "2.0b\"> ");
        }
        signed
    }

    fn seal(&self, now: Timestamp) -> Seal {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        let first = first.get_or_insert_with(|| Seal::at(now));
        let stamp = if self.faults.has("stamp-stands-still") { first.stamp } else { Some(now) };
        Seal {
            stamp: stamp.filter(|_| !self.faults.has("dates-nothing")),
            nonce: if self.faults.has("nonce-again") { first.nonce.clone() } else { nonce() },
            decoy: None,
            unlisted: self.faults.has("signs-by-sha512"),
        }
    }

    /// Whether a document may be acted on; `peer` is what its sender showed to TLS.
    pub async fn accepts(&self, document: &[u8], peer: &[u8], now: Timestamp) -> bool {
        let text = String::from_utf8_lossy(document);
        let Ok(sealed) = self.verifier.verify(&text, peer).await else { return false };
        let overlooked = |flaw: Flaw| {
            self.faults.has(match flaw {
                Flaw::Missing => "takes-unsigned",
                Flaw::Signer => "takes-any-signer",
                Flaw::Uncovered => "takes-decoys",
                Flaw::Undated => "takes-undated",
                Flaw::Invalid => "takes-altered",
                Flaw::Place | Flaw::Method | Flaw::Unprotected => return false,
            })
        };
        let off = sealed.stamp.map_or(SignedDuration::ZERO, |stamp| now.duration_since(stamp));
        let window = SignedDuration::from_secs(WINDOW_S);
        let late = off > window && !self.faults.has("takes-old");
        let early = off < -window && !self.faults.has("takes-early");
        sealed.findings.iter().all(|finding| overlooked(finding.flaw)) && !late && !early
    }
}
