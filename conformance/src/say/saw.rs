//! What was seen instead of what must hold, in words for reports.

use std::fmt::{self, Debug, Display, Formatter};

use jiff::SignedDuration;
use oadr_schemas::openadr::ei::{EiResponse, EiTarget};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::OadrCreatedPartyRegistration;
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::Text as _;

/// Words that are shown as they are.
pub struct Saw(String);

impl Debug for Saw {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text as it is, without quotation marks.
pub fn text(text: impl Display) -> Saw {
    Saw(text.to_string())
}

/// Such as `452 (invalid ID), "no such event"`.
pub fn response<'a>(response: impl Into<Option<&'a EiResponse>>) -> Saw {
    let Some(response) = response.into() else { return text("no eiResponse") };
    let code = &response.response_code;
    let mut told = match Code::try_from(code) {
        Ok(known) => format!("{known} ({})", known.description()),
        Err(other) => other,
    };
    let said = response.response_description.as_deref().unwrap_or_default();
    if !said.is_empty() {
        told.push_str(&format!(", {said:?}"));
    }
    Saw(told)
}

/// Such as `oadrResponse, 463 (not registered or not authorized)`.
pub fn message(message: &Message) -> Saw {
    match message.response() {
        None => text(message.name()),
        Some(found) => Saw(format!("{}, {:?}", message.name(), response(found))),
    }
}

/// The names of messages, in the order they came.
pub fn messages(all: &[Message]) -> Saw {
    list(all.iter().map(Message::name))
}

/// Such as `a, b`; `nothing` if there is none.
pub fn list<T: Display>(all: impl IntoIterator<Item = T>) -> Saw {
    let all: Vec<_> = all.into_iter().map(|one| one.to_string()).collect();
    match all.is_empty() {
        true => text("nothing"),
        false => Saw(all.join(", ")),
    }
}

/// What an element holds: `missing`, `empty`, or its text.
pub fn element(found: Option<&str>) -> Saw {
    match found {
        None => text("missing"),
        Some("") => text("empty"),
        Some(found) => text(found),
    }
}

/// The IDs of a registration.
pub fn ids(created: &OadrCreatedPartyRegistration) -> Saw {
    Saw(format!(
        "registrationID {:?}, venID {:?}, vtnID {:?}",
        element(created.registration_id.as_deref()),
        element(created.ven_id.as_deref()),
        element(Some(&created.vtn_id)),
    ))
}

/// Such as `2.0b over simpleHttp; 2.0a over simpleHttp`.
pub fn profiles(created: &OadrCreatedPartyRegistration) -> Saw {
    let all = created.oadr_profiles.oadr_profile.iter().map(|one| {
        let names = one.oadr_transports.oadr_transport.iter();
        let names: Vec<_> = names.map(|name| name.oadr_transport_name.text()).collect();
        format!("{} over {}", one.oadr_profile_name.text(), names.join(" and "))
    });
    list(all)
}

/// Whom a target names.
pub fn target(target: &EiTarget) -> Saw {
    list(target.criteria().map(|one| format!("{one:?}")))
}

/// The kind of a unit.
pub fn unit(unit: Option<&ItemBase>) -> Saw {
    let Some(unit) = unit else { return text("no unit") };
    let whole = format!("{unit:?}");
    text(whole.split('(').next().unwrap_or_default())
}

/// A length of time in seconds.
pub fn seconds(span: Option<SignedDuration>) -> Saw {
    match span {
        Some(span) => text(format_args!("{} s", span.as_secs_f64())),
        None => text("none"),
    }
}

/// Debug output without what only Rust wants: the quotation marks of a lone text, `Some`, `None`.
pub fn plain(debug: &str) -> String {
    if let Some(lone) = lone_text(debug) {
        return lone;
    }
    let (mut out, mut rest) = (String::new(), debug);
    let (mut open, mut quoted) = (Vec::new(), false);
    while let Some(next) = rest.chars().next() {
        let starts = !out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let mut taken = next.len_utf8();
        match next {
            '\\' if quoted => {
                taken += rest[taken..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[..taken]);
            }
            '"' => {
                quoted = !quoted;
                out.push(next);
            }
            _ if quoted => out.push(next),
            'S' if starts && rest.starts_with("Some(") => {
                open.push(true);
                taken = "Some(".len();
            }
            'N' if starts && rest.starts_with("None") && !goes_on(&rest["None".len()..]) => {
                out.push_str("none");
                taken = "None".len();
            }
            '(' => {
                open.push(false);
                out.push(next);
            }
            ')' if open.pop() == Some(true) => {}
            _ => out.push(next),
        }
        rest = &rest[taken..];
    }
    out
}

fn goes_on(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// What a text says whose Debug output this is, if it is nothing else.
fn lone_text(debug: &str) -> Option<String> {
    let inner = debug.strip_prefix('"')?.strip_suffix('"')?;
    let (mut out, mut chars) = (String::new(), inner.chars());
    while let Some(next) = chars.next() {
        match next {
            '"' => return None,
            '\\' => match chars.next()? {
                'n' | 'r' | 't' => out.push(' '),
                escaped => out.push(escaped),
            },
            other => out.push(other),
        }
    }
    Some(if out.is_empty() { "empty".to_owned() } else { out })
}

#[cfg(test)]
mod tests {
    use oadr_schemas::openadr::oadr::OadrResponse;

    use super::*;

    #[test]
    fn a_response_is_told_by_its_code_and_what_that_means() {
        let refused = EiResponse::error(Code::InvalidId, "no such event", "r");
        assert_eq!(format!("{:?}", response(&refused)), "452 (invalid ID), \"no such event\"");
        assert_eq!(format!("{:?}", response(None)), "no eiResponse");
        let message = super::message(&OadrResponse::from(refused).into());
        assert!(format!("{message:?}").starts_with("oadrResponse, 452 (invalid ID)"));
    }

    #[test]
    fn what_only_rust_wants_is_left_out() {
        let of = |saw: &dyn Debug| plain(&format!("{saw:?}"));
        assert_eq!(of(&"a \"b\""), "a \"b\"");
        assert_eq!(of(&""), "empty");
        assert_eq!(of(&(Some("Some(x)"), None::<u8>)), "(\"Some(x)\", none)");
        assert_eq!(
            of(&format_args!("{:?} instead of None_", Some(vec![Some(1)]))),
            "[1] instead of None_"
        );
    }

    #[test]
    fn an_element_that_is_empty_is_told_from_one_that_is_missing() {
        let told = [None, Some(""), Some("x")].map(|found| format!("{:?}", element(found)));
        assert_eq!(told, ["missing", "empty", "x"]);
    }
}
