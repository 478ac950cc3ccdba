//! The state in a file: one JSON document with a version number, replaced as a whole, beside a lock and a journal.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::journal::Journal;
use crate::state::{Saved, State};

/// The format this program writes, and the newest it reads.
const FORMAT: u64 = 1;

/// Why a sandbox's file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another program has it open.
    #[error("sandbox {} is in use by {}", path.display(), holder.told())]
    Locked {
        /// The file.
        path: PathBuf,
        /// Who has it.
        holder: Holder,
    },
    /// The lock beside it cannot be made or taken.
    #[error("cannot lock sandbox {}", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It cannot be read.
    #[error("cannot read sandbox {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It was written by a newer program.
    #[error("sandbox {} has format {found}, and this program reads up to {FORMAT}: use a newer one, or reset it", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
    /// It holds something else.
    #[error("{} is not a sandbox: reset it, or choose another file", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// It cannot be written.
    #[error("cannot write sandbox {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Who has a sandbox's file open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process, if it said so.
    pub process: Option<u32>,
    /// Where it serves the sandbox, if it does: `http://127.0.0.1:…`.
    pub address: Option<String>,
}

impl Holder {
    fn told(&self) -> String {
        let process = self.process.map(|process| format!("process {process}"));
        let process = process.unwrap_or_else(|| "another process".to_owned());
        match &self.address {
            Some(address) => format!("{process}, which serves it at {address}"),
            None => process,
        }
    }
}

/// A file that is locked for us.
pub(super) struct Store {
    path: PathBuf,
    /// Held open as long as the sandbox lives: the system lets go of the lock even when we are killed.
    lock: File,
    pub(super) journal: Journal,
}

#[derive(Serialize)]
struct Written<'a> {
    format: u64,
    state: &'a Saved,
}

#[derive(Deserialize)]
struct Held {
    format: u64,
    #[serde(default)]
    state: Value,
}

impl Store {
    /// Takes the lock beside `path`.
    pub(super) fn lock(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Lock {
            path: path.to_owned(),
            source,
        };
        if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let beside = beside(path, "lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&beside)
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                // Who has just taken it may not have signed yet.
                let signed = fs::read(&beside).unwrap_or_default();
                let holder = serde_json::from_slice(&signed).unwrap_or_default();
                return Err(Error::Locked {
                    path: path.to_owned(),
                    holder,
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        sign(&lock, None).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            lock,
            journal: Journal::beside(self::beside(path, "journal")),
        })
    }

    /// Lets whoever meets the lock know where to reach us.
    pub(super) fn serves(&self, address: &str) -> Result<(), Error> {
        sign(&self.lock, Some(address)).map_err(|source| Error::Lock {
            path: self.path.clone(),
            source,
        })
    }

    /// The state that was kept last; nothing if there is none.
    pub(super) fn restore(&self) -> Result<Option<State>, Error> {
        let failed = |source| Error::Read {
            path: self.path.clone(),
            source,
        };
        let Some(saved) = self.read()? else {
            self.journal.begin_anew(0).map_err(failed)?;
            return Ok(None);
        };
        let revision = saved.revision;
        let mut state = State::restored(saved);
        self.journal.replay(&mut state).map_err(failed)?;
        if state.revision() == revision {
            self.journal.begin_anew(revision).map_err(failed)?;
        }
        Ok(Some(state))
    }

    /// What the file holds; nothing if it is not there.
    fn read(&self) -> Result<Option<Saved>, Error> {
        let path = || self.path.clone();
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                return Err(Error::Read {
                    path: path(),
                    source,
                });
            }
        };
        let foreign = |source| Error::Foreign {
            path: path(),
            source,
        };
        let held: Held = serde_json::from_slice(&bytes).map_err(foreign)?;
        if held.format > FORMAT {
            return Err(Error::Newer {
                path: path(),
                found: held.format,
            });
        }
        serde_json::from_value(held.state)
            .map(Some)
            .map_err(foreign)
    }

    /// Replaces the file as a whole: a reader, or a crash, sees the old one or the new one.
    pub(super) fn write(&self, saved: &Saved) -> Result<(), Error> {
        let failed = |source: io::Error| Error::Write {
            path: self.path.clone(),
            source,
        };
        let written = Written {
            format: FORMAT,
            state: saved,
        };
        let bytes = serde_json::to_vec(&written).map_err(|error| failed(error.into()))?;
        let new = beside(&self.path, "new");
        let mut file = private(&new, true).map_err(failed)?;
        file.write_all(&bytes).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        fs::rename(&new, &self.path).map_err(failed)?;
        self.journal.begin_anew(saved.revision).map_err(failed)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // The lock goes with the file; what is left of the text would name a process that is gone.
        let _ = self.lock.set_len(0);
    }
}

fn sign(mut lock: &File, address: Option<&str>) -> io::Result<()> {
    let holder = Holder {
        process: Some(std::process::id()),
        address: address.map(str::to_owned),
    };
    lock.set_len(0)?;
    lock.rewind()?;
    lock.write_all(&serde_json::to_vec(&holder)?)
}

fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(what);
    path.with_file_name(name)
}

/// The file holds Secrets: for its owner's eyes only. It begins anew, or is appended to.
pub(super) fn private(path: &Path, anew: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true);
    if anew {
        options.write(true).truncate(true);
    } else {
        options.append(true);
    }
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
