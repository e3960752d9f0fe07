//! Green Button feeds that came with reports, read. OpenADR 2.0b Profile, HISTORY_GREENBUTTON.

use super::vens::party;
use crate::error::Error;
use crate::record::GreenButton;
use crate::report::feeds;
use crate::tables::GREEN_BUTTON_FEEDS;
use crate::vtn::Vtn;

impl Vtn {
    /// What is told of a VEN's Green Button feeds, by ID, after this one, `limit` at most.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn green_button(
        &self,
        ven: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<GreenButton>, Error> {
        let view = self.0.store.snapshot()?;
        party(&view, ven)?;
        feeds(&view, ven, (after, limit))
    }

    /// A feed as an Atom document (RFC 4287) with ESPI resources.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such feed.
    pub fn green_button_feed(&self, ven: &str, id: &str) -> Result<String, Error> {
        let view = self.0.store.snapshot()?;
        let unknown = || Error::Unknown { kind: "Green Button feed", id: id.to_owned() };
        GREEN_BUTTON_FEEDS.get(&view, (ven, id))?.ok_or_else(unknown)
    }
}
