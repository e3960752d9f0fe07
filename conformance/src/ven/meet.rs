//! What meets a request to the kit's VTN: the scenario's script, a whim, or the usual answer.

use std::time::Duration;

use jiff::Timestamp;
use oadr_schemas::openadr::oadr::OadrRequestReregistration;
use oadr_schemas::openadr::{self, Message};

use super::answer;
use super::event_site::answer_of_2a;
use super::top::{Heard, PREFIX, Scene, Scripted, State};
use crate::base::Sighting;
use crate::record::Packet;
use crate::say;
use crate::scenario::Role;
use crate::sign::{Seal, Signer};
use crate::wire::http;
use crate::wire::server::Reaction;

/// Signs an answer that has a payload.
pub(super) async fn sign(signer: &Signer, answer: &mut http::Message, now: Timestamp) {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    // What is no envelope has nothing to sign; what xmlsec1 does not sign goes out unsigned, and
    // the VEN will not take it.
    if let Ok(signed) = signer.sign(&text, &Seal::at(now)).await {
        *answer = document(signed);
    }
}

/// The reaction, and the answer to write down, if it is one.
pub(super) fn respond(
    state: &mut State,
    scene: &Scene,
    request: &http::Message,
) -> (Reaction, Option<http::Message>) {
    if state.offline {
        state.polled = None;
        return (Reaction::HangUp, None);
    }
    let answer = |message: http::Message| (Reaction::Answer(message.clone()), Some(message));
    let Some((method, path)) = request.target() else { return answer(status(406, None)) };
    let service =
        path.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix("OpenADR2/Simple/2.0b/"));
    let at = scene.pace.now();
    let Some(service) = service.filter(|_| method == "POST") else {
        state.heard.push_back(not_ours(scene, request, path));
        if method != "POST" {
            return answer(status(501, None));
        }
        answer::refresh(&mut state.events, at);
        return match answer_of_2a(path, &request.body, &state.events) {
            Some(text) => answer(document(text)),
            None => answer(status(404, None)),
        };
    };
    let message = scene.sightings.look(Role::Ven, &request.body);
    let name = say::name_of(&request.body);
    let (service, http) = (service.to_owned(), request.clone());
    state.heard.push_back(Heard { at, service, http, message: message.clone() });
    let script = scripted(state, &name).or_else(|| scripted(state, ""));
    let script = script.or_else(|| whim(state, &name));
    if script.is_some() {
        state.polled = None;
    }
    if let Ok(message) = &message {
        look_at_id(state, scene, message);
    }
    react(state, scene, script, (message, at))
}

/// Rule 508 wants a valid venID: another than the registered one is noticed.
fn look_at_id(state: &State, scene: &Scene, message: &Message) {
    let (Some(ven), Some(id)) = (&state.ven, message.ven_id()) else { return };
    if id != ven.ven_id && !matches!(message, Message::OadrCreatePartyRegistration(_)) {
        let what = format!("{} with the venID {id:?} of {:?}", message.name(), ven.ven_id);
        scene.sightings.note(Sighting { rule: "508", what });
    }
}

/// What meets a message, and the answer to write down, if there is one.
fn react(
    state: &mut State,
    scene: &Scene,
    script: Option<Scripted>,
    (message, at): (Result<Message, String>, Timestamp),
) -> (Reaction, Option<http::Message>) {
    let answer = |message: http::Message| (Reaction::Answer(message.clone()), Some(message));
    match script {
        Some(Scripted::HangUp) => (Reaction::HangUp, None),
        Some(Scripted::Status(code, after)) => answer(status(code, after)),
        Some(Scripted::Text(text)) => {
            state.as_is = true;
            answer(document(text))
        }
        script => {
            let Ok(message) = message else { return answer(status(406, None)) };
            if let Message::OadrPoll(_) = &message {
                notice_pace(state, scene, at);
            }
            let reply = answer::usual(state, &message, at);
            let reply = document(openadr::encode(reply, None));
            match script {
                Some(Scripted::Slowly(pause)) => {
                    (Reaction::Slowly(reply.clone(), pause), Some(reply))
                }
                Some(Scripted::Lost) => (Reaction::HangUp, None),
                _ => answer(reply),
            }
        }
    }
}

/// How late a poll is, where time passes by itself: what polls bring takes as much longer.
fn notice_pace(state: &mut State, scene: &Scene, at: Timestamp) {
    let before = state.polled.replace(at);
    let Some(before) = before.filter(|_| !scene.pace.is_steered()) else { return };
    let gap = u32::try_from(at.duration_since(before).as_secs()).unwrap_or(0).min(SLOWEST_S);
    // A second or so is jitter.
    let late = gap.saturating_sub(state.poll_s + 1);
    state.late_s = state.late_s.max(late);
}

/// What was posted to no service of 2.0b: kept unread, such as a message of 2.0a.
fn not_ours(scene: &Scene, request: &http::Message, path: &str) -> Heard {
    let message = Err(format!("posted to {path}"));
    Heard { at: scene.pace.now(), service: path.to_owned(), http: request.clone(), message }
}

fn scripted(state: &mut State, name: &str) -> Option<Scripted> {
    let at = state.scripted.iter().position(|(wanted, _)| *wanted == name)?;
    state.scripted.remove(at).map(|(_, script)| script)
}

/// What goes wrong on purpose with a request of this payload.
fn whim(state: &mut State, name: &str) -> Option<Scripted> {
    let chaos = state.chaos.as_mut()?;
    let whims = chaos.whims();
    if let Some(after) = whims.busy {
        return Some(Scripted::Status(503, Some(after)));
    }
    if name == "oadrPoll" {
        if let Some(front) = state.queue.front().cloned()
            && chaos.doubles(whims)
        {
            state.queue.push_front(front);
        }
        if let Some(ven) = &state.ven
            && chaos.asks_again(whims)
        {
            let (schema_version, ven_id) = (None, ven.ven_id.clone());
            state.queue.push_front(OadrRequestReregistration { schema_version, ven_id }.into());
        }
    }
    match (whims.lost, whims.slow) {
        (true, _) => Some(Scripted::Lost),
        (_, true) => Some(Scripted::Slowly(SLOW)),
        _ => None,
    }
}

fn document(text: String) -> http::Message {
    http::Message::new("HTTP/1.1 200 OK")
        .header("Content-Type", "application/xml")
        .with_body(text.into_bytes())
}

fn status(code: u16, retry_after: Option<u32>) -> http::Message {
    let answer = http::Message::new(format!("HTTP/1.1 {code} -"));
    let answer = match retry_after {
        Some(seconds) => answer.header("Retry-After", seconds.to_string()),
        None => answer,
    };
    answer.with_body(Vec::new())
}

pub(super) fn packet(message: &http::Message) -> Packet {
    let body = String::from_utf8_lossy(&message.body).into_owned();
    Packet { start: message.start.clone(), headers: message.headers.clone(), body }
}

/// A VEN that polls more rarely than this, seconds, is not waited for.
const SLOWEST_S: u32 = 60;
/// Between two bytes of a slow answer.
const SLOW: Duration = Duration::from_millis(2);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chaos::Chaos;
    use crate::ven::top::Registered;

    fn troubled(text: &str) -> State {
        State { chaos: Chaos::parse(text, 1).ok(), ..State::default() }
    }

    fn registered(state: State) -> State {
        let (ven_id, registration_id) = ("v".to_owned(), "r".to_owned());
        let (pull, address, signs) = (true, None, false);
        State { ven: Some(Registered { ven_id, registration_id, pull, address, signs }), ..state }
    }

    #[test]
    fn without_chaos_nothing_goes_wrong() {
        assert!(whim(&mut State::default(), "oadrPoll").is_none());
    }

    #[test]
    fn busy_lost_and_slow_meet_every_request() {
        let met = |text| whim(&mut troubled(text), "oadrCreatedEvent");
        assert!(matches!(met("busy=1"), Some(Scripted::Status(503, Some(1..)))));
        assert!(matches!(met("lost=1"), Some(Scripted::Lost)));
        assert!(matches!(met("slow=1"), Some(Scripted::Slowly(_))));
    }

    #[test]
    fn a_payload_is_brought_twice_and_no_more() {
        let mut state = troubled("twice=1");
        state.queue.push_back(crate::say::report::cancel("c", None, &[], false).into());
        for left in [2, 1] {
            whim(&mut state, "oadrPoll");
            assert_eq!(state.queue.len(), left);
            state.queue.pop_front();
        }
        assert!(state.queue.is_empty());
    }

    #[test]
    fn only_a_registered_ven_is_asked_to_register_again() {
        let asked = |mut state: State| {
            whim(&mut state, "oadrPoll");
            matches!(state.queue.front(), Some(Message::OadrRequestReregistration(_)))
        };
        assert!(!asked(troubled("reregister=1")));
        assert!(asked(registered(troubled("reregister=1"))));
    }
}
