//! Readings: what VENs measured, as JSON in pages or as CSV. Personal data: for who works with it.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::api::Api;
use super::input::{Asked, Named, WantsCsv};
use super::page::{MOST, Page, Paging};
use super::problem::Problem;
use crate::control::Datum;
use crate::record::ReadingValue;
use crate::{Error, Vtn};

/// Which readings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Wanted {
    /// One rID or more, with commas; `None`: all there are.
    rid: Option<String>,
    /// From this instant on.
    from: Option<Timestamp>,
    /// Before this instant.
    to: Option<Timestamp>,
    limit: Option<usize>,
    after: Option<String>,
}

/// A reading with what it is of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Row {
    rid: String,
    kind: String,
    unit: Option<String>,
    start: Timestamp,
    duration: Option<SignedDuration>,
    value: ReadingValue,
    quality: Option<String>,
    confidence: Option<u32>,
    accuracy: Option<Decimal>,
    request: String,
    received: Timestamp,
}

/// A page of readings, by rID and then by time. CSV has no room for a cursor: it is all of them.
pub(super) async fn list(
    State(api): State<Api>,
    Named(ven): Named<String>,
    WantsCsv(csv): WantsCsv,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Problem> {
    let (from, to) = (wanted.from.unwrap_or(Timestamp::MIN), wanted.to.unwrap_or(Timestamp::MAX));
    if from > to {
        return Err(Problem::bad_request("from is after to").at("from"));
    }
    let rids = rids(api.vtn(), &ven, wanted.rid.as_deref())?;
    let read = |rid: &str, from, limit| api.vtn().readings((&ven, rid), (from, to), limit);
    let of = Of { rids, read };
    let paging = Paging { limit: wanted.limit, after: wanted.after };
    if csv {
        return of.csv(from);
    }
    let begin = paging.after().map(cursor).transpose()?;
    Ok(Json(of.page(begin, from, paging.limit()?)?).into_response())
}

/// The readings of some data points: `read` gives those of one, from an instant on, oldest first,
/// so many at most.
struct Of<R> {
    rids: BTreeSet<String>,
    read: R,
}

impl<R: Fn(&str, Timestamp, usize) -> Result<Vec<Datum>, Error>> Of<R> {
    fn page(
        &self,
        begin: Option<(Timestamp, &str)>,
        from: Timestamp,
        limit: usize,
    ) -> Result<Page<Row>, Problem> {
        let mut items: Vec<Row> = Vec::new();
        for rid in &self.rids {
            let from = match begin {
                Some((_, last)) if rid.as_str() < last => continue,
                Some((at, last)) if rid == last => at.max(from),
                _ => from,
            };
            let left = limit + 1 - items.len();
            let found = (self.read)(rid, from, left)?;
            items.extend(found.into_iter().map(Row::from));
            if items.len() > limit {
                return Ok(cut(items));
            }
        }
        Ok(Page { items, next: None })
    }

    fn csv(&self, from: Timestamp) -> Result<Response, Problem> {
        let mut text = HEAD.to_owned();
        let mut begin: Option<String> = None;
        loop {
            let at = begin.as_deref().map(cursor).transpose()?;
            let page = self.page(at, from, MOST)?;
            text.extend(page.items.iter().map(Row::line));
            if text.len() > CSV_BYTES {
                let what =
                    format!("more than {CSV_BYTES} bytes of CSV: ask for less, by from and to");
                return Err(Problem::new("too_large", what));
            }
            begin = page.next;
            if begin.is_none() {
                let kind = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
                return Ok(([(CONTENT_TYPE, kind)], text).into_response());
            }
        }
    }
}

/// A page without its last row, which begins the next one. Rows of one data point and instant
/// (two reports may carry it) stay together: a page does not end between them.
fn cut(mut items: Vec<Row>) -> Page<Row> {
    let Some(first) = items.pop() else { return Page { items, next: None } };
    let alike = |row: &Row| (&row.rid, row.start) == (&first.rid, first.start);
    if !items.iter().all(alike) {
        while items.last().is_some_and(alike) {
            items.pop();
        }
    }
    let next = Some(format!("{}@{}", first.start.as_microsecond(), first.rid));
    Page { items, next }
}

impl From<Datum> for Row {
    fn from(Datum { point, reading }: Datum) -> Self {
        Self {
            rid: point.rid,
            kind: point.kind,
            unit: point.unit,
            start: reading.start,
            duration: reading.duration,
            value: reading.value,
            quality: reading.quality,
            confidence: reading.confidence,
            accuracy: reading.accuracy,
            request: reading.request,
            received: reading.received,
        }
    }
}

impl Row {
    /// A line of CSV (RFC 4180).
    fn line(&self) -> String {
        let value = match &self.value {
            ReadingValue::Number(number) => number.to_string(),
            ReadingValue::Odd(text) => text.clone(),
            ReadingValue::Status(status) if status.online => "online".to_owned(),
            ReadingValue::Status(_) => "offline".to_owned(),
        };
        let cells = [
            self.rid.clone(),
            self.kind.clone(),
            self.start.to_string(),
            self.duration.map(|length| length.to_string()).unwrap_or_default(),
            value,
            self.unit.clone().unwrap_or_default(),
            self.quality.clone().unwrap_or_default(),
        ];
        cells.map(|cell| quoted(&cell)).join(",") + "\r\n"
    }
}

/// The data points asked for, or all there are readings of.
fn rids(vtn: &Vtn, ven: &str, asked: Option<&str>) -> Result<BTreeSet<String>, Problem> {
    let there = vtn.series(ven)?;
    Ok(match asked {
        Some(rids) => rids.split(',').map(str::to_owned).collect(),
        None => there.into_iter().map(|(_, series)| series.point.rid).collect(),
    })
}

/// Where the page before ended: the next reading, `microseconds@rID`.
fn cursor(text: &str) -> Result<(Timestamp, &str), Problem> {
    let wrong = || Problem::bad_request("after: not a cursor of this list").at("after");
    let (at, rid) = text.split_once('@').ok_or_else(wrong)?;
    let at = at.parse().map_err(|_| wrong())?;
    Ok((Timestamp::from_microsecond(at).map_err(|_| wrong())?, rid))
}

/// A cell: quoted if it must be, and so that no spreadsheet takes a VEN's text for a formula.
fn quoted(cell: &str) -> String {
    let number = cell.parse::<Decimal>().is_ok();
    let formula = !number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

const HEAD: &str = "rid,kind,start,duration,value,unit,quality\r\n";
/// Bytes of CSV in one answer.
const CSV_BYTES: usize = 32 << 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Point, Reading};

    #[test]
    fn a_cell_of_csv_is_text_and_never_a_formula() {
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("-1.5"), "-1.5");
        assert_eq!(quoted("-x"), "'-x");
    }

    fn datum(rid: &str, second: i64) -> Datum {
        let start = Timestamp::from_second(second).unwrap();
        Datum {
            point: Point {
                rid: rid.to_owned(),
                kind: "usage".to_owned(),
                reading: "Direct Read".to_owned(),
                unit: Some("Wh".to_owned()),
                resources: Vec::new(),
                market_context: None,
                at_least_every: None,
                at_most_every: None,
                on_change: false,
            },
            reading: Reading {
                start,
                duration: Some(SignedDuration::from_mins(15)),
                value: ReadingValue::Number(Decimal::from(second)),
                quality: None,
                confidence: None,
                accuracy: None,
                request: "r".to_owned(),
                received: start,
            },
        }
    }

    #[test]
    fn pages_of_readings_follow_each_other_without_gap_or_overlap() {
        // b has two readings at one instant: two reports carried it.
        let all = [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2), ("b", 2), ("b", 4)];
        let read = |rid: &str, from: Timestamp, limit: usize| {
            let mine = all.iter().filter(|(of, at)| *of == rid && *at >= from.as_second());
            Ok(mine.take(limit).map(|(rid, at)| datum(rid, *at)).collect())
        };
        let of = Of { rids: ["a", "b"].map(str::to_owned).into(), read };
        for limit in 2..9 {
            let (mut seen, mut after) = (Vec::new(), None::<String>);
            loop {
                let begin = after.as_deref().map(cursor).transpose().unwrap();
                let page = of.page(begin, Timestamp::MIN, limit).unwrap();
                assert!(page.items.len() <= limit);
                seen.extend(page.items.into_iter().map(|row| (row.rid, row.start.as_second())));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let wanted: Vec<_> = all.iter().map(|(rid, at)| ((*rid).to_owned(), *at)).collect();
            assert_eq!(seen, wanted, "limit {limit}");
        }
    }

    #[test]
    fn a_cursor_that_is_none_is_refused() {
        assert!(cursor("17@a@b").is_ok_and(|(_, rid)| rid == "a@b"));
        for text in ["", "17", "x@a", "99999999999999999999@a"] {
            assert_eq!(cursor(text).err().unwrap().status, 400);
        }
    }
}
