//! Bringing charts/ up to date: charts are packed beside it first, so that a failure leaves it as
//! it was.

use std::collections::HashSet;
use std::fs;

use windlass_chart::{Dependency, path};
use windlass_value::{Heap, fmt};
use windlass_version::{Constraints, Version};

use super::repositories::local_path;
use super::update::Update;
use crate::error::{Failure, Outcome, io_failure, io_reason};
use crate::input::local;
use crate::store;

impl Update<'_, '_> {
    /// Packs all locked charts into charts/ and takes out those that are outdated. The locked
    /// versions become those of the charts that were found.
    pub(super) fn fetch(&mut self, locked: &mut [Option<Dependency>]) -> Outcome {
        let charts = path::join(&[&self.chart_path, "charts"]);
        match fs::metadata(&charts) {
            Ok(found) if !found.is_dir() => {
                let quoted = fmt::quote(charts.as_bytes());
                return Err(Failure::new(format!("{quoted} is not a directory")));
            }
            Ok(_) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => store::make_directory(&charts)?,
            Err(e) => {
                return Err(io_failure("stat", &charts, &e)
                    .context(&format!("unable to retrieve file info for '{charts}'")));
            }
        }
        let name = format!("tmpcharts-{}", std::process::id());
        let staging = Staging(path::join(&[&self.chart_path, &name]));
        store::make_directory(&staging.0)?;
        self.say(&format!("Saving {} charts\n", locked.len()))?;
        for dependency in locked.iter_mut().flatten() {
            self.pack(dependency, &charts, &staging.0)?;
        }
        self.replace(locked, &staging.0, &charts)
    }

    fn pack(&mut self, dependency: &mut Dependency, charts: &str, staging: &str) -> Outcome {
        if dependency.repository.is_empty() {
            self.say(&format!(
                "Dependency {} did not declare a repository. Assuming it exists in the charts \
                 directory\n",
                dependency.name
            ))?;
            return self.check_present(dependency, charts);
        }
        if self.session.debug {
            let (name, repository) = (&dependency.name, &dependency.repository);
            self.say(&format!("Archiving {name} from repo {repository}\n"))?;
        }
        match self.archive(dependency, staging) {
            Ok(version) => {
                dependency.version = version;
                Ok(())
            }
            Err(failure) => self.tell_unsaved(failure),
        }
    }

    /// A failure to save is told on the way, too.
    fn tell_unsaved(&mut self, failure: Failure) -> Outcome {
        self.say(&format!("Save error occurred:  {}\n", failure.message))?;
        Err(failure)
    }

    /// A chart without repository has to lie in charts/, in a version that is wanted.
    fn check_present(&mut self, dependency: &Dependency, charts: &str) -> Outcome {
        let (name, wanted) = (&dependency.name, &dependency.version);
        let directory = path::join(&[charts, name]);
        let chart = local::load_directory_undetected(&directory, &mut Heap::new(), self.session)
            .map_err(|e| e.context(&format!("unable to load chart '{directory}'")))?;
        let constraints = constraints(dependency)?;
        let found = &chart.metadata.version;
        let version = Version::parse(found).map_err(|e| {
            Failure::new(format!(
                "invalid version {wanted} for dependency {name}: {e}"
            ))
        })?;
        if constraints.check(&version) {
            return Ok(());
        }
        self.tell_unsaved(Failure::new(format!(
            "dependency {name} at version {found} does not satisfy the constraint {wanted}"
        )))
    }

    /// Packs a chart from a directory nearby; gives its version.
    fn archive(&mut self, dependency: &Dependency, staging: &str) -> Result<String, Failure> {
        let directory = local_path(&dependency.repository, &self.chart_path)?;
        let mut heap = Heap::new();
        let mut chart = local::load_directory_undetected(&directory, &mut heap, self.session)?;
        store::stamp(&mut chart, self.epoch);
        let constraints = constraints(dependency)?;
        let version =
            Version::parse(&chart.metadata.version).map_err(|e| Failure::new(e.to_string()))?;
        if !constraints.check(&version) {
            return Err(Failure::new(format!(
                "can't get a valid version for dependency {}",
                dependency.name
            )));
        }
        store::archive(&chart, &heap, staging, self.session)?;
        Ok(chart.metadata.version)
    }

    /// Moves what was packed into charts/ and takes out archives that were not, except those of
    /// charts without repository.
    fn replace(&mut self, locked: &[Option<Dependency>], staging: &str, charts: &str) -> Outcome {
        let packed = files(staging)?;
        let before = files(charts)?;
        for name in &packed {
            let (source, target) = (path::join(&[staging, name]), path::join(&[charts, name]));
            if let Err(e) = local::load_archive(&source, &mut Heap::new(), self.session) {
                let why = e.message;
                self.say(&format!(
                    "Could not verify {source} for moving: {why} (Skipping)"
                ))?;
            } else if let Err(e) = fs::rename(&source, &target) {
                let why = io_reason(&e);
                self.say(&format!(
                    "Unable to move {source} to charts dir {why} (Skipping)"
                ))?;
            }
        }
        self.say("Deleting outdated charts\n")?;
        let packed: HashSet<&String> = packed.iter().collect();
        for name in before.iter().filter(|name| !packed.contains(name)) {
            self.remove_outdated(&path::join(&[charts, name]), locked)?;
        }
        Ok(())
    }

    fn remove_outdated(&mut self, file: &str, locked: &[Option<Dependency>]) -> Outcome {
        let chart = match local::load_archive(file, &mut Heap::new(), self.session) {
            Ok(chart) => chart,
            Err(e) => {
                let why = e.message;
                return self.say(&format!(
                    "Could not verify {file} for deletion: {why} (Skipping)\n"
                ));
            }
        };
        let mut present = locked.iter().flatten().filter(|d| d.repository.is_empty());
        if present.any(|d| d.name == chart.name()) {
            return Ok(());
        }
        if let Err(e) = fs::remove_file(file) {
            let why = io_failure("remove", file, &e).message;
            self.say(&format!("Could not delete {file}: {why} (Skipping)"))?;
        }
        Ok(())
    }
}

fn constraints(dependency: &Dependency) -> Result<Constraints, Failure> {
    Constraints::parse(&dependency.version).map_err(|e| {
        Failure::new(format!(
            "dependency {} has an invalid version/constraint format: {e}",
            dependency.name
        ))
    })
}

/// The names of what is in a directory and is none itself, sorted.
fn files(directory: &str) -> Result<Vec<String>, Failure> {
    let failed = |e: std::io::Error| io_failure("open", directory, &e);
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_type().is_ok_and(|t| t.is_dir()) {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// The directory charts are packed into; it goes away whatever happens.
struct Staging(String);

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed is only in the way, and there is an error to tell of already.
        let _ = fs::remove_dir_all(&self.0);
    }
}
