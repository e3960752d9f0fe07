//! The program `certs`.
fn main() {}
