//! The program `vtn` as people use it: set up, run, operate, back up, restore.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use oadr_certs::dev::{Ca, KeyKind, Role};
use serde_json::Value;

#[path = "common/lab.rs"]
mod lab;

use lab::Lab;

fn code_and_words(done: &Output) -> (Option<i32>, String) {
    (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
}

const EVENT: [&str; 9] =
    ["event", "create", "--signal", "SIMPLE", "--values", "1,2,1", "--interval", "PT15M", "--all"];
const PRINT: &str = "00:11:22:33:44:55:66:77:88:99";

#[test]
fn a_laboratory_runs_at_once_and_a_restart_keeps_everything() {
    let lab = Lab::new();
    let server = lab.run();
    let ven =
        lab.ask(&server, &["ven", "add", "--fingerprint", PRINT, "--ven-id", "h1", "--group", "g"]);
    assert_eq!((&ven["id"], &ven["standing"]), (&"h1".into(), &"enrolled".into()));
    let event = lab.ask(&server, &[&EVENT[..], &["--start", "+10m", "--id", "e1"]].concat());
    assert_eq!((&event["status"], &event["draft"]["duration"]), (&"far".into(), &"PT45M".into()));
    assert_eq!(event["draft"]["signals"][0]["intervals"].as_array().unwrap().len(), 3);
    let answers = lab.ask(&server, &["event", "answers", "e1"]);
    assert_eq!(answers["items"][0]["ven"], "h1");
    let cancelled = lab.ask(&server, &["event", "cancel", "e1", "--reason", "rain"]);
    assert_eq!((&cancelled["status"], &cancelled["reason"]), (&"cancelled".into(), &"rain".into()));
    let groups = lab.ask(&server, &["ven", "groups", "h1", "g", "h"]);
    assert_eq!(groups["groups"], serde_json::json!(["g", "h"]));
    assert_eq!(lab.ask(&server, &["status"])["vtn_id"], "VTN");
    let before = [lab.ask(&server, &["ven", "list"]), lab.ask(&server, &["event", "list"])];
    assert_eq!(server.end(), Some(0));
    let server = lab.run();
    let after = [lab.ask(&server, &["ven", "list"]), lab.ask(&server, &["event", "list"])];
    assert_eq!(before, after);
    assert_eq!(server.end(), Some(0));
}

#[test]
fn an_event_made_of_a_file_can_be_shown_and_modified() {
    let lab = Lab::new();
    let server = lab.run();
    lab.ask(&server, &[&EVENT[..], &["--id", "e1", "--start", "+1h", "--priority", "2"]].concat());
    let mut draft = lab.ask(&server, &["event", "show", "e1"])["draft"].take();
    draft["priority"] = 1.into();
    let file = lab.path("draft.json");
    std::fs::write(&file, draft.to_string()).unwrap();
    let modified = lab.ask(&server, &["event", "modify", "e1", "--file", &file]);
    assert_eq!((&modified["modification"], &modified["draft"]["priority"]), (&1.into(), &1.into()));
    // Who has not read version 1 is refused, with what stands; who has is not.
    let stale = lab.tell(&server, &["event", "cancel", "e1", "--if-match", "0"]);
    let told: Value = serde_json::from_slice(&stale.stderr).unwrap();
    assert_eq!((stale.status.code(), &told["code"]), (Some(1), &"precondition".into()), "{told}");
    let stands = told["stands"].as_str().unwrap();
    let modify = ["event", "modify", "e1", "--file", &file, "--if-match", stands];
    assert_eq!(lab.ask(&server, &modify)["version"], stands);
    assert_eq!(
        lab.tell(&server, &["event", "cancel", "e1", "--if-match", "x"]).status.code(),
        Some(2)
    );
    draft["id"] = "e2".into();
    std::fs::write(&file, draft.to_string()).unwrap();
    let made = lab.ask(&server, &["event", "create", "--file", &file]);
    assert_eq!((&made["id"], &made["modification"]), (&"e2".into(), &0.into()));
}

#[test]
fn why_is_told_as_a_story_and_as_json() {
    let lab = Lab::new();
    let server = lab.run();
    lab.ask(
        &server,
        &["ven", "add", "--fingerprint", PRINT, "--ven-id", "h1", "--name", "a\u{1b}b"],
    );
    lab.ask(&server, &[&EVENT[..], &["--id", "e1", "--start", "+1h"]].concat());
    let told = lab.ask(&server, &["explain", "--ven", "h1", "--event", "e1"]);
    assert_eq!(told["findings"][0]["code"], "ven_known");
    let url = server.url();
    let done = lab.vtn(&["--url", &url, "explain", "--ven", PRINT, "--event", "e1"]);
    assert_eq!(done.status.code(), Some(0));
    let story = String::from_utf8(done.stdout).unwrap();
    let mut lines = story.lines();
    assert_eq!(lines.next(), told["verdict"].as_str());
    let of = |mark: &str| story.lines().find(|line| line.starts_with(mark)).unwrap();
    assert!(of("  ok").contains("h1 (a?b) is enrolled (since "), "{story}");
    assert!(of("  NO").contains(PRINT) && story.contains("\n     -> "), "{story}");
    // An answer is an answer, also where nothing is known.
    let none = lab.tell(&server, &["explain", "--ven", "nobody"]);
    assert_eq!(none.status.code(), Some(0));
    assert_eq!(lab.tell(&server, &["explain"]).status.code(), Some(2));
}

#[test]
fn a_backup_made_while_running_restores_to_the_same() {
    let lab = Lab::new();
    let server = lab.run();
    lab.ask(&server, &["ven", "add", "--fingerprint", PRINT, "--ven-id", "h1"]);
    let copied = lab.ask(&server, &["backup", &lab.path("copy")]);
    assert!(copied["records"].as_u64().unwrap() > 0, "{copied}");
    // Twice into one directory is refused, as is what came after the copy not being in it.
    let again = lab.tell(&server, &["backup", &lab.path("copy")]);
    assert_eq!(again.status.code(), Some(1));
    lab.ask(&server, &["ven", "remove", "--bar", "h1"]);
    let copy = lab.path("copy");
    // A store in use, or one that is there, is not written over.
    let (code, words) = code_and_words(&lab.vtn(&["restore", &copy]));
    assert_eq!(code, Some(2), "{words}");
    assert_eq!(server.end(), Some(0));
    assert_eq!(lab.vtn(&["restore", &copy]).status.code(), Some(2));
    std::fs::rename(lab.path("store"), lab.path("store.old")).unwrap();
    let restored = lab.vtn(&["restore", &copy]);
    assert_eq!(restored.status.code(), Some(0), "{restored:?}");
    let server = lab.run();
    assert_eq!(lab.ask(&server, &["ven", "show", "h1"])["standing"], "enrolled");
}

#[test]
fn exit_codes_tell_who_is_to_mend_it() {
    let lab = Lab::new();
    let server = lab.run();
    let code = |words: &[&str]| code_and_words(&lab.tell(&server, words));
    let (refused, words) = code(&["event", "show", "nothing"]);
    let told: Value = serde_json::from_str(&words).unwrap();
    assert_eq!((refused, &told["code"]), (Some(1), &"not_found".into()), "{words}");
    let (refused, words) = code(&[&EVENT[..], &["--start", "2001-01-01T00:00:00Z"]].concat());
    assert_eq!((refused, words.contains("rule")), (Some(1), true), "{words}");
    assert_eq!(code(&["event", "create", "--all"]).0, Some(2));
    assert_eq!(code(&["event", "create", "--signal", "SIMPLE"]).0, Some(2));
    assert_eq!(code(&["ven", "add", "--fingerprint", "AA:BB"]).0, Some(2));
    assert_eq!(code(&["ven", "fly"]).0, Some(2));
    let (key, cert) = (lab.path("ven-1.key"), lab.path("ven-1.pem"));
    let (door, words) = code(&["status", "--key", &key, "--cert", &cert]);
    assert_eq!(door, Some(3), "a VEN's certificate: {words}");
    assert_eq!(code(&["status", "--pin", PRINT]).0, Some(3), "another VTN's certificate");
    let nowhere = lab.vtn(&["status", "--url", "https://127.0.0.1:9"]);
    assert_eq!(nowhere.status.code(), Some(3));
    let missing = lab.vtn(&["status", "--config", &lab.path("none.toml")]);
    let (code, words) = code_and_words(&missing);
    assert_eq!((code, words.contains("vtn init")), (Some(2), true), "{words}");
}

#[test]
fn many_commands_at_once_are_all_done() {
    let lab = Lab::new();
    let server = lab.run();
    let url = server.url();
    let made: Vec<Child> = (0..8)
        .map(|_| {
            Command::new(env!("CARGO_BIN_EXE_vtn"))
                .env("VTN_CONFIG", lab.path("vtn.toml"))
                .args(EVENT)
                .args(["--start", "+1h", "--url", &url])
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut one in made {
        assert_eq!(one.wait().unwrap().code(), Some(0));
    }
    assert_eq!(lab.ask(&server, &["event", "list"])["items"].as_array().unwrap().len(), 8);
}

#[test]
fn hang_up_takes_a_new_certificate_without_a_restart() {
    let lab = Lab::new();
    let server = lab.run();
    let old = server.told["fingerprints"][0].as_str().unwrap().to_owned();
    let ca = Ca::load(Path::new(&lab.path("ca"))).unwrap();
    let fresh = ca.issue(Role::Vtn, "renewed", KeyKind::Ecc, &["127.0.0.1".to_owned()]).unwrap();
    let (cert, key) = (lab.path("vtn-ecc.pem"), lab.path("vtn-ecc.key"));
    fresh.save(Path::new(&cert), Path::new(&key), true).unwrap();
    let new = fresh.thumbprint().to_string();
    let status = |pin: &str| lab.tell(&server, &["status", "--pin", pin]).status.code();
    assert_eq!((status(&old), status(&new)), (Some(0), Some(3)));
    server.signal("HUP");
    // The signal is taken as soon as the program gets to it; nothing else tells when.
    let taken = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        status(&new) == Some(0)
    });
    assert!(taken, "the new certificate is not answered with");
    assert_eq!(status(&old), Some(3));
    // Files that do not fit leave in force what is.
    std::fs::write(&cert, "nothing").unwrap();
    server.signal("HUP");
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert_eq!(status(&new), Some(0));
    assert_eq!(server.end(), Some(0));
}

#[test]
fn what_keeps_it_from_starting_is_told_with_the_mend() {
    let lab = Lab::new();
    let refused = |words: &[&str], told: &str| {
        let (code, words) = code_and_words(&lab.vtn(words));
        assert!(code == Some(2) && words.contains(told), "{code:?}: {words}");
    };
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    refused(&["run", "--listen", &address, "--api-listen", "127.0.0.1:0"], "change listen");
    let free = ["run", "--listen", "127.0.0.1:0", "--api-listen", "127.0.0.1:0"];
    refused(&[&free[..], &["--log-filter", "x=y=z"]].concat(), "--log-filter");
    // A store that another VTN uses.
    let server = lab.run();
    refused(&free, "in use");
    drop(server);
    // A key that others may read.
    let key = lab.path("vtn-ecc.key");
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    refused(&free, "chmod 600");
    std::fs::remove_file(&key).unwrap();
    refused(&free, "vtn-ecc.key");
    // A key of the configuration that is not one, with its line.
    let config = std::fs::read_to_string(lab.path("vtn.toml")).unwrap();
    std::fs::write(lab.path("vtn.toml"), config.replace("poll_every", "pol_every")).unwrap();
    refused(&free, "line");
    refused(&free, "pol_every");
}

#[test]
fn init_never_writes_over_what_is_there() {
    let lab = Lab::new();
    let before = std::fs::read(lab.path("operator.key")).unwrap();
    let again = lab.vtn(&["init", "--lab", "--dir", &lab.path("")]);
    assert_eq!(again.status.code(), Some(2));
    let plain = lab.vtn(&["init", "--dir", &lab.path("")]);
    assert_eq!(plain.status.code(), Some(2));
    assert_eq!(std::fs::read(lab.path("operator.key")).unwrap(), before);
    let forced = lab.vtn(&["init", "--lab", "--dir", &lab.path(""), "--force"]);
    assert_eq!(forced.status.code(), Some(0), "{forced:?}");
    assert_ne!(std::fs::read(lab.path("operator.key")).unwrap(), before);
    // Without --lab: only the configuration, which says what belongs beside it.
    let other = tempfile::tempdir().unwrap();
    let dir = other.path().display().to_string();
    assert_eq!(lab.vtn(&["init", "--dir", &dir]).status.code(), Some(0));
    let files: Vec<_> = std::fs::read_dir(other.path()).unwrap().collect();
    assert_eq!(files.len(), 1);
}

#[test]
fn a_list_of_vens_is_imported_whole_or_not_at_all() {
    let lab = Lab::new();
    let server = lab.run();
    let file = lab.path("vens.csv");
    let print = |n: u32| format!("00:11:22:33:44:55:66:77:{:02X}:{:02X}", n / 256, n % 256);
    let mut text = "fingerprint,ven_id,name,groups\n".to_owned();
    for n in 0..450 {
        text += &format!("{},v{n:03},\"Site, {n}\",a; b\n", print(n));
    }
    std::fs::write(&file, &text).unwrap();
    let dry = lab.ask(&server, &["ven", "import", &file, "--check"]);
    assert_eq!(
        (&dry["applied"], &dry["rows"][449]["row"]["fate"]),
        (&false.into(), &"enrolled".into())
    );
    let none = serde_json::json!([]);
    assert_eq!(lab.ask(&server, &["ven", "list"])["items"], none, "a dry run changes nothing");
    assert_eq!(lab.ask(&server, &["ven", "import", &file])["applied"], true);
    let list = lab.ask(&server, &["ven", "list"]);
    assert_eq!(list["items"].as_array().unwrap().len(), 450);
    assert_eq!(list["items"][7]["name"], "Site, 7");
    let again = lab.ask(&server, &["ven", "import", &file]);
    assert_eq!(again["rows"][0]["row"]["fate"], "unchanged");
    std::fs::write(&file, "").unwrap();
    let (code, words) = code_and_words(&lab.tell(&server, &["ven", "import", &file]));
    assert!(code == Some(2) && words.contains("no column"), "an empty file: {words}");
    // As a spreadsheet writes it: a mark of the byte order, and no venIDs.
    let nameless = format!("\u{feff}fingerprint,name\r\n{},\r\n{},New\r\n", print(800), print(801));
    std::fs::write(&file, nameless).unwrap();
    let new = lab.ask(&server, &["ven", "import", &file]);
    let again = lab.ask(&server, &["ven", "import", &file]);
    let of = |told: &Value| ["fate", "ven"].map(|key| told["rows"][1]["row"][key].clone());
    assert_eq!(of(&again), ["unchanged".into(), of(&new)[1].clone()], "known by its fingerprint");
    // One is moved, and one does not fit: nothing is done.
    let moved = text.replace("\"Site, 3\",a; b", "\"Site, 3\",c");
    std::fs::write(&file, format!("{moved}{},v000,,\n", print(900))).unwrap();
    let done = lab.tell(&server, &["ven", "import", &file]);
    let (code, words) = code_and_words(&done);
    assert_eq!(code, Some(2), "{words}");
    assert!(words.contains("line 452: v000 stands in line 2 already"), "{words}");
    std::fs::write(
        &file,
        format!("{moved}{},v999,,\n", print(0))
            .replace(&format!("{},v000,\"Site, 0\",a; b\n", print(0)), ""),
    )
    .unwrap();
    let done = lab.tell(&server, &["ven", "import", &file]);
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stdout).contains("is taken"), "{done:?}");
    assert_eq!(lab.ask(&server, &["ven", "show", "v003"])["groups"], serde_json::json!(["a", "b"]));
    std::fs::write(&file, &moved).unwrap();
    let moved = lab.ask(&server, &["ven", "import", &file]);
    assert_eq!(moved["rows"][3]["row"]["fate"], "updated");
    assert_eq!(lab.ask(&server, &["ven", "show", "v003"])["groups"], serde_json::json!(["c"]));
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_configuration_is_looked_over_before_it_is_used() {
    let lab = Lab::new();
    let check = || lab.vtn(&["--json", "config", "check"]);
    let told = |done: &Output| serde_json::from_slice::<Value>(&done.stdout).unwrap();
    let done = check();
    let found = told(&done);
    assert_eq!((done.status.code(), &found["fits"]), (Some(0), &true.into()), "{found}");
    let open = |one: &Value| one["key"] == "vtn.policy" && one["fault"] == false;
    assert!(found["findings"].as_array().unwrap().iter().any(open), "{found}");
    assert!(!Path::new(&lab.path("store")).exists(), "the check opens no store");

    let file = lab.path("vtn.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("poll_every", "pol_every")).unwrap();
    let (code, words) = code_and_words(&lab.vtn(&["config", "check"]));
    assert_eq!(code, Some(2));
    assert!(words.contains("did you mean `poll_every`?") && words.contains("line "), "{words}");
    std::fs::write(&file, &text).unwrap();

    let key = text.lines().find(|line| line.trim_start().starts_with("identity")).unwrap_or(&text);
    let key = key.split('"').find(|part| part.ends_with(".key")).unwrap();
    let mode = |mode: &str| Command::new("chmod").args([mode, &lab.path(key)]).status().unwrap();
    mode("644");
    let done = check();
    let found = told(&done);
    assert_eq!((done.status.code(), &found["fits"]), (Some(2), &false.into()), "{found}");
    let first = found["findings"][0]["what"].as_str().unwrap();
    assert!(first.contains("chmod 600"), "{found}");
    mode("600");
    let ca = text.lines().find(|line| line.starts_with("ca =")).unwrap();
    let ca = lab.path(ca.split('"').nth(1).unwrap());
    let authority = std::fs::read(&ca).unwrap();
    std::fs::write(&ca, "no authority").unwrap();
    std::fs::write(lab.path(key), "no key").unwrap();
    let found = told(&check());
    let faults = found["findings"].as_array().unwrap().iter().filter(|one| one["fault"] == true);
    let keys: Vec<_> = faults.map(|one| one["key"].as_str().unwrap()).collect();
    assert!(keys.contains(&"ca") && keys.contains(&"identity"), "all at once: {found}");
    std::fs::write(&ca, authority).unwrap();
    assert_eq!(check().status.code(), Some(2));
}
