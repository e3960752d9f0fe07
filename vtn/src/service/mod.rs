//! One file per service; every handler is rule, record, hook, reply.

pub(crate) mod delivery;
pub(crate) mod event;
pub(crate) mod offer;
pub(crate) mod opt;
pub(crate) mod poll;
pub(crate) mod register_party;
pub(crate) mod report;
pub(crate) mod tender;
pub(crate) mod transaction;
