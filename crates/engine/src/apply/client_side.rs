//! Three-way merge by the client: the patch from the last manifest, the new one and what is there.

use windlass_kinds::patch::{merge, strategic};
use windlass_kinds::schema::Schema;
use windlass_plan::cluster::{FieldValidation, Object, Patch};

use super::{ApplyError, Update, write};
use crate::engine::Engine;
use crate::faults::{self, Fault};
use crate::objects::Target;

/// Patches an object that is there. `None` where nothing is to be changed.
pub(super) async fn patch(
    engine: &Engine,
    original: &Object,
    target: &Target,
    live: &Object,
    how: Update,
) -> Result<Option<Object>, ApplyError> {
    let patch = make(original, target, live, how.three_way_for_custom)?;
    let (Patch::Strategic(change) | Patch::Merge(change)) = &patch else {
        return Ok(None);
    };
    if change.as_object().is_some_and(serde_json::Map::is_empty) {
        return Ok(None);
    }
    let write = write(engine, FieldValidation::Unset, how.dry_run);
    let answer = engine.cluster.patch(&target.at, &patch, &write).await;
    answer.map(Some).map_err(|cause| ApplyError::Patch {
        name: target.at.name.clone(),
        kind: target.at.mapping.kind.clone(),
        cause,
    })
}

/// A strategic merge patch for kinds that Helm's client knows the types of. For others a merge patch
/// from the last manifest to the new one, which leaves alone what others changed, unless what is there
/// is asked to count as well.
fn make(
    original: &Object,
    target: &Target,
    live: &Object,
    three_way_for_custom: bool,
) -> Result<Patch, ApplyError> {
    let original = match faults::on(Fault::ForgetLastManifest) {
        true => &target.object,
        false => original,
    };
    let at = &target.at.mapping;
    let unmakable = |reason: String| ApplyError::MakePatch { reason };
    if let Some(schema) = Schema::builtin(&at.group, &at.version, &at.kind) {
        let patch = strategic::three_way(&schema, original, &target.object, live);
        return patch
            .map(Patch::Strategic)
            .map_err(|error| unmakable(error.to_string()));
    }
    if !three_way_for_custom {
        return Ok(Patch::Merge(merge::diff(original, &target.object)));
    }
    let patch = merge::three_way(original, &target.object, live);
    let patch = patch.map_err(|error| unmakable(error.to_string()))?;
    let changed = |path: &str| patch.pointer(path).is_some();
    if changed("/apiVersion") || changed("/kind") || changed("/metadata/name") {
        return Err(unmakable(format!(
            "precondition failed for: {patch}: at least one field was changed: apiVersion, kind or name"
        )));
    }
    Ok(Patch::Merge(patch))
}
