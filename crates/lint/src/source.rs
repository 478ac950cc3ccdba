//! [`Source`]: what lies in a chart's directory, as data.

use windlass_chart::File;
use windlass_value::Str;

/// A chart's directory.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its absolute path, for messages.
    pub directory: String,
    /// Chart.yaml.
    pub chartfile: Entry,
    /// values.yaml.
    pub values: Entry,
    /// values.schema.json.
    pub schema: Entry,
    /// templates/; of a file only its presence counts.
    pub templates: Entry,
    /// crds/; of a file only its presence counts.
    pub crds: Entry,
    /// The files that .helmignore leaves, in the order of a walk, or why the walk failed.
    pub files: Result<Vec<File>, String>,
}

/// What stands under a name. Symbolic links are followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Absent,
    /// A file with this content.
    File(Str),
    /// A directory.
    Directory,
    /// Something that cannot be looked at, and Go's error about it.
    Failed(String),
}

impl Source {
    /// The content of a file, or Go's error about reading it.
    pub(crate) fn read<'e>(&self, entry: &'e Entry, name: &str) -> Result<&'e Str, String> {
        let directory = &self.directory;
        match entry {
            Entry::File(data) => Ok(data),
            Entry::Absent => Err(format!(
                "open {directory}/{name}: no such file or directory"
            )),
            Entry::Directory => Err(format!("read {directory}/{name}: is a directory")),
            Entry::Failed(error) => Err(error.clone()),
        }
    }
}
