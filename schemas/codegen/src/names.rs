//! Rust's names for the schemas' names, mechanically.

use std::collections::BTreeSet;

/// `oadrCreatedEvent` → `OadrCreatedEvent`, `x-eiRampUp` → `XEiRampUp`.
pub fn pascal(text: &str) -> String {
    let mut out = String::new();
    let mut up = true;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            if out.is_empty() && c.is_ascii_digit() {
                out.push('V');
            }
            out.push(if up { c.to_ascii_uppercase() } else { c });
            up = false;
        } else {
            up = true;
        }
    }
    if out.is_empty() { "Blank".to_owned() } else { out }
}

/// `OadrCreatedEvent` → `oadr_created_event`; `venID` → `ven_id`.
pub fn snake(text: &str) -> String {
    let chars: Vec<char> = pascal(text).chars().collect();
    let mut out = String::new();
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|j| chars[j]);
        let next_lower = chars.get(i + 1).is_some_and(char::is_ascii_lowercase);
        let starts =
            c.is_ascii_uppercase() && before.is_some_and(|b| !b.is_ascii_uppercase() || next_lower);
        if starts {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    match out.as_str() {
        "type" | "match" | "use" | "ref" | "loop" | "move" | "in" | "as" | "where" | "self"
        | "final" | "yield" | "abstract" | "priv" | "do" | "box" | "static" | "const" => {
            format!("{out}_")
        }
        _ => out,
    }
}

/// A type's name: the schema's without its `Type`.
pub fn type_name(schema_name: &str, taken: &BTreeSet<String>) -> String {
    let full = pascal(schema_name);
    let short = full.strip_suffix("Type").filter(|s| !s.is_empty()).unwrap_or(&full).to_owned();
    if reserved(&short) || taken.contains(&short) { full } else { short }
}

fn reserved(name: &str) -> bool {
    matches!(
        name,
        "Option"
            | "Vec"
            | "String"
            | "Box"
            | "Some"
            | "None"
            | "Ok"
            | "Err"
            | "Result"
            | "Self"
            | "Content"
            | "Group"
            | "Any"
    )
}

/// `base`, or `base2`, `base3`… whichever is free; takes it.
pub fn fresh(base: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = base.to_owned();
    let mut n = 2;
    while reserved(&name) || !taken.insert(name.clone()) {
        name = format!("{base}{n}");
        n += 1;
    }
    name
}

/// `ELECTRICITY_PRICE` → `Electricity_Price`; mixed case stays as it is.
fn titled(literal: &str) -> String {
    if literal.chars().any(|c| c.is_ascii_lowercase()) {
        return literal.to_owned();
    }
    let mut out = String::new();
    let mut inside = false;
    for c in literal.chars() {
        out.push(if inside { c.to_ascii_lowercase() } else { c });
        inside = c.is_ascii_alphabetic();
    }
    out
}

/// Enumeration variants: different where the literals differ only by case or sign.
pub fn variants(literals: &[String]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    // `M` and `m`, `SIMPLE` and `simple`: the plain name is the upper-case one's, the
    // other says that it is lower-case. Mega must not be named as milli.
    let plain: Vec<String> = literals.iter().map(|literal| variant(literal)).collect();
    let gives_way = |at: usize| {
        let begins_low = literals[at].starts_with(|c: char| c.is_ascii_lowercase());
        let twin = |other: usize| {
            other != at
                && plain[other] == plain[at]
                && literals[other].starts_with(|c: char| c.is_ascii_uppercase())
        };
        begins_low && (0..literals.len()).any(twin)
    };
    (0..literals.len())
        .map(|at| {
            let name =
                if gives_way(at) { format!("Lower{}", plain[at]) } else { plain[at].clone() };
            fresh(&name, &mut taken)
        })
        .collect()
}

fn variant(literal: &str) -> String {
    let name = match literal.strip_prefix('-') {
        Some(rest) => format!("Minus{}", pascal(rest)),
        None => pascal(&titled(literal)),
    };
    if reserved(&name) { format!("{name}_") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_are_words() {
        assert_eq!(pascal("oadrCreatedEvent"), "OadrCreatedEvent");
        assert_eq!(pascal("x-eiRampUp"), "XEiRampUp");
        assert_eq!(pascal("20b"), "V20b");
        assert_eq!(snake("venID"), "ven_id");
        assert_eq!(snake("oadrVENName"), "oadr_ven_name");
        assert_eq!(snake("type"), "type_");
    }

    #[test]
    fn literals_that_differ_by_case_or_sign_get_different_variants() {
        let literals: Vec<String> =
            ["M", "m", "-3", "3", "SIMPLE", "simple", ""].map(str::to_owned).to_vec();
        let variants = variants(&literals);
        let different: BTreeSet<_> = variants.iter().collect();
        assert_eq!(different.len(), literals.len(), "{variants:?}");
        assert_eq!(variants[..4], ["M", "LowerM", "MinusV3", "V3"].map(str::to_owned));
    }
}
