//! A server's catalog in a file, between runs.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Catalog;

/// The number of the file's format. Other numbers are not read.
const FORMAT: u32 = 1;

/// A file in the caller's cache folder. That it cannot be read or written is no failure: the server is asked.
pub(crate) struct Cache {
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Remembered<T> {
    format: u32,
    catalog: T,
}

impl Cache {
    pub(super) fn new(folder: &Path, server: &str) -> Self {
        let name: String = server
            .split_once("://")
            .map_or(server, |(_, rest)| rest)
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '.' || c == '-' {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let path = folder.join("discovery").join(format!("{name}.json"));
        Self { path }
    }

    pub(super) fn read(&self) -> Option<Catalog> {
        let text = std::fs::read(&self.path).ok()?;
        let remembered: Remembered<Catalog> = serde_json::from_slice(&text).ok()?;
        (remembered.format == FORMAT).then_some(remembered.catalog)
    }

    /// Writes beside the file and renames, so that no other run reads a half.
    pub(super) fn write(&self, catalog: &Catalog) {
        let remembered = Remembered {
            format: FORMAT,
            catalog,
        };
        let (Ok(text), Some(folder)) = (serde_json::to_vec(&remembered), self.path.parent()) else {
            return;
        };
        let beside = self
            .path
            .with_extension(format!("{}.new", std::process::id()));
        let written = std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&beside, text))
            .and_then(|()| std::fs::rename(&beside, &self.path));
        if written.is_err() {
            // Nothing depends on it; what may lie there is swept.
            let _ = std::fs::remove_file(&beside);
        }
    }
}
