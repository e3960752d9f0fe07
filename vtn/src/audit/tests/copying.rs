//! The log in a backup.

use super::*;

#[tokio::test]
async fn a_copy_made_while_it_is_written_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let audit = Audit::open(&dir.path().join("log"), small(), noon()).unwrap();
    let writing = tokio::spawn({
        let audit = audit.clone();
        async move {
            for n in 0.. {
                if audit.record(noon(), operation(n)).await.is_err() {
                    return n;
                }
            }
            0
        }
    });
    for n in 0..10 {
        let into = dir.path().join(format!("backup-{n}"));
        fs::create_dir(&into).unwrap();
        let head = audit.copy(into.clone()).await.unwrap();
        let verdict = verify(&into, Some(head.hash)).unwrap();
        assert!(verdict.is_sound(), "{verdict:?}");
        assert_eq!((verdict.head, verdict.unfinished), (Some(head), 0));
        assert!(audit.copy(into).await.is_err(), "not over another one");
    }
    audit.close(noon()).await;
    assert!(writing.await.unwrap() > 0);
}

#[tokio::test]
async fn a_backup_without_a_log_begins_one() {
    let (backup, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = dir.path().join("log");
    let restored = restore(backup.path(), &place, small(), noon()).unwrap();
    assert_eq!(restored, Restored::Begun);
    let told = all_lines(&place).into_iter().any(|line| {
        matches!(line.entry, Entry::Log(Note::Restored { from }) if from == backup.path().display().to_string())
    });
    assert!(told);
    write(&place, 1).await;
    assert!(verify(&place, None).unwrap().is_sound());
}
