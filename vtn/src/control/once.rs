//! What is made once, however often its request comes: a caller names the request, and a
//! repetition under that name is answered with what was made. For a caller that lost the answer
//! (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header).
//!
//! The name is remembered in the commit that makes the thing, so a crash leaves both or neither.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use oadr_store::{Batch, Keys, Snapshot};
use serde::Serialize;

use crate::audit::Digest;
use crate::error::Error;
use crate::record::{Made, Once};
use crate::tables::{ONCE, ONCE_AGES};
use crate::vtn::Vtn;

/// A caller's own name for a request: 1 to 255 visible characters of ASCII, neither `"` nor `\`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey(String);

impl fmt::Display for RequestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RequestKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let visible = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
        if text.is_empty() || text.len() > LONGEST || !text.bytes().all(visible) {
            return Err("a key is 1 to 255 visible characters of ASCII, neither \" nor \\");
        }
        Ok(Self(text.to_owned()))
    }
}

/// A request that is to be done once: whose it is, and what they call it. Two operators may use
/// the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The operator's name in `vtn.toml`.
    pub operator: String,
    /// Its name.
    pub key: RequestKey,
}

impl Request {
    /// The name of the thing that is made, if the request gives it none: the same for a
    /// repetition, also when the request is remembered no longer. 128 bits in 32 digits, as the
    /// VTN's own.
    pub(super) fn id(&self) -> String {
        let mut digits =
            Digest::of(format!("{}\0{}", self.operator, self.key).as_bytes()).to_string();
        digits.truncate(32);
        digits
    }

    fn place(&self) -> (&str, &str) {
        (&self.operator, &self.key.0)
    }
}

impl Vtn {
    /// Decides once for a request: a repetition is given what was made. `content` is what the
    /// request says, its kind included.
    ///
    /// # Errors
    /// [`Error::KeyReused`] if the name was given to a request that said something else; those of
    /// `make`, which leave the name free.
    pub(super) async fn once(
        &self,
        (request, content): (Option<&Request>, &impl Serialize),
        now: Timestamp,
        make: impl Fn(&Snapshot, &mut Batch) -> Result<Made, Error>,
    ) -> Result<Made, Error> {
        let Some(request) = request else { return self.decide(make).await };
        let content = serde_json::to_vec(content)
            .map(|bytes| Digest::of(&bytes))
            .map_err(|error| Error::Internal(format!("a request as JSON: {error}")))?;
        self.decide(|view, batch| {
            if let Some(before) =
                ONCE.get(view, request.place())?.filter(|one| !is_old(one.at, now))
            {
                return if before.content == content {
                    Ok(before.made)
                } else {
                    Err(Error::KeyReused)
                };
            }
            let made = make(view, batch)?;
            keep(view, batch, request, &Once { content, at: now, made: made.clone() })?;
            Ok(made)
        })
        .await
    }
}

/// Adds to the batch: the request is remembered, and some that were for long enough are not.
fn keep(view: &Snapshot, batch: &mut Batch, request: &Request, once: &Once) -> Result<(), Error> {
    let (operator, key) = request.place();
    sweep(view, batch, once.at)?;
    match ONCE.load(view, (operator, key))? {
        Some(old) => {
            ONCE_AGES.delete(batch, (old.at.as_microsecond(), operator, key));
            ONCE.swap(batch, (operator, key), &old, once)?;
        }
        None => ONCE.put_new(batch, (operator, key), once)?,
    }
    Ok(ONCE_AGES.put(batch, (once.at.as_microsecond(), operator, key), &())?)
}

/// Adds to the batch: the oldest are forgotten, if they are [`KEPT`] old. More go than come, so
/// what is remembered is what came within that time.
fn sweep(view: &Snapshot, batch: &mut Batch, now: Timestamp) -> Result<(), Error> {
    for ((at, operator, key), ()) in ONCE_AGES.range(view, Keys::all().limit(SWEPT))? {
        let place = (operator.as_str(), key.as_str());
        if let Some(old) = ONCE.load(view, place)? {
            if !is_old(old.at, now) {
                break;
            }
            // Its name may be given anew at this moment.
            ONCE.require_unchanged(batch, place, &old);
            ONCE.delete(batch, place);
        }
        ONCE_AGES.delete(batch, (at, operator.as_str(), key.as_str()));
    }
    Ok(())
}

fn is_old(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) >= KEPT
}

/// How long a request is remembered.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How many a request may sweep.
const SWEPT: usize = 16;
/// Bytes of a request's name.
const LONGEST: usize = 255;
