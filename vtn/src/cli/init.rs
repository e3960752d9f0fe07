//! `vtn init`: a commented configuration, and for laboratories everything else.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use oadr_certs::Identity;
use oadr_certs::dev::{Ca, KeyKind, Role, Validity};
use oadr_certs::files::{self, Writing};
use oadr_transport::{Clock, SystemClock};

use super::template::{Blanks, fill};
use super::{Done, Failure, show::say};

#[derive(Args)]
pub struct Init {
    /// Directory for the files; it is made
    #[arg(long, default_value = ".")]
    dir: PathBuf,
    /// Host name or address under which VENs reach this VTN; may be repeated
    #[arg(long = "host", default_value = "localhost")]
    hosts: Vec<String>,
    /// The vtnID
    #[arg(long, default_value = "VTN")]
    vtn_id: String,
    /// For a laboratory: also make a throw-away CA and certificates for the VTN, an
    /// administrator and some VENs, and take any VEN that has one
    #[arg(long)]
    lab: bool,
    /// How many VENs get a certificate (--lab)
    #[arg(long, default_value_t = 3, requires = "lab", value_parser = clap::value_parser!(u16).range(..=1000))]
    vens: u16,
    /// Days of validity (--lab)
    #[arg(long, default_value_t = 365, requires = "lab", value_parser = clap::value_parser!(u32).range(1..=36500))]
    days: u32,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

impl Init {
    pub fn run(self) -> Done {
        if let Some(odd) =
            [&self.vtn_id].into_iter().chain(&self.hosts).find(|text| !is_plain(text))
        {
            return Err(Failure::wrong(format!(
                "{odd:?} holds a character that has no place there"
            )));
        }
        let taken = self.files().into_iter().find(|path| path.exists());
        if let (Some(path), false) = (taken, self.force) {
            return Err(oadr_certs::Error::Exists(path).into());
        }
        std::fs::create_dir_all(&self.dir).map_err(|error| {
            Failure::wrong(format!("cannot make {}: {error}", self.dir.display()))
        })?;
        if self.lab { self.laboratory(SystemClock.now()) } else { self.plain() }
    }

    /// Everything that would be written, the authority's files but one excepted.
    fn files(&self) -> Vec<PathBuf> {
        let mut files = vec![self.path("vtn.toml")];
        if self.lab {
            files.push(self.path("ca").join("roots.pem"));
            for (stem, ..) in self.identities() {
                files
                    .extend([self.path(&format!("{stem}.pem")), self.path(&format!("{stem}.key"))]);
            }
        }
        files
    }

    fn identities(&self) -> Vec<(String, Role, KeyKind)> {
        let mut identities = vec![
            ("vtn-ecc".to_owned(), Role::Vtn, KeyKind::Ecc),
            ("vtn-rsa".to_owned(), Role::Vtn, KeyKind::Rsa),
            ("operator".to_owned(), Role::Operator, KeyKind::Ecc),
        ];
        identities.extend((1..=self.vens).map(|at| (format!("ven-{at}"), Role::Ven, KeyKind::Ecc)));
        identities
    }

    fn plain(&self) -> Done {
        self.write_config("known", None, "")?;
        let dir = self.dir.display();
        say(format_args!("{dir}/vtn.toml: written. Now put beside it, or change the paths:"));
        say("  vtn-ecc.pem, vtn-ecc.key    the VTN's certificate chain and key (P-256)");
        say("  vtn-rsa.pem, vtn-rsa.key    the same with an RSA key, or take its [[identity]] out");
        say("  ca/ven-ca.pem               who issues the VENs' certificates");
        say("  ca/operator-ca.pem          who issues the operators' certificates");
        say("and write the operators into it. For a trial: vtn init --lab makes all of that.");
        Ok(())
    }

    fn laboratory(&self, now: Timestamp) -> Done {
        let ca = Ca::new(Validity::days(now, self.days))?;
        ca.save(&self.path("ca"), self.force)?;
        let mut operators = String::new();
        let mut prints = Vec::new();
        for (stem, role, kind) in self.identities() {
            let hosts = if role == Role::Vtn { self.lab_hosts() } else { Vec::new() };
            let identity = ca.issue(role, &stem, kind, &hosts)?;
            self.save(&stem, &identity)?;
            let print = identity.thumbprint().fingerprint();
            if role == Role::Operator {
                let whole = identity.thumbprint();
                operators = format!(
                    "[[operator]]\nname = \"{stem}\"\nfingerprint = \"{whole}\"\n\
                     role = \"administrator\"\n"
                );
            }
            prints.push((stem, print));
        }
        self.write_config("open", Some(&operators), LAB_HEAD)?;
        say("A LABORATORY: throw-away certificates, keys unencrypted on disk, any VEN is taken.");
        say("Never use this for a real market.");
        for (stem, print) in prints {
            say(format_args!("  {stem:<10} {print}"));
        }
        say(format_args!("next: vtn run --config {}", self.path("vtn.toml").display()));
        Ok(())
    }

    fn write_config(&self, policy: &str, operators: Option<&str>, head: &str) -> Done {
        let host = self.hosts.first().map_or("localhost", String::as_str);
        let blanks = Blanks { vtn_id: &self.vtn_id, host, policy, operators, head };
        let how = Writing { secret: false, force: self.force };
        Ok(files::write(&self.path("vtn.toml"), fill(&blanks).as_bytes(), how)?)
    }

    fn save(&self, stem: &str, identity: &Identity) -> Done {
        let path = |end: &str| self.path(&format!("{stem}.{end}"));
        Ok(identity.save(&path("pem"), &path("key"), self.force)?)
    }

    /// The names of the VTN's certificate: what was asked for, and this machine.
    fn lab_hosts(&self) -> Vec<String> {
        let mut hosts = self.hosts.clone();
        for own in ["localhost", "127.0.0.1", "::1"] {
            if !hosts.iter().any(|host| host == own) {
                hosts.push(own.to_owned());
            }
        }
        hosts
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new(&self.dir).join(name)
    }
}

/// Whether a text can stand in a TOML string and on a line of it.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_control() || c == '"' || c == '\\')
}

const LAB_HEAD: &str = "#
# A LABORATORY: throw-away certificates, any VEN that has one is taken. Not for a real market.
";
