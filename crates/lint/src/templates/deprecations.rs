//! APIs that Kubernetes has deprecated.
//!
//! The table is what the types of k8s.io/api v0.37 tell of themselves, the same for both Helms;
//! `tools/oracle/lifecycle` writes it.

use windlass_render::KubeVersion;

use crate::object::Object;

/// Lines of group, version, kind, deprecated in, removed in, replacement; tabs between.
const TABLE: &str = include_str!("lifecycle.tsv");

/// A line of the table.
struct Api<'t> {
    deprecated: &'t str,
    removed: &'t str,
    replacement: &'t str,
}

/// Checks that an object's API is not deprecated in a version of Kubernetes.
pub(super) fn check(object: &Object, version: &KubeVersion) -> Result<(), String> {
    let Some((group, api_version)) = group_version(&object.api_version) else {
        return Ok(());
    };
    let Some(api) = find(group, api_version, &object.kind) else {
        return Ok(());
    };
    let current = (number(&version.major)?, number(&version.minor)?);
    if current != (0, 0) && release(api.deprecated).is_some_and(|since| since > current) {
        return Ok(());
    }
    let slash = if group.is_empty() { "" } else { "/" };
    let kind = &object.kind;
    let mut text = format!(
        "{group}{slash}{api_version} {kind} is deprecated in v{}+",
        api.deprecated
    );
    if !api.removed.is_empty() {
        text += &format!(", unavailable in v{}+", api.removed);
    }
    if !api.replacement.is_empty() {
        text += &format!("; use {}", api.replacement);
    }
    Err(text)
}

/// Group and version of an `apiVersion`, unless it has more parts.
fn group_version(text: &str) -> Option<(&str, &str)> {
    match text.split_once('/') {
        None => Some(("", text)),
        Some((_, version)) if version.contains('/') => None,
        Some(both) => Some(both),
    }
}

fn find(group: &str, version: &str, kind: &str) -> Option<Api<'static>> {
    TABLE.lines().find_map(|line| {
        let mut columns = line.split('\t');
        let found = [group, version, kind]
            .iter()
            .all(|wanted| columns.next() == Some(wanted));
        found.then(|| Api {
            deprecated: columns.next().unwrap_or_default(),
            removed: columns.next().unwrap_or_default(),
            replacement: columns.next().unwrap_or_default(),
        })
    })
}

/// Go's `strconv.Atoi` of digits.
fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| {
        let text = windlass_value::fmt::quote(text.as_bytes());
        format!("strconv.Atoi: parsing {text}: value out of range")
    })
}

fn release(text: &str) -> Option<(i64, i64)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
