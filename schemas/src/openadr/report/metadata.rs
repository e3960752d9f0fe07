//! What a VEN offers to report. OpenADR 2.0b Profile, annex A, rules 305, 311, 312,
//! 331, 333.

use jiff::Timestamp;

use crate::openadr::ei::{EiTarget, ReadingType, ReportName, ReportType};
use crate::openadr::emix::ItemBase;
use crate::openadr::oadr::{OadrReport, OadrReportDescription, OadrSamplingRate};
use crate::xml::{DateTime, Duration};

/// How often a point can be sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// The shortest period.
    pub shortest: Duration,
    /// The longest period.
    pub longest: Duration,
    /// Whether it can be sampled when it changes.
    pub on_change: bool,
}

impl Sampling {
    /// One period, not on change.
    pub fn every(period: Duration) -> Self {
        Self { shortest: period, longest: period, on_change: false }
    }
}

/// A point of TELEMETRY_USAGE or HISTORY_USAGE. The unit is powerReal, energyReal or
/// pulseCount (rule 331).
pub fn usage_description(
    rid: impl Into<String>,
    unit: ItemBase,
    source: EiTarget,
    sampling: Sampling,
) -> OadrReportDescription {
    OadrReportDescription {
        item_base: Some(unit),
        report_type: ReportType::Usage,
        reading_type: ReadingType::DirectRead,
        ..status_description(rid, source, sampling)
    }
}

/// A point of TELEMETRY_STATUS.
pub fn status_description(
    rid: impl Into<String>,
    source: EiTarget,
    sampling: Sampling,
) -> OadrReportDescription {
    OadrReportDescription {
        rid: rid.into(),
        report_subject: None,
        report_data_source: (!source.is_empty()).then_some(source),
        report_type: ReportType::XResourceStatus,
        item_base: None,
        reading_type: ReadingType::XNotApplicable,
        market_context: None,
        oadr_sampling_rate: Some(OadrSamplingRate {
            oadr_min_period: sampling.shortest,
            oadr_max_period: sampling.longest,
            oadr_on_change: sampling.on_change,
        }),
    }
}

impl OadrReport {
    /// The metadata of a report. `name` is the one with `METADATA_` (rule 331), `depth`
    /// how much data is kept (rule 312).
    pub fn metadata(
        name: ReportName,
        report_specifier_id: impl Into<String>,
        depth: Duration,
        points: Vec<OadrReportDescription>,
        created: Timestamp,
    ) -> Self {
        Self {
            dtstart: None,
            duration: Some(depth.into()),
            intervals: None,
            ei_report_id: None,
            oadr_report_description: points,
            report_request_id: "0".to_owned(),
            report_specifier_id: report_specifier_id.into(),
            report_name: Some(name),
            created_date_time: DateTime(created),
        }
    }
}

impl ReportName {
    /// The name its data has: without `METADATA_` (rule 313). A name of one's own and
    /// one that has no such prefix stay as they are.
    pub fn of_data(&self) -> Self {
        match self {
            Self::MetadataTelemetryUsage => Self::TelemetryUsage,
            Self::MetadataTelemetryStatus => Self::TelemetryStatus,
            Self::MetadataHistoryUsage => Self::HistoryUsage,
            Self::MetadataHistoryGreenbutton => Self::HistoryGreenbutton,
            other => other.clone(),
        }
    }
}
