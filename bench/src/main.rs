//! `bench [SECONDS]` prints how fast documents are decoded and encoded, in MB/s of the
//! document's bytes and as a ratio to a bare scan by quick-xml in the same run.

use std::process::ExitCode;
use std::time::Duration;

use oadr_bench::documents;
use oadr_bench::rounds::{self, Times};

fn main() -> ExitCode {
    let Ok(seconds) = std::env::args().nth(1).map_or(Ok(2), |s| s.parse()) else {
        eprintln!("usage: bench [SECONDS for each document]");
        return ExitCode::from(2);
    };
    println!("MB/s of the bytes read or written; ratios to the scan; best of many turns");
    println!(
        "{:<34}{:>8}{:>7}{:>7}{:>8}{:>8}  {:>12}{:>12}{:>15}",
        "document",
        "bytes",
        "scan",
        "gate",
        "decode",
        "encode",
        "decode/scan",
        "gate+decode",
        "encode/decode"
    );
    for document in documents::all() {
        match rounds::measure(&document, Duration::from_secs(seconds)) {
            Ok(times) => println!("{}", line(&document, &times)),
            Err(why) => {
                eprintln!("bench: {why}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn line(document: &documents::Document, times: &Times) -> String {
    let bytes = document.text.len();
    #[allow(clippy::cast_precision_loss)] // A few digits are shown.
    let speed = |bytes: usize, time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    let ratio = |time: Duration| times.scan.as_secs_f64() / time.as_secs_f64();
    let bare = times.behind_the_gate();
    format!(
        "{:<34}{bytes:>8}{:>7.0}{:>7.0}{:>8.0}{:>8.0}  {:>12.2}{:>12.2}{:>15.2}",
        document.name,
        speed(bytes, times.scan),
        speed(bytes, times.gate),
        speed(bytes, bare),
        speed(times.written, times.encode),
        ratio(bare),
        ratio(times.decode),
        speed(times.written, times.encode) / speed(bytes, bare),
    )
}
