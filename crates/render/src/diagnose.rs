//! [`diagnose`]: place, cause and remedy of an [`Error`], from what the render knew.
//!
//! Nothing here changes an error's text, which stays Helm's. `reason` tells causes apart by it, `values`
//! shows the values involved, `names` finds what was probably meant.

mod names;
mod reason;
mod values;

use std::collections::BTreeMap;
use std::ops::Range;

use windlass_chart::Chart;
use windlass_chart::compat::Compat;
use windlass_diag::{Diagnostic, Span};
use windlass_template::{Error as TemplateError, ErrorKind, Frame, Spot};
use windlass_value::{Heap, MapId, Str};

use crate::error::Error;
use crate::manifest::{self, HeadError};

/// What a failed render had at hand.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The chart.
    pub chart: &'a Chart,
    /// Its coalesced values.
    pub values: MapId,
    /// Where they live.
    pub heap: &'a Heap,
    /// The Helm that is spoken.
    pub compat: Compat,
    /// What was rendered, if it came that far.
    pub files: &'a BTreeMap<String, Str>,
}

/// Explains why a chart did not render.
#[must_use]
pub fn diagnose(error: &Error, scene: &Scene<'_>) -> Diagnostic {
    match error {
        Error::Parse { cause, .. } => syntax(cause, scene),
        Error::Execute {
            template, cause, ..
        } => execution(template, cause, scene),
        Error::KubeVersion { wanted, present } => kube_version(wanted, present, scene.chart),
        Error::Head(error) => document(error, scene),
    }
}

// === Templates ===

fn syntax(cause: &TemplateError, scene: &Scene<'_>) -> Diagnostic {
    let found = reason::of_syntax(cause.text(), scene);
    match spot_of_syntax(cause) {
        Some(spot) => at_spot(found, spot, &reason::culprit(cause.text()), ""),
        None => found,
    }
}

fn spot_of_syntax(cause: &TemplateError) -> Option<&Spot> {
    cause.chain().find_map(|layer| match layer.kind() {
        ErrorKind::Parse(spot) => Some(spot),
        _ => None,
    })
}

/// How many places of the path to an error are told; a recursion has thousands.
const MAX_PLACES: usize = 8;

fn execution(template: &str, cause: &TemplateError, scene: &Scene<'_>) -> Diagnostic {
    let mut frames: Vec<&Frame> = cause
        .chain()
        .filter_map(|layer| match layer.kind() {
            ErrorKind::Exec(frame) => Some(frame),
            _ => None,
        })
        .collect();
    frames.reverse();
    let context = frames.first().map_or("", |frame| frame.context.as_str());
    let mut found = reason::of_execution(cause, context, scene);
    // Where a text given to `tpl` does not parse, that is the innermost place.
    let syntax = spot_of_syntax(cause);
    if let Some(spot) = syntax {
        found = at_spot(found, spot, &reason::culprit(cause.text()), "");
    }
    for (i, frame) in frames.iter().take(MAX_PLACES).enumerate() {
        let innermost = i == 0 && syntax.is_none();
        let message = if innermost { "" } else { "called from here" };
        found = at_spot(found, &frame.spot, &frame.context, message);
    }
    if frames.len() > MAX_PLACES {
        let more = frames.len() - MAX_PLACES;
        found = found.note(format!("{more} more calls lead there"));
    }
    let notes = values::scope(scene, template)
        .map(|values| values::involved(scene.heap, values, context))
        .unwrap_or_default();
    notes.into_iter().fold(found, Diagnostic::note)
}

fn at_spot(found: Diagnostic, spot: &Spot, context: &str, message: &str) -> Diagnostic {
    // A text given to `tpl` has the name of Helm's root template.
    let name = if spot.file == "gotpl" {
        "(text given to tpl)"
    } else {
        &spot.file
    };
    found.label_in(name, &spot.text, around(spot, context), message)
}

/// The stretch of a text that a message quotes as `context`. Go places a chain of fields at its second
/// name and an operand where it begins, so the context is looked for around the place.
fn around(spot: &Spot, context: &str) -> Range<usize> {
    let text: &[u8] = &spot.text;
    let at = spot.offset.min(text.len());
    let wanted = context.strip_suffix("...").unwrap_or(context).as_bytes();
    if !wanted.is_empty() {
        let from = at.saturating_sub(wanted.len());
        let to = text.len().min(at.saturating_add(wanted.len()));
        if let Some(found) = memchr::memmem::rfind(&text[from..to], wanted) {
            return from + found..from + found + wanted.len();
        }
    }
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b')' | b'}' | b'|');
    let word = text[at..].iter().take_while(|b| !ends(b)).count();
    at..at + word.max(1)
}

// === What is not a template's fault ===

fn kube_version(wanted: &str, present: &str, chart: &Chart) -> Diagnostic {
    let message = format!("the chart wants Kubernetes {wanted}, and this is {present}");
    let found = Diagnostic::error("kubernetes-version", message)
        .help("choose a version of the chart that is for this Kubernetes")
        .help("or render for the Kubernetes that the release is meant for");
    let place = chart.raw.iter().find_map(|file| {
        let at = memchr::memmem::find(&file.data, b"kubeVersion:")?;
        let line = file.data[at..].iter().take_while(|b| **b != b'\n').count();
        (file.name == "Chart.yaml").then_some((&file.data, at..at + line))
    });
    match place {
        Some((text, range)) => {
            found.label_in(format!("{}/Chart.yaml", chart.path), text, range, "")
        }
        None => found,
    }
}

/// A rendered document that is none: read once more, to have the place.
fn document(error: &HeadError, scene: &Scene<'_>) -> Diagnostic {
    let source = format!("{} (as rendered)", error.path);
    let text = scene.files.get(&error.path).map(Str::to_text);
    let broken = text.as_deref().and_then(|text| {
        let documents = manifest::split(text, scene.compat);
        documents.into_iter().find_map(|document| {
            let mut found = windlass_yaml::diagnose(&source, document.as_bytes())?;
            let above = lines_above(text, document);
            for label in &mut found.labels {
                label.span.line = label.span.line.saturating_add(above);
            }
            Some(found)
        })
    });
    let found = broken.unwrap_or_else(|| {
        Diagnostic::error("invalid-manifest", error.message.clone())
            .label(Span::locate(source, b"", 0, 0), "")
            .help("a manifest is a mapping with `apiVersion`, `kind` and `metadata`")
    });
    found.note("the template ran; what it printed is no manifest")
}

/// How many lines of a text are above a part of it.
fn lines_above(text: &str, part: &str) -> u32 {
    let at = text.find(part).unwrap_or(0);
    let lines = memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count();
    u32::try_from(lines).unwrap_or(u32::MAX)
}
