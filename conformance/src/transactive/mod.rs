//! EI 1.0 between parties: tenders, quotes, transactions, delivery. VTN under test, the kit plays
//! two parties that are registered as VENs. EI 1.0 EiTender, EiQuote, EiTransaction, EiDelivery.
//!
//! The standard names no binding of its own for these services but SOAP: the kit posts the bare
//! payload to `…/EI/Simple/1.0/<service>`, in the likeness of OpenADR's simple HTTP.

mod delivery;
mod floor;
mod quote;
mod tender;
mod transaction;

use crate::scenario::Scenario;

/// The scenarios, a list a service.
pub const SCENARIOS: &[&[Scenario]] =
    &[tender::SCENARIOS, quote::SCENARIOS, transaction::SCENARIOS, delivery::SCENARIOS];
