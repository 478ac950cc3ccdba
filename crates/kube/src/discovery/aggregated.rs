//! Discovery in two documents, and from each the older lists where a server does not know them.

use futures_util::future::join;
use http::StatusCode;
use http::header::{CONTENT_TYPE, ETAG};
use k8s_openapi::jiff::Timestamp;
use serde_json::Value;
use windlass_plan::cluster::{Error, Result};

use super::catalog::{Catalog, GroupVersion, Resource, Silent};
use crate::client::Client;
use crate::request::Request;

const ACCEPT: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
    application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
/// The roots of the core group and of all others.
const ROOTS: [&str; 2] = ["/api", "/apis"];

/// What one root says.
enum Told {
    /// The same as before.
    Same,
    /// This, under a tag.
    All(Vec<GroupVersion>, Vec<Silent>, Option<String>),
    /// Which versions there are, to be asked one by one.
    Names(Vec<GroupVersion>),
}

impl Client {
    /// The catalog as the server tells it; as it was, if the server says so.
    pub(super) async fn fetch_catalog(&self, remembered: Option<&Catalog>) -> Result<Catalog> {
        let tags = remembered.map_or([None, None], |known| known.tags.clone());
        let [core_tag, tag] = tags;
        let (core, others) = join(self.root(ROOTS[0], core_tag), self.root(ROOTS[1], tag)).await;
        let mut catalog = Catalog {
            said_at: Timestamp::now().as_second(),
            confirmed: true,
            ..Catalog::default()
        };
        for (at, told) in [core?, others?].into_iter().enumerate() {
            match told {
                Told::Same => {
                    if let Some(known) = remembered {
                        let is_core = at == 0;
                        let same = known
                            .versions
                            .iter()
                            .filter(|it| it.group.is_empty() == is_core);
                        catalog.versions.extend(same.cloned());
                        let silent = known.silent.iter().filter(|it| it.is_core() == is_core);
                        catalog.silent.extend(silent.cloned());
                        catalog.tags[at].clone_from(&known.tags[at]);
                    }
                }
                Told::All(versions, silent, tag) => {
                    catalog.versions.extend(versions);
                    catalog.silent.extend(silent);
                    catalog.tags[at] = tag;
                }
                Told::Names(names) => {
                    let (versions, silent) = self.one_by_one(names).await?;
                    catalog.versions.extend(versions);
                    catalog.silent.extend(silent);
                }
            }
        }
        Ok(catalog)
    }

    async fn root(&self, path: &'static str, known: Option<String>) -> Result<Told> {
        let request = Request {
            accept: ACCEPT,
            raw: true,
            known,
            ..Request::get(path)
        };
        let (parts, body) = match self.whole(&request).await {
            Ok(answer) => answer,
            // Servers without any such group, or that do not show it.
            Err(error) if error.is_not_found() || error.is_forbidden() => {
                return Ok(Told::All(Vec::new(), Vec::new(), None));
            }
            Err(error) => return Err(error),
        };
        if parts.status == StatusCode::NOT_MODIFIED {
            return Ok(Told::Same);
        }
        let document: Value = serde_json::from_slice(&body).map_err(|error| Error::Answer {
            message: format!("unable to read discovery at {path}: {error}"),
        })?;
        let media = parts.headers.get(CONTENT_TYPE);
        let aggregated = media.is_some_and(|media| {
            String::from_utf8_lossy(media.as_bytes()).contains("as=APIGroupDiscoveryList")
        });
        if aggregated {
            let tag = parts.headers.get(ETAG).and_then(|tag| tag.to_str().ok());
            let (versions, silent) = versions(&document);
            return Ok(Told::All(versions, silent, tag.map(str::to_owned)));
        }
        Ok(Told::Names(super::listed::names(&document)))
    }
}

/// The versions of a document; those that an extension server did not answer for are told apart.
fn versions(document: &Value) -> (Vec<GroupVersion>, Vec<Silent>) {
    let (mut out, mut silent) = (Vec::new(), Vec::new());
    for group in list(&document["items"]) {
        let name = text(&group["metadata"]["name"]);
        for version in list(&group["versions"]) {
            let named = GroupVersion {
                group: name.clone(),
                version: text(&version["version"]),
                resources: list(&version["resources"])
                    .iter()
                    .flat_map(resources)
                    .collect(),
            };
            match version["freshness"] == "Stale" {
                true => {
                    let why = format!("stale GroupVersion discovery: {}", named.api_version());
                    silent.push(Silent::new(&named, why));
                }
                false => out.push(named),
            }
        }
    }
    (out, silent)
}

/// A resource and its subresources, as far as they say what kind they are.
fn resources(resource: &Value) -> Vec<Resource> {
    let name = text(&resource["resource"]);
    let namespaced = resource["scope"] == "Namespaced";
    let own = (name.clone(), text(&resource["responseKind"]["kind"]));
    let below = list(&resource["subresources"]).iter().map(|below| {
        let name = format!("{name}/{}", text(&below["subresource"]));
        (name, text(&below["responseKind"]["kind"]))
    });
    std::iter::once(own)
        .chain(below)
        .filter(|(_, kind)| !kind.is_empty())
        .map(|(name, kind)| Resource {
            name,
            kind,
            namespaced,
        })
        .collect()
}

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
