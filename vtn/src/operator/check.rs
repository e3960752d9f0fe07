//! `vtn.toml` looked over before it is used: the files it names, what ends soon, what a utility
//! would not want. Opens no port and no store.

use std::path::PathBuf;

use jiff::Timestamp;
use oadr_certs::tls::{Reloadable, TimeSource};
use oadr_certs::{Identity, PeerCertificate, Roots, profile};
use serde::Serialize;

use super::config::{Config, IdentityFiles};
use super::program::private;
use super::role::Role;
use crate::settings::Policy;

/// Something about a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether it is to be mended before the VTN, or the commands that call it, can be used.
    pub fault: bool,
    /// The key, such as `identity`.
    pub key: &'static str,
    /// What is wrong, or to be minded, and the mend.
    pub what: String,
}

/// Everything that can be said of a configuration that was read, faults first.
#[must_use]
pub fn look_over(config: &Config, now: Timestamp) -> Vec<Finding> {
    let mut found = Vec::new();
    for one in &config.identity {
        identity(&mut found, "identity", one, now);
    }
    authorities(&mut found, "ca", &config.ca);
    authorities(&mut found, "api.ca", &config.api.ca);
    let time = TimeSource::new(move || now);
    // Both doors as a whole, with their revocation lists; what is wrong with a part has been told.
    if found.iter().all(|one| !one.fault) {
        let vens = Reloadable::load(config.ven_files(time.clone()));
        found.extend(vens.err().map(|error| fault("crl", error)));
        let operators = Reloadable::load(config.operator_files(time));
        found.extend(operators.err().map(|error| fault("api.crl", error)));
    }
    if let Some(client) = &config.client {
        let (certificate, key) = (client.certificate.clone(), client.key.clone());
        identity(&mut found, "client", &IdentityFiles { certificate, key }, now);
        authorities(&mut found, "client.ca", &client.ca);
    }
    let dir = config.audit_dir();
    if dir.exists() && !dir.is_dir() {
        found.push(fault("audit.dir", format!("{} is not a directory", dir.display())));
    }
    advise(&mut found, config);
    found.sort_by_key(|one| !one.fault);
    found
}

/// Authorities: there, and certificates.
fn authorities(found: &mut Vec<Finding>, key: &'static str, files: &[PathBuf]) {
    found.extend(Roots::from_pem_files(files).err().map(|error| fault(key, error)));
}

/// A certificate and its key: there, private, of each other, in their time.
fn identity(found: &mut Vec<Finding>, key: &'static str, files: &IdentityFiles, now: Timestamp) {
    if let Err(error) = private(&files.key) {
        return found.push(fault(key, error));
    }
    let read = Identity::from_pem_files(&files.certificate, &files.key)
        .and_then(|own| PeerCertificate::from_der(own.leaf()));
    match read {
        Err(error) => found.push(fault(key, error)),
        Ok(own) if own.is_expired(now) => {
            let file = files.certificate.display();
            let what = format!("{file} ended at {}: renew it", own.not_after);
            found.push(Finding { fault: true, key, what });
        }
        Ok(own) if own.not_after.duration_since(now) < profile::WARN_AHEAD => {
            let file = files.certificate.display();
            found.push(advice(key, format!("{file} ends at {}: renew it", own.not_after)));
        }
        Ok(_) => {}
    }
}

/// What runs, and that somebody may not want.
fn advise(found: &mut Vec<Finding>, config: &Config) {
    if config.vtn.policy == Policy::Open {
        let what = "\"open\" takes every VEN that the authorities know: for laboratories only";
        found.push(advice("vtn.policy", what));
    }
    let roles = |least: Role| config.operators.iter().any(|one| one.role >= least);
    if !roles(Role::Viewer) {
        found.push(advice("operator", "nobody may operate this VTN: list a certificate"));
    } else if !roles(Role::Administrator) {
        found.push(advice("operator", "no administrator is listed: nobody may enrol VENs"));
    }
    if config.ca.iter().any(|ca| config.api.ca.contains(ca)) {
        let what = "is in `ca` too: VENs get through the operators' handshake (the list still \
            refuses them); give operators an authority of their own";
        found.push(advice("api.ca", what));
    }
    if config.crl.is_empty() && !config.revocation.refuse_unknown {
        found.push(advice(
            "crl",
            "no revocation list: a revoked certificate is taken until it ends",
        ));
    }
    if config.audit.keep_days == 0 {
        found.push(advice("audit.keep_days", "0 keeps all for ever: mind the disk"));
    }
    if config.vtn.trace_messages.is_some() {
        found.push(advice("vtn.trace_messages", "raw messages are kept: they are personal data"));
    }
}

fn fault(key: &'static str, error: impl std::fmt::Display) -> Finding {
    Finding { fault: true, key, what: error.to_string() }
}

fn advice(key: &'static str, what: impl Into<String>) -> Finding {
    Finding { fault: false, key, what: what.into() }
}
