//! What Helm would log while it loads a chart or merges values, as data.
//!
//! Both Helms log the same happenings, in words and with loggers of their own: [`Warning::standard`]
//! is Helm 3's line, [`Warning::structured`] has the parts of Helm 4's. Writing is the caller's.

/// One line of Helm's log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// A table is given where the chart's default is not one.
    NotATable {
        /// The key with the charts above it: `root.sub.key`.
        key: String,
    },
    /// The winning value is not a table where the default is one, below the first level.
    OverwritesTable {
        /// The key with the charts above it.
        key: String,
        /// The default, as `%v` prints it.
        value: String,
    },
    /// The winning value is a table where the default is not one, below the first level.
    IgnoredNonTable {
        /// The key with the charts above it.
        key: String,
        /// The default, as `%v` prints it.
        value: String,
    },
    /// A subchart's `global` is not a table, so it gets no globals.
    GlobalsIntoNonTable,
    /// The parent's `global` is not a table, so there are none to hand down.
    GlobalsFromNonTable,
    /// A table among the globals meets a subchart's global that is not one.
    GlobalNotATable {
        /// The key below `global`.
        key: String,
    },
    /// A global that is not a table meets a subchart's table.
    GlobalIsATable {
        /// The key below `global`.
        key: String,
    },
    /// The value at a dependency's condition is not a boolean.
    ConditionNotBool {
        /// The condition's path as Chart.yaml has it.
        path: String,
        /// The dependency's name or alias.
        chart: String,
    },
    /// The value of a dependency's tag is not a boolean.
    TagNotBool {
        /// The tag.
        tag: String,
        /// The dependency's name or alias.
        chart: String,
    },
    /// `import-values` names a table that the child lacks.
    ImportMissing {
        /// The dependency's name or alias.
        chart: String,
        /// `"key" is not a table`
        error: String,
    },
    /// `import-values` names an export that the child lacks.
    ExportMissing {
        /// `"key" is not a table`
        error: String,
    },
    /// A chart of apiVersion v2 or later has a requirements.yaml.
    RequirementsFile,
    /// A chart of apiVersion v2 or later has a requirements.lock.
    RequirementsLock,
    /// A pattern in .helmignore turns out to be none while it is held against a path.
    MalformedIgnoreRule {
        /// The pattern, without what stands around it.
        rule: String,
        /// What is wrong with it.
        error: String,
        /// File and line in Helm 3's source.
        place: &'static str,
    },
    /// A schema refers to a URN, which nothing can resolve.
    UnresolvedUrn {
        /// The reference.
        urn: String,
    },
}

/// A level, a message and attributes, as Go's `slog` takes them.
pub type Structured = (&'static str, String, Vec<(&'static str, String)>);

impl Warning {
    /// Helm 3's line in Go's standard log: file, line and text.
    #[must_use]
    pub fn standard(&self) -> String {
        let (place, text) = match self {
            Self::ConditionNotBool { path, chart } => (
                "dependencies.go:64",
                format!(
                    "Warning: Condition path '{path}' for chart {chart} returned non-bool value"
                ),
            ),
            Self::TagNotBool { tag, chart } => (
                "dependencies.go:95",
                format!("Warning: Tag '{tag}' for chart {chart} returned non-bool value"),
            ),
            Self::ImportMissing { chart, error } => (
                "dependencies.go:270",
                format!("Warning: ImportValues missing table from chart {chart}: {error}"),
            ),
            Self::ExportMissing { error } => (
                "dependencies.go:287",
                format!("Warning: ImportValues missing table: {error}"),
            ),
            Self::UnresolvedUrn { urn } => (
                "jsonschema.go:192",
                format!(
                    "WARNING: unresolved URN reference ignored; using permissive schema: {urn}"
                ),
            ),
            Self::MalformedIgnoreRule { rule, error, place } => {
                let quoted = windlass_value::fmt::quote(rule.as_bytes());
                (*place, format!("Failed to compile {quoted}: {error}"))
            }
            plain => plain.plain(),
        };
        format!("{place}: {text}")
    }

    /// The parts of Helm 4's line. Texts of Go's standard log come out as messages of level INFO.
    #[must_use]
    pub fn structured(&self) -> Structured {
        let not_bool = || "returned non-bool value".to_owned();
        let (message, attributes) = match self {
            Self::ConditionNotBool { path, chart } => (
                not_bool(),
                vec![("path", path.clone()), ("chart", chart.clone())],
            ),
            Self::TagNotBool { tag, chart } => (
                not_bool(),
                vec![("tag", tag.clone()), ("chart", chart.clone())],
            ),
            Self::ImportMissing { chart, error } => (
                "ImportValues missing table from chart".to_owned(),
                vec![("chart", chart.clone()), ("error", error.clone())],
            ),
            Self::ExportMissing { error } => (
                "ImportValues missing table".to_owned(),
                vec![("error", error.clone())],
            ),
            Self::UnresolvedUrn { urn } => (
                "unresolved URN reference ignored; using permissive schema".to_owned(),
                vec![("urn", urn.clone())],
            ),
            Self::MalformedIgnoreRule { rule, error, .. } => {
                let attributes = vec![("rule", rule.clone()), ("error", error.clone())];
                return ("ERROR", "failed to compile".to_owned(), attributes);
            }
            plain => return ("INFO", plain.plain().1, Vec::new()),
        };
        ("WARN", message, attributes)
    }

    /// What both Helms word alike, and its place in Helm 3's source.
    fn plain(&self) -> (&'static str, String) {
        match self {
            Self::NotATable { key } => (
                "coalesce.go:237",
                format!("warning: skipped value for {key}: Not a table."),
            ),
            Self::OverwritesTable { key, value } => (
                "coalesce.go:316",
                format!("warning: cannot overwrite table with non table for {key} ({value})"),
            ),
            Self::IgnoredNonTable { key, value } => (
                "coalesce.go:319",
                format!(
                    "warning: destination for {key} is a table. Ignoring non-table value ({value})"
                ),
            ),
            Self::GlobalsIntoNonTable => (
                "coalesce.go:138",
                "warning: skipping globals because destination global is not a table.".to_owned(),
            ),
            Self::GlobalsFromNonTable => (
                "coalesce.go:145",
                "warning: skipping globals because source global is not a table.".to_owned(),
            ),
            Self::GlobalNotATable { key } => {
                let quoted = windlass_value::fmt::quote(key.as_bytes());
                (
                    "coalesce.go:161",
                    format!("Conflict: cannot merge map onto non-map for {quoted}. Skipping."),
                )
            }
            Self::GlobalIsATable { key } => {
                ("coalesce.go:175", format!("key {key} is table. Skipping"))
            }
            Self::RequirementsLock => (
                "load.go:138",
                "Warning: Dependency locking is handled in Chart.lock since apiVersion \"v2\". \
                 We recommend migrating to Chart.lock."
                    .to_owned(),
            ),
            _ => (
                "load.go:120",
                "Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". \
                 We recommend migrating dependencies to Chart.yaml."
                    .to_owned(),
            ),
        }
    }
}

/// A failure, and what Helm would have logged before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed<E> {
    /// Why it failed.
    pub error: E,
    /// What came before.
    pub warnings: Vec<Warning>,
}

impl<E: std::fmt::Display> std::fmt::Display for Failed<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl<E: std::error::Error> std::error::Error for Failed<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

/// Runs something that warns, and gives its warnings with its outcome.
pub(crate) fn collecting<T, E>(
    run: impl FnOnce(&mut Vec<Warning>) -> Result<T, E>,
) -> Result<(T, Vec<Warning>), Failed<E>> {
    let mut warnings = Vec::new();
    match run(&mut warnings) {
        Ok(value) => Ok((value, warnings)),
        Err(error) => Err(Failed { error, warnings }),
    }
}
