//! Who still needs a programme or a group: it is not taken from under an event. And names.

use jiff::Timestamp;
use oadr_store::{Batch, Keys, Snapshot};

use crate::error::Error;
use crate::event::{clock, is_open};
use crate::record::Targets;
use crate::tables::{EVENTS, OPEN_EVENTS, PROGRAMMES, TEMPLATES};

/// What somebody names.
pub(super) struct Use<'a> {
    /// The market context; `None`: it is a programme itself.
    pub context: Option<&'a str>,
    /// Whom it is for.
    pub targets: &'a Targets,
}

/// Adds to the batch: nobody names this meanwhile.
///
/// # Errors
/// [`Error::Clash`] if somebody that `names` picks is there: says who; those of the store.
pub(super) fn refuse_if_used(
    (view, batch): (&Snapshot, &mut Batch),
    now: Timestamp,
    what: &str,
    names: impl Fn(&Use<'_>) -> bool,
) -> Result<(), Error> {
    clock::stand(view, batch)?;
    let mut users = Vec::new();
    for (id, ()) in OPEN_EVENTS.range(view, Keys::all())? {
        let Some(event) = EVENTS.get(view, &id)? else { continue };
        let context = Some(event.draft.market_context.as_str());
        if is_open(&event, now)? && names(&Use { context, targets: &event.draft.targets }) {
            users.push(format!("the event {id}, which is not over"));
        }
    }
    for (_, programme) in PROGRAMMES.range(view, Keys::all())? {
        if names(&Use { context: None, targets: &programme.draft.members }) {
            users.push(format!("the programme {}", programme.market_context));
        }
    }
    for (name, template) in TEMPLATES.range(view, Keys::all())? {
        let draft = &template.draft;
        if names(&Use { context: Some(&draft.market_context), targets: &draft.targets }) {
            users.push(format!("the template {name}"));
        }
    }
    let more = users.len().saturating_sub(1);
    match users.first() {
        None => Ok(()),
        Some(one) if more == 0 => Err(Error::Clash(format!("{what} is in use by {one}"))),
        Some(one) => Err(Error::Clash(format!("{what} is in use by {one}; and by {more} more"))),
    }
}

/// A name that operators give: it can stand in a message, in a path and on a terminal.
///
/// # Errors
/// [`Error::Invalid`] at `field`.
pub(super) fn plain_name(field: &str, name: &str) -> Result<(), Error> {
    let odd = name.trim() != name || name.is_empty() || name.chars().any(char::is_control);
    if odd || name.len() > LONGEST {
        let what = format!("1 to {LONGEST} bytes, no space around it");
        return Err(Error::invalid(field, what));
    }
    Ok(())
}

/// Bytes of a name.
const LONGEST: usize = 200;
