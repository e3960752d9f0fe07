//! How EI 1.0 replies say what became of a request and of each thing in it.
//!
//! The outcome of every item stands in `responses`, under the item's own id. The overall
//! eiResponse is 200 as soon as one item went well; if none did it carries the code of the
//! first, so that a peer that looks no further does not take a refusal for a success.
//!
//! | code | when |
//! |---|---|
//! | 451 | too late (expired, gate closed, matched), not as agreed, beyond what is left |
//! | 452 | an id that is unknown or another's, a partyID not one's own, an id with other content, an id twice |
//! | 454 | a value out of range: a quantity not in whole Wh, an empty interval, `~` in an id, too many in one message |
//! | 459 | something is missing or of the wrong kind |
//! | 462 | the market context leads to nothing here |
//! | 469 | not here, or not yet: no market, a market at fault, readings still missing, no room in the reply |

use oadr_platform::Refusal;
use oadr_schemas::ei::ei::{ArrayofResponses, EiResponse, RefID};
use oadr_schemas::openadr::Code;

use crate::error::{Error, Told};

/// Why one thing in a request, or all of it, was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The code.
    pub code: Code,
    /// The words that go with it.
    pub what: String,
}

impl Fault {
    pub(crate) fn new(code: Code, what: impl Into<String>) -> Self {
        Self { code, what: what.into() }
    }

    /// 452 in the same words for what is not there and what is another's (threat T2).
    pub(crate) fn unknown(kind: &str) -> Self {
        Self::new(Code::InvalidId, format!("{kind} unknown"))
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let what = refusal.detail.clone();
        match Error::Refused(refusal).told() {
            Told::Code(code) => Self { code, what },
            // The table has a code for every refusal.
            Told::Status(_) => Self { code: Code::NotDeployed, what },
        }
    }
}

/// What became of a request.
pub(crate) fn overall(request_id: &str, result: Result<(), &Fault>) -> EiResponse {
    response(RefID::of(request_id), result.map(|()| None))
}

/// What became of one thing, with words of praise if there are any.
pub(crate) fn item(reference: RefID, result: Result<Option<String>, &Fault>) -> EiResponse {
    response(reference, result)
}

/// The overall result of many.
pub(crate) fn summary<'a>(items: impl Iterator<Item = Option<&'a Fault>>) -> Result<(), &'a Fault> {
    let mut first = None;
    for fault in items {
        match fault {
            None => return Ok(()),
            Some(fault) => first = first.or(Some(fault)),
        }
    }
    first.map_or(Ok(()), Err)
}

/// Responses, if there are any.
pub(crate) fn list(response: Vec<EiResponse>) -> Option<ArrayofResponses> {
    (!response.is_empty()).then_some(ArrayofResponses { response })
}

fn response(reference: RefID, result: Result<Option<String>, &Fault>) -> EiResponse {
    match result {
        Ok(None) => EiResponse::ok(reference),
        Ok(Some(words)) => EiResponse::error(Code::Ok, words, reference),
        Err(fault) => EiResponse::error(fault.code, fault.what.as_str(), reference),
    }
}
