//! The signatures of a scenario's documents, judged one after the other. Rule 514.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{Flaw, Verifier};
use crate::stage::Stage;
use crate::verdict::{Ended, Stop, inconclusive};

/// Judges documents of one sender: one check for each thing that all of them must have.
pub struct Audit {
    verifier: Verifier,
    /// How far a time stamp may be from the time a document comes.
    window: SignedDuration,
    nonces: BTreeSet<String>,
    documents: usize,
    /// By what must hold: the documents of which it does not.
    wrong: BTreeMap<&'static str, Vec<String>>,
}

/// A document that came.
pub struct Came<'a> {
    /// Its payload's name.
    pub name: &'a str,
    /// As it was written.
    pub document: &'a str,
    /// The certificate that its sender showed to TLS.
    pub peer: &'a [u8],
    /// When, UTC.
    pub at: Timestamp,
}

impl Audit {
    /// With this window.
    ///
    /// # Errors
    /// Skip, if there is no `xmlsec1`.
    pub async fn new(stage: &Stage) -> Result<Self, Stop> {
        let window = SignedDuration::from_secs(stage.replay_window_s().unwrap_or(WINDOW_S));
        let verifier = Verifier::new(&stage.setting.lab.roots).await?;
        let wrong = WANTED.iter().map(|(_, what)| *what).chain([SIGNED, FRESH, NEW]);
        let wrong = wrong.map(|what| (what, Vec::new())).collect();
        Ok(Self { verifier, window, nonces: BTreeSet::new(), documents: 0, wrong })
    }

    /// Looks at a document.
    ///
    /// # Errors
    /// Inconclusive, if `xmlsec1` cannot be run.
    pub async fn look(&mut self, came: Came<'_>) -> Ended {
        let Came { name, document, peer, at } = came;
        let sealed = self.verifier.verify(document, peer).await?;
        self.documents += 1;
        let mut note = |what, saw: String| {
            self.wrong.entry(what).or_default().push(format!("{name}: {saw}"));
        };
        if let [why, ..] = sealed.of(Flaw::Missing)[..] {
            note(SIGNED, why.to_owned());
            return Ok(());
        }
        for (flaw, what) in WANTED {
            for why in sealed.of(flaw) {
                note(what, why.to_owned());
            }
        }
        if let Some(stamp) = sealed.stamp
            && at.duration_since(stamp).abs() > self.window
        {
            note(FRESH, format!("{stamp} at {at}"));
        }
        if let Some(nonce) = sealed.nonce
            && !self.nonces.insert(nonce.clone())
        {
            note(NEW, nonce);
        }
        Ok(())
    }

    /// Writes the checks down.
    ///
    /// # Errors
    /// Inconclusive, if there was no document.
    pub fn judge(self, stage: &mut Stage) -> Ended {
        if self.documents == 0 {
            return inconclusive("there is no document to judge");
        }
        for (what, wrong) in self.wrong {
            let told = format!("{what} ({} documents)", self.documents);
            stage.check(&["514"], told, wrong.is_empty(), wrong);
        }
        Ok(())
    }

    /// A span after which a time stamp is no longer fresh, seconds.
    pub fn stale_s(&self) -> u64 {
        u64::try_from(self.window.as_secs()).unwrap_or(0) + 60
    }
}

const SIGNED: &str = "each document is signed";
const FRESH: &str = "each time stamp is that of sending";
const NEW: &str = "each nonce is new";
const WANTED: [(Flaw, &str); 6] = [
    (Flaw::Place, "Signature and oadrSignedObject stand side by side in oadrPayload"),
    (Flaw::Method, "the methods are those of rule 514"),
    (Flaw::Signer, "KeyInfo shows the sender's certificate as X509Data"),
    (Flaw::Uncovered, "a Reference leads to the oadrSignedObject"),
    (Flaw::Undated, "ReplayProtect is there, with time and nonce"),
    (Flaw::Invalid, "signature and digests are right"),
];
/// Where the subject does not tell its window: the Profile gives no number.
const WINDOW_S: i64 = 300;
