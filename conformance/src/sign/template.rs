//! A document made ready for its signature: the element that `xmlsec1` fills. Rule 514.

use jiff::Timestamp;
use roxmltree::Document;

use super::{DS, DSP, nonce};
use crate::say::NS_2B;
use crate::verdict::{Stop, inconclusive};

/// How a signature is made; [`Seal::at`] makes a good one, the fields can be spoiled.
#[derive(Clone, Debug)]
pub struct Seal {
    /// The time in ReplayProtect; `None`: there is no ReplayProtect.
    pub stamp: Option<Timestamp>,
    /// The nonce in ReplayProtect.
    pub nonce: String,
    /// Another document: the signature covers that one, hidden in a ds:Object, and not its own.
    pub decoy: Option<String>,
    /// Methods that rule 514 does not list.
    pub unlisted: bool,
}

impl Seal {
    /// A good one, of this time.
    pub fn at(now: Timestamp) -> Self {
        Self { stamp: Some(now), nonce: nonce(), decoy: None, unlisted: false }
    }
}

/// Puts the Signature, still empty, in front of the oadrSignedObject and gives that its Id.
///
/// # Errors
/// Inconclusive, if the document is no envelope.
pub fn fill(document: &str, seal: &Seal, rsa: bool) -> Result<String, Stop> {
    let own_id = if seal.decoy.is_some() { "unsigned" } else { OBJECT_ID };
    let (at, envelope) = with_id(document, own_id)?;
    let (references, objects) = parts(seal)?;
    let hash = if seal.unlisted { "sha512" } else { "sha256" };
    let method = format!("{MORE}{}-{hash}", if rsa { "rsa" } else { "ecdsa" });
    let signature = format!(
        "<ds:Signature xmlns:ds=\"{DS}\" Id=\"signature\"><ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"{C14N}\"/><ds:SignatureMethod Algorithm=\"{method}\"/>\
         {references}</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo>\
         {objects}</ds:Signature>"
    );
    Ok(format!("{}{signature}{}", &envelope[..at], &envelope[at..]))
}

/// The References, and the Objects they and the verifier look for.
fn parts(seal: &Seal) -> Result<(String, String), Stop> {
    let hash = if seal.unlisted { "sha512" } else { "sha256" };
    let reference = |id: &str| {
        format!(
            "<ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform Algorithm=\"{C14N}\"/>\
             </ds:Transforms><ds:DigestMethod Algorithm=\"{ENC}{hash}\"/><ds:DigestValue/>\
             </ds:Reference>"
        )
    };
    let (mut references, mut objects) = (reference(OBJECT_ID), String::new());
    if let Some(stamp) = seal.stamp {
        references += &reference("replay");
        let nonce = &seal.nonce;
        objects += &format!(
            "<ds:Object Id=\"replay\"><ds:SignatureProperties><ds:SignatureProperty \
             Target=\"#signature\"><dsp:ReplayProtect xmlns:dsp=\"{DSP}\"><dsp:timestamp>{stamp}\
             </dsp:timestamp><dsp:nonce>{nonce}</dsp:nonce></dsp:ReplayProtect>\
             </ds:SignatureProperty></ds:SignatureProperties></ds:Object>"
        );
    }
    if let Some(decoy) = &seal.decoy {
        let (_, decoy) = with_id(decoy, OBJECT_ID)?;
        let declared = decoy.find("?>").map_or(0, |at| at + 2);
        objects += &format!("<ds:Object>{}</ds:Object>", &decoy[declared..]);
    }
    Ok((references, objects))
}

/// The document with an Id at its oadrSignedObject, and where that element begins.
fn with_id(document: &str, id: &str) -> Result<(usize, String), Stop> {
    let tree = Document::parse(document)
        .map_err(|error| Stop::Inconclusive(format!("what is to be signed is no XML: {error}")))?;
    let mut elements = tree.root_element().children().filter(roxmltree::Node::is_element);
    let object = elements.find(|node| node.has_tag_name((NS_2B, "oadrSignedObject")));
    let Some(object) = object else { return inconclusive("what is to be signed is no envelope") };
    let at = object.range().start;
    let name = document[at..].split(['>', '/', ' ']).next().unwrap_or_default();
    let end = at + name.len();
    let attribute = match name.trim_start_matches('<').split_once(':') {
        Some((prefix, _)) => format!(" {prefix}:Id=\"{id}\""),
        None => format!(" xmlns:oadr=\"{NS_2B}\" oadr:Id=\"{id}\""),
    };
    Ok((at, format!("{}{attribute}{}", &document[..end], &document[end..])))
}

const OBJECT_ID: &str = "oadrSignedObject";
const C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const ENC: &str = "http://www.w3.org/2001/04/xmlenc#";
const MORE: &str = "http://www.w3.org/2001/04/xmldsig-more#";
