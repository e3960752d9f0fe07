//! `conformance`: the proof of what is said in the standards' names, against files for
//! now. One subcommand a kind of proof.

mod args;
mod family;
mod validate;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Validate(arguments) => validate::run(&arguments),
    }
}
