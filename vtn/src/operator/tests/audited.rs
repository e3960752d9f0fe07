//! What operators do is in the audit log, before it is done and before it is answered.

use oadr_certs::tls::TimeSource;

use super::*;
use crate::audit::{Digest, Entry, Exchange, Line, Note, Operation, verify};

impl House {
    /// The operators' lines that are on the disk.
    fn operations(&self) -> Vec<(u64, Operation)> {
        let operations = lines(&self.audit()).into_iter().filter_map(|line| match line.entry {
            Entry::Operator(operation) => Some((line.seq, operation)),
            _ => None,
        });
        operations.collect()
    }

    /// The same once there are so many: looks are written a moment after their answer.
    async fn some_operations(&self, count: usize) -> Vec<(u64, Operation)> {
        for _ in 0..100 {
            let found = self.operations();
            if found.len() >= count {
                return found;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("not {count} lines: {:?}", self.operations());
    }

    fn audit(&self) -> std::path::PathBuf {
        self.dir.path().join("store/audit")
    }
}

/// The lines of a log.
fn lines(dir: &Path) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for file in std::fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|end| end == "jsonl") {
            let text = std::fs::read_to_string(path).unwrap();
            lines.extend(text.lines().map(|line| serde_json::from_str(line).unwrap()));
        }
    }
    lines.sort_by_key(|line| line.seq);
    lines
}

#[tokio::test]
async fn a_change_is_on_record_before_it_is_answered() {
    let house = House::open(Trust::Operators).await;
    let body = draft("e");
    let call = Call::new(Method::POST, &["events"]).body(body.clone());
    house.call("operator", call).await.unwrap();
    let found = house.operations();
    let [(seq, begun), (_, outcome)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((begun.status, begun.begun), (None, None));
    assert_eq!((outcome.status, outcome.begun), (Some(200), Some(*seq)));
    for line in [begun, outcome] {
        assert_eq!(line.operator.as_deref(), Some("operator"));
        assert_eq!((line.method.as_str(), line.path.as_str()), ("POST", "/api/v1/events"));
        assert_eq!(line.digest, Some(Digest::of(body.to_string().as_bytes())));
        assert_eq!(line.address, std::net::IpAddr::from([127, 0, 0, 1]));
    }
    // The same of a change that the VTN refuses: the intention, and how it went.
    house.refused(Call::new(Method::DELETE, &["vens", "nobody"]).ask("reason", "hushed")).await;
    let found = house.operations();
    let [.., (seq, begun), (_, outcome)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((begun.method.as_str(), begun.path.as_str()), ("DELETE", "/api/v1/vens/nobody"));
    assert_eq!((outcome.status, outcome.begun), (Some(404), Some(*seq)));
    assert!(verify(&house.audit(), None).unwrap().is_sound());
}

#[tokio::test]
async fn looks_and_refusals_are_noted_and_no_payload_is() {
    let house = House::open(Trust::All).await;
    house.call("viewer", Call::new(Method::GET, &["events"]).ask("after", "seen")).await.unwrap();
    let wants = json!({ "dir": "/somewhere/private" });
    let call = Call::new(Method::POST, &["backup"]).body(wants);
    assert_eq!(refusal(house.call("viewer", call).await).code, "role");
    save(&house.ca.issue(For::Ven, "ven-1", KeyKind::Ecc, &[]).unwrap(), house.dir.path(), "ven-1");
    let call = Call::new(Method::GET, &["status"]);
    assert_eq!(refusal(house.call("ven-1", call).await).code, "not_an_operator");
    let found = house.some_operations(3).await;
    let told: Vec<_> = found.iter().map(|(_, one)| (one.operator.as_deref(), one.status)).collect();
    assert_eq!(told, [(Some("viewer"), Some(200)), (Some("viewer"), Some(403)), (None, Some(403))]);
    assert!(found.iter().all(|(_, one)| one.begun.is_none()));
    for file in std::fs::read_dir(house.audit()).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("private") && !text.contains("seen"), "{text}");
    }
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_done() {
    let house = House::with(Trust::Operators, |config| config.audit.segment_bytes = 64 << 10).await;
    let away = house.dir.path().join("away");
    std::fs::rename(house.audit(), &away).unwrap();
    // The segment there is takes some lines yet; there is no place for another.
    let path = "x".repeat(250);
    let fill = || house.refused(Call::new(Method::DELETE, &["vens", &path]));
    let mut tries = 0;
    while fill().await.status == 404 {
        tries += 1;
        assert!(tries < 200, "never full");
    }
    let create = || Call::new(Method::POST, &["events"]).body(draft("e"));
    let problem = house.refused(create()).await;
    assert_eq!((problem.status, problem.code.as_str()), (503, "unavailable"));
    assert!(problem.message.contains("nothing was done"), "{}", problem.message);
    // Looks go on.
    assert_eq!(house.refused(Call::new(Method::GET, &["events", "e"])).await.status, 404);
    std::fs::rename(&away, house.audit()).unwrap();
    assert_eq!(house.admin(create()).await["id"], "e");
    let verdict = verify(&house.audit(), None).unwrap();
    assert!(verdict.is_sound() && verdict.lost > 0, "{verdict:?}");
}

#[tokio::test]
async fn an_administrator_reads_the_log_in_pages() {
    let house = House::open(Trust::Operators).await;
    let empty = house.admin(Call::new(Method::GET, &["audit"]).ask("operator", "operator")).await;
    assert_eq!(empty, json!({ "items": [], "next": null }));
    for id in ["a", "b"] {
        house.call("operator", Call::new(Method::POST, &["events"]).body(draft(id))).await.unwrap();
    }
    let ask = |after: &str| {
        let call = Call::new(Method::GET, &["audit"]).ask("operator", "operator");
        call.ask("limit", "3").ask("after", after)
    };
    let first = house.admin(ask("0")).await;
    let second = house.admin(ask(first["next"].as_str().unwrap())).await;
    let items = |page: &Value| page["items"].as_array().unwrap().clone();
    let all = [items(&first), items(&second)].concat();
    let told: Vec<_> = all.iter().map(|one| one["status"].clone()).collect();
    assert_eq!(told, [Value::Null, json!(200), Value::Null, json!(200)]);
    assert_eq!(all[1]["begun"], all[0]["seq"]);
    assert!(all.iter().all(|one| one["operator"] == "operator" && one.get("altered").is_none()));
    for (name, value) in [("since", "noon"), ("after", "x"), ("limit", "0"), ("who", "me")] {
        let odd = Call::new(Method::GET, &["audit"]).ask(name, value);
        assert_eq!(house.refused(odd).await.status, 400, "{name}");
    }
    let both = ask("0").ask("ven", "v");
    assert_eq!(house.refused(both).await.field.as_deref(), Some("operator"));
    let status = house.call("viewer", Call::new(Method::GET, &["status"])).await.unwrap();
    let head = status["audit"]["head"]["hash"].as_str().unwrap().parse().unwrap();
    assert!(verify(&house.audit(), Some(head)).unwrap().is_sound());
}

#[tokio::test]
async fn what_gets_no_further_than_the_vens_door_is_noted_too() {
    let house = House::open(Trust::Operators).await;
    let ven = house.ca.issue(For::Ven, "ven-1", KeyKind::Ecc, &[]).unwrap();
    save(&ven, house.dir.path(), "ven-1");
    let (address, dir) = (house.running.ven_address(), house.audit());
    let clock = Arc::clone(house.running.vtn().clock());
    let call = async |who: &str| {
        let at = |name: &str| house.dir.path().join(name);
        let config = ClientConfig {
            url: format!("https://localhost:{}", address.port()),
            certificate: at(&format!("{who}.pem")),
            key: at(&format!("{who}.key")),
            ca: vec![at("vtns.pem")],
            pin: None,
        };
        let clock = Arc::clone(&clock);
        let time = TimeSource::new(move || clock.now());
        Client::with_time(&config, Some(time)).unwrap().json(Call::new(Method::GET, &["?"])).await
    };
    // GET is no way to speak to a VTN; an operator is no VEN.
    assert!(matches!(call("ven-1").await, Err(CallError::Broken(_))));
    assert!(matches!(call("administrator").await, Err(CallError::Unreachable(_))));
    house.running.stop().await.unwrap();
    let entries: Vec<_> = lines(&dir).into_iter().map(|line| line.entry).collect();
    let refused = Entry::Message(Exchange {
        ven: None,
        fingerprint: ven.thumbprint().fingerprint(),
        address: [127, 0, 0, 1].into(),
        path: "/api/v1/%3F".to_owned(),
        payload: None,
        request_id: None,
        status: 501,
        code: None,
        digest: None,
        reply: None,
    });
    assert!(entries.contains(&refused), "{entries:?}");
    let turned_away = Entry::Log(Note::Door { handshakes: 1, crowded: 0 });
    assert!(entries.contains(&turned_away), "{entries:?}");
    assert_eq!(entries.last(), Some(&Entry::Log(Note::Closed)));
}
