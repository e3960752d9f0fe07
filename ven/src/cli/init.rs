//! `ven init`: a `ven.toml` with every setting explained.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use oadr_certs::tls::Pin;
use oadr_certs::{Identity, Roots};
use oadr_transport::BaseUrl;

use super::{Done, Problem, say, settings};

/// Write a ven.toml
#[derive(clap::Args)]
pub struct Init {
    /// Where ven.toml and the VEN's data go; made if it is not there
    #[arg(long, default_value = ".")]
    dir: PathBuf,
    /// The VTN's address, https://host(:port)/(prefix/)
    #[arg(long)]
    vtn: String,
    /// The VEN's name, for people
    #[arg(long)]
    name: String,
    /// Our certificate chain, PEM
    #[arg(long)]
    cert: PathBuf,
    /// Its key, PEM
    #[arg(long)]
    key: PathBuf,
    /// Authorities we trust, PEM; may be repeated
    #[arg(long, required = true)]
    ca: Vec<PathBuf>,
    /// The VTN's fingerprint, if its operator told it
    #[arg(long)]
    vtn_fingerprint: Option<String>,
    /// Meter data (timestamp_utc,wh) for the simulated site; without it there is no site
    #[arg(long)]
    meter_data: Option<PathBuf>,
}

impl Init {
    /// Checks what it is given, writes the file, prints what to do next.
    pub fn run(self, now: Timestamp) -> Done {
        self.vtn.parse::<BaseUrl>().map_err(|error| settings(format!("--vtn: {error}")))?;
        if let Some(print) = &self.vtn_fingerprint {
            print.parse::<Pin>().map_err(|e| settings(format!("--vtn-fingerprint: {e}")))?;
        }
        let identity = Identity::from_pem_files(&self.cert, &self.key).map_err(settings)?;
        Roots::from_pem_files(&self.ca).map_err(settings)?;
        let path = self.dir.join("ven.toml");
        if path.exists() {
            let mend = "move it away, or give another --dir";
            return Err(settings(format!(
                "{} exists and is not overwritten: {mend}",
                path.display()
            )));
        }
        let text = self.text(now)?;
        let failed = |error: std::io::Error| settings(format!("{}: {error}", path.display()));
        fs::create_dir_all(&self.dir).map_err(failed)?;
        fs::write(&path, text).map_err(failed)?;
        say(format_args!("Wrote {}.", path.display()));
        say("Tell the operator of the VTN this fingerprint, and ask for theirs:");
        say(format_args!("  {}", identity.thumbprint().fingerprint()));
        say(format_args!("Then start the VEN: ven run --config {}", path.display()));
        Ok(true)
    }

    fn text(&self, now: Timestamp) -> Result<String, Problem> {
        let roots = self.ca.iter().map(|ca| whole(ca)).collect::<Result<Vec<_>, _>>()?.join(", ");
        let (cert, key) = (whole(&self.cert)?, whole(&self.key)?);
        let (name, vtn) = (quoted(&self.name), quoted(&self.vtn));
        let pin = match &self.vtn_fingerprint {
            Some(print) => format!("vtn_fingerprint = {}", quoted(print)),
            None => "# vtn_fingerprint = \"AA:BB:CC:DD:EE:FF:00:11:22:33\"".to_owned(),
        };
        let since = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let site = match &self.meter_data {
            Some(csv) => {
                format!("meter_data = {}\nsince = \"{since}\"\n{ALSO}{SIMULATION}", whole(csv)?)
            }
            None => {
                format!("# meter_data = \"meter.csv\"\n# since = \"{since}\"\n{}", commented())
            }
        };
        let section = if self.meter_data.is_some() { "[site]" } else { "# [site]" };
        Ok(format!(
            "{HEAD}name = {name}\n\n# The VTN's base address.\nvtn = {vtn}\n{DATA}\n[tls]\n\
             certificate = {cert}\nkey = {key}\nroots = [{roots}]\n{TLS}{pin}\n{REST}{section}\n{site}"
        ))
    }
}

/// A path that holds wherever the program is started.
fn whole(path: &Path) -> Result<String, Problem> {
    let found = fs::canonicalize(path);
    let found = found.map_err(|error| settings(format!("{}: {error}", path.display())))?;
    Ok(quoted(&found.to_string_lossy()))
}

/// A string as TOML has it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn commented() -> String {
    ALSO.lines().chain(SIMULATION.lines()).map(|line| format!("# {line}\n")).collect()
}

const HEAD: &str = "\
# Settings of an OpenADR 2.0b VEN. Paths are relative to this file; times are in seconds.

# The VEN's name, for people (oadrVenName).
";

const DATA: &str = "
# Where the VEN keeps what it must not lose; its own directory.
data = \"data\"

# A venID agreed with the VTN's operator beforehand, if there is one.
# ven_id = \"\"
";

const TLS: &str = "\
# Revocation lists (PEM or DER); read again when they change, as certificates are.
crls = []
# The host name must stand in the VTN's certificate; false only with a fingerprint.
check_name = true
# The VTN's certificate. Without it the one of the first contact is remembered for good.
";

const REST: &str = "
[programme]
# Programmes this VEN is in; none: any. Events of others are refused (462).
market_contexts = []
# groupIDs it answers to, and its device classes (rule 111).
groups = []
device_classes = []
# Refuse (469) a dispatch in watts that does not say which of several resources is meant.
dispatch_names_its_resource = false
# Ask what the VTN offers before registering.
query_first = false
# Faults of the VTN that are overlooked. request_without_interval: periodic reports asked for
# without reportInterval (against rule 324), as OpenLEADR 0.5.36 does.
leniencies = []

# For a VTN that posts instead of being polled: where to listen, and where it reaches that. Only
# certificates of the VTN get in: the one it answers with, and those named here.
# [push]
# listen = \"0.0.0.0:9443\"
# address = \"https://gateway.example:9443/\"
# vtn_fingerprints = []

[times]
# Never poll more often than this; the VTN's own wish counts where it is longer.
poll_at_least_every = 1
# Where the VTN has no wish.
poll_by_default = 10
# After the VTN cancelled the registration; 0 is never.
register_again_after = 300
# Readings that can be fetched later; and how much of an outage is delivered after it.
keep_readings_for = 86400
backlog_up_to = 604800
# An event without end is obeyed for so long when nothing is heard of the VTN.
obey_silence_for = 86400

# The site: a house simulated from real meter data (columns timestamp_utc,wh).
";

const ALSO: &str = "\
# Resources besides the one below, each like it on the same meter data.
also = []
";

const SIMULATION: &str = "\
[site.simulation]
resource = \"house\"
[site.simulation.battery]
capacity_wh = \"10000\"
power_w = \"3000\"
round_trip_efficiency = \"0.9\"
rest_wh = \"5000\"
[site.simulation.flexible]
share = \"0.4\"
rebound = \"0.5\"
rebound_power_w = \"1000\"
[site.simulation.tariff]
usual_per_kwh = \"0.30\"
dear_from_per_kwh = \"0.45\"
cheap_to_per_kwh = \"0.15\"
currency = \"EUR\"
";
