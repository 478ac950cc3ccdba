//! [`StoredChart`]: what a record keeps of a chart, which is all but the charts below it.

use windlass_chart::compat::Compat;
use windlass_chart::{Chart, File, Lock, Metadata};
use windlass_time::Time;
use windlass_value::{Heap, MapId, MapType, Str, Value, base64};

use crate::json::{Json, JsonError};

/// A chart in a record. Its parts stay text until they are asked for.
#[derive(Debug, Clone)]
pub struct StoredChart {
    /// Chart.yaml, or null.
    pub metadata: Json,
    /// Chart.lock, or null.
    pub lock: Json,
    /// Files under templates/; `None` is null.
    pub templates: Option<Vec<StoredFile>>,
    /// values.yaml with what dependencies export into it, or null.
    pub values: Json,
    /// values.schema.json.
    pub schema: Option<Content>,
    /// When values.schema.json was last changed.
    pub schema_modified: Time,
    /// Everything else; `None` is null.
    pub files: Option<Vec<StoredFile>>,
    /// When Chart.yaml was last changed.
    pub modified: Time,
    /// Fields of a newer Helm: name and JSON, carried along.
    pub extra: Vec<(String, Json)>,
}

/// A file of a chart in a record.
#[derive(Debug, Clone)]
pub struct StoredFile {
    /// Its path below the chart's root.
    pub name: String,
    /// Its content; `None` is null.
    pub data: Option<Content>,
    /// When it was last changed; zero if nobody knows.
    pub modified: Time,
}

/// Bytes as a record has them: Base64, decoded when they are asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct Content(Box<str>);

impl Content {
    /// Packs bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(String::from_utf8_lossy(&base64::encode(bytes)).into())
    }

    pub(crate) fn from_base64(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The Base64 text.
    #[must_use]
    pub fn as_base64(&self) -> &str {
        &self.0
    }

    /// The bytes.
    ///
    /// # Errors
    /// The offset at which the text is not Base64.
    pub fn decode(&self) -> Result<Vec<u8>, usize> {
        base64::decode(self.0.as_bytes())
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Content({} digits)", self.0.len())
    }
}

/// A chart cannot be put into a record, or what a record holds is no chart.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// The default values cannot be JSON, or the record's are not.
    #[error("chart values")]
    Values(#[source] JsonError),
    /// Chart.yaml in the record does not fit.
    #[error("chart metadata: {0}")]
    Metadata(String),
    /// Chart.lock in the record does not fit.
    #[error("chart lock: {0}")]
    Lock(String),
    /// A file's content is not Base64.
    #[error("chart file {file}: illegal base64 data at input byte {offset}")]
    Content {
        /// The file.
        file: String,
        /// Where.
        offset: usize,
    },
}

impl StoredChart {
    /// A chart of which nothing is known.
    pub(crate) fn empty() -> Self {
        Self {
            metadata: Json::null(),
            lock: Json::null(),
            templates: None,
            values: Json::null(),
            schema: None,
            schema_modified: Time::default(),
            files: None,
            modified: Time::default(),
            extra: Vec::new(),
        }
    }

    /// What a record keeps of a chart whose values live in `heap`.
    ///
    /// # Errors
    /// When the values cannot be JSON.
    pub fn from_chart(chart: &Chart, heap: &Heap) -> Result<Self, ChartError> {
        let metadata = windlass_chart::metadata::to_json(heap, &chart.metadata);
        let lock = match &chart.lock {
            None => Json::null(),
            Some(lock) => go_json(windlass_chart::metadata::lock_to_json(heap, lock)),
        };
        Ok(Self {
            metadata: go_json(metadata),
            lock,
            templates: stored(&chart.templates),
            values: Json::of(heap, &Value::Map(chart.values)).map_err(ChartError::Values)?,
            schema: chart.schema.as_ref().map(|s| Content::of(s)),
            schema_modified: time_of(chart.schema_modified),
            files: stored(&chart.files),
            modified: time_of(chart.modified),
            extra: Vec::new(),
        })
    }

    /// The chart, its values in `heap`. The charts below it are not in a record, so it has none.
    ///
    /// # Errors
    /// When a part is not what it should be.
    pub fn into_chart(self, heap: &mut Heap) -> Result<Chart, ChartError> {
        let metadata = self.full_metadata(heap)?;
        let lock = Lock::read(self.lock.as_str().as_bytes(), heap, Compat::Helm4)
            .map_err(|e| ChartError::Lock(e.to_string()))?;
        let values = self.values_in(heap)?;
        let schema = self.schema.as_ref().map(|schema| {
            let bytes = schema.decode();
            bytes.map_err(|offset| misread("values.schema.json", offset))
        });
        Ok(Chart {
            raw: Vec::new(),
            path: metadata.name.clone(),
            metadata,
            lock,
            templates: files(self.templates)?,
            values,
            schema: schema.transpose()?.map(Str::from),
            files: files(self.files)?,
            dependencies: Vec::new(),
            modified: nanos_of(&self.modified),
            schema_modified: nanos_of(&self.schema_modified),
        })
    }

    /// The default values as a map in `heap`; a nil map for null.
    ///
    /// # Errors
    /// When they are no map.
    pub fn values_in(&self, heap: &mut Heap) -> Result<MapId, ChartError> {
        match self.values.to_value(heap).map_err(ChartError::Values)? {
            Value::Map(id) => Ok(id),
            _ => Ok(heap.new_nil_map(MapType::Any)),
        }
    }

    /// Chart.yaml's fields; `import-values` go to `heap`.
    ///
    /// # Errors
    /// When they do not fit.
    pub fn full_metadata(&self, heap: &mut Heap) -> Result<Metadata, ChartError> {
        let mut metadata = Metadata::default();
        metadata
            .read(self.metadata.as_str().as_bytes(), heap, Compat::Helm4)
            .map_err(|e| ChartError::Metadata(e.to_string()))?;
        Ok(metadata)
    }

    /// One text of Chart.yaml, by its key there; `None` where there is none.
    #[must_use]
    pub fn metadata_text(&self, key: &str) -> Option<String> {
        crate::codec::text_field(&self.metadata, key)
    }

    /// One field of Chart.yaml as JSON, by its key there; `None` where there is none.
    #[must_use]
    pub fn metadata_part(&self, key: &str) -> Option<Json> {
        crate::codec::field(&self.metadata, key)
    }

    /// The chart's name, or empty.
    #[must_use]
    pub fn name(&self) -> String {
        self.metadata_text("name").unwrap_or_default()
    }

    /// The chart's version, or empty.
    #[must_use]
    pub fn version(&self) -> String {
        self.metadata_text("version").unwrap_or_default()
    }

    /// The version of the application in it, or empty.
    #[must_use]
    pub fn app_version(&self) -> String {
        self.metadata_text("appVersion").unwrap_or_default()
    }
}

/// Text that our own writers made.
fn go_json(text: String) -> Json {
    Json::from_go(text)
}

/// Go's slice is nil where nothing was ever appended.
fn stored(files: &[File]) -> Option<Vec<StoredFile>> {
    let one = |file: &File| StoredFile {
        name: file.name.clone(),
        data: Some(Content::of(&file.data)),
        modified: time_of(file.modified),
    };
    (!files.is_empty()).then(|| files.iter().map(one).collect())
}

fn files(stored: Option<Vec<StoredFile>>) -> Result<Vec<File>, ChartError> {
    let one = |file: StoredFile| {
        let data = match &file.data {
            None => Vec::new(),
            Some(data) => data.decode().map_err(|at| misread(&file.name, at))?,
        };
        Ok(File {
            modified: nanos_of(&file.modified),
            name: file.name,
            data: Str::from(data),
        })
    };
    stored.unwrap_or_default().into_iter().map(one).collect()
}

fn misread(file: &str, offset: usize) -> ChartError {
    ChartError::Content {
        file: file.to_owned(),
        offset,
    }
}

const NANOS: i128 = 1_000_000_000;

fn time_of(nanos: Option<i128>) -> Time {
    nanos.map_or_else(Time::default, |nanos| {
        let seconds = i64::try_from(nanos.div_euclid(NANOS)).unwrap_or(0);
        let rest = i64::try_from(nanos.rem_euclid(NANOS)).unwrap_or(0);
        Time::from_unix(seconds, rest)
    })
}

fn nanos_of(time: &Time) -> Option<i128> {
    let nanos = i128::from(time.unix()) * NANOS + i128::from(time.nanosecond());
    (!time.is_zero()).then_some(nanos)
}
