//! Any bytes are refused, or read, written, and read as the same again.

#![no_main]

#[path = "../../tests/common/fixpoint.rs"]
mod fixpoint;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fixpoint::check(bytes);
});
