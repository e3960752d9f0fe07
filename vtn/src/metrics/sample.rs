//! Gauges of what is in the store: counted again after it has changed, on a thread beside the
//! handlers, and at rest most of the time.

use std::time::Duration;

use oadr_store::{Keys, Read, Snapshot, Span, Watch};
use prometheus_client::metrics::gauge::Gauge;

use crate::error::Error;
use crate::tables::{DUE, OUTBOX, PARTIES, SENT};
use crate::vtn::Vtn;

/// Counts now and then.
pub(crate) struct Sampler {
    vtn: Vtn,
    rows: [Row; 4],
}

/// A gauge, and the table it is counted from.
struct Row {
    gauge: Gauge,
    changes: Watch,
    count: fn(&Snapshot) -> Result<i64, Error>,
    stale: bool,
}

impl Sampler {
    /// Counts everything once.
    pub(crate) async fn start(vtn: &Vtn) -> Self {
        let (store, gauges) = (vtn.store(), &vtn.0.metrics.gauges);
        let row = |gauge, changes, count| Row { gauge, changes, count, stale: true };
        let rows = [
            row(gauges.registered.clone(), PARTIES.watch(store), registered),
            row(gauges.outbox("waiting"), OUTBOX.watch(store), |view| depth(view, OUTBOX.name())),
            row(gauges.outbox("unanswered"), SENT.watch(store), |view| depth(view, SENT.name())),
            row(gauges.outbox("events"), DUE.watch(store), |view| depth(view, DUE.name())),
        ];
        let mut sampler = Self { vtn: vtn.clone(), rows };
        sampler.sample().await;
        sampler
    }

    /// Counts what changed until the store is closed. It rests twenty times as long as counting
    /// took: it takes a twentieth of a core at most, however many VENs there are. By the machine's
    /// time, as scrapes come.
    pub(crate) async fn run(mut self) {
        while self.change().await {
            let took = self.sample().await;
            tokio::time::sleep((took * 20).clamp(REST, LONGEST_REST)).await;
        }
    }

    /// Counts what changed; says how long that took.
    async fn sample(&mut self) -> Duration {
        let mut work = Vec::new();
        for row in &mut self.rows {
            // Awaiting a change that was there only says that it was seen.
            row.stale |= row.changes.has_changed() && row.changes.changed().await;
            if row.stale {
                work.push((row.gauge.clone(), row.count));
            }
        }
        let store = self.vtn.store().clone();
        let counting = tokio::task::spawn_blocking(move || {
            let began = tokio::time::Instant::now();
            let view = store.snapshot()?;
            for (gauge, count) in work {
                gauge.set(count(&view)?);
            }
            Ok::<_, Error>(began.elapsed())
        });
        // The task fails only if the runtime ends.
        match counting.await.unwrap_or(Ok(LONGEST_REST)) {
            Ok(took) => {
                self.rows.iter_mut().for_each(|row| row.stale = false);
                took
            }
            Err(error) => {
                tracing::warn!(%error, "gauges are not counted");
                LONGEST_REST
            }
        }
    }

    /// Waits until one of the tables has changed; `false`: none will any more.
    async fn change(&mut self) -> bool {
        let [a, b, c, d] = &mut self.rows;
        tokio::select! {
            changed = a.change() => changed,
            changed = b.change() => changed,
            changed = c.change() => changed,
            changed = d.change() => changed,
        }
    }
}

impl Row {
    async fn change(&mut self) -> bool {
        let changed = self.changes.changed().await;
        self.stale |= changed;
        changed
    }
}

fn registered(view: &Snapshot) -> Result<i64, Error> {
    let (mut registered, mut last) = (0, None::<String>);
    loop {
        let keys = last.as_ref().map_or_else(Keys::all, |last| Keys::all().after(last));
        let page = PARTIES.range(view, keys.limit(PAGE))?;
        let Some((end, _)) = page.last() else { return Ok(registered) };
        last = Some(end.clone());
        registered += page.iter().filter(|(_, party)| party.is_registered()).count() as i64;
    }
}

/// How many rows a table has.
fn depth(view: &Snapshot, table: &str) -> Result<i64, Error> {
    let (mut rows, mut span) = (0, Span { limit: PAGE, ..Span::all() });
    loop {
        let page = view.range_bytes(table, &span)?;
        let Some((end, _)) = page.last() else { return Ok(rows) };
        span.start = std::ops::Bound::Excluded(end.clone());
        rows += page.len() as i64;
    }
}

const PAGE: usize = 1_000;
/// Between two counts at least.
const REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(60);
