//! What was there instead, in words: for the reader of a report.

use std::fmt::{self, Debug, Formatter};

use oadr_schemas::openadr::ei::EiResponse;

use crate::hook::Site;

/// Words that are shown as they are.
#[derive(Clone)]
pub struct Said(String);

impl Debug for Said {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Payloads, each with how often it came in a row.
pub fn names(names: &[String]) -> Said {
    let rows = names.chunk_by(|one, next| one == next).map(|row| match row.len() {
        1 => row[0].clone(),
        often => format!("{} ({often} times)", row[0]),
    });
    let rows: Vec<_> = rows.collect();
    Said(if rows.is_empty() { "nothing came".to_owned() } else { rows.join(", ") })
}

/// A code and what is said to it.
pub fn code(response: &EiResponse) -> Said {
    let code = response.response_code.value();
    match response.response_description.as_deref() {
        None | Some("") => Said(code.to_string()),
        Some(why) => Said(format!("{code}, {why}")),
    }
}

/// What a site holds and follows.
pub fn site(site: &Site) -> Said {
    let held = site.events.iter().map(|event| {
        let end = event.end.map_or_else(|| "no end".to_owned(), |end| end.to_string());
        format!(
            "{} (modification {}) is {}, {} to {end}",
            event.id, event.modification, event.state, event.start
        )
    });
    let followed = site
        .in_force
        .iter()
        .map(|one| format!("{} = {} of {} is in force", one.signal, one.value, one.event));
    let all: Vec<_> = followed.chain(held).collect();
    let words =
        if all.is_empty() { "the site knows of nothing".to_owned() } else { all.join("; ") };
    Said(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_same_is_told_once() {
        let told = |all: &[&str]| {
            let all: Vec<_> = all.iter().map(|one| (*one).to_owned()).collect();
            format!("{:?}", names(&all))
        };
        assert_eq!(told(&[]), "nothing came");
        assert_eq!(told(&["a", "a", "b", "a"]), "a (2 times), b, a");
    }
}
