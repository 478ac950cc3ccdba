//! The compat dial: which Helm is spoken, as named behaviours.
//!
//! This is the one place that knows versions. The rest of the code asks for a behaviour by name and
//! never compares versions. Each method names the row of the list of differences it stands for.

mod action;
mod apply;
mod command;
mod lint;
mod record;
#[cfg(test)]
mod tests;

/// Which Helm's behaviour is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compat {
    /// Helm 3.22.
    Helm3,
    /// Helm 4.3.
    #[default]
    Helm4,
}

impl Compat {
    /// Parses `helm3` or `helm4`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "helm3" | "3" => Some(Self::Helm3),
            "helm4" | "4" => Some(Self::Helm4),
            _ => None,
        }
    }

    /// Its name to the dial.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Helm3 => "helm3",
            Self::Helm4 => "helm4",
        }
    }

    fn four(self) -> bool {
        self == Self::Helm4
    }

    /// A1: documents keep their trailing whitespace when a file is split.
    #[must_use]
    pub fn keeps_trailing_whitespace(self) -> bool {
        self.four()
    }

    /// A7: webhook configurations have a place in the order of kinds.
    #[must_use]
    pub fn orders_webhook_configurations(self) -> bool {
        self.four()
    }

    /// A8–A12: `.Chart` is a map rather than a struct.
    #[must_use]
    pub fn chart_is_map(self) -> bool {
        self.four()
    }

    /// A13: `.Capabilities.KubeVersion.Version` keeps the vendor's suffix.
    #[must_use]
    pub fn keeps_kube_version_suffix(self) -> bool {
        self.four()
    }

    /// A14: the Go package that named types say they come from.
    #[must_use]
    pub fn values_package(self) -> &'static str {
        if self.four() { "common" } else { "chartutil" }
    }

    /// A16: `mustToYaml`, `mustToToml` and the duration helpers exist.
    #[must_use]
    pub fn has_newer_functions(self) -> bool {
        self.four()
    }

    /// A17: execution errors are laid out a frame to a line.
    #[must_use]
    pub fn lays_out_error_frames(self) -> bool {
        self.four()
    }

    /// B1, B3, B4: nulls in a chart's own defaults are dropped.
    #[must_use]
    pub fn drops_default_nulls(self) -> bool {
        self.four()
    }

    /// B7: several documents in a values file are merged, instead of the first being taken.
    #[must_use]
    pub fn merges_value_documents(self) -> bool {
        self.four()
    }

    /// B9: `--set-json` accepts a whole object.
    #[must_use]
    pub fn set_json_takes_objects(self) -> bool {
        self.four()
    }

    /// A15: `.Capabilities.HelmVersion` names the Kubernetes client's version.
    #[must_use]
    pub fn has_kube_client_version(self) -> bool {
        self.four()
    }

    /// The Helm release that is spoken, for `.Capabilities.HelmVersion` and clients that ask.
    #[must_use]
    pub fn helm_version(self) -> &'static str {
        if self.four() { "v4.3.1" } else { "v3.22.0" }
    }

    /// B11: a `--set` text that ends within an index (`a[0`) is over rather than wrong.
    #[must_use]
    pub fn ignores_open_index(self) -> bool {
        self.four()
    }

    /// The Go package that the decoder's messages about a document's head name.
    #[must_use]
    pub fn release_util_package(self) -> &'static str {
        if self.four() { "util" } else { "releaseutil" }
    }

    /// C1: log lines are `level=… msg=…`.
    #[must_use]
    pub fn logs_structured(self) -> bool {
        self.four()
    }

    /// C12: a failed check before an install is named before its error.
    #[must_use]
    pub fn names_the_failed_check(self) -> bool {
        self.four()
    }

    /// C11, C13, C14: errors start in lower case, and commands in them stand in single quotes.
    #[must_use]
    pub fn starts_errors_lower_case(self) -> bool {
        self.four()
    }

    /// A22: Chart.yaml is looked at before anything else, and its `apiVersion` must be known.
    #[must_use]
    pub fn detects_charts_first(self) -> bool {
        self.four()
    }

    /// A pattern in .helmignore that begins with slashes loses one more with each path that is held
    /// against it.
    #[must_use]
    pub fn wears_ignore_rules_down(self) -> bool {
        !self.four()
    }

    /// A21: the largest file a chart may hold, where there is such a bound.
    #[must_use]
    pub fn max_chart_file_bytes(self) -> Option<u64> {
        (!self.four()).then_some(5 << 20)
    }

    /// E5: `template --dry-run=none` is an error.
    #[must_use]
    pub fn rejects_dry_run_none(self) -> bool {
        self.four()
    }

    /// The Go package of the structs for Chart.yaml, as error messages name it.
    #[must_use]
    pub fn chart_package(self) -> &'static str {
        if self.four() { "v2" } else { "chart" }
    }

    /// A chart with an alias has copies of the charts below it and of its dependencies. Otherwise it
    /// shares them with its siblings of the same chart: charts below keep a path with the chart's
    /// own name, and aliases below are settled only once.
    #[must_use]
    pub fn copies_charts_below_alias(self) -> bool {
        self.four()
    }

    /// Packed files have the age of the files that were packed.
    #[must_use]
    pub fn keeps_file_times(self) -> bool {
        self.four()
    }

    /// The extra field in the gzip header of packed charts. Only the later one is well-formed.
    #[must_use]
    pub fn archive_extra_field(self) -> &'static [u8] {
        if self.four() {
            b"rr\x28\x00aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo="
        } else {
            b"+aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo="
        }
    }

    /// There is a cache of downloaded content, and a setting for it.
    #[must_use]
    pub fn has_content_cache(self) -> bool {
        self.four()
    }

    /// `SOURCE_DATE_EPOCH` gives the age of everything in packed charts.
    #[must_use]
    pub fn honours_source_date_epoch(self) -> bool {
        self.four()
    }

    /// `show` sets every CRD off from what stands before it; otherwise only the first one, and only
    /// where something else was shown.
    #[must_use]
    pub fn separates_each_crd(self) -> bool {
        self.four()
    }

    /// The message about a Chart.lock that does not fit names the command that helps.
    #[must_use]
    pub fn names_the_remedy_for_locks(self) -> bool {
        self.four()
    }

    /// A22: charts of `apiVersion: v3` can be read but not rendered.
    #[must_use]
    pub fn refuses_v3_charts(self) -> bool {
        self.four()
    }

    /// E8, E11: some flags are deprecated, and their use is told.
    #[must_use]
    pub fn deprecates_flags(self) -> bool {
        self.four()
    }

    /// E4, E9: some flags exclude each other.
    #[must_use]
    pub fn excludes_flags(self) -> bool {
        self.four()
    }

    /// E7: `--wait` names a strategy rather than being a switch.
    #[must_use]
    pub fn names_wait_strategies(self) -> bool {
        self.four()
    }

    /// A23: a local chart of the wanted name wins over `--repo`.
    #[must_use]
    pub fn prefers_local_to_repo(self) -> bool {
        !self.four()
    }

    /// A20: `--post-renderer` names a plugin.
    #[must_use]
    pub fn post_renders_with_plugins(self) -> bool {
        self.four()
    }
}
