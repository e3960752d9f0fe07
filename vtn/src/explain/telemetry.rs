//! What was measured during the event. OpenADR 2.0b Profile, rules 306, 329, 344.

use super::cause::Cause;
use super::facts::{EventFacts, Facts};
use super::finding::Finding;
use crate::record::RequestState;

/// Nothing before the event has started.
pub(super) fn findings(about: &EventFacts, facts: &Facts<'_>) -> Option<Finding> {
    let start = about.timing.start();
    if facts.now <= start || about.event.cancelled.is_some_and(|at| at <= start) {
        return None;
    }
    let telemetry = &about.telemetry;
    if let Some((rid, at)) = &telemetry.seen {
        let text = format!("it measured meanwhile: {rid}, the last value is of {at:.0}");
        return Some(Finding::new(Cause::TelemetrySeen, text).since(*at));
    }
    let runs = telemetry.asked.iter().filter(|one| one.specifier != "METADATA");
    let refused = runs.clone().find_map(|one| match &one.state {
        RequestState::Refused(code, words) => Some((one, code, words)),
        _ => None,
    });
    let mend = "`vtn report list`, `vtn report request`";
    Some(match (runs.clone().next(), refused) {
        _ if !telemetry.offered => {
            let text = "nothing was measured meanwhile: it offers no report";
            let mend = "have the site register its reports (oadrRegisterReport)";
            Finding::new(Cause::NoReportOffered, text).mend(mend)
        }
        (None, _) => {
            let text = "nothing was measured meanwhile: it offers reports, and none was asked for";
            Finding::new(Cause::NoReportAsked, text).mend(mend)
        }
        (_, Some((request, code, words))) => {
            let text = format!(
                "nothing was measured meanwhile: it refused report request {} with {code}: {words}",
                request.id
            );
            Finding::new(Cause::ReportRefused, text).since(request.created).mend(mend)
        }
        (Some(_), None) => {
            let last = runs.filter_map(|one| one.last).max();
            let text = match last {
                Some(last) => format!(
                    "nothing came for the time of the event; its last report came at {last:.0}"
                ),
                None => "it was asked for reports and sent none".to_owned(),
            };
            let mend = "whether it followed cannot be told: see that the site reports";
            Finding::new(Cause::TelemetryMissing, text).since(last.max(Some(start))).mend(mend)
        }
    })
}
