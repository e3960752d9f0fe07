//! The VTN's files: certificates and `vtn.toml`, as an operator would have them.

use std::path::Path;

use oadr_certs::dev::{Ca, KeyKind, Role};
use oadr_vtn::operator::Config;

use crate::cast::Failed;
use crate::sites::{MARKET, PROGRAMME};

/// Issues the VTN's and the operator's certificates, writes `vtn.toml` beside them.
pub fn vtn(dir: &Path, ca: &Ca) -> Result<Config, Failed> {
    let hosts = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let mut operator = String::new();
    for (stem, role, kind) in [
        ("vtn-ecc", Role::Vtn, KeyKind::Ecc),
        ("vtn-rsa", Role::Vtn, KeyKind::Rsa),
        ("operator", Role::Operator, KeyKind::Ecc),
    ] {
        let identity = ca.issue(role, stem, kind, &hosts)?;
        identity.save(&dir.join(format!("{stem}.pem")), &dir.join(format!("{stem}.key")), true)?;
        operator = identity.thumbprint().to_string();
    }
    let path = dir.join("vtn.toml");
    std::fs::write(&path, text(&operator))?;
    Ok(Config::read(&path)?)
}

fn text(operator: &str) -> String {
    format!(
        r#"# The VTN of the demo. Throw-away certificates: for a look, not for a grid.
listen = "127.0.0.1:0"
store = "vtn-store"
market = true
ca = ["ca/roots.pem"]

[[identity]]
certificate = "vtn-ecc.pem"
key = "vtn-ecc.key"

[[identity]]
certificate = "vtn-rsa.pem"
key = "vtn-rsa.key"

[vtn]
vtn_id = "utility"
poll_every = "PT2M"
policy = "known"
market_contexts = ["{PROGRAMME}", "{MARKET}"]
reports = [
  {{ name = "TELEMETRY_USAGE", granularity = "PT15M", every = "PT30M" }},
  {{ name = "TELEMETRY_STATUS", granularity = "PT1H", every = "PT1H" }},
]

[api]
listen = "127.0.0.1:0"
ca = ["ca/roots.pem"]

[[operator]]
name = "operator"
fingerprint = "{operator}"
role = "administrator"
"#
    )
}
