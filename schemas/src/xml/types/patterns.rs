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
