//! The day in figures, read back from the VTN, and what had to hold.

use jiff::{SignedDuration, Timestamp};
use oadr_platform::opt::Opt;
use oadr_vtn::record::ReadingValue;
use rust_decimal::Decimal;

use crate::cast::{Cast, Failed, Member};
use crate::day::{AWAY, DISPATCH, DROPPED, EVENING, NOON, PRICE, at};

/// What one VEN did.
pub struct Row {
    pub name: &'static str,
    pub ven: &'static str,
    pub registered: bool,
    pub group_north: bool,
    /// Answers to the price, the dispatch and the test: modification and opt.
    pub answers: [Option<(u32, bool)>; 3],
    /// Mean power before, during and after noon and evening, W.
    pub noon_w: [Option<Decimal>; 3],
    /// What the meter data say for noon, W: what would have been drawn.
    pub noon_base_w: Decimal,
    pub evening_w: [Option<Decimal>; 3],
    pub readings: usize,
    /// Changes of its opt schedules that the VTN has on record.
    pub opts: usize,
    pub trades: Vec<(String, Decimal, Decimal, Option<Decimal>)>,
    pub messages: u64,
    pub owed: usize,
}

/// Something that had to hold.
pub struct Expectation {
    pub holds: bool,
    pub what: String,
}

/// Reads the day back.
pub fn rows(cast: &Cast, dawn: Timestamp) -> Result<Vec<Row>, Failed> {
    cast.members.iter().map(|member| row(cast, member, dawn)).collect()
}

fn row(cast: &Cast, member: &Member, dawn: Timestamp) -> Result<Row, Failed> {
    let (vtn, site) = (cast.vtn.vtn(), member.site);
    let answer = |event: &str| -> Result<Option<(u32, bool)>, Failed> {
        let replies = vtn.event_answers(event)?;
        let mine = replies.into_iter().find(|reply| reply.ven == site.ven);
        Ok(mine.and_then(|r| r.delivery.answer).map(|a| (a.modification, a.opt == Opt::In)))
    };
    let around = |[from, to]: [i64; 2]| -> Result<[Option<Decimal>; 3], Failed> {
        let hour = 60;
        Ok([
            mean_w(cast, member, [at(dawn, from - hour), at(dawn, from)])?,
            mean_w(cast, member, [at(dawn, from), at(dawn, to)])?,
            mean_w(cast, member, [at(dawn, to), at(dawn, to + hour)])?,
        ])
    };
    let status = member.handle.status().borrow().clone();
    let trade =
        |t: &oadr_ven::TradeView| (t.id.clone(), t.quantity_wh, t.price_per_kwh, t.delivered_wh);
    let mut readings = 0;
    for (_, series) in vtn.series(site.ven)? {
        readings += vtn
            .readings((site.ven, &series.point.rid), (dawn, at(dawn, 24 * 60)), usize::MAX)?
            .len();
    }
    Ok(Row {
        name: site.name,
        ven: site.ven,
        registered: vtn.ven(site.ven)?.is_registered(),
        group_north: site.groups.contains(&"north"),
        answers: [answer(PRICE)?, answer(DISPATCH)?, answer(DROPPED)?],
        noon_w: around(NOON)?,
        noon_base_w: site.base_w(NOON.map(|minutes| at(dawn, minutes)))?,
        evening_w: around(EVENING)?,
        readings,
        opts: vtn.opt_history(site.ven, 100)?.len(),
        trades: status.trades.iter().map(trade).collect(),
        messages: status.sent,
        owed: status.owed,
    })
}

/// The mean power over a window, W, from the energy register at its two ends; `None` if the
/// register was not read there.
fn mean_w(
    cast: &Cast,
    member: &Member,
    [from, to]: [Timestamp; 2],
) -> Result<Option<Decimal>, Failed> {
    let rid = member.site.energy_rid();
    let register = |at: Timestamp| -> Result<Option<Decimal>, Failed> {
        let just_after = at.checked_add(SignedDuration::from_secs(1))?;
        let found = cast.vtn.vtn().readings((member.site.ven, &rid), (at, just_after), 1)?;
        Ok(found.first().and_then(|datum| match datum.reading.value {
            ReadingValue::Number(wh) => Some(wh),
            _ => None,
        }))
    };
    let (Some(before), Some(after)) = (register(from)?, register(to)?) else { return Ok(None) };
    let hours = Decimal::from(to.duration_since(from).as_secs()) / Decimal::from(3600);
    Ok((after - before).checked_div(hours).map(|watts| watts.round()))
}

/// What had to hold, and whether it did.
pub fn expectations(cast: &Cast, rows: &[Row]) -> Vec<Expectation> {
    let mut all = Vec::new();
    let mut expect = |holds: bool, what: String| all.push(Expectation { holds, what });
    for row in rows {
        let name = row.name;
        expect(row.registered, format!("{name} is registered"));
        let away = row.ven == AWAY;
        let wants = if away { "optOut" } else { "optIn" };
        expect(row.answers[0] == Some((0, !away)), format!("{name} answered {PRICE} with {wants}"));
        let dispatched = row.group_north.then_some((1, true));
        expect(
            row.answers[1] == dispatched,
            told(name, DISPATCH, row.group_north, "modification 1 with optIn"),
        );
        let dropped = row.group_north.then_some((1, true));
        expect(
            row.answers[2] == dropped,
            told(name, DROPPED, row.group_north, "the cancellation with optIn"),
        );
        if row.group_north {
            let [_, during, _] = row.noon_w;
            let would = Some(row.noon_base_w);
            expect(
                during < would,
                format!("{name} drew less during {DISPATCH} than its meter data say"),
            );
        }
        expect(
            row.readings >= 24 * 4,
            format!("the VTN has a day of readings of {name} ({})", row.readings),
        );
        expect(row.owed == 0, format!("{name} owes no answer"));
    }
    expect(
        rows.iter().any(|r| r.ven == AWAY && r.opts > 0),
        format!("the VTN has the opt schedule of {AWAY}"),
    );
    let trades: usize = rows.iter().map(|r| r.trades.len()).sum();
    expect(trades >= 2, format!("tenders were matched ({} transactions)", trades / 2));
    let both = rows.iter().flat_map(|r| &r.trades).all(|(id, wh, price, _)| {
        let same = |t: &&(String, Decimal, Decimal, Option<Decimal>)| {
            (&t.0, t.1, t.2) == (id, *wh, *price)
        };
        rows.iter().flat_map(|r| &r.trades).filter(same).count() == 2
    });
    expect(both, "both sides of every transaction have the same quantity and price".to_owned());
    let measured = rows.iter().flat_map(|r| &r.trades).filter(|t| t.3.is_some()).count();
    expect(measured > 0, format!("deliveries were read back ({measured})"));
    let counters = cast.vtn.vtn().counters();
    expect(
        counters.failed == 0 && counters.unreadable == 0,
        "the VTN failed at nothing".to_owned(),
    );
    all
}

fn told(name: &str, event: &str, concerned: bool, how: &str) -> String {
    if concerned {
        format!("{name} answered {event}: {how}")
    } else {
        format!("{name} was not asked about {event}")
    }
}

/// The table.
pub fn print(rows: &[Row], store_bytes: &[u64]) {
    println!();
    println!(
        "{:<14}{:>7}{:>8}{:>22}{:>22}{:>8}{:>8}{:>10}{:>10}{:>10}",
        "VEN",
        "events",
        "opt in",
        "noon W *",
        "evening W *",
        "trades",
        "kWh",
        "readings",
        "messages",
        "store kB"
    );
    for (row, bytes) in rows.iter().zip(store_bytes) {
        let events = row.answers.iter().flatten().count();
        let opted_in = row.answers.iter().flatten().filter(|(_, opt_in)| *opt_in).count();
        let kwh: Decimal = row.trades.iter().map(|t| t.1).sum::<Decimal>() / Decimal::ONE_THOUSAND;
        println!(
            "{:<14}{events:>7}{opted_in:>8}{:>22}{:>22}{:>8}{:>8}{:>10}{:>10}{:>10}",
            row.name,
            watts(&row.noon_w),
            watts(&row.evening_w),
            row.trades.len(),
            kwh.normalize().to_string(),
            row.readings,
            row.messages,
            bytes / 1024
        );
    }
    println!("* mean power in the hour before, during, and in the hour after");
}

fn watts(means: &[Option<Decimal>; 3]) -> String {
    means.map(|w| w.map_or("-".to_owned(), |w| w.to_string())).join(" / ")
}
