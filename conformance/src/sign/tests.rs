//! Signatures against those of others: made here, checked by `xmlsec1`, and the samples' shapes.

use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_schemas::openadr;
use oadr_schemas::openadr::oadr::OadrPoll;

use super::*;

fn poll(ven: &str) -> String {
    openadr::encode(OadrPoll { schema_version: None, ven_id: ven.to_owned() }.into(), None)
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

struct Lab {
    ca: Ca,
    own: Identity,
}

fn lab(key: KeyKind) -> Lab {
    let ca = Ca::new(Validity::days(now(), 30)).unwrap();
    let own = ca.issue(Role::Ven, "signer", key, &[]).unwrap();
    Lab { ca, own }
}

/// `None`, with a word, where there is no `xmlsec1`.
async fn signer(identity: &Identity) -> Option<Signer> {
    match Signer::new(identity).await {
        Ok(signer) => Some(signer),
        Err(Stop::Skip(why)) => {
            eprintln!("not tested: {why}");
            None
        }
        Err(other) => panic!("{other:?}"),
    }
}

async fn flaws(lab: &Lab, document: &str) -> Vec<Flaw> {
    let verifier = Verifier::new(&lab.ca.roots()).await.unwrap();
    let sealed = verifier.verify(document, lab.own.leaf()).await.unwrap();
    let mut flaws: Vec<_> = sealed.findings.iter().map(|one| one.flaw).collect();
    flaws.sort();
    flaws.dedup();
    flaws
}

#[tokio::test]
async fn what_is_signed_with_either_key_has_no_flaw_and_is_still_a_message() {
    for key in [KeyKind::Ecc, KeyKind::Rsa] {
        let lab = lab(key);
        let Some(signer) = signer(&lab.own).await else { return };
        let signed = signer.sign(&poll("v"), &Seal::at(now())).await.unwrap();
        assert_eq!(flaws(&lab, &signed).await, []);
        let received =
            openadr::decode(signed.as_bytes(), &oadr_schemas::xml::Limits::reports()).unwrap();
        assert_eq!(received.message.name(), "oadrPoll");
        assert!(received.signature.is_some());
    }
}

#[tokio::test]
async fn every_way_of_spoiling_is_a_flaw_of_its_own() {
    let lab = lab(KeyKind::Ecc);
    let Some(signer) = signer(&lab.own).await else { return };
    let seal = Seal::at(now());
    let good = signer.sign(&poll("v"), &seal).await.unwrap();
    assert_eq!(flaws(&lab, &poll("v")).await, [Flaw::Missing]);
    assert_eq!(flaws(&lab, &good.replace(">v<", ">w<")).await, [Flaw::Invalid]);
    let undated = Seal { stamp: None, ..seal.clone() };
    let undated = signer.sign(&poll("v"), &undated).await.unwrap();
    assert_eq!(flaws(&lab, &undated).await, [Flaw::Undated]);
    let unlisted = Seal { unlisted: true, ..seal.clone() };
    let unlisted = signer.sign(&poll("v"), &unlisted).await.unwrap();
    assert_eq!(flaws(&lab, &unlisted).await, [Flaw::Method]);
    let wrapped = Seal { decoy: Some(poll("v")), ..seal.clone() };
    let wrapped = signer.sign(&poll("w"), &wrapped).await.unwrap();
    assert_eq!(flaws(&lab, &wrapped).await, [Flaw::Uncovered], "{wrapped}");
}

#[tokio::test]
async fn a_signature_of_another_is_told_by_certificate_or_by_arithmetic() {
    let lab = lab(KeyKind::Ecc);
    let other = lab.ca.issue(Role::Ven, "another", KeyKind::Ecc, &[]).unwrap();
    let (Some(own), Some(other)) = (signer(&lab.own).await, signer(&other).await) else { return };
    let theirs = other.sign(&poll("v"), &Seal::at(now())).await.unwrap();
    assert_eq!(flaws(&lab, &theirs).await, [Flaw::Signer]);
    assert_eq!(flaws(&lab, &own.pretend(&theirs)).await, [Flaw::Invalid]);
}

#[tokio::test]
async fn the_other_certificate_of_the_same_party_is_the_senders_if_its_chain_is_shown() {
    let lab = lab(KeyKind::Ecc);
    let rsa = lab.ca.issue(Role::Ven, "signer", KeyKind::Rsa, &[]).unwrap();
    let Some(signer) = signer(&rsa).await else { return };
    let alone = signer.sign(&poll("v"), &Seal::at(now())).await.unwrap();
    assert_eq!(flaws(&lab, &alone).await, [Flaw::Signer]);
    let issuer = oadr_certs::files::pem("CERTIFICATE", &rsa.chain[1]);
    let issuer: String = issuer.lines().filter(|line| !line.starts_with('-')).collect();
    let end = "</ds:X509Certificate>";
    let both = format!("{end}<ds:X509Certificate>{issuer}{end}");
    assert_eq!(flaws(&lab, &alone.replace(end, &both)).await, []);
}

#[tokio::test]
async fn the_key_is_readable_by_nobody_else_and_gone_with_its_signer() {
    use std::os::unix::fs::PermissionsExt as _;
    let lab = lab(KeyKind::Ecc);
    let Some(signer) = signer(&lab.own).await else { return };
    let key = signer.desk.path("key.pem");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&key), mode(key.parent().unwrap())), (0o600, 0o700));
    drop(signer);
    assert!(!key.exists());
}
