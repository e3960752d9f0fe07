//! What the VEN in miniature has to report. Rules 305, 308, 311, 312, 331, 333, 510.

use oadr_schemas::openadr::ei::{EiTarget, ReportName};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::{OadrReport, OadrReportDescription};
use oadr_schemas::openadr::power::PowerAttributes;
use oadr_schemas::openadr::report::{Sampling, status_description, usage_description};
use oadr_schemas::openadr::scale::SiScaleCode;
use oadr_schemas::xml::Duration;

use super::What;
use crate::ven::State;

/// All that is offered; nothing, if it has no data (rule 305). `asked`: a METADATA request is
/// answered.
pub fn offered(state: &State, asked: bool) -> Vec<OadrReport> {
    if state.settings.no_reports {
        let invents = asked && state.faults.has("none-offers");
        return if invents { vec![offer(state, What::Power)] } else { Vec::new() };
    }
    let left_out = |what: &What| match what {
        What::Power => asked && state.faults.has("metadata-partial"),
        What::Status => state.faults.has("no-status"),
        What::History => state.settings.report_only && state.faults.has("report-only-less"),
        _ => false,
    };
    let offered = OFFERED.into_iter().filter(|what| !left_out(what));
    offered.map(|what| offer(state, what)).collect()
}

/// reportSpecifierID, and the rIDs under it.
pub fn names(what: What) -> (&'static str, &'static [&'static str]) {
    match what {
        What::Metadata => ("METADATA", &[]),
        What::Usage => ("energy", &["energy-a", "energy-b"]),
        What::Power => ("power", &["power-a", "power-b"]),
        What::Status => ("status", &["status-a"]),
        What::History => ("archive", &["power-a", "power-b"]),
    }
}

/// reportName with METADATA_.
pub fn report_name(what: What) -> ReportName {
    match what {
        What::Metadata | What::Usage | What::Power => ReportName::MetadataTelemetryUsage,
        What::Status => ReportName::MetadataTelemetryStatus,
        What::History => ReportName::MetadataHistoryUsage,
    }
}

/// What this specifier stands for here; `None`: nothing.
pub fn specified(state: &State, specifier: &str) -> Option<What> {
    if specifier == "METADATA" {
        return Some(What::Metadata);
    }
    let found = OFFERED.into_iter().find(|what| names(*what).0 == specifier);
    found.filter(|_| !state.settings.no_reports)
}

/// oadrMinPeriod, seconds.
pub fn shortest_s(state: &State) -> u32 {
    state.settings.sample_every_s.unwrap_or(2)
}

fn offer(state: &State, what: What) -> OadrReport {
    let sampling = Sampling {
        shortest: Duration::from_seconds(shortest_s(state)),
        longest: Duration::from_seconds(60),
        on_change: what == What::Power,
    };
    let (specifier, rids) = names(what);
    let points = rids.iter().map(|rid| point(what, rid, sampling)).collect();
    let depth = Duration::from_seconds(DEPTH_S);
    OadrReport::metadata(report_name(what), specifier, depth, points, state.now)
}

fn point(what: What, rid: &str, sampling: Sampling) -> OadrReportDescription {
    let source = EiTarget::resources(["plant"]);
    let unit = match what {
        What::Status => return status_description(rid, source, sampling),
        What::Usage => ItemBase::energy_real(SiScaleCode::K),
        _ => ItemBase::power_real(SiScaleCode::K, PowerAttributes::ac(50.into(), 230.into())),
    };
    usage_description(rid, unit, source, sampling)
}

/// How much is kept, seconds.
pub const DEPTH_S: u32 = 3600;

const OFFERED: [What; 4] = [What::Usage, What::Power, What::Status, What::History];
