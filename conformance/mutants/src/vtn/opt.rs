//! EiOpt of the VTN in miniature. Rules 200 to 211.

use oadr_schemas::openadr::ei::EiResponse;
use oadr_schemas::openadr::oadr::{OadrCancelOpt, OadrCanceledOpt, OadrCreateOpt, OadrCreatedOpt};

use super::State;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[];

/// What is known of opts.
#[derive(Default)]
pub struct Opts {}

/// oadrCreateOpt.
pub fn create(_: &mut State, opt: OadrCreateOpt) -> OadrCreatedOpt {
    OadrCreatedOpt::new(EiResponse::ok(opt.request_id), opt.opt_id)
}

/// oadrCancelOpt.
pub fn cancel(_: &mut State, opt: OadrCancelOpt) -> OadrCanceledOpt {
    OadrCanceledOpt::new(EiResponse::ok(opt.request_id), opt.opt_id)
}
