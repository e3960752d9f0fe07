//! A VEN set to 2.0a, and the VTN of 2.0a it speaks with: EiEvent only, asked for time and again.
//! OpenADR 2.0b Profile, rules 64, 506; the schemas of 2.0a.

use std::collections::BTreeSet;

use oadr_schemas::openadr::ei::{EiResponse, SignalName};
use oadr_schemas::openadr::oadr::{OadrEvent, OadrResponse};
use oadr_schemas::xml;

use crate::hook::VenSettings;
use crate::say;
use crate::say::event;
use crate::ven::{Heard, PREFIX, VenPlay, answer};
use crate::verdict::Ended;

/// The answer of a VTN of 2.0a to a document posted to `path`; none if it has no business there.
/// Its payloads have no envelope and no schemaVersion, and differ from those of 2.0b in their
/// namespace; its events have SIMPLE for their only signal (rule 7).
pub fn answer(path: &str, body: &[u8], events: &[OadrEvent]) -> Option<String> {
    if path.strip_prefix(PREFIX) != Some(PATH) {
        return None;
    }
    let text = match say::name_of(body).as_str() {
        "oadrRequestEvent" => {
            let response = EiResponse::ok(text_of(body, "requestID"));
            let events = events.iter().filter(|event| is_simple(event)).cloned().collect();
            xml::encode(&answer::distribute(Some(response), "list-a", events))
        }
        "oadrCreatedEvent" => xml::encode(&OadrResponse::ok("")),
        _ => return None,
    };
    Some(text.replace(say::NS_2B, NS_2A))
}

fn is_simple(event: &OadrEvent) -> bool {
    let signals = &event.ei_event.ei_event_signals.ei_event_signal;
    matches!(signals.as_slice(), [one] if one.signal_name == SignalName::Simple)
}

pub async fn plays(play: &mut VenPlay) -> Ended {
    let start = play.in_s(3600);
    let ids = [play.unique("event"), play.unique("event")];
    let mut events = ids.clone().map(|id| event::simple(&id, start, 60)).to_vec();
    // 2.0a wants currentValue (rule 113), which comes with this.
    answer::refresh(&mut events, play.now());
    play.top.state().events = events;
    let settings = VenSettings { profile: Some("2.0a".to_owned()), ..VenSettings::default() };
    let (hook, url) = (play.hook(), play.url.clone());
    // There is no registration to get a venID from.
    hook.start((&url, "pull"), true, Some("Kit-VEN-A"), &settings).await?;
    let heard = hear_two_requests(play).await?;
    let asks = heard.iter().any(|one| name(one) == "oadrRequestEvent");
    let said: Vec<_> =
        heard.iter().map(|one| format!("{} to {}", name(one), one.service)).collect();
    play.require(&["506"], "the VEN asks for its events", asks, &said)?;
    forms(play, &heard, &said);
    answers(play, &heard, &ids);
    Ok(())
}

/// All that was heard until events were asked for a second time.
async fn hear_two_requests(play: &mut VenPlay) -> Result<Vec<Heard>, crate::verdict::Stop> {
    for _ in 0..PATIENCE_S {
        let heard: Vec<_> = play.top.state().heard.iter().cloned().collect();
        let requests = heard.iter().filter(|one| name(one) == "oadrRequestEvent").count();
        if requests > 1 {
            return Ok(heard);
        }
        play.pass(1).await?;
    }
    Ok(play.top.state().heard.iter().cloned().collect())
}

/// Address, namespace and what a document of 2.0a has no room for.
fn forms(play: &mut VenPlay, heard: &[Heard], said: &[String]) {
    let there = heard.iter().all(|one| one.service.strip_prefix(PREFIX) == Some(PATH));
    let what = "everything is posted to EiEvent of 2.0a";
    play.check(&["506"], what, there, said);
    let polls = heard.iter().any(|one| name(one) == "oadrPoll");
    play.check(&["506"], "there is no oadrPoll", !polls, said);
    let texts: Vec<_> = heard.iter().map(|one| String::from_utf8_lossy(&one.http.body)).collect();
    let trees: Vec<_> = texts.iter().map(|text| roxmltree::Document::parse(text)).collect();
    let trees: Vec<_> = trees.iter().flatten().collect();
    let spaces = trees.iter().map(|tree| tree.root_element().tag_name().namespace());
    let of_a = spaces.filter(|space| *space == Some(NS_2A)).count();
    let all = of_a == texts.len();
    play.check(&["506"], "every document is of the namespace of 2.0a", all, &texts);
    let mut nodes = trees.iter().flat_map(|tree| tree.descendants());
    let versioned = nodes.any(|node| node.attributes().any(|one| one.name() == "schemaVersion"));
    play.check(&["506"], "no document has a schemaVersion", !versioned, &texts);
    let named = trees.iter().any(|tree| {
        let root = tree.root_element();
        root.tag_name().name() == "oadrResponse"
            && root.descendants().any(|node| node.tag_name().name() == "venID")
    });
    play.check(&["506"], "no oadrResponse has a venID", !named, &texts);
}

/// Rule 64: both events are answered before they are asked for again.
fn answers(play: &mut VenPlay, heard: &[Heard], ids: &[String; 2]) {
    let mut requests = 0;
    let mut answered = BTreeSet::new();
    for one in heard {
        match name(one).as_str() {
            "oadrRequestEvent" => requests += 1,
            "oadrCreatedEvent" if requests == 1 => {
                let text = String::from_utf8_lossy(&one.http.body);
                answered.extend(ids.iter().filter(|id| text.contains(&format!(">{id}<"))));
            }
            _ => {}
        }
    }
    let what = "both events are answered before they are asked for again";
    play.check(&["64"], what, answered.len() == ids.len(), &answered);
}

fn name(heard: &Heard) -> String {
    say::name_of(&heard.http.body)
}

fn text_of(body: &[u8], element: &str) -> String {
    let text = String::from_utf8_lossy(body);
    let Ok(tree) = roxmltree::Document::parse(&text) else { return String::new() };
    let found = tree.descendants().find(|node| node.tag_name().name() == element);
    found.and_then(|node| node.text()).unwrap_or_default().to_owned()
}

const NS_2A: &str = "http://openadr.org/oadr-2.0a/2012/07";
/// Rule 511's path without the version.
const PATH: &str = "OpenADR2/Simple/EiEvent";
/// How long a second request is waited for. A VEN that asks more rarely is judged by the first.
const PATIENCE_S: u32 = 120;
