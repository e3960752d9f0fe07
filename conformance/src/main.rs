//! `conformance`: the proof of what is said in the standards' names, against parties and against
//! files. One subcommand a kind of proof.

mod args;
mod explain;
mod family;
mod play;
mod table;
mod terminal;
mod validate;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Vtn(arguments) => play::vtn(arguments),
        Command::Ven(arguments) => play::ven(arguments),
        Command::List(arguments) => explain::list(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
        Command::Rules(arguments) => table::run(&arguments),
        Command::Validate(arguments) => return validate::run(&arguments),
    };
    done.unwrap_or_else(|error| {
        eprintln!("conformance: {error}");
        ExitCode::from(2)
    })
}
