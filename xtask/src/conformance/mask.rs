//! The one list of what the two sides may differ in. `docs/conformance.md` tells it to readers.
//!
//! In texts: times, ages and durations; the name of the namespace; addresses and allocated ports;
//! ends of generated names; how far a table's columns are apart where one of those stands in it. In
//! objects: what the server gives or counts, what controllers write, and objects that others own.
//! Objects and annotations of Windlass' own lie beside the release and are left out too.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// Prefix of the labels and annotations that only Windlass writes.
const OURS: &str = "windlass.dev/";

/// A pattern and what stands for it.
struct Rule(Regex, &'static str);

fn rules(list: &[(&str, &'static str)]) -> Vec<Rule> {
    list.iter()
        .filter_map(|(pattern, stand_in)| Some(Rule(Regex::new(pattern).ok()?, stand_in)))
        .collect()
}

/// In objects too, applied before anything else.
const ANYWHERE: &[(&str, &str)] = &[
    (
        r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        "UID",
    ),
    // chart-1700000000, Helm's generated name.
    (r"-1[789]\d{8}\b", "-SECONDS"),
];

/// Applied in this order.
const TEXTS: &[(&str, &str)] = &[
    // 2026-11-20 09:11:59.123456789 +0000 UTC; with an m=... of Go's monotonic clock behind
    (
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} \w+( m=\S+)?[ \t]*",
        "TIME ",
    ),
    (
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
        "TIME",
    ),
    // Fri Nov 20 09:11:59 2026
    (r"\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}", "TIME"),
    // Fri, 20 Nov 2026 09:11:59 +0000
    (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", "TIME"),
    // What `rollout status` tells on its way: how often depends on when it looks.
    (r"(?m)^Waiting for .*\.\.\.\n", ""),
    // The machine and the API server.
    (r"\b127\.0\.0\.1:\d+", "ADDRESS"),
    (r"\b10\.\d+\.\d+\.\d+\b", "ADDRESS"),
    (r":3\d{4}/TCP", ":PORT/TCP"),
    (r"(modifiedAt|createdAt)(\W+)\d{10}", "${1}${2}SECONDS"),
    (r"\b[IWE]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ ", "KLOG "),
    // client-go's own: a watch that Helm ended while an answer was still on its way.
    (
        r"(?m)^KLOG (request|reflector)\.go:\d+\] .*context canceled.*\n",
        "",
    ),
    (r"uid=\S+", "uid=UID"),
    // Ages, the last column of the server's tables.
    (r"(?m)([ \t])(\d+[smhd])+[ \t]*$", "${1}AGE"),
    // An event that was told several times.
    (r"(\d+[smhd])+ \(x\d+ over (\d+[smhd])+\)", "AGE"),
    // How often containers were started again by now.
    (r"\d+ \((\d+[smhd])+ ago\)", "RESTARTS AGE"),
    // Ages and durations between other columns.
    (r"(  |\t)(\d+[smhd])+(  )", "${1}AGE${3}"),
    // Names of pods, in the alphabet of generated names: of a Deployment, of a Job or DaemonSet.
    (
        r"-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b",
        "-HASH-RANDOM",
    ),
    (r"-[bcdfghjklmnpqrstvwxz2456789]{5}\b", "-RANDOM"),
    // Names of ReplicaSets: the hash of a template is as stable in the sandbox, but another one.
    (r"-[bcdfghjklmnpqrstvwxz2456789]{8,10}\b", "-HASH"),
    (r"pod-template-hash=\w+", "pod-template-hash=HASH"),
    (
        r"((?:resourceVersion|Resource Version)\W+)\d+",
        "${1}VERSION",
    ),
];

/// A line of a table in which a masked value may have been longer or shorter.
const PADDING: &str = r"  +|[ \t]*\t[ \t]*";

static TEXT_RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| rules(TEXTS));
static PADDING_RULE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(PADDING).ok());

static ANYWHERE_RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| rules(ANYWHERE));

/// A text with what stands anywhere: the namespace's name, uids, seconds in generated names.
pub(super) fn names(text: &str, namespace: &str) -> String {
    let text = text.replace(namespace, "NAMESPACE");
    ANYWHERE_RULES
        .iter()
        .fold(text, |text, Rule(pattern, stand_in)| {
            pattern.replace_all(&text, *stand_in).into_owned()
        })
}

/// An output with everything that may differ masked.
pub(super) fn text(text: &str, namespace: &str) -> String {
    let masked = TEXT_RULES
        .iter()
        .fold(names(text, namespace), |text, Rule(pattern, stand_in)| {
            pattern.replace_all(&text, *stand_in).into_owned()
        });
    let lines = masked.split('\n').map(|line| {
        let table = [
            "TIME",
            "AGE",
            "Age",
            "----",
            "ADDRESS",
            "PORT",
            "RANDOM",
            "HASH",
            "UPDATED",
            "CLUSTER-IP",
        ];
        match PADDING_RULE.as_ref() {
            Some(padding) if table.iter().any(|word| line.contains(word)) => {
                padding.replace_all(line.trim_end(), "  ").into_owned()
            }
            _ => line.to_owned(),
        }
    });
    sorted_resources(&lines.collect::<Vec<_>>().join("\n"))
}

/// The parts of a table of resources in one order: Helm prints them as a map gives them.
fn sorted_resources(text: &str) -> String {
    const HEAD: &str = "RESOURCES:\n";
    let Some((before, rest)) = text.split_once(HEAD) else {
        return text.to_owned();
    };
    let end = rest.find("\n\n\n").unwrap_or(rest.len());
    let (table, after) = rest.split_at(end);
    let mut parts: Vec<&str> = table.split("\n\n").collect();
    parts.sort_unstable();
    format!("{before}{HEAD}{}{after}", parts.join("\n\n"))
}

/// Whether an object is compared at all.
pub(super) fn counts(object: &Value) -> bool {
    let metadata = &object["metadata"];
    let (kind, name) = (object["kind"].as_str(), metadata["name"].as_str());
    // What a controller made, and what is about to go.
    let made = metadata["ownerReferences"].is_array();
    let going = metadata["deletionTimestamp"].is_string();
    // What every namespace gets.
    let given = matches!(
        (kind, name),
        (Some("ConfigMap"), Some("kube-root-ca.crt")) | (Some("ServiceAccount"), Some("default"))
    );
    let ours = metadata["labels"]
        .as_object()
        .is_some_and(|labels| labels.keys().any(|key| is_ours(key)));
    !(made || going || given || ours)
}

/// An object whose name the server made, with `number` for what was random in it.
pub(super) fn generated_name(object: Value, number: usize) -> anyhow::Result<Value> {
    let metadata = &object["metadata"];
    let (Some(name), Some(prefix)) = (metadata["name"].as_str(), metadata["generateName"].as_str())
    else {
        return Ok(object);
    };
    let stand_in = format!("{prefix}GENERATED-{number}");
    let text = serde_json::to_string(&object)?.replace(name, &stand_in);
    Ok(serde_json::from_str(&text)?)
}

/// Members of an object that the server or controllers give, by JSON pointer.
const MEMBERS: &[&str] = &[
    "/status",
    "/metadata/uid",
    "/metadata/resourceVersion",
    "/metadata/creationTimestamp",
    // Times of a release record, in seconds.
    "/metadata/labels/createdAt",
    "/metadata/labels/modifiedAt",
    "/spec/clusterIP",
    "/spec/clusterIPs",
    // Counted also when controllers write.
    "/metadata/generation",
    // A decoded record.
    "/data/info/first_deployed",
    "/data/info/last_deployed",
    "/data/info/deleted",
    // When `--dependency-update` wrote it.
    "/data/chart/lock/generated",
];

/// What controllers add when they come to it: whether they have by now is chance, so nothing is left in its
/// place.
const LATER: &[(&str, &str)] = &[
    ("/metadata/annotations", "deployment.kubernetes.io/revision"),
    (
        "/metadata/annotations",
        "deprecated.daemonset.template.generation",
    ),
    ("/spec", "volumeName"),
    ("/spec", "nodeName"),
];

/// Those who write to objects besides the two sides.
const CONTROLLERS: &[&str] = &[
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
    "kube-apiserver",
];

/// Removes what may differ from an object.
pub(super) fn object(object: &mut Value) {
    for pointer in MEMBERS {
        mask(object, pointer);
    }
    for (map, member) in LATER {
        leave_out(object, map, &|key| key == *member);
    }
    leave_out(object, "/metadata/annotations", &is_ours);
    if let Some(entries) = object.pointer_mut("/metadata/managedFields") {
        managed_fields(entries);
    }
    if let Some(ports) = object
        .pointer_mut("/spec/ports")
        .and_then(Value::as_array_mut)
    {
        ports.iter_mut().for_each(|port| mask(port, "/nodePort"));
    }
    if let Some(hooks) = object
        .pointer_mut("/data/hooks")
        .and_then(Value::as_array_mut)
    {
        hook_times(hooks);
    }
}

fn is_ours(key: &str) -> bool {
    key.strip_prefix("f:").unwrap_or(key).starts_with(OURS)
}

/// Takes members out of a map.
fn leave_out(object: &mut Value, pointer: &str, goes: &dyn Fn(&str) -> bool) {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        return;
    };
    let Some(parent) = object.pointer_mut(parent).and_then(Value::as_object_mut) else {
        return;
    };
    let Some(map) = parent.get_mut(name).and_then(Value::as_object_mut) else {
        return;
    };
    let before = map.len();
    map.retain(|key, _| !goes(key));
    // A map in which there was nothing else came with them.
    if map.len() < before && map.keys().all(|key| key == ".") {
        parent.remove(name);
    }
}

/// When hooks ran is not compared; which of them ran first is.
fn hook_times(hooks: &mut [Value]) {
    let started = |hook: &Value| {
        let time = hook["last_run"]["started_at"].as_str()?;
        // Without the zone's letter, texts of any number of digits are in the order of time.
        Some(time.trim_end_matches('Z').to_owned()).filter(|time| !time.starts_with("0001"))
    };
    let mut times: Vec<String> = hooks.iter().filter_map(started).collect();
    times.sort();
    for hook in hooks {
        let place = started(hook).and_then(|time| times.iter().position(|other| *other == time));
        if let (Some(place), Some(time)) = (place, hook.pointer_mut("/last_run/started_at")) {
            *time = format!("MASKED, number {place}").into();
        }
        mask(hook, "/last_run/completed_at");
    }
}

/// Puts a word in the place of what may differ, so that its absence still shows.
fn mask(object: &mut Value, pointer: &str) {
    if let Some(value) = object.pointer_mut(pointer) {
        *value = Value::String("MASKED".to_owned());
    }
}

/// Each entry without its time; entries of controllers and of the status not at all.
fn managed_fields(entries: &mut Value) {
    let Some(list) = entries.as_array_mut() else {
        return;
    };
    list.retain(|entry| {
        let manager = entry["manager"].as_str().unwrap_or_default();
        entry["subresource"].is_null() && !CONTROLLERS.contains(&manager)
    });
    for entry in list.iter_mut() {
        mask(entry, "/time");
        leave_out(entry, "/fieldsV1/f:metadata/f:annotations", &is_ours);
    }
    // Their order is that of the times of their last writes, in whole seconds.
    list.sort_by_key(|entry| format!("{}{}", entry["manager"], entry["operation"]));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(TEXT_RULES.len(), TEXTS.len());
        assert!(PADDING_RULE.is_some());
        assert_eq!(ANYWHERE_RULES.len(), ANYWHERE.len());
    }

    #[test]
    fn times_are_masked_with_the_padding_behind_them() {
        let long = "web \tns-a     \t1       \t2026-11-20 09:11:59.123456789 +0000 UTC\tdeployed";
        let short = "web \tns-b     \t1       \t2026-11-20 09:12:59.1234 +0000 UTC     \tdeployed";
        assert_eq!(text(long, "ns-a"), text(short, "ns-b"));
        assert_ne!(
            text(long, "ns-a"),
            text(&short.replace("deployed", "failed"), "ns-b")
        );
    }

    #[test]
    fn resources_are_sorted_and_what_follows_is_not() {
        let told = "RESOURCES:\n==> b\n1\n\n==> a\n2\n\n\nNOTES:\nz\n\na\n";
        let sorted = "RESOURCES:\n==> a\n2\n\n==> b\n1\n\n\nNOTES:\nz\n\na\n";
        assert_eq!(text(told, "ns"), sorted);
    }

    #[test]
    fn what_controllers_add_later_leaves_no_trace() {
        let mut early = json!({"metadata": {"name": "a"}, "spec": {"b": 1}});
        let mut late = json!({
            "metadata": {"name": "a", "annotations": {"deployment.kubernetes.io/revision": "1"}},
            "spec": {"b": 1, "nodeName": "node-0"},
        });
        object(&mut early);
        object(&mut late);
        assert_eq!(early, late);
    }

    #[test]
    fn what_is_random_in_a_name_is_masked_everywhere() {
        let made = |random: &str| {
            let name = format!("made-{random}");
            let object =
                json!({"metadata": {"generateName": "made-", "name": name}, "spec": {"job": name}});
            generated_name(object, 3).ok()
        };
        assert!(made("abcde").is_some());
        assert_eq!(made("abcde"), made("fghij"));
        let named = json!({"metadata": {"name": "plain"}});
        assert_eq!(generated_name(named.clone(), 3).ok(), Some(named));
    }

    #[test]
    fn a_missing_time_still_shows() {
        let mut with = json!({"metadata": {"uid": "x"}, "data": {"info": {"deleted": "t"}}});
        let mut without = json!({"metadata": {"uid": "y"}, "data": {"info": {}}});
        object(&mut with);
        object(&mut without);
        assert_ne!(with, without);
    }

    #[test]
    fn the_order_of_hooks_counts_and_their_times_do_not() {
        let ran = |first: &str, second: &str| {
            let hook = |time: &str| json!({"last_run": {"started_at": time, "completed_at": "x"}});
            let mut record = json!({"data": {"hooks": [hook(first), hook(second)]}});
            object(&mut record);
            record
        };
        let order = ran("2026-01-01T00:00:01Z", "2026-01-01T00:00:01.5Z");
        assert_eq!(
            order,
            ran("2027-01-01T00:00:00.25Z", "2027-01-01T00:00:00.3Z")
        );
        assert_ne!(
            order,
            ran("2027-01-01T00:00:00.3Z", "2027-01-01T00:00:00.25Z")
        );
    }

    #[test]
    fn what_is_ours_leaves_no_trace() {
        let with = |annotations: Value| {
            let mut object = json!({"metadata": {"annotations": annotations}});
            super::object(&mut object);
            object["metadata"].clone()
        };
        assert_eq!(with(json!({"windlass.dev/holder": "x"})), json!({}));
        assert_eq!(
            with(json!({"windlass.dev/holder": "x", "a": "b"})),
            json!({"annotations": {"a": "b"}})
        );
        assert_eq!(with(json!({})), json!({"annotations": {}}));
        let mut entries = json!([{"manager": "helm", "fieldsV1": {"f:metadata": {
            "f:annotations": {".": {}, "f:windlass.dev/holder": {}}}}}]);
        managed_fields(&mut entries);
        assert_eq!(entries[0]["fieldsV1"]["f:metadata"], json!({}));
    }

    #[test]
    fn owners_of_fields_count_and_controllers_do_not() {
        let entry = |manager: &str| json!({"manager": manager, "time": "t", "fieldsV1": {}});
        let mut entries = json!([entry("kwok"), entry("helm")]);
        managed_fields(&mut entries);
        assert_eq!(entries[0]["manager"], "helm");
        assert_eq!(entries.as_array().map(Vec::len), Some(1));
    }
}
