//! What a signature says, and what is wrong with its form: all but the arithmetic. Profile 10.6,
//! rule 514.

use jiff::Timestamp;
use oadr_certs::Roots;
use oadr_certs::describe::{Description, issued};
use roxmltree::{Document, Node};

use super::{DS, DSP};
use crate::say::NS_2B;

/// A kind of thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// There is no signature, or no XML at all.
    Missing,
    /// Signature and oadrSignedObject are not the two children of oadrPayload.
    Place,
    /// A method that rule 514 does not list.
    Method,
    /// KeyInfo shows no certificate, or that of somebody else than who sent it.
    Signer,
    /// No Reference leads to the oadrSignedObject that counts.
    Uncovered,
    /// There is no ReplayProtect with time and nonce.
    Undated,
    /// ReplayProtect is there, but not covered: the Profile leaves that open.
    Unprotected,
    /// The arithmetic does not come out.
    Invalid,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its kind.
    pub flaw: Flaw,
    /// What and where.
    pub what: String,
}

/// What a document says of its signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// The time of sending.
    pub stamp: Option<Timestamp>,
    /// The nonce.
    pub nonce: Option<String>,
    /// The signer's certificate, DER.
    pub certificate: Option<Vec<u8>>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Finding {
    /// Of this kind.
    pub fn new(flaw: Flaw, what: impl Into<String>) -> Self {
        Self { flaw, what: what.into() }
    }
}

impl Sealed {
    /// What is wrong of one kind.
    pub fn of(&self, flaw: Flaw) -> Vec<&str> {
        let found = self.findings.iter().filter(|one| one.flaw == flaw);
        found.map(|one| one.what.as_str()).collect()
    }

    fn note(&mut self, flaw: Flaw, what: impl Into<String>) {
        self.findings.push(Finding::new(flaw, what));
    }
}

/// Reads a document sent by whoever showed the certificate `peer` to TLS.
pub fn read(document: &str, peer: &[u8], roots: &Roots) -> Sealed {
    let mut sealed = Sealed::default();
    // A DTD is an error here: what it declares would be seen differently by others.
    let tree = match Document::parse(document) {
        Ok(tree) => tree,
        Err(error) => {
            sealed.note(Flaw::Missing, error.to_string());
            return sealed;
        }
    };
    let root = tree.root_element();
    let Some(signature) = tree.descendants().find(|node| node.has_tag_name((DS, "Signature")))
    else {
        sealed.note(Flaw::Missing, format!("{} without Signature", root.tag_name().name()));
        return sealed;
    };
    let parts: Vec<_> = root.children().filter(Node::is_element).collect();
    let object = match parts[..] {
        [first, object]
            if root.has_tag_name((NS_2B, "oadrPayload"))
                && first == signature
                && object.has_tag_name((NS_2B, "oadrSignedObject")) =>
        {
            object
        }
        _ => {
            let names: Vec<_> = parts.iter().map(|node| node.tag_name().name()).collect();
            sealed.note(Flaw::Place, format!("{} of {names:?}", root.tag_name().name()));
            return sealed;
        }
    };
    methods(signature, &mut sealed);
    signer(signature, (peer, roots), &mut sealed);
    coverage(&tree, (signature, object), &mut sealed);
    sealed
}

fn methods(signature: Node, sealed: &mut Sealed) {
    let Some(info) = child(signature, "SignedInfo") else {
        return sealed.note(Flaw::Method, "there is no SignedInfo");
    };
    for (name, listed) in [
        ("CanonicalizationMethod", &CANONICAL[..]),
        ("Transform", &CANONICAL[..]),
        ("SignatureMethod", &SIGNATURE[..]),
        ("DigestMethod", &DIGEST[..]),
    ] {
        for node in info.descendants().filter(|node| node.has_tag_name((DS, name))) {
            let method = node.attribute("Algorithm").unwrap_or_default();
            if !listed.contains(&method) {
                sealed.note(Flaw::Method, format!("{name} {method:?}"));
            }
        }
    }
}

fn signer(signature: Node, (peer, roots): (&[u8], &Roots), sealed: &mut Sealed) {
    let data = child(signature, "KeyInfo").and_then(|info| child(info, "X509Data"));
    let shown = data.into_iter().flat_map(|data| data.children());
    let shown = shown.filter(|node| node.has_tag_name((DS, "X509Certificate")));
    let shown: Vec<_> = shown.filter_map(|node| der(node.text().unwrap_or_default())).collect();
    let Some(first) = shown.iter().find(|own| own.as_slice() == peer).or(shown.first()) else {
        return sealed.note(Flaw::Signer, "KeyInfo has no X509Data with a certificate");
    };
    if first != peer && !same_party((first, peer), &shown, roots) {
        let subject = subject(first).unwrap_or_default();
        sealed.note(Flaw::Signer, format!("the certificate of {subject} is not the sender's"));
    }
    sealed.certificate = Some(first.clone());
}

/// A VTN has two certificates (rule 68) and may sign with the one that TLS did not choose; then
/// KeyInfo has to show how a trusted authority vouches for it.
fn same_party((signer, peer): (&[u8], &[u8]), shown: &[Vec<u8>], roots: &Roots) -> bool {
    let rooted = |der: &[u8]| roots.ders().iter().any(|root| issued(der, root));
    let chained = |der: &[u8]| shown.iter().any(|one| issued(der, one) && rooted(one));
    let vouched = rooted(signer) || chained(signer);
    vouched && subject(signer).is_some() && subject(signer) == subject(peer)
}

fn subject(der: &[u8]) -> Option<String> {
    Description::of_der(der, Timestamp::MIN).ok().map(|about| about.subject)
}

fn coverage(tree: &Document, (signature, object): (Node, Node), sealed: &mut Sealed) {
    let info = child(signature, "SignedInfo");
    let references = info.into_iter().flat_map(|info| info.children());
    let references = references.filter(|node| node.has_tag_name((DS, "Reference")));
    let covered: Vec<_> = references
        .filter_map(|node| node.attribute("URI")?.strip_prefix('#'))
        .filter_map(|id| the_one(tree, id))
        .collect();
    if !covered.contains(&object) {
        sealed.note(Flaw::Uncovered, "no Reference leads to the oadrSignedObject");
    }
    let replay = [(DS, "Object"), (DS, "SignatureProperties"), (DS, "SignatureProperty")];
    let mut places = vec![signature];
    for name in replay.into_iter().chain([(DSP, "ReplayProtect")]) {
        places = places.into_iter().flat_map(|node| node.children()).collect();
        places.retain(|node| node.has_tag_name(name));
    }
    let Some(replay) = places.first() else {
        return sealed.note(Flaw::Undated, "there is no ReplayProtect");
    };
    let text = |name: &str| {
        let node = replay.children().find(|node| node.has_tag_name((DSP, name)));
        node.and_then(|node| node.text()).map(|text| text.trim().to_owned())
    };
    sealed.stamp = text("timestamp").and_then(|text| text.parse().ok());
    sealed.nonce = text("nonce").filter(|nonce| !nonce.is_empty());
    if sealed.stamp.is_none() || sealed.nonce.is_none() {
        sealed.note(Flaw::Undated, "ReplayProtect lacks its timestamp or its nonce");
    }
    if !replay.ancestors().any(|node| node != signature && covered.contains(&node)) {
        sealed.note(Flaw::Unprotected, "no Reference leads to ReplayProtect");
    }
}

/// The only element of an Id; two of the same are as good as none.
fn the_one<'a>(tree: &'a Document, id: &str) -> Option<Node<'a, 'a>> {
    let is_it = |node: &Node| {
        let ids = node.attributes().filter(|own| own.name().eq_ignore_ascii_case("id"));
        ids.into_iter().any(|own| own.value() == id)
    };
    let mut found = tree.descendants().filter(is_it);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|node| node.has_tag_name((DS, name)))
}

fn der(base64: &str) -> Option<Vec<u8>> {
    let base64: String = base64.split_whitespace().collect();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
    let found = oadr_certs::files::certificates_in(pem.as_bytes(), "X509Certificate").ok()?;
    found.first().map(|der| der.to_vec())
}

const CANONICAL: [&str; 2] = [
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
];
const SIGNATURE: [&str; 4] = [
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
];
const DIGEST: [&str; 2] =
    ["http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmlenc#sha256"];
