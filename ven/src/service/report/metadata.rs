//! What there is to report (oadrRegisterReport). OpenADR 2.0b Profile, rules 301, 305, 306,
//! 308, 311, 312, 331, 333; the table of well-known reports.

use std::time::Duration;

use oadr_platform::reading::{DataPoint, Kind};
use oadr_schemas::openadr::ei::{EiTarget, ReadingType, ReportName, ReportType};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::{
    OadrRegisterReport, OadrReport, OadrReportDescription, OadrSamplingRate,
};
use oadr_schemas::openadr::power::{EnergyReal, ItemUnits, PowerAttributes, PowerReal};
use oadr_schemas::openadr::scale::SiScaleCode;
use oadr_schemas::xml::DateTime;
use oadr_store::{Batch, Keys};
use rust_decimal::Decimal;

use crate::context::{Context, Trouble, wire};
use crate::tables::{REQUESTS, Reported};

/// All there is to report. `asked` is the reportRequestID of the METADATA request that this
/// answers (rule 311). Without data points there is no oadrReport (rule 305).
pub(crate) fn metadata(
    cx: &mut Context<'_>,
    ven_id: &str,
    asked: Option<String>,
) -> OadrRegisterReport {
    OadrRegisterReport {
        schema_version: None,
        request_id: cx.fresh_id(),
        oadr_report: OFFERED.into_iter().filter_map(|what| offer(cx, what)).collect(),
        ven_id: Some(ven_id.to_owned()),
        report_request_id: asked,
    }
}

/// Adds to the batch: fresh metadata calls off the reports there are; periodic metadata goes
/// on (rule 306).
pub(crate) fn drop_reports(cx: &Context<'_>, batch: &mut Batch) -> Result<(), Trouble> {
    for (id, request) in REQUESTS.range(cx.store, Keys::all())? {
        if request.what != Reported::Metadata {
            REQUESTS.delete(batch, id);
        }
    }
    Ok(())
}

/// The data points of a report; empty if it is not offered.
pub(super) fn points<'a>(cx: &Context<'a>, what: Reported) -> Vec<&'a DataPoint> {
    let wanted: &[Kind] = match what {
        // Energy in store is no usage, and the well-known reports have no place for it.
        Reported::Usage | Reported::History => &[Kind::Power, Kind::Energy],
        Reported::Status => &[Kind::Status],
        Reported::Metadata => &[],
    };
    cx.site.points.iter().filter(|point| wanted.contains(&point.kind)).collect()
}

/// The report's name, which is its reportSpecifierID too, with and without METADATA_.
pub(super) fn names(what: Reported) -> (&'static str, ReportName, ReportName) {
    match what {
        Reported::Usage => {
            ("TELEMETRY_USAGE", ReportName::MetadataTelemetryUsage, ReportName::TelemetryUsage)
        }
        Reported::Status => {
            ("TELEMETRY_STATUS", ReportName::MetadataTelemetryStatus, ReportName::TelemetryStatus)
        }
        Reported::History | Reported::Metadata => {
            ("HISTORY_USAGE", ReportName::MetadataHistoryUsage, ReportName::HistoryUsage)
        }
    }
}

/// How much data can be had (rule 312): what is kept, and at least 100 readings (rule 510).
pub(crate) fn depth(cx: &Context<'_>) -> Duration {
    let periods = cx.site.points.iter().map(|point| point.sample_at_most_every);
    let longest = periods.max().unwrap_or_default();
    cx.settings.keep_readings_for.max(longest.saturating_mul(100))
}

fn offer(cx: &Context<'_>, what: Reported) -> Option<OadrReport> {
    let points = points(cx, what);
    let (specifier, name, _) = names(what);
    (!points.is_empty()).then(|| OadrReport {
        dtstart: None,
        duration: Some(wire(depth(cx)).into()),
        intervals: None,
        ei_report_id: None,
        oadr_report_description: points.into_iter().map(|p| description(what, p)).collect(),
        report_request_id: "0".to_owned(),
        report_specifier_id: specifier.to_owned(),
        report_name: Some(name),
        created_date_time: DateTime(cx.now),
    })
}

fn description(what: Reported, point: &DataPoint) -> OadrReportDescription {
    let status = what == Reported::Status;
    OadrReportDescription {
        rid: point.rid.as_str().to_owned(),
        report_subject: None,
        report_data_source: Some(EiTarget::resources([point.resource.as_str()])),
        report_type: if status { ReportType::XResourceStatus } else { ReportType::Usage },
        item_base: unit(point.kind),
        reading_type: if status { ReadingType::XNotApplicable } else { ReadingType::DirectRead },
        market_context: None,
        oadr_sampling_rate: (what != Reported::History).then(|| OadrSamplingRate {
            oadr_min_period: wire(point.sample_at_least_every),
            oadr_max_period: wire(point.sample_at_most_every),
            oadr_on_change: false,
        }),
    }
}

/// The unit on the wire, without a scale. The attributes of power are those of the mains;
/// the schema wants some.
fn unit(kind: Kind) -> Option<ItemBase> {
    let si_scale_code = SiScaleCode::None_;
    match kind {
        Kind::Power => Some(ItemBase::PowerReal(PowerReal {
            item_description: Default::default(),
            item_units: ItemUnits::W,
            si_scale_code,
            power_attributes: PowerAttributes {
                hertz: Decimal::from(50),
                voltage: Decimal::from(230),
                ac: true,
            },
        })),
        Kind::Energy | Kind::Stored => Some(ItemBase::EnergyReal(EnergyReal {
            item_description: Default::default(),
            item_units: Default::default(),
            si_scale_code,
        })),
        Kind::Status => None,
    }
}

const OFFERED: [Reported; 3] = [Reported::Usage, Reported::Status, Reported::History];
