//! The text of a new `vtn.toml`.

/// What is filled in.
pub struct Blanks<'a> {
    pub vtn_id: &'a str,
    pub host: &'a str,
    /// Whom a first contact may come from.
    pub policy: &'a str,
    /// The lines of `[[operator]]`.
    pub operators: &'a str,
    /// What stands first.
    pub head: &'a str,
}

/// The text of a configuration whose certificates lie beside it, under the names that
/// `vtn init --lab` gives them.
pub fn fill(blanks: &Blanks<'_>) -> String {
    let Blanks { vtn_id, host, policy, operators, head } = blanks;
    format!(
        r#"# The configuration of a VTN. Paths are relative to this file; unknown keys are errors.
{head}
# Where VENs call: https://{host}:8443/OpenADR2/Simple/2.0b/<Service>
listen = "0.0.0.0:8443"
# The directory of the store: everything that must survive. One VTN at a time uses it.
store = "store"
# Who issues the VENs' certificates (one or more files in PEM or DER).
ca = ["ca/ven-ca.pem"]
# Whether the reference market matches tenders (EI 1.0 EiTender); without it they are refused.
market = true
# Revocation lists; these and the certificates are read again when their files change, or by SIGHUP.
crl = []

# The VTN's certificates, the preferred one first. OpenADR 2.0b (rule 68) wants one of each kind.
# Keys must not be open to others: chmod 600.
[[identity]]
certificate = "vtn-ecc.pem"
key = "vtn-ecc.key"

[[identity]]
certificate = "vtn-rsa.pem"
key = "vtn-rsa.key"

# [revocation]
# refuse_unknown = false   # refuse a certificate of whose issuer there is no list
# refuse_stale = false     # refuse when a list is past its next update

[vtn]
# The vtnID that every VEN is told.
vtn_id = "{vtn_id}"
# The part of the path before OpenADR2/... and EI/...
prefix = "/"
# How often VENs are asked to poll.
poll_every = "PT10S"
# Whom a first contact may come from, once TLS trusts its certificate:
#   known    enrolled by its fingerprint:  vtn ven add --fingerprint AA:BB:...
#   approve  written down, refused until:  vtn ven approve VEN
#   open     anybody; for laboratories
policy = "{policy}"
# The programmes that events may belong to; empty: any.
market_contexts = ["urn:programme:1"]
# Raw messages are archived here if set. They are personal data.
# trace_messages = "messages"

# Reports asked of every VEN that offers them.
[[vtn.reports]]
name = "TELEMETRY_USAGE"
granularity = "PT1M"
every = "PT5M"

# How VENs that registered for push (oadrHttpPullModel false) are called
# [vtn.push]
# exchanges = 64              # at the same time, one a VEN at most
# longest_wait = "PT5M"       # between attempts; the first wait is a second, and it doubles
# give_up_after = "PT168H"    # then what waits for a VEN out of reach is given up

# [vtn.limits]
# message_bytes = 262144      # of a message, EiReport excepted
# report_bytes = 4194304      # of an EiReport message
# pending_parties = 1000      # first contacts that wait for an operator
# answer_within = "PT1M"      # then an unanswered payload is offered again
# event_tries = 5             # how often an event is offered to a VEN that does not answer

# The audit log: every operator's action and every message's digest, each line bound to the one
# before it. Some 600 bytes a message.
# [audit]
# dir = "store/audit"         # if not in the store's directory
# keep_days = 400             # older segments are removed; 0 keeps all
# segment_bytes = 16777216    # then another segment is begun

# The operators' door: JSON over HTTPS for the vtn commands and for programs
# (its description: /api/openapi.json).
[api]
listen = "127.0.0.1:8444"
ca = ["ca/operator-ca.pem"]
# crl = []
# body_bytes = 262144

# Who may pass it, by the fingerprint (certs fingerprint FILE) or the whole SHA-256 of the
# certificate. Roles: viewer looks; operator also handles events and reports and reads meter
# data; administrator also decides who takes part, and makes backups.
{operators}
# How the vtn commands on this machine reach it.
[client]
url = "https://localhost:8444"
certificate = "operator.pem"
key = "operator.key"
ca = ["ca/vtn-ca.pem"]
# pin = "AA:BB:..."        # the VTN's fingerprint, if its certificate does not carry its name
"#
    )
}
