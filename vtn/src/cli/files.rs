//! Files that commands read.

use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::Failure;

/// A file's text; `-` is stdin.
///
/// # Errors
/// If it cannot be read, with its name.
pub fn text(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text).map(drop)
    } else {
        std::fs::read_to_string(path).map(|read| text = read)
    };
    read.map_err(|error| Failure::wrong(format!("cannot read {}: {error}", path.display())))?;
    Ok(text)
}

/// A file's JSON; `-` is stdin.
///
/// # Errors
/// If it cannot be read or is no JSON, with its name.
pub fn json(path: &Path) -> Result<Value, Failure> {
    serde_json::from_str(&text(path)?)
        .map_err(|error| Failure::wrong(format!("{}: {error}", path.display())))
}
