//! [`Document`]: a schema document, and the named schemas (resources) found in it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::draft::Draft;
use super::error::Fault;
use super::json::Json;
use super::pointer::{Fragment, Place, split_fragment};

/// A draft, and the vocabularies of it that are in force where they are not the usual ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Dialect {
    pub(super) draft: Draft,
    pub(super) vocabularies: Option<Rc<[String]>>,
}

impl Dialect {
    /// Whether the keywords of a vocabulary count.
    pub(super) fn has_vocabulary(&self, name: &str) -> bool {
        if name == "core" || self.draft < Draft::D2019 {
            return true;
        }
        match &self.vocabularies {
            Some(names) => names.iter().any(|n| n == name),
            None => self.draft.default_vocabularies().contains(&name),
        }
    }
}

/// A schema with a name of its own, and what can be found in it by name.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) pointer: Rc<str>,
    pub(super) id: Rc<str>,
    pub(super) dialect: Dialect,
    pub(super) anchors: BTreeMap<Rc<str>, Rc<str>>,
    pub(super) dynamic_anchors: HashSet<Rc<str>>,
}

/// A document.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) url: Rc<str>,
    pub(super) content: Rc<Json>,
    /// By pointer; that of the whole document is always there.
    pub(super) resources: HashMap<Rc<str>, Resource>,
    by_id: HashMap<Rc<str>, Rc<str>>,
    /// Pointers of the schemas whose resources were collected.
    pub(super) processed: HashSet<Rc<str>>,
}

impl Document {
    pub(super) fn new(url: Rc<str>, content: Rc<Json>) -> Self {
        Self {
            url,
            content,
            resources: HashMap::new(),
            by_id: HashMap::new(),
            processed: HashSet::new(),
        }
    }

    /// The resource around a value.
    pub(super) fn resource(&self, pointer: &str) -> &Resource {
        let mut pointer = pointer;
        loop {
            if let Some(resource) = self.resources.get(pointer) {
                return resource;
            }
            match pointer.rfind('/') {
                Some(slash) => pointer = &pointer[..slash],
                None => break,
            }
        }
        self.resources
            .get("")
            .expect("collecting makes the resource of the document first")
    }

    /// The resource of a name.
    pub(super) fn named(&self, id: &str) -> Option<&Resource> {
        self.resources.get(self.by_id.get(id)?)
    }

    /// Adds a resource, unless one of that name is there.
    ///
    /// # Errors
    /// If one is there in another place.
    pub(super) fn add(
        &mut self,
        pointer: &Rc<str>,
        id: Rc<str>,
        dialect: Dialect,
    ) -> Result<(), Fault> {
        if let Some(known) = self.by_id.get(&id) {
            if known == pointer {
                return Ok(());
            }
            return Err(Fault::DuplicateId {
                id: id.to_string(),
                document: self.url.to_string(),
                first: pointer.to_string(),
                second: known.to_string(),
            });
        }
        self.by_id.insert(Rc::clone(&id), Rc::clone(pointer));
        let resource = Resource {
            pointer: Rc::clone(pointer),
            id,
            dialect,
            anchors: BTreeMap::new(),
            dynamic_anchors: HashSet::new(),
        };
        self.resources.insert(Rc::clone(pointer), resource);
        Ok(())
    }

    /// Notes the anchors of a schema in the resource of a name.
    pub(super) fn collect_anchors(
        &mut self,
        schema: &Json,
        pointer: &Rc<str>,
        id: &str,
    ) -> Result<(), Fault> {
        let Some(draft) = self.named(id).map(|resource| resource.dialect.draft) else {
            return Ok(());
        };
        let text = |keyword| schema.get(keyword).and_then(Json::as_str);
        if draft < Draft::D2019 {
            if schema.get("$ref").is_some() {
                return Ok(());
            }
            if let Some(id_text) = text(draft.id_keyword()) {
                let fragment = split_fragment(id_text);
                let place = || Place::new(&self.url, Rc::clone(pointer)).to_string();
                let (_, fragment) = fragment.map_err(|_| Fault::Anchor(place()))?;
                if let Fragment::Anchor(anchor) = fragment {
                    self.add_anchor(&anchor, pointer, id)?;
                }
            }
            return Ok(());
        }
        if let Some(anchor) = text("$anchor") {
            self.add_anchor(anchor, pointer, id)?;
        }
        if let (Some(anchor), true) = (text("$dynamicAnchor"), draft >= Draft::D2020) {
            self.add_anchor(anchor, pointer, id)?;
            if let Some(resource) = self.named_mut(id) {
                resource.dynamic_anchors.insert(anchor.into());
            }
        }
        Ok(())
    }

    fn named_mut(&mut self, id: &str) -> Option<&mut Resource> {
        self.resources.get_mut(self.by_id.get(id)?)
    }

    fn add_anchor(&mut self, anchor: &str, pointer: &Rc<str>, id: &str) -> Result<(), Fault> {
        let document = self.url.to_string();
        let Some(resource) = self.named_mut(id) else {
            return Ok(());
        };
        match resource.anchors.get(anchor) {
            Some(known) if known != pointer => Err(Fault::DuplicateAnchor {
                anchor: anchor.to_owned(),
                document,
                first: known.to_string(),
                second: pointer.to_string(),
            }),
            Some(_) => Ok(()),
            None => {
                resource.anchors.insert(anchor.into(), Rc::clone(pointer));
                Ok(())
            }
        }
    }

    /// The place that a URL and a fragment mean, if the URL is one of this document.
    pub(super) fn resolve(&self, url: &str, fragment: &Fragment) -> Result<Option<Place>, Fault> {
        let resource = if *url == *self.url {
            Some(self.resource(""))
        } else {
            self.named(url)
        };
        resource
            .map(|resource| self.resolve_in(fragment, resource))
            .transpose()
    }

    /// The place that a fragment means in the document.
    pub(super) fn resolve_fragment(&self, fragment: &Fragment) -> Result<Place, Fault> {
        self.resolve_in(fragment, self.resource(""))
    }

    fn resolve_in(&self, fragment: &Fragment, resource: &Resource) -> Result<Place, Fault> {
        match fragment {
            Fragment::Pointer(pointer) => Ok(Place::new(
                &self.url,
                format!("{}{pointer}", resource.pointer),
            )),
            Fragment::Anchor(anchor) => match resource.anchors.get(&**anchor) {
                Some(pointer) => Ok(Place::new(&self.url, Rc::clone(pointer))),
                None => Err(Fault::AnchorNotFound {
                    reference: format!(
                        "{}#{}",
                        resource.id,
                        super::pointer::as_fragment(fragment.text())
                    ),
                    document: self.url.to_string(),
                }),
            },
        }
    }
}
