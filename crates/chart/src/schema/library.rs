//! [`Library`]: the documents that schemas refer to, loaded when first asked for and checked.

use std::collections::HashMap;
use std::rc::Rc;

use windlass_url::Url;

use super::document::{Dialect, Document};
use super::draft::{Draft, LATEST, Place as Position, is_specification, specification};
use super::error::Fault;
use super::json::Json;
use super::metaschema::Metaschemas;
use super::plain::is_plain;
use super::pointer::{Fragment, Place, join};
use super::{Loader, read_document};
use crate::warning::Warning;

/// How many documents one schema may draw in.
const MAX_DOCUMENTS: usize = 200;

/// Documents by URL.
pub(super) struct Library<'l> {
    documents: HashMap<Rc<str>, Document>,
    contents: HashMap<Rc<str>, Rc<Json>>,
    loader: &'l mut dyn Loader,
    /// What schemas are checked against; absent while that is being made.
    metaschemas: Option<&'l mut Metaschemas>,
    pub(super) warnings: Vec<Warning>,
}

impl<'l> Library<'l> {
    pub(super) fn new(
        loader: &'l mut dyn Loader,
        metaschemas: Option<&'l mut Metaschemas>,
    ) -> Self {
        Self {
            documents: HashMap::new(),
            contents: HashMap::new(),
            loader,
            metaschemas,
            warnings: Vec::new(),
        }
    }

    /// Puts a document in place.
    pub(super) fn insert(&mut self, url: &str, content: Json) {
        self.contents.insert(url.into(), Rc::new(content));
    }

    /// The document of a URL.
    pub(super) fn document(&mut self, url: &Rc<str>) -> Result<&Document, Fault> {
        if !self.documents.contains_key(url) {
            let content = self.content(url)?;
            let mut document = Document::new(Rc::clone(url), Rc::clone(&content));
            let dialect = Dialect {
                draft: LATEST,
                vocabularies: None,
            };
            self.collect(&mut document, &content, url, &"".into(), &dialect)?;
            if !is_specification(url) {
                self.check(&document, &content, "")?;
            }
            self.documents.insert(Rc::clone(url), document);
        }
        Ok(self
            .documents
            .get(url)
            .expect("it was there or has been put there"))
    }

    /// The place that a URL and its fragment mean.
    pub(super) fn resolve(&mut self, url: &Rc<str>, fragment: &Fragment) -> Result<Place, Fault> {
        self.document(url)?.resolve_fragment(fragment)
    }

    /// Sees to it that the resources of a schema are known, wherever in a document it stands.
    pub(super) fn ensure(&mut self, place: &Place) -> Result<&Document, Fault> {
        if !self
            .document(&place.url)?
            .processed
            .contains(&place.pointer)
        {
            let mut document = self.documents.remove(&place.url).expect("it was just seen");
            self.add_schema(&mut document, place)?;
            self.documents.insert(Rc::clone(&place.url), document);
        }
        self.document(&place.url)
    }

    fn add_schema(&mut self, document: &mut Document, place: &Place) -> Result<(), Fault> {
        let content = Rc::clone(&document.content);
        let schema = place.lookup(&content)?;
        let around = document.resource(&place.pointer);
        let (id, dialect) = (Rc::clone(&around.id), around.dialect.clone());
        self.collect(document, schema, &id, &place.pointer, &dialect)?;
        if !document.resources.contains_key(&place.pointer) {
            document.collect_anchors(schema, &place.pointer, &id)?;
        }
        self.check(document, schema, &place.pointer)
    }

    /// Checks a schema against the schema of its draft.
    fn check(&mut self, document: &Document, schema: &Json, pointer: &str) -> Result<(), Fault> {
        let Some(metaschemas) = self.metaschemas.as_deref_mut() else {
            return Ok(());
        };
        let dialect = &document.resource(pointer).dialect;
        if dialect.vocabularies.is_none()
            && document.resources.len() == 1
            && is_plain(schema, dialect.draft)
        {
            return Ok(());
        }
        match metaschemas.check(schema, dialect, &document.resources)? {
            None => Ok(()),
            Some(report) => {
                let at = Place::new(&document.url, pointer).to_string();
                Err(Fault::NotASchema { at, report })
            }
        }
    }

    fn content(&mut self, url: &str) -> Result<Rc<Json>, Fault> {
        if let Some(content) = self.contents.get(url) {
            return Ok(Rc::clone(content));
        }
        let content = match specification(url) {
            Some(content) => content,
            None => {
                let load = |cause| Fault::Load {
                    url: url.to_owned(),
                    cause,
                };
                self.load(url).map_err(load)?
            }
        };
        if self.contents.len() >= MAX_DOCUMENTS {
            return Err(Fault::Limit("schema refers to too many documents"));
        }
        let content = Rc::new(content);
        self.contents.insert(url.into(), Rc::clone(&content));
        Ok(content)
    }

    fn load(&mut self, text: &str) -> Result<Json, String> {
        let url = Url::parse(text.as_bytes()).map_err(|e| e.to_string())?;
        match &*url.scheme {
            b"urn" => {
                let warning = Warning::UnresolvedUrn {
                    urn: text.to_owned(),
                };
                if !self.warnings.contains(&warning) {
                    self.warnings.push(warning);
                }
                Ok(Json::Bool(true))
            }
            b"file" | b"http" | b"https" => read_document(&self.loader.load(text)?),
            _ => Err(format!(
                "no URLLoader registered for {}",
                super::quote::quote(&url.to_string())
            )),
        }
    }

    /// Finds the resources in a schema and below it.
    fn collect(
        &mut self,
        document: &mut Document,
        schema: &Json,
        base: &Rc<str>,
        pointer: &Rc<str>,
        fallback: &Dialect,
    ) -> Result<(), Fault> {
        if document.processed.contains(pointer) {
            return Ok(());
        }
        if matches!(schema, Json::Object(_)) {
            self.collect_object(document, schema, base, pointer, fallback)?;
        } else if pointer.is_empty() {
            document.add(pointer, Rc::clone(base), fallback.clone())?;
        }
        document.processed.insert(Rc::clone(pointer));
        Ok(())
    }

    fn collect_object(
        &mut self,
        document: &mut Document,
        schema: &Json,
        base: &Rc<str>,
        pointer: &Rc<str>,
        fallback: &Dialect,
    ) -> Result<(), Fault> {
        let place = Place::new(&document.url, Rc::clone(pointer));
        let mut draft = self.draft(&place, schema, fallback.draft)?;
        let mut has_schema = schema.get("$schema").is_some_and(|s| s.as_str().is_some());
        let mut id = draft.id(schema);
        if id.is_empty() && !pointer.is_empty() {
            // Only a named schema can change the draft.
            (draft, has_schema) = (fallback.draft, false);
            id = draft.id(schema);
        }
        let mut base = Rc::clone(base);
        if !id.is_empty() {
            (base, _) = join(&base, id).map_err(|_| Fault::Id(place.to_string()))?;
        }
        if !id.is_empty() || pointer.is_empty() {
            let dialect = if has_schema && document.named(&base).is_none() {
                Dialect {
                    draft,
                    vocabularies: self.vocabularies(schema, draft)?,
                }
            } else {
                fallback.clone()
            };
            document.add(pointer, Rc::clone(&base), dialect)?;
        }
        document.collect_anchors(schema, pointer, &base)?;
        let around = document
            .named(&base)
            .map_or(fallback, |resource| &resource.dialect)
            .clone();
        for (place, child) in children(draft, schema, &place) {
            self.collect(document, child, &base, &place.pointer, &around)?;
        }
        Ok(())
    }

    /// The draft of a schema: by its `$schema`, which may be a document that names the draft.
    fn draft(&mut self, at: &Place, schema: &Json, default: Draft) -> Result<Draft, Fault> {
        let named = |schema: &Json| schema.get("$schema")?.as_str().map(str::to_owned);
        let Some(mut name) = named(schema) else {
            return Ok(default);
        };
        let mut seen: Vec<Rc<str>> = Vec::new();
        let mut at = at.clone();
        loop {
            if let Some(draft) = Draft::from_url(&name) {
                return Ok(draft);
            }
            let url: Rc<str> = name.split('#').next().unwrap_or_default().into();
            if let Err(e) = Url::parse(url.as_bytes()) {
                return Err(Fault::MetaschemaUrl {
                    at: at.to_string(),
                    cause: e.to_string(),
                });
            }
            if at.pointer.is_empty() && url == at.url {
                return Err(Fault::UnsupportedDraft(url.to_string()));
            }
            if seen.contains(&url) {
                return Err(Fault::MetaschemaCycle(url.to_string()));
            }
            name = match named(&*self.content(&url)?) {
                Some(name) => name,
                None => return Ok(default),
            };
            at = Place::new(&url, "");
            seen.push(url);
        }
    }

    /// The vocabularies that the schema of a schema asks for.
    fn vocabularies(&mut self, schema: &Json, draft: Draft) -> Result<Option<Rc<[String]>>, Fault> {
        let Some(name) = schema.get("$schema").and_then(Json::as_str) else {
            return Ok(None);
        };
        if Draft::from_url(name).is_some() {
            return Ok(None);
        }
        let url = name.split('#').next().unwrap_or_default();
        let content = self.content(url)?;
        let Some(Json::Object(wanted)) = content.get("$vocabulary") else {
            return Ok(None);
        };
        if draft < Draft::D2019 {
            return Ok(None);
        }
        let mut names = Vec::new();
        for (vocabulary, required) in wanted {
            if *required != Json::Bool(true) {
                continue;
            }
            let name = vocabulary.strip_prefix(draft.vocabulary_prefix());
            match name.filter(|name| draft.vocabularies().contains(name)) {
                Some(name) => names.push(name.to_owned()),
                None => {
                    let (vocabulary, url) = (vocabulary.to_string(), url.to_owned());
                    return Err(Fault::UnsupportedVocabulary { vocabulary, url });
                }
            }
        }
        if !names.iter().any(|name| name == "core") {
            names.push("core".to_owned());
        }
        Ok(Some(names.into()))
    }
}

/// The schemas right below a schema, in order of their pointers.
fn children<'a>(draft: Draft, schema: &'a Json, place: &Place) -> Vec<(Place, &'a Json)> {
    let mut found = Vec::new();
    for (keyword, position) in draft.subschemas() {
        let Some(value) = schema.get(keyword) else {
            continue;
        };
        match (position, value) {
            (Position::Value, value) => found.push((place.member(keyword), value)),
            (Position::Members, Json::Object(members)) => {
                found.extend(
                    members
                        .iter()
                        .map(|(k, v)| (place.grandchild(keyword, k), v)),
                );
            }
            (Position::Items, Json::Array(items)) => {
                let items = items.iter().enumerate();
                found.extend(items.map(|(i, v)| (place.grandchild(keyword, &i.to_string()), v)));
            }
            _ => {}
        }
    }
    found.sort_by(|a, b| a.0.pointer.cmp(&b.0.pointer));
    found
}
