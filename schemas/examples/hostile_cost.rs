//! What each class of hostile document costs the gate: CPU time and memory.
//!
//! `cargo run --release -p oadr-schemas --example hostile_cost`
//!
//! Every class and size runs in a process of its own, so that one does not use the
//! memory another left behind. CPU time is that of the kernel's scheduler for this
//! process (`/proc/self/schedstat`), the mean of many checks of the class's most costly
//! document; memory is how far the peak of the resident set (`VmHWM`) rises above what
//! was resident before the first check. Linux only. Prints a line for each class and
//! size and fails if 10 ms or 4 MiB is passed at up to 256 KiB.

use std::process::{Command, ExitCode};
use std::{env, fs, hint};

use oadr_schemas::xml::gate::{self, Limits};

#[allow(dead_code, reason = "the tests look at the verdicts, this only at the cost")]
#[path = "../tests/hostile/classes/mod.rs"]
mod classes;

use classes::{CLASSES, Class, SIZES};

/// The goal for one document of up to 256 KiB.
const CPU_MICROSECONDS: u64 = 10_000;
const EXTRA_KIB: u64 = 4 * 1024;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    if let [_, class, size] = &arguments[..] {
        let class = CLASSES.iter().find(|c| c.name == class).expect("a class");
        measure(class, size.parse().expect("a size"));
        return ExitCode::SUCCESS;
    }
    println!(
        "{:<28} {:>7} {:>9} {:>9} {:>9} {:>9}",
        "class", "bytes", "documents", "us", "MB/s", "KiB more"
    );
    let mut passed = true;
    for class in CLASSES {
        for size in SIZES {
            passed &= report(class, size);
        }
    }
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures in a new process and prints its line; whether the goals are met.
fn report(class: &Class, size: usize) -> bool {
    let output = Command::new(env::current_exe().expect("this program"))
        .args([class.name, &size.to_string()])
        .output()
        .expect("this program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let figures: Vec<u64> = String::from_utf8_lossy(&output.stdout)
        .split_whitespace()
        .map(|figure| figure.parse().expect("a figure"))
        .collect();
    let [documents, nanoseconds, extra] = figures[..] else { panic!("three figures") };
    let (micros, rate) = (nanoseconds / 1000, size as u64 * 1000 / nanoseconds.max(1));
    let met = micros < CPU_MICROSECONDS && extra < EXTRA_KIB;
    let mark = if met { "" } else { "  MISSED" };
    println!("{:<28} {size:>7} {documents:>9} {micros:>9} {rate:>9} {extra:>9}{mark}", class.name);
    met
}

/// Prints the number of documents, the nanoseconds of the slowest and the KiB of the largest.
fn measure(class: &Class, size: usize) {
    let documents = (class.documents)(size);
    let limits = Limits::default();
    let mut extra = 0;
    for document in &documents {
        // Writing 5 sets the peak back to what is resident now.
        fs::write("/proc/self/clear_refs", "5").expect("the peak can be set back");
        let before = status("VmRSS:");
        let _ = hint::black_box(gate::check(&document.bytes, &limits));
        extra = extra.max(status("VmHWM:").saturating_sub(before));
    }
    let mean = |bytes: &[u8]| {
        let (begin, mut checks) = (cpu(), 0);
        while checks < 8 || cpu() - begin < 8_000_000 {
            for _ in 0..8 {
                let _ = hint::black_box(gate::check(hint::black_box(bytes), &limits));
            }
            checks += 8;
        }
        (cpu() - begin) / checks
    };
    let slowest = documents.iter().map(|document| mean(&document.bytes)).max().unwrap_or(0);
    println!("{} {slowest} {extra}", documents.len());
}

/// Nanoseconds this process has run on a processor.
fn cpu() -> u64 {
    let text = fs::read_to_string("/proc/self/schedstat").expect("Linux");
    text.split_whitespace().next().and_then(|n| n.parse().ok()).expect("nanoseconds")
}

/// A line of `/proc/self/status`, in KiB.
fn status(name: &str) -> u64 {
    let text = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = text.lines().find(|line| line.starts_with(name)).expect("a line of that name");
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("KiB")
}
