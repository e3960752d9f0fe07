//! `certs check URL`: a doctor for a connection. It takes the steps of a call one by one and says
//! which works, which fails and how to mend it. OpenADR 2.0b Profile, sections 9.2 and 10.

mod http;
mod judge;
mod probe;
mod refusal;
mod report;
mod url;

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use oadr_certs::profile::{self, Severity};
use oadr_certs::tls::Pin;
use oadr_certs::{Error, Identity, Roots, files};
use rustls::ProtocolVersion;

use self::judge::Trust;
use self::probe::Seen;
use self::report::Report;
use self::url::Target;
use super::{Done, now};

#[derive(Args)]
pub struct Check {
    /// Where to call: `https://host[:port][/path]`
    url: Target,
    /// Our certificate, then its issuers
    #[arg(long)]
    cert: PathBuf,
    /// Our key
    #[arg(long)]
    key: PathBuf,
    /// Authorities we trust; may be repeated
    #[arg(long, required = true)]
    ca: Vec<PathBuf>,
    /// The server's fingerprint (AA:BB:…) or SHA-256, as its operator told it
    #[arg(long, value_parser = |text: &str| text.parse::<Pin>().map_err(|e| e.to_string()))]
    pin: Option<Pin>,
    /// Revocation lists; may be repeated
    #[arg(long)]
    crl: Vec<PathBuf>,
}

impl Check {
    pub fn run(self, now: Timestamp) -> Done {
        let mut report = Report::default();
        let own = Identity::from_pem_files(&self.cert, &self.key)?;
        let mut crls = Vec::new();
        for path in &self.crl {
            crls.extend(files::crls(path)?);
        }
        let trust = Trust { roots: Roots::from_pem_files(&self.ca)?, crls, pin: self.pin };
        our_own(&own, now, &mut report)?;
        let Some(tcp) = connect(&self.url, &mut report) else { return Ok(false) };
        let seen = probe::handshake(tcp, &self.url, &own)?;
        talk(seen, &self.url, &trust, &mut report)?;
        Ok(report.is_well())
    }
}

fn our_own(own: &Identity, now: Timestamp, report: &mut Report) -> Result<(), Error> {
    let findings = profile::findings_of_der(own.leaf(), now)?;
    let refused: Vec<_> = findings.iter().filter(|one| one.severity == Severity::Refused).collect();
    for finding in &refused {
        report.bad("our certificate", &finding.what, finding.mend);
    }
    if refused.is_empty() {
        report.good("our certificate", own.thumbprint().fingerprint());
    }
    Ok(())
}

fn connect(target: &Target, report: &mut Report) -> Option<TcpStream> {
    let addresses: Vec<SocketAddr> = match (target.host.as_str(), target.port).to_socket_addrs() {
        Ok(found) => found.collect(),
        Err(e) => {
            let mend = "look for a typing error in the host name; ask the DNS (getent hosts NAME)";
            report.bad("name resolution", format!("{}: {e}", target.host), mend);
            return None;
        }
    };
    let list: Vec<_> = addresses.iter().map(|one| one.ip().to_string()).collect();
    report.good("name resolution", format!("{} is {}", target.host, list.join(", ")));
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(tcp) => {
                report.good("TCP", address);
                return Some(tcp);
            }
            Err(e) => last = e,
        }
    }
    let mend = match last.kind() {
        io::ErrorKind::ConnectionRefused => {
            "nothing listens there: is the server up, the port right?"
        }
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
            "nothing answers: a firewall in between, or the wrong address"
        }
        _ => "look at the network and the route to it",
    };
    report.bad("TCP", format!("{}: {last}", target.authority()), mend);
    None
}

/// Everything from the handshake on.
fn talk(mut seen: Seen, target: &Target, trust: &Trust, report: &mut Report) -> Result<(), Error> {
    let version = seen.connection.protocol_version();
    let suite = seen.connection.negotiated_cipher_suite().map(|suite| suite.suite());
    let refused = seen.failure.as_ref().and_then(refusal::of_our_certificate);
    match (&seen.failure, version, suite) {
        (None, Some(version), Some(suite)) => {
            report.good("TLS", format!("{}, {suite:?}", spoken(version)));
        }
        (Some(_), Some(version), Some(suite)) if refused.is_some() => {
            report.good("TLS", format!("{}, {suite:?}, up to our certificate", spoken(version)));
        }
        (failure, ..) => {
            let unknown = io::Error::other("unfinished");
            let (what, mend) = refusal::of_tls(failure.as_ref().unwrap_or(&unknown));
            report.bad("TLS", what, mend);
        }
    }
    let at = now();
    let trusted = judge::server(&seen.chain, target, trust, (at, report))?;
    if let Some((what, mend)) = refused {
        report.bad("client certificate", what, mend);
        return Ok(());
    }
    if seen.failure.is_some() {
        report.skipped("client certificate", "the handshake did not come to an end");
        return Ok(());
    }
    let answer = if trusted {
        http::ask(&mut seen.connection, &mut seen.tcp, target).map(Some)
    } else {
        http::listen(&mut seen.connection, &mut seen.tcp).map(|()| None)
    };
    client_certificate(&seen, &answer, report);
    match answer {
        Ok(Some(answer)) => clock(&answer, report),
        _ => report.skipped("clock", "there was no answer to read the server's time from"),
    }
    Ok(())
}

fn spoken(version: ProtocolVersion) -> &'static str {
    match version {
        ProtocolVersion::TLSv1_2 => "TLS 1.2",
        // The other one that is offered.
        _ => "TLS 1.3",
    }
}

fn client_certificate(seen: &Seen, answer: &io::Result<Option<http::Answer>>, report: &mut Report) {
    let step = "client certificate";
    if let Some((what, mend)) = answer.as_ref().err().and_then(refusal::of_our_certificate) {
        return report.bad(step, what, mend);
    }
    match (seen.asked, answer) {
        (None, _) => report.bad(
            step,
            "the server did not ask for one",
            "an OpenADR server must (section 10): is this the right port?",
        ),
        (Some(asked), _) if !asked.usable => report.bad(
            step,
            "the server takes no signature that our key can make",
            "use a certificate of the other kind (certs issue --key rsa|ecc)",
        ),
        (_, Err(e)) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
            let mend = "the server does not answer HTTP: is it the right port? Is it overloaded?";
            report.bad(step, "asked for and shown; then silence to an HTTP request", mend);
        }
        (_, Err(e)) => report.bad(
            step,
            format!("asked for and shown; then: {e}"),
            "the server may refuse our certificate without a word: its log says more",
        ),
        (_, Ok(None)) => report.skipped(step, "shown and not refused; mend the server's first"),
        (Some(asked), Ok(Some(answer))) => {
            report.good(step, format!("asked for, shown and taken ({})", answer.status));
            if asked.other_authorities {
                let mend = "none needed while it takes ours";
                report.advice(step, "the server names other authorities than ours", mend);
            }
        }
    }
}

fn clock(answer: &http::Answer, report: &mut Report) {
    let Some(theirs) = answer.date else {
        return report.skipped("clock", "the server's answer has no date");
    };
    let ours = now();
    let ahead = ours.duration_since(theirs);
    let seen = format!("ours {ours:.0}, theirs {theirs}");
    let mend = "set the clocks by NTP on both sides (timedatectl): events start by them";
    if ahead.abs() > SKEW_FAILS {
        report.bad("clock", format!("{seen}: {} s apart", ahead.as_secs().abs()), mend);
    } else if ahead.abs() > SKEW_NOTED {
        report.advice("clock", format!("{seen}: {} s apart", ahead.as_secs().abs()), mend);
    } else {
        report.good("clock", seen);
    }
}

/// How long a TCP connection may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The Date header counts whole seconds and travels: less than this is no skew.
const SKEW_NOTED: SignedDuration = SignedDuration::from_secs(5);
/// Events would start visibly late.
const SKEW_FAILS: SignedDuration = SignedDuration::from_secs(60);
