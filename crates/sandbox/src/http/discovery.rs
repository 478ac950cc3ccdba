//! What the server serves, told three ways: aggregated, as old lists, and as bare paths.

use serde_json::{Value, json};

use super::{Reply, Request};
use crate::catalog::{Catalog, Kind, Subresource};

/// `/version`.
pub(super) fn version() -> Value {
    json!({
        "major": "1", "minor": "36", "emulationMajor": "1", "emulationMinor": "36",
        "minCompatibilityMajor": "1", "minCompatibilityMinor": "35",
        "gitVersion": "v1.36.3", "gitCommit": "", "gitTreeState": "",
        "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "",
        "platform": format!("{}/{}", std::env::consts::OS, platform()),
    })
}

fn platform() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// `/`: every path there is.
pub(super) fn paths(catalog: &Catalog) -> Value {
    let mut paths = vec!["/api".to_owned(), "/api/v1".to_owned()];
    paths.extend(["/apis".to_owned(), "/apis/".to_owned()]);
    for (group, versions) in catalog.groups().filter(|(group, _)| !group.is_empty()) {
        paths.push(format!("/apis/{group}"));
        paths.extend(versions.iter().map(|v| format!("/apis/{group}/{v}")));
    }
    let rest = [
        "/healthz",
        "/livez",
        "/openapi/v2",
        "/openapi/v3",
        "/readyz",
        "/version",
    ];
    paths.extend(rest.map(str::to_owned));
    paths.sort();
    json!({"paths": paths})
}

/// `/api` (the core group) or `/apis` (the others), in the form the client asks for.
pub(super) fn root(catalog: &Catalog, request: &Request, core: bool) -> Reply {
    let groups = || {
        catalog
            .groups()
            .filter(|(group, _)| group.is_empty() == core)
    };
    if let Some(version) = aggregated(request) {
        let items: Vec<Value> = groups()
            .map(|(group, versions)| discovered_group(catalog, group, versions))
            .collect();
        let list = json!({
            "kind": "APIGroupDiscoveryList", "metadata": {}, "items": items,
            "apiVersion": format!("apidiscovery.k8s.io/{version}"),
        });
        let mut reply = Reply::json(200, &list);
        reply.content_type = match version {
            "v2" => "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
            _ => "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
        };
        let hash = format!("{:?}", super::hash_hex(&reply.body));
        reply.headers.push(("etag", hash));
        reply.headers.push(("vary", "Accept".to_owned()));
        return reply;
    }
    if core {
        let host = request.header(http::header::HOST);
        let cidrs = json!([{"clientCIDR": "0.0.0.0/0", "serverAddress": host}]);
        let versions = json!({"kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": cidrs});
        return Reply::json(200, &versions);
    }
    let groups: Vec<Value> = groups()
        .map(|(group, versions)| group_of(group, versions))
        .collect();
    Reply::json(
        200,
        &json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}),
    )
}

/// `/apis/GROUP`.
pub(super) fn group(catalog: &Catalog, group: &str) -> Option<Value> {
    let (_, versions) = catalog.groups().find(|(g, _)| *g == group)?;
    let mut object = group_of(group, versions);
    object["kind"] = "APIGroup".into();
    object["apiVersion"] = "v1".into();
    Some(object)
}

/// `/api/v1` or `/apis/GROUP/VERSION`.
pub(super) fn resources(catalog: &Catalog, group: &str, version: &str) -> Option<Value> {
    let mut resources = Vec::new();
    let mut group_version = None;
    for kind in catalog.resources(group, version) {
        group_version = Some(kind.api_version());
        let mut resource = json!({"name": kind.plural, "singularName": kind.singular,
            "namespaced": kind.namespaced, "kind": kind.kind, "verbs": kind.verbs});
        if !kind.short_names.is_empty() {
            resource["shortNames"] = kind.short_names.clone().into();
        }
        if !kind.categories.is_empty() {
            resource["categories"] = kind.categories.clone().into();
        }
        if kind.allows("get") {
            let identity = format!("{}/{}", kind.api_version(), kind.kind);
            resource["storageVersionHash"] = storage_hash(&identity).into();
        }
        resources.push(resource);
        resources.extend(kind.subresources.iter().map(|sub| below(kind, sub)));
    }
    let group_version = group_version?;
    let mut list = json!({"kind": "APIResourceList",
        "groupVersion": group_version, "resources": resources});
    if !group.is_empty() {
        list["apiVersion"] = "v1".into();
    }
    Some(list)
}

fn storage_hash(identity: &str) -> String {
    // Opaque to clients: eight bytes in base64, of which only equality counts.
    format!("{}=", &super::hash_hex(identity.as_bytes())[..11])
}

fn below(kind: &Kind, sub: &Subresource) -> Value {
    let mut resource = json!({"name": format!("{}/{}", kind.plural, sub.name), "singularName": "",
        "namespaced": kind.namespaced, "kind": sub.kind, "verbs": sub.verbs});
    if !sub.group.is_empty() {
        resource["group"] = sub.group.clone().into();
    }
    if !sub.version.is_empty() {
        resource["version"] = sub.version.clone().into();
    }
    resource
}

fn group_of(group: &str, versions: &[String]) -> Value {
    let named: Vec<Value> = versions
        .iter()
        .map(|v| json!({"groupVersion": format!("{group}/{v}"), "version": v}))
        .collect();
    let preferred = named.first().cloned().unwrap_or_default();
    json!({"name": group, "versions": named, "preferredVersion": preferred})
}

/// The version of the aggregated form the client prefers to the old one, if it does.
fn aggregated(request: &Request) -> Option<&'static str> {
    let accept = request.header(http::header::ACCEPT);
    accept.split(',').find_map(|clause| {
        let wanted = clause.contains("as=APIGroupDiscoveryList")
            && clause.contains("g=apidiscovery.k8s.io")
            && clause.trim().starts_with("application/json");
        let has = |version: &str| clause.split(';').any(|part| part.trim() == version);
        match wanted {
            true if has("v=v2") => Some(Some("v2")),
            true if has("v=v2beta1") => Some(Some("v2beta1")),
            false if clause.trim() == "application/json" => Some(None),
            _ => None,
        }
    })?
}

fn discovered_group(catalog: &Catalog, group: &str, versions: &[String]) -> Value {
    let versions: Vec<Value> = versions
        .iter()
        .map(|version| {
            let resources: Vec<Value> = catalog
                .resources(group, version)
                .map(|kind| discovered(kind))
                .collect();
            json!({"version": version, "resources": resources, "freshness": "Current"})
        })
        .collect();
    let metadata = if group.is_empty() {
        json!({})
    } else {
        json!({"name": group})
    };
    json!({"metadata": metadata, "versions": versions})
}

fn discovered(kind: &Kind) -> Value {
    // A real server leaves group and version out where they are the resource's own, but for custom
    // resources.
    let own = |group: &str, version: &str, name: &str| match &kind.custom {
        Some(_) if group.is_empty() && version.is_empty() => {
            json!({"group": kind.group, "version": kind.version, "kind": name})
        }
        _ => json!({"group": group, "version": version, "kind": name}),
    };
    let mut resource = json!({
        "resource": kind.plural, "singularResource": kind.singular, "verbs": kind.verbs,
        "responseKind": own("", "", &kind.kind),
        "scope": if kind.namespaced { "Namespaced" } else { "Cluster" },
    });
    if !kind.short_names.is_empty() {
        resource["shortNames"] = kind.short_names.clone().into();
    }
    if !kind.categories.is_empty() {
        resource["categories"] = kind.categories.clone().into();
    }
    let below: Vec<Value> = kind
        .subresources
        .iter()
        .map(|sub| {
            json!({"subresource": sub.name, "verbs": sub.verbs,
                "responseKind": own(&sub.group, &sub.version, &sub.kind)})
        })
        .collect();
    if !below.is_empty() {
        resource["subresources"] = below.into();
    }
    resource
}
