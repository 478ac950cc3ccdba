//! Volumes, claims and classes.

use serde_json::Value;

use super::cells::{Look, list, text};

pub(super) fn cells(plural: &str, look: Look<'_>) -> Option<Vec<Value>> {
    Some(match plural {
        "persistentvolumes" => volume(look),
        "persistentvolumeclaims" => claim(look),
        "storageclasses" => class(look),
        "csidrivers" => driver(look),
        "csinodes" => vec![look.name(), look.size("spec.drivers").into(), look.age()],
        "volumeattachments" => vec![
            look.name(),
            look.text("spec.attacher").into(),
            look.text("spec.source.persistentVolumeName").into(),
            look.text("spec.nodeName").into(),
            look.at("status.attached").as_bool().unwrap_or(false).into(),
            look.age(),
        ],
        "volumeattributesclasses" => {
            let default = is_default(look, "volumeattributesclass");
            vec![
                named(look, default),
                look.text("driverName").into(),
                look.age(),
            ]
        }
        _ => return None,
    })
}

fn modes(value: &Value) -> String {
    let mut shown: Vec<&str> = Vec::new();
    for (mode, short) in [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ] {
        if list(value).any(|listed| listed == mode) {
            shown.push(short);
        }
    }
    shown.join(",")
}

fn phase(look: Look<'_>) -> String {
    if look.at("metadata.deletionTimestamp").is_null() {
        look.text("status.phase")
    } else {
        "Terminating".to_owned()
    }
}

/// The class, which an annotation named before there was a field for it.
fn class_of(look: Look<'_>) -> String {
    let old = &look.object["metadata"]["annotations"]["volume.beta.kubernetes.io/storage-class"];
    match old.as_str() {
        Some(class) => class.to_owned(),
        None => look.text("spec.storageClassName"),
    }
}

fn claim(look: Look<'_>) -> Vec<Value> {
    let volume = look.text("spec.volumeName");
    let (capacity, access) = if volume.is_empty() {
        (String::new(), String::new())
    } else {
        let access = modes(look.at("status.accessModes"));
        (look.text("status.capacity.storage"), access)
    };
    vec![
        look.name(),
        phase(look).into(),
        volume.into(),
        capacity.into(),
        access.into(),
        class_of(look).into(),
        look.text_or("spec.volumeAttributesClassName", "<unset>")
            .into(),
        look.age(),
        look.text_or("spec.volumeMode", "<unset>").into(),
    ]
}

fn volume(look: Look<'_>) -> Vec<Value> {
    let claim = look.at("spec.claimRef");
    let claim = match claim.is_null() {
        true => String::new(),
        false => format!("{}/{}", text(&claim["namespace"]), text(&claim["name"])),
    };
    vec![
        look.name(),
        look.text("spec.capacity.storage").into(),
        modes(look.at("spec.accessModes")).into(),
        look.text("spec.persistentVolumeReclaimPolicy").into(),
        phase(look).into(),
        claim.into(),
        class_of(look).into(),
        look.text_or("spec.volumeAttributesClassName", "<unset>")
            .into(),
        look.text("status.reason").into(),
        look.age(),
        look.text_or("spec.volumeMode", "<unset>").into(),
    ]
}

fn is_default(look: Look<'_>, kind: &str) -> bool {
    let notes = look.at("metadata.annotations");
    [
        format!("{kind}.kubernetes.io/is-default-class"),
        format!("{kind}.beta.kubernetes.io/is-default-class"),
    ]
    .iter()
    .any(|note| notes[note.as_str()] == "true")
}

fn named(look: Look<'_>, default: bool) -> Value {
    match default {
        true => format!("{} (default)", look.text("metadata.name")).into(),
        false => look.name(),
    }
}

fn class(look: Look<'_>) -> Vec<Value> {
    vec![
        named(look, is_default(look, "storageclass")),
        look.text("provisioner").into(),
        look.text_or("reclaimPolicy", "Delete").into(),
        look.text_or("volumeBindingMode", "Immediate").into(),
        look.at("allowVolumeExpansion")
            .as_bool()
            .unwrap_or(false)
            .into(),
        look.age(),
    ]
}

fn driver(look: Look<'_>) -> Vec<Value> {
    let flag = |key: &str, default: bool| {
        Value::from(look.object["spec"][key].as_bool().unwrap_or(default))
    };
    let audiences: Vec<String> = look
        .list("spec.tokenRequests")
        .map(|request| text(&request["audience"]))
        .collect();
    let modes: Vec<String> = look.list("spec.volumeLifecycleModes").map(text).collect();
    let shown = |texts: Vec<String>| match texts.is_empty() {
        true => "<unset>".to_owned(),
        false => texts.join(","),
    };
    vec![
        look.name(),
        flag("attachRequired", true),
        flag("podInfoOnMount", false),
        flag("storageCapacity", false),
        shown(audiences).into(),
        flag("requiresRepublish", false),
        shown(modes).into(),
        look.age(),
    ]
}
