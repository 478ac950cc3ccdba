//! What each command asks a cluster for, measured; and that it does without the right to list or watch
//! what charts are made of.
//!
//! `docs/permissions.md` holds the table that is measured here.

use std::collections::{BTreeMap, BTreeSet};

use windlass_sandbox::{Call, Effect, Rule};
use windlass_testkit::repository;

use super::lab::Lab;

/// What is done in turn, as the table words it.
const COMMANDS: [&str; 22] = [
    "install NAME CHART --create-namespace",
    "plan install NAME CHART",
    "install NAME CHART --wait --wait-for-jobs",
    "upgrade NAME CHART --wait",
    "upgrade NAME CHART --wait=legacy",
    "plan upgrade NAME CHART --out FILE",
    "apply FILE",
    "upgrade NAME CHART --preflight",
    "diff upgrade NAME CHART",
    "diff upgrade NAME CHART --three-way-merge",
    "diff revision NAME 1",
    "plan rollback NAME",
    "rollback NAME --wait",
    "recover NAME",
    "test NAME --logs",
    "list",
    "status NAME",
    "history NAME",
    "get all NAME",
    "template NAME CHART --validate",
    "plan uninstall NAME",
    "uninstall NAME --wait",
];

fn lab() -> Lab {
    let lab = Lab::new();
    lab.room.chart("app");
    lab.room.write("app/values.yaml", "round: one\n");
    let pod = "spec:\n  restartPolicy: Never\n  containers: [{name: a, image: a}]\n";
    let within = pod
        .replace("\n  ", "\n      ")
        .replace("spec:", "    spec:");
    lab.room.write(
        "app/templates/web.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  \
         selector: {matchLabels: {app: web}}\n  template:\n    \
         metadata:\n      labels: {app: web}\n      annotations: {sandbox.windlass.dev/start: 300ms, round: {{ .Values.round }}}\n    \
         spec:\n      containers: [{name: a, image: a}]\n",
    );
    lab.room.write(
        "app/templates/settings.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {round: {{ .Values.round }}}\n",
    );
    lab.room.write(
        "app/templates/hook.yaml",
        &format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: before\n  annotations:\n    \
             helm.sh/hook: pre-install,pre-upgrade,pre-rollback,pre-delete\n    \
             helm.sh/hook-output-log-policy: hook-succeeded\n\
             spec:\n  template:\n{within}"
        ),
    );
    lab.room.write(
        "app/templates/test.yaml",
        &format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: test\n  annotations: {{helm.sh/hook: test}}\n{pod}"
        ),
    );
    lab.room.write(
        "app/crds/widget.yaml",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
         metadata: {name: widgets.example.com}\nspec:\n  group: example.com\n  scope: Namespaced\n  \
         names: {kind: Widget, plural: widgets}\n  versions:\n  - name: v1\n    served: true\n    \
         storage: true\n    schema: {openAPIV3Schema: {type: object}}\n",
    );
    lab
}

/// The line for a command of the table.
fn line(command: &str, round: usize) -> String {
    let namespace = if command.contains("--create-namespace") {
        "apart"
    } else {
        "default"
    };
    let line = command
        .replace("NAME", "web")
        .replace("CHART", "$WORK/app")
        .replace("FILE", "$WORK/plan");
    let values = if line.contains("upgrade ") {
        format!(" --set round=r{round}")
    } else {
        String::new()
    };
    format!("helm4 {line}{values} -n {namespace}")
}

/// Has an upgrade end in the middle, because the server does not know the user any more.
fn interrupt(lab: &Lab) {
    let is_record = |call: &Call| call.path.contains("/secrets/sh.helm.release");
    let rule = Rule::when(move |call| call.verb == "update" && is_record(call));
    lab.sandbox.fail(rule.first(2).effect(Effect::status(401)));
    lab.fails(&line("upgrade NAME CHART", 99));
}

/// Whether a user has no right to a request who may only do, by a Role, what Helm does when it does not wait.
fn is_beyond(call: &Call) -> bool {
    let Some(resource) = resource(call) else {
        return false;
    };
    match call.verb {
        "list" | "watch" | "deletecollection" => resource != "secrets",
        // No Role gives it, for they belong to the cluster.
        "get" => resource == "namespaces",
        _ => false,
    }
}

/// The kind that a request is about: `deployments.apps`, `pods/log`.
fn resource(call: &Call) -> Option<String> {
    let parts: Vec<&str> = call
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    let (group, rest) = match parts.as_slice() {
        ["api", _, rest @ ..] => ("", rest),
        ["apis", group, _, rest @ ..] => (*group, rest),
        _ => return None,
    };
    let rest = match rest {
        ["namespaces", _, resource, rest @ ..] => [&[*resource], rest].concat(),
        rest => rest.to_vec(),
    };
    let mut name = (*rest.first()?).to_owned();
    if !group.is_empty() {
        name = format!("{name}.{group}");
    }
    Some(match rest.get(2) {
        Some(below) => format!("{name}/{below}"),
        None => name,
    })
}

/// `secrets: create, get; …`
fn worded<'a>(calls: impl Iterator<Item = &'a Call>) -> String {
    let mut verbs: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for call in calls {
        if let Some(resource) = resource(call) {
            verbs.entry(resource).or_default().insert(call.verb);
        }
    }
    let parts = verbs.iter().map(|(resource, verbs)| {
        let verbs: Vec<&str> = verbs.iter().copied().collect();
        format!("{resource}: {}", verbs.join(", "))
    });
    let parts: Vec<String> = parts.collect();
    match parts.is_empty() {
        true => "–".to_owned(),
        false => parts.join("; "),
    }
}

#[test]
fn every_command_does_with_the_rights_in_the_docs() {
    let lab = lab();
    lab.sandbox
        .fail(Rule::when(is_beyond).effect(Effect::status(403)));
    let mut table = "| command | needs | asks for, and does without |\n|---|---|---|\n".to_owned();
    for (round, command) in COMMANDS.iter().enumerate() {
        if command.starts_with("recover") {
            interrupt(&lab);
        }
        lab.sandbox.forget_calls();
        let line = line(command, round);
        let outcome = lab.run(&line);
        assert_eq!(outcome.status, 0, "{line}\n{}", outcome.stderr);
        let calls = lab.sandbox.calls();
        let (beyond, needed): (Vec<&Call>, Vec<&Call>) = calls.iter().partition(|c| is_beyond(c));
        table += &format!(
            "| `{command}` | {} | {} |\n",
            worded(needed.into_iter()),
            worded(beyond.into_iter())
        );
    }
    let page = std::fs::read_to_string(repository().join("docs/permissions.md")).unwrap();
    assert!(
        page.contains(&table),
        "docs/permissions.md should hold\n\n{table}"
    );
}

#[test]
fn only_the_journal_may_be_refused_beside() {
    let lab = lab();
    let is_lease = |call: &Call| call.path.contains("/leases");
    lab.sandbox
        .fail(Rule::when(is_lease).effect(Effect::status(403)));
    let journal = |call: &Call| call.path.contains("sh.windlass.journal");
    lab.sandbox
        .fail(Rule::when(journal).effect(Effect::status(403)));
    lab.does("helm4 install web $WORK/app --wait --timeout 30s");
    lab.does("helm4 upgrade web $WORK/app --wait --timeout 30s --set round=two");
    lab.does("helm4 uninstall web --wait --timeout 30s");
    assert!(!lab.sandbox.calls().iter().any(is_lease));
}

#[test]
fn what_is_done_without_is_told_in_the_way_of_either_helm() {
    for (helm, begin) in [
        ("helm4", "level=WARN msg=\"objects"),
        ("helm3", "WARNING: "),
    ] {
        let lab = lab();
        lab.sandbox
            .fail(Rule::when(is_beyond).effect(Effect::status(403)));
        let outcome = lab.run(&format!(
            "{helm} install web $WORK/app --wait --timeout 30s"
        ));
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let told = outcome
            .stderr
            .lines()
            .any(|line| line.contains(begin) && line.contains(" instead"));
        assert!(told, "{}", outcome.stderr);
    }
}
