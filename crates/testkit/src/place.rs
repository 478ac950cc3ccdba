//! [`Place`]: a directory that goes away with the test.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A directory of a test's own, removed when dropped.
#[derive(Debug)]
pub struct Place {
    directory: TempDir,
}

impl Place {
    /// An empty directory.
    #[must_use]
    #[allow(
        clippy::new_without_default,
        reason = "making a directory is no default"
    )]
    pub fn new() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("windlass-")
            .tempdir()
            .unwrap_or_else(|e| panic!("no directory for the test: {e}"));
        Self { directory }
    }

    /// A directory that holds a copy of another.
    #[must_use]
    pub fn copy_of(original: impl AsRef<Path>) -> Self {
        let place = Self::new();
        place.copy(original, "");
        place
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The path of something in it.
    #[must_use]
    pub fn join(&self, relative: &str) -> PathBuf {
        self.path().join(relative)
    }

    /// Writes a file, with the directories it needs.
    pub fn write(&self, relative: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(relative);
        make_parents(&path);
        fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        path
    }

    /// The text of a file.
    #[must_use]
    pub fn read(&self, relative: &str) -> String {
        let path = self.join(relative);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    /// Removes a file or a directory with all that is in it.
    pub fn remove(&self, relative: &str) {
        let path = self.join(relative);
        let removed = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }

    /// Copies a directory to a place below this one.
    pub fn copy(&self, original: impl AsRef<Path>, relative: &str) {
        copy_directory(original.as_ref(), &self.join(relative));
    }
}

fn make_parents(path: &Path) {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).unwrap_or_else(|e| panic!("{}: {e}", parent.display()));
    }
}

fn copy_directory(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap_or_else(|e| panic!("{}: {e}", to.display()));
    let entries = fs::read_dir(from).unwrap_or_else(|e| panic!("{}: {e}", from.display()));
    for entry in entries {
        let entry = entry.unwrap_or_else(|e| panic!("{}: {e}", from.display()));
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_directory(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap_or_else(|e| panic!("{}: {e}", from.display()));
        }
    }
}
