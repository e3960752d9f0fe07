//! Messages of peers with known faults, put into the form that the rules are held against. What
//! is recorded is what the peer sent.

use std::borrow::Cow;

use jiff::Timestamp;
use oadr_schemas::openadr::ei::{ReportName, ReportType};
use oadr_schemas::openadr::oadr::{OadrRegisterReport, OadrReport};
use oadr_schemas::xml::Duration;

use crate::record::Leniency;

/// [`Leniency::MetadataForm`].
pub(crate) fn metadata<'a>(
    message: &'a OadrRegisterReport,
    takes: impl Fn(Leniency) -> bool,
) -> Cow<'a, OadrRegisterReport> {
    if !takes(Leniency::MetadataForm) {
        return Cow::Borrowed(message);
    }
    let mut message = message.clone();
    for report in &mut message.oadr_report {
        "0".clone_into(&mut report.report_request_id);
        let rates =
            report.oadr_report_description.iter().filter_map(|d| d.oadr_sampling_rate.as_ref());
        let longest = rates.map(|rate| rate.oadr_max_period);
        let longest = longest.max_by_key(|period| period.from(Timestamp::UNIX_EPOCH));
        report.duration.get_or_insert_with(|| longest.unwrap_or(Duration::ZERO).into());
        let usage = matches!(
            report.report_name,
            Some(ReportName::MetadataTelemetryUsage | ReportName::MetadataHistoryUsage)
        );
        for description in report.oadr_report_description.iter_mut().filter(|_| usage) {
            description.report_type = ReportType::Usage;
        }
    }
    Cow::Owned(message)
}

/// [`Leniency::IntervalStarts`].
pub(crate) fn data(report: &OadrReport, takes: impl Fn(Leniency) -> bool) -> Cow<'_, OadrReport> {
    let starts = |report: &OadrReport| {
        let intervals = report.intervals.as_ref()?;
        intervals.interval.iter().all(|interval| interval.dtstart.is_some()).then_some(())
    };
    if !takes(Leniency::IntervalStarts) || starts(report).is_none() {
        return Cow::Borrowed(report);
    }
    let mut report = report.clone();
    if let Some(intervals) = &mut report.intervals {
        intervals.interval.sort_by_key(|interval| interval.dtstart.as_ref().map(Timestamp::from));
        report.dtstart = intervals.interval.first().and_then(|first| first.dtstart.clone());
    }
    Cow::Owned(report)
}
