//! Reading the site in the background, on the grids that the reports want. Rules 317, 337:
//! a report has what it needs when it is due, and one asked for at once has a newest value.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oadr_platform::reading::Kind;
use oadr_store::{Batch, Keys};

use super::metadata::depth;
use crate::context::{Context, Trouble};
use crate::tables::{ONLY, REQUESTS, ReportRequest, Reported, SAMPLED, SAMPLES, Sample};

/// Reads the site for every instant that has passed since it was read last. Returns the next
/// such instant.
pub(crate) async fn sample(cx: &mut Context<'_>) -> Result<Option<Timestamp>, Trouble> {
    if cx.site.points.is_empty() {
        return Ok(None);
    }
    let grids = grids(cx)?;
    let oldest = cx.now.checked_sub(signed(depth(cx))).unwrap_or(Timestamp::MIN);
    let start = cx.now.checked_sub(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MIN);
    let mut batch = Batch::new();
    let mut done = match SAMPLED.get(cx.store, ONLY)? {
        Some(done) => done.max(oldest),
        // Kept at once: a clock that comes a little late to every instant would never begin.
        None => {
            SAMPLED.put(&mut batch, ONLY, &start)?;
            start
        }
    };
    for _ in 0..MOST_IN_ONE_STEP {
        let Some(at) = next(&grids, done) else { break };
        if at > cx.now {
            break;
        }
        read(cx, &mut batch, at).await?;
        done = at;
    }
    if !batch.is_empty() {
        prune(cx, &mut batch)?;
        SAMPLED.put(&mut batch, ONLY, &done)?;
        cx.store.commit(batch).await?;
    }
    Ok(next(&grids, done))
}

/// Adds to the batch what every data point reads at `at`.
pub(super) async fn read(
    cx: &Context<'_>,
    batch: &mut Batch,
    at: Timestamp,
) -> Result<(), Trouble> {
    let key = at.as_millisecond();
    match cx.prosumer.measure(at).await {
        Ok(readings) => {
            for reading in readings {
                let sample = Sample::Value { value: reading.value, quality: reading.quality };
                SAMPLES.put(batch, (reading.rid.as_str(), key), &sample)?;
            }
        }
        // A gap; the report will say so (rule 318).
        Err(refusal) => tracing::warn!(%at, %refusal, "the site cannot be read"),
    }
    if !cx.site.points.iter().any(|point| point.kind == Kind::Status) {
        return Ok(());
    }
    match cx.prosumer.status(at).await {
        Ok(resources) => {
            for status in resources {
                let sample = Sample::Status {
                    online: status.online,
                    manual_override: status.manual_override,
                    sheddable_w: status.sheddable_w,
                };
                let mut points = cx.site.points.iter();
                let fits = |p: &&_| is_status_of(p, &status.resource);
                if let Some(point) = points.find(fits) {
                    SAMPLES.put(batch, (point.rid.as_str(), key), &sample)?;
                }
            }
        }
        Err(refusal) => tracing::warn!(%at, %refusal, "the site does not say how it is"),
    }
    Ok(())
}

fn is_status_of(
    point: &oadr_platform::reading::DataPoint,
    resource: &oadr_platform::ResourceId,
) -> bool {
    point.kind == Kind::Status && point.resource == *resource
}

/// Instants `start + k * every`, up to an end.
struct Grid {
    start: Timestamp,
    every: Duration,
    end: Option<Timestamp>,
}

impl Grid {
    /// The first instant of it after `at`.
    fn next(&self, at: Timestamp) -> Option<Timestamp> {
        let every = i64::try_from(self.every.as_millis()).ok().filter(|every| *every > 0)?;
        let passed = at.as_millisecond().checked_sub(self.start.as_millisecond())?;
        let steps = if passed < 0 { 0 } else { passed / every + 1 };
        let step = SignedDuration::from_millis(every.checked_mul(steps)?);
        let next = self.start.checked_add(step).ok()?;
        self.end.is_none_or(|end| next <= end).then_some(next)
    }
}

fn next(grids: &[Grid], after: Timestamp) -> Option<Timestamp> {
    grids.iter().filter_map(|grid| grid.next(after)).min()
}

/// The background and every periodic report.
fn grids(cx: &Context<'_>) -> Result<Vec<Grid>, Trouble> {
    let rates = cx.site.points.iter().map(|point| point.sample_at_most_every);
    let slowest = rates.filter(|rate| !rate.is_zero()).min().unwrap_or(Duration::from_secs(60));
    let every = cx.settings.sample_every.unwrap_or(slowest);
    let background = Grid { start: Timestamp::UNIX_EPOCH, every, end: None };
    let requests = REQUESTS.range(cx.store, Keys::all())?.into_iter().map(|(_, request)| request);
    let periodic = requests.filter(|r| r.what != Reported::Metadata && !r.back.is_zero());
    let requests = periodic.map(|request| Grid {
        start: request.cursor,
        every: request.granularity,
        // The last report may run over the end by a part of it (rule 341).
        end: request.end.and_then(|end| end.checked_add(request.back).ok()),
    });
    Ok([background].into_iter().chain(requests).collect())
}

/// Adds to the batch: readings that nobody waits for and that are older than what is kept go.
pub(super) fn prune(cx: &Context<'_>, batch: &mut Batch) -> Result<(), Trouble> {
    let requests = REQUESTS.range(cx.store, Keys::all())?;
    let before = |span| cx.now.checked_sub(signed(span)).unwrap_or(Timestamp::MIN);
    let wanted = |request: &ReportRequest| match request.back.is_zero() {
        true => request.start,
        false => request.cursor.max(before(cx.settings.backlog_up_to)),
    };
    let oldest_wanted = requests.iter().map(|(_, request)| wanted(request)).min();
    let horizon = oldest_wanted.into_iter().chain([before(depth(cx))]).min();
    let Some(horizon) = horizon.map(Timestamp::as_millisecond) else { return Ok(()) };
    for point in &cx.site.points {
        let rid = point.rid.as_str();
        for ((rid, at), _) in SAMPLES.range(cx.store, Keys::of((rid,)).limit(MOST_PRUNED))? {
            if at >= horizon {
                break;
            }
            SAMPLES.delete(batch, (rid, at));
        }
    }
    Ok(())
}

fn signed(span: Duration) -> SignedDuration {
    SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX)
}

/// After a long sleep the rest is read in the next step.
const MOST_IN_ONE_STEP: usize = 200;
/// Each step adds a few readings, so a few more than that keep up.
const MOST_PRUNED: usize = 64;
