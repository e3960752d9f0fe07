//! From the schemas in `schemas/xsd` to the types in `schemas/src/generated`: read
//! (`reader`) into a model (`model`), chosen and named (`build`, `record`, `simple`,
//! `names`), freed of types that hold themselves (`cycles`), written (`write`).

mod build;
mod cycles;
mod generate;
mod model;
mod names;
mod reader;
mod record;
mod rust;
mod simple;
mod write;

pub use generate::{check, write};
