//! Text: references resolved, line ends normalised, CDATA and comments joined over.

use std::borrow::Cow;

use quick_xml::events::Event;

use crate::xml::attributes;
use crate::xml::error::{Error, Kind};

use super::{Ahead, Decoder};

impl<'a> Decoder<'a> {
    /// The text of the element just entered, references resolved; elements in it
    /// are refused, its end tag is left ahead.
    pub(in crate::xml) fn text(&mut self) -> Result<Cow<'a, str>, Error> {
        self.no_more_attributes()?;
        let mut text = Cow::Borrowed("");
        loop {
            let (event, at) = self.next_event()?;
            match event {
                Event::Text(part) => append(&mut text, line_ends(part.into_inner())),
                Event::CData(part) => append(&mut text, line_ends(part.into_inner())),
                Event::GeneralRef(name) => {
                    let Some(resolved) = attributes::resolve(&name) else {
                        self.at = at;
                        return Err(self.fault(Kind::Malformed("an unknown entity".to_owned())));
                    };
                    text.to_mut().push(resolved);
                }
                Event::Comment(_) => {}
                Event::End(_) => {
                    self.ahead = Some(Ahead::End);
                    return Ok(text);
                }
                Event::Start(tag) => {
                    self.at = at;
                    return Err(self.unexpected(tag.name().as_ref().to_owned()));
                }
                _ => {
                    self.at = at;
                    return Err(self.fault(Kind::Malformed("text that does not end".to_owned())));
                }
            }
        }
    }
}

fn append<'a>(text: &mut Cow<'a, str>, part: Cow<'a, str>) {
    if text.is_empty() {
        *text = part;
    } else {
        text.to_mut().push_str(&part);
    }
}

/// Line ends as XML 1.0 section 2.11 wants them.
fn line_ends(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    }
}
