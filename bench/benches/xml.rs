//! The same steps under criterion, for watching one of them over time.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use oadr_bench::{documents, rounds};
use oadr_schemas::xml::{Limits, gate};

fn steps(c: &mut Criterion) {
    for document in documents::all() {
        let mut group = c.benchmark_group(document.name);
        let value = rounds::decode(&document).expect("our own documents are valid");
        let bytes = document.text.as_bytes();
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function("scan", |b| b.iter(|| rounds::scan(black_box(&document.text))));
        group.bench_function("gate", |b| {
            b.iter(|| gate::check(black_box(bytes), &Limits::reports()).map(str::len))
        });
        group.bench_function("decode", |b| b.iter(|| rounds::decode(black_box(&document))));
        group.throughput(Throughput::Bytes(rounds::encode(&value).len() as u64));
        group.bench_function("encode", |b| b.iter(|| rounds::encode(black_box(&value))));
        group.finish();
    }
}

criterion_group!(benches, steps);
criterion_main!(benches);
