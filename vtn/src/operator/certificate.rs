//! Certificates by when they end: the VTN's own, authorities, operators', VENs'.

use axum::Json;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use oadr_certs::{Fingerprint, profile};
use serde::{Deserialize, Serialize};

use super::api::Api;
use super::held::{Held, Holder};
use super::input::Asked;
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::certificates::VenCertificate;
use crate::record::Standing;

/// A certificate, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct CertificateEnd {
    holder: Holder,
    name: Option<String>,
    /// venID, of a VEN's.
    ven: Option<String>,
    /// Of a VEN.
    standing: Option<Standing>,
    fingerprint: Fingerprint,
    not_after: Option<Timestamp>,
    state: Nearness,
    renewed: bool,
}

/// How far its end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Nearness {
    Valid,
    Expiring,
    Expired,
    Unknown,
}

/// Which certificates.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Those that end within so many days or have ended; `None`: all.
    within: Option<u32>,
    limit: Option<usize>,
    after: Option<String>,
}

/// Where one stands in the list: by its end, then by its holder.
type Place = (End, Holder, [u8; 10]);

/// An end, the unknown one after all others.
type End = (bool, Option<Timestamp>);

/// A page, the first to end first and those whose end is not known last.
pub(super) async fn list(
    State(api): State<Api>,
    Asked(Wanted { within, limit, after }): Asked<Wanted>,
) -> Result<Json<Page<CertificateEnd>>, Problem> {
    let paging = Paging { limit, after };
    let (begin, wanted) = (paging.after().map(cursor).transpose()?, paging.one_more()?);
    let now = api.clock().now();
    let until = within.map(|days| {
        let span = SignedDuration::from_hours(24 * i64::from(days));
        now.checked_add(span).unwrap_or(Timestamp::MAX)
    });
    let mut found: Vec<_> = api.held().await.into_iter().map(|one| of_held(one, now)).collect();
    found.retain(|one| {
        let soon = until.is_none_or(|until| one.not_after.is_some_and(|end| end <= until));
        soon && begin.is_none_or(|begin| place(one) > begin)
    });
    let vens = api.vtn().ven_certificates(until, begin.map(before_vens), wanted)?;
    found.extend(vens.into_iter().map(|one| of_ven(one, now)));
    found.sort_by_key(place);
    found.truncate(wanted);
    Ok(Json(paging.page(found, |one| written(place(one)))?))
}

fn of_held(Held { holder, name, fingerprint, not_after }: Held, now: Timestamp) -> CertificateEnd {
    let state = state(not_after, now);
    let (ven, standing, renewed) = (None, None, false);
    CertificateEnd { holder, name, ven, standing, fingerprint, not_after, state, renewed }
}

fn of_ven(one: VenCertificate, now: Timestamp) -> CertificateEnd {
    let VenCertificate { ven, name, standing, fingerprint, not_after, renewed } = one;
    let (holder, ven, standing) = (Holder::Ven, Some(ven), Some(standing));
    let state = state(not_after, now);
    CertificateEnd { holder, name, ven, standing, fingerprint, not_after, state, renewed }
}

fn state(not_after: Option<Timestamp>, now: Timestamp) -> Nearness {
    match not_after {
        None => Nearness::Unknown,
        Some(end) if end < now => Nearness::Expired,
        Some(end) if end.duration_since(now) < profile::WARN_AHEAD => Nearness::Expiring,
        Some(_) => Nearness::Valid,
    }
}

fn place(one: &CertificateEnd) -> Place {
    (end(one.not_after), one.holder, one.fingerprint.0)
}

fn end(not_after: Option<Timestamp>) -> End {
    (not_after.is_none(), not_after)
}

/// The place among VENs' certificates after which the list goes on: at one instant VENs' are the
/// last.
fn before_vens(((_, end), holder, print): Place) -> (Option<Timestamp>, Fingerprint) {
    if holder == Holder::Ven {
        return (end, Fingerprint(print));
    }
    // Before the first that ends just then.
    let before = end.map_or(Timestamp::MAX, |end| {
        end.checked_sub(SignedDuration::from_micros(1)).unwrap_or(Timestamp::MIN)
    });
    (Some(before), Fingerprint([0xFF; 10]))
}

fn written(((_, end), holder, print): Place) -> String {
    let end = end.map_or_else(|| UNKNOWN.to_owned(), |end| end.as_microsecond().to_string());
    format!("{end}@{}@{}", holder.name(), Fingerprint(print))
}

fn cursor(text: &str) -> Result<Place, Problem> {
    let read = || {
        let mut parts = text.splitn(3, '@');
        let not_after = match parts.next()? {
            UNKNOWN => None,
            text => Some(Timestamp::from_microsecond(text.parse().ok()?).ok()?),
        };
        let name = parts.next()?;
        let holder = Holder::ALL.into_iter().find(|holder| holder.name() == name)?;
        let print: Fingerprint = parts.next()?.parse().ok()?;
        Some((end(not_after), holder, print.0))
    };
    let wrong = || Problem::bad_request("after: not a cursor of this list").at("after");
    read().ok_or_else(wrong)
}

/// For an end, in a cursor.
const UNKNOWN: &str = "unknown";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        for holder in Holder::ALL {
            for not_after in [None, Some(Timestamp::UNIX_EPOCH), Some(Timestamp::MIN)] {
                let place = (end(not_after), holder, [7; 10]);
                assert_eq!(cursor(&written(place)).unwrap(), place);
            }
            let told = serde_json::to_value(holder).unwrap();
            assert_eq!(told, holder.name());
        }
        for text in ["", "5", "5@ven", "5@nobody@AA", "x@ven@00:11:22:33:44:55:66:77:88:99"] {
            assert_eq!(cursor(text).err().unwrap().status, 400, "{text}");
        }
    }
}
