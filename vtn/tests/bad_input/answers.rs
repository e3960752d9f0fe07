//! `answers.txt`: what answers a changed message.

use std::cell::Cell;

use crate::change::Change;

/// An answer, and what becomes of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// HTTP status.
    pub status: u16,
    /// Code of the reply, if there is one.
    pub code: u16,
    /// Whether the store may change; `None`: it may or may not.
    pub changes: Option<bool>,
}

/// The lines, each with whether it was needed.
pub struct Answers(Vec<(Line, Cell<bool>)>);

struct Line {
    payloads: &'static str,
    place: &'static str,
    ways: &'static str,
    answer: &'static str,
}

impl Answers {
    pub fn read(text: &'static str) -> Self {
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self(lines.map(|line| (Line::read(line), Cell::new(false))).collect())
    }

    pub fn to(&self, payload: &str, change: &Change) -> Expected {
        let found = self.0.iter().find(|(line, _)| line.fits(payload, change));
        let Some((line, needed)) = found else {
            return Expected { status: 406, code: 0, changes: Some(false) };
        };
        needed.set(true);
        let code = line.answer.trim_end_matches(['=', '+']);
        let changes = match line.answer {
            "200" => None,
            answer => Some(answer.ends_with('+')),
        };
        Expected { status: 200, code: code.parse().unwrap(), changes }
    }

    /// The lines that no change has needed.
    pub fn idle(&self) -> Vec<String> {
        let idle = self.0.iter().filter(|(_, needed)| !needed.get());
        idle.map(|(line, _)| format!("{} {} {}", line.payloads, line.place, line.ways)).collect()
    }
}

impl Line {
    fn read(line: &'static str) -> Self {
        let words: Vec<_> = line.split_whitespace().collect();
        let [payloads, place, ways, answer] = words[..] else { panic!("{line}") };
        Self { payloads, place, ways, answer }
    }

    fn fits(&self, payload: &str, change: &Change) -> bool {
        self.payloads.split(',').any(|pattern| is_like(payload, pattern))
            && is_like(&change.place, self.place)
            && self.ways.split(',').any(|way| way == change.way)
    }
}

/// Whether a word fits a pattern with `*` at either end.
fn is_like(word: &str, pattern: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => word.contains(pattern.trim_matches('*')),
        (Some(end), None) => word.ends_with(end),
        (None, Some(start)) => word.starts_with(start),
        (None, None) => word == pattern,
    }
}
