//! Every message is in the audit log by the digests of what was said and answered; no message
//! waits for it.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use std::path::Path;

use common::{Bench, noon};
use oadr_schemas::openadr;
use oadr_schemas::openadr::oadr::OadrPoll;
use oadr_vtn::audit::{Audit, AuditSettings, Digest, Entry, Exchange, Line, verify};
use tempfile::TempDir;

async fn bench() -> (Bench, Audit, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let settings = AuditSettings { segment_bytes: 1, ..AuditSettings::default() };
    let audit = Audit::open(&dir.path().join("log"), settings, noon()).unwrap();
    (Bench::new().await.audited(audit.clone()), audit, dir)
}

/// The messages of a log that was closed.
fn messages(dir: &Path) -> Vec<Exchange> {
    let files = std::fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
    let segments = files.filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
    let mut lines: Vec<Line> = Vec::new();
    for segment in segments {
        let text = std::fs::read_to_string(segment).unwrap();
        lines.extend(text.lines().map(|line| serde_json::from_str(line).unwrap()));
    }
    lines.sort_by_key(|line| line.seq);
    let messages = lines.into_iter().filter_map(|line| match line.entry {
        Entry::Message(exchange) => Some(exchange),
        _ => None,
    });
    messages.collect()
}

#[tokio::test]
async fn every_message_is_there_by_its_digest_and_no_word_of_it() {
    let (bench, audit, dir) = bench().await;
    let ven = bench.fresh("A").await;
    let poll = OadrPoll { schema_version: None, ven_id: "A".to_owned() };
    let body = openadr::encode(poll.into(), None);
    let path = "/OpenADR2/Simple/2.0b/OadrPoll";
    let answer = ven.post(path, body.clone()).await;
    let odd = "<private>words</private>";
    assert_eq!(ven.post(path, odd).await.status, 406);
    let stranger = bench.stranger("B");
    let refused = stranger.post(path, body.clone()).await;
    assert_eq!(ven.post(&format!("/{}", "x".repeat(9000)), "").await.status, 404);
    audit.close(noon()).await;

    let found = messages(&dir.path().join("log"));
    let [registers, polls, unreadable, strange, nowhere] = &found[..] else { panic!("{found:?}") };
    let payload = registers.payload.as_deref();
    assert_eq!(payload, Some("oadrCreatePartyRegistration"));
    assert!(registers.request_id.is_some(), "{registers:?}");
    assert_eq!((polls.status, polls.code.as_deref()), (200, Some("200")));
    assert_eq!((polls.ven.as_deref(), polls.path.as_str()), (Some("A"), path));
    assert_eq!(polls.fingerprint, ven.certificate.fingerprint());
    assert_eq!(polls.digest, Some(Digest::of(body.as_bytes())));
    assert_eq!(polls.reply, Some(Digest::of(&answer.body)));
    assert_eq!((unreadable.status, unreadable.payload.as_deref()), (406, None));
    assert_eq!((unreadable.digest, unreadable.reply), (Some(Digest::of(odd.as_bytes())), None));
    assert_eq!((strange.status, strange.code.as_deref()), (200, Some("463")));
    assert_eq!((strange.ven.as_deref(), strange.reply), (None, Some(Digest::of(&refused.body))));
    assert_eq!((nowhere.status, nowhere.digest), (404, None));
    assert!(nowhere.path.chars().count() < 300, "of others' making, and bounded");
    for file in std::fs::read_dir(dir.path().join("log")).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("words") && !text.contains("schemaVersion"), "{text}");
    }
    assert!(verify(dir.path().join("log").as_path(), None).unwrap().is_sound());
}

#[tokio::test]
async fn messages_are_answered_though_they_cannot_be_recorded_and_the_log_tells_how_many() {
    let (bench, audit, dir) = bench().await;
    let ven = bench.registered("A").await;
    let (log, away) = (dir.path().join("log"), dir.path().join("away"));
    let lost_then = audit.condition().lost;
    // Every line wants a segment of its own, and there is no place for one.
    std::fs::rename(&log, &away).unwrap();
    for _ in 0..20 {
        ven.poll_nothing().await;
    }
    for _ in 0..200 {
        if audit.condition().lost > lost_then {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(audit.condition().lost > lost_then && audit.condition().failing.is_some());
    std::fs::rename(&away, &log).unwrap();
    ven.poll_nothing().await;
    audit.close(noon()).await;
    let verdict = verify(&log, None).unwrap();
    assert!(verdict.is_sound(), "{verdict:?}");
    let told = messages(&log).len() as u64 + verdict.lost;
    assert!(verdict.lost > 0 && told >= 21, "each is there or counted: {verdict:?}");
}

#[tokio::test]
async fn what_nobody_waits_for_is_synced_by_itself() {
    let (bench, audit, _dir) = bench().await;
    let ven = bench.registered("A").await;
    let before = audit.condition().head.unwrap().seq;
    ven.poll_nothing().await;
    // Half a second; more on a machine that has much else to do.
    let mut synced = false;
    for _ in 0..100 {
        synced |= audit.condition().head.unwrap().seq > before;
        if synced {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(synced);
}
