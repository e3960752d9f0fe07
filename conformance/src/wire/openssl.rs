//! The `openssl` program, for what this project's TLS library rightly cannot do: the suites of
//! rule 67, TLS 1.1, short keys, certificates of version 1. OpenADR 2.0b Profile, rules 67, 68.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use oadr_certs::Identity;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::client::Address;
use crate::stage::told;
use crate::verdict::{Stop, inconclusive};

/// The program, and a folder of its own that goes when this is dropped.
pub struct OpenSsl {
    home: PathBuf,
}

/// Whom `s_client` calls, how, and what it says.
pub struct Call<'a> {
    /// The server.
    pub address: &'a Address,
    /// Certificate, chain and key; their names in the folder.
    pub shown: &'a Shown,
    /// Switches of s_client: versions, suites.
    pub switches: &'a [&'a str],
    /// What is sent once the handshake is done; empty: nothing.
    pub request: Vec<u8>,
}

/// A client's certificate in files.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its issuers.
    pub chain: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// What came of a call.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// All that the program wrote.
    pub text: String,
}

impl OpenSsl {
    /// Finds the program.
    ///
    /// # Errors
    /// Skip, if it is not installed.
    pub async fn find() -> Result<Self, Stop> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("oadr-conformance-{}-{number}", std::process::id());
        let home = std::env::temp_dir().join(name);
        let found = Self { home };
        let version = found.run(&["version"], &[]).await;
        let version =
            version.map_err(|_| Stop::Skip("the program openssl is needed".to_owned()))?;
        if !version.status.success() {
            return Err(Stop::Skip("the program openssl does not run".to_owned()));
        }
        std::fs::create_dir_all(&found.home).map_err(told)?;
        Ok(found)
    }

    /// A file of the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// Runs a command that must succeed; relative names are those of the folder.
    ///
    /// # Errors
    /// Inconclusive, with what it says.
    pub async fn make(&self, line: &str) -> Result<String, Stop> {
        let words: Vec<_> = line.split_whitespace().collect();
        let output = self.run(&words, &[]).await.map_err(told)?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            return inconclusive(format!("openssl {line}: {why}"));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Puts a certificate into files.
    ///
    /// # Errors
    /// If they cannot be written.
    pub async fn store(&self, name: &str, identity: &Identity) -> Result<Shown, Stop> {
        let certificate = self.file(&format!("{name}.pem"));
        let key = self.file(&format!("{name}.key"));
        identity.save(&certificate, &key, true).map_err(told)?;
        let mut chain = String::new();
        for issuer in identity.chain.iter().skip(1) {
            std::fs::write(self.file("issuer.der"), issuer).map_err(told)?;
            chain.push_str(&self.make("x509 -inform DER -in issuer.der").await?);
        }
        let issuers = self.file(&format!("{name}-issuers.pem"));
        std::fs::write(&issuers, chain).map_err(told)?;
        Ok(Shown { certificate, chain: issuers, key })
    }

    /// Calls a server.
    ///
    /// # Errors
    /// If the program cannot be run, or does not end.
    pub async fn call(&self, call: Call<'_>) -> Result<Spoken, Stop> {
        let host = &call.address.host;
        let server = call.address.authority();
        let mut words: Vec<OsString> = ["s_client", "-connect", &server].map(Into::into).into();
        if host.parse::<std::net::IpAddr>().is_err() {
            words.extend(["-servername", host].map(Into::into));
        }
        for (switch, file) in [
            ("-cert", &call.shown.certificate),
            ("-cert_chain", &call.shown.chain),
            ("-key", &call.shown.key),
        ] {
            words.extend([switch.into(), file.into()]);
        }
        words.extend(call.switches.iter().map(Into::into));
        if !call.request.is_empty() {
            // Nothing but what the server says, until it hangs up.
            words.push("-quiet".into());
        }
        let output = self.run(&words, &call.request).await.map_err(told)?;
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        Ok(Spoken { text })
    }

    async fn run(
        &self,
        words: &[impl AsRef<std::ffi::OsStr>],
        input: &[u8],
    ) -> std::io::Result<Output> {
        let mut command = Command::new("openssl");
        command.args(words).kill_on_drop(true);
        if Path::new(&self.home).exists() {
            command.current_dir(&self.home);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that has ended already has its reasons, and says them.
            let _ = stdin.write_all(input).await;
        }
        let output = tokio::time::timeout(LONGEST, child.wait_with_output()).await;
        output.map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))?
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

impl Spoken {
    /// The suite that was agreed on, as the program names it; `None` if the handshake failed, or
    /// a request was sent.
    pub fn suite(&self) -> Option<&str> {
        let alert = self.text.contains("alert handshake failure");
        let line = self.text.lines().find(|line| line.contains(", Cipher is "))?;
        let suite = line.rsplit(' ').next()?;
        (!alert && suite != "(NONE)").then_some(suite)
    }

    /// The status of the HTTP answer, if one came.
    pub fn status(&self) -> Option<u16> {
        let line = self.text.lines().find(|line| line.starts_with("HTTP/1."))?;
        line.split(' ').nth(1)?.parse().ok()
    }

    /// Whether the program itself would not play along, before it called.
    pub fn is_unable(&self) -> bool {
        ["no protocols available", "no cipher match", "Error with command"]
            .iter()
            .any(|trouble| self.text.contains(trouble))
    }

    /// Its complaints, for people.
    pub fn story(&self) -> String {
        let told = self.text.lines().filter(|line| {
            line.contains("error") || line.contains("alert") || line.contains("Cipher is")
        });
        told.collect::<Vec<_>>().join("; ")
    }
}

/// No command takes longer, of the machine's time.
const LONGEST: Duration = Duration::from_secs(15);
static NUMBER: AtomicUsize = AtomicUsize::new(0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_is_agreed_on_or_none_is() {
        for (text, suite) in [
            ("---\nNew, TLSv1.2, Cipher is AES128-SHA256\n", Some("AES128-SHA256")),
            ("---\nNew, (NONE), Cipher is (NONE)\n", None),
            ("connect: refused\n", None),
            // Refused for its certificate, after a suite was agreed on.
            ("New, TLSv1.2, Cipher is AES128-SHA256\n:sslv3 alert handshake failure:", None),
        ] {
            assert_eq!(Spoken { text: text.to_owned() }.suite(), suite, "{text}");
        }
    }

    #[test]
    fn an_answer_has_its_status_at_the_beginning_of_a_line() {
        let status = |text: &str| Spoken { text: text.to_owned() }.status();
        assert_eq!(status("verify error\nHTTP/1.1 403 Forbidden\r\n"), Some(403));
        assert_eq!(status("read:errno=104\n"), None);
    }
}
