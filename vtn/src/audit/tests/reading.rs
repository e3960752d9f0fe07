//! Lines looked up.

use super::*;

fn query(limit: usize) -> Query {
    Query { limit, ..Query::default() }
}

/// Every line that fits, page by page.
fn pages(dir: &Path, query: &Query) -> Vec<u64> {
    let (mut seen, mut query) = (Vec::new(), query.clone());
    loop {
        let found = read(dir, &query).unwrap();
        assert!(found.lines.len() <= query.limit);
        seen.extend(found.lines.iter().map(|one| one.line.seq));
        match found.next {
            Some(next) => {
                assert!(next > query.after, "it gets on");
                query.after = next;
            }
            None => return seen,
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    let dir = written(12).await;
    let all: Vec<u64> = (1..=all_lines(dir.path()).len() as u64).collect();
    for limit in [1, 2, 5, 7, 1000] {
        assert_eq!(pages(dir.path(), &query(limit)), all);
    }
    let late = Query { after: 9, ..query(3) };
    assert_eq!(pages(dir.path(), &late), all[9..]);
    let end = Query { after: u64::MAX, ..query(3) };
    assert_eq!(read(dir.path(), &end).unwrap(), Found::default());
}

#[tokio::test]
async fn only_what_is_asked_for_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let day = |n: i64| noon().checked_add(SignedDuration::from_hours(24 * n)).unwrap();
    let audit = Audit::open(dir.path(), small(), day(0)).unwrap();
    for n in 0..10 {
        let Entry::Operator(mut operation) = operation(0) else { panic!() };
        operation.operator = Some(if n % 2 == 0 { "alice" } else { "bob" }.to_owned());
        audit.record(day(n), Entry::Operator(operation)).await.unwrap();
    }
    audit.close(day(9)).await;
    let times = |query: &Query| -> Vec<i64> {
        let found = read(dir.path(), query).unwrap().lines;
        let operators = found.iter().filter(|one| matches!(one.line.entry, Entry::Operator(_)));
        operators.map(|one| one.line.time.duration_since(day(0)).as_hours() / 24).collect()
    };
    let between = Query { since: Some(day(3)), until: Some(day(7)), ..query(100) };
    assert_eq!(times(&between), [3, 4, 5, 6]);
    let alice = Query { operator: Some("alice".to_owned()), ..query(100) };
    assert_eq!(times(&alice), [0, 2, 4, 6, 8]);
    assert_eq!(times(&Query { since: Some(day(5)), ..alice }), [6, 8]);
    assert!(times(&Query { ven: Some("alice".to_owned()), ..query(100) }).is_empty());
}

#[tokio::test]
async fn an_altered_line_is_shown_as_such_and_an_unfinished_one_is_not() {
    let dir = written(2).await;
    let (all, segment) = (all_lines(dir.path()).len(), segments(dir.path()).remove(0));
    let mut altered = lines(&segment);
    altered[2] = altered[2].replace("alice", "mallory");
    put(&segment, &altered);
    let last = segments(dir.path()).pop().unwrap();
    fs::write(&last, fs::read_to_string(&last).unwrap() + "{\"seq\":9").unwrap();
    let found = read(dir.path(), &query(100)).unwrap().lines;
    let marks: Vec<_> = found.iter().map(|one| one.altered).collect();
    assert_eq!(marks[..4], [false, false, true, false]);
    assert_eq!(found.len(), all);
    // As JSON and back, which is how the API gives it.
    let text = serde_json::to_string(&found[2]).unwrap();
    assert!(text.ends_with(",\"altered\":true}"), "{text}");
    assert_eq!(serde_json::from_str::<Shown>(&text).unwrap(), found[2]);
}
