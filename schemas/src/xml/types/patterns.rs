//! The patterns the schemas use, as checks. There are few, so each is a function
//! instead of an engine for regular expressions.

/// `[0-9][0-9][0-9]`
pub(crate) fn three_digits(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit())
}

/// `x-\S.*`: the mark of an extension and something behind it.
pub(crate) fn extension(text: &str) -> bool {
    text.strip_prefix("x-").is_some_and(|rest| {
        let begins = rest.starts_with(|c: char| !matches!(c, ' ' | '\t' | '\n' | '\r'));
        begins && !rest.contains(['\n', '\r'])
    })
}

/// `(\-|\+)?\d{2}:\d{2}`
pub(crate) fn utc_offset(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.len() == 5
        && digits
            .bytes()
            .enumerate()
            .all(|(i, b)| if i == 2 { b == b':' } else { b.is_ascii_digit() })
}

/// `\w+@(\w+\.)+\w+`
pub(crate) fn email(text: &str) -> bool {
    let word = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_alphanumeric() || c == '_');
    text.split_once('@')
        .is_some_and(|(name, host)| word(name) && host.contains('.') && host.split('.').all(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pattern_takes_what_it_names_and_no_more() {
        type Case = (fn(&str) -> bool, &'static [&'static str], &'static [&'static str]);
        let cases: [Case; 4] = [
            (three_digits, &["200", "000"], &["", "20", "2000", "2x0", "٣٣٣"]),
            (extension, &["x-a", "x-a b", "x--"], &["", "x-", "x- a", "X-a", "x", "x-a\n"]),
            (
                utc_offset,
                &["+01:00", "-99:99", "01:00"],
                &["", "1:00", "+0100", "++1:00", "01:00Z"],
            ),
            (email, &["a@b.c", "a_1@b.c.d"], &["", "a@b", "@b.c", "a@b..c", "a.b@c.d", "a@b.c."]),
        ];
        for (check, good, bad) in cases {
            assert!(good.iter().all(|t| check(t)), "{good:?}");
            assert!(!bad.iter().any(|t| check(t)), "{bad:?}");
        }
    }
}
