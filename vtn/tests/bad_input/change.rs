//! Changes of a document, made from its elements.

use roxmltree::{Document, Node};

/// A document that is not as it should be.
pub struct Change {
    /// The element that was changed: its names from the payload's first child on.
    pub place: String,
    /// How, in one word of `answers.txt`.
    pub way: &'static str,
    /// The document.
    pub text: String,
}

/// Every change of every element of the payload. Of several elements of one place the first
/// stands for all.
pub fn all(document: &str) -> Vec<Change> {
    let tree = Document::parse(document).unwrap();
    let payload = payload(&tree);
    let mut changes: Vec<Change> = Vec::new();
    for element in payload.descendants().filter(Node::is_element) {
        let place = place(element, payload);
        if changes.iter().any(|change| change.place == place) {
            continue;
        }
        let made = of_element(document, element, element == payload);
        changes.extend(made.into_iter().map(|(way, text)| Change {
            place: place.clone(),
            way,
            text,
        }));
    }
    changes
}

fn of_element(
    document: &str,
    element: Node<'_, '_>,
    is_payload: bool,
) -> Vec<(&'static str, String)> {
    let mut changes = Vec::new();
    let (own, range) = (&document[element.range()], element.range());
    let put = |range: std::ops::Range<usize>, text: &str| {
        format!("{}{text}{}", &document[..range.start], &document[range.end..])
    };
    let parts = element.children().any(|child| child.is_element());
    if parts || is_payload {
        let open = range.start + own.find('>').unwrap() + 1;
        let close = range.start + own.rfind("</").unwrap_or(own.len());
        changes.push(("with-stranger", put(open..open, "<stranger/>")));
        changes.push(("with-stranger", put(close..close, "<ei:stranger>A</ei:stranger>")));
        changes.push(("with-text", put(open..open, "text")));
    }
    if is_payload {
        return changes;
    }
    changes.push(("absent", put(range.clone(), "")));
    changes.push(("twice", put(range.end..range.end, own)));
    if let Some(next) =
        element.next_sibling_element().filter(|next| next.tag_name() != element.tag_name())
    {
        let swapped = format!("{}{own}", &document[next.range()]);
        changes.push(("swapped", put(range.start..next.range().end, &swapped)));
    }
    let parent = element.parent_element().unwrap().range();
    let raised = format!(
        "{}{own}",
        put(range.clone(), "").get(parent.start..parent.end - own.len()).unwrap()
    );
    changes.push(("misplaced", put(parent, &raised)));
    if !parts {
        changes.extend(of_value(document, element));
    }
    changes
}

fn of_value(document: &str, leaf: Node<'_, '_>) -> Vec<(&'static str, String)> {
    let own = &document[leaf.range()];
    let name = own[1..].split([' ', '/', '>']).next().unwrap();
    let attributes = own[1 + name.len()..].split(['/', '>']).next().unwrap();
    let put = |value: &str| {
        let element = format!("<{name}{attributes}>{value}</{name}>");
        format!("{}{element}{}", &document[..leaf.range().start], &document[leaf.range().end..])
    };
    let mut changes = vec![
        ("other", put("no such value")),
        ("empty", put("")),
        ("long", put(&"x".repeat(1000))),
        ("huge", put(&"9".repeat(40))),
    ];
    match leaf.tag_name().name() {
        // Another party's; the own one in other letters (rule 512).
        "venID" | "partyID" | "requestorPartyID" => {
            changes.extend([("foreign", put("B")), ("foreign", put("a"))])
        }
        // An older version of the event, and one that never was.
        "modificationNumber" => changes.extend([("stale", put("0")), ("stale", put("2"))]),
        _ => {}
    }
    changes
}

/// The payload, in its envelope or by itself.
fn payload<'a, 'i>(tree: &'a Document<'i>) -> Node<'a, 'i> {
    let root = tree.root_element();
    if root.tag_name().name() != "oadrPayload" {
        return root;
    }
    root.first_element_child().unwrap().first_element_child().unwrap()
}

fn place(element: Node<'_, '_>, payload: Node<'_, '_>) -> String {
    let up = element.ancestors().take_while(|node| *node != payload);
    let mut names: Vec<_> = up.map(|node| node.tag_name().name()).collect();
    names.reverse();
    names.join("/")
}
