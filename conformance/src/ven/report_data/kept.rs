//! EiReport, VEN under test: what it keeps of what it measured. OpenADR 2.0b Profile, rules 312,
//! 314, 317, 324, 325, 510.

use jiff::Timestamp;
use oadr_schemas::openadr::ei::ReportName;
use oadr_schemas::openadr::oadr::{OadrPoll, OadrRegisterReport};
use oadr_schemas::openadr::report::Row;

use super::shape;
use crate::hook::VenSettings;
use crate::scenario::Scenario;
use crate::ven::report::offer::{Offer, after, boot, collect, granted, offers};
use crate::ven::{Model, VenPlay, said};
use crate::verdict::{Ended, Stop, inconclusive};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("report-history", |play| Box::pin(history(play)))
        .given("a VEN that has measured for a while")
        .when("HISTORY_USAGE is asked for: a span of the past; all since a start")
        .expect("what was recorded in that span; all since the start; the oldest first")
        .rules(&["314", "317", "324", "325"]),
    Scenario::ven("report-storage", |play| Box::pin(storage(play)))
        .given("a VEN that measures every second, and a VTN that is away for 100 samples")
        .when("the VTN is back and asks for the span it missed")
        .expect("100 values of each point")
        .needs(&["start"])
        .rules(&["312", "510"]),
];

async fn history(play: &mut VenPlay) -> Ended {
    let (metadata, every) = boot_measuring(play).await?;
    let archive = offers(&metadata, &ReportName::MetadataHistoryUsage).into_iter().next();
    let Some(archive) = archive else {
        return Err(Stop::Skip("the VEN offers no HISTORY_USAGE".to_owned()));
    };
    let third = match play.setting.pace.is_steered() {
        true => (every * 4).max(60),
        false => (every * 4).max(5),
    };
    if !play.setting.pace.is_steered() && third > 40 {
        return inconclusive("it would take too long until it has recorded something");
    }
    let began = play.now_s();
    let third_s = u64::from(third);
    play.pass(third_s * 3).await?;
    // The middle third, then the last two.
    let (start, end) = (after(began, third_s), after(began, third_s * 2));
    let middle = recorded(play, &archive, (start, third)).await?;
    within(play, &middle, (start, end));
    let all = recorded(play, &archive, (start, 0)).await?;
    let what = "a duration of zero brings all since the start";
    let first = |rows: &[Row]| rows.iter().map(|row| row.start).min();
    let last = |rows: &[Row]| rows.iter().map(|row| row.start).max();
    play.equal(&["325"], what, (first(&all), first(&middle)));
    play.check(&["325"], what, last(&all) >= Some(end), last(&all));
    Ok(())
}

/// A VEN that measures every second, or as often as its telemetry must be had; and how often.
async fn boot_measuring(play: &mut VenPlay) -> Result<(OadrRegisterReport, u32), Stop> {
    match boot(play, &every_second()).await {
        Ok(metadata) => Ok((metadata, 1)),
        Err(Stop::Skip(_)) => {
            let metadata = boot(play, &VenSettings::default()).await?;
            let telemetry = offers(&metadata, &ReportName::MetadataTelemetryUsage);
            let slowest = telemetry.iter().map(|offer| offer.longest_s).max();
            Ok((metadata, slowest.unwrap_or(60)))
        }
        Err(other) => Err(other),
    }
}

fn every_second() -> VenSettings {
    VenSettings { sample_every_s: Some(1), ..VenSettings::default() }
}

/// Asks for a history, checks its form, and gives it.
async fn recorded(
    play: &mut VenPlay,
    archive: &Offer,
    (start, length): (Timestamp, u32),
) -> Result<Vec<Row>, Stop> {
    let id = play.unique("history");
    granted(play, vec![archive.request(&id, (0, 0), Some((start, length)))]).await?;
    let soon = play.soon();
    let found = collect(play, &id, (1, soon)).await?;
    let saw = play.so_far();
    play.require(&["324"], "a history comes at once", !found.is_empty(), saw)?;
    let rows = shape::check(play, archive, &found[0].report)?;
    for rid in &archive.rids {
        let several = shape::starts(&rows, rid).len() > 1;
        let what = format!("{rid}: what was recorded comes, not one value");
        play.check(&["317"], what, several, said::rows(&rows));
    }
    Ok(rows)
}

/// Rule 325: nothing outside the span, and the span is filled, up to the spacing of the record.
fn within(play: &mut VenPlay, rows: &[Row], (start, end): (Timestamp, Timestamp)) {
    let starts: Vec<_> = rows.iter().map(|row| row.start).collect();
    let spacing = starts.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_secs());
    let spacing = u64::try_from(spacing.max().unwrap_or(0).max(1)).unwrap_or(1);
    let (Some(first), Some(last)) = (starts.iter().min(), starts.iter().max()) else { return };
    let inside = after(*first, spacing) >= start && *last <= end;
    let what = "only what was recorded in the span comes";
    play.check(&["325"], what, inside, (first, last, start, end));
    let filled = *first <= after(start, spacing) && after(*last, spacing + 1) >= end;
    let what = "all that was recorded in the span comes";
    play.check(&["325"], what, filled, (first, last, start, end));
}

async fn storage(play: &mut VenPlay) -> Ended {
    let metadata = boot(play, &every_second()).await?;
    let Some((offer, once)) = readable(&metadata) else {
        return Err(Stop::Skip("the VEN offers neither TELEMETRY_USAGE nor HISTORY_USAGE".into()));
    };
    let every = if once { 1 } else { offer.shortest_s };
    let missed = every * (SAMPLES + 2);
    if !play.setting.pace.is_steered() && missed > 130 {
        return inconclusive(format!("it measures each {every} s only: it would take too long"));
    }
    let what = "its metadata say that so much is kept";
    play.check(&["312", "510"], what, offer.depth_s >= every * SAMPLES, &offer);
    let start = play.now_s();
    play.top.state().offline = true;
    let away = play.pass(u64::from(missed)).await;
    play.top.state().offline = false;
    away?;
    play.forget();
    // It may wait before it tries again.
    let back = play.hear::<OadrPoll>(90).await?;
    if back.is_none() && play.model == Model::Pull {
        return inconclusive("the VEN does not come back");
    }
    if after(start, u64::from(offer.depth_s)) <= play.now() {
        return inconclusive("what was missed is older than what is kept");
    }
    let id = play.unique("missed");
    let spacing = if once { (0, 0) } else { (every, missed) };
    granted(play, vec![offer.request(&id, spacing, Some((start, missed)))]).await?;
    let wait_s = play.soon() + 5;
    let found = collect(play, &id, (1, wait_s)).await?;
    let saw = play.so_far();
    play.require(&["510"], "what was missed comes", !found.is_empty(), saw)?;
    let mut rows = Vec::new();
    for one in collect(play, &id, (usize::MAX, 3)).await? {
        rows.extend(shape::check(play, &offer, &one.report)?);
    }
    for rid in &offer.rids {
        let good = rows.iter().filter(|row| row.rid == *rid && has_value(row)).count();
        let wanted = usize::try_from(SAMPLES).unwrap_or(usize::MAX);
        let what = format!("{rid}: {SAMPLES} values were kept");
        play.check(&["510", "312"], what, good >= wanted, good);
    }
    Ok(())
}

/// The archive, to be asked for at once; or telemetry, with a start in the past.
fn readable(metadata: &OadrRegisterReport) -> Option<(Offer, bool)> {
    let of = |name| offers(metadata, &name).into_iter().next();
    let archive = of(ReportName::MetadataHistoryUsage).map(|offer| (offer, true));
    archive.or_else(|| of(ReportName::MetadataTelemetryUsage).map(|offer| (offer, false)))
}

/// Not a placeholder (rule 318).
fn has_value(row: &Row) -> bool {
    let quality = row.quality.as_ref().map(ToString::to_string).unwrap_or_default();
    row.number().is_some() && !quality.starts_with("Quality Bad")
}

/// What every VEN keeps.
const SAMPLES: u32 = 100;
