//! The audit log of the program `vtn`: written, verified, mended after a kill.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::path::PathBuf;
use std::process::Output;

use serde_json::Value;

#[path = "common/lab.rs"]
mod lab;

use lab::Lab;

/// `vtn audit verify --json` with more words: its exit code and what it says.
fn verify(lab: &Lab, words: &[&str]) -> (Option<i32>, Value) {
    let done: Output = lab.vtn(&[&["--json", "audit", "verify"], words].concat());
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    (done.status.code(), serde_json::from_slice(&done.stdout).unwrap_or(Value::String(told)))
}

fn segments(lab: &Lab) -> Vec<PathBuf> {
    let files = std::fs::read_dir(lab.path("store/audit")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let mut all: Vec<_> =
        files.filter(|one| one.extension().is_some_and(|e| e == "jsonl")).collect();
    all.sort();
    all
}

fn lines(lab: &Lab) -> Vec<Value> {
    let text = segments(lab).into_iter().map(|path| std::fs::read_to_string(path).unwrap());
    let lines = |text: String| -> Vec<Value> {
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    text.flat_map(lines).collect()
}

#[test]
fn a_log_is_verified_and_what_was_done_to_it_is_named() {
    let lab = Lab::new();
    assert_eq!(verify(&lab, &[]).0, Some(2), "there is none yet");
    let server = lab.run();
    let (code, told) = verify(&lab, &[]);
    assert_eq!((code, &told["sound"]), (Some(0), &true.into()), "while it is written: {told}");
    assert_eq!(server.end(), Some(0));
    let (_, told) = verify(&lab, &[]);
    let head = told["verdict"]["head"]["hash"].as_str().unwrap();
    assert_eq!(lines(&lab).last().unwrap()["note"], "closed");
    assert_eq!(verify(&lab, &["--head", head]).0, Some(0));
    assert_eq!(verify(&lab, &["--head", &head.replace(&head[..4], "0000")]).0, Some(2));
    assert_eq!(verify(&lab, &["--head", "odd"]).0, Some(2));

    let segment = segments(&lab).remove(0);
    let text = std::fs::read_to_string(&segment).unwrap();
    std::fs::write(&segment, text.replace("opened", "Opened")).unwrap();
    let (code, told) = verify(&lab, &[&lab.path("store")]);
    let fault = &told["verdict"]["faults"][0];
    assert_eq!(
        (code, &fault["line"], &told["sound"]),
        (Some(2), &2.into(), &false.into()),
        "{told}"
    );
    assert_eq!(fault["segment"], segment.file_name().unwrap().to_str().unwrap());
    let words = lab.vtn(&["audit", "verify"]);
    let words = String::from_utf8_lossy(&words.stdout).into_owned();
    assert!(words.contains("00000000000000000001.jsonl line 2"), "{words}");
}

#[test]
fn the_log_is_shown_by_the_vtn_and_from_its_files_alike() {
    let lab = Lab::new();
    let mut server = lab.run();
    let print = "00:11:22:33:44:55:66:77:88:99";
    lab.ask(&server, &["ven", "add", "--fingerprint", print, "--ven-id", "h1"]);
    let shown = |words: &[&str]| {
        let done = lab.tell(&server, &[&["audit", "show"], words].concat());
        assert_eq!(done.status.code(), Some(0), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    let admin = lines(&lab).iter().find_map(|line| Some(line["operator"].as_str()?.to_owned()));
    let admin = admin.unwrap();
    // The log as it stands: its lines are given as they are, in either way.
    let by_vtn = shown(&["--operator", &admin, "--until", "2100-01-01T00:00:00Z"]);
    let by_file = shown(&["--operator", &admin, "--dir", &lab.path("store")]);
    assert!(by_vtn.lines().count() >= 2 && by_file.starts_with(&by_vtn), "{by_vtn}\n{by_file}");
    let text = std::fs::read_to_string(&segments(&lab)[0]).unwrap();
    assert!(by_vtn.lines().all(|line| text.lines().any(|other| other == line)), "{text}");
    let first: Value = serde_json::from_str(by_vtn.lines().next().unwrap()).unwrap();
    assert_eq!((&first["path"], &first["method"]), (&"/api/v1/vens".into(), &"POST".into()));
    assert_eq!(shown(&["--ven", "h1"]), "");
    assert_eq!(shown(&["--since", "2100-01-01T00:00:00Z"]), "");
    let text = lab.vtn(&["audit", "show", "--dir", &lab.path("store/audit")]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("POST /api/v1/vens  begins") && text.contains("opened by"), "{text}");
    server.close_stdin();
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_vtn_that_was_killed_says_so_when_it_is_started_again() {
    let lab = Lab::new();
    let mut server = lab.run();
    let print = "00:11:22:33:44:55:66:77:88:99";
    lab.ask(&server, &["ven", "add", "--fingerprint", print, "--ven-id", "h1"]);
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    // What a kill within a write leaves.
    let segment = segments(&lab).remove(0);
    let whole = std::fs::read_to_string(&segment).unwrap();
    let enrolled = lines(&lab).into_iter().filter(|line| line["path"] == "/api/v1/vens");
    let enrolled: Vec<_> = enrolled.map(|line| line["status"].clone()).collect();
    assert_eq!(enrolled, [Value::Null, 200.into()], "what was answered is on the disk");
    std::fs::write(&segment, format!("{whole}{{\"seq\":3,\"ti")).unwrap();
    let (code, told) = verify(&lab, &[]);
    assert_eq!((code, &told["verdict"]["unfinished"]), (Some(0), &12.into()), "{told}");
    assert_eq!(lab.run().end(), Some(0));
    let (code, told) = verify(&lab, &[]);
    assert_eq!((code, &told["verdict"]["cuts"]), (Some(0), &1.into()), "{told}");
    let lines = lines(&lab);
    let note = |kind: &str| lines.iter().rfind(|line| line["note"] == kind).unwrap();
    assert_eq!((&note("cut")["bytes"], &note("opened")["clean"]), (&12.into(), &false.into()));
}

#[test]
fn a_backup_holds_the_log_and_a_restore_goes_on_with_it() {
    let lab = Lab::new();
    let server = lab.run();
    let print = "00:11:22:33:44:55:66:77:88:99";
    lab.ask(&server, &["ven", "add", "--fingerprint", print, "--ven-id", "h1"]);
    let copied = lab.ask(&server, &["backup", &lab.path("copy")]);
    let head = copied["audit"]["hash"].as_str().unwrap();
    let (code, told) = verify(&lab, &[&lab.path("copy"), "--head", head]);
    assert_eq!((code, &told["verdict"]["head"]["hash"]), (Some(0), &head.into()), "{told}");
    lab.ask(&server, &["ven", "remove", "--bar", "h1"]);
    assert_eq!(server.end(), Some(0));
    let restore = || {
        let done = lab.vtn(&["--json", "restore", &lab.path("copy")]);
        assert_eq!(done.status.code(), Some(0), "{done:?}");
        serde_json::from_slice::<Value>(&done.stdout).unwrap()["audit"].take()
    };
    // Without the old log: the backup's goes on.
    std::fs::rename(lab.path("store"), lab.path("old")).unwrap();
    assert_eq!(restore(), "copied");
    let (code, told) = verify(&lab, &["--head", head]);
    assert_eq!(code, Some(0), "{told}");
    assert!(lines(&lab).iter().any(|line| line["note"] == "restored"));
    assert_eq!(lab.run().end(), Some(0));
    // With it: what was done since the backup stays on record.
    std::fs::remove_dir_all(lab.path("store")).unwrap();
    std::fs::create_dir(lab.path("store")).unwrap();
    std::fs::rename(lab.path("old/audit"), lab.path("store/audit")).unwrap();
    assert_eq!(restore(), "the one that was there goes on");
    assert!(lines(&lab).iter().any(|line| line["path"] == "/api/v1/vens/h1/bar"));
    assert_eq!(verify(&lab, &["--head", head]).0, Some(0));
    assert_eq!(lab.run().end(), Some(0));
}

#[test]
fn what_does_not_fit_is_told_before_the_doors_open() {
    let lab = Lab::new();
    let config = std::fs::read_to_string(lab.path("vtn.toml")).unwrap();
    let with =
        |keys: &str| std::fs::write(lab.path("vtn.toml"), format!("{config}\n[audit]\n{keys}"));
    let told = |words: &[&str]| {
        let done = lab.vtn(words);
        let words = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8_lossy(&words).into_owned())
    };
    let run = ["run", "--listen", "127.0.0.1:0", "--api-listen", "127.0.0.1:0"];
    for (keys, wrong) in [
        ("segment_bytes = 5", "audit.segment_bytes"),
        ("keep_days = 40000", "audit.keep_days"),
        ("kep_days = 4", "did you mean `keep_days`?"),
        ("dir = \"vtn.toml\"", "vtn.toml"),
    ] {
        with(keys).unwrap();
        for words in [&run[..], &["config", "check"]] {
            let (code, words) = told(words);
            assert!(code == Some(2) && words.contains(wrong), "{keys}: {code:?}: {words}");
        }
    }
    // A place of its own.
    with("dir = \"elsewhere\"\nkeep_days = 0").unwrap();
    let (code, words) = told(&["config", "check"]);
    assert!(code == Some(0) && words.contains("mind the disk"), "{words}");
    assert_eq!(lab.run().end(), Some(0));
    assert!(!std::path::Path::new(&lab.path("store/audit")).exists());
    assert_eq!(verify(&lab, &[]).0, Some(0));
}
