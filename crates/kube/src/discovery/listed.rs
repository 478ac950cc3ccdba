//! Discovery list by list, as all servers know it.

use futures_util::StreamExt;
use futures_util::stream;
use serde_json::Value;
use windlass_plan::cluster::Result;

use super::aggregated::{list, text};
use super::catalog::{GroupVersion, Resource};
use crate::client::Client;
use crate::request::{Request, root};

/// How many lists are asked for at a time.
const AT_ONCE: usize = 16;

/// The versions that `/api` or `/apis` name, preferred ones first.
pub(super) fn names(document: &Value) -> Vec<GroupVersion> {
    let named = |group: &str, version: String| GroupVersion {
        group: group.to_owned(),
        version,
        resources: Vec::new(),
    };
    if document["kind"] == "APIVersions" {
        let versions = list(&document["versions"]).iter();
        return versions.map(|version| named("", text(version))).collect();
    }
    let mut out = Vec::new();
    for group in list(&document["groups"]) {
        let name = text(&group["name"]);
        let preferred = text(&group["preferredVersion"]["version"]);
        let mut versions: Vec<String> = list(&group["versions"])
            .iter()
            .map(|it| text(&it["version"]))
            .collect();
        versions.sort_by_key(|version| *version != preferred);
        out.extend(versions.into_iter().map(|version| named(&name, version)));
    }
    out
}

impl Client {
    /// Asks what each version serves. Versions that do not answer stay without resources, as client-go keeps
    /// them: extension servers may be down.
    pub(super) async fn one_by_one(&self, names: Vec<GroupVersion>) -> Result<Vec<GroupVersion>> {
        let count = names.len();
        let asked = names.into_iter().map(|mut named| async move {
            let request = Request::get(root(&named.group, &named.version));
            let told = self.object(&request).await?;
            named.resources = list(&told["resources"]).iter().map(resource).collect();
            Ok(named)
        });
        let answers: Vec<Result<GroupVersion>> =
            stream::iter(asked).buffered(AT_ONCE).collect().await;
        let mut out = Vec::with_capacity(count);
        let mut failed = None;
        for answer in answers {
            match answer {
                Ok(named) => out.push(named),
                Err(error) => failed = Some(error),
            }
        }
        match failed {
            // Nobody answered: that is no partial result.
            Some(error) if out.is_empty() => Err(error),
            _ => Ok(out),
        }
    }
}

fn resource(told: &Value) -> Resource {
    Resource {
        name: text(&told["name"]),
        kind: text(&told["kind"]),
        namespaced: told["namespaced"] == true,
    }
}
