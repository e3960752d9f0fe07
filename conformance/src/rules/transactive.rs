//! Energy Interoperation 1.0 with EMIX 1.0 and WS-Calendar 1.0: what transactive scenarios go by.
//!
//! These standards number no conformance rules. The ids are ours: a service's name, or the
//! standard's and a topic.

use super::Binds::Both;
use super::{Rule, defines, must};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    must("EI-parties", Both, "EI 1.0 / every transactive payload",
        "Name oneself as partyID and the other side as counterPartyID. Either side may take either \
         part."),
    must("EI-response", Both, "EI 1.0 / eiResponse, responses",
        "Answer each request with an eiResponse for the whole. Where only single items fail, say \
         which in responses, and name the terms they violate if that is why."),
    must("EiQuote", Both, "EI 1.0 / EiQuote",
        "Create, request, cancel or distribute quotes. A quote only indicates and cannot be taken; \
         once cancelled its quoteID should no longer be valid."),
    must("EiTender", Both, "EI 1.0 / EiTender",
        "Create, request, cancel or distribute tenders; all but distributing are answered. A \
         tender can be taken until its expirationDate, until cancelled or until someone took it, \
         and its product has transactiveState `tender`."),
    must("EiTender-integralOnly", Both, "EI 1.0 / EiTender, EMIX product",
        "A tender with integralOnly `true` is taken whole or not at all. Without it a part may be \
         taken, by a counter tender with values of its own."),
    must("EiTransaction", Both, "EI 1.0 / EiTransaction",
        "Accept a tender by eiCreateTransaction naming its tenderID; the product then has \
         transactiveState `transaction`. There is no cancelling and no changing: a transaction is \
         undone by another that compensates it."),
    must("EiDelivery", Both, "EI 1.0 / EiDelivery",
        "Tell by eiCreatedDelivery what was delivered of one thing in one interval; the answer \
         waits until there are data. A difference from what was agreed is settled by a balancing \
         transaction."),
    defines("EMIX", Both, "EMIX 1.0 / product, price",
        "A product states its side (`buy` or `sell`), its market context and what is sold, in the \
         intervals of a schedule. A price is a value, or a multiplier of or an addition to a \
         reference in a market context; an injection flows into the market."),
    must("EMIX-terms", Both, "EMIX 1.0 / terms",
        "Treat terms that are not among the market context's standard ones as it says: \
         `mustAccept`, `ignore`, `mustUnderstand` or `reject`."),
    must("WS-Calendar", Both, "WS-Calendar 1.0 / interval, gluon",
        "An interval inherits the duration and product it lacks from the gluon above it, but only \
         the designated interval inherits the start. Values of its own prevail, and a duration at \
         odds with its dtstart and dtend is an error."),
    must("WS-Calendar-streams", Both, "WS-Calendar 1.0 / stream",
        "The intervals of a stream follow one another without gap in the order of `uid`, the first \
         at the stream's dtstart. One without a duration takes the stream's."),
];
