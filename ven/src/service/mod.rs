//! The services, one file each, as in the VTN.

pub(crate) mod delivery;
pub(crate) mod event;
pub(crate) mod opt;
pub(crate) mod poll;
pub(crate) mod register_party;
pub(crate) mod report;
pub(crate) mod tender;
pub(crate) mod transaction;
