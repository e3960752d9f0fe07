//! EiOpt, as a VEN says it. OpenADR 2.0b Profile, rules 200 to 211.

use jiff::Timestamp;
use oadr_schemas::openadr::ei::{EiTarget, OptReason, OptType, QualifiedEventID};
use oadr_schemas::openadr::oadr::{OadrCancelOpt, OadrCreateOpt};
use oadr_schemas::xml::DateTime;

use super::seconds;
use crate::vtn::Party;

/// oadrCreateOpt with neither a schedule nor an event: to be completed.
pub fn bare(ven: &Party, opt_id: &str, opt: OptType, now: Timestamp) -> OadrCreateOpt {
    OadrCreateOpt {
        schema_version: None,
        opt_id: opt_id.to_owned(),
        opt_type: opt,
        opt_reason: OptReason::Economic,
        market_context: None,
        ven_id: ven.id(),
        vavailability: None,
        created_date_time: DateTime(now),
        request_id: format!("req-{opt_id}"),
        qualified_event_id: None,
        ei_target: EiTarget::recipient(),
        oadr_device_class: None,
    }
}

/// A schedule of one stretch; 0 seconds have no end (rule 210).
pub fn schedule(
    ven: &Party,
    (opt_id, opt): (&str, OptType),
    (from, duration_s): (Timestamp, u32),
    now: Timestamp,
) -> OadrCreateOpt {
    let vavailability = Some([(from, seconds(duration_s))].into_iter().collect());
    OadrCreateOpt { vavailability, ..bare(ven, opt_id, opt, now) }
}

/// The opt of an event.
pub fn event(
    ven: &Party,
    (opt_id, opt): (&str, OptType),
    (event, modification): (&str, u32),
    now: Timestamp,
) -> OadrCreateOpt {
    let qualified_event_id = Some(QualifiedEventID::new(event, modification));
    OadrCreateOpt { qualified_event_id, ..bare(ven, opt_id, opt, now) }
}

/// oadrCancelOpt.
pub fn cancel(ven: &Party, opt_id: &str, request_id: &str) -> OadrCancelOpt {
    OadrCancelOpt {
        schema_version: None,
        request_id: request_id.to_owned(),
        opt_id: opt_id.to_owned(),
        ven_id: ven.id(),
    }
}
