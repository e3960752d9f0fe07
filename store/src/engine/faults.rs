//! The embedded engine on a disk that fails at its n-th operation, or loses
//! power at any moment: nothing acknowledged is lost, nothing refused is there,
//! no batch is torn, and after a failed sync nothing is acknowledged.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::disk::{Disk, Plan, PowerCuts};
use super::embedded::{create, on_blocks};
use super::life::During;
use crate::batch::Batch;
use crate::error::Error;
use crate::snapshot::{Read, Span};
use crate::store::{Options, Store};

const T: &str = "records";
const COMMITS: u32 = 12;

/// What became of each commit.
type Outcomes = BTreeMap<u32, Result<(), Error>>;

#[test]
fn any_operation_may_fail() {
    let kinds = [ErrorKind::StorageFull, ErrorKind::Other];
    let every = std::env::var_os("STORE_EVERY_FAULT").is_some();
    let mut runs = 0;
    for during in [During::Read, During::Write, During::Sync] {
        for (kind, lasting, quick_repair) in kinds.iter().flat_map(|kind| {
            [(false, false), (true, false), (false, true), (true, true)]
                .map(|(lasting, quick_repair)| (*kind, lasting, quick_repair))
        }) {
            let options = Options { quick_repair, cache_bytes: 0, ..Options::default() };
            let mut after = 0;
            // Until one more than the work has: each operation if asked, else
            // most of the early ones and some of the later ones.
            while fails_at(Plan { after, during, kind, lasting }, options) {
                after += if every { 1 } else { 1 + after / 2 };
                runs += 1;
            }
        }
    }
    println!("{runs} failing operations");
    assert!(runs > 100, "only {runs} operations failed");
}

fn fails_at(plan: Plan, options: Options) -> bool {
    let disk = new_disk();
    disk.set_plan(Some(plan));
    let outcomes = match open(&disk, options) {
        Ok(store) => work(&store, |_| {}),
        Err(error) => {
            assert!(disk.was_struck(), "{plan:?}: {error}");
            Outcomes::new()
        }
    };
    disk.set_plan(None);
    judge(&plan, &outcomes);
    let store = open(&disk, options).unwrap_or_else(|error| panic!("{plan:?}: {error}"));
    look(&store, &outcomes, &format!("{plan:?}"));
    disk.was_struck()
}

fn judge(plan: &Plan, outcomes: &Outcomes) {
    let mut stopped = false;
    for (number, outcome) in outcomes {
        assert!(!(stopped && outcome.is_ok()), "{plan:?}: {number} was acknowledged after a stop");
        match outcome {
            Err(Error::Stopped { .. }) => stopped = true,
            Err(Error::Full { .. } | Error::Unsure { .. }) | Ok(()) => {}
            Err(other) => panic!("{plan:?}: {number}: {other}"),
        }
        let full = matches!(outcome, Err(Error::Full { .. }));
        let may_go_on = plan.during == During::Write && plan.kind == ErrorKind::StorageFull;
        assert!(!full || may_go_on, "{plan:?}: {number} was taken for a full disk");
        assert!(!(stopped && may_go_on), "{plan:?}: a full disk stopped the store");
    }
    let refused = outcomes.values().filter(|outcome| outcome.is_err()).count();
    assert!(plan.lasting || stopped || refused <= 1, "{plan:?}: {refused} refused by one failure");
}

#[test]
fn power_may_go_at_any_moment() {
    let variants: u32 = std::env::var("STORE_CUTS").map_or(1, |text| text.parse().unwrap());
    let mut random = StdRng::seed_from_u64(42);
    let mut cuts = 0;
    for quick_repair in [false, true] {
        let options = Options { quick_repair, ..Options::default() };
        let disk = new_disk();
        let before = disk.bytes();
        let start = disk.ops();
        // How many operations the disk had done at each acknowledgement.
        let mut acknowledged = Vec::new();
        let store = open(&disk, options).unwrap();
        work(&store, |number| acknowledged.push((disk.ops(), number)));
        drop(store);
        let mut power = PowerCuts::before(before);
        for (at, op) in disk.log().iter().enumerate().skip(start) {
            for _ in 0..variants {
                cuts += 1;
                let due = acknowledged.iter().filter(|(ops, _)| *ops <= at);
                let due = due.map(|(_, number)| (*number, Ok(()))).collect();
                let name = format!("quick repair {quick_repair}, cut before operation {at}");
                let after = Disk::of(power.cut(&mut random));
                let store = open(&after, options).unwrap_or_else(|error| panic!("{name}: {error}"));
                look(&store, &due, &name);
            }
            power.step(op);
        }
    }
    println!("{cuts} power cuts");
    assert!(cuts > 100, "only {cuts} cuts");
}

/// The power cuts would find a store that acknowledges before its sync.
#[test]
fn the_pretended_disk_does_lose_what_was_not_synced() {
    let disk = new_disk();
    let store = open(&disk, Options::default()).unwrap();
    let (before, start) = (disk.bytes(), disk.ops());
    work(&store, |_| {});
    let mut power = PowerCuts::before(before.clone());
    let log = disk.log();
    // Every sync is left out, as if the disk had lied.
    let lied = log[start..].iter().filter(|op| !matches!(op, super::disk::Op::Sync));
    lied.for_each(|op| power.step(op));
    let mut random = StdRng::seed_from_u64(1);
    let lost = (0..20).filter(|_| power.cut(&mut random) != disk.bytes()).count();
    assert!(lost > 5, "{lost}");
}

fn new_disk() -> Disk {
    let disk = Disk::default();
    create(Box::new(disk.clone()), Path::new("new")).unwrap().close().unwrap();
    disk
}

fn open(disk: &Disk, options: Options) -> Result<Store, Error> {
    let disk = disk.clone();
    let blocks = move || Ok(Box::new(disk.clone()) as _);
    let engine = on_blocks("disk".into(), None, blocks, options)?;
    Ok(Store::with_engine(Arc::new(engine)))
}

/// Commits of two records each, some of many pages, some that overwrite.
fn work(store: &Store, mut acknowledged: impl FnMut(u32)) -> Outcomes {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut outcomes = Outcomes::new();
    for number in 0..COMMITS {
        let mut batch = Batch::new();
        for side in ["left", "right"] {
            batch.put(T, key(number, side), content(number));
        }
        batch.put("last", b"number".to_vec(), number.to_be_bytes().to_vec());
        let outcome = runtime.block_on(store.commit(batch));
        if outcome.is_ok() {
            acknowledged(number);
        }
        outcomes.insert(number, outcome);
    }
    outcomes
}

fn key(number: u32, side: &str) -> Vec<u8> {
    format!("{number:03} {side}").into_bytes()
}

fn content(number: u32) -> Vec<u8> {
    let length = if number % 5 == 4 { 20_000 } else { 300 };
    StdRng::seed_from_u64(number.into()).random_iter().take(length).collect()
}

fn look(store: &Store, outcomes: &Outcomes, name: &str) {
    let view = store.snapshot().unwrap_or_else(|error| panic!("{name}: {error}"));
    let pairs: BTreeMap<_, _> = view.range_bytes(T, &Span::all()).unwrap().into_iter().collect();
    let mut there = 0;
    for number in 0..COMMITS {
        let [left, right] = ["left", "right"].map(|side| pairs.get(&key(number, side)));
        assert_eq!(left.is_some(), right.is_some(), "{name}: {number} is torn");
        assert!(left.is_none_or(|value| *value == content(number)), "{name}: {number} is wrong");
        there += usize::from(left.is_some()) * 2;
        match outcomes.get(&number) {
            Some(Ok(())) => assert!(left.is_some(), "{name}: {number} is lost"),
            Some(Err(Error::Full { .. })) => assert!(left.is_none(), "{name}: {number} is there"),
            _ => {}
        }
    }
    assert_eq!(pairs.len(), there, "{name}: more is there than was written");
}
