//! Which resources are served, in which groups and versions: the built-in ones, as `windlass-kinds` knows
//! them, and those of CRDs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use windlass_kinds::schema::Schema;

/// A resource in one version.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kind {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) list_kind: String,
    pub(crate) plural: String,
    pub(crate) singular: String,
    pub(crate) namespaced: bool,
    pub(crate) short_names: Vec<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) verbs: Vec<String>,
    pub(crate) subresources: Vec<Subresource>,
    /// `plural.group` of the group the objects are stored under: another than this one's where two
    /// groups serve the same objects, as events.
    pub(crate) resource: Arc<str>,
    /// What a CRD adds, when one made it.
    pub(crate) custom: Option<Arc<Custom>>,
}

/// What lies below an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Subresource {
    pub(crate) name: String,
    /// Group and version of its kind; empty where they are the resource's own.
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) verbs: Vec<String>,
}

/// What only custom resources have.
#[derive(Clone, Debug)]
pub(crate) struct Custom {
    /// The name of the CRD.
    pub(crate) definition: String,
    /// `schema.openAPIV3Schema` of the version.
    pub(crate) schema: Value,
    /// The same as types.
    pub(crate) typed: Schema,
    /// `additionalPrinterColumns` of the version.
    pub(crate) columns: Vec<Value>,
    /// `selectableFields` of the version, without the dot at the front.
    pub(crate) selectable: Vec<String>,
    /// `subresources.scale` of the version.
    pub(crate) scale: Option<Value>,
    /// The warning for users of a deprecated version.
    pub(crate) deprecation: Option<String>,
}

impl Kind {
    /// `apps/v1`, or `v1` in the core group.
    pub(crate) fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `deployments.apps`, as messages name it.
    pub(crate) fn qualified_plural(&self) -> String {
        qualified(&self.plural, &self.group)
    }

    /// `Deployment.apps`, as messages name it.
    pub(crate) fn qualified_kind(&self) -> String {
        qualified(&self.kind, &self.group)
    }

    pub(crate) fn subresource(&self, name: &str) -> Option<&Subresource> {
        self.subresources.iter().find(|s| s.name == name)
    }

    pub(crate) fn has_status(&self) -> bool {
        self.subresource("status").is_some()
    }

    pub(crate) fn allows(&self, verb: &str) -> bool {
        self.verbs.iter().any(|v| v == verb)
    }

    fn of(known: &windlass_kinds::kind::Kind) -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let subresources = known.subresources.iter().map(|sub| Subresource {
            name: sub.name.to_owned(),
            group: sub.group.to_owned(),
            version: sub.version.to_owned(),
            kind: sub.kind.to_owned(),
            verbs: owned(&sub.verbs),
        });
        Self {
            group: known.group.to_owned(),
            version: known.version.to_owned(),
            kind: known.kind.to_owned(),
            list_kind: format!("{}List", known.kind),
            plural: known.plural.to_owned(),
            singular: known.singular.to_owned(),
            namespaced: known.namespaced,
            short_names: owned(&known.short_names),
            categories: owned(&known.categories),
            verbs: owned(&known.verbs),
            subresources: subresources.collect(),
            resource: storage_name(known.group, known.plural).into(),
            custom: None,
        }
    }
}

/// Two groups serve one store of events.
fn storage_name(group: &str, plural: &str) -> String {
    match (group, plural) {
        ("events.k8s.io", "events") => "events".to_owned(),
        _ => qualified(plural, group),
    }
}

/// All that is served.
#[derive(Clone, Default)]
pub(crate) struct Catalog {
    /// Groups in the order of discovery, each with its versions in the order of preference.
    groups: Vec<(String, Vec<String>)>,
    /// By group, version and plural.
    kinds: BTreeMap<(String, String, String), Arc<Kind>>,
    /// The version that objects are stored in, by the name of their resource.
    storage: BTreeMap<Arc<str>, Arc<Kind>>,
}

impl Catalog {
    /// What a server has without CRDs.
    pub(crate) fn builtin() -> Self {
        let mut catalog = Self::default();
        for known in windlass_kinds::kind::all() {
            if served(known) {
                catalog.add(Kind::of(known));
            }
        }
        catalog
    }

    /// Serves a kind. The first version of a resource is the one that is stored, unless
    /// [`Self::store_as`] says otherwise.
    pub(crate) fn add(&mut self, kind: Kind) {
        let position = self.groups.iter().position(|(g, _)| *g == kind.group);
        let at = position.unwrap_or_else(|| {
            self.groups.push((kind.group.clone(), Vec::new()));
            self.groups.len() - 1
        });
        let versions = &mut self.groups[at].1;
        if !versions.contains(&kind.version) {
            versions.push(kind.version.clone());
        }
        let kind = Arc::new(kind);
        if !self.storage.contains_key(&kind.resource) && kind.qualified_plural() == *kind.resource {
            self.storage
                .insert(Arc::clone(&kind.resource), Arc::clone(&kind));
        }
        let key = (
            kind.group.clone(),
            kind.version.clone(),
            kind.plural.clone(),
        );
        self.kinds.insert(key, kind);
    }

    /// Makes the version of this kind the one that is stored.
    pub(crate) fn store_as(&mut self, kind: &Arc<Kind>) {
        self.storage
            .insert(Arc::clone(&kind.resource), Arc::clone(kind));
    }

    /// Forgets all kinds that CRDs made.
    pub(crate) fn forget_custom(&mut self) {
        self.kinds.retain(|_, kind| kind.custom.is_none());
        self.storage.retain(|_, kind| kind.custom.is_none());
        let kinds = &self.kinds;
        for (group, versions) in &mut self.groups {
            versions.retain(|version| {
                let key = |(g, v, _): &(String, String, String)| g == group && v == version;
                kinds.keys().any(key)
            });
        }
        self.groups.retain(|(_, versions)| !versions.is_empty());
    }

    /// By path: group, version, plural.
    pub(crate) fn find(&self, group: &str, version: &str, plural: &str) -> Option<&Arc<Kind>> {
        let key = (group.to_owned(), version.to_owned(), plural.to_owned());
        self.kinds.get(&key)
    }

    /// By what objects say of themselves.
    pub(crate) fn find_kind(&self, api_version: &str, kind: &str) -> Option<&Arc<Kind>> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        self.kinds
            .values()
            .find(|k| k.kind == kind && k.version == version && k.group == group)
    }

    /// The kind in whose version the objects of `plural.group` are stored.
    pub(crate) fn storage(&self, resource: &str) -> Option<&Arc<Kind>> {
        self.storage.get(resource)
    }

    /// Every stored resource once, in the order of names.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.storage.values()
    }

    /// Groups in the order of discovery, each with its versions in the order of preference.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.groups
            .iter()
            .map(|(group, versions)| (group.as_str(), versions.as_slice()))
    }

    /// Orders the versions of a group, best first.
    pub(crate) fn sort_versions(
        &mut self,
        group: &str,
        by: impl Fn(&str, &str) -> std::cmp::Ordering,
    ) {
        if let Some((_, versions)) = self.groups.iter_mut().find(|(g, _)| g == group) {
            versions.sort_by(|a, b| by(a, b));
        }
    }

    /// The resources of a group and version, by plural.
    pub(crate) fn resources<'a>(
        &'a self,
        group: &str,
        version: &str,
    ) -> impl Iterator<Item = &'a Arc<Kind>> + use<'a> {
        let low = (group.to_owned(), version.to_owned(), String::new());
        let (g, v) = (group.to_owned(), version.to_owned());
        self.kinds
            .range(low..)
            .take_while(move |((group, version, _), _)| *group == g && *version == v)
            .map(|(_, kind)| kind)
    }
}

/// Whether a server serves it without being told to: no alpha, no beta.
fn served(known: &windlass_kinds::kind::Kind) -> bool {
    !known.version.contains("alpha") && !known.version.contains("beta")
}

pub(crate) fn qualified(name: &str, group: &str) -> String {
    if group.is_empty() {
        name.to_owned()
    } else {
        format!("{name}.{group}")
    }
}

/// Where a real server stores objects of a kind, which a few messages name.
pub(crate) fn storage_path(kind: &Kind) -> String {
    match (kind.group.as_str(), kind.plural.as_str()) {
        ("", "nodes") => "minions".to_owned(),
        ("", "services") => "services/specs".to_owned(),
        ("", "endpoints") => "services/endpoints".to_owned(),
        ("networking.k8s.io", "ingresses") => "ingress".to_owned(),
        ("policy", "poddisruptionbudgets") => "poddisruptionbudgets".to_owned(),
        (group, plural) if group.contains('.') && !group.ends_with(".k8s.io") => {
            format!("{group}/{plural}")
        }
        (_, plural) => plural.to_owned(),
    }
}
