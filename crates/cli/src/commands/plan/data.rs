//! A plan for programs.

use serde::Serialize;
use serde_json::Value;
use windlass_diff::fields::{self, Field};
use windlass_diff::{Change, Item};
use windlass_engine::Planned;
use windlass_plan::plan::forecast::{Fate, Foreseen, Refusal};
use windlass_plan::plan::impact::Impact;
use windlass_plan::plan::{Action, Operation, Reason, Revision};

use super::sides;
use crate::command::Flags;
use crate::error::{Failure, Outcome};
use crate::release_view::{Format, yaml_of_text};
use crate::session::Session;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'p> {
    action: Action,
    release: &'p Revision,
    objects: Vec<Object<'p>>,
    /// Everything that is done besides, in order.
    steps: Vec<Value>,
    totals: Totals,
    /// Whether anything will be different.
    has_changes: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'p str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'p> {
    api_version: String,
    kind: &'p str,
    namespace: &'p str,
    name: &'p str,
    change: Fate,
    reason: Reason,
    impact: Impact,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'p Refusal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unchecked: Option<&'p str>,
    /// What differs in what is there; for a new object all of it is new, and in no list.
    fields: Vec<Field>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Totals {
    create: usize,
    update: usize,
    replace: usize,
    delete: usize,
    keep: usize,
    unchanged: usize,
    refused: usize,
}

pub(super) fn print(
    planned: &Planned,
    file: Option<&str>,
    flags: &Flags,
    format: Format,
    session: &mut Session<'_>,
) -> Outcome {
    let forecast = &planned.forecast;
    let plan = &planned.kept.plan;
    let shows_secrets = flags.on("show-secrets");
    let objects = forecast.objects.iter();
    let told = Told {
        action: plan.action,
        release: &plan.release,
        objects: objects.map(|found| object(found, shows_secrets)).collect(),
        steps: plan
            .steps
            .iter()
            .filter_map(|s| step(&s.operation))
            .collect(),
        totals: Totals {
            create: forecast.count(Fate::Create),
            update: forecast.count(Fate::Update),
            replace: forecast.count(Fate::Replace),
            delete: forecast.count(Fate::Delete),
            keep: forecast.count(Fate::Keep) + plan.kept().count(),
            unchanged: forecast.count(Fate::Nothing),
            refused: forecast.refused().count(),
        },
        has_changes: forecast.changes(),
        file,
    };
    let text = serde_json::to_string(&told)
        .map_err(|error| Failure::new(format!("writing the plan as JSON: {error}")))?;
    match format {
        Format::Yaml => session.print(yaml_of_text(&text)?),
        _ => session.print(format!("{text}\n")),
    }
}

fn object(found: &Foreseen, shows_secrets: bool) -> Object<'_> {
    let at = &found.object;
    Object {
        api_version: at.mapping.api_version(),
        kind: &at.mapping.kind,
        namespace: &at.namespace,
        name: &at.name,
        change: found.fate,
        reason: found.reason,
        impact: found.impact(),
        refusal: found.refusal.as_ref(),
        unchecked: found.unchecked.as_deref(),
        fields: differing(found, shows_secrets),
    }
}

fn differing(found: &Foreseen, shows_secrets: bool) -> Vec<Field> {
    if found.live.is_none() || found.after.is_none() {
        return Vec::new();
    }
    let (before, after) = sides::texts(found, shows_secrets);
    let item = |content: String| Item {
        content,
        ..Item::default()
    };
    let (before, after) = (item(before), item(after));
    fields::between("", Change::Modify, Some(&before), Some(&after), false).changes
}

/// A step that is not among the objects.
fn step(operation: &Operation) -> Option<Value> {
    match operation {
        Operation::Apply { .. }
        | Operation::Prune { .. }
        | Operation::Delete { .. }
        | Operation::Keep {
            object: Some(_), ..
        } => None,
        other => serde_json::to_value(other).ok(),
    }
}
