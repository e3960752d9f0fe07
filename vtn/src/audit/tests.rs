//! What was written is found as it was written, and whatever was done to it is found as well.

mod copying;
mod reading;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::line::{Line, Place};
use super::segment::Segment;
use super::*;

fn noon() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn operation(n: usize) -> Entry {
    Entry::Operator(Operation {
        operator: Some("alice".to_owned()),
        fingerprint: "00:11:22:33:44:55:66:77:88:99".parse().unwrap(),
        address: [127, 0, 0, 1].into(),
        method: "POST".to_owned(),
        path: format!("/api/v1/events/{n}"),
        digest: Some(Digest::of(b"{}")),
        begun: None,
        status: Some(200),
    })
}

/// Segments of some four lines.
fn small() -> AuditSettings {
    AuditSettings { segment_bytes: 1200, ..AuditSettings::default() }
}

/// Opens a log, writes so many lines with a sync after each, and closes it.
async fn write(dir: &Path, lines: usize) {
    let audit = Audit::open(dir, small(), noon()).unwrap();
    for n in 0..lines {
        audit.record(noon(), operation(n)).await.unwrap();
    }
    audit.close(noon()).await;
}

async fn written(lines: usize) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), lines).await;
    dir
}

fn segments(dir: &Path) -> Vec<PathBuf> {
    Segment::all(dir).unwrap().into_iter().map(|one| one.path).collect()
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

fn all_lines(dir: &Path) -> Vec<Line> {
    let all = segments(dir).into_iter().flat_map(|path| lines(&path));
    all.map(|text| Line::read(text.as_bytes()).unwrap()).collect()
}

/// Writes the lines of a segment anew.
fn put(path: &Path, lines: &[String]) {
    fs::write(path, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
}

/// Kind, segment and line of each fault.
fn faults(dir: &Path) -> Vec<(FaultKind, String, u64)> {
    let faults = verify(dir, None).unwrap().faults;
    faults.into_iter().map(|one| (one.kind, one.segment, one.line)).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_log_is_whole_over_segments_and_restarts() {
    let dir = written(10).await;
    write(dir.path(), 10).await;
    let verdict = verify(dir.path(), None).unwrap();
    assert!(verdict.is_sound(), "{verdict:?}");
    assert!(verdict.segments > 4, "{verdict:?}");
    let all = all_lines(dir.path());
    assert_eq!((verdict.lines, verdict.first), (all.len() as u64, Some(1)));
    assert!(all.iter().zip(1..).all(|(line, n)| line.seq == n));
    let told = all.iter().filter(|line| matches!(line.entry, Entry::Operator(_))).count();
    assert_eq!(told, 20);
    let opened = |clean| Entry::Log(Note::Opened { version: "0.1.0".to_owned(), clean });
    assert_eq!(all.iter().filter(|line| line.entry == opened(true)).count(), 2);
    assert_eq!(all.last().unwrap().entry, Entry::Log(Note::Closed));
    for segment in segments(dir.path()) {
        let first = Line::read(lines(&segment)[0].as_bytes()).unwrap();
        assert_eq!(first.entry, Entry::Log(Note::Segment));
    }
    let head = verdict.head.unwrap();
    assert!(verify(dir.path(), Some(head.hash)).unwrap().is_sound());
    // Of the directory above as well.
    let above = tempfile::tempdir().unwrap();
    write(&above.path().join("audit"), 1).await;
    assert!(verify(above.path(), None).unwrap().is_sound());
}

#[tokio::test]
async fn a_line_s_hash_is_that_of_the_text_before_it() {
    let dir = written(1).await;
    let text = lines(&segments(dir.path())[0])[1].clone();
    let (content, rest) = text.split_once(",\"hash\":\"").unwrap();
    assert_eq!(rest, format!("{}\"}}", Digest::of(content.as_bytes())));
}

#[tokio::test]
async fn every_altered_line_is_named() {
    let dir = written(10).await;
    for segment in segments(dir.path()) {
        let before = lines(&segment);
        for at in 0..before.len() {
            for (from, to) in [
                ("2026", "2027"),
                ("\"seq\":", "\"seq\":1"),
                ("prev\":\"", "prev\":\"0"),
                ("{", "["),
            ] {
                let mut altered = before.clone();
                altered[at] = altered[at].replacen(from, to, 1);
                put(&segment, &altered);
                let found = faults(dir.path());
                let [(kind, place, line)] = found.as_slice() else { panic!("{found:?}") };
                assert!(matches!(kind, FaultKind::Altered | FaultKind::Unreadable), "{kind:?}");
                assert_eq!((place, *line), (&name(&segment), at as u64 + 1));
            }
        }
        put(&segment, &before);
    }
    assert_eq!(faults(dir.path()), []);
}

#[tokio::test]
async fn a_removed_line_and_lines_that_changed_places_are_named() {
    let dir = written(10).await;
    let segment = segments(dir.path()).remove(1);
    let before = lines(&segment);
    for at in 0..before.len() - 1 {
        let mut fewer = before.clone();
        fewer.remove(at);
        put(&segment, &fewer);
        assert_eq!(faults(dir.path()), [(FaultKind::Removed, name(&segment), at as u64 + 1)]);
    }
    let mut swapped = before.clone();
    swapped.swap(1, 2);
    put(&segment, &swapped);
    let expected = [(FaultKind::Removed, name(&segment), 2), (FaultKind::Moved, name(&segment), 3)];
    assert_eq!(faults(dir.path()), expected);
    let mut twice = before.clone();
    twice.insert(2, before[1].clone());
    put(&segment, &twice);
    assert_eq!(faults(dir.path()), [(FaultKind::Moved, name(&segment), 3)]);
}

#[tokio::test]
async fn a_line_whose_hash_was_made_anew_is_betrayed_by_the_next_or_by_the_head() {
    let dir = written(3).await;
    let head = verify(dir.path(), None).unwrap().head.unwrap();
    let segment = segments(dir.path()).pop().unwrap();
    let before = lines(&segment);
    let forge = |at: usize| {
        let mut line = Line::read(before[at].as_bytes()).unwrap();
        line.time = line.time.checked_add(SignedDuration::from_secs(1)).unwrap();
        let (mut place, mut text) = (Place { seq: line.seq, prev: line.prev }, String::new());
        place.write(&mut text, (line.time, &line.entry)).unwrap();
        let mut forged = before.clone();
        forged[at] = text.trim_end().to_owned();
        put(&segment, &forged);
    };
    let last = before.len() - 1;
    forge(last - 1);
    assert_eq!(faults(dir.path()), [(FaultKind::Rewritten, name(&segment), last as u64 + 1)]);
    forge(last);
    assert_eq!(faults(dir.path()), []);
    let found = verify(dir.path(), Some(head.hash)).unwrap().faults;
    assert_eq!((found.len(), found[0].kind), (1, FaultKind::EndMissing));
    // The same for an end that was cut.
    put(&segment, &before[..last]);
    assert_eq!(faults(dir.path()), []);
    assert_eq!(verify(dir.path(), Some(head.hash)).unwrap().faults[0].kind, FaultKind::EndMissing);
}

#[tokio::test]
async fn a_missing_segment_is_told() {
    let dir = written(12).await;
    let all = segments(dir.path());
    assert!(all.len() > 3);
    let hidden = dir.path().join("hidden");
    for (at, segment) in all.iter().enumerate() {
        fs::rename(segment, &hidden).unwrap();
        let found = faults(dir.path());
        match at {
            0 => assert_eq!(found, [(FaultKind::BeginningMissing, name(&all[1]), 0)]),
            at if at == all.len() - 1 => assert_eq!(found, [], "only a head tells this"),
            at => assert_eq!(found, [(FaultKind::SegmentMissing, name(&all[at + 1]), 1)]),
        }
        fs::rename(&hidden, segment).unwrap();
    }
    fs::rename(&all[0], all[0].with_file_name("00000000000000000000.jsonl")).unwrap();
    assert_eq!(faults(dir.path())[0].0, FaultKind::Moved);
}

#[tokio::test]
async fn a_torn_end_is_cut_at_the_start_and_told() {
    let whole = written(2).await;
    let text = fs::read(&segments(whole.path())[0]).unwrap();
    let last = text[..text.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for end in (last + 1..text.len()).step_by(9).chain([text.len() - 1]) {
        let dir = tempfile::tempdir().unwrap();
        let path = Segment::new(dir.path(), 1).path;
        fs::write(&path, &text[..end]).unwrap();
        let verdict = verify(dir.path(), None).unwrap();
        assert!(verdict.is_sound() && verdict.unfinished == (end - last) as u64, "{verdict:?}");
        write(dir.path(), 1).await;
        let verdict = verify(dir.path(), None).unwrap();
        assert!(verdict.is_sound() && verdict.unfinished == 0 && verdict.cuts == 1, "{verdict:?}");
        let (bytes, digest) = ((end - last) as u64, Digest::of(&text[last..end]));
        let cut = Entry::Log(Note::Cut { segment: name(&path), bytes, digest });
        assert!(all_lines(dir.path()).iter().any(|line| line.entry == cut));
    }
}

#[tokio::test]
async fn a_segment_without_a_whole_line_is_begun_again() {
    for left in ["", "{\"seq\":"] {
        let dir = written(2).await;
        let next = all_lines(dir.path()).last().unwrap().seq + 1;
        fs::write(Segment::new(dir.path(), next).path, left).unwrap();
        write(dir.path(), 3).await;
        let verdict = verify(dir.path(), None).unwrap();
        assert!(verdict.is_sound(), "{verdict:?}");
        assert_eq!(verdict.cuts, u64::from(!left.is_empty()));
    }
    // Killed before the first line of all.
    let dir = tempfile::tempdir().unwrap();
    fs::write(Segment::new(dir.path(), 1).path, "").unwrap();
    write(dir.path(), 1).await;
    assert!(verify(dir.path(), None).unwrap().is_sound());
}

#[tokio::test]
async fn an_end_that_no_crash_leaves_is_not_written_on() {
    let dir = written(2).await;
    let segment = segments(dir.path()).pop().unwrap();
    let mut altered = lines(&segment);
    let last = altered.len() - 1;
    altered[last] = altered[last].replace("2026", "2027");
    put(&segment, &altered);
    let error = Audit::open(dir.path(), small(), noon()).unwrap_err();
    assert!(matches!(error, Error::Unsound(_)), "{error}");
    assert!(error.to_string().contains("vtn audit verify"), "{error}");
    assert_eq!(lines(&segment), altered, "evidence stays");
}

#[tokio::test]
async fn one_vtn_at_a_time_writes_a_log() {
    let dir = tempfile::tempdir().unwrap();
    let audit = Audit::open(dir.path(), small(), noon()).unwrap();
    assert!(matches!(Audit::open(dir.path(), small(), noon()), Err(Error::InUse(_))));
    drop(audit);
    // Dropped without being closed: the next one says so.
    write(dir.path(), 0).await;
    let opened = |line: &Line| matches!(line.entry, Entry::Log(Note::Opened { clean: false, .. }));
    assert!(all_lines(dir.path()).iter().any(opened));
}

#[tokio::test]
async fn segments_that_are_too_old_go_and_the_log_says_so() {
    let dir = written(12).await;
    let before = segments(dir.path());
    let settings = AuditSettings { keep_days: 30, ..small() };
    let after = |days: i64| noon().checked_add(SignedDuration::from_hours(24 * days)).unwrap();
    let audit = Audit::open(dir.path(), settings, after(29)).unwrap();
    audit.record(after(29), operation(0)).await.unwrap();
    assert!(before.iter().all(|path| path.exists()), "not old enough");
    audit.record(after(31), operation(1)).await.unwrap();
    audit.close(after(31)).await;
    assert!(!before[0].exists() && !before[1].exists());
    let verdict = verify(dir.path(), None).unwrap();
    assert!(verdict.is_sound() && verdict.first > Some(1), "{verdict:?}");
    // What goes otherwise is missed.
    fs::remove_file(&segments(dir.path())[0]).unwrap();
    assert!(faults(dir.path()).iter().any(|one| one.0 == FaultKind::BeginningMissing));
}

#[tokio::test]
async fn what_cannot_be_written_is_refused_or_counted_and_told_when_it_can_be_again() {
    let dir = tempfile::tempdir().unwrap();
    let (place, away) = (dir.path().join("log"), dir.path().join("away"));
    let audit = Audit::open(&place, AuditSettings { segment_bytes: 1, ..small() }, noon()).unwrap();
    audit.record(noon(), operation(0)).await.unwrap();
    // Each line wants a segment of its own, and there is no place for one.
    fs::rename(&place, &away).unwrap();
    let refused = audit.record(noon(), operation(1)).await;
    assert!(matches!(refused, Err(Error::Io(_))), "{refused:?}");
    audit.note(noon(), operation(2));
    assert!(audit.record(noon(), operation(3)).await.is_err());
    let condition = audit.condition();
    assert_eq!(condition.lost, 3);
    assert!(condition.failing.is_some());
    fs::rename(&away, &place).unwrap();
    audit.record(noon(), operation(4)).await.unwrap();
    assert_eq!(audit.condition().failing, None);
    audit.close(noon()).await;
    let verdict = verify(&place, None).unwrap();
    assert!(verdict.is_sound() && verdict.lost == 3, "{verdict:?}");
    assert!(matches!(audit.record(noon(), operation(5)).await, Err(Error::Closed)));
}

#[tokio::test]
async fn a_full_disk_leaves_no_half_of_a_line() {
    let Some(disk) = SmallDisk::mount() else { return };
    let place = disk.0.path().join("log");
    let settings = AuditSettings { segment_bytes: 64 << 10, ..AuditSettings::default() };
    let audit = Audit::open(&place, settings, noon()).unwrap();
    let mut n = 0;
    while audit.record(noon(), operation(n)).await.is_ok() {
        n += 1;
        // Many at once: the group that does not fit is half-written first.
        (0..500).for_each(|_| audit.note(noon(), operation(n)));
    }
    assert!(n > 2, "the first {n} fit");
    // What is left takes single lines, and then none.
    while audit.record(noon(), operation(n)).await.is_ok() {}
    let before = verify(&place, None).unwrap();
    assert!(before.is_sound(), "{before:?}");
    fs::remove_file(&Segment::all(&place).unwrap()[0].path).unwrap();
    audit.record(noon(), operation(n)).await.unwrap();
    audit.close(noon()).await;
    let verdict = verify(&place, None).unwrap();
    assert!(verdict.lost > 0 && verdict.unfinished == 0, "{verdict:?}");
    let kinds: Vec<_> = verdict.faults.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [FaultKind::BeginningMissing], "what the test itself took away");
}

/// A file system of 1 MiB, which only root may mount.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(directory.path());
        match mount.output() {
            Ok(output) if output.status.success() => Some(Self(directory)),
            other => {
                println!("SKIPPED: a small file system cannot be mounted here: {other:?}");
                None
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}
