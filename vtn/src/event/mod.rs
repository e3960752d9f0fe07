//! Events behind the service: on the wire, in a VEN's list, told to VENs.

pub(crate) mod clock;
mod distribute;
mod fan_out;
mod render;

pub(crate) use distribute::{all_settled, distribute, settle};
pub(crate) use fan_out::{fan_out, finish_fan_outs, is_open, join, sweep};
pub(crate) use render::{render, timing};
