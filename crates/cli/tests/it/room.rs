//! [`Room`]: a place with a home and a working directory, in which the binary stands in for either Helm.

use std::fs;
use std::path::{Path, PathBuf};

use windlass_testkit::{Outcome, Place, Program};

/// The binary under test.
pub(crate) fn windlass() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_windlass"))
}

/// A directory that goes away with the test. Texts of runs name it `$ROOT`.
pub(crate) struct Room(Place);

impl Room {
    pub(crate) fn new() -> Self {
        let place = Place::new();
        for below in ["home", "work"] {
            fs::create_dir_all(place.join(below)).unwrap();
        }
        Self(place)
    }

    /// A path below the working directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(&format!("work/{name}"))
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        self.0.write(&format!("work/{name}"), content);
    }

    /// Writes a chart of nothing but a definition, in a directory of its name.
    pub(crate) fn chart(&self, name: &str) {
        let definition = format!("apiVersion: v2\nname: {name}\nversion: 0.1.0\n");
        self.write(&format!("{name}/Chart.yaml"), &definition);
    }

    pub(crate) fn read(&self, name: &str) -> String {
        self.plain(&self.0.read(&format!("work/{name}")))
    }

    /// All files and empty directories below a directory, sorted.
    pub(crate) fn files(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        collect(&self.path(name), "", &mut found);
        found.sort();
        found
    }

    /// The program in this room; `helm3` or `helm4` is what it is called.
    pub(crate) fn program(&self, program: &Path, called: &str) -> Program {
        Program::at(program)
            .called(called)
            .in_directory(self.path(""))
            .variable("HOME", self.0.join("home"))
            .variable("KUBECONFIG", self.0.join("no-kubeconfig"))
            .variable("PATH", "/usr/bin:/bin")
            .variable("TZ", "UTC")
    }

    /// Runs the binary as one of the Helms.
    pub(crate) fn run(&self, called: &str, args: &[&str]) -> Outcome {
        self.tell(&self.program(windlass(), called), args)
    }

    /// Runs a program and gives what it said without the name of this very room.
    pub(crate) fn tell<S: AsRef<std::ffi::OsStr>>(&self, program: &Program, args: &[S]) -> Outcome {
        let outcome = program.run(args);
        Outcome {
            status: outcome.status,
            stdout: self.plain(&outcome.stdout),
            stderr: self.plain(&outcome.stderr),
        }
    }

    fn plain(&self, text: &str) -> String {
        text.replace(self.0.path().to_str().unwrap(), "$ROOT")
    }
}

fn collect(directory: &Path, above: &str, found: &mut Vec<String>) {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let entries: Vec<_> = entries.collect();
    if entries.is_empty() && !above.is_empty() {
        found.push(above.to_owned());
    }
    for entry in entries {
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), found);
        } else {
            found.push(name);
        }
    }
}
