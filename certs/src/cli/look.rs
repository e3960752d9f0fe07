//! `certs fingerprint` and `certs show`.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use oadr_certs::describe::{self, Description};
use oadr_certs::profile::Severity;
use oadr_certs::{Error, files};
use serde::Serialize;

use super::{Done, say};

#[derive(Args)]
pub struct Fingerprint {
    /// Certificate (PEM or DER); of a chain the first is meant
    file: PathBuf,
    /// The whole SHA-256 in hex instead
    #[arg(long)]
    sha256: bool,
}

impl Fingerprint {
    pub fn run(self) -> Done {
        // `files::certificates` never gives an empty list.
        for der in files::certificates(&self.file)?.iter().take(1) {
            let thumbprint = oadr_certs::Thumbprint::of_der(der);
            if self.sha256 {
                say(thumbprint);
            } else {
                say(thumbprint.fingerprint());
            }
        }
        Ok(true)
    }
}

#[derive(Args)]
pub struct Show {
    /// Certificates (PEM, any number, or one DER)
    file: PathBuf,
    /// For programs: an array, one object a certificate
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    description: Description,
    /// Whether the next certificate of the file issued this one; none for the last.
    issued_by_next: Option<bool>,
}

impl Show {
    pub fn run(self, now: Timestamp) -> Done {
        let ders = files::certificates(&self.file)?;
        let mut shown = Vec::new();
        for (at, der) in ders.iter().enumerate() {
            let description = Description::of_der(der, now)?;
            let issued_by_next = ders.get(at + 1).map(|next| describe::issued(der, next));
            shown.push(Shown { description, issued_by_next });
        }
        if self.json {
            let text = serde_json::to_string_pretty(&shown);
            say(text.map_err(|e| Error::Content("JSON".to_owned(), e.to_string()))?);
        } else {
            shown.iter().for_each(print);
        }
        let refused = |one: &Shown| {
            one.description.findings.iter().any(|finding| finding.severity == Severity::Refused)
        };
        Ok(!shown.iter().any(refused))
    }
}

fn print(shown: &Shown) {
    let one = &shown.description;
    say(format_args!("subject      {}", one.subject));
    say(format_args!("issuer       {}", one.issuer));
    if one.authority {
        say("             a certificate authority's own");
    } else if !one.names.is_empty() {
        say(format_args!("names        {}", one.names.join(", ")));
    }
    say(format_args!("key          {}", one.key));
    say(format_args!("valid        {} to {}", one.not_before, one.not_after));
    say(format_args!("serial       {}", one.serial));
    say(format_args!("fingerprint  {}", one.fingerprint));
    say(format_args!("SHA-256      {}", one.thumbprint));
    match shown.issued_by_next {
        Some(true) => say("chain        issued by the next certificate"),
        Some(false) => say("chain        NOT issued by the next certificate: wrong order or file"),
        None => {}
    }
    for finding in &one.findings {
        let weight = match finding.severity {
            Severity::Refused => "REFUSED",
            Severity::Advice => "advice",
        };
        say(format_args!("{weight:<12} {} ({})", finding.what, finding.clause));
        say(format_args!("             {}", finding.mend));
    }
    if one.findings.is_empty() && !one.authority {
        say("OpenADR      wants nothing more of it");
    }
    say("");
}
