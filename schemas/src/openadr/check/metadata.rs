//! An oadrRegisterReport by itself. OpenADR 2.0b Profile, rules 305, 307, 308, 311,
//! 312, 331, 333.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Fault, check_device_classes};
use crate::openadr::Code;
use crate::openadr::ei::{ReadingType, ReportName, ReportType};
use crate::openadr::emix::ItemBase;
use crate::openadr::oadr::{OadrRegisterReport, OadrReport, OadrReportDescription};

/// Holds metadata reports against the rules that need nothing but the message. A name
/// of a deployment's own (`x-…`) frees a report from the table of rule 331.
///
/// # Errors
/// The first broken one of rules 308 (unique IDs), 311 (reportRequestID 0), 305
/// (descriptions, no data), 331 (name and table), 312 (duration), 333 (sampling rate),
/// 307 (reportSubject).
pub fn check_report_metadata(message: &OadrRegisterReport) -> Result<(), Fault> {
    let mut specifiers = BTreeSet::new();
    for report in &message.oadr_report {
        let id = &report.report_specifier_id;
        if !specifiers.insert(id.as_str()) {
            let what = format!("two reports have the reportSpecifierID {id}");
            return Err(Fault::new(308, Code::InvalidData, what));
        }
        one_report(report)
            .map_err(|fault| Fault { what: format!("report {id}: {}", fault.what), ..fault })?;
    }
    Ok(())
}

fn one_report(report: &OadrReport) -> Result<(), Fault> {
    let fault = |rule, what: String| Err(Fault::new(rule, Code::NotCompliant, what));
    if report.report_request_id.trim() != "0" {
        let what = format!("reportRequestID is {}, not 0", report.report_request_id);
        return fault(311, what);
    }
    if report.dtstart.is_some() || report.intervals.is_some() {
        return fault(305, "metadata has neither dtstart nor intervals".to_owned());
    }
    if report.oadr_report_description.is_empty() {
        return fault(305, "metadata needs an oadrReportDescription".to_owned());
    }
    let table = Table::of(report.report_name.as_ref())?;
    let Some(depth) = report.duration.as_ref().map(|depth| depth.duration) else {
        return fault(312, "metadata needs the duration of the data kept".to_owned());
    };
    let mut rids = BTreeSet::new();
    for description in &report.oadr_report_description {
        if !rids.insert(description.rid.as_str()) {
            return fault(308, format!("two descriptions have the rID {}", description.rid));
        }
        let place = |fault: Fault| Fault {
            what: format!("rID {}: {}", description.rid, fault.what),
            ..fault
        };
        table.check(description).map_err(place)?;
        check_sampling(&table, description, depth).map_err(place)?;
        let subject = description.report_subject.as_ref();
        check_device_classes(307, "reportSubject", subject).map_err(place)?;
    }
    Ok(())
}

fn check_sampling(
    table: &Table,
    description: &OadrReportDescription,
    depth: crate::xml::Duration,
) -> Result<(), Fault> {
    let Some(rate) = &description.oadr_sampling_rate else {
        return match table {
            Table::Usage { telemetry: true } | Table::Status => {
                let what = "a telemetry description needs oadrSamplingRate";
                Err(Fault::new(333, Code::NotCompliant, what))
            }
            _ => Ok(()),
        };
    };
    // Two durations compare where they are laid down; a common year does for all.
    let epoch = Timestamp::UNIX_EPOCH;
    let longest = rate.oadr_max_period.from(epoch);
    if longest.is_none() || longest > depth.from(epoch) {
        let what =
            format!("oadrMaxPeriod {} is longer than the data kept, {depth}", rate.oadr_max_period);
        return Err(Fault::new(312, Code::InvalidData, what));
    }
    Ok(())
}

/// The rows of the table of rule 331.
enum Table {
    Usage { telemetry: bool },
    Status,
    GreenButton,
    Own,
}

impl Table {
    fn of(name: Option<&ReportName>) -> Result<Self, Fault> {
        match name {
            Some(ReportName::MetadataTelemetryUsage) => Ok(Self::Usage { telemetry: true }),
            Some(ReportName::MetadataHistoryUsage) => Ok(Self::Usage { telemetry: false }),
            Some(ReportName::MetadataTelemetryStatus) => Ok(Self::Status),
            Some(ReportName::MetadataHistoryGreenbutton) => Ok(Self::GreenButton),
            Some(ReportName::Extension(_)) => Ok(Self::Own),
            Some(other) => {
                let what = format!("in metadata the reportName {other} begins METADATA_");
                Err(Fault::new(331, Code::NotCompliant, what))
            }
            None => {
                let what = "metadata needs a reportName";
                Err(Fault::new(331, Code::NotCompliant, what))
            }
        }
    }

    fn check(&self, d: &OadrReportDescription) -> Result<(), Fault> {
        let fault = |rule, what: &str| Err(Fault::new(rule, Code::InvalidData, what));
        let unit = d.item_base.as_ref();
        match self {
            Self::Usage { .. } if unit.is_none() => {
                Err(Fault::new(305, Code::NotCompliant, "a usage report needs a unit"))
            }
            Self::Usage { .. } => match (&d.report_type, &d.reading_type, unit) {
                (
                    ReportType::Usage,
                    ReadingType::DirectRead,
                    Some(
                        ItemBase::PowerReal(_) | ItemBase::EnergyReal(_) | ItemBase::PulseCount(_),
                    ),
                ) => Ok(()),
                _ => fault(
                    331,
                    "a usage report is of type usage, Direct Read, in powerReal, energyReal or \
                     pulseCount",
                ),
            },
            Self::Status => match (&d.report_type, &d.reading_type, unit) {
                (ReportType::XResourceStatus, ReadingType::XNotApplicable, None) => Ok(()),
                _ => fault(
                    331,
                    "a status report is of type x-resourceStatus, x-notApplicable, without unit",
                ),
            },
            Self::GreenButton | Self::Own => Ok(()),
        }
    }
}
