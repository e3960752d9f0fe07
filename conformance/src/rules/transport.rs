//! What the narrative asks of HTTP: OpenADR 2.0b Profile, 9.1.5 and 9.1.7.

use super::Binds::Both;
use super::{Rule, must};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    must("9.1.5", Both, "simple HTTP",
        "Answer 200 if the payload was handled, even with an application error inside; 404 for an \
         operation not served, 406 for a bad payload or content type, 501 for a method other than \
         POST, 503 when overloaded. What got 404, 406 or 501 is not repeated as it was."),
    must("9.1.7", Both, "simple HTTP",
        "After 503 wait, then try again; after a failed connection a party should, and after 500 \
         it may. Waits start near 1 s, double at each further failure with about 10 % jitter, and \
         stay under a ceiling tied to the poll interval."),
];
