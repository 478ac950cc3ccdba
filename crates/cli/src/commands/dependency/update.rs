//! `dependency update` and `dependency build`: from Chart.yaml or Chart.lock to charts/.

use std::fs;

use windlass_chart::dependencies::lock;
use windlass_chart::{Chart, Dependency, Lock, metadata, path};
use windlass_value::{Heap, fmt};

use super::repositories::{check_locked, settle};
use super::resolve::resolve;
use crate::error::{Failure, Outcome, io_failure};
use crate::input::local;
use crate::log::Event;
use crate::session::Session;
use crate::store;

/// One update of a chart's charts/.
pub(super) struct Update<'u, 's> {
    pub(super) chart_path: String,
    pub(super) epoch: Option<i64>,
    pub(super) session: &'u mut Session<'s>,
    quiet: bool,
}

/// Brings charts/ up to date with Chart.yaml and tells of it on standard output.
///
/// # Errors
/// Whatever stands in the way; charts/ is as it was then.
pub(in crate::commands) fn update_loudly(
    chart_path: &str,
    epoch: Option<i64>,
    session: &mut Session<'_>,
) -> Outcome {
    Update::new(chart_path, epoch, false, session).update()
}

/// The same, without a word.
///
/// # Errors
/// Whatever stands in the way; charts/ is as it was then.
pub(in crate::commands) fn update_quietly(
    chart_path: &str,
    epoch: Option<i64>,
    session: &mut Session<'_>,
) -> Outcome {
    Update::new(chart_path, epoch, true, session).update()
}

/// Fills charts/ with what Chart.lock names; without a Chart.lock, as `update_loudly`.
///
/// # Errors
/// Whatever stands in the way; charts/ is as it was then.
pub(super) fn build(chart_path: &str, epoch: Option<i64>, session: &mut Session<'_>) -> Outcome {
    Update::new(chart_path, epoch, false, session).build()
}

impl<'u, 's> Update<'u, 's> {
    fn new(
        chart_path: &str,
        epoch: Option<i64>,
        quiet: bool,
        session: &'u mut Session<'s>,
    ) -> Self {
        Self {
            chart_path: chart_path.to_owned(),
            epoch,
            session,
            quiet,
        }
    }

    pub(super) fn say(&mut self, text: &str) -> Outcome {
        if self.quiet {
            return Ok(());
        }
        self.session.print(text)
    }

    fn update(mut self) -> Outcome {
        let mut heap = Heap::new();
        let chart = self.load(&mut heap)?;
        self.update_chart(&chart, &heap)
    }

    fn update_chart(&mut self, chart: &Chart, heap: &Heap) -> Outcome {
        let Some(mut wanted) = chart.metadata.dependencies.clone() else {
            return Ok(());
        };
        self.settle(&mut wanted)?;
        let mut locked = resolve(&wanted, &self.chart_path, self.session)?;
        self.fetch(&mut locked)?;
        let digest = lock::digest(heap, Some(&wanted), Some(&locked));
        if chart.lock.as_ref().is_some_and(|old| old.digest == digest) {
            return Ok(());
        }
        let now = windlass_time::Time::now(store::now(), 0);
        let lock = Lock {
            generated: now.to_rfc3339().unwrap_or_default(),
            digest,
            dependencies: Some(locked),
        };
        write_lock(&self.chart_path, &lock, chart.metadata.api_version == "v1")
    }

    fn build(mut self) -> Outcome {
        let mut heap = Heap::new();
        let chart = self.load(&mut heap)?;
        let Some(lock) = &chart.lock else {
            return self.update_chart(&chart, &heap);
        };
        let v1 = chart.metadata.api_version == "v1";
        let mut wanted = chart.metadata.dependencies.clone();
        let digest_of_helm2 = lock::digest_of_helm2(&heap, wanted.as_deref());
        if let Some(wanted) = &mut wanted {
            self.settle(wanted)?;
        }
        let digest = lock::digest(&heap, wanted.as_deref(), lock.dependencies.as_deref());
        if digest != lock.digest {
            if v1 {
                self.session.log(&Event::LockOfHelm2);
            }
            if !v1 || digest_of_helm2 != lock.digest {
                return Err(self.out_of_sync(v1));
            }
        }
        let mut locked = lock.dependencies.clone().unwrap_or_default();
        check_locked(&locked, self.session)?;
        self.fetch(&mut locked)
    }

    fn settle(&mut self, wanted: &mut [Option<Dependency>]) -> Outcome {
        settle(wanted, &self.chart_path, self.session)?;
        if self.session.debug {
            for dependency in wanted.iter().flatten() {
                let repository = &dependency.repository;
                if repository.starts_with("file://") {
                    self.say(&format!("Repository from local path: {repository}\n"))?;
                }
            }
        }
        Ok(())
    }

    fn load(&mut self, heap: &mut Heap) -> Result<Chart, Failure> {
        let path = &self.chart_path;
        match fs::metadata(path) {
            Err(e) => Err(io_failure("stat", path, &e).context(&format!("could not find {path}"))),
            Ok(found) if !found.is_dir() => {
                Err(Failure::new("only unpacked charts can be updated"))
            }
            Ok(_) => local::load_directory_undetected(path, heap, self.session),
        }
    }

    fn out_of_sync(&self, v1: bool) -> Failure {
        let (lock, definition) = if v1 {
            ("requirements.lock", "requirements.yaml")
        } else {
            ("Chart.lock", "Chart.yaml")
        };
        let mut text = format!(
            "the lock file ({lock}) is out of sync with the dependencies file ({definition}). \
             Please update the dependencies"
        );
        if !v1 && self.session.compat.names_the_remedy_for_locks() {
            text += &format!(" with '{} dependency update'", self.session.program);
        }
        Failure::new(text)
    }
}

fn write_lock(chart_path: &str, lock: &Lock, v1: bool) -> Outcome {
    let name = if v1 {
        "requirements.lock"
    } else {
        "Chart.lock"
    };
    let file = path::join(&[chart_path, name]);
    if let Ok(target) = fs::read_link(&file) {
        return Err(Failure::new(format!(
            "the {name} file is a symlink to {}",
            fmt::quote(target.to_string_lossy().as_bytes())
        )));
    }
    let text =
        metadata::lock_to_yaml(&Heap::new(), lock).map_err(|e| Failure::new(e.to_string()))?;
    fs::write(&file, text).map_err(|e| io_failure("open", &file, &e))
}
