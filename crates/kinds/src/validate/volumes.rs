//! Volumes of a pod and where containers mount them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Faults, items, names, text};
use crate::invalid::Invalid;

/// Sources in the order in which the server looks for them, each with the name that it needs.
const SOURCES: [(&str, &str); 5] = [
    ("secret", "secretName"),
    ("persistentVolumeClaim", "claimName"),
    ("configMap", "name"),
    ("hostPath", "path"),
    ("csi", "driver"),
];

/// Checks volumes and tells their names.
pub(super) fn check<'a>(volumes: &'a Value, field: &str, faults: &mut Faults) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    for (at, volume) in items(volumes).iter().enumerate() {
        let field = format!("{field}[{at}]");
        source(volume, &field, faults);
        if faults.needs(volume, &field, "name") {
            let (name, field) = (text(&volume["name"]), format!("{field}.name"));
            let wrongs = names::label(name);
            if wrongs.is_empty() && !seen.insert(name) {
                faults.add(Invalid::duplicate(&field, json!(name)));
            }
            faults.named(&field, name, wrongs);
        }
    }
    seen
}

fn source(volume: &Value, field: &str, faults: &mut Faults) {
    let given = volume.as_object().map_or(0, |volume| {
        let source = |(name, value): &(&String, &Value)| *name != "name" && !value.is_null();
        volume.iter().filter(source).count()
    });
    for (at, (name, needed)) in SOURCES.iter().enumerate() {
        let value = &volume[name];
        if value.is_null() {
            continue;
        }
        let before = SOURCES[..at]
            .iter()
            .any(|(other, _)| !volume[other].is_null());
        if given > 1 && (before || !volume["emptyDir"].is_null()) {
            let said = "may not specify more than 1 volume type";
            faults.forbidden(&format!("{field}.{name}"), said);
        } else {
            faults.needs(value, &format!("{field}.{name}"), needed);
        }
    }
}

/// Mounts name volumes that there are.
pub(super) fn mounts(
    container: &Value,
    field: &str,
    volumes: &BTreeSet<&str>,
    faults: &mut Faults,
) {
    let mut paths = BTreeSet::new();
    for (at, mount) in items(&container["volumeMounts"]).iter().enumerate() {
        let field = format!("{field}.volumeMounts[{at}]");
        faults.needs(mount, &field, "name");
        let name = text(&mount["name"]);
        if !volumes.contains(name) {
            let fault = crate::invalid::Fault::NotFound;
            faults.add(Invalid::new(
                fault,
                &format!("{field}.name"),
                json!(name),
                "",
            ));
        }
        if faults.needs(mount, &field, "mountPath") && !paths.insert(text(&mount["mountPath"])) {
            let said = "must be unique";
            faults.malformed(&format!("{field}.mountPath"), &mount["mountPath"], said);
        }
    }
}
