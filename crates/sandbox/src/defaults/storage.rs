//! Defaults of volumes and of what provides them.

use serde_json::{Value, json};

use super::{fill, fill_empty};

pub(super) fn volume(object: &mut Value) {
    fill_empty(
        &mut object["spec"],
        "persistentVolumeReclaimPolicy",
        "Retain",
    );
    fill(&mut object["spec"], "volumeMode", "Filesystem");
}

pub(super) fn class(object: &mut Value) {
    fill(object, "reclaimPolicy", "Delete");
    fill(object, "volumeBindingMode", "Immediate");
}

pub(super) fn driver(object: &mut Value) {
    let spec = &mut object["spec"];
    fill(spec, "attachRequired", true);
    fill(spec, "podInfoOnMount", false);
    fill(spec, "storageCapacity", false);
    fill(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
    fill_empty(spec, "volumeLifecycleModes", json!(["Persistent"]));
    fill(spec, "requiresRepublish", false);
    fill(spec, "seLinuxMount", false);
}
