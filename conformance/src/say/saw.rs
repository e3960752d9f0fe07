//! What was seen instead of what must hold, in words for reports.

use std::fmt::{self, Debug, Display, Formatter};

use oadr_schemas::openadr::ei::EiResponse;
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
    fn an_element_that_is_empty_is_told_from_one_that_is_missing() {
        let told = [None, Some(""), Some("x")].map(|found| format!("{:?}", element(found)));
        assert_eq!(told, ["missing", "empty", "x"]);
    }
}
