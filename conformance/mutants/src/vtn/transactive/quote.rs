//! EiQuote of the VTN in miniature. EI 1.0 EiQuote.

use oadr_schemas::ei::ei::{EiQuote, EiResponse, RefID};
use oadr_schemas::ei::pyld::{
    EiCancelQuote, EiCanceledQuote, EiCreateQuote, EiCreatedQuote, EiReplyQuote, EiRequestQuote,
};
use oadr_schemas::openadr::Code;

use super::{Results, Standing, State};
use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("hides-quotes", "ei-quote-create", "the subscriber does not see the quote"),
    Fault::inside("quotes-bind", "ei-quote-create", "a quote can be accepted like a tender"),
    Fault::inside("quotes-stay", "ei-quote-cancel", "a cancelled quote is seen all the same"),
];

/// A quote.
#[derive(Clone)]
pub struct Quoted {
    publisher: String,
    subscriber: String,
    quote: EiQuote,
}

/// eiCreateQuote.
pub fn create(state: &mut State, me: &str, m: &EiCreateQuote) -> EiCreatedQuote {
    let mut results = Results(Vec::new());
    for quote in &m.ei_quote {
        let own = m.publisher_party_id == me;
        if own {
            let (publisher, subscriber) = (me.to_owned(), m.subscriber_party_id.clone());
            bind(state, &publisher, &subscriber, quote);
            state.floor.quotes.push(Quoted { publisher, subscriber, quote: quote.clone() });
        }
        let result = if own { Ok(()) } else { Err((Code::InvalidId, "not one's own name")) };
        results.0.push((&quote.quote_id, result));
    }
    EiCreatedQuote {
        ei_response: results.overall(&m.request_id),
        responses: Some(results.items(RefID::QuoteID)),
        subscriber_party_id: m.subscriber_party_id.clone(),
        publisher_party_id: Some(m.publisher_party_id.clone()),
        quote_id: results.good(),
    }
}

/// The fault that makes a tender of a quote.
fn bind(state: &mut State, publisher: &str, subscriber: &str, quote: &EiQuote) {
    let Ok(products) = quote.products() else { return };
    let Some(product) = products.into_iter().next().filter(|_| state.faults.has("quotes-bind"))
    else {
        return;
    };
    let Ok(tender) = oadr_schemas::ei::ei::EiTender::new(quote.quote_id.clone(), &product) else {
        return;
    };
    state.floor.tenders.push(Standing {
        owner: publisher.to_owned(),
        counter_party: subscriber.to_owned(),
        left_wh: product.watt_hours().unwrap_or_default(),
        tender,
        product,
        cancelled: false,
    });
}

/// eiRequestQuote.
pub fn request(state: &mut State, me: &str, m: &EiRequestQuote) -> EiReplyQuote {
    let hides = state.faults.has("hides-quotes");
    let seen = state.floor.quotes.iter().filter(|one| {
        one.publisher == m.publisher_party_id
            && (one.publisher == me || one.subscriber == me && !hides)
            && (m.quote_id.is_empty() || m.quote_id.contains(&one.quote.quote_id))
    });
    EiReplyQuote {
        ei_response: EiResponse::ok(RefID::of(&m.request_id)),
        responses: None,
        ei_quote: seen.map(|one| one.quote.clone()).collect(),
    }
}

/// eiCancelQuote.
pub fn cancel(state: &mut State, me: &str, m: &EiCancelQuote) -> EiCanceledQuote {
    let mut results = Results(Vec::new());
    for id in &m.quote_id {
        let own = |one: &Quoted| one.publisher == me && one.quote.quote_id == *id;
        let result = match state.floor.quotes.iter().position(own) {
            Some(at) => {
                if !state.faults.has("quotes-stay") {
                    state.floor.quotes.remove(at);
                }
                Ok(())
            }
            None => Err((Code::InvalidId, "quoteID unknown")),
        };
        results.0.push((id, result));
    }
    EiCanceledQuote {
        ei_response: results.overall(&m.request_id),
        responses: Some(results.items(RefID::QuoteID)),
        subscriber_party_id: m.subscriber_party_id.clone(),
        publisher_party_id: Some(m.publisher_party_id.clone()),
    }
}
