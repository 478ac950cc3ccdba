//! OpenAPI documents: enough for clients that look whether the server validates fields itself.
//!
//! `kubectl` and Helm ask of a kind's PATCH whether it takes `fieldValidation`; if it does they leave
//! validation to the server. So the documents name paths, kinds and that parameter, but no fields.

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
    if wants_protobuf(request.header(http::header::ACCEPT)) {
        return Some(Reply::text(406, "406 not acceptable\n"));
    }
    Some(Reply::json(200, &document))
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
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for kind in kinds {
        schemas.insert(schema_name(kind), schema(kind));
        let path = format!("/{}", path(kind));
        paths.insert(path, operations(kind, true));
    }
    Some(json!({"openapi": "3.0.0", "info": info(), "paths": paths,
        "components": {"schemas": schemas}}))
}

fn second(catalog: &Catalog) -> Value {
    let (mut paths, mut definitions) = (Map::new(), Map::new());
    let groups = catalog.groups();
    for (group, version) in groups.flat_map(|(g, vs)| vs.iter().map(move |v| (g, v))) {
        for kind in catalog.resources(group, version) {
            definitions.insert(schema_name(kind), schema(kind));
            paths.insert(format!("/{}", path(kind)), operations(kind, false));
        }
    }
    json!({"swagger": "2.0", "info": info(), "paths": paths, "definitions": definitions})
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

fn schema_name(kind: &Kind) -> String {
    let group = if kind.group.is_empty() {
        "core"
    } else {
        &kind.group
    };
    format!("{group}.{}.{}", kind.version, kind.kind)
}

fn marker(kind: &Kind) -> Value {
    json!({"group": kind.group, "kind": kind.kind, "version": kind.version})
}

fn schema(kind: &Kind) -> Value {
    json!({"type": "object", "x-kubernetes-group-version-kind": [marker(kind)]})
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
    json!({
        "get": {"x-kubernetes-action": "get", "x-kubernetes-group-version-kind": marker(kind)},
        "patch": {"x-kubernetes-action": "patch", "parameters": parameters,
            "x-kubernetes-group-version-kind": marker(kind)},
    })
}
