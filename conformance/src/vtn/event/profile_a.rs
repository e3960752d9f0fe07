//! The face to 2.0a VENs, beside 2.0b. OpenADR 2.0b Profile, rules 7, 9, 69, 113, 506.
//!
//! 2.0a has EiEvent alone and no registration: the operator has preset the venID.

use roxmltree::{Document, Node};

use super::seen;
use crate::hook::{Event, Signal};
use crate::say::NS_2B;
use crate::stage::Stage;
use crate::verdict::{Ended, Stop, inconclusive};
use crate::vtn::play::plain_body;
use crate::vtn::{Party, Reply, VtnPlay};

pub(super) async fn profile_a(play: &mut VtnPlay) -> Ended {
    let id = play.unique("ven-a");
    let mut ven = match play.preset(&id).await {
        Ok(ven) => ven,
        Err(skip) => {
            return Err(is_there(play, &request(&id, "first")).await.err().unwrap_or(skip));
        }
    };
    let text = served(play, &mut ven, &request(&id, "first")).await?;
    let tree = read(play, &text)?;
    root(play, &tree, "oadrDistributeEvent")?;
    let mut modern = play.registered().await?;
    let known = create(play, &id).await?;
    let beside = play.create_event(&Event::simple(&modern.id(), play.in_s(3600), 600)).await?;
    let list = seen::poll_with(play, &mut modern, &beside).await?;
    seen::acknowledge(play, &mut modern, &list).await?;
    let text = served(play, &mut ven, &request(&id, "second")).await?;
    let tree = read(play, &text)?;
    let list = root(play, &tree, "oadrDistributeEvent")?;
    let events: Vec<_> = all(list, "oadrEvent").collect();
    let found: Vec<_> = events.iter().map(|event| value(*event, "eventID")).collect();
    play.check(
        &["50", "506"],
        "the event for the 2.0a VEN is listed",
        found.contains(&known.as_str()),
        &found,
    );
    let what = "the event for the 2.0b VEN is not listed";
    play.check(&["506"], what, !found.contains(&beside.as_str()), &found);
    for event in events {
        one_simple_signal(play, event);
    }
    let odd = foreign(list);
    let what = "nothing is sent that 2.0a does not have";
    play.check(&["506"], what, odd.is_empty(), odd);
    let number = value_of(list, &known);
    let answer = created(&id, (&known, &number), value(list, "requestID"));
    let text = served(play, &mut ven, &answer).await?;
    let tree = read(play, &text)?;
    let response = root(play, &tree, "oadrResponse")?;
    let odd = foreign(response);
    play.check(
        &["506"],
        "the oadrResponse has nothing that 2.0a does not have",
        odd.is_empty(),
        odd,
    );
    let code = value(response, "responseCode");
    play.equal(&["506"], "the answer of a 2.0a VEN is taken", (code, "200"));
    Ok(())
}

/// A SIMPLE event that was changed once, where the operator can change events; and one of more
/// signals and narrower targets than 2.0a has, where the operator may give it to a 2.0a VEN.
async fn create(play: &mut VtnPlay, ven_id: &str) -> Result<String, Stop> {
    let event = Event::simple(ven_id, play.in_s(3600), 600);
    let id = play.create_event(&event).await?;
    match play.hook().modify_event(&id, &event.clone().values(&[(300, 1), (300, 2)])).await {
        Ok(_) | Err(Stop::Skip(_)) => {}
        Err(trouble) => return Err(trouble),
    }
    let price = Signal::new("ELECTRICITY_PRICE", "price", Some("EUR/kWh"), &[(600, 1)]);
    let device_classes = vec!["Thermostat".to_owned()];
    let signals = vec![Signal::simple(&[(600, 2)]), Signal { device_classes, ..price }];
    match play.hook().create_event(&Event { signals, ..event }).await {
        Ok(_) | Err(Stop::Skip(_)) => Ok(id),
        Err(trouble) => Err(trouble),
    }
}

/// Without an operator nothing is said but whether anybody is there: a stranger may be refused.
async fn is_there(play: &mut VtnPlay, text: &str) -> Ended {
    let mut ven = play.stranger()?;
    let reply = posted(play, &mut ven, text).await?;
    let what = "there is an EiEvent of 2.0a beside 2.0b";
    play.require(&["506"], what, reply.status != 404, format_args!("HTTP {}", reply.status))
}

/// Posts a document of 2.0a; the text of what comes.
async fn served(play: &mut VtnPlay, ven: &mut Party, text: &str) -> Result<String, Stop> {
    let reply = posted(play, ven, text).await?;
    let what = "EiEvent of 2.0a is served beside 2.0b";
    play.require(&["506"], what, reply.status == 200, format_args!("HTTP {}", reply.status))?;
    Ok(String::from_utf8_lossy(&plain_body(&reply.http)).into_owned())
}

async fn posted(play: &mut VtnPlay, ven: &mut Party, text: &str) -> Result<Reply, Stop> {
    let path = format!("{}OpenADR2/Simple/EiEvent", play.address.prefix);
    let request = ven.caller.post(&path, text.as_bytes().to_vec());
    match play.call(ven, request).await {
        Ok(reply) => Ok(reply),
        Err(error) => inconclusive(format!("{} to {path}: {error}", ven.name)),
    }
}

fn read<'a>(stage: &mut Stage, text: &'a str) -> Result<Document<'a>, Stop> {
    match Document::parse(text) {
        Ok(tree) => Ok(tree),
        Err(error) => stage.fail(&["506"], "the answer is XML", error.to_string()),
    }
}

/// Rule 506: the payload is the root, of 2.0a, and says no schemaVersion.
fn root<'a>(
    stage: &mut Stage,
    tree: &'a Document<'a>,
    payload: &str,
) -> Result<Node<'a, 'a>, Stop> {
    let root = tree.root_element();
    let named = (root.tag_name().namespace(), root.tag_name().name());
    let what = format!("the answer is {payload} of 2.0a, without envelope");
    stage.require(&["506"], what, named == (Some(NS_2A), payload), named)?;
    let nodes = tree.descendants();
    let version = nodes.flat_map(|node| node.attributes()).find(|a| a.name() == "schemaVersion");
    let what = "the answer to a 2.0a VEN has no schemaVersion";
    stage.check(&["506"], what, version.is_none(), version.map(|found| found.value()));
    Ok(root)
}

/// Rules 7, 9, 69, 113. What kind of level it is (signalType) is left to the VTN.
fn one_simple_signal(stage: &mut Stage, event: Node<'_, '_>) {
    let signals: Vec<_> = all(event, "eiEventSignal").collect();
    let names: Vec<_> = signals.iter().map(|signal| value(*signal, "signalName")).collect();
    let what = "an event for a 2.0a VEN has one signal, SIMPLE";
    let simple = matches!(names[..], ["SIMPLE" | "simple"]);
    stage.check(&["7", "69"], what, simple, &names);
    for signal in signals {
        let current = all(signal, "currentValue").map(|node| value(node, "value")).next();
        let what = "a 2.0a VEN gets currentValue";
        stage.check(&["113"], what, current.is_some(), "it is missing");
        let values: Vec<_> =
            all(signal, "signalPayload").map(|node| value(node, "value")).collect();
        let level = |text: &&str| text.parse().is_ok_and(|value: f64| LEVELS.contains(&value));
        let right = !values.is_empty() && values.iter().all(level);
        stage.check(&["9"], "SIMPLE is 0, 1, 2 or 3 for a 2.0a VEN too", right, &values);
    }
}

/// Elements that 2.0a has no place for, each named with its parent.
fn foreign(payload: Node<'_, '_>) -> Vec<String> {
    let elements = payload.descendants().filter(|node| node.is_element());
    let odd = elements.filter(|node| {
        let name = node.tag_name().name();
        let parent = node.parent_element().map(|parent| parent.tag_name().name());
        let place = PLACES.iter().find(|(of, _)| parent.is_some_and(|parent| parent == *of));
        let misplaced = place.is_some_and(|(_, may)| !may.contains(&name));
        misplaced || node.tag_name().namespace() == Some(NS_2B)
    });
    let told = odd.map(|node| {
        let parent = node.parent_element().map_or("", |parent| parent.tag_name().name());
        format!("{parent}/{}", node.tag_name().name())
    });
    told.collect()
}

fn all<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.descendants().filter(move |one| one.tag_name().name() == name)
}

/// The text of the first element of this name; empty if there is none. A payload's own requestID
/// stands behind that of its eiResponse.
fn value<'a>(node: Node<'a, 'a>, name: &'static str) -> &'a str {
    let own = node.children().find(|child| child.tag_name().name() == name);
    own.or_else(|| all(node, name).next()).and_then(|found| found.text()).unwrap_or_default().trim()
}

/// The modificationNumber of an event.
fn value_of(list: Node<'_, '_>, id: &str) -> String {
    let mut descriptors = all(list, "eventDescriptor");
    let found = descriptors.find(|one| value(*one, "eventID") == id);
    found.map_or("0", |one| value(one, "modificationNumber")).to_owned()
}

fn request(ven_id: &str, request_id: &str) -> String {
    document(
        "oadrRequestEvent",
        &format!(
            "<pyld:eiRequestEvent><pyld:requestID>{request_id}</pyld:requestID>\
             <ei:venID>{ven_id}</ei:venID></pyld:eiRequestEvent>"
        ),
    )
}

fn created(ven_id: &str, (event, number): (&str, &str), request_id: &str) -> String {
    document(
        "oadrCreatedEvent",
        &format!(
            "<pyld:eiCreatedEvent><ei:eiResponse><ei:responseCode>200</ei:responseCode>\
             <pyld:requestID/></ei:eiResponse><ei:eventResponses><ei:eventResponse>\
             <ei:responseCode>200</ei:responseCode><pyld:requestID>{request_id}</pyld:requestID>\
             <ei:qualifiedEventID><ei:eventID>{event}</ei:eventID>\
             <ei:modificationNumber>{number}</ei:modificationNumber></ei:qualifiedEventID>\
             <ei:optType>optIn</ei:optType></ei:eventResponse></ei:eventResponses>\
             <ei:venID>{ven_id}</ei:venID></pyld:eiCreatedEvent>"
        ),
    )
}

fn document(payload: &str, content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<oadr:{payload} xmlns:oadr=\"{NS_2A}\" \
         xmlns:ei=\"http://docs.oasis-open.org/ns/energyinterop/201110\" \
         xmlns:pyld=\"http://docs.oasis-open.org/ns/energyinterop/201110/payloads\">\
         {content}</oadr:{payload}>"
    )
}

const NS_2A: &str = "http://openadr.org/oadr-2.0a/2012/07";

const LEVELS: [f64; 4] = [0.0, 1.0, 2.0, 3.0];

/// What may stand where in EiEvent of 2.0a, as far as 2.0b has more.
const PLACES: [(&str, &[&str]); 8] = [
    ("oadrDistributeEvent", &["eiResponse", "requestID", "vtnID", "oadrEvent"]),
    ("oadrResponse", &["eiResponse"]),
    (
        "eventDescriptor",
        &[
            "eventID",
            "modificationNumber",
            "priority",
            "eiMarketContext",
            "createdDateTime",
            "eventStatus",
            "testEvent",
            "vtnComment",
        ],
    ),
    ("eiEventSignals", &["eiEventSignal"]),
    ("eiEventSignal", &["intervals", "signalName", "signalType", "signalID", "currentValue"]),
    ("interval", &["duration", "uid", "signalPayload"]),
    ("eiTarget", &["groupID", "resourceID", "venID", "partyID"]),
    ("signalPayload", &["payloadFloat"]),
];
