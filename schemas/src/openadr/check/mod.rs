//! The rules a message can be held against by itself. OpenADR 2.0b Profile,
//! section 11.2. Pure functions: the first broken rule is the answer.

mod fault;

pub use fault::Fault;
