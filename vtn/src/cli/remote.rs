//! How the commands reach the running VTN: options, or `[client]` of the configuration.

use std::path::{Path, PathBuf};

use clap::Args;
use oadr_vtn::operator::Config;
use oadr_vtn::operator::client::{Call, Client};
use oadr_vtn::operator::config::{ClientConfig, Print};
use serde_json::Value;

use super::Failure;

/// Options of every command; most are for those that call the VTN.
#[derive(Args, Clone, Debug)]
pub struct Remote {
    /// The configuration; its table `client` says how commands reach the VTN
    #[arg(long, global = true, env = "VTN_CONFIG", default_value = "vtn.toml")]
    config: PathBuf,
    /// Where operators call, such as https://localhost:8444
    #[arg(long, global = true, help_heading = REACH)]
    url: Option<String>,
    /// Our certificate chain
    #[arg(long, global = true, help_heading = REACH)]
    cert: Option<PathBuf>,
    /// Its key
    #[arg(long, global = true, help_heading = REACH)]
    key: Option<PathBuf>,
    /// Who issues the VTN's certificate; may be repeated
    #[arg(long, global = true, help_heading = REACH)]
    ca: Vec<PathBuf>,
    /// The VTN's fingerprint; then its name is not looked at
    #[arg(long, global = true, help_heading = REACH)]
    pin: Option<Print>,
    /// Results as JSON; `run`: its addresses as one line of JSON on stdout
    #[arg(long, global = true)]
    pub json: bool,
}

impl Remote {
    /// Calls and reads JSON.
    ///
    /// # Errors
    /// As the call says.
    pub fn call(&self, call: Call) -> Result<Value, Failure> {
        let client = self.client()?;
        Ok(runtime()?.block_on(client.json(call))?)
    }

    /// Calls and reads text.
    ///
    /// # Errors
    /// As the call says.
    pub fn text(&self, call: Call) -> Result<String, Failure> {
        let client = self.client()?;
        let body = runtime()?.block_on(client.bytes(call))?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    /// Reads every page of a list, one after the other.
    ///
    /// # Errors
    /// As the call says.
    pub fn pages(&self, call: &Call) -> Result<Value, Failure> {
        let (client, runtime) = (self.client()?, runtime()?);
        let mut items = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut page = call.clone().ask("limit", "1000");
            if let Some(after) = &after {
                page = page.ask("after", after);
            }
            let mut page = runtime.block_on(client.json(page))?;
            if let Some(Value::Array(more)) = page.get_mut("items").map(Value::take) {
                items.extend(more);
            }
            after = page.get("next").and_then(Value::as_str).map(str::to_owned);
            if after.is_none() {
                return Ok(Value::from_iter([("items", Value::Array(items))]));
            }
        }
    }

    /// The configuration file, if it is there.
    ///
    /// # Errors
    /// If it is there and wrong.
    pub fn config(&self) -> Result<Option<Config>, Failure> {
        if !self.config.exists() {
            return Ok(None);
        }
        Ok(Some(Config::read(&self.config)?))
    }

    /// Where the configuration is.
    pub fn file(&self) -> &Path {
        &self.config
    }

    /// The configuration file.
    ///
    /// # Errors
    /// If it is not there or wrong.
    pub fn read_config(&self) -> Result<Config, Failure> {
        Ok(Config::read(&self.config)?)
    }

    fn client(&self) -> Result<Client, Failure> {
        let Self { url, cert, key, ca, pin, .. } = self.clone();
        let whole = match (&url, &cert, &key, ca.is_empty()) {
            (Some(url), Some(certificate), Some(key), false) => Some(ClientConfig {
                url: url.clone(),
                certificate: certificate.clone(),
                key: key.clone(),
                ca: ca.clone(),
                pin,
            }),
            _ => None,
        };
        let config = match whole {
            // Everything is said: no file is needed.
            Some(whole) => whole,
            None => {
                let said = Config::read(&self.config)?.client.ok_or_else(|| {
                    let file = self.config.display();
                    Failure::wrong(format!(
                        "{file} has no [client]: write it, or give --url --cert --key --ca"
                    ))
                })?;
                ClientConfig {
                    url: url.unwrap_or(said.url),
                    certificate: cert.unwrap_or(said.certificate),
                    key: key.unwrap_or(said.key),
                    ca: if ca.is_empty() { said.ca } else { ca },
                    pin: pin.or(said.pin),
                }
            }
        };
        Ok(Client::new(&config)?)
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::wrong)
}

const REACH: &str = "Reaching the VTN, in place of what [client] says";
