//! EiReport, both ways. OpenADR 2.0b Profile, rules 300 to 346.

use jiff::Timestamp;
use oadr_schemas::openadr::ei::{
    EiTarget, ReadingType, ReportName, ReportSpecifier, SpecifierPayload,
};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::{
    OadrCancelReport, OadrCreateReport, OadrRegisterReport, OadrReport, OadrReportRequest,
    OadrUpdateReport,
};
use oadr_schemas::openadr::power::PowerAttributes;
use oadr_schemas::openadr::report::{Sampling, status_description, usage_description};
use oadr_schemas::openadr::scale::SiScaleCode;
use oadr_schemas::openadr::xcal::{Properties, WsCalendarInterval};

use super::seconds;
use crate::stage::Stage;
use crate::vtn::Party;

/// oadrRegisterReport with these reports; none, if the VEN has no data.
pub fn metadata(stage: &Stage, ven: &Party, reports: &[OadrReport]) -> OadrRegisterReport {
    OadrRegisterReport {
        schema_version: None,
        request_id: stage.unique("md"),
        oadr_report: reports.to_vec(),
        ven_id: ven.ven_id.clone(),
        report_request_id: None,
    }
}

/// METADATA_TELEMETRY_USAGE of points in kW, sampled every second to every minute.
pub fn usage(specifier: &str, rids: &[&str], now: Timestamp) -> OadrReport {
    let point = |rid: &&str| usage_description(*rid, kilowatts(), source(), sampling());
    let points = rids.iter().map(point).collect();
    OadrReport::metadata(ReportName::MetadataTelemetryUsage, specifier, seconds(3600), points, now)
}

/// METADATA_TELEMETRY_USAGE of points in kWh.
pub fn energy(specifier: &str, rids: &[&str], now: Timestamp) -> OadrReport {
    let unit = || ItemBase::energy_real(SiScaleCode::K);
    let point = |rid: &&str| usage_description(*rid, unit(), source(), sampling());
    let points = rids.iter().map(point).collect();
    OadrReport::metadata(ReportName::MetadataTelemetryUsage, specifier, seconds(3600), points, now)
}

/// METADATA_HISTORY_USAGE of the same points.
pub fn history(specifier: &str, rids: &[&str], now: Timestamp) -> OadrReport {
    OadrReport {
        report_name: Some(ReportName::MetadataHistoryUsage),
        ..usage(specifier, rids, now)
    }
}

/// METADATA_TELEMETRY_STATUS.
pub fn status(specifier: &str, rids: &[&str], now: Timestamp) -> OadrReport {
    let point = |rid: &&str| status_description(*rid, source(), sampling());
    let points = rids.iter().map(point).collect();
    OadrReport::metadata(ReportName::MetadataTelemetryStatus, specifier, seconds(3600), points, now)
}

/// oadrUpdateReport.
pub fn update(stage: &Stage, ven: &Party, reports: Vec<OadrReport>) -> OadrUpdateReport {
    OadrUpdateReport {
        schema_version: None,
        request_id: stage.unique("up"),
        oadr_report: reports,
        ven_id: ven.ven_id.clone(),
    }
}

/// oadrReportRequest: what, how finely (seconds), how often (seconds), from when for how long.
pub fn request(
    id: &str,
    (specifier, rids): (&str, &[&str]),
    (granularity_s, back_s): (u32, u32),
    interval: Option<(Timestamp, u32)>,
) -> OadrReportRequest {
    let payload = |rid: &&str| SpecifierPayload {
        rid: (*rid).to_owned(),
        item_base: None,
        reading_type: ReadingType::XNotApplicable,
    };
    OadrReportRequest {
        report_request_id: id.to_owned(),
        report_specifier: ReportSpecifier {
            report_specifier_id: specifier.to_owned(),
            granularity: seconds(granularity_s).into(),
            report_back_duration: seconds(back_s).into(),
            report_interval: interval.map(|(start, length)| WsCalendarInterval {
                properties: Properties::new(start, seconds(length)),
            }),
            specifier_payload: rids.iter().map(payload).collect(),
        },
    }
}

/// oadrCreateReport, as the kit's VTN says it.
pub fn create(
    request_id: &str,
    ven_id: Option<String>,
    requests: Vec<OadrReportRequest>,
) -> OadrCreateReport {
    OadrCreateReport {
        schema_version: None,
        request_id: request_id.to_owned(),
        oadr_report_request: requests,
        ven_id,
    }
}

/// oadrCancelReport.
pub fn cancel(
    request_id: &str,
    ven_id: Option<String>,
    ids: &[&str],
    to_follow: bool,
) -> OadrCancelReport {
    OadrCancelReport {
        schema_version: None,
        request_id: request_id.to_owned(),
        report_request_id: ids.iter().map(|id| (*id).to_owned()).collect(),
        report_to_follow: to_follow,
        ven_id,
    }
}

/// powerReal in kW.
pub fn kilowatts() -> ItemBase {
    ItemBase::power_real(SiScaleCode::K, PowerAttributes::ac(50.into(), 230.into()))
}

fn source() -> EiTarget {
    EiTarget::resources(["site"])
}

fn sampling() -> Sampling {
    Sampling { shortest: seconds(1), longest: seconds(60), on_change: false }
}
