//! OpenAPI documents: what clients compute with.
//!
//! `kubectl` and Helm ask of a kind's PATCH whether it takes `fieldValidation`; if it does they leave
//! validation to the server. `kubectl apply` makes its patches from the types of fields, and `kubectl
//! explain` shows them. So the documents name paths, kinds, that parameter and fields, but hold no prose.

mod protobuf;
mod schemas;

use schemas::Schemas;
use serde_json::{Map, Value, json};

use super::{Reply, Request};
use crate::catalog::{Catalog, Kind};

/// `/openapi/v2`, `/openapi/v3` and `/openapi/v3/apis/GROUP/VERSION`.
pub(super) fn answer(catalog: &Catalog, request: &Request, rest: &[&str]) -> Option<Reply> {
    let document = match rest {
        ["v2"] => second(catalog),
        ["v3"] => index(catalog),
        ["v3", "api", version] => third(catalog, "", version)?,
        ["v3", "apis", group, version] => third(catalog, group, version)?,
        _ => return None,
    };
    let wants_protobuf = |header: &str| {
        header.contains("proto") && !header.contains("json") && !header.contains("*/*")
    };
    if !wants_protobuf(request.header(http::header::ACCEPT)) {
        return Some(Reply::json(200, &document));
    }
    Some(match rest {
        ["v2"] => Reply::of(200, protobuf::MEDIA_TYPE, protobuf::document(&document)),
        _ => Reply::text(406, "406 not acceptable\n"),
    })
}

fn base(group: &str, version: &str) -> String {
    if group.is_empty() {
        format!("api/{version}")
    } else {
        format!("apis/{group}/{version}")
    }
}

fn index(catalog: &Catalog) -> Value {
    let mut paths = Map::new();
    for (group, versions) in catalog.groups() {
        for version in versions {
            let base = base(group, version);
            let text: String = catalog
                .resources(group, version)
                .map(|kind| {
                    format!(
                        "{} {:?} ",
                        kind.plural,
                        kind.custom.as_ref().map(|c| &c.schema)
                    )
                })
                .collect();
            let hash = super::hash_hex(text.as_bytes());
            let url = format!("/openapi/v3/{base}?hash={hash}");
            paths.insert(base, json!({"serverRelativeURL": url}));
        }
    }
    json!({"paths": paths})
}

fn third(catalog: &Catalog, group: &str, version: &str) -> Option<Value> {
    let mut kinds = catalog.resources(group, version).peekable();
    kinds.peek()?;
    let (mut paths, mut schemas) = (Map::new(), Schemas::new(true));
    for kind in kinds {
        schemas.add(kind);
        let path = format!("/{}", path(kind));
        paths.insert(path, operations(kind, true));
    }
    Some(json!({"openapi": "3.0.0", "info": info(), "paths": paths,
        "components": {"schemas": schemas.finish()}}))
}

fn second(catalog: &Catalog) -> Value {
    let (mut paths, mut schemas) = (Map::new(), Schemas::new(false));
    let groups = catalog.groups();
    for (group, version) in groups.flat_map(|(g, vs)| vs.iter().map(move |v| (g, v))) {
        for kind in catalog.resources(group, version) {
            schemas.add(kind);
            paths.insert(format!("/{}", path(kind)), operations(kind, false));
        }
    }
    json!({"swagger": "2.0", "info": info(), "paths": paths, "definitions": schemas.finish()})
}

fn info() -> Value {
    json!({"title": "Kubernetes", "version": "v1.36.3"})
}

fn path(kind: &Kind) -> String {
    let base = base(&kind.group, &kind.version);
    let within = if kind.namespaced {
        "namespaces/{namespace}/"
    } else {
        ""
    };
    format!("{base}/{within}{}/{{name}}", kind.plural)
}

fn marker(kind: &Kind) -> Value {
    json!({"group": kind.group, "kind": kind.kind, "version": kind.version})
}

fn operations(kind: &Kind, third: bool) -> Value {
    let parameter = |name: &str| {
        let mut parameter = json!({"name": name, "in": "query", "uniqueItems": true});
        if third {
            parameter["schema"] = json!({"type": "string", "uniqueItems": true});
        } else {
            parameter["type"] = "string".into();
        }
        parameter
    };
    let names = ["dryRun", "fieldManager", "fieldValidation", "force"];
    let parameters: Vec<Value> = names.iter().map(|name| parameter(name)).collect();
    let mut operations = json!({
        "get": {"x-kubernetes-action": "get", "x-kubernetes-group-version-kind": marker(kind)},
        "patch": {"x-kubernetes-action": "patch", "parameters": parameters,
            "x-kubernetes-group-version-kind": marker(kind)},
    });
    if third {
        let strategic = kind
            .custom
            .is_none()
            .then_some("strategic-merge-patch+json");
        let patches = ["apply-patch+yaml", "json-patch+json", "merge-patch+json"];
        let content: Map<String, Value> = patches
            .into_iter()
            .chain(strategic)
            .map(|patch| (format!("application/{patch}"), json!({})))
            .collect();
        operations["patch"]["requestBody"] = json!({"content": content});
    }
    operations
}
