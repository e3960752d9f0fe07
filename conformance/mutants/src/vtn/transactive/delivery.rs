//! EiDelivery of the VTN in miniature. EI 1.0 EiDelivery.

use oadr_schemas::ei::ei::{EiResponse, RefID};
use oadr_schemas::ei::pyld::{EiCreateDelivery, EiCreatedDelivery};
use oadr_schemas::emix::{Delivery, Measure, Quantity};
use oadr_schemas::openadr::Code;
use rust_decimal::Decimal;

use super::State;
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("sign-lost", "ei-delivery", "injection does not turn the sign"),
    Fault::inside("guesses", "ei-delivery", "a quantity is told for what is not over"),
    Fault::inside("tells-foreign-meters", "ei-delivery", "another's meter is told"),
];

/// eiCreateDelivery.
pub fn create(state: &mut State, me: &str, m: &EiCreateDelivery) -> EiCreatedDelivery {
    let mut created = EiCreatedDelivery {
        ei_response: EiResponse::ok(RefID::of(&m.request_id)),
        responses: None,
        ei_delivery: Vec::new(),
    };
    let fault = |code, why| EiResponse::error(code, why, RefID::of(&m.request_id));
    if m.requestor_party_id != me && !state.faults.has("tells-foreign-meters") {
        created.ei_response = fault(Code::InvalidId, "not one's own name");
        return created;
    }
    for asked in &m.delivery {
        let Ok(mut delivery) = Delivery::try_from(asked) else { continue };
        let Some(interval) = delivery.metered.first_mut() else { continue };
        let key = (m.requestor_party_id.clone(), interval.start);
        let guessed = state.faults.has("guesses").then_some(Decimal::ONE);
        let Some(wh) = state.floor.meters.get(&key).copied().or(guessed) else {
            created.ei_response = fault(Code::NotDeployed, "not yet");
            continue;
        };
        let turned = asked.injection && !state.faults.has("sign-lost");
        let wh = if turned { -wh } else { wh };
        interval.quantity = Some((Quantity::watt_hours(wh), Measure::KWH));
        created.ei_delivery.extend(delivery.to_ei("delivery", state.now));
    }
    created
}
