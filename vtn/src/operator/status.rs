//! How the VTN is, and copies of its store.

use std::path::PathBuf;

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use oadr_certs::{Fingerprint, profile};
use serde::{Deserialize, Serialize};

use super::api::Api;
use super::input::Given;
use super::problem::Problem;
use crate::Counters;
use crate::settings::Policy;

/// How the VTN is.
#[derive(Debug, Serialize)]
pub(super) struct Status {
    version: &'static str,
    vtn_id: String,
    now: Timestamp,
    started: Timestamp,
    policy: Policy,
    poll_every: SignedDuration,
    store: Option<PathBuf>,
    certificates: Vec<Certificate>,
    counters: Counters,
}

/// One of our certificates.
#[derive(Debug, Serialize)]
struct Certificate {
    fingerprint: Fingerprint,
    not_after: Timestamp,
    expires_soon: bool,
}

/// Where to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BackupRequest {
    dir: PathBuf,
}

/// What was copied.
#[derive(Debug, Serialize)]
pub(super) struct BackupSummary {
    dir: PathBuf,
    tables: u64,
    records: u64,
    bytes: u64,
}

pub(super) async fn status(State(api): State<Api>) -> Json<Status> {
    let (vtn, about, now) = (api.vtn(), api.about(), api.clock().now());
    let settings = vtn.settings();
    let certificate = |own: oadr_certs::PeerCertificate| Certificate {
        fingerprint: own.fingerprint(),
        not_after: own.not_after,
        expires_soon: own.not_after.duration_since(now) < profile::WARN_AHEAD,
    };
    Json(Status {
        version: env!("CARGO_PKG_VERSION"),
        vtn_id: settings.vtn_id.clone(),
        now,
        started: about.started,
        policy: settings.policy,
        poll_every: settings.poll_every,
        store: about.store.clone(),
        certificates: (about.certificates)().into_iter().map(certificate).collect(),
        counters: vtn.counters(),
    })
}

/// Copies the store while it is used.
///
/// # Errors
/// 422 if the directory is relative; 409 if it holds a store or cannot be written.
pub(super) async fn backup(
    State(api): State<Api>,
    Given(BackupRequest { dir }): Given<BackupRequest>,
) -> Result<Json<BackupSummary>, Problem> {
    use oadr_store::Error as Store;
    if !dir.is_absolute() {
        let message = "must be an absolute path on the VTN's machine";
        return Err(Problem::invalid(message).at("dir"));
    }
    let summary = api.vtn().store().backup(&dir).await.map_err(|error| match error {
        Store::Closed | Store::SnapshotLost => Problem::from(error),
        // Everything else is about the directory that was named, and says so.
        error => Problem::new("conflict", error.to_string()).at("dir"),
    })?;
    let oadr_store::Summary { tables, records, bytes } = summary;
    Ok(Json(BackupSummary { dir, tables, records, bytes }))
}
