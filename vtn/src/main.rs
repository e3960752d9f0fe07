//! The program `vtn`: sets up, runs and operates a VTN.

mod cli;
#[allow(dead_code, unused_imports)] // A library's module: the program does not call all of it.
mod operator;

// What the operator's side is written against.
use oadr_vtn::{Counters, Error, Vtn, control, hooks, record, settings};

fn main() -> std::process::ExitCode {
    cli::run()
}
