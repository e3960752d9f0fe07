//! EiReport, VEN under test: what its reports say of what is measured now.
//! OpenADR 2.0b Profile, 8.3.2; rules 300, 313 to 318, 324, 325, 337, 341, 342, 346. What it keeps
//! is in [`kept`].

pub mod kept;
mod shape;

use jiff::Timestamp;
use oadr_schemas::openadr::ei::ReportName;
use oadr_schemas::openadr::oadr::OadrDataQualityType;
use oadr_schemas::openadr::report::Row;

use super::report::offer::{
    Came, Offer, after, boot_one, boot_quick, boot_usage, collect, ended, granted, offers,
    soon_start,
};
use super::{VenPlay, said};
use crate::scenario::Scenario;
use crate::verdict::{Ended, Stop};

pub(super) use shape::status_shape;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("report-oneshot", |play| Box::pin(oneshot(play)))
        .given("a VEN that offers TELEMETRY_USAGE")
        .when("it is asked for it once, with a granularity that makes no sense; of data at instants with a stray reportInterval too")
        .expect("at once and once a report with one interval a point, dtstart, the reportName without its prefix; data collected over a time say how long, if the metadata gave a range")
        .rules(&["300", "313", "324", "337"]),
    Scenario::ven("report-periodic", |play| Box::pin(periodic(play)))
        .given("a VEN that offers TELEMETRY_USAGE")
        .when("it is asked for it periodically: five intervals a report, three reports")
        .expect("about three reports of about five intervals each, the first where it was asked for, one after the other, then none; every point in each")
        .rules(&["300", "313", "314", "315", "316", "317", "324", "325", "341", "342", "346"]),
    Scenario::ven("report-on-change", |play| Box::pin(on_change(play)))
        .given("a VEN whose metadata offer oadrOnChange; values that change, then stay")
        .when("it is asked with granularity PT0S")
        .expect("a report each reportBackDuration: the changes, none closer than oadrMinPeriod; what does not change as No New Value - Previous Value Used")
        .needs(&["source"])
        .rules(&["317"]),
    Scenario::ven("report-bad-source", |play| Box::pin(bad_source(play)))
        .given("a VEN that reports something periodically")
        .when("its source is unplugged")
        .expect("a placeholder for each point, of the quality Quality Bad")
        .needs(&["source"])
        .rules(&["318"]),
];

async fn oneshot(play: &mut VenPlay) -> Ended {
    for offer in boot_usage(play).await? {
        let spans = collects_spans(play, &offer).await?;
        let odd = offer.longest_s.saturating_mul(3).saturating_add(1);
        let rows = once(play, &offer, (odd, None)).await?;
        let ranged = offer.shortest_s < offer.longest_s;
        if spans && ranged {
            let timed = rows.iter().all(|row| row.duration.is_some());
            let what = "data collected over a time say how long, the metadata giving a range";
            play.check(&["337"], what, timed, said::rows(&rows));
        }
        if !spans {
            // Rule 324: of data at instants reportInterval counts as little as granularity.
            let stray = Some((play.in_s(86_400), 3_600));
            once(play, &offer, (odd, stray)).await?;
        }
    }
    Ok(())
}

/// Whether values of this offer are collected over a time: a short periodic report tells.
async fn collects_spans(play: &mut VenPlay, offer: &Offer) -> Result<bool, Stop> {
    let (granularity, back) = offer.spacing(play)?;
    let id = play.unique("periodic");
    let interval = Some((soon_start(play), back));
    granted(play, vec![offer.request(&id, (granularity, back), interval)]).await?;
    let wait_s = play.soon() + u64::from(back) * 2;
    let found = collect(play, &id, (1, wait_s)).await?;
    let saw = play.so_far();
    play.require(&["324"], "a periodic report comes", !found.is_empty(), saw)?;
    let rows = shape::check(play, offer, &found[0].report)?;
    Ok(shape::spans(&rows))
}

/// Asks once, checks what comes, and gives its values.
async fn once(
    play: &mut VenPlay,
    offer: &Offer,
    (granularity, interval): (u32, Option<(Timestamp, u32)>),
) -> Result<Vec<Row>, Stop> {
    let id = play.unique("once");
    granted(play, vec![offer.request(&id, (granularity, 0), interval)]).await?;
    let at_once = u64::from(play.top.state().poll_s) + 3;
    let found = collect(play, &id, (1, at_once)).await?;
    let what = "what is asked for once comes at once";
    let saw = play.so_far();
    play.require(&["324", "337"], what, !found.is_empty(), saw)?;
    let came = &found[0];
    let rows = shape::check(play, offer, &came.report)?;
    let counts: Vec<_> = offer.rids.iter().map(|rid| shape::starts(&rows, rid).len()).collect();
    play.check(&["324"], "each point has one value", counts.iter().all(|n| *n == 1), counts);
    let oldest = u64::from(offer.longest_s).saturating_mul(2) + at_once;
    let newest = rows.iter().all(|row| after(row.start, oldest) >= came.at);
    play.check(&["337"], "it is the newest value", newest, (said::rows(&rows), came.at));
    let twice = collect(play, &id, (2, at_once)).await?.len();
    play.equal(&["324"], "what is asked for once comes once", (twice, 1));
    Ok(rows)
}

async fn periodic(play: &mut VenPlay) -> Ended {
    for offer in boot_usage(play).await? {
        let (granularity, back) = offer.spacing(play)?;
        let id = play.unique("periodic");
        let start = soon_start(play);
        let interval = Some((start, back * 3));
        granted(play, vec![offer.request(&id, (granularity, back), interval)]).await?;
        let slack = u64::from(granularity) + 3;
        let wait_s = play.soon() + u64::from(back) * 4 + slack;
        let found = collect(play, &id, (usize::MAX, wait_s)).await?;
        let found = without_repeats(found);
        let about = (2..=4).contains(&found.len());
        let what = "about as many reports come as fit into the duration asked for";
        play.check(&["324", "325"], what, about, found.len());
        let mut spans = None;
        let mut reports = Vec::new();
        for one in &found {
            let rows = shape::check(play, &offer, &one.report)?;
            let same = *spans.get_or_insert(shape::spans(&rows)) == shape::spans(&rows);
            play.check(
                &["342"],
                "all reports are of instants, or of times",
                same,
                said::rows(&rows),
            );
            intervals(play, &offer, (granularity, back), &rows);
            reports.push((one.at, rows));
        }
        sequence(play, &reports, (start, granularity, back));
        let what = "the duration asked for is over";
        play.forget();
        ended(play, &["325"], (&id, what), u64::from(back) * 2).await?;
    }
    Ok(())
}

/// A report that comes again as it was is no fault (rule 346).
fn without_repeats(found: Vec<Came>) -> Vec<Came> {
    let mut kept: Vec<Came> = Vec::new();
    for one in found {
        let known = |other: &Came| {
            other.report.dtstart == one.report.dtstart
                && other.report.intervals == one.report.intervals
        };
        if !kept.iter().any(known) {
            kept.push(one);
        }
    }
    kept
}

/// Rule 317: how many intervals, and how far apart.
fn intervals(play: &mut VenPlay, offer: &Offer, (granularity, back): (u32, u32), rows: &[Row]) {
    let wanted = i64::from(back / granularity);
    for rid in &offer.rids {
        let starts = shape::starts(rows, rid);
        let count = i64::try_from(starts.len()).unwrap_or(i64::MAX);
        let about = count > 0 && (count - wanted).abs() <= 1;
        let what = format!("{rid}: about reportBackDuration / granularity intervals, {wanted}");
        play.check(&["317"], what, about, count);
        let gap = |pair: &[Timestamp]| pair[1].duration_since(pair[0]).as_secs();
        let gaps: Vec<_> = starts.windows(2).map(gap).collect();
        let even = gaps.iter().all(|gap| (gap - i64::from(granularity)).abs() <= 1);
        let what = format!("{rid}: the intervals are {granularity} s apart");
        play.check(&["317"], what, even, gaps);
    }
}

/// How reports follow each other.
fn sequence(
    play: &mut VenPlay,
    reports: &[(Timestamp, Vec<Row>)],
    (start, granularity, back): (Timestamp, u32, u32),
) {
    let firsts: Vec<_> =
        reports.iter().filter_map(|(_, rows)| rows.iter().map(|row| row.start).min()).collect();
    if let Some(first) = firsts.first() {
        let off = first.duration_since(start).as_secs().abs();
        let near = off <= i64::from(granularity);
        let what = "the first interval starts within a granularity of the start asked for";
        play.check(&["341"], what, near, (first, start));
    }
    let on = firsts.windows(2).all(|pair| pair[0] < pair[1]);
    play.check(&["346"], "one report goes on where the other ended", on, &firsts);
    let gap = |pair: &[(Timestamp, Vec<Row>)]| pair[1].0.duration_since(pair[0].0).as_secs();
    let gaps: Vec<_> = reports.windows(2).map(gap).collect();
    let (back, slack) = (i64::from(back), i64::from(granularity) + 2);
    let steady = gaps.iter().all(|gap| (gap - back).abs() <= slack);
    play.check(&["324"], format!("a report comes each {back} s"), steady, gaps);
}

async fn on_change(play: &mut VenPlay) -> Ended {
    let metadata = boot_quick(play).await?;
    let usage = offers(&metadata, &ReportName::MetadataTelemetryUsage);
    let Some(offer) = usage.into_iter().find(|offer| offer.on_change) else {
        return Err(Stop::Skip("the VEN offers no TELEMETRY_USAGE on change".to_owned()));
    };
    play.hook().source("live").await?;
    let played = changes(play, &offer).await;
    // The next scenario finds the source as it was.
    play.hook().source("live").await?;
    played
}

async fn changes(play: &mut VenPlay, offer: &Offer) -> Ended {
    let back = (offer.shortest_s * 2).max(10);
    let id = play.unique("change");
    let request = offer.request(&id, (0, back), Some((soon_start(play), 0)));
    granted(play, vec![request]).await?;
    let period = u64::from(back);
    let wait_s = play.soon() + period * 3;
    let live = collect(play, &id, (2, wait_s)).await?;
    let what = "a report comes each reportBackDuration";
    play.require(&["317"], what, live.len() >= 2, live.len())?;
    let mut rows = Vec::new();
    for one in &live {
        rows.extend(shape::check(play, offer, &one.report)?);
    }
    for rid in &offer.rids {
        let starts = shape::starts(&rows, rid);
        let gaps = starts.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_secs());
        let gaps: Vec<_> = gaps.collect();
        let apart = gaps.iter().all(|gap| *gap == 0 || *gap >= i64::from(offer.shortest_s));
        let what = format!("{rid}: no values are closer than oadrMinPeriod");
        play.check(&["317"], what, apart, gaps);
    }
    play.hook().source("still").await?;
    // The report that is under way may still have changes.
    play.forget();
    collect(play, &id, (1, period * 2)).await?;
    play.forget();
    let still = collect(play, &id, (2, period * 3)).await?;
    let what = "a report comes though nothing changes";
    play.require(&["317"], what, still.len() >= 2, still.len())?;
    for one in &still {
        let rows = shape::check(play, offer, &one.report)?;
        let quality = OadrDataQualityType::NoNewValuePreviousValueUsed;
        let old = rows.iter().all(|row| row.quality.as_ref() == Some(&quality));
        play.check(&["317"], "what does not change has no new value", old, said::rows(&rows));
    }
    Ok(())
}

async fn bad_source(play: &mut VenPlay) -> Ended {
    let offer = boot_one(play).await?;
    play.hook().source("live").await?;
    let played = unplugged(play, &offer).await;
    // The next scenario finds the source as it was.
    play.hook().source("live").await?;
    played
}

async fn unplugged(play: &mut VenPlay, offer: &Offer) -> Ended {
    let (granularity, back) = offer.spacing(play)?;
    let id = play.unique("usage");
    let request = offer.request(&id, (granularity, back), Some((soon_start(play), 0)));
    granted(play, vec![request]).await?;
    let period = u64::from(back);
    let wait_s = play.soon() + period * 2;
    let found = collect(play, &id, (1, wait_s)).await?;
    let saw = play.so_far();
    play.require(&["324"], "a periodic report comes", !found.is_empty(), saw)?;
    play.hook().source("unplugged").await?;
    // A sample that was being taken may be good yet.
    let bad_from = after(play.now(), u64::from(granularity) + 1);
    play.forget();
    let found = collect(play, &id, (3, period * 4 + 5)).await?;
    let mut seen = 0;
    for one in &found {
        let rows = shape::check(play, offer, &one.report)?;
        for row in rows.iter().filter(|row| row.start >= bad_from) {
            seen += 1;
            let quality = row.quality.as_ref().map(ToString::to_string);
            let bad = quality.as_ref().is_some_and(|text| text.starts_with("Quality Bad"));
            let what = format!("{}: a value without a source is of bad quality", row.rid);
            play.check(&["318"], what, bad, said::rows([row]));
        }
    }
    play.check(&["318"], "the reports go on without a source", seen > 0, found.len());
    Ok(())
}
