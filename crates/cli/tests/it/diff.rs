//! `windlass diff`, against what the helm-diff plugin 3.15.11 printed for the same charts and releases.

use super::lab::{DEFINITION, Lab};

const TEMPLATE: &str = "apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-s
stringData:
  password: {{ .Values.password }}
  fixed: abc
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-{{ .Values.name }}
data:
  a: \"1\"
  b: \"2\"
  c: \"3\"
  d: {{ .Values.d | quote }}
";

fn lab() -> Lab {
    let lab = Lab::new();
    lab.room.chart("c");
    lab.room.write("c/templates/all.yaml", TEMPLATE);
    lab.room
        .write("c/values.yaml", "password: hunter2\nname: one\nd: 4\n");
    lab.room.write(
        "c/templates/test.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: t\n  annotations: {helm.sh/hook: test}\n  labels: {d: \"{{ .Values.d }}\"}\nspec: {containers: [{name: a, image: b}]}\n",
    );
    lab.does("helm install web $WORK/c");
    lab
}

#[test]
fn an_upgrade_is_shown_line_by_line_with_secrets_masked() {
    let lab = lab();
    let told = lab.does("helm diff upgrade web $WORK/c --set password=x,d=5 -C 1");
    let wanted = "\
default, web-one, ConfigMap (v1) has changed:
...
    c: \"3\"
-   d: \"4\"
+   d: \"5\"
default, web-s, Secret (v1) has changed:
...
    fixed: 'REDACTED # (3 bytes)'
-   password: '-------- # (7 bytes)'
+   password: '++++++++ # (1 bytes)'
";
    // The end of a Secret's text is a line of its own.
    assert_eq!(told, format!("{wanted}\n"));
    assert_eq!(lab.does("helm diff upgrade web $WORK/c"), "");
    assert_eq!(
        lab.does("helm diff upgrade web $WORK/c --set password=x -q"),
        "default, web-s, Secret (v1) has changed:\n+ Changes suppressed on sensitive content of type Secret\n"
    );
    let shown = lab.does("helm diff upgrade web $WORK/c --set password=x --show-secrets -C 0");
    assert!(shown.contains("-   password: hunter2\n+   password: x\n"));
}

#[test]
fn what_goes_and_comes_is_told_and_counted() {
    let lab = lab();
    let line = "helm diff upgrade web $WORK/c --set name=two --output simple --detailed-exitcode";
    let outcome = lab.run(line);
    assert_eq!(outcome.status, 2);
    assert_eq!(
        outcome.stderr,
        "Error: identified at least one change, exiting with non-zero exit code (detailed-exitcode parameter enabled)\n"
    );
    assert_eq!(
        outcome.stdout,
        "default, web-one, ConfigMap (v1) to be removed.\n\
         default, web-two, ConfigMap (v1) to be added.\n\
         Plan: 1 to add, 0 to change, 1 to destroy, 0 to change ownership.\n"
    );
    let renamed = lab.does("helm diff upgrade web $WORK/c --set name=two -D 0.5 -C 0");
    assert_eq!(
        renamed,
        "default, web-one, ConfigMap (v1) has changed:\n...\n-   name: web-one\n+   name: web-two\n...\n"
    );
}

#[test]
fn programs_are_told_in_their_own_formats() {
    let lab = lab();
    let json = lab.does("helm diff upgrade web $WORK/c --set d=5 --output json");
    assert_eq!(
        json,
        "[{\n  \"api\": \"v1\",\n  \"kind\": \"ConfigMap\",\n  \"namespace\": \"default\",\n  \"name\": \"web-one\",\n  \"change\": \"MODIFY\"\n}]\n"
    );
    let fields = lab.does("helm diff upgrade web $WORK/c --set d=5 --output structured");
    let fields: serde_json::Value = serde_json::from_str(&fields).unwrap();
    assert_eq!(
        fields[0]["changes"],
        serde_json::json!([{"path": "data", "field": "d", "change": "replace", "oldValue": "4", "newValue": "5"}])
    );
    lab.room.write(
        "t.tpl",
        "{{ range $i, $e := . }}{{ $e.Kind }} {{ $e.Change }}{{ if last $i $ }}.{{ end }}{{ end }}",
    );
    let line = "helm diff upgrade web $WORK/c --set d=5 --output template";
    let environment = [("WINDLASS_SANDBOX", "1"), ("HELM_DIFF_TPL", "$WORK/t.tpl")];
    assert_eq!(
        lab.run_with(line, &environment).stdout,
        "ConfigMap MODIFY.\n"
    );
}

#[test]
fn lines_can_be_left_out_and_colours_asked_for() {
    let lab = lab();
    let line = "helm diff upgrade web $WORK/c --set d=5 --color --suppress-output-line-regex 'd:'";
    assert_eq!(
        lab.does(line),
        "\x1b[0;94mdefault, web-one, ConfigMap (v1) has changed, but diff is empty after suppression.\x1b[0m\n"
    );
    let told = lab.does("helm diff upgrade web $WORK/c --set d=5 --color -C 0");
    assert_eq!(
        told,
        "\x1b[0;33mdefault, web-one, ConfigMap (v1) has changed:\x1b[0m\n...\n\
         \x1b[0;31m-   d: \"4\"\x1b[0m\n\x1b[0;32m+   d: \"5\"\x1b[0m\n"
    );
}

#[test]
fn tests_are_compared_where_that_is_asked_for() {
    let lab = lab();
    let line = "helm diff upgrade web $WORK/c --set d=5 --output simple";
    assert!(!lab.does(line).contains("Pod"));
    let told = lab.does(&format!("{line} --include-tests"));
    assert!(
        told.contains("default, t, Pod (v1) to be changed."),
        "{told}"
    );
}

#[test]
fn a_release_that_is_not_there_is_an_error_unless_it_may_be_new() {
    let lab = lab();
    let told = lab.fails("helm diff upgrade new $WORK/c");
    assert!(told.contains("Release was not present in Helm."), "{told}");
    assert!(told.ends_with("Error: release: not found\n"), "{told}");
    let told = lab.does("helm diff upgrade new $WORK/c --install --output simple");
    assert!(told.ends_with("Plan: 2 to add, 0 to change, 0 to destroy, 0 to change ownership.\n"));
    let alone = lab.does("helm diff upgrade web $WORK/c --dry-run --output simple");
    assert!(alone.ends_with("Plan: 2 to add, 0 to change, 0 to destroy, 0 to change ownership.\n"));
}

#[test]
fn kinds_need_not_be_served_yet() {
    let lab = lab();
    lab.room.write("c/crds/tree.yaml", DEFINITION);
    lab.room.write(
        "c/templates/tree.yaml",
        "apiVersion: wood.example/v1\nkind: Tree\nmetadata: {name: oak}\n",
    );
    let told = lab.does("helm diff upgrade web $WORK/c --output simple --include-crds");
    assert_eq!(
        told,
        "default, oak, Tree (wood.example) to be added.\n\
         default, trees.wood.example, CustomResourceDefinition (apiextensions.k8s.io) to be added.\n\
         Plan: 2 to add, 0 to change, 0 to destroy, 0 to change ownership.\n"
    );
}

#[test]
fn revisions_and_releases_are_compared() {
    let lab = lab();
    lab.does("helm upgrade web $WORK/c --set d=5");
    lab.does("helm install other $WORK/c --set d=6");
    let changed = "default, web-one, ConfigMap (v1) has changed:\n...\n";
    let forth = format!("{changed}-   d: \"4\"\n+   d: \"5\"\n");
    let back = format!("{changed}-   d: \"5\"\n+   d: \"4\"\n");
    assert_eq!(lab.does("helm diff revision web 1 -C 0"), forth);
    assert_eq!(lab.does("helm diff revision web 2 1 -C 0"), forth);
    assert_eq!(lab.does("helm diff rollback web 1 -C 0"), back);
    let status = |line: &str| lab.run(line).status;
    assert_eq!(status("helm diff rollback web 1 --detailed-exitcode"), 2);
    assert_eq!(status("helm diff rollback web 2 --detailed-exitcode"), 0);
    let told = lab.does("helm diff release web other -C 0");
    assert!(
        told.starts_with("c/templates/all.yaml has changed:\n"),
        "{told}"
    );
    assert!(told.contains("-   d: \"5\"\n+   d: \"6\"\n"), "{told}");
    assert!(
        lab.fails("helm diff rollback web")
            .contains("This command needs 2 arguments")
    );
}

#[test]
fn charts_are_compared_without_a_cluster() {
    let lab = lab();
    lab.room.chart("d");
    let told = lab.does("helm diff local $WORK/c $WORK/d --output simple");
    assert!(told.ends_with("Plan: 0 to add, 0 to change, 2 to destroy, 0 to change ownership.\n"));
}
