//! Certificates that end soon are told: once a day in the log, and always to monitors.
//! OpenADR 2.0b Profile, section 10: warn ahead.

use std::future::Future;

use jiff::{SignedDuration, Timestamp};
use oadr_certs::profile;

use super::api::Api;
use super::held::Held;
use crate::Error;
use crate::certificates::VenCertificate;
use crate::record::Standing;

/// VENs' certificates that somebody should have renewed, a barred VEN's excepted.
#[derive(Debug, Default)]
struct Vens {
    /// The first of those that end soon.
    first: Vec<VenCertificate>,
    expiring: i64,
    expired: i64,
}

/// Looks every hour, by the VTN's clock, until `shutdown` is ready.
pub(super) async fn mind(api: Api, shutdown: impl Future<Output = ()>) {
    let clock = api.clock();
    let mut gauges = api.vtn().certificate_gauges();
    let mut told: Option<Timestamp> = None;
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let now = clock.now();
        let held = api.held().await;
        match vens(&api, now).await {
            Err(error) => tracing::warn!(%error, "VENs' certificates are not looked at"),
            Ok(vens) => {
                let ends = held.iter().filter_map(|one| {
                    let end = one.not_after?.as_second();
                    Some(((one.holder.name(), one.fingerprint.to_string()), end))
                });
                gauges.set(ends, [("expiring", vens.expiring), ("expired", vens.expired)]);
                if told.is_none_or(|told| now.duration_since(told) >= DAY) {
                    told = Some(now);
                    held.iter().for_each(|one| tell(one, now));
                    tell_vens(&vens);
                }
            }
        }
        tokio::select! {
            biased;
            () = &mut shutdown => return,
            () = clock.sleep_until(now.saturating_add(HOUR).unwrap_or(Timestamp::MAX)) => {}
        }
    }
}

fn tell(one: &Held, now: Timestamp) {
    let Some(not_after) = one.not_after else { return };
    let (holder, name, fingerprint) = (one.holder.name(), &one.name, one.fingerprint);
    let left = not_after.duration_since(now);
    if left.is_negative() {
        tracing::warn!(holder, name, %fingerprint, %not_after, "a certificate has ended: renew it");
    } else if left < profile::WARN_AHEAD {
        let days = left.as_hours() / 24;
        tracing::warn!(holder, name, %fingerprint, %not_after, days, "a certificate ends soon: renew it");
    }
}

fn tell_vens(vens: &Vens) {
    let Vens { first, expiring, expired } = vens;
    for one in first {
        let (ven, fingerprint, not_after) = (&one.ven, one.fingerprint, one.not_after);
        tracing::warn!(ven, %fingerprint, ?not_after, "a VEN's certificate ends soon: have it renewed");
    }
    if *expiring > 0 || *expired > 0 {
        tracing::warn!(
            expiring,
            expired,
            "VENs' certificates are to be renewed: vtn certificate expiring lists them"
        );
    }
}

/// Reads the index up to what ends soon, a page at a time, beside the handlers.
async fn vens(api: &Api, now: Timestamp) -> Result<Vens, Error> {
    let vtn = api.vtn().clone();
    // Whatever ends in thirty days to the instant does not end soon.
    let soon = profile::WARN_AHEAD - SignedDuration::from_micros(1);
    let soon = now.checked_add(soon).unwrap_or(Timestamp::MAX);
    let reading = tokio::task::spawn_blocking(move || {
        let (mut vens, mut after) = (Vens::default(), None);
        loop {
            let page = vtn.ven_certificates(Some(soon), after, PAGE)?;
            let Some(last) = page.last() else { return Ok(vens) };
            after = Some((last.not_after, last.fingerprint));
            page.into_iter().for_each(|one| vens.count(one, now));
        }
    });
    // It fails only if the runtime ends.
    reading.await.unwrap_or_else(|_| Ok(Vens::default()))
}

impl Vens {
    fn count(&mut self, one: VenCertificate, now: Timestamp) {
        if one.standing == Standing::Barred || one.renewed {
            return;
        }
        if one.not_after.is_some_and(|end| end < now) {
            self.expired += 1;
            return;
        }
        self.expiring += 1;
        if self.first.len() < NAMED {
            self.first.push(one);
        }
    }
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const PAGE: usize = 1_000;
/// So many VENs are named in the log.
const NAMED: usize = 20;
