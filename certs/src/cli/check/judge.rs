//! Each thing about the server's certificate by itself: chain, time, name, profile, pin.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use oadr_certs::describe::Description;
use oadr_certs::profile::Severity;
use oadr_certs::tls::Pin;
use oadr_certs::{Error, Fingerprint, Roots, Thumbprint};
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, RootCertStore};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};

use super::report::Report;
use super::url::Target;

/// What a server's certificate is judged by.
pub struct Trust {
    pub roots: Roots,
    pub crls: Vec<CertificateRevocationListDer<'static>>,
    pub pin: Option<Pin>,
}

/// Judges the chain; true if a request may be sent to such a server.
pub fn server(
    chain: &[CertificateDer<'static>],
    target: &Target,
    trust: &Trust,
    (now, report): (Timestamp, &mut Report),
) -> Result<bool, Error> {
    let Some(leaf) = chain.first() else {
        report.skipped("chain", "the server has not shown a certificate");
        return Ok(false);
    };
    let about = Description::of_der(leaf, now)?;
    let known = path(chain, target, trust, &about, now, report)?;
    expiry(&about, now, report);
    for finding in about.findings.iter().filter(|one| one.severity == Severity::Refused) {
        // Time was just told.
        if finding.clause != "rule 516" {
            report.bad("certificate", &finding.what, finding.mend);
        }
    }
    let named = name(leaf, target, &about, trust.pin.is_some(), report)?;
    let pinned = pin(leaf, trust.pin, report);
    Ok(known && pinned.unwrap_or(named))
}

fn path(
    chain: &[CertificateDer<'static>],
    target: &Target,
    trust: &Trust,
    about: &Description,
    now: Timestamp,
    report: &mut Report,
) -> Result<bool, Error> {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(trust.roots.ders().iter().cloned());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider)
        .with_crls(trust.crls.iter().cloned())
        .allow_unknown_revocation_status()
        .build()
        .map_err(|e| rustls::Error::General(e.to_string()))?;
    // At a time when the leaf was good: whether it is good now is a step of its own.
    let then = now.clamp(about.not_before, about.not_after.max(about.not_before));
    let then = Duration::from_secs(u64::try_from(then.as_second()).unwrap_or(0));
    let then = UnixTime::since_unix_epoch(then);
    let verdict = verifier.verify_server_cert(&chain[0], &chain[1..], &target.name, &[], then);
    let error = match verdict {
        Err(rustls::Error::InvalidCertificate(error)) if !is_name(&error) => error,
        Err(rustls::Error::InvalidCertificate(_)) | Ok(_) => {
            let seen = format!("{} certificates up to an authority we trust", chain.len());
            report.good("chain", seen);
            return Ok(true);
        }
        Err(e) => return Err(e.into()),
    };
    let (seen, mend) = broken_path(&error, &about.issuer);
    report.bad("chain", seen, mend);
    Ok(false)
}

fn broken_path(error: &CertificateError, issuer: &str) -> (String, String) {
    let (seen, mend) = match error {
        CertificateError::UnknownIssuer => (
            "it leads to no authority that we trust",
            format!(
                "give the CA of \"{issuer}\" with --ca; if that is an intermediate, the server \
                 must send it"
            ),
        ),
        CertificateError::Revoked => {
            ("it is on a revocation list", "the server needs a new certificate".to_owned())
        }
        CertificateError::BadSignature => (
            "the authority of that name has another key",
            format!("get the right CA file of \"{issuer}\" for --ca"),
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "an authority in it has expired",
            "the server needs a certificate of an authority that is still valid".to_owned(),
        ),
        other => {
            let mend = "the server needs a certificate of the OpenADR profile (rule 68)";
            return (other.to_string(), mend.to_owned());
        }
    };
    (seen.to_owned(), mend)
}

fn expiry(about: &Description, now: Timestamp, report: &mut Report) {
    let seen = format!("valid {} to {}", about.not_before, about.not_after);
    if now > about.not_after {
        let mend = "the server needs a new certificate (rule 516); if not, our clock is wrong";
        report.bad("expiry", format!("{seen}: over"), mend);
    } else if now < about.not_before {
        let mend = format!("our clock says {now}: set it right, or wait");
        report.bad("expiry", format!("{seen}: not yet"), mend);
    } else {
        report.good("expiry", seen);
    }
}

fn name(
    leaf: &CertificateDer<'_>,
    target: &Target,
    about: &Description,
    pinned: bool,
    report: &mut Report,
) -> Result<bool, Error> {
    let parsed = ParsedCertificate::try_from(leaf)?;
    if verify_server_name(&parsed, &target.name).is_ok() {
        report.good("host name", format!("{} stands in the certificate", target.host));
        return Ok(true);
    }
    let names = match about.names.is_empty() {
        true => "none".to_owned(),
        false => about.names.join(", "),
    };
    let seen = format!("{} is not among the certificate's names: {names}", target.host);
    if pinned {
        report.advice("host name", seen, "none needed while the pin stands in for the name");
    } else {
        let mend = format!(
            "call it by a name it has, have it issued with this one, or, if its fingerprint was \
             told you by its operator and is {}, pin it",
            about.fingerprint
        );
        report.bad("host name", seen, mend);
    }
    Ok(false)
}

fn pin(leaf: &CertificateDer<'_>, pin: Option<Pin>, report: &mut Report) -> Option<bool> {
    let thumbprint = Thumbprint::of_der(leaf);
    let fits = match pin? {
        Pin::Fingerprint(print) => thumbprint.fingerprint() == print,
        Pin::Thumbprint(print) => thumbprint == print,
    };
    let seen = Fingerprint::of_der(leaf);
    if fits {
        report.good("pin", seen);
    } else {
        let mend = "ask the server's operator whether its certificate was renewed; if not, \
                    somebody else answers";
        report.bad("pin", format!("the server shows {seen}"), mend);
    }
    Some(fits)
}

fn is_name(error: &CertificateError) -> bool {
    let context = matches!(error, CertificateError::NotValidForNameContext { .. });
    context || *error == CertificateError::NotValidForName
}
