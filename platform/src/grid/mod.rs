//! The utility grid's hook and a reference grid with limits. Y.2072 8.2.4.

mod hook;

pub use hook::{Delivered, Grid, Limit, NoGrid};
