//! Discovery list by list, as all servers know it.

use futures_util::StreamExt;
use futures_util::stream;
use serde_json::Value;
use windlass_plan::cluster::Result;

use super::aggregated::{list, text};
use super::catalog::{GroupVersion, Resource, Silent};
use crate::client::Client;
use crate::request::{Again, Request, root};

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
    /// Asks what each version serves. Those that do not answer are told apart, as client-go does: extension
    /// servers may be down, which is nothing to whoever does not need them.
    pub(super) async fn one_by_one(
        &self,
        names: Vec<GroupVersion>,
    ) -> Result<(Vec<GroupVersion>, Vec<Silent>)> {
        let asked = names.into_iter().map(|mut named| async move {
            let request = Request {
                again: Again::WhenBroken,
                ..Request::get(root(&named.group, &named.version))
            };
            match self.object(&request).await {
                Ok(told) => {
                    named.resources = list(&told["resources"]).iter().map(resource).collect();
                    Ok(named)
                }
                Err(error) => Err((named, error)),
            }
        });
        let answers: Vec<Result<GroupVersion, _>> =
            stream::iter(asked).buffered(AT_ONCE).collect().await;
        let (mut out, mut silent) = (Vec::with_capacity(answers.len()), Vec::new());
        let mut failed = None;
        for answer in answers {
            match answer {
                Ok(named) => out.push(named),
                // It went away meanwhile.
                Err((_, error)) if error.is_not_found() => {}
                Err((named, error)) => {
                    silent.push(Silent::new(&named, error.to_string()));
                    failed = Some(error);
                }
            }
        }
        match failed {
            // Nobody answered: that is no partial result.
            Some(error) if out.is_empty() => Err(error),
            _ => Ok((out, silent)),
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
