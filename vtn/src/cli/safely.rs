//! Options that become headers of a request: so that nobody's change is overwritten unseen, and
//! nothing is made twice.

use clap::Args;
use oadr_vtn::control::RequestKey;
use oadr_vtn::operator::client::Call;
use oadr_vtn::record::Version;

#[derive(Args)]
pub struct Only {
    /// Only if the event stands at this version, as `show`, `list` and every change tell it: so
    /// that nobody's change is overwritten unseen
    #[arg(long, value_name = "VERSION")]
    if_match: Option<Version>,
}

impl Only {
    pub fn of(&self, call: Call) -> Call {
        match self.if_match {
            Some(version) => call.if_match(version),
            None => call,
        }
    }
}

#[derive(Args)]
pub struct Once {
    /// Our own name for this request, such as a UUID: the same request again under it answers
    /// with what was made, and makes nothing more
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<RequestKey>,
}

impl Once {
    pub fn of(&self, call: Call) -> Call {
        match &self.idempotency_key {
            Some(key) => call.once(key),
            None => call,
        }
    }
}
