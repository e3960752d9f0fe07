//! Documents that whoever demands signatures has to ignore. Rule 514.

use jiff::Timestamp;
use roxmltree::Document;

use super::{Seal, Signer};
use crate::say::NS_2B;
use crate::verdict::{Stop, inconclusive};

/// What is wrong with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoil {
    /// It has no signature.
    Unsigned,
    /// Its content is not what was signed.
    Altered,
    /// Somebody else signed it, and says so.
    OtherSigner,
    /// Somebody else signed it, under the sender's certificate.
    OtherKey,
    /// The signature is right, but it covers another element than the one that counts.
    Decoy,
    /// ReplayProtect is missing.
    Undated,
}

impl Spoil {
    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::Unsigned,
        Self::Altered,
        Self::OtherSigner,
        Self::OtherKey,
        Self::Decoy,
        Self::Undated,
    ];

    /// In words, of a document.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unsigned => "without a signature",
            Self::Altered => "altered after it was signed",
            Self::OtherSigner => "signed by another party",
            Self::OtherKey => "signed with another key under the sender's certificate",
            Self::Decoy => "whose Reference leads to a decoy",
            Self::Undated => "without ReplayProtect",
        }
    }
}

/// Makes such documents.
pub struct Forger {
    /// The sender's signatures.
    pub own: Signer,
    /// Those of another party of the same authority.
    pub other: Option<Signer>,
}

impl Forger {
    /// A document spoiled so; `None`, if that takes another party and there is none. `harmless`
    /// is another document with the same kind of payload.
    ///
    /// # Errors
    /// Those of signing.
    pub async fn spoil(
        &self,
        how: Spoil,
        (document, harmless): (&str, &str),
        now: Timestamp,
    ) -> Result<Option<String>, Stop> {
        let seal = Seal::at(now);
        let spoiled = match (how, &self.other) {
            (Spoil::Unsigned, _) => document.to_owned(),
            (Spoil::Altered, _) => swap_payload(&self.own.sign(harmless, &seal).await?, document)?,
            (Spoil::OtherSigner, Some(other)) => other.sign(document, &seal).await?,
            (Spoil::OtherKey, Some(other)) => self.own.pretend(&other.sign(document, &seal).await?),
            (Spoil::OtherSigner | Spoil::OtherKey, None) => return Ok(None),
            (Spoil::Decoy, _) => {
                let seal = Seal { decoy: Some(harmless.to_owned()), ..seal };
                self.own.sign(document, &seal).await?
            }
            (Spoil::Undated, _) => self.own.sign(document, &Seal { stamp: None, ..seal }).await?,
        };
        Ok(Some(spoiled))
    }
}

/// The payload of `other` in the envelope, and under the signature, of `signed`.
fn swap_payload(signed: &str, other: &str) -> Result<String, Stop> {
    let (Some(place), Some(payload)) = (payload_of(signed), payload_of(other)) else {
        return inconclusive("what is to be altered is no envelope");
    };
    Ok(format!("{}{}{}", &signed[..place.start], &other[payload], &signed[place.end..]))
}

fn payload_of(document: &str) -> Option<std::ops::Range<usize>> {
    let tree = Document::parse(document).ok()?;
    let mut parts = tree.root_element().children();
    let object = parts.find(|node| node.has_tag_name((NS_2B, "oadrSignedObject")))?;
    Some(object.first_element_child()?.range())
}
