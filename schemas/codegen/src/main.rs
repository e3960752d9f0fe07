//! `oadr-codegen` makes `schemas/src/generated` from `schemas/xsd`. With `--check` it
//! writes nothing and fails if what is there differs from what it would write.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => oadr_codegen::write(),
        ["--check"] => oadr_codegen::check(),
        _ => Err("usage: oadr-codegen [--check]".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("oadr-codegen: {why}");
            ExitCode::FAILURE
        }
    }
}
