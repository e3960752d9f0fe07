//! The program `certs`: makes, shows and checks certificates for OpenADR.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
