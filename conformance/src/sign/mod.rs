//! XML signatures, made and checked through the program `xmlsec1`, so that the kit does not
//! measure a subject's signatures with this project's own. OpenADR 2.0b Profile 10.6, rule 514.
//!
//! What `xmlsec1` cannot know (that the envelope is the Profile's, which methods it lists, what a
//! signature has to cover) is checked here on the tree of the document.

mod audit;
mod read;
mod spoil;
mod template;
mod xmlsec;

use std::sync::Arc;

use jiff::Timestamp;
use oadr_certs::{Identity, Roots};
use rand::{RngCore as _, SeedableRng as _};

use crate::stage::told;
use crate::verdict::Stop;

pub use audit::{Audit, Came};
pub use read::{Finding, Flaw, Sealed};
pub use spoil::{Forger, Spoil};
pub use template::Seal;
use xmlsec::Desk;

/// Signs with one certificate. Clones are one; its key leaves the disk with the last of them.
#[derive(Clone)]
pub struct Signer {
    desk: Arc<Desk>,
    certificate: String,
    rsa: bool,
}

/// Checks signatures.
#[derive(Clone)]
pub struct Verifier {
    desk: Arc<Desk>,
    roots: Roots,
}

impl Signer {
    /// With this certificate and key.
    ///
    /// # Errors
    /// Skip, if there is no `xmlsec1`; inconclusive, if the key cannot be put down.
    pub async fn new(identity: &Identity) -> Result<Self, Stop> {
        let desk = Desk::open().await?;
        let certificate = oadr_certs::files::pem("CERTIFICATE", identity.leaf());
        identity.save(&desk.path("chain.pem"), &desk.path("key.pem"), false).map_err(told)?;
        desk.put("certificate.pem", &certificate)?;
        let about = oadr_certs::describe::Description::of_der(identity.leaf(), Timestamp::MIN);
        let rsa = about.map_err(told)?.key.starts_with("RSA");
        Ok(Self { desk: Arc::new(desk), certificate, rsa })
    }

    /// A document with its signature, made so.
    ///
    /// # Errors
    /// Inconclusive, if it is no envelope or the program fails.
    pub async fn sign(&self, document: &str, seal: &Seal) -> Result<String, Stop> {
        let template = template::fill(document, seal, self.rsa)?;
        let key = format!("{},{}", self.desk.name("key.pem"), self.desk.name("certificate.pem"));
        let outcome = self.desk.run("--sign", &["--privkey-pem", &key], &template).await?;
        match outcome {
            Ok(signed) => Ok(signed),
            Err(why) => Err(Stop::Inconclusive(format!("xmlsec1 does not sign: {why}"))),
        }
    }

    /// A document that another has signed, with our certificate in place of the signer's.
    pub fn pretend(&self, signed: &str) -> String {
        let own: String = self.certificate.lines().filter(|line| !line.starts_with('-')).collect();
        let (Some(from), Some(to)) =
            (signed.find("<ds:X509Certificate>"), signed.find("</ds:X509Certificate>"))
        else {
            return signed.to_owned();
        };
        format!("{}<ds:X509Certificate>{own}{}", &signed[..from], &signed[to..])
    }
}

impl Verifier {
    /// Where these authorities are trusted.
    ///
    /// # Errors
    /// Skip, if there is no `xmlsec1`.
    pub async fn new(roots: &Roots) -> Result<Self, Stop> {
        Ok(Self { desk: Arc::new(Desk::open().await?), roots: roots.clone() })
    }

    /// What a document says of its signature, and all that is wrong with it. `peer` is the
    /// certificate that whoever sent it showed to TLS.
    ///
    /// # Errors
    /// Inconclusive, if the program cannot be run.
    pub async fn verify(&self, document: &str, peer: &[u8]) -> Result<Sealed, Stop> {
        let mut sealed = read::read(document, peer, &self.roots);
        let Some(certificate) = &sealed.certificate else { return Ok(sealed) };
        let pem = oadr_certs::files::pem("CERTIFICATE", certificate);
        let file = self.desk.fresh("signer.pem");
        self.desk.put(&file, &pem)?;
        let key = self.desk.name(&file);
        // Only that key and only this document: nothing is fetched, no key is taken from KeyInfo.
        let options = [
            "--enabled-reference-uris",
            "same-doc",
            "--enabled-key-data",
            "key-name",
            "--pubkey-cert-pem",
            &key,
        ];
        let outcome = self.desk.run("--verify", &options, document).await;
        self.desk.remove(&file);
        if let Err(why) = outcome? {
            sealed.findings.push(Finding::new(Flaw::Invalid, why));
        }
        Ok(sealed)
    }
}

/// A nonce that nobody has seen.
pub fn nonce() -> String {
    let mut random = rand::rngs::StdRng::from_os_rng();
    format!("{:016x}{:016x}", random.next_u64(), random.next_u64())
}

/// The namespace of XML Signature.
const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The namespace of ReplayProtect.
const DSP: &str = "http://openadr.org/oadr-2.0b/2012/07/xmldsig-properties";

#[cfg(test)]
mod tests;
