//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::family::Family;

/// Holds documents and parties against OpenADR 2.0b and OASIS Energy Interoperation 1.0.
#[derive(Debug, Parser)]
#[command(name = "conformance", version)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Says of each document whether it is a valid message, and if not, where it fails.
    ///
    /// Exits with 0 if all are valid, 1 if one is refused, 2 if one cannot be read or
    /// written.
    Validate(Validate),
}

#[derive(Debug, Args)]
pub struct Validate {
    /// The family the documents are of; by default the root element tells.
    #[arg(long, value_enum)]
    pub family: Option<Family>,
    /// Writes each valid document into this folder again, under its name, as this
    /// project writes messages.
    #[arg(long, value_name = "DIR")]
    pub reencode: Option<PathBuf>,
    /// Lets --reencode overwrite files.
    #[arg(long, requires = "reencode")]
    pub force: bool,
    /// Prints one JSON object a document instead of one line of text.
    #[arg(long)]
    pub json: bool,
    /// Largest document in bytes; the number of elements allowed grows with it.
    #[arg(long, value_name = "N", default_value_t = 256 * 1024)]
    pub max_bytes: usize,
    /// XML documents; `-` is the standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}
