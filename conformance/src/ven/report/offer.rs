//! What a VEN offers to report, and how to ask for it and hear it: for every scenario of EiReport.
//! OpenADR 2.0b Profile, sections 8.3.1, 8.3.2; rules 312, 317, 333.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::{EiResponse, ReportName};
use oadr_schemas::openadr::oadr::{
    OadrCreatedReport, OadrRegisterReport, OadrReport, OadrReportRequest, OadrUpdateReport,
};
use oadr_schemas::xml::Duration;

use crate::hook::VenSettings;
use crate::say::report as say;
use crate::ven::{Heard, VenPlay, said};
use crate::verdict::{Ended, Stop, inconclusive};

/// A report of the metadata: what may be asked for under its reportSpecifierID.
#[derive(Clone, Debug)]
pub struct Offer {
    /// reportSpecifierID.
    pub specifier: String,
    /// reportName of the metadata.
    pub name: ReportName,
    /// How much data there is, seconds.
    pub depth_s: u32,
    /// rIDs, in their order.
    pub rids: Vec<String>,
    /// The longest oadrMinPeriod, seconds, at least 1: all points can be had so finely.
    pub shortest_s: u32,
    /// The shortest oadrMaxPeriod, seconds, at least `shortest_s`.
    pub longest_s: u32,
    /// oadrOnChange of all points.
    pub on_change: bool,
}

impl Offer {
    fn of(report: &OadrReport) -> Option<Self> {
        let points = &report.oadr_report_description;
        let rates = || points.iter().filter_map(|point| point.oadr_sampling_rate.as_ref());
        let shortest = rates().map(|rate| length_s(&rate.oadr_min_period)).max();
        let shortest_s = shortest.unwrap_or(1).max(1);
        let longest = rates().map(|rate| length_s(&rate.oadr_max_period)).min();
        Some(Self {
            specifier: report.report_specifier_id.clone(),
            name: report.report_name.clone()?,
            depth_s: report.duration.as_ref().map_or(0, |depth| length_s(&depth.duration)),
            rids: points.iter().map(|point| point.rid.clone()).collect(),
            shortest_s,
            longest_s: longest.unwrap_or(shortest_s).max(shortest_s),
            on_change: rates().count() > 0 && rates().all(|rate| rate.oadr_on_change),
        })
    }

    /// A request for all of its points: how finely, how often (seconds), from when for how long.
    pub fn request(
        &self,
        id: &str,
        spacing: (u32, u32),
        interval: Option<(Timestamp, u32)>,
    ) -> OadrReportRequest {
        let rids: Vec<_> = self.rids.iter().map(String::as_str).collect();
        say::request(id, (&self.specifier, &rids), spacing, interval)
    }

    /// granularity and reportBackDuration, seconds, of a periodic report that the metadata
    /// allows: five intervals, fewer where time has to be waited for.
    ///
    /// # Errors
    /// Inconclusive, if waiting for it would take too long.
    pub fn spacing(&self, play: &VenPlay) -> Result<(u32, u32), Stop> {
        let granularity = 2.clamp(self.shortest_s, self.longest_s);
        let intervals = match play.setting.pace.is_steered() {
            true => 5,
            false => (PATIENCE_S / granularity).min(5),
        };
        if intervals == 0 {
            let why = format!("{} gives a value each {granularity} s only", self.specifier);
            return inconclusive(why);
        }
        Ok((granularity, granularity * intervals))
    }
}

/// Starts the VEN afresh and gives the metadata that it registers by itself.
///
/// # Errors
/// Skip, if it cannot be such a VEN; inconclusive, if it does not register reports.
pub async fn boot(play: &mut VenPlay, settings: &VenSettings) -> Result<OadrRegisterReport, Stop> {
    play.start(settings).await?;
    let Some(metadata) = play.hear::<OadrRegisterReport>(BOOT_S).await? else {
        return inconclusive("the VEN does not register its reports");
    };
    play.ven()?;
    play.introduce().await?;
    play.settle().await?;
    play.forget();
    Ok(metadata)
}

/// The same with a VEN that measures every second, if it can and time has to be waited for.
///
/// # Errors
/// As [`boot`].
pub async fn boot_quick(play: &mut VenPlay) -> Result<OadrRegisterReport, Stop> {
    if !play.setting.pace.is_steered() {
        let quick = VenSettings { sample_every_s: Some(1), ..VenSettings::default() };
        match boot(play, &quick).await {
            Err(Stop::Skip(_)) => {}
            other => return other,
        }
    }
    boot(play, &VenSettings::default()).await
}

/// What is offered under a reportName of the metadata.
pub fn offers(metadata: &OadrRegisterReport, name: &ReportName) -> Vec<Offer> {
    let offers = metadata.oadr_report.iter().filter_map(Offer::of);
    offers.filter(|offer| offer.name == *name && !offer.rids.is_empty()).collect()
}

/// What is offered of usage as it is measured; where time has to be waited for, one of it.
///
/// # Errors
/// Skip, if there is none.
pub async fn boot_usage(play: &mut VenPlay) -> Result<Vec<Offer>, Stop> {
    let metadata = boot_quick(play).await?;
    let mut found = offers(&metadata, &ReportName::MetadataTelemetryUsage);
    if found.is_empty() {
        return Err(Stop::Skip("the VEN offers no TELEMETRY_USAGE".to_owned()));
    }
    found.truncate(if play.setting.pace.is_steered() { 2 } else { 1 });
    Ok(found)
}

/// One of what is offered of usage as it is measured.
///
/// # Errors
/// As [`boot_usage`].
pub async fn boot_one(play: &mut VenPlay) -> Result<Offer, Stop> {
    match boot_usage(play).await?.into_iter().next() {
        Some(offer) => Ok(offer),
        None => inconclusive("nothing is offered"),
    }
}

/// Puts requests to the VEN and gives its oadrCreatedReport, whatever that says; what was heard
/// before does not matter any more.
///
/// # Errors
/// Failed, if there is no answer; an oadrResponse that refuses is none.
pub async fn ask(
    play: &mut VenPlay,
    requests: Vec<OadrReportRequest>,
) -> Result<OadrCreatedReport, Stop> {
    let request_id = play.unique("ask");
    ask_as(play, &request_id, requests).await
}

/// The same under a requestID, which may be empty.
///
/// # Errors
/// As [`ask`].
pub async fn ask_as(
    play: &mut VenPlay,
    request_id: &str,
    requests: Vec<OadrReportRequest>,
) -> Result<OadrCreatedReport, Stop> {
    let ven_id = Some(play.ven()?.ven_id);
    let told = play.tell(say::create(request_id, ven_id, requests)).await?;
    let created = match told {
        Some(Message::OadrCreatedReport(created)) => Some(created),
        _ => {
            let soon = play.soon();
            reach::<OadrCreatedReport>(play, soon).await?.map(|(_, created)| created)
        }
    };
    let Some(created) = created else {
        let saw = play.so_far();
        return play.fail(&["301"], "an oadrCreateReport is answered with oadrCreatedReport", saw);
    };
    let repeated = (created.ei_response.request_id.as_str(), request_id);
    play.equal(&["303"], "oadrCreatedReport repeats the requestID", repeated);
    Ok(created)
}

/// Puts requests that are in order to the VEN, which must take them and list them.
///
/// # Errors
/// Failed, if it does not.
pub async fn granted(play: &mut VenPlay, requests: Vec<OadrReportRequest>) -> Ended {
    let ids: Vec<_> = requests.iter().map(|one| one.report_request_id.clone()).collect();
    let created = ask(play, requests).await?;
    let ok = created.ei_response.is_ok();
    play.require(
        &["300"],
        "a request within the metadata is taken",
        ok,
        said::code(&created.ei_response),
    )?;
    lists(play, &created, &ids);
    Ok(())
}

/// Checks that oadrPendingReports lists these reports.
pub fn lists(play: &mut VenPlay, created: &OadrCreatedReport, ids: &[String]) {
    let pending = &created.oadr_pending_reports.report_request_id;
    let all = ids.iter().all(|id| pending.contains(id));
    play.check(&["329"], "oadrPendingReports lists the reports to come", all, pending);
}

/// Checks that a code refuses.
pub fn refuses(play: &mut VenPlay, rules: &[&'static str], what: &str, response: &EiResponse) {
    let code = response.response_code.value();
    play.check(
        rules,
        format!("{what} is refused with 4xx"),
        code.starts_with('4'),
        said::code(response),
    );
}

/// The next message of a kind within so many seconds; what came before it is forgotten, so that
/// what is left came later.
///
/// # Errors
/// The hook's trouble.
pub async fn reach<M: TryFrom<Message>>(
    play: &mut VenPlay,
    within_s: u64,
) -> Result<Option<(Heard, M)>, Stop> {
    reach_when(play, within_s, |_| true).await
}

/// The same of which something holds.
///
/// # Errors
/// The hook's trouble.
pub async fn reach_when<M: TryFrom<Message>>(
    play: &mut VenPlay,
    within_s: u64,
    holds: impl Fn(&M) -> bool,
) -> Result<Option<(Heard, M)>, Stop> {
    let end = after(play.now(), within_s);
    play.settle().await?;
    loop {
        if let Some(found) = first(play, &holds) {
            return Ok(Some(found));
        }
        if play.now() >= end {
            return Ok(None);
        }
        play.wait_a_little().await?;
    }
}

fn first<M: TryFrom<Message>>(play: &VenPlay, holds: &impl Fn(&M) -> bool) -> Option<(Heard, M)> {
    let mut state = play.top.state();
    let read = |heard: &Heard| M::try_from(heard.message.clone().ok()?).ok().filter(holds);
    let (at, found) = state.heard.iter().enumerate().find_map(|(at, heard)| {
        let message = read(heard)?;
        Some((at, (heard.clone(), message)))
    })?;
    state.heard.drain(..=at);
    Some(found)
}

/// A data report, and when it came.
#[derive(Clone, Debug)]
pub struct Came {
    /// When, UTC.
    pub at: Timestamp,
    /// The report.
    pub report: OadrReport,
}

/// The reports under a reportRequestID heard and not forgotten, in their order.
pub fn came(play: &VenPlay, id: &str) -> Vec<Came> {
    let updates = play.all::<OadrUpdateReport>().into_iter();
    let reports = updates.flat_map(|(heard, update)| {
        update.oadr_report.into_iter().map(move |report| Came { at: heard.at, report })
    });
    reports.filter(|one| one.report.report_request_id == id).collect()
}

/// Waits until so many reports under a reportRequestID have come, but no longer than so many
/// seconds, and gives all of them.
///
/// # Errors
/// The hook's trouble.
pub async fn collect(
    play: &VenPlay,
    id: &str,
    (count, within_s): (usize, u64),
) -> Result<Vec<Came>, Stop> {
    let end = after(play.now(), within_s);
    play.settle().await?;
    loop {
        let found = came(play, id);
        if found.len() >= count || play.now() >= end {
            return Ok(found);
        }
        play.wait_a_little().await?;
    }
}

/// Checks that no report under this reportRequestID came since what was forgotten, nor comes for
/// so many seconds.
///
/// # Errors
/// The hook's trouble.
pub async fn ended(
    play: &mut VenPlay,
    rules: &[&'static str],
    (id, what): (&str, &str),
    seconds: u64,
) -> Ended {
    let found = collect(play, id, (1, seconds)).await?;
    play.check(
        rules,
        format!("no report comes after {what}"),
        found.is_empty(),
        format_args!("{} came", found.len()),
    );
    Ok(())
}

/// A start that is still to come when the VEN has heard of it.
pub fn soon_start(play: &VenPlay) -> Timestamp {
    play.in_s(i64::from(play.top.state().poll_s) + 2)
}

/// So many seconds after a time.
pub fn after(at: Timestamp, seconds: u64) -> Timestamp {
    let span = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    at.saturating_add(span).unwrap_or(Timestamp::MAX)
}

/// A duration's length in whole seconds; months and years as of 1970.
pub fn length_s(duration: &Duration) -> u32 {
    let span = duration.from(Timestamp::UNIX_EPOCH).map_or(0, |span| span.as_secs());
    u32::try_from(span.max(0)).unwrap_or(u32::MAX)
}

/// How long a VEN may take to register and to say what it reports, seconds.
const BOOT_S: u64 = 60;
/// How long a report's data may take where time has to be waited for, seconds.
const PATIENCE_S: u32 = 20;
