//! `windlass get values`.

use windlass_release::{Json, Release};
use windlass_value::Heap;

use crate::command::Invocation;
use crate::error::{Failure, Outcome};
use crate::release_view::{Format, computed, json_line, named, yaml_of};
use crate::session::Session;

pub(super) fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let (release, _) = named(session, invocation)?;
    let all = invocation.flags.on("all");
    let values = if all {
        computed(session, &release)?
    } else {
        given(&release)?
    };
    let title = if all { "COMPUTED" } else { "USER-SUPPLIED" };
    let text = match Format::of(&invocation.flags) {
        Format::Table => format!("{title} VALUES:\n{}", yaml_of(&values)?),
        Format::Json => json_line(&values),
        Format::Yaml => yaml_of(&values)?,
    };
    session.print(text)
}

/// The user's values, numbers as Go reads them: `float64` all.
fn given(release: &Release) -> Result<Json, Failure> {
    let Some(config) = &release.config else {
        return Ok(Json::null());
    };
    let mut heap = Heap::new();
    let read = config.to_value(&mut heap);
    read.and_then(|value| Json::of(&heap, &value))
        .map_err(|e| Failure::new(e.to_string()))
}
