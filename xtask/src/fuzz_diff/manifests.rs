//! `manifests`: rendered files cut into documents, their heads, hooks, and the order of all.

use serde_json::{Map, Value, json};
use windlass_render::manifest;

use super::answer::{Answer, packed};
use super::exec::compat;
use super::family::{Family, Question};
use super::{whole, words};
use crate::oracle::pipe::{Helm, text};
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family {
    same,
    ..Family::new(
        "manifests",
        "splitting, heads, hooks and order of rendered files",
        generate,
        answer,
    )
};

fn generate(random: &mut Random, _: u64) -> Question {
    if random.percent(15) {
        return json!({"op": "split_manifests", "text": file(random)}).into();
    }
    let mut files = Map::new();
    for _ in 0..1 + random.below(3) {
        let name = random.pick(&[
            "a.yaml",
            "b.yaml",
            "_p.tpl",
            "z/a.yaml",
            "NOTES.txt",
            "a.txt",
            "A.yaml",
            ".h",
            "z/_x.yaml",
        ]);
        files.insert(name.to_owned(), file(random).into());
    }
    if random.percent(60) {
        let named = |(name, body): (String, Value)| (format!("c/templates/{name}"), body);
        let files: Map<String, Value> = files.into_iter().map(named).collect();
        return json!({"op": "sort_manifests", "files": files}).into();
    }
    let named = |(name, body): (String, Value)| (format!("templates/{name}"), body);
    let mut files: Map<String, Value> = files.into_iter().map(named).collect();
    files.insert(
        "Chart.yaml".into(),
        "apiVersion: v2\nname: c\nversion: 1.0.0\n".into(),
    );
    if random.percent(20) {
        files.insert("crds/c.yaml".into(), file(random).into());
    }
    let mut question = json!({"op": "template", "files": files});
    for switch in ["no_hooks", "skip_tests", "include_crds", "is_upgrade"] {
        if random.percent(20) {
            question[switch] = json!(true);
        }
    }
    question.into()
}

fn file(random: &mut Random) -> String {
    let mut text = words::pick(
        random,
        &[
            "",
            "",
            "",
            "",
            "---\n",
            "\n\n",
            "# comment\n",
            "--- # c\n",
            " ---\n",
            "---",
        ],
    );
    let count = random.pick(&[0, 1, 1, 1, 2, 2, 3, 12]);
    for at in 0..count {
        if at > 0 {
            text += random.pick(&[
                "---\n",
                "---\n",
                "---\n",
                "---\n",
                "\n---\n",
                "--- \n",
                "---\t\n",
                "---\r\n",
                " ---\n",
                "----\n",
                "--- # c\n",
                "---a: b\n",
                "\n---",
                "...\n",
                "---\n---\n",
                "...\n---\n",
                "---\n\n",
                "\u{a0}---\n",
                "--- \n \n---\n",
            ]);
        }
        text += &document(random);
    }
    text + random.pick(&["", "", "", "\n", " ", "---", "---\n", "\n\n"])
}

fn document(random: &mut Random) -> String {
    let text = match random.below(12) {
        0 | 2 => odd(random),
        1 => format!("# only {}\n", random.below(3)),
        _ => object(random),
    };
    if random.percent(24) {
        words::damaged(
            random,
            &text,
            &[
                "\n", " ", ":", "- ", "{", "[", "\"", "\t", "---\n", "&a ", "*b", "!x ", "|", "#",
                "\r", "é", "%", "@", ",",
            ],
        )
    } else {
        text
    }
}

fn odd(random: &mut Random) -> String {
    words::pick(
        random,
        &[
            "a: b\n",
            "- a\n- b\n",
            "text\n",
            "12\n",
            "null\n",
            "{}\n",
            "[]\n",
            "~\n",
            "\"\"\n",
            "a: [\n",
            "kind: [a]\n",
            "kind: {a: b}\n",
            "kind: 1\n",
            "metadata: 1\n",
            "metadata: []\n",
            "metadata: null\n",
            "metadata: text\n",
            "apiVersion: {}\n",
            "apiVersion: 1.10\n",
            "metadata: {name: 1}\n",
            "metadata: {name: [a]}\n",
            "metadata: {name: {a: b}}\n",
            "metadata: {annotations: 1}\n",
            "metadata: {annotations: []}\n",
            "metadata: {annotations: {a: 1}}\n",
            "metadata: {annotations: {a: [b]}}\n",
            "metadata: {annotations: {a: {b: c}}}\n",
            "metadata: {annotations: {a: null}}\n",
            "metadata: {annotations: {1: b}}\n",
            "metadata: {annotations: {a: true}}\n",
            "metadata: {annotations: {a: 1.0}}\n",
            "metadata: {annotations: {a: 1e3}}\n",
            "metadata: {annotations: {a: .inf}}\n",
            "metadata: {annotations: {a: 0x1F}}\n",
            "metadata: {annotations: {a: 12345678901234567890}}\n",
            "metadata: {annotations: {a: 2024-01-02}}\n",
            "metadata: {name: .nan}\n",
            "metadata: {name: -.inf}\n",
            "metadata: {name: 1e21}\n",
            "metadata: {name: 0.1}\n",
            "metadata: {name: true}\n",
            "metadata: {name: ~}\n",
            "kind: ~\n",
            "kind: true\n",
            "kind: 1e400\n",
            "Kind: A\nKIND: B\n",
            "kind: A\nkind: B\n",
            "KIND: Pod\nMetaData: {NAME: x}\n",
            "x: .inf\n",
            "x: .nan\n",
            "{a: b}: c\n",
            "[a]: c\n",
            "1: a\n",
            "true: b\n",
            "null: c\n",
            "1.5: d\n",
            "? a\n",
            "<<: {kind: A}\n",
            "<<: a\n",
            "<<: [{kind: A}, 1]\n",
            "a: *b\n",
            "a: &x b\nc: *x\n",
            "a: !!binary aGk=\n",
            "a: !!binary '***'\n",
            "a: !x b\n",
            "a: !!int b\n",
            "a: !!float b\n",
            "a: !!str 1\n",
            "kind: !!str 1\n",
            "a: !!null x\n",
            "a: 'b\n",
            "a: \"b\n",
            "a: \"\\x\"\n",
            "\ta: b\n",
            "a:\n\tb: c\n",
            "a: b: c\n",
            "a\nb: c\n",
            "a: b\n c: d\n",
            "a: |\n  b\n c\n",
            "%YAML 1.1\n",
            "@a\n",
            "`a`\n",
            "a: @b\n",
            "a: 1\n- b\n",
            "- a\nb: 1\n",
            "a: b\n  - c\n",
            "{a: b\n",
            "[a, b\n",
            "a: ]\n",
            "a: {b}}\n",
            "\u{feff}a: b\n",
            "a: \u{1}\n",
            "a: \u{85}b\n",
            "a: \u{2028}b\n",
            "&a a: &a b\n",
            "a: !!map [b]\n",
            "a: !!seq {b: c}\n",
            "metadata: {labels: {<<: 1}}\n",
        ],
    )
}

const KINDS: &[&str] = &[
    "Pod",
    "Service",
    "ConfigMap",
    "Secret",
    "Namespace",
    "CustomResourceDefinition",
    "Deployment",
    "Widget",
    "Gadget",
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "ClusterRole",
    "Ingress",
    "APIService",
    "PodDisruptionBudget",
    "HorizontalPodAutoscaler",
    "Job",
    "CronJob",
    "List",
    "",
    "pod",
    "PriorityClass",
    "StorageClass",
    "PersistentVolume",
    "StatefulSet",
    "DaemonSet",
    "NetworkPolicy",
    "Unknown",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
    "IngressClass",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "ReplicaSet",
    "ReplicationController",
    "ClusterRoleBinding",
    "RoleList",
    "ClusterRoleList",
    "ClusterRoleBindingList",
    "RoleBindingList",
    "SecretList",
    "PersistentVolumeClaim",
];

fn object(random: &mut Random) -> String {
    let mut text = String::new();
    if random.percent(90) {
        text += random.pick(&[
            "apiVersion: v1\n",
            "apiVersion: apps/v1\n",
            "apiVersion: \"v1\"\n",
            "apiVersion: 1\n",
        ]);
    }
    if random.percent(95) {
        text += &format!("kind: {}\n", random.pick(KINDS));
    }
    if random.percent(92) {
        text += "metadata:\n";
        if random.percent(90) {
            text += &format!(
                "  name: {}\n",
                random.pick(&[
                    "a", "b", "c", "\"\"", "1", "a.b", "true", "1e3", "0x10", "'x y'"
                ])
            );
        }
        if random.percent(50) {
            text += "  annotations:\n";
            for _ in 0..random.below(4) {
                text += &annotation(random);
            }
        }
    }
    text + random.pick(&[
        "",
        "",
        "data: {k: v}\n",
        "spec:\n  x: |\n    line\n    ---\n    line\n",
        "data:\n  k: \"a\\nb\"\n",
        "items: []\n",
        "# end\n",
    ])
}

fn annotation(random: &mut Random) -> String {
    let (key, values): (&str, &[&str]) = match random.below(6) {
        0..3 => (
            "helm.sh/hook",
            &[
                "test",
                "pre-install",
                "post-install,pre-upgrade",
                "\"pre-install, post-delete\"",
                "TEST",
                "test-success",
                "nope",
                "\"\"",
                "test,nope",
                "crd-install",
                "pre-rollback",
                "post-rollback,",
                "pre-delete",
                "\" test \"",
                "null",
                "true",
                "[test]",
                "post-upgrade",
                "test,test",
                "test-failure",
                "pre-install,PRE-install",
                "1",
            ],
        ),
        3 => (
            "helm.sh/hook-weight",
            &[
                "\"5\"",
                "\"-5\"",
                "\"0\"",
                "5",
                "-1",
                "\"+3\"",
                "\"x\"",
                "\" 1\"",
                "\"1.5\"",
                "\"\"",
                "\"007\"",
                "\"0x1\"",
                "\"1_0\"",
                "\"99999999999999999999\"",
                "\"2147483648\"",
                "1e3",
                "1.0",
                "\"-\"",
                "null",
                "\"\\u0661\"",
                "0o17",
                "0b11",
                "017",
            ],
        ),
        4 => (
            "helm.sh/hook-delete-policy",
            &[
                "before-hook-creation",
                "hook-succeeded,hook-failed",
                "\"Hook-Succeeded , x\"",
                "\"\"",
                "nope",
                "1",
                "\",\"",
            ],
        ),
        _ => random.pick(&[
            (
                "helm.sh/hook-output-log-policy",
                &["hook-failed", "hook-succeeded, HOOK-failed", "\"\""] as &[&str],
            ),
            ("helm.sh/resource-policy", &["keep", "delete"]),
            ("other", &["x", "1", "true", "null", "{}", "[]", "1.50"]),
        ]),
    };
    format!(
        "    {}: {}\n",
        random.pick(&[key, key, key, key, "Helm.sh/hook"]),
        random.pick(values)
    )
}

fn answer(question: &Value, helm: Helm) -> Answer {
    match question["op"].as_str() {
        Some("template") => whole::answer(question, helm),
        Some("split_manifests") => {
            let given = text(&question["text"]).unwrap_or_default();
            let given = String::from_utf8_lossy(&given);
            let documents = manifest::split(&given, compat(helm));
            let documents: Vec<Value> = documents
                .into_iter()
                .map(|d| packed(d.as_bytes()))
                .collect();
            Answer::Given(Map::from_iter([("documents".to_owned(), documents.into())]))
        }
        _ => sorted(question, helm),
    }
}

fn sorted(question: &Value, helm: Helm) -> Answer {
    let files = question["files"].as_object().into_iter().flatten();
    let files = files.map(|(path, body)| (path.as_str(), body.as_str().unwrap_or_default()));
    let sorted = match manifest::sort(files, compat(helm)) {
        Ok(sorted) => sorted,
        Err(unsorted) => return Answer::error(unsorted.error.to_string()),
    };
    let hook = |h: &windlass_render::Hook| {
        let events: Vec<&str> = h.events.iter().map(|e| e.name()).collect();
        json!({
            "name": h.name, "kind": h.kind, "path": h.path, "manifest": h.manifest, "events": events,
            "weight": h.weight, "delete_policies": h.delete_policies, "output_log_policies": h.output_log_policies,
        })
    };
    let manifest = |m: &windlass_render::Manifest| {
        let notes: Map<String, Value> = m
            .head
            .annotations
            .iter()
            .map(|(k, v)| (k.clone(), json!(v)))
            .collect();
        json!({
            "path": m.path, "content": m.content, "version": m.head.api_version, "kind": m.head.kind,
            "name": m.head.name, "annotations": notes,
        })
    };
    let hooks: Vec<Value> = sorted.hooks.iter().map(hook).collect();
    let manifests: Vec<Value> = sorted.manifests.iter().map(manifest).collect();
    Answer::Given(Map::from_iter([
        ("hooks".to_owned(), hooks.into()),
        ("manifests".to_owned(), manifests.into()),
    ]))
}

/// Heads are compared by what they say, not by how Go writes what is absent.
fn same(theirs: &Answer, ours: &Answer) -> bool {
    match (theirs, ours) {
        (Answer::Given(t), Answer::Given(o)) if t.contains_key("manifests") => {
            let plain = |list: &Value| {
                list.as_array()
                    .into_iter()
                    .flatten()
                    .map(said)
                    .collect::<Vec<_>>()
            };
            t.get("hooks") == o.get("hooks")
                && plain(t.get("manifests").unwrap_or(&Value::Null))
                    == plain(o.get("manifests").unwrap_or(&Value::Null))
        }
        (Answer::Given(t), Answer::Given(o)) if t.contains_key("documents") => t == o,
        (Answer::Refused(t, _), Answer::Refused(o, fields)) if !fields.contains_key("log") => {
            t == o
        }
        _ => whole::same(theirs, ours),
    }
}

/// A manifest as we describe it, of either description.
fn said(m: &Value) -> Value {
    let Some(head) = m.get("head") else {
        return m.clone();
    };
    let text = |value: &Value| json!(value.as_str().unwrap_or_default());
    let notes = head["metadata"]["annotations"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    json!({
        "path": m["path"], "content": m["content"], "version": text(&head["apiVersion"]), "kind": text(&head["kind"]),
        "name": text(&head["metadata"]["name"]), "annotations": notes,
    })
}
