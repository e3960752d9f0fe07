//! The file `ven.toml`. Unknown keys are errors, so that a slip of the pen is not silence.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use oadr_certs::tls::{
    ClientFiles, ClientOptions, NameCheck, Pin, ServerFiles, ServerOptions, TimeSource,
};
use oadr_platform::ResourceId;
use oadr_platform::prosumer::site;
use serde::Deserialize;

use super::{Problem, settings};
use crate::{Leniency, Settings};

/// A `ven.toml`. Paths are relative to the directory it lies in; times are in seconds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub name: String,
    pub vtn: String,
    #[serde(default = "data")]
    pub data: PathBuf,
    pub ven_id: Option<String>,
    pub tls: Tls,
    #[serde(default)]
    pub programme: Programme,
    #[serde(default)]
    pub times: Times,
    pub push: Option<Push>,
    pub site: Option<Site>,
    /// The directory the file lies in.
    #[serde(skip)]
    home: PathBuf,
}

/// Who we are and whom we trust.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
    pub roots: Vec<PathBuf>,
    #[serde(default)]
    pub crls: Vec<PathBuf>,
    pub vtn_fingerprint: Option<String>,
    #[serde(default = "yes")]
    pub check_name: bool,
}

/// What events are for this VEN.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Programme {
    pub market_contexts: Vec<String>,
    pub groups: Vec<String>,
    pub device_classes: Vec<String>,
    pub dispatch_names_its_resource: bool,
    pub query_first: bool,
    pub leniencies: Vec<Leniency>,
}

/// How often and how long, in seconds.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Times {
    pub poll_at_least_every: Option<u64>,
    pub poll_by_default: Option<u64>,
    pub register_again_after: Option<u64>,
    pub sample_every: Option<u64>,
    pub keep_readings_for: Option<u64>,
    pub backlog_up_to: Option<u64>,
    pub ask_site_every: Option<u64>,
    pub obey_silence_for: Option<u64>,
}

/// The VTN posts to us; without this we poll.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// Where we listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// Where the VTN reaches us; `https://` and where we listen, if it is left out.
    pub address: Option<String>,
    /// Certificates of the VTN besides the one it answers with.
    #[serde(default)]
    pub vtn_fingerprints: Vec<String>,
}

/// The simulated site.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    pub meter_data: PathBuf,
    pub since: Timestamp,
    /// Resources besides the one of the simulation, each like it.
    #[serde(default)]
    pub also: Vec<ResourceId>,
    pub simulation: site::Settings,
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// Names the file and, with the line, what is wrong in it.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let text = fs::read_to_string(path).map_err(|error| {
            let mend = "make one with `ven init`, or name another with --config";
            settings(format!("{}: {error}; {mend}", path.display()))
        })?;
        let wrong = |error: toml::de::Error| settings(format!("{}: {error}", path.display()));
        let mut config: Self = toml::from_str(&text).map_err(wrong)?;
        config.home = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(config)
    }

    /// Where the VEN keeps what it knows.
    pub fn data(&self) -> PathBuf {
        self.home.join(&self.data)
    }

    /// The file in which a running VEN tells its status.
    pub fn status_file(&self) -> PathBuf {
        self.data().join("status.json")
    }

    /// A file named in the settings.
    pub fn file(&self, path: &Path) -> PathBuf {
        self.home.join(path)
    }

    /// The files of the TLS connection.
    ///
    /// # Errors
    /// A fingerprint that is none, or one that is missing where names are not checked.
    pub fn client_files(&self) -> Result<ClientFiles, Problem> {
        let pin = self.tls.vtn_fingerprint.as_deref().map(str::parse::<Pin>).transpose();
        let server_pin = pin.map_err(|error| settings(format!("tls.vtn_fingerprint: {error}")))?;
        if !self.tls.check_name && server_pin.is_none() {
            let what = "tls.check_name = false needs tls.vtn_fingerprint, or anybody could be \
                        the VTN: ask its operator for it";
            return Err(settings(what));
        }
        let all = |paths: &[PathBuf]| paths.iter().map(|path| self.file(path)).collect();
        Ok(ClientFiles {
            identity: (self.file(&self.tls.certificate), self.file(&self.tls.key)),
            roots: all(&self.tls.roots),
            crls: all(&self.tls.crls),
            server_pin,
            names: if self.tls.check_name { NameCheck::Strict } else { NameCheck::PinOnly },
            options: ClientOptions::default(),
        })
    }

    /// The files of the listener, which the VTN calls.
    pub fn server_files(&self, time: TimeSource) -> ServerFiles {
        let all = |paths: &[PathBuf]| paths.iter().map(|path| self.file(path)).collect();
        ServerFiles {
            identities: vec![(self.file(&self.tls.certificate), self.file(&self.tls.key))],
            roots: all(&self.tls.roots),
            crls: all(&self.tls.crls),
            options: ServerOptions { time: Some(time), ..ServerOptions::default() },
        }
    }

    /// The settings of the VEN.
    pub fn settings(&self) -> Settings {
        let (times, programme) = (&self.times, &self.programme);
        let usual = Settings::default();
        let or = |seconds: Option<u64>, usual: Duration| seconds.map_or(usual, Duration::from_secs);
        Settings {
            name: self.name.clone(),
            ven_id: self.ven_id.clone(),
            // Known once it listens.
            push_to: None,
            query_first: programme.query_first,
            // Zero is never.
            register_again_after: match times.register_again_after {
                Some(0) => None,
                Some(seconds) => Some(Duration::from_secs(seconds)),
                None => usual.register_again_after,
            },
            poll_at_least_every: or(times.poll_at_least_every, usual.poll_at_least_every),
            poll_by_default: or(times.poll_by_default, usual.poll_by_default),
            market_contexts: programme.market_contexts.clone(),
            groups: programme.groups.clone(),
            device_classes: programme.device_classes.clone(),
            other_signals: Vec::new(),
            dispatch_names_its_resource: programme.dispatch_names_its_resource,
            leniencies: programme.leniencies.clone(),
            sample_every: times.sample_every.map(Duration::from_secs),
            keep_readings_for: or(times.keep_readings_for, usual.keep_readings_for),
            backlog_up_to: or(times.backlog_up_to, usual.backlog_up_to),
            ask_site_every: or(times.ask_site_every, usual.ask_site_every),
            obey_silence_for: or(times.obey_silence_for, usual.obey_silence_for),
            // The simulated site lives in this process and forgets with it.
            instruct_again_at_start: true,
        }
    }
}

fn data() -> PathBuf {
    PathBuf::from("data")
}

fn yes() -> bool {
    true
}
