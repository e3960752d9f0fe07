//! Green Button data of HISTORY_GREENBUTTON reports: an Atom feed whose entries hold ESPI resources
//! (NAESB REQ.21). OpenADR 2.0b Profile, annex A; RFC 4287.
//!
//! Entries lead to each other by links: an IntervalBlock lies in a collection, its `up`; the
//! MeterReading whose `related` that collection is has the ReadingType, by which values have
//! their unit, among its other `related`. What cannot be read so is passed over: the feed itself
//! is what was sent.

#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::atom::{ContentType, Entry, EntryChoice, Feed, FeedChoice, Link};
use super::espi::{IntervalBlock, IntervalReading, Reading};
use super::oadr::OadrReport;
use super::strm::StreamPayloadBase;
use crate::xml::Any;

/// The values of one meter reading of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The collection that its blocks lie in, as the feed links to it; empty if it does not.
    pub href: String,
    /// The unit of measure by its number in ESPI, such as 72 for Wh; `None` if the feed has none.
    pub uom: Option<u16>,
    /// In the order of the feed.
    pub values: Vec<Measured>,
}

/// A value of a meter reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// When it began, UTC.
    pub start: Timestamp,
    /// Over how long it was collected; `None`: at an instant.
    pub duration: Option<SignedDuration>,
    /// How much, in the unit without a power of ten.
    pub value: Decimal,
    /// Its quality by its number in ESPI, such as 17 for validated.
    pub quality: Option<u16>,
}

impl OadrReport {
    /// The Green Button feeds of a report with data, in document order.
    pub fn feeds(&self) -> impl Iterator<Item = &Feed> {
        let intervals = self.intervals.iter().flat_map(|all| &all.interval);
        intervals.flat_map(|interval| &interval.stream_payload_base).filter_map(|payload| {
            match payload {
                StreamPayloadBase::OadrGBPayload(payload) => Some(&payload.feed),
                _ => None,
            }
        })
    }
}

impl Feed {
    /// The name of the feed: the same again is a newer state of it (RFC 4287, 4.2.6).
    pub fn id(&self) -> Option<String> {
        self.choice.iter().find_map(|one| match one {
            FeedChoice::Id(id) => Some(id.value.to_string()),
            _ => None,
        })
    }

    /// Its title, or that of its first entry that has one.
    pub fn title(&self) -> Option<String> {
        let own = self.choice.iter().find_map(|one| match one {
            FeedChoice::Title(title) => Some(&title.content),
            _ => None,
        });
        let of_entry = || {
            self.entries().flat_map(|entry| &entry.choice).find_map(|one| match one {
                EntryChoice::Title(title) => Some(&title.content),
                _ => None,
            })
        };
        own.or_else(of_entry).map(|title| title.as_str().trim().to_owned())
    }

    /// What its interval blocks say.
    pub fn series(&self) -> Vec<Series> {
        let resources: Vec<Resource<'_>> = self.entries().map(Resource::of).collect();
        let mut found: Vec<(Series, Option<&Reading>)> = Vec::new();
        for resource in resources.iter().filter(|one| !one.blocks.is_empty()) {
            let href = resource.up.unwrap_or_default();
            let at = found.iter().position(|(series, _)| series.href == href);
            let at = at.unwrap_or_else(|| {
                let kind = kind_of(href, &resources);
                let uom = kind.and_then(|kind| kind.uom);
                found.push((Series { href: href.to_owned(), uom, values: Vec::new() }, kind));
                found.len() - 1
            });
            let (series, kind) = &mut found[at];
            series.values.extend(resource.blocks.iter().flat_map(|block| measured(block, *kind)));
        }
        found.into_iter().map(|(series, _)| series).collect()
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.choice.iter().filter_map(|one| match one {
            FeedChoice::Entry(entry) => Some(entry),
            _ => None,
        })
    }
}

/// An entry taken apart.
struct Resource<'a> {
    own: Option<&'a str>,
    up: Option<&'a str>,
    related: Vec<&'a str>,
    blocks: Vec<IntervalBlock>,
    kind: Option<Reading>,
}

impl<'a> Resource<'a> {
    fn of(entry: &'a Entry) -> Self {
        let mut found =
            Self { own: None, up: None, related: Vec::new(), blocks: Vec::new(), kind: None };
        for choice in &entry.choice {
            match choice {
                EntryChoice::Link(link) => found.lead(link),
                EntryChoice::Content2(content) => found.hold(content),
                _ => {}
            }
        }
        found
    }

    fn lead(&mut self, link: &'a Link) {
        let href = &*link.href;
        match link.rel.as_deref() {
            Some("self") => self.own = Some(href),
            Some("up") => self.up = Some(href),
            Some("related") => self.related.push(href),
            _ => {}
        }
    }

    fn hold(&mut self, content: &ContentType) {
        for element in content.content.elements().unwrap_or_default() {
            match decoded(&element) {
                Some(Espi::Block(block)) => self.blocks.push(block),
                Some(Espi::Kind(kind)) => self.kind = Some(kind),
                None => {}
            }
        }
    }
}

enum Espi {
    Block(IntervalBlock),
    Kind(Reading),
}

fn decoded(element: &Any) -> Option<Espi> {
    let block = element.decode().map(Espi::Block);
    block.or_else(|_| element.decode().map(Espi::Kind)).ok()
}

/// The ReadingType of the blocks in this collection: that of its MeterReading, or the only one.
fn kind_of<'a>(collection: &str, resources: &'a [Resource<'_>]) -> Option<&'a Reading> {
    let meter = resources.iter().find(|one| {
        one.related.contains(&collection)
            || one.own.is_some_and(|own| collection.strip_prefix(own) == Some("/IntervalBlock"))
    });
    let mut kinds = resources.iter().filter(|one| one.kind.is_some());
    let linked = meter.and_then(|meter| {
        let leads = |one: &&Resource<'_>| one.own.is_some_and(|own| meter.related.contains(&own));
        kinds.clone().find(leads)
    });
    let only = kinds.next().filter(|_| kinds.next().is_none());
    linked.or(only)?.kind.as_ref()
}

/// The values of a block; one without a time of its own follows the one before it.
fn measured<'a>(
    block: &'a IntervalBlock,
    kind: Option<&'a Reading>,
) -> impl Iterator<Item = Measured> + 'a {
    let begin = block.interval.as_ref().and_then(|interval| interval.start);
    let length = kind.and_then(|kind| kind.interval_length);
    let power = kind.and_then(|kind| kind.power_of_ten_multiplier).unwrap_or(0);
    let mut next = begin;
    block.interval_reading.iter().filter_map(move |reading| {
        let period = reading.time_period.as_ref();
        let start = period.and_then(|period| period.start).or(next)?;
        let seconds = period.and_then(|period| period.duration).or(length).unwrap_or(0);
        next = Some(start.checked_add(seconds.into())?);
        Some(Measured {
            start: Timestamp::from_second(start).ok()?,
            duration: (seconds > 0).then(|| SignedDuration::from_secs(seconds.into())),
            value: scaled(reading, power)?,
            quality: reading.reading_quality.first().map(|quality| quality.quality),
        })
    })
}

/// A value times its power of ten; `None` without one, or past 28 digits.
fn scaled(reading: &IntervalReading, power: i16) -> Option<Decimal> {
    let value: i64 = *reading.value.as_ref()?.value();
    let digits = u32::from(power.unsigned_abs());
    if power <= 0 {
        return Decimal::try_from_i128_with_scale(value.into(), digits).ok();
    }
    Decimal::from(value).checked_mul(Decimal::from(10_u64.checked_pow(digits)?))
}
