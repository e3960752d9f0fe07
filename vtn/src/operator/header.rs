//! Headers of requests and answers that mean something to this API beyond HTTP's own, and how
//! they are read and written.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::header::{ETAG, HeaderName, IF_MATCH};
use axum::http::request::Parts;

use super::api::Who;
use super::problem::Problem;
use crate::control::{Expected, Request, RequestKey};
use crate::record::Version;

/// A header, as a row of the table of routes names it.
pub(super) struct Header {
    pub name: &'static str,
    pub summary: &'static str,
    /// A regular expression of its values (ECMA-262).
    pub pattern: &'static str,
}

/// An event's version, in an answer.
pub(super) const VERSION: Header = Header {
    name: "ETag",
    summary: "the event's version: its modificationNumber, with `c` if it is cancelled. \
        It names what was decided; `status` moves on with time within a version",
    pattern: r#"^"[0-9]+c?"$"#,
};

/// The versions of an event that a change is for, in a request.
pub(super) const EXPECTED: Header = Header {
    name: "If-Match",
    summary: "the change is made only if the event stands at one of these versions (RFC 9110, \
        13.1.1), as an ETag gave them; else 412 `precondition`, and nothing is changed",
    pattern: r#"^(\*|"[^"]*"( *, *"[^"]*")*)$"#,
};

/// The caller's name for a request that makes something.
pub(super) const KEY: Header = Header {
    name: "Idempotency-Key",
    summary: "the caller's own name for this request, as good as never given twice, such as a \
        UUID. For 24 hours a repetition of the request under it is answered with what was made \
        the first time, as it was then, and makes nothing; another request under it is refused \
        (422 `idempotency_key_reused`). A request that was refused leaves its key free. The ID \
        of what is made follows from the key if the request gives none, so that a repetition \
        after that time is refused (409) rather than done twice",
    pattern: r#"^([!#-\[\]-~]{1,255}|"[!#-\[\]-~]{1,255}")$"#,
};

/// What `Idempotency-Key` says.
pub(super) struct OnceOnly(pub Option<Request>);

impl<S: Sync> FromRequestParts<S> for OnceOnly {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut lines = parts.headers.get_all(KEY.name).iter();
        let Some(line) = lines.next() else { return Ok(Self(None)) };
        let wrong = |what: &str| Problem::bad_request(what).at(KEY.name);
        if lines.next().is_some() {
            return Err(wrong("is there twice"));
        }
        let key = key(line.to_str().unwrap_or_default()).map_err(wrong)?;
        // The door let nobody pass without knowing who it is.
        let who = parts.extensions.get::<Who>();
        let who = who.ok_or_else(|| Problem::new("internal", "nobody is calling"))?;
        Ok(Self(Some(Request { operator: who.name.clone(), key })))
    }
}

/// In quotes, as the header's draft has it (a string of RFC 8941), or bare, as many send it.
fn key(text: &str) -> Result<RequestKey, &'static str> {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    quoted.unwrap_or(text).parse()
}

/// What `If-Match` says.
pub(super) struct IfMatch(pub Expected);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut lines = parts.headers.get_all(IF_MATCH).iter().peekable();
        if lines.peek().is_none() {
            return Ok(Self(Expected::Any));
        }
        let lines: Option<Vec<&str>> = lines.map(|line| line.to_str().ok()).collect();
        let read = lines.and_then(|lines| expected(&lines.join(",")));
        let wrong = || {
            let what = "a list of versions in double quotes as an ETag gives them, such as \"3\", \
                or * for whichever stands";
            Problem::bad_request(what).at("If-Match")
        };
        read.map(Self).ok_or_else(wrong)
    }
}

/// Reads `*` or a list of entity tags, one at least. A tag that is no version of ours stands for
/// nothing, and neither does a weak one: If-Match compares strongly (RFC 9110, 8.8.3.2).
fn expected(text: &str) -> Option<Expected> {
    const BLANK: [char; 2] = [' ', '\t'];
    if text.trim_matches(BLANK) == "*" {
        return Some(Expected::Any);
    }
    let (mut versions, mut any) = (Vec::new(), false);
    let mut rest = text.trim_start_matches([' ', '\t', ',']);
    while !rest.is_empty() {
        let weak = rest.strip_prefix("W/");
        let (tag, after) = weak.unwrap_or(rest).strip_prefix('"')?.split_once('"')?;
        if tag.contains(|c: char| !c.is_ascii_graphic()) {
            return None;
        }
        let after = after.trim_start_matches(BLANK);
        if !after.is_empty() && !after.starts_with(',') {
            return None;
        }
        versions.extend(tag.parse::<Version>().ok().filter(|_| weak.is_none()));
        any = true;
        rest = after.trim_start_matches([' ', '\t', ',']);
    }
    any.then_some(Expected::OneOf(versions))
}

/// An answer that says which version it is of.
pub(super) type Tagged<T> = ([(HeaderName, String); 1], Json<T>);

/// The answer with its version.
pub(super) fn tagged<T>(version: Version, answer: T) -> Tagged<T> {
    ([(ETAG, format!("\"{version}\""))], Json(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_with_and_without_quotes() {
        assert_eq!(key("\"a-1\"").unwrap(), key("a-1").unwrap());
        let longest = "x".repeat(255);
        assert_eq!(key(&longest).unwrap().to_string(), longest);
        for text in ["", "\"\"", "\"", "\"a", "a\"", "a b", "a\\b", "ü", &"x".repeat(256)] {
            assert!(key(text).is_err(), "{text}");
        }
    }

    #[test]
    fn if_match_is_a_star_or_tags_in_quotes() {
        let read = |text: &str| match expected(text) {
            Some(Expected::Any) => "any".to_owned(),
            Some(Expected::OneOf(versions)) => {
                versions.iter().map(|one| format!("{one};")).collect()
            }
            None => "refused".to_owned(),
        };
        assert_eq!(read(" * "), "any");
        assert_eq!(read("\"3\""), "3;");
        assert_eq!(read("\"3c\" ,\t, \"4\","), "3c;4;");
        assert_eq!(read("W/\"3\", \"04\", \"a,b\""), "");
        for text in
            ["", " , ", "3", "\"3", "\"3\"4", "\"3\" \"4\"", "*, \"3\"", "w/\"3\"", "\"3 \""]
        {
            assert_eq!(read(text), "refused", "{text}");
        }
    }
}
