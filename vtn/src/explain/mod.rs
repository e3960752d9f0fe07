//! Why a VEN did or did not get, see, answer or follow an event, in plain words. OpenADR 2.0b
//! Profile, EiRegisterParty, EiEvent, EiOpt, EiReport and OadrPoll, seen from the end.
//!
//! Facts are gathered by [`control`](crate::control); here a pure function reads them from the
//! beginning of the chain to its end, and says at each link what holds and what does not.
//!
//! | file | links |
//! |---|---|
//! | `party` | known? barred? its certificate, registration, polls, clock |
//! | `event` | there? for this VEN? when, how important, of what signals |
//! | `delivery` | waits, sent, given up |
//! | `answer` | in, out, by which message; refused |
//! | `telemetry` | what was measured meanwhile |
//! | `trouble` | other messages that were not taken |
//! | `cause`, `finding` | the words |

mod answer;
mod cause;
mod delivery;
mod event;
mod facts;
mod finding;
mod party;
mod telemetry;
mod trouble;

pub use cause::{Cause, Weight};
pub(crate) use facts::{Asked, EventFacts, Facts, Telemetry};
pub use finding::{Explanation, Finding};

/// Reads the facts.
pub(crate) fn explain(facts: &Facts<'_>) -> Explanation {
    let mut findings = party::findings(facts);
    if let Some(party) = &facts.party {
        match &facts.event {
            Asked::Nothing => {}
            Asked::Unknown(id) => findings.push(event::unknown(id)),
            Asked::Event(about) => {
                let targeted = event::findings(party, about, facts, &mut findings);
                if targeted {
                    findings.extend(delivery::findings(about, facts));
                    findings.extend(answer::findings(about, facts));
                    findings.extend(telemetry::findings(about, facts));
                }
            }
        }
        findings.extend(trouble::findings(facts));
    }
    let event = match &facts.event {
        Asked::Nothing => None,
        Asked::Unknown(id) => Some(id.clone()),
        Asked::Event(about) => Some(about.event.id.clone()),
    };
    let verdict = finding::verdict(facts, &findings);
    Explanation { ven: facts.ven.clone(), event, at: facts.now, verdict, findings }
}
