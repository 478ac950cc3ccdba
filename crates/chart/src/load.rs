//! From files to a [`Chart`]: Helm's `LoadFiles`.
//!
//! The files come from a directory (ignored ones left out, byte order marks cut) or from
//! [`crate::archive::read`]; charts below, packed or not, are loaded with them. Whether Helm would
//! load a chart of this `apiVersion` at all is [`check_api_version`]'s question.

use std::collections::BTreeMap;

use windlass_value::{Heap, MapType};

use crate::archive::{self, Limits};
use crate::chart::{Chart, File, Lock};
use crate::compat::Compat;
use crate::metadata::{DecodeError, Metadata, ValidationError};
use crate::path;
use crate::values::{self, ParseError};
use crate::warning::{Failed, Warning, collecting};

/// Files do not make a chart; the texts are Helm's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Chart.yaml, Chart.lock, requirements.yaml or requirements.lock cannot be read.
    #[error("cannot load {file}: {error}")]
    Decode {
        /// The file's name.
        file: &'static str,
        /// What is wrong with it.
        error: DecodeError,
    },
    /// values.yaml cannot be read.
    #[error("cannot load values.yaml: {0}")]
    Values(ParseError),
    /// There is no Chart.yaml.
    #[error("Chart.yaml file is missing")]
    NoChartfile,
    /// Chart.yaml does not pass the checks.
    #[error(transparent)]
    Invalid(#[from] ValidationError),
    /// A chart below cannot be loaded.
    #[error("error unpacking subchart {name} in {parent}: {error}")]
    Subchart {
        /// Its directory or archive in charts/.
        name: String,
        /// The chart's name.
        parent: String,
        /// Why.
        error: Box<Error>,
    },
    /// Something in charts/ is called like an archive but is a directory.
    #[error("error unpacking subchart tar in {parent}: expected {name}, got {found}")]
    NoSubchartArchive {
        /// The name of the archive.
        name: String,
        /// The chart's name.
        parent: String,
        /// The first file below it.
        found: String,
    },
    /// An archive cannot be read.
    #[error(transparent)]
    Archive(#[from] archive::Error),
    /// Charts stand in charts too deep for any real chart.
    #[error("charts are nested more than {MAX_DEPTH} deep")]
    TooDeep,
    /// The charts' values together are larger than any real chart's.
    #[error("default values need more than {MAX_VALUES} bytes of memory")]
    ValuesTooLarge,
    /// This Helm does not know the chart's `apiVersion`.
    #[error("unsupported chart version")]
    UnsupportedVersion,
}

/// How deep charts may stand in charts.
const MAX_DEPTH: usize = 64;
/// How much the charts packed in a chart may hold together, as a part of what one chart may hold.
const NESTED_PART: u64 = 2;
/// How much memory the values of all charts together may take.
const MAX_VALUES: usize = 128 << 20;

/// Loads a chart. Its default values go into the heap.
///
/// Charts below that Chart.yaml does not name come in order of their names in charts/; Helm's order
/// is random there.
///
/// # Errors
/// [`Error`]
pub fn load(
    files: Vec<File>,
    heap: &mut Heap,
    compat: Compat,
) -> Result<(Chart, Vec<Warning>), Failed<Error>> {
    load_as(Edition::Common, files, heap, compat)
}

/// Which loader reads a chart: Helm 4 has one of its own for charts of apiVersion v3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// Charts of apiVersion v1 and v2, and whatever has not been looked at before.
    Common,
    /// Charts of apiVersion v3 with all below them: requirements.yaml and requirements.lock are files
    /// like any other.
    V3,
}

/// [`load`] with the loader that [`check_api_version`] found.
///
/// # Errors
/// [`Error`]
pub fn load_as(
    edition: Edition,
    files: Vec<File>,
    heap: &mut Heap,
    compat: Compat,
) -> Result<(Chart, Vec<Warning>), Failed<Error>> {
    let limits = Limits::default();
    let budget = limits.total_bytes / NESTED_PART;
    let (mut chart, warnings) = collecting(|warnings| {
        Loader {
            heap,
            compat,
            edition,
            warnings,
            limits,
            budget,
        }
        .chart(files, 0)
    })?;
    place(&mut chart, None);
    Ok((chart, warnings))
}

/// Finds Helm's loader for the `apiVersion` in Chart.yaml; Helm 3 has but one.
///
/// # Errors
/// [`Error::UnsupportedVersion`], or why Chart.yaml cannot be read.
pub fn check_api_version(chartfile: &[u8], compat: Compat) -> Result<Edition, Error> {
    if !compat.detects_charts_first() {
        return Ok(Edition::Common);
    }
    match Metadata::read_api_version(chartfile).as_deref() {
        Ok("" | "v1" | "v2") => Ok(Edition::Common),
        Ok("v3") => Ok(Edition::V3),
        Ok(_) => Err(Error::UnsupportedVersion),
        Err(error) => Err(Error::Decode {
            file: "Chart.yaml",
            error: error.clone(),
        }),
    }
}

/// Writes the path of every chart.
fn place(chart: &mut Chart, above: Option<&str>) {
    chart.path = match above {
        None => chart.name().to_owned(),
        Some(above) => format!("{above}/charts/{}", chart.name()),
    };
    for child in &mut chart.dependencies {
        place(child, Some(&chart.path));
    }
}

struct Loader<'a> {
    heap: &'a mut Heap,
    compat: Compat,
    edition: Edition,
    warnings: &'a mut Vec<Warning>,
    limits: Limits,
    /// How many bytes may still come out of packed charts.
    budget: u64,
}

/// A chart while its files are sorted.
struct Parts {
    metadata: Option<Metadata>,
    chart: Chart,
    /// What stands in charts/, by its first name there; names in the files lose `charts/`.
    below: BTreeMap<String, Vec<File>>,
}

impl Loader<'_> {
    fn chart(&mut self, files: Vec<File>, depth: usize) -> Result<Chart, Error> {
        if depth > MAX_DEPTH {
            return Err(Error::TooDeep);
        }
        let mut parts = self.parts(&files)?;
        for file in &files {
            self.sort(file, &mut parts)?;
        }
        let Parts {
            metadata,
            mut chart,
            below,
        } = parts;
        chart.raw = files;
        chart.metadata = metadata.ok_or(Error::NoChartfile)?;
        chart.metadata.validate()?;
        for (name, files) in below {
            if !name.starts_with(['_', '.']) {
                let child = self.below(&name, files, chart.name(), depth)?;
                chart.dependencies.push(child);
            }
        }
        Ok(chart)
    }

    /// Reads Chart.yaml first, wherever it stands.
    fn parts(&mut self, files: &[File]) -> Result<Parts, Error> {
        let chart = Chart {
            raw: Vec::new(),
            metadata: Metadata::default(),
            lock: None,
            templates: Vec::new(),
            values: self.heap.new_nil_map(MapType::Any),
            schema: None,
            files: Vec::new(),
            dependencies: Vec::new(),
            path: String::new(),
            modified: None,
            schema_modified: None,
        };
        let mut parts = Parts {
            metadata: None,
            chart,
            below: BTreeMap::new(),
        };
        for file in files.iter().filter(|f| f.name == "Chart.yaml") {
            let metadata = parts.metadata.get_or_insert_default();
            self.read_into(metadata, "Chart.yaml", file)?;
            if metadata.api_version.is_empty() {
                let version = match self.edition {
                    Edition::Common => "v1",
                    Edition::V3 => "v3",
                };
                version.clone_into(&mut metadata.api_version);
            }
            parts.chart.modified = file.modified;
        }
        Ok(parts)
    }

    fn read_into(
        &mut self,
        metadata: &mut Metadata,
        name: &'static str,
        file: &File,
    ) -> Result<(), Error> {
        let read = metadata.read_in(self.package(), &file.data, self.heap);
        read.map_err(|error| Error::Decode { file: name, error })
    }

    /// The Go package of the structs, which some messages name.
    fn package(&self) -> &'static str {
        match self.edition {
            Edition::Common => self.compat.chart_package(),
            Edition::V3 => "v3",
        }
    }

    /// Puts one file where it belongs.
    fn sort(&mut self, file: &File, parts: &mut Parts) -> Result<(), Error> {
        let chart = &mut parts.chart;
        match file.name.as_str() {
            "Chart.yaml" => {}
            "Chart.lock" => chart.lock = self.lock("Chart.lock", file)?,
            "values.yaml" => {
                let parsed = values::read(self.heap, &file.data, self.compat);
                chart.values = parsed.map_err(Error::Values)?;
                if self.heap.allocated() > MAX_VALUES {
                    return Err(Error::ValuesTooLarge);
                }
            }
            "values.schema.json" => {
                chart.schema = Some(file.data.clone());
                chart.schema_modified = file.modified;
            }
            "requirements.yaml" if self.edition == Edition::Common => {
                let metadata = parts.metadata.get_or_insert_default();
                self.warn_unless_v1(metadata, Warning::RequirementsFile);
                self.read_into(metadata, "requirements.yaml", file)?;
                keep_if_v1(metadata, file, &mut chart.files);
            }
            "requirements.lock" if self.edition == Edition::Common => {
                chart.lock = self.lock("requirements.lock", file)?;
                let metadata = parts.metadata.get_or_insert_default();
                self.warn_unless_v1(metadata, Warning::RequirementsLock);
                keep_if_v1(metadata, file, &mut chart.files);
            }
            name if name.starts_with("templates/") => chart.templates.push(file.clone()),
            name => match name.strip_prefix("charts/") {
                Some(below) if path::extension(name) != ".prov" => {
                    let first = below.split('/').next().unwrap_or(below).to_owned();
                    let file = File {
                        name: below.to_owned(),
                        ..file.clone()
                    };
                    parts.below.entry(first).or_default().push(file);
                }
                _ => chart.files.push(file.clone()),
            },
        }
        Ok(())
    }

    fn lock(&mut self, name: &'static str, file: &File) -> Result<Option<Lock>, Error> {
        let read = Lock::read_in(self.package(), &file.data, self.heap);
        read.map_err(|error| Error::Decode { file: name, error })
    }

    fn warn_unless_v1(&mut self, metadata: &Metadata, warning: Warning) {
        if metadata.api_version != "v1" {
            self.warnings.push(warning);
        }
    }

    /// Loads what stands under one name in charts/.
    fn below(
        &mut self,
        name: &str,
        files: Vec<File>,
        parent: &str,
        depth: usize,
    ) -> Result<Chart, Error> {
        let loaded = if path::extension(name) == ".tgz" {
            // A name is there because of its first file.
            let found = files
                .into_iter()
                .next()
                .unwrap_or_else(|| File::new("", ""));
            if found.name != name {
                return Err(Error::NoSubchartArchive {
                    name: name.to_owned(),
                    parent: parent.to_owned(),
                    found: found.name,
                });
            }
            self.unpack(&found.data)
                .and_then(|files| self.chart(files, depth + 1))
        } else {
            let inside = |file: File| {
                let (_, name) = file.name.split_once('/')?;
                Some(File {
                    name: name.to_owned(),
                    ..file
                })
            };
            let files = files.into_iter().filter_map(inside).collect();
            self.chart(files, depth + 1)
        };
        loaded.map_err(|error| match error {
            Error::TooDeep => error,
            error => Error::Subchart {
                name: name.to_owned(),
                parent: parent.to_owned(),
                error: Box::new(error),
            },
        })
    }

    fn unpack(&mut self, archive: &[u8]) -> Result<Vec<File>, Error> {
        let limits = Limits {
            total_bytes: self.limits.total_bytes.min(self.budget),
        };
        let files = archive::read(archive, &limits, self.compat)?;
        let size: u64 = files.iter().map(|f| f.data.len() as u64).sum();
        self.budget = self.budget.saturating_sub(size);
        Ok(files)
    }
}

fn keep_if_v1(metadata: &Metadata, file: &File, files: &mut Vec<File>) {
    if metadata.api_version == "v1" {
        files.push(file.clone());
    }
}
