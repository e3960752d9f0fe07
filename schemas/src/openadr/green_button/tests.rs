//! Feeds read: the units that links lead to, and what they do not lead to.

use super::*;
use crate::openadr::event::tests::t;
use crate::xml::{Limits, decode};

fn feed(entries: &str) -> Feed {
    let text = format!(
        r#"<feed xmlns="http://www.w3.org/2005/Atom" xmlns:e="http://naesb.org/espi">
           <id>urn:uuid:1</id><title>Usage of a house</title>{entries}</feed>"#
    );
    decode(text.as_bytes(), &Limits::reports()).unwrap()
}

fn entry(own: &str, up: &str, related: &[&str], content: &str) -> String {
    let related = related.iter().map(|to| format!(r#"<link rel="related" href="{to}"/>"#));
    format!(
        r#"<entry><id>urn:x</id><link rel="self" href="{own}"/><link rel="up" href="{up}"/>{}
           <content>{content}</content></entry>"#,
        related.collect::<String>()
    )
}

fn kind(own: &str, uom: u16, power: i16) -> String {
    let content = format!(
        "<e:ReadingType><e:intervalLength>900</e:intervalLength><e:powerOfTenMultiplier>{power}\
         </e:powerOfTenMultiplier><e:uom>{uom}</e:uom></e:ReadingType>"
    );
    entry(own, "ReadingType", &[], &content)
}

fn meter(own: &str, kind: &str) -> String {
    entry(own, "MeterReading", &[&format!("{own}/IntervalBlock"), kind], "<e:MeterReading/>")
}

fn block(own: &str, readings: &str) -> String {
    let content = format!(
        "<e:IntervalBlock><e:interval><e:duration>1800</e:duration><e:start>1767614400</e:start>\
         </e:interval>{readings}</e:IntervalBlock>"
    );
    entry(&format!("{own}/IntervalBlock/1"), &format!("{own}/IntervalBlock"), &[], &content)
}

const TWO: &str = "<e:IntervalReading><e:ReadingQuality><e:quality>17</e:quality></e:ReadingQuality>\
    <e:timePeriod><e:duration>900</e:duration><e:start>1767614400</e:start></e:timePeriod>\
    <e:value>1234</e:value></e:IntervalReading>\
    <e:IntervalReading><e:value>-5</e:value></e:IntervalReading>";

#[test]
fn values_have_the_unit_that_links_lead_to() {
    let all = [
        block("U/1/MeterReading/1", TWO),
        block("U/1/MeterReading/2", TWO),
        meter("U/1/MeterReading/1", "ReadingType/7"),
        meter("U/1/MeterReading/2", "ReadingType/8"),
        kind("ReadingType/7", 72, -3),
        kind("ReadingType/8", 38, 3),
    ];
    let feed = feed(&all.concat());
    assert_eq!(feed.id().as_deref(), Some("urn:uuid:1"));
    assert_eq!(feed.title().as_deref(), Some("Usage of a house"));
    let [energy, power] = feed.series().try_into().unwrap();
    assert_eq!((energy.uom, power.uom), (Some(72), Some(38)));
    let first = Measured {
        start: t("2026-01-05T12:00:00Z"),
        duration: Some(SignedDuration::from_mins(15)),
        value: Decimal::new(1234, 3),
        quality: Some(17),
    };
    // The second has no time of its own: it follows the first, by the length of its kind.
    let second = Measured {
        start: t("2026-01-05T12:15:00Z"),
        value: Decimal::new(-5, 3),
        quality: None,
        ..first.clone()
    };
    assert_eq!(energy.values, [first, second]);
    assert_eq!(power.values[0].value, Decimal::from(1_234_000));
}

#[test]
fn the_only_kind_is_that_of_all_and_no_kind_is_no_unit() {
    let only = feed(&[block("M/1", TWO), block("M/2", TWO), kind("R/1", 72, 0)].concat());
    assert!(only.series().iter().all(|series| series.uom == Some(72)));
    assert_eq!(only.series().len(), 2);
    let none = feed(&block("M/1", TWO));
    let [series] = none.series().try_into().unwrap();
    assert_eq!(series.uom, None);
    let instant = series.values.last().unwrap();
    assert_eq!(instant.start, t("2026-01-05T12:15:00Z"), "after what came before");
    assert_eq!(instant.duration, None);
}

#[test]
fn what_cannot_be_read_is_passed_over() {
    let odd = "<e:IntervalReading><e:timePeriod><e:start>99999999999999</e:start></e:timePeriod>\
        <e:value>1</e:value></e:IntervalReading><e:IntervalReading/>";
    let text = entry("a", "b", &[], "words, and <e:IntervalBlock/>");
    let all = [text, block("M/1", odd), kind("R/1", 72, 30), block("M/2", TWO)];
    assert!(feed(&all.concat()).series().iter().all(|series| series.values.is_empty()));
    assert!(feed("").series().is_empty());
}
