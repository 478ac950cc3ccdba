//! LimitRanges: what containers get that do not say what they need, and the refusal of what is out of bounds.

use serde_json::{Map, Value};

use super::amount::{UNIT, read, shown, text};
use crate::catalog::Kind;
use crate::state::{State, identity};
use crate::status::Status;

/// Tells on a pod what was filled in.
const ANNOTATION: &str = "kubernetes.io/limit-ranger";

/// Gives containers of a new pod the defaults of the namespace's ranges.
pub(super) fn fill_in(state: &State, pod: &mut Value) {
    let namespace = identity(pod).0.to_owned();
    let ranges: Vec<_> = ranges(state, &namespace).cloned().collect();
    for range in &ranges {
        let mut told = Vec::new();
        for (list, called) in [
            ("containers", "container"),
            ("initContainers", "init container"),
        ] {
            let containers = pod["spec"].get_mut(list).and_then(Value::as_array_mut);
            for container in containers.into_iter().flatten() {
                complete(container, called, range, &mut told);
            }
        }
        if !told.is_empty() {
            let told = format!("LimitRanger plugin set: {}", told.join("; "));
            pod["metadata"]["annotations"][ANNOTATION] = told.into();
        }
    }
}

fn ranges<'a>(state: &'a State, namespace: &str) -> impl Iterator<Item = &'a Value> {
    let ranges = state.list("limitranges", Some(namespace));
    ranges.map(|range| &**range)
}

fn limits<'a>(range: &'a Value, kind: &str) -> impl Iterator<Item = &'a Value> {
    let limits = range["spec"]["limits"].as_array().into_iter().flatten();
    limits.filter(move |limit| limit["type"] == kind)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn complete(container: &mut Value, called: &str, range: &Value, told: &mut Vec<String>) {
    let name = text(&container["name"]);
    for (list, source, word) in [
        ("requests", "defaultRequest", "request"),
        ("limits", "default", "limit"),
    ] {
        let mut set = Vec::new();
        for (resource, amount) in limits(range, "Container").flat_map(|it| members(&it[source])) {
            if container["resources"][list][resource].is_null() {
                container["resources"][list][resource] = amount.clone();
                set.push(resource.as_str());
            }
        }
        if !set.is_empty() {
            set.sort_unstable();
            told.push(format!("{} {word} for {called} {name}", set.join(", ")));
        }
    }
}

/// Refuses a pod or a claim that is out of the bounds of its namespace.
pub(super) fn admit(
    state: &State,
    kind: &Kind,
    namespace: &str,
    object: &Value,
) -> Result<(), Status> {
    for range in ranges(state, namespace) {
        let wrong = match &*kind.resource {
            "pods" => pod(range, &object["spec"]),
            "persistentvolumeclaims" => claim(range, &object["spec"]["resources"]["requests"]),
            _ => return Ok(()),
        };
        let why = match wrong.as_slice() {
            [] => continue,
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let name = identity(object).1;
        return Err(Status::forbidden(&kind.qualified_plural(), name, &why));
    }
    Ok(())
}

fn pod(range: &Value, spec: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let all = ["containers", "initContainers"];
    for limit in range["spec"]["limits"].as_array().into_iter().flatten() {
        match limit["type"].as_str() {
            Some("Container") => {
                for container in all.iter().flat_map(|list| containers(spec, list)) {
                    let resources = &container["resources"];
                    bounds(
                        limit,
                        &resources["requests"],
                        &resources["limits"],
                        &mut wrong,
                    );
                }
            }
            Some("Pod") => {
                let (requests, limits) = (together(spec, "requests"), together(spec, "limits"));
                bounds(limit, &requests, &limits, &mut wrong);
            }
            _ => {}
        }
    }
    wrong
}

fn containers<'a>(spec: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    spec[list].as_array().into_iter().flatten()
}

/// What a pod needs: its containers and sidecars together, or more if an init container does, or what it says itself.
fn together(spec: &Value, list: &str) -> Value {
    let mut sums = Map::new();
    for container in containers(spec, "containers") {
        add(&mut sums, &container["resources"][list]);
    }
    let (mut sidecars, mut most) = (Map::new(), Map::new());
    for container in containers(spec, "initContainers") {
        let own = &container["resources"][list];
        let mut now = sidecars.clone();
        add(&mut now, own);
        if container["restartPolicy"] == "Always" {
            add(&mut sums, own);
            sidecars.clone_from(&now);
        }
        raise(&mut most, &now);
    }
    raise(&mut sums, &most);
    for (resource, amount) in members(&spec["resources"][list]) {
        if matches!(resource.as_str(), "cpu" | "memory") {
            sums.insert(resource.clone(), amount.clone());
        }
    }
    Value::Object(sums)
}

fn add(sums: &mut Map<String, Value>, more: &Value) {
    for (resource, amount) in members(more) {
        let sum = match sums.get(resource) {
            Some(sum) => shown(read(sum) + read(amount), amount).into(),
            None => amount.clone(),
        };
        sums.insert(resource.clone(), sum);
    }
}

fn raise(sums: &mut Map<String, Value>, to: &Map<String, Value>) {
    for (resource, amount) in to {
        if sums
            .get(resource)
            .is_none_or(|sum| read(amount) > read(sum))
        {
            sums.insert(resource.clone(), amount.clone());
        }
    }
}

fn claim(range: &Value, requests: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for limit in limits(range, "PersistentVolumeClaim") {
        for (resource, least) in members(&limit["min"]) {
            wrong.extend(minimum(limit, resource, least, requests, &Value::Null));
        }
        for (resource, most) in members(&limit["max"]) {
            let start = start("maximum", limit, resource, most);
            match &requests[resource] {
                Value::Null => wrong.push(format!("{start}.  No request is specified")),
                asked if read(asked) > read(most) => {
                    wrong.push(format!("{start}, but request is {}", text(asked)));
                }
                _ => {}
            }
        }
    }
    wrong
}

fn bounds(limit: &Value, requests: &Value, limits: &Value, wrong: &mut Vec<String>) {
    for (resource, least) in members(&limit["min"]) {
        wrong.extend(minimum(limit, resource, least, requests, limits));
    }
    for (resource, most) in members(&limit["max"]) {
        wrong.extend(maximum(limit, resource, most, requests, limits));
    }
    for (resource, most) in members(&limit["maxLimitRequestRatio"]) {
        wrong.extend(ratio(limit, resource, most, requests, limits));
    }
}

fn start(which: &str, limit: &Value, resource: &str, bound: &Value) -> String {
    let kind = text(&limit["type"]);
    format!("{which} {resource} usage per {kind} is {}", text(bound))
}

fn minimum(
    limit: &Value,
    resource: &str,
    least: &Value,
    requests: &Value,
    limits: &Value,
) -> Option<String> {
    let start = start("minimum", limit, resource, least);
    let (asked, most) = (&requests[resource], &limits[resource]);
    if asked.is_null() {
        Some(format!("{start}.  No request is specified"))
    } else if read(asked) < read(least) {
        Some(format!("{start}, but request is {}", text(asked)))
    } else if !most.is_null() && read(most) < read(least) {
        Some(format!("{start}, but limit is {}", text(most)))
    } else {
        None
    }
}

fn maximum(
    limit: &Value,
    resource: &str,
    bound: &Value,
    requests: &Value,
    limits: &Value,
) -> Option<String> {
    let start = start("maximum", limit, resource, bound);
    let (asked, most) = (&requests[resource], &limits[resource]);
    if most.is_null() {
        Some(format!("{start}.  No limit is specified"))
    } else if read(most) > read(bound) {
        Some(format!("{start}, but limit is {}", text(most)))
    } else if read(asked) > read(bound) {
        Some(format!("{start}, but request is {}", text(asked)))
    } else {
        None
    }
}

fn ratio(
    limit: &Value,
    resource: &str,
    bound: &Value,
    requests: &Value,
    limits: &Value,
) -> Option<String> {
    let (kind, shown) = (text(&limit["type"]), text(bound));
    let start = format!("{resource} max limit to request ratio per {kind} is {shown}, but");
    let (asked, most) = (read(&requests[resource]), read(&limits[resource]));
    if asked == 0 {
        return Some(format!("{start} no request is specified or request is 0"));
    }
    if most == 0 {
        return Some(format!("{start} no limit is specified or limit is 0"));
    }
    if most.saturating_mul(UNIT) <= asked.saturating_mul(read(bound)) {
        return None;
    }
    // Six digits, as Go prints a float.
    let millionths = most.saturating_mul(1_000_000) / asked;
    let (whole, rest) = (millionths / 1_000_000, millionths % 1_000_000);
    Some(format!("{start} provided ratio is {whole}.{rest:06}"))
}
