//! The base load of a site, from a table of meter readings.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::{Interval, Reason, Refusal};

/// A base load that repeats: readings of equal length without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    start_s: i64,
    every_s: i64,
    power_w: Vec<Decimal>,
}

impl Profile {
    /// Reads `timestamp_utc,wh` rows: the start of each interval and the energy drawn in
    /// it. The first line is that heading. Readings last the same, a divisor of an hour
    /// in whole minutes, and follow each other without a gap.
    ///
    /// # Errors
    /// [`Reason::Malformed`] with the line that breaks this.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut lines = text.lines().zip(1_usize..);
        if lines.next().map(|(heading, _)| heading.trim_end()) != Some(HEADING) {
            return Err(broken(1, "the heading is not `timestamp_utc,wh`"));
        }
        let rows = lines
            .filter(|(line, _)| !line.trim().is_empty())
            .map(|(line, n)| {
                row(line).map(|(start_s, wh)| (start_s, wh, n)).map_err(|e| broken(n, e))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let [(start_s, ..), (second_s, _, second), ..] = rows[..] else {
            return Err(broken(1, "fewer than two readings"));
        };
        let every_s = second_s.saturating_sub(start_s);
        if every_s < 60 || every_s % 60 != 0 || HOUR_S % every_s != 0 {
            return Err(broken(second, "readings do not last a divisor of an hour"));
        }
        let due = (0_i64..).map(|i| start_s.saturating_add(i.saturating_mul(every_s)));
        if let Some((.., line)) =
            rows.iter().zip(due).find(|(row, due)| row.0 != *due).map(|(r, _)| *r)
        {
            return Err(broken(line, "a gap or an overlap before this reading"));
        }
        let an_hour = Decimal::from(HOUR_S / every_s);
        Ok(Self { start_s, every_s, power_w: rows.iter().map(|(_, wh, _)| wh * an_hour).collect() })
    }

    /// The mean power of the reading that holds at `at`, W. Before and after the table
    /// it repeats; a table of whole days keeps its time of day.
    pub fn power_w(&self, at: Timestamp) -> Decimal {
        let length = i64::try_from(self.power_w.len()).unwrap_or(i64::MAX);
        let place = (at.as_second() - self.start_s).div_euclid(self.every_s).rem_euclid(length);
        usize::try_from(place).ok().and_then(|i| self.power_w.get(i)).copied().unwrap_or_default()
    }

    /// The energy of whole minutes, Wh to a thousandth.
    pub fn energy_wh(&self, interval: Interval) -> Decimal {
        let minutes = interval.duration.as_secs() / 60;
        let minute = |i: u64| {
            i64::try_from(i * 60)
                .ok()
                .and_then(|s| interval.start.checked_add(jiff::SignedDuration::from_secs(s)).ok())
                .map_or(Decimal::ZERO, |at| self.power_w(at))
        };
        ((0..minutes).map(minute).sum::<Decimal>() / Decimal::from(60)).round_dp(3).normalize()
    }
}

fn row(line: &str) -> Result<(i64, Decimal), &'static str> {
    let (start, wh) = line.trim_end().split_once(',').ok_or("not two columns")?;
    let start: Timestamp = start.parse().map_err(|_| "not an instant with its offset")?;
    let wh: Decimal = wh.parse().map_err(|_| "not a number of Wh")?;
    if wh < Decimal::ZERO || wh > Decimal::from(MOST_WH) || wh.scale() > 3 {
        return Err("energy is not 0 to 1 GWh with at most three decimals");
    }
    if start.as_second() % 60 != 0 || start.subsec_nanosecond() != 0 {
        return Err("readings do not begin on the minute");
    }
    Ok((start.as_second(), wh))
}

fn broken(line: usize, what: &str) -> Refusal {
    Refusal::new(Reason::Malformed, format!("meter data, line {line}: {what}"))
}

const HEADING: &str = "timestamp_utc,wh";
const HOUR_S: i64 = 3600;
const MOST_WH: u64 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const TWO: &str = "timestamp_utc,wh\n2021-01-12T00:00:00Z,72\r\n2021-01-12T00:30:00Z,59.5\n";

    #[test]
    fn half_hourly_energy_becomes_twice_the_power() {
        let profile = Profile::parse(TWO).unwrap();
        assert_eq!(profile.power_w(at("2021-01-12T00:29:59.9Z")), 144.into());
        assert_eq!(profile.power_w(at("2021-01-12T00:30:00Z")), 119.into());
    }

    #[test]
    fn the_table_repeats_in_both_directions() {
        let profile = Profile::parse(TWO).unwrap();
        assert_eq!(profile.power_w(at("2026-11-23T13:00:00Z")), 144.into());
        assert_eq!(profile.power_w(at("1999-12-31T23:45:00Z")), 119.into());
    }

    #[test]
    fn the_energy_of_an_interval_is_that_of_its_readings() {
        let profile = Profile::parse(TWO).unwrap();
        let hour = Interval::hour(at("2021-01-12T00:00:00Z"));
        assert_eq!(profile.energy_wh(hour), Decimal::new(1315, 1));
    }

    #[test]
    fn broken_tables_are_refused_with_their_line() {
        let head = "timestamp_utc,wh\n2021-01-12T00:00:00Z,72\n";
        for (text, says) in [
            ("time,kwh\n".to_owned(), "line 1: the heading"),
            (head.to_owned(), "line 1: fewer than two"),
            (format!("{head}2021-01-12T01:00:00Z"), "line 3: not two columns"),
            (format!("{head}2021-01-12 01:00,1"), "line 3: not an instant"),
            (format!("{head}2021-01-12T01:00:00Z,-1"), "line 3: energy"),
            (format!("{head}2021-01-12T01:00:00Z,NaN"), "line 3: not a number"),
            (format!("{head}2021-01-12T00:07:00Z,1"), "line 3: readings do not last"),
            (format!("{head}2021-01-12T00:30:01Z,1"), "line 3: readings do not begin"),
            (format!("{head}2021-01-12T00:00:00Z,1"), "line 3: readings do not last"),
            (format!("{head}2021-01-12T01:00:00Z,1\n\n2021-01-12T03:00:00Z,1"), "line 5: a gap"),
        ] {
            let refusal = Profile::parse(&text).unwrap_err();
            assert_eq!(refusal.reason, Reason::Malformed);
            assert!(refusal.detail.contains(says), "{refusal} for {text:?}");
        }
    }

    #[test]
    fn the_carried_data_is_three_days_of_each_household() {
        for (text, rows, wh) in [
            (include_str!("../../../data/household-a.csv"), 72, 16_415),
            (include_str!("../../../data/household-b.csv"), 72, 10_185),
            (include_str!("../../../data/household-c.csv"), 144, 34_095),
            (include_str!("../../../data/household-d.csv"), 144, 108_498),
            (include_str!("../../../data/household-e.csv"), 144, 88_795),
        ] {
            let profile = Profile::parse(text).unwrap();
            assert_eq!(profile.power_w.len(), rows);
            let start = Timestamp::from_second(profile.start_s).unwrap();
            let days = Interval::new(start, std::time::Duration::from_secs(3 * 86_400));
            assert_eq!(profile.energy_wh(days), wh.into());
        }
    }
}
