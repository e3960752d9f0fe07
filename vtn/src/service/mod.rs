//! One file per service; every handler is rule, record, hook, reply.

pub(crate) mod event;
pub(crate) mod opt;
pub(crate) mod poll;
pub(crate) mod register_party;
pub(crate) mod report;
