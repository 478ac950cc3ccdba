//! What happened since the state was last written as a whole: a line for each request that changed it, beside the
//! file. A program that is killed loses nothing that it answered for; the next one goes on from there.
//!
//! Lines are appended without waiting for the disk: they outlive the process, not the machine.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::state::{Batch, State};

/// The lines beside a file.
pub(super) struct Journal {
    path: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    file: Option<File>,
    /// The last revision that the file or the journal knows.
    noted: u64,
    /// A line may be torn: nothing more is appended until the state was written as a whole.
    broken: bool,
}

/// Whether the journal knows of a state.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Noted {
    /// It does.
    Yes,
    /// Only writing the state as a whole can keep it.
    WantsAll,
}

impl Journal {
    pub(super) fn beside(path: PathBuf) -> Self {
        Self {
            path,
            inner: Mutex::default(),
        }
    }

    /// Goes through what happened since `state` was written. A line that is torn is the last one.
    pub(super) fn replay(&self, state: &mut State) -> io::Result<()> {
        let lines = match fs::read(&self.path) {
            Ok(lines) => lines,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for line in lines.split(|byte| *byte == b'\n') {
            let Ok(batch) = serde_json::from_slice::<Batch>(line) else {
                break;
            };
            if !state.replay(batch) {
                break;
            }
        }
        Ok(())
    }

    /// Appends what happened since the last time.
    pub(super) fn note(&self, state: &State) -> Noted {
        let mut inner = self.lock();
        if inner.noted == state.revision() {
            return Noted::Yes;
        }
        if inner.broken || inner.noted == 0 {
            return Noted::WantsAll;
        }
        let Some(batch) = state.since(inner.noted) else {
            return Noted::WantsAll;
        };
        if append(&mut inner.file, &self.path, &batch).is_err() {
            // Told when the state is written as a whole, which meets the same disk.
            inner.broken = true;
            return Noted::Yes;
        }
        inner.noted = state.revision();
        Noted::Yes
    }

    /// The state was written as a whole at `revision`: what is older is in it.
    pub(super) fn begin_anew(&self, revision: u64) -> io::Result<()> {
        let mut inner = self.lock();
        let newer = inner.noted > revision && !inner.broken;
        if newer {
            return Ok(());
        }
        inner.noted = revision;
        inner.broken = false;
        inner.file = None;
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn append(file: &mut Option<File>, path: &Path, batch: &Batch) -> io::Result<()> {
    let mut line = serde_json::to_vec(batch)?;
    line.push(b'\n');
    let file = match file {
        Some(file) => file,
        None => file.insert(super::file::private(path, false)?),
    };
    file.write_all(&line)
}
