//! How a hook answers: a boxed future, so that hooks stay object-safe.

use std::{
    future::{Future, ready},
    pin::Pin,
};

use crate::{Reason, Refusal};

/// What a hook returns: in time, a `T` or a [`Refusal`].
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Refusal>> + Send + 'a>>;

/// An answer that is there already.
pub fn answer<'a, T: Send + 'a>(result: Result<T, Refusal>) -> Answer<'a, T> {
    Box::pin(ready(result))
}

/// A yes that is there already.
pub fn accept<'a, T: Send + 'a>(value: T) -> Answer<'a, T> {
    answer(Ok(value))
}

/// A no that is there already.
pub fn refuse<'a, T: Send + 'a>(reason: Reason, detail: impl Into<String>) -> Answer<'a, T> {
    answer(Err(Refusal::new(reason, detail)))
}
