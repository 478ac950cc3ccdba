//! Three-way merge by the client: the patch from the last manifest, the new one and what is there.

use windlass_kinds::kind;
use windlass_kinds::patch::merge;
use windlass_plan::cluster::{FieldValidation, Object, Patch};

use super::{ApplyError, write};
use crate::engine::Engine;
use crate::objects::Target;

/// Patches an object that is there. `None` where nothing is to be changed.
pub(super) async fn patch(
    engine: &Engine,
    original: &Object,
    target: &Target,
    live: &Object,
    three_way_for_custom: bool,
) -> Result<Option<Object>, ApplyError> {
    let patch = make(original, target, live, three_way_for_custom)?;
    let (Patch::Strategic(change) | Patch::Merge(change)) = &patch else {
        return Ok(None);
    };
    if change.as_object().is_some_and(serde_json::Map::is_empty) {
        return Ok(None);
    }
    let write = write(engine, FieldValidation::Unset, false);
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
    let at = &target.at.mapping;
    let known = kind::find(&at.group, &at.version, &at.kind).is_some();
    if !three_way_for_custom && !known {
        return Ok(Patch::Merge(merge::diff(original, &target.object)));
    }
    let patch = merge::three_way(original, &target.object, live).map_err(|error| {
        ApplyError::MakePatch {
            reason: error.to_string(),
        }
    })?;
    let changed = |path: &str| patch.pointer(path).is_some();
    if changed("/apiVersion") || changed("/kind") || changed("/metadata/name") {
        let reason = format!(
            "precondition failed for: {}: at least one field was changed: apiVersion, kind or name",
            patch
        );
        return Err(ApplyError::MakePatch { reason });
    }
    Ok(Patch::Merge(patch))
}
