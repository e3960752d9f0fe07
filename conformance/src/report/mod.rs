//! A run shown: as data, for a build server, and as a page to hand over.

pub mod json;
pub mod junit;
#[cfg(test)]
mod sample;
pub mod standing;

use std::fs;
use std::path::Path;

pub use json::Report;

impl Report {
    /// Writes `report.json`, `junit.xml` and `report.html` into a folder, made if need be.
    ///
    /// # Errors
    /// What could not be written.
    pub fn write(&self, folder: &Path) -> Result<(), String> {
        let told = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
        fs::create_dir_all(folder).map_err(|error| told(folder, error))?;
        let data = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        for (name, text) in [("report.json", data), ("junit.xml", junit::document(self))] {
            let path = folder.join(name);
            fs::write(&path, text).map_err(|error| told(&path, error))?;
        }
        Ok(())
    }
}
