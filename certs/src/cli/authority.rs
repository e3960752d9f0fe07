//! `certs init`, `certs issue`, `certs crl`: the throw-away authority on disk.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use oadr_certs::Error;
use oadr_certs::dev::{Ca, KeyKind, Role, Subject, Validity};
use oadr_certs::files::{self, Writing};

use super::{Done, say};

#[derive(Args)]
pub struct Init {
    /// Directory of the authority; it is made
    #[arg(long, default_value = "ca")]
    dir: PathBuf,
    /// Days of validity
    #[arg(long, default_value_t = 3650, value_parser = clap::value_parser!(u32).range(1..=36500))]
    days: u32,
    /// Replace an authority that is there
    #[arg(long)]
    force: bool,
}

impl Init {
    pub fn run(self, now: Timestamp) -> Done {
        if !self.force && self.dir.join("roots.pem").exists() {
            return Err(Error::Exists(self.dir.join("roots.pem")));
        }
        Ca::new(Validity::days(now, self.days))?.save(&self.dir, self.force)?;
        let dir = self.dir.display();
        say(format_args!("{dir}: a throw-away certificate authority, not for a real market"));
        say(format_args!("  trust every role:      {dir}/roots.pem"));
        say(format_args!("  trust VENs only:       {dir}/ven-ca.pem"));
        say(format_args!("  trust operators only:  {dir}/operator-ca.pem"));
        say(format_args!("next: certs issue vtn --dir {dir} --name vtn --host localhost"));
        Ok(true)
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum For {
    Vtn,
    Ven,
    Operator,
}

#[derive(Args)]
pub struct Issue {
    /// Whom it is for
    role: For,
    /// Common name, and the name of the files
    #[arg(long)]
    name: String,
    /// Kind of key: a VTN needs one of each, a VEN either
    #[arg(long, default_value = "ecc")]
    key: KeyKind,
    /// Host name or address it is reached under as a server; may be repeated
    #[arg(long = "host")]
    hosts: Vec<String>,
    /// Days of validity
    #[arg(long, default_value_t = 730, value_parser = clap::value_parser!(u32).range(1..=36500))]
    days: u32,
    /// Directory of the authority
    #[arg(long, default_value = "ca")]
    dir: PathBuf,
    /// Directory for the files
    #[arg(long, default_value = ".")]
    out: PathBuf,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

impl Issue {
    pub fn run(self, now: Timestamp) -> Done {
        let stem = file_stem(&self.name)?;
        let path = |end: &str| self.out.join(format!("{stem}.{end}"));
        let (cert, key, print) = (path("pem"), path("key"), path("fingerprint"));
        let taken = [&cert, &key, &print].into_iter().find(|path| path.exists());
        if let (Some(path), false) = (taken, self.force) {
            return Err(Error::Exists(path.clone()));
        }
        let role = match self.role {
            For::Vtn => Role::Vtn,
            For::Ven => Role::Ven,
            For::Operator => Role::Operator,
        };
        let ca = Ca::load(&self.dir)?;
        let validity = within(Validity::days(now, self.days), ca.validity());
        let subject = Subject { role, name: self.name, key: self.key, hosts: self.hosts };
        let identity = ca.issue_for(&subject, validity)?;
        let fingerprint = identity.thumbprint().fingerprint();
        std::fs::create_dir_all(&self.out).map_err(|e| Error::Unwritable(self.out.clone(), e))?;
        identity.save(&cert, &key, self.force)?;
        let how = Writing { secret: false, force: self.force };
        files::write(&print, format!("{fingerprint}\n").as_bytes(), how)?;
        say(fingerprint);
        say(format_args!("  certificate  {}  until {}", cert.display(), validity.not_after));
        say(format_args!("  key          {}", key.display()));
        if role == Role::Vtn && subject.hosts.is_empty() {
            say("  no --host: clients must pin the fingerprint, they cannot check the name");
        }
        Ok(true)
    }
}

#[derive(Args)]
pub struct Crl {
    /// A revoked certificate's file; name every one: the lists are made anew
    #[arg(long = "revoke")]
    revoked: Vec<PathBuf>,
    /// Days until the next lists
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
    /// Directory of the authority
    #[arg(long, default_value = "ca")]
    dir: PathBuf,
    /// File for the lists
    #[arg(long, default_value = "crl.pem")]
    out: PathBuf,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

impl Crl {
    pub fn run(self, now: Timestamp) -> Done {
        let ca = Ca::load(&self.dir)?;
        let mut revoked = Vec::new();
        for path in &self.revoked {
            revoked.extend(files::certificates(path)?.into_iter().take(1));
        }
        let lists = ca.crls(&revoked, Validity::days(now, self.days))?;
        let text: String = lists.iter().map(|list| files::pem("X509 CRL", list)).collect();
        files::write(&self.out, text.as_bytes(), Writing { secret: false, force: self.force })?;
        say(format_args!("{}: {} revoked", self.out.display(), revoked.len()));
        Ok(true)
    }
}

/// A certificate that outlives its issuer would only seem to be valid.
fn within(wanted: Validity, issuer: Validity) -> Validity {
    Validity { not_after: wanted.not_after.min(issuer.not_after), ..wanted }
}

/// The name as a file's: letters, digits, `.`, `_` and `-` stay, the rest becomes `-`.
fn file_stem(name: &str) -> Result<String, Error> {
    let plain = |c: char| c.is_alphanumeric() || "._-".contains(c);
    let stem: String = name.chars().map(|c| if plain(c) { c } else { '-' }).collect();
    let stem = stem.trim_start_matches('.').to_owned();
    if stem.is_empty() {
        return Err(Error::Issue(format!("the name {name:?} gives no file name")));
    }
    Ok(stem)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_name_cannot_leave_its_directory() {
        assert_eq!(file_stem("../../etc/x").unwrap(), "-..-etc-x");
        assert_eq!(file_stem("VEN 12/a").unwrap(), "VEN-12-a");
        assert!(file_stem("..").is_err());
        assert!(Path::new(&file_stem("/a").unwrap()).is_relative());
    }
}
