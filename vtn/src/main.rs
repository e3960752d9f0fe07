//! The program `vtn`: sets up, runs and operates a VTN.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
