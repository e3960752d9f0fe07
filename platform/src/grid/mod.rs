//! The utility grid's hook and the reference connections. Y.2072 8.2.4.

mod connections;
mod hook;

pub use connections::Connections;
pub use hook::{Delivered, Grid, Limit, NoGrid};
