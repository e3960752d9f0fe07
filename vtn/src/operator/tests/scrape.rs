//! Reads Prometheus' text format 0.0.4 strictly.

use std::collections::{BTreeMap, BTreeSet};

/// The samples of a scrape, by name and labels as written.
#[derive(Debug)]
pub(super) struct Scrape(BTreeMap<String, f64>);

impl Scrape {
    /// Panics at what a Prometheus server would refuse.
    pub(super) fn read(text: &str) -> Self {
        assert!(text.ends_with('\n'), "the last line ends");
        let (mut types, mut samples) = (BTreeMap::new(), BTreeMap::new());
        for line in text.lines() {
            if let Some(told) = line.strip_prefix("# TYPE ") {
                let (name, kind) = told.split_once(' ').unwrap();
                assert!(types.insert(name, kind).is_none(), "{name} twice");
            } else if !line.starts_with("# HELP ") {
                let (series, value) = line.rsplit_once(' ').unwrap();
                let name = series.split('{').next().unwrap();
                let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| {
                    let family = name.strip_suffix(end)?;
                    (types.get(family) == Some(&"histogram")).then_some(family)
                });
                assert!(types.contains_key(family.unwrap_or(name)), "{name} has no type");
                check_labels(&series[name.len()..]);
                let value = value.parse().unwrap_or_else(|_| panic!("{line}"));
                assert!(samples.insert(series.to_owned(), value).is_none(), "{series} twice");
            }
        }
        let scrape = Self(samples);
        scrape.check_buckets();
        scrape
    }

    /// The value of a series, such as `vtn_x{a="b"}`; 0 if it is not there.
    pub(super) fn value(&self, series: &str) -> f64 {
        self.0.get(series).copied().unwrap_or(0.0)
    }

    /// Every value of a label.
    pub(super) fn values_of(&self, label: &str) -> BTreeSet<&str> {
        let find = |series: &'_ String| -> Option<(usize, usize)> {
            let begin = series.find(&format!("{label}=\""))? + label.len() + 2;
            Some((begin, begin + series[begin..].find('"')?))
        };
        self.0
            .keys()
            .filter_map(|series| find(series).map(|(from, to)| &series[from..to]))
            .collect()
    }

    /// The values of all series whose names begin so.
    pub(super) fn all(&self, begin: &str) -> Vec<f64> {
        let ours = self.0.iter().filter(|(series, _)| series.starts_with(begin));
        ours.map(|(_, value)| *value).collect()
    }

    /// How many series have names that begin so.
    pub(super) fn count(&self, begin: &str) -> usize {
        self.all(begin).len()
    }

    /// Buckets grow with their bounds, and the last one has all.
    fn check_buckets(&self) {
        let mut all = BTreeMap::<String, Vec<(f64, f64)>>::new();
        for (series, count) in &self.0 {
            let Some((before, rest)) = series.split_once("le=\"") else { continue };
            let (bound, after) = rest.split_once('"').unwrap();
            let bound = bound.replace("+Inf", "inf").parse().unwrap();
            all.entry(format!("{before}{after}")).or_default().push((bound, *count));
        }
        for (series, mut buckets) in all {
            buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert!(buckets.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{series}");
            assert!(buckets.last().unwrap().0.is_infinite(), "{series}");
        }
    }
}

/// `{name="value",…}` or nothing.
fn check_labels(text: &str) {
    if text.is_empty() {
        return;
    }
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    for label in inner.unwrap_or_else(|| panic!("{text}")).split(',') {
        let (name, value) = label.split_once('=').unwrap_or_else(|| panic!("{text}"));
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{text}");
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        assert!(value.is_some_and(|value| !value.contains(['"', '\\', '\n'])), "{text}");
    }
}
