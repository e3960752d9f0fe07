//! How many durable commits a second, and how long a reopening after a kill
//! takes; the figures of docs/decisions/0002-store-engine.md.
//!
//! ```sh
//! cargo run --release -p oadr-store --example commit_rate -- [DIRECTORY] [RECORDS]
//! ```
//!
//! DIRECTORY (default `.`) must be on the disk in question; RECORDS (default
//! 1,000,000; 0: leave it out) is for the reopening. Each rate is the median of three runs.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use oadr_store::{Batch, Options, Read, Store};
use redb::{Database, Durability, TableDefinition};

const BARE: TableDefinition<&[u8], &[u8]> = TableDefinition::new("records");
const T: &str = "records";
const SPAN: Duration = Duration::from_secs(3);

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let directory = PathBuf::from(arguments.next().unwrap_or_else(|| ".".to_owned()));
    let records: u64 = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
    if arguments.next().is_some() {
        return fill_and_wait(&directory, records);
    }
    let scratch = directory.join("commit_rate.scratch");
    std::fs::remove_dir_all(&scratch).ok();
    std::fs::create_dir_all(&scratch)?;
    rates(&scratch)?;
    for quick_repair in [false, true].into_iter().filter(|_| records > 0) {
        reopening(&scratch, records, quick_repair)?;
    }
    Ok(std::fs::remove_dir_all(&scratch)?)
}

fn rates(scratch: &Path) -> Result<(), Failure> {
    println!("fdatasync of 1 kB appended, one by one: {:>8.0}/s", median(|| syncs(scratch))?);
    let bare = median(|| bare(scratch))?;
    println!("bare engine, one commit each:           {bare:>8.0}/s");
    for quick_repair in [false, true] {
        for writers in [1, 64] {
            let rate = median(|| group(scratch, writers, quick_repair))?;
            println!(
                "store, {writers:>2} writers, quick repair {quick_repair:<5}:   {rate:>8.0}/s  {:.2} x bare",
                rate / bare
            );
        }
    }
    Ok(())
}

fn median(run: impl Fn() -> Result<f64, Failure>) -> Result<f64, Failure> {
    let mut rates = [run()?, run()?, run()?];
    rates.sort_by(f64::total_cmp);
    Ok(rates[1])
}

fn record(n: u64) -> (Vec<u8>, Vec<u8>) {
    // Spread keys, as identifiers are.
    let key = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes().to_vec();
    let value: Vec<u8> = (0..1024_u64).map(|at| (n.wrapping_mul(31) + at) as u8).collect();
    (key, value)
}

fn syncs(scratch: &Path) -> Result<f64, Failure> {
    use std::io::Write;
    let mut file = OpenOptions::new().create(true).append(true).open(scratch.join("log"))?;
    let (start, mut count) = (now(), 0_u64);
    while start.elapsed() < SPAN {
        file.write_all(&record(count).1)?;
        file.sync_data()?;
        count += 1;
    }
    Ok(count as f64 / start.elapsed().as_secs_f64())
}

fn bare(scratch: &Path) -> Result<f64, Failure> {
    let file = scratch.join("bare");
    std::fs::remove_file(&file).ok();
    let database = Database::builder().set_cache_size(64 << 20).create(&file)?;
    let (start, mut count) = (now(), 0_u64);
    while start.elapsed() < SPAN {
        let mut transaction = database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        let (key, value) = record(count);
        transaction.open_table(BARE)?.insert(key.as_slice(), value.as_slice())?;
        transaction.commit()?;
        count += 1;
    }
    Ok(count as f64 / start.elapsed().as_secs_f64())
}

fn group(scratch: &Path, writers: u64, quick_repair: bool) -> Result<f64, Failure> {
    let place = scratch.join("group");
    std::fs::remove_dir_all(&place).ok();
    let store = Store::open(&place, Options { quick_repair, ..Options::default() })?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    runtime.block_on(async {
        let start = now();
        let tasks: Vec<_> =
            (0..writers).map(|writer| tokio::spawn(write(store.clone(), start, writer))).collect();
        let mut count = 0;
        for task in tasks {
            count += task.await??;
        }
        Ok(count as f64 / start.elapsed().as_secs_f64())
    })
}

async fn write(store: Store, start: Instant, writer: u64) -> Result<u64, oadr_store::Error> {
    let mut count = 0;
    while start.elapsed() < SPAN {
        let mut batch = Batch::new();
        let (key, value) = record(count * 64 + writer);
        batch.put(T, key, value);
        store.commit(batch).await?;
        count += 1;
    }
    Ok(count)
}

/// Fills a store in a child, kills it, and opens what is left.
fn reopening(scratch: &Path, records: u64, quick_repair: bool) -> Result<(), Failure> {
    let place = scratch.join("reopening");
    std::fs::remove_dir_all(&place).ok();
    let mut child = Command::new(std::env::current_exe()?)
        .arg(&place)
        .arg(records.to_string())
        .arg("child")
        .env("QUICK", if quick_repair { "yes" } else { "" })
        .stdout(Stdio::piped())
        .spawn()?;
    let mut output = child.stdout.take().ok_or("no pipe")?;
    std::io::Read::read_exact(&mut output, &mut [0])?;
    child.kill()?;
    child.wait()?;
    let bytes = File::open(place.join("store.redb"))?.metadata()?.len();
    let options = Options { quick_repair, ..Options::default() };
    let start = now();
    let store = Store::open(&place, options)?;
    let opened = start.elapsed();
    store.get_bytes(T, &record(records / 2).0)?.ok_or("a record is missing")?;
    drop(store);
    let start = now();
    drop(Store::open(&place, options)?);
    println!(
        "reopening {records} records, file {} MB, quick repair {quick_repair}: \
         {opened:.1?} after a kill, {:.1?} after a close",
        bytes >> 20,
        start.elapsed()
    );
    Ok(())
}

/// The child: fills a store, says so, and goes on writing until it is killed.
fn fill_and_wait(place: &Path, records: u64) -> Result<(), Failure> {
    let quick_repair = std::env::var("QUICK").is_ok_and(|text| text == "yes");
    let store = Store::open(place, Options { quick_repair, ..Options::default() })?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        for n in 0.. {
            let mut batch = Batch::new();
            for n in n * 1000..(n + 1) * 1000 {
                let (key, value) = record(n);
                batch.put(T, key, value);
            }
            store.commit(batch).await?;
            if (n + 1) * 1000 >= records {
                print!("!");
                std::io::Write::flush(&mut std::io::stdout())?;
            }
        }
        Ok(())
    })
}

#[allow(clippy::disallowed_methods, reason = "measuring time is what it is for")]
fn now() -> Instant {
    Instant::now()
}
