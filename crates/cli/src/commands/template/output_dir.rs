//! `--output-dir`: a file for each template, instead of standard output.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Write};

use windlass_chart::path;

use crate::commands::release::render::document;
use crate::error::{Outcome, io_failure};
use crate::session::Session;
use crate::store;

/// The files written so far. Standard output tells of each.
#[derive(Debug, Default)]
pub(super) struct Written(BTreeSet<String>);

impl Written {
    /// Takes note of a file that is there already: documents are added to it.
    pub(super) fn add_if_there(&mut self, root: &str, file: &str) {
        if fs::metadata(format!("{root}/{file}")).is_ok() {
            self.0.insert(file.to_owned());
        }
    }

    /// Writes a document to a template's file: the first one replaces what was there.
    ///
    /// # Errors
    /// What the file system says.
    pub(super) fn document(
        &mut self,
        root: &str,
        file: &str,
        content: &str,
        session: &mut Session<'_>,
    ) -> Outcome {
        let target = format!("{root}/{file}");
        let directory = path::directory(&target);
        match fs::metadata(&directory) {
            Err(e) if e.kind() != ErrorKind::NotFound => {
                return Err(io_failure("stat", &directory, &e));
            }
            _ => store::make_directory(&directory)?,
        }
        let append = !self.0.insert(file.to_owned());
        let mut opened = fs::OpenOptions::new()
            .create(true)
            .write(true)
            .append(append)
            .truncate(!append)
            .open(&target)
            .map_err(|e| io_failure("open", &target, &e))?;
        let mut text = String::new();
        document(&mut text, file, content);
        opened
            .write_all(text.as_bytes())
            .map_err(|e| io_failure("write", &target, &e))?;
        session.print(format!("wrote {target}\n"))
    }
}
