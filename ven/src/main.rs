//! The program `ven`; all of it is in `oadr_ven::cli`.

fn main() -> std::process::ExitCode {
    oadr_ven::cli::run()
}
