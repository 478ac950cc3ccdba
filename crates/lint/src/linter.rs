//! [`lint`]: the rules in order, and what they share.

use windlass_chart::compat::Compat;
use windlass_chart::{Chart, Warning, load};
use windlass_render::{KubeVersion, World};
use windlass_template::Limits;
use windlass_value::{Heap, MapId};

use crate::report::{Event, Message, Report, Severity};
use crate::source::Source;
use crate::{chartfile, crds, dependencies, templates, values};

/// How to lint.
pub struct Options {
    /// The Helm that is spoken.
    pub compat: Compat,
    /// `.Release.Namespace`
    pub namespace: String,
    /// The Kubernetes to assume, if not the newest.
    pub kube_version: Option<KubeVersion>,
    /// What charts say of their order is checked: it is not Helm's.
    pub ordering: bool,
    /// Values are not checked against schemas.
    pub skip_schema_validation: bool,
    /// Bounds of the render.
    pub limits: Limits,
    /// Clock and randomness for templates.
    pub world: Box<dyn World>,
}

/// Runs all rules over a chart with the values a user gave.
///
/// As in Helm the given values do not stay as they are: the chart's defaults get into tables that
/// the user gave, and there they are when the next chart is linted with the same values.
pub fn lint(source: &Source, given: MapId, heap: &mut Heap, options: Options) -> Report {
    let compat = options.compat;
    let skips_single_schema = options.skip_schema_validation && compat.lint_skips_every_schema();
    let mut linter = Linter {
        source,
        given,
        heap,
        compat,
        ordering: options.ordering,
        loaded: None,
        report: Report::default(),
    };
    chartfile::check(&mut linter);
    values::check(&mut linter, skips_single_schema);
    templates::check(&mut linter, options);
    dependencies::check(&mut linter);
    if compat.lints_crds() {
        crds::check(&mut linter);
    }
    linter.report
}

/// A run over one chart.
pub(crate) struct Linter<'a> {
    pub(crate) source: &'a Source,
    pub(crate) given: MapId,
    pub(crate) heap: &'a mut Heap,
    pub(crate) compat: Compat,
    pub(crate) ordering: bool,
    loaded: Option<(Result<Chart, String>, Vec<Warning>)>,
    report: Report,
}

impl Linter<'_> {
    /// Reports a rule that is not kept; gives whether it is.
    pub(crate) fn rule(
        &mut self,
        severity: Severity,
        path: &str,
        outcome: Result<(), String>,
    ) -> bool {
        let Err(text) = outcome else {
            return true;
        };
        self.report.messages.push(Message {
            severity,
            path: path.to_owned(),
            text,
        });
        false
    }

    pub(crate) fn log(&mut self, event: Event) {
        self.report.events.push(event);
    }

    pub(crate) fn warn(&mut self, warnings: Vec<Warning>) {
        self.report
            .events
            .extend(warnings.into_iter().map(Event::Chart));
    }

    /// The chart as it is loaded. Helm loads it anew for each part of the rules, which shows only in
    /// its log, so here that is all that is repeated.
    pub(crate) fn load(&mut self) -> Result<Chart, String> {
        let (source, compat) = (self.source, self.compat);
        let heap = &mut *self.heap;
        let (chart, warnings) = self.loaded.get_or_insert_with(|| match &source.files {
            Err(error) => (Err(error.clone()), Vec::new()),
            Ok(files) => match load::load(files.clone(), heap, compat) {
                Ok((chart, warnings)) => (Ok(chart), warnings),
                Err(failed) => (Err(failed.error.to_string()), failed.warnings),
            },
        });
        let (chart, warnings) = (chart.clone(), warnings.clone());
        self.log(Event::Walked);
        self.warn(warnings);
        chart
    }
}
