//! What is measured: documents of known shape, and how fast each step over them goes.

pub mod documents;
pub mod rounds;
