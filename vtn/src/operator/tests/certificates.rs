//! Certificates in life: told before they end, refused when they have, or are taken away.

use std::cell::RefCell;
use std::io::Write;
use std::sync::{Mutex, Once};
use std::time::Duration;

use super::monitors::{get, listening};
use super::scrape::Scrape;
use super::*;

const DAY: Duration = Duration::from_secs(24 * 3600);
const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn who_operates_is_warned_thirty_days_ahead_once_a_day() {
    let log = Log::of_this_thread();
    let mut plan = Plan::new(Trust::Operators, 45);
    listening(&mut plan.config);
    let house = plan.open().await;
    house.ven("a").await;
    house.enrol("b", 1).await;
    house.clock.advance(15 * DAY - HOUR);
    house.admin(Call::new(Method::GET, &["status"])).await;
    house.clock.advance(2 * HOUR);
    house.until_told(|told| told.value(EXPIRING) == 1.0).await;
    assert_eq!(log.lines("ends soon").count(), 0, "the day is not over");
    house.clock.advance(23 * HOUR);
    log.until(|log| log.lines("VENs' certificates are to be renewed").count() == 1).await;
    let ours =
        |log: &Log| log.lines("ends soon").filter(|line| line.contains(r#"holder="vtn""#)).count();
    let vens = |log: &Log| log.lines("a VEN's certificate ends soon").collect::<Vec<_>>();
    assert_eq!((ours(&log), vens(&log).len()), (1, 1), "{log:?}");
    assert!(vens(&log)[0].contains(r#"ven="a""#), "{log:?}");
    // Not before its time: there are 29 whole days left.
    assert!(log.lines("a certificate ends soon").all(|line| line.contains("days=29")), "{log:?}");
    for holder in ["ven_authority", "operator_authority", "operator"] {
        assert!(log.lines("ends soon").any(|line| line.contains(holder)), "{holder}: {log:?}");
    }
    house.clock.advance(2 * HOUR);
    house.admin(Call::new(Method::GET, &["status"])).await;
    house.clock.advance(22 * HOUR);
    log.until(|log| ours(log) > 1).await;
    // A barred VEN's is nobody's business; then all have ended.
    house.admin(Call::new(Method::POST, &["vens", "a", "bar"])).await;
    house.clock.advance(HOUR);
    house.until_told(|told| told.value(EXPIRING) == 0.0).await;
    assert_eq!(ours(&log), 2, "once a day: {log:?}");
    house.admin(Call::new(Method::POST, &["vens", "a", "approve"])).await;
    house.clock.advance(31 * DAY);
    house.until_told(|told| (told.value(EXPIRING), told.value(EXPIRED)) == (0.0, 1.0)).await;
    log.until(|log| log.lines("a certificate has ended").any(|l| l.contains("vtn"))).await;
}

#[tokio::test]
async fn monitors_know_when_what_the_vtn_lives_by_ends() {
    let house = House::with(Trust::Operators, listening).await;
    house.admin(Call::new(Method::GET, &["status"])).await;
    house.clock.advance(HOUR);
    let told = |holder: &'static str| move |told: &Scrape| told.ends_of(holder).len() == 1;
    house.until_told(told("operator")).await;
    let scrape = house.told().await;
    let own = house.running.certificates().remove(0);
    assert_eq!(scrape.ends_of("vtn"), [own.not_after.as_second() as f64]);
    assert_eq!(scrape.ends_of("ven_authority").len(), 1);
    // Another certificate in its place: the old one is told no longer.
    let fresh = house.ca.issue(For::Vtn, "fresh", KeyKind::Ecc, &["localhost".to_owned()]).unwrap();
    let at = |name: &str| house.dir.path().join(name);
    fresh.save(&at("vtn.pem"), &at("vtn.key"), true).unwrap();
    house.clock.advance(HOUR);
    let fresh = fresh.thumbprint().fingerprint().to_string();
    house.until_told(|told| told.values_of("fingerprint").contains(fresh.as_str())).await;
    let scrape = house.told().await;
    assert!(!scrape.values_of("fingerprint").contains(own.fingerprint().to_string().as_str()));
}

#[tokio::test]
async fn certificates_are_listed_by_their_end_the_unknown_last() {
    let house = House::open(Trust::Operators).await;
    let soon = house.issue_ven_for("soon", 10);
    house.ven_with("soon", soon).await;
    house.ven("a").await;
    house.enrol("b", 1).await;
    let all = house.certificates(&[]).await;
    let of = |one: &Value| {
        let text = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
        (text("holder"), text("ven"), text("state"))
    };
    let seen: Vec<_> = all.iter().map(of).collect();
    let wanted = |holder: &str, ven: &str, state: &str| {
        (holder.to_owned(), ven.to_owned(), state.to_owned())
    };
    assert_eq!(seen[0], wanted("ven", "soon", "expiring"));
    assert_eq!(seen.last(), Some(&wanted("ven", "b", "unknown")));
    for one in [
        wanted("vtn", "-", "valid"),
        wanted("ven_authority", "-", "valid"),
        wanted("operator_authority", "-", "valid"),
        // The administrator has called, the viewer has not.
        wanted("operator", "-", "valid"),
        wanted("operator", "-", "unknown"),
        wanted("ven", "a", "valid"),
    ] {
        assert!(seen.contains(&one), "{one:?} in {seen:?}");
    }
    let ends: Vec<_> = all.iter().filter_map(|one| one["not_after"].as_str()).collect();
    assert!(ends.is_sorted(), "{ends:?}");
    // The same a page at a time.
    let (mut pages, mut after) = (Vec::new(), None::<String>);
    loop {
        let call = Call::new(Method::GET, &["certificates"]).ask("limit", "2");
        let call = after.iter().fold(call, |call, after| call.ask("after", after));
        let mut page = house.admin(call).await;
        assert!(page["items"].as_array().unwrap().len() <= 2);
        pages.append(page["items"].as_array_mut().unwrap());
        after = page["next"].as_str().map(str::to_owned);
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages, all);
    let within = |days| async move { house.certificates(&[("within", days)]).await };
    let ten = within("10").await;
    assert_eq!(ten.iter().map(of).collect::<Vec<_>>(), [wanted("ven", "soon", "expiring")]);
}

#[tokio::test]
async fn what_is_asked_wrongly_of_certificates_is_refused() {
    let house = House::open(Trust::Operators).await;
    for (name, value) in [("within", "-1"), ("within", "x"), ("after", "x"), ("limit", "0")] {
        let call = Call::new(Method::GET, &["certificates"]).ask(name, value);
        let problem = house.refused(call).await;
        assert_eq!((problem.status, problem.code.as_str()), (400, "bad_request"), "{name}={value}");
        assert!(problem.message.contains(name) || problem.field.as_deref() == Some(name));
    }
}

#[tokio::test]
async fn an_open_connection_outlives_neither_a_bar_nor_its_certificate() {
    let house = House::open(Trust::Operators).await;
    let mut ven = house.ven("a").await;
    ven.poll().await;
    assert_eq!(ven.poll().await, (200, code("200")));
    house.admin(Call::new(Method::POST, &["vens", "a", "bar"])).await;
    assert_eq!(ven.poll().await, (200, code("463")));
    house.admin(Call::new(Method::POST, &["vens", "a", "approve"])).await;
    assert_eq!(ven.poll().await, (200, code("200")), "the connection is the same");
    let print = house.admin(Call::new(Method::GET, &["vens", "a"])).await;
    let print = print["certificates"][0]["fingerprint"].as_str().unwrap().to_owned();
    house.admin(Call::new(Method::DELETE, &["vens", "a", "certificates", &print])).await;
    assert_eq!(ven.poll().await, (200, code("463")));
}

#[tokio::test]
async fn while_a_ven_changes_over_both_certificates_are_taken_and_then_one() {
    let house = Plan::new(Trust::Operators, 90).open().await;
    let (first, second) = (house.issue_ven_for("a", 10), house.issue_ven("a, renewed"));
    let mut old = house.ven_with("a", first).await;
    old.poll().await;
    let add = Call::new(Method::POST, &["vens", "a", "certificates"]);
    house.admin(add.body(json!({ "fingerprint": second }))).await;
    let state = |all: &[Value]| {
        let old = all.iter().find(|one| one["fingerprint"] == json!(first)).unwrap();
        (old["state"].clone(), old["renewed"].clone())
    };
    let before = house.certificates(&[]).await;
    assert_eq!(state(&before), ("expiring".into(), false.into()), "the new one was not seen yet");
    let mut new = house.connect("a, renewed", "a").await.unwrap();
    assert_eq!((new.poll().await, old.poll().await), ((200, code("200")), (200, code("200"))));
    let after = house.certificates(&[]).await;
    assert_eq!(state(&after), ("expiring".into(), true.into()));
    house.clock.advance(10 * DAY + HOUR);
    // Rule 516: on the connection that is open, and on another.
    assert_eq!(old.poll().await.0, 403);
    assert!(house.connect("a", "a").await.is_err(), "an expired certificate shakes no hands");
    assert_eq!(new.poll().await, (200, None), "what was not answered, once more");
    let remove = ["vens", "a", "certificates", &second.to_string()];
    house.admin(Call::new(Method::DELETE, &remove)).await;
    assert_eq!(new.poll().await, (200, code("463")), "taken away, at once");
    let mut again = house.connect("a, renewed", "a").await.unwrap();
    assert_eq!(again.poll().await, (200, code("463")));
}

fn code(code: &str) -> Option<String> {
    Some(code.to_owned())
}

const EXPIRING: &str = r#"vtn_ven_certificates{state="expiring"}"#;
const EXPIRED: &str = r#"vtn_ven_certificates{state="expired"}"#;

impl House {
    async fn certificates(&self, query: &[(&str, &str)]) -> Vec<Value> {
        let call = Call::new(Method::GET, &["certificates"]);
        let call = query.iter().fold(call, |call, (name, value)| call.ask(name, value));
        let mut page = self.admin(call).await;
        assert_eq!(page["next"], Value::Null);
        page["items"].as_array_mut().map(std::mem::take).unwrap()
    }

    /// What this machine's monitors are told: no certificate of theirs can end.
    async fn told(&self) -> Scrape {
        Scrape::read(&get(self.running.metrics_address().unwrap(), "/metrics").await.1)
    }

    /// Asks until it holds; the looking goes on beside.
    async fn until_told(&self, holds: impl Fn(&Scrape) -> bool) {
        for _ in 0..4_000 {
            if holds(&self.told().await) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{:?}", self.told().await);
    }
}

impl Scrape {
    fn ends_of(&self, holder: &str) -> Vec<f64> {
        self.all(&format!("vtn_certificate_expiry_seconds{{holder=\"{holder}\""))
    }
}

thread_local! {
    static HERE: RefCell<Option<Log>> = const { RefCell::new(None) };
}

/// What is logged on this thread.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// From now on. One subscriber is for all threads, and each line goes to its thread's log: a
    /// thread without one would turn off for all what it is the first to say.
    fn of_this_thread() -> Self {
        static ONCE: Once = Once::new();
        let here = || HERE.with_borrow(Option::clone).unwrap_or_default();
        ONCE.call_once(|| tracing_subscriber::fmt().with_ansi(false).with_writer(here).init());
        let log = Self::default();
        HERE.set(Some(log.clone()));
        log
    }

    /// The lines with these words.
    fn lines(&self, words: &str) -> impl Iterator<Item = String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<_> =
            text.lines().filter(|line| line.contains(words)).map(str::to_owned).collect();
        lines.into_iter()
    }

    async fn until(&self, holds: impl Fn(&Self) -> bool) {
        for _ in 0..4_000 {
            if holds(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{}", String::from_utf8_lossy(&self.0.lock().unwrap()));
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
