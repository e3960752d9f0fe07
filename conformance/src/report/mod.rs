//! A run shown: as data, for a build server, and as a page to hand over.

pub mod html;
pub mod json;
pub mod junit;
pub mod pics;
#[cfg(test)]
mod sample;
pub mod standing;
pub mod table;
pub mod text;
pub mod unit;

use std::fs;
use std::path::Path;

pub use json::Report;
pub use unit::UnitTests;

impl Report {
    /// Writes `report.json`, `junit.xml` and `report.html` into a folder, made if need be.
    ///
    /// # Errors
    /// What could not be written.
    pub fn write(&self, folder: &Path) -> Result<(), String> {
        let told = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
        fs::create_dir_all(folder).map_err(|error| told(folder, error))?;
        let data = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        let (junit, page) = (junit::document(self), html::page(self));
        for (name, text) in [("report.json", data), ("junit.xml", junit), ("report.html", page)] {
            let path = folder.join(name);
            fs::write(&path, text).map_err(|error| told(&path, error))?;
        }
        Ok(())
    }
}
