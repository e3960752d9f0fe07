//! Reports behind the service: metadata read, requests written, readings kept.

mod answer;
mod green_button;
mod lenient;
mod metadata;
mod notice;
pub(crate) mod own;
mod readings;
mod request;

pub(crate) use answer::Answer;
pub(crate) use green_button::feeds;
pub(crate) use metadata::{read_metadata, start_anew, wipe};
pub(crate) use notice::notices;
pub(crate) use readings::{Reported, between, record};
pub(crate) use request::{from_wishes, on_the_mark, on_the_wire, requests_on_the_wire};
