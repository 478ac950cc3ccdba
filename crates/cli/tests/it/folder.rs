//! A directory of files for one test, and the command run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A directory of one test.
pub(crate) struct Folder(pub(crate) PathBuf);

/// What a command gave.
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: i32,
}

impl Folder {
    /// Makes the directory, empty but for these files.
    pub(crate) fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("folders")
            .join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let folder = Self(path);
        for (file, text) in files {
            folder.write(file, text);
        }
        folder
    }

    /// The directory of a chart `c` with one template.
    pub(crate) fn chart(name: &str, template: &str) -> Self {
        let chartfile = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
        let files = [
            ("c/Chart.yaml", chartfile),
            ("c/templates/a.yaml", template),
        ];
        Self::new(name, &files)
    }

    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let file = self.0.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Runs the command here.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_windlass"))
            .args(args)
            .current_dir(&self.0)
            .env_clear()
            .env("HOME", &self.0)
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ran {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            // A signal, as a stack overflow sends, is no status.
            status: output.status.code().unwrap_or(-1),
        }
    }

    /// The error of a command that must fail.
    pub(crate) fn error(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.status, 1, "{}\n{}", ran.stdout, ran.stderr);
        ran.stderr
    }

    /// What `template` explains beyond Helm's words.
    pub(crate) fn explained(&self, args: &[&str]) -> String {
        let plain = self.error(&[&["template"], args].concat());
        let explained = self.error(&[&["template", "--explain"], args].concat());
        let more = explained
            .strip_prefix(plain.as_str())
            .unwrap_or_else(|| panic!("Helm's words come first:\n{plain}\n---\n{explained}"));
        more.trim_start().replace(self.0.to_str().unwrap(), "HERE")
    }
}
