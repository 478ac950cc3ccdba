//! Packing a chart, as `helm package` does.

use windlass_value::{Heap, fmt};

use super::gzip;
use crate::chart::Chart;
use crate::compat::Compat;
use crate::metadata::{Metadata, ValidationError, lock_to_yaml, time, to_yaml};
use crate::path;

/// A chart cannot be packed; the texts are Helm's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// Chart.yaml does not pass the checks.
    #[error("chart validation: {0}")]
    Invalid(ValidationError),
    /// A chart's name would lead to another directory.
    #[error("{} is not a valid chart name", fmt::quote(.0.as_bytes()))]
    Name(String),
    /// values.schema.json is not JSON.
    #[error("{}nvalid JSON in values.schema.json", if *.capital { "I" } else { "i" })]
    Schema {
        /// Whether the text begins with a capital, as in Helm 3.
        capital: bool,
    },
    /// Chart.yaml or Chart.lock cannot be written.
    #[error("{0}")]
    Yaml(String),
}

/// Packs a chart that was loaded and not processed. `heap` is the chart's; `now` stands for the age
/// of files that have none, in nanoseconds since the Unix epoch.
///
/// # Errors
/// [`WriteError`]
pub fn write(chart: &Chart, heap: &Heap, compat: Compat, now: i128) -> Result<Vec<u8>, WriteError> {
    chart
        .metadata
        .clone()
        .validate()
        .map_err(WriteError::Invalid)?;
    let mut writer = Writer {
        out: Vec::new(),
        heap,
        compat,
        now,
    };
    writer.chart(chart, "")?;
    writer.out.extend_from_slice(&[0; 2 * BLOCK]);
    Ok(gzip::deflate(
        &writer.out,
        compat.archive_extra_field(),
        "Helm",
    ))
}

const BLOCK: usize = 512;
const NAME: usize = 100;
const PREFIX: usize = 155;

struct Writer<'a> {
    out: Vec<u8>,
    heap: &'a Heap,
    compat: Compat,
    now: i128,
}

impl Writer<'_> {
    fn chart(&mut self, chart: &Chart, above: &str) -> Result<(), WriteError> {
        let name = chart.name();
        if path::base(name) != name {
            return Err(WriteError::Name(name.to_owned()));
        }
        let base = path::clean(&format!("{above}{name}"));
        let v1 = chart.metadata.api_version == "v1";
        // Charts of v1 have their dependencies in requirements.yaml, which is among the files.
        let written;
        let metadata = if v1 {
            written = Metadata {
                dependencies: None,
                ..chart.metadata.clone()
            };
            &written
        } else {
            &chart.metadata
        };
        let yaml = to_yaml(self.heap, metadata).map_err(|e| WriteError::Yaml(e.to_string()))?;
        self.file(&base, "Chart.yaml", yaml.as_bytes(), chart.modified);
        if let Some(lock) = chart
            .lock
            .as_ref()
            .filter(|_| chart.metadata.api_version == "v2")
        {
            let yaml =
                lock_to_yaml(self.heap, lock).map_err(|e| WriteError::Yaml(e.to_string()))?;
            let generated = time::nanoseconds(&lock.generated);
            self.file(&base, "Chart.lock", yaml.as_bytes(), generated);
        }
        for file in chart.raw.iter().filter(|f| f.name == "values.yaml") {
            self.file(&base, "values.yaml", &file.data, file.modified);
        }
        if let Some(schema) = &chart.schema {
            if windlass_value::json::unmarshal(&mut Heap::new(), schema).is_err() {
                return Err(WriteError::Schema {
                    capital: !self.compat.starts_errors_lower_case(),
                });
            }
            self.file(&base, "values.schema.json", schema, chart.schema_modified);
        }
        for file in chart.templates.iter().chain(&chart.files) {
            self.file(&base, &file.name, &file.data, file.modified);
        }
        for child in &chart.dependencies {
            self.chart(child, &format!("{base}/charts/"))?;
        }
        Ok(())
    }

    fn file(&mut self, base: &str, name: &str, data: &[u8], modified: Option<i128>) {
        let name = path::clean(&format!("{base}/{name}"));
        let modified = modified
            .filter(|_| self.compat.keeps_file_times())
            .unwrap_or(self.now);
        let seconds =
            u64::try_from((modified + 500_000_000).div_euclid(1_000_000_000)).unwrap_or(0);
        let header = match split(&name) {
            Some((prefix, name)) => header(
                prefix.as_bytes(),
                name.as_bytes(),
                b'0',
                data.len(),
                seconds,
            ),
            None => {
                self.extended(&name);
                let ascii: Vec<u8> = name.bytes().filter(u8::is_ascii).take(NAME).collect();
                header(b"", &ascii, b'0', data.len(), seconds)
            }
        };
        self.out.extend_from_slice(&header);
        self.data(data);
    }

    /// A PAX header for a name that fits no ordinary one.
    fn extended(&mut self, name: &str) {
        let record = pax_record("path", name);
        let (directory, file) = name.rsplit_once('/').unwrap_or(("", name));
        let place = path::clean(&format!("{directory}/PaxHeaders.0/{file}"));
        let ascii: Vec<u8> = place.bytes().filter(u8::is_ascii).take(NAME).collect();
        self.out
            .extend_from_slice(&header(b"", &ascii, b'x', record.len(), 0));
        self.data(record.as_bytes());
    }

    fn data(&mut self, data: &[u8]) {
        self.out.extend_from_slice(data);
        self.out.resize(self.out.len().next_multiple_of(BLOCK), 0);
    }
}

/// Splits a name into the prefix and the name of an ordinary header, if it fits.
fn split(name: &str) -> Option<(&str, &str)> {
    if !name.is_ascii() {
        return None;
    }
    if name.len() <= NAME {
        return Some(("", name));
    }
    let slash = name[..name.len().min(PREFIX + 1)].rfind('/')?;
    let (prefix, rest) = (&name[..slash], &name[slash + 1..]);
    (slash > 0 && !rest.is_empty() && rest.len() <= NAME).then_some((prefix, rest))
}

/// `LENGTH KEY=VALUE\n`, where the length counts its own digits.
fn pax_record(key: &str, value: &str) -> String {
    let bare = key.len() + value.len() + 3;
    let mut length = bare + bare.to_string().len();
    if bare + length.to_string().len() != length {
        length = bare + length.to_string().len();
    }
    format!("{length} {key}={value}\n")
}

fn header(prefix: &[u8], name: &[u8], kind: u8, size: usize, seconds: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    put(&mut block, 0, name);
    let mode = if kind == b'0' { "0000644" } else { "0000000" };
    put(&mut block, 100, mode.as_bytes());
    put(&mut block, 108, b"0000000");
    put(&mut block, 116, b"0000000");
    put(&mut block, 124, format!("{size:011o}").as_bytes());
    put(&mut block, 136, format!("{seconds:011o}").as_bytes());
    block[156] = kind;
    put(&mut block, 257, b"ustar\x0000");
    if kind == b'0' {
        put(&mut block, 329, b"0000000");
        put(&mut block, 337, b"0000000");
    }
    put(&mut block, 345, prefix);
    put(&mut block, 148, b"        ");
    let sum: u32 = block.iter().map(|&b| u32::from(b)).sum();
    put(&mut block, 148, format!("{sum:06o}\0").as_bytes());
    block
}

fn put(block: &mut [u8; BLOCK], at: usize, bytes: &[u8]) {
    block[at..at + bytes.len()].copy_from_slice(bytes);
}
