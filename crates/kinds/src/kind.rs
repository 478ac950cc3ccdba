//! Which built-in kinds there are: resources, verbs, short names, table columns.
//!
//! `data/kinds.txt` has a line for each resource, the core group first, then groups in the order in which
//! a server lists them and versions in its order of preference. `data/columns.txt` is what a running
//! server showed as table columns; a resource without a line there is not served by default.

use std::collections::HashMap;
use std::sync::LazyLock;

const KINDS: &str = include_str!("../data/kinds.txt");
const COLUMNS: &str = include_str!("../data/columns.txt");

static ALL: LazyLock<Vec<Kind>> = LazyLock::new(|| KINDS.lines().filter_map(read).collect());

/// Group, version, plural.
type Resource = (&'static str, &'static str, &'static str);

static COLUMNS_OF: LazyLock<HashMap<Resource, Vec<Column>>> =
    LazyLock::new(|| COLUMNS.lines().filter_map(read_columns).collect());

/// A built-in kind, and the resource that serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// API group; empty for the core group.
    pub group: &'static str,
    /// API version.
    pub version: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The name of the resource in paths.
    pub plural: &'static str,
    /// The name of one.
    pub singular: &'static str,
    /// Whether objects live in namespaces.
    pub namespaced: bool,
    /// Short names, as `kubectl get` takes them.
    pub short_names: Vec<&'static str>,
    /// Categories, such as `all`.
    pub categories: Vec<&'static str>,
    /// What a client may do with it.
    pub verbs: Vec<&'static str>,
    /// What lies below an object.
    pub subresources: Vec<Subresource>,
    pub(crate) type_number: Option<u16>,
}

impl Kind {
    /// `v1`, `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// The columns of its table; none if a server does not serve it unless told to.
    #[must_use]
    pub fn columns(&self) -> Option<&'static [Column]> {
        let key = (self.group, self.version, self.plural);
        COLUMNS_OF.get(&key).map(Vec::as_slice)
    }

    /// Whether a server serves it without being told to.
    #[must_use]
    pub fn served_by_default(&self) -> bool {
        self.columns().is_some()
    }

    /// The subresource of this name.
    #[must_use]
    pub fn subresource(&self, name: &str) -> Option<&Subresource> {
        self.subresources.iter().find(|sub| sub.name == name)
    }
}

/// A subresource: `status`, `scale`, `log`, …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subresource {
    /// Its name.
    pub name: &'static str,
    /// Group of its kind; empty where it is the resource's own or the core group.
    pub group: &'static str,
    /// Version of its kind; empty where it is the resource's own.
    pub version: &'static str,
    /// Its kind.
    pub kind: &'static str,
    /// What a client may do with it.
    pub verbs: Vec<&'static str>,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// `string`, `integer`, `boolean`, `date`, …
    pub data_type: &'static str,
    /// `name` for the name of the object, else mostly empty.
    pub format: &'static str,
    /// Above 0: shown by `-o wide` only.
    pub priority: i32,
}

/// All built-in kinds.
#[must_use]
pub fn all() -> &'static [Kind] {
    &ALL
}

/// The kind of this name.
#[must_use]
pub fn find(group: &str, version: &str, kind: &str) -> Option<&'static Kind> {
    ALL.iter()
        .find(|k| k.kind == kind && k.group == group && k.version == version)
}

/// The kind that this resource serves.
#[must_use]
pub fn find_resource(group: &str, version: &str, plural: &str) -> Option<&'static Kind> {
    ALL.iter()
        .find(|k| k.plural == plural && k.group == group && k.version == version)
}

fn read(line: &'static str) -> Option<Kind> {
    let columns: Vec<&'static str> = line.split('\t').collect();
    let [
        group,
        version,
        kind,
        plural,
        singular,
        scope,
        short,
        categories,
        verbs,
        number,
        subs,
    ] = columns[..]
    else {
        return None;
    };
    Some(Kind {
        group,
        version,
        kind,
        plural,
        singular,
        namespaced: scope == "n",
        short_names: words(short),
        categories: words(categories),
        verbs: words(verbs),
        subresources: subs.split(' ').filter_map(subresource).collect(),
        type_number: number.parse().ok(),
    })
}

fn subresource(text: &'static str) -> Option<Subresource> {
    let mut parts = text.split(':');
    Some(Subresource {
        name: parts.next().filter(|name| !name.is_empty())?,
        group: parts.next()?,
        version: parts.next()?,
        kind: parts.next()?,
        verbs: words(parts.next()?),
    })
}

fn words(text: &'static str) -> Vec<&'static str> {
    text.split(',').filter(|word| !word.is_empty()).collect()
}

fn read_columns(line: &'static str) -> Option<(Resource, Vec<Column>)> {
    let mut parts = line.split('\t');
    let key = (parts.next()?, parts.next()?, parts.next()?);
    Some((key, parts.filter_map(column).collect()))
}

fn column(text: &'static str) -> Option<Column> {
    let mut parts = text.rsplitn(4, ':');
    let priority = parts.next()?.parse().ok()?;
    let format = parts.next()?;
    let data_type = parts.next()?;
    Some(Column {
        name: parts.next()?,
        data_type,
        format,
        priority,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    #[test]
    fn every_line_is_a_kind() {
        assert_eq!(ALL.len(), KINDS.lines().count());
    }

    #[test]
    fn a_deployment_is_known() {
        let deployment = find("apps", "v1", "Deployment").unwrap();
        assert_eq!(deployment.plural, "deployments");
        assert_eq!(deployment.short_names, ["deploy"]);
        assert!(deployment.namespaced);
        let scale = deployment.subresource("scale").unwrap();
        assert_eq!(
            (scale.group, scale.version, scale.kind),
            ("autoscaling", "v1", "Scale")
        );
        assert_eq!(find_resource("apps", "v1", "deployments"), Some(deployment));
    }
}
