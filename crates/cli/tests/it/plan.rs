//! `windlass plan` and `windlass apply`.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::lab::{DEFINITION, Lab};

const CHART: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {color: {{ .Values.color }}}
---
apiVersion: v1
kind: Secret
metadata: {name: key}
stringData: {password: {{ .Values.password }}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: a, image: \"a:{{ .Values.tag }}\"}]}
";
const VALUES: &str = "color: red\npassword: hunter2\nreplicas: 1\ntag: 1\n";

const JOB: &str = "apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: \"a:{{ .Values.tag }}\"}]}}}
";

fn lab() -> Lab {
    let lab = Lab::new();
    lab.room.chart("c");
    lab.room.write("c/templates/all.yaml", CHART);
    lab.room.write("c/values.yaml", VALUES);
    lab
}

/// One with the chart installed.
fn installed() -> Lab {
    let lab = lab();
    lab.does("helm install web $WORK/c");
    lab
}

fn data(lab: &Lab, line: &str) -> Value {
    let outcome = lab.run(&format!("{line} -o json"));
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// `kind name change` of each object, and what else is told in a word.
fn told(plan: &Value) -> Vec<String> {
    let objects = plan["objects"].as_array().unwrap();
    let one = |object: &Value| {
        let text = |key: &str| object[key].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", text("kind"), text("name"), text("change"))
    };
    objects.iter().map(one).collect()
}

fn colour(lab: &Lab) -> Value {
    lab.object("v1", "ConfigMap", "default", "settings")["data"]["color"].clone()
}

#[test]
fn a_plan_tells_what_an_upgrade_would_do_and_writes_nothing() {
    let lab = installed();
    let before = lab.writes().len();
    let line = "helm plan upgrade web $WORK/c --set tag=2,password=secret -C 0";
    let text = lab.does(line);
    assert_eq!(
        text,
        "\
Plan: upgrade web in namespace default to revision 2

~   Secret default/key: update
    its manifest changed
    ...
    -   password: '-------- # (7 bytes)'
    +   password: '++++++++ # (6 bytes)'
    ...

~   Deployment default/web: update, restarts its pods, a few at a time
    its manifest changed
    ...
    -       - image: a:1
    +       - image: a:2
    ...

0 to create, 2 to update, 0 to delete, 1 unchanged.
Pods of 1 workload restart.
"
    );
    assert_eq!(lab.writes().len(), before);
    assert_eq!(lab.run(&format!("{line} --detailed-exitcode")).status, 2);
    assert_eq!(
        lab.run("helm plan upgrade web $WORK/c --detailed-exitcode")
            .status,
        0
    );
    assert!(
        lab.does("helm plan upgrade web $WORK/c")
            .contains("No changes: ")
    );
    let shown = lab.does(&format!("{line} --show-secrets"));
    assert!(shown.contains("c2VjcmV0"), "{shown}");
}

#[test]
fn a_plan_is_data_too() {
    let lab = installed();
    let line = "helm plan upgrade web $WORK/c --set replicas=3";
    let plan = data(&lab, line);
    assert_eq!(
        told(&plan),
        [
            "Secret key nothing",
            "ConfigMap settings nothing",
            "Deployment web update"
        ]
    );
    let web = &plan["objects"][2];
    assert_eq!(
        web["impact"],
        json!({"pods": {"what": "scale", "from": 1, "to": 3}})
    );
    assert_eq!(web["reason"], "changed");
    assert_eq!(
        web["fields"],
        json!([{"path": "spec", "field": "replicas", "change": "replace", "oldValue": 1, "newValue": 3}])
    );
    assert_eq!(plan["totals"]["unchanged"], 2);
    assert_eq!(plan["hasChanges"], true);
    assert!(
        lab.does(&format!("{line} -o yaml"))
            .contains("action: upgrade\n")
    );
}

#[test]
fn what_was_changed_by_hand_is_told_with_its_reason() {
    let lab = installed();
    lab.edit(
        "v1",
        "ConfigMap",
        "default",
        "settings",
        "/data/color",
        "blue",
    );
    let refused = lab.run("helm plan upgrade web $WORK/c");
    assert_eq!(refused.status, 1);
    let hint = "--force-conflicts takes the fields from whoever has them";
    assert!(refused.stdout.contains(hint), "{}", refused.stdout);
    let text = lab.does("helm plan upgrade web $WORK/c -C 0 --force-conflicts");
    assert!(text.contains("it was changed in the cluster"), "{text}");
    assert!(
        text.contains("-   color: blue\n    +   color: red\n"),
        "{text}"
    );
}

#[test]
fn a_kept_plan_is_carried_out_as_it_is() {
    let lab = installed();
    lab.does("helm plan upgrade web $WORK/c --set color=green --out $WORK/plan");
    let mode = std::fs::metadata(lab.room.path("plan"))
        .unwrap()
        .permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    // Neither the chart nor the values are needed any more.
    lab.room
        .write("c/templates/all.yaml", "{{ fail \"gone\" }}");
    let text = lab.does("helm apply $WORK/plan");
    assert!(text.starts_with("Release \"web\" has been upgraded. Happy Helming!\nNAME: web\n"));
    assert_eq!(colour(&lab), "green");
    assert_eq!(
        lab.does("helm get values web"),
        "USER-SUPPLIED VALUES:\ncolor: green\n"
    );
    let history = lab.does("helm history web");
    assert!(history.contains("Upgrade complete"), "{history}");
    let again = lab.fails("helm apply $WORK/plan");
    assert!(again.contains("release web has moved on"), "{again}");
}

#[test]
fn what_stays_of_a_release_that_goes_is_told() {
    let lab = lab();
    lab.room.write(
        "c/templates/kept.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}\n",
    );
    lab.does("helm install web $WORK/c");
    let told = lab.does("helm plan uninstall web");
    assert!(
        told.contains("=   ConfigMap kept: keep\n    it asks to be kept\n"),
        "{told}"
    );
    assert!(told.contains(", 1 to keep."), "{told}");
    assert_eq!(data(&lab, "helm plan uninstall web")["totals"]["keep"], 1);
}

#[test]
fn installs_rollbacks_and_uninstalls_are_kept_and_carried_out_too() {
    let lab = lab();
    lab.does("helm plan install web $WORK/c --out $WORK/plan");
    assert!(lab.does("helm apply $WORK/plan").starts_with("NAME: web\n"));
    let again = lab.fails("helm apply $WORK/plan");
    assert!(
        again.contains("cannot reuse a name that is still in use"),
        "{again}"
    );
    lab.does("helm upgrade web $WORK/c --set color=green");
    let plan = lab.does("helm plan rollback web 1 --out $WORK/plan");
    assert!(plan.contains("Plan: roll back web in namespace default, as revision 3\n"));
    assert_eq!(
        lab.does("helm apply $WORK/plan"),
        "Rollback was a success! Happy Helming!\n"
    );
    assert_eq!(colour(&lab), "red");
    let plan = lab.does("helm plan uninstall web --out $WORK/plan");
    assert!(
        plan.contains("0 to create, 0 to update, 3 to delete.\n"),
        "{plan}"
    );
    assert_eq!(
        lab.does("helm apply $WORK/plan"),
        "release \"web\" uninstalled\n"
    );
    assert_eq!(colour(&lab), Value::Null);
    assert!(
        lab.fails("helm apply $WORK/plan")
            .contains("the plan is no longer right")
    );
}

#[test]
fn an_object_that_appeared_since_and_is_nobodys_is_told_like_what_moved() {
    let lab = installed();
    let plan = "helm plan upgrade web $WORK/c --set color=green --out $WORK/plan";
    lab.room.write(
        "c/templates/new.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n",
    );
    lab.does(plan);
    let object =
        serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "new"}});
    lab.create("v1", "ConfigMap", "default", "new", &object);
    let said = lab.fails("helm apply $WORK/plan");
    assert!(
        said.starts_with(
            "Error: the plan is no longer right, and nothing was done: unable to continue"
        ),
        "{said}"
    );
}

#[test]
fn an_upgrade_that_installs_is_planned_as_an_install() {
    let lab = lab();
    lab.does("helm plan upgrade web $WORK/c --install --out $WORK/plan");
    lab.does("helm apply $WORK/plan");
    assert_eq!(colour(&lab), "red");
}

#[test]
fn what_moved_since_is_named_and_nothing_is_done() {
    type Move = fn(&Lab);
    let moves: [(&str, Move); 4] = [
        ("ConfigMap default/settings was changed", |lab| {
            lab.edit(
                "v1",
                "ConfigMap",
                "default",
                "settings",
                "/data/color",
                "blue",
            );
        }),
        ("ConfigMap default/settings is gone", |lab| {
            lab.delete("v1", "ConfigMap", "default", "settings");
        }),
        (
            "ConfigMap default/settings was deleted and created again",
            |lab| {
                let object = lab.object("v1", "ConfigMap", "default", "settings");
                lab.delete("v1", "ConfigMap", "default", "settings");
                lab.create("v1", "ConfigMap", "default", "settings", &object);
            },
        ),
        ("release web has moved on", |lab| {
            lab.does("helm upgrade web $WORK/c --set color=black");
        }),
    ];
    for (words, act) in moves {
        let lab = installed();
        lab.does("helm plan upgrade web $WORK/c --set color=green --out $WORK/plan");
        act(&lab);
        let before = lab.writes().len();
        let said = lab.fails("helm apply $WORK/plan");
        assert!(said.contains(words), "{said}");
        assert!(said.starts_with("Error: the plan is no longer right, and nothing was done"));
        assert_eq!(lab.writes().len(), before, "{words}");
        assert_ne!(colour(&lab), "green");
    }
}

#[test]
fn changes_that_are_not_the_releases_business_move_nothing() {
    let lab = installed();
    lab.does("helm plan upgrade web $WORK/c --set color=green --out $WORK/plan");
    lab.edit("v1", "ConfigMap", "default", "settings", "/data/other", "x");
    lab.does("helm apply $WORK/plan");
    assert_eq!(colour(&lab), "green");
    let settings = lab.object("v1", "ConfigMap", "default", "settings");
    assert_eq!(settings["data"]["other"], "x");
}

#[test]
fn a_file_that_is_not_as_it_was_written_is_refused() {
    let lab = installed();
    lab.does("helm plan upgrade web $WORK/c --set color=green --out $WORK/plan");
    let text = std::fs::read_to_string(lab.room.path("plan")).unwrap();
    let table = [
        (text[..text.len() / 2].to_owned(), "a part of it is missing"),
        (text.replace("green", "brown"), "it was altered"),
        (
            text.replace("windlassPlan\":1", "windlassPlan\":9"),
            "made by a newer windlass",
        ),
        (String::new(), "not the file of a plan"),
        ("kind: Deployment\n".to_owned(), "not the file of a plan"),
    ];
    let before = lab.writes().len();
    for (text, words) in table {
        lab.room.write("other", &text);
        let said = lab.fails("helm apply $WORK/other");
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(
        lab.fails("helm apply $WORK/none")
            .contains("no such file or directory")
    );
    assert_eq!(lab.writes().len(), before);
}

#[test]
fn a_plan_of_another_cluster_is_refused() {
    let (lab, other) = (installed(), installed());
    lab.does("helm plan upgrade web $WORK/c --set color=green --out $WORK/plan");
    let text = std::fs::read_to_string(lab.room.path("plan")).unwrap();
    other.room.write("plan", &text);
    let said = other.fails("helm apply $WORK/plan");
    assert!(said.contains("it was made for another cluster"), "{said}");
}

#[test]
fn all_that_the_server_refuses_is_told_at_once() {
    let lab = installed();
    lab.room.write("c/templates/job.yaml", JOB);
    lab.does("helm upgrade web $WORK/c");
    lab.room.write(
        "c/templates/service.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {ports: [{port: 99999}]}\n",
    );
    let line = "upgrade web $WORK/c --set tag=2";
    let outcome = lab.run(&format!("helm plan {line} --out $WORK/plan"));
    assert_eq!(outcome.status, 1);
    assert!(
        outcome
            .stdout
            .contains("!   Service default/svc: refused\n"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome
            .stdout
            .contains("--recreate job/migrate deletes it and creates it anew")
    );
    // The label that objects get as they are brought is on the live one already.
    let (_, job) = outcome.stdout.split_once("Job default/migrate").unwrap();
    assert!(!job.contains("managed-by"), "{job}");
    assert!(outcome.stdout.contains("1 unchanged") || outcome.stdout.contains("2 refused"));
    assert!(!lab.room.path("plan").exists());
    let before = lab.writes().len();
    let said = lab.fails(&format!("helm {line} --preflight"));
    assert!(
        said.starts_with(
            "Error: UPGRADE FAILED: the server refuses 2 objects, and nothing was written:\n"
        ),
        "{said}"
    );
    assert!(
        said.contains("Job default/migrate: spec.template: field is immutable"),
        "{said}"
    );
    assert!(
        said.contains("Service default/svc: spec.ports[0].port: Invalid value: 99999"),
        "{said}"
    );
    assert_eq!(lab.writes().len(), before);
}

#[test]
fn what_cannot_be_changed_is_made_anew_where_that_is_allowed() {
    let lab = installed();
    lab.room.write("c/templates/job.yaml", JOB);
    lab.does("helm upgrade web $WORK/c");
    let image = |lab: &Lab| {
        let job = lab.object("batch/v1", "Job", "default", "migrate");
        job["spec"]["template"]["spec"]["containers"][0]["image"].clone()
    };
    let line = "upgrade web $WORK/c --set tag=2";
    // Helm's way: it fails.
    assert!(
        lab.fails(&format!("helm {line}"))
            .contains("field is immutable")
    );
    assert_eq!(image(&lab), "a:1");
    let plan = lab.does(&format!(
        "helm plan {line} --recreate job/migrate --out $WORK/plan"
    ));
    assert!(
        plan.contains("-/+ Job default/migrate: replace (delete, then create)"),
        "{plan}"
    );
    lab.does("helm apply $WORK/plan");
    assert_eq!(image(&lab), "a:2");
    lab.does("helm upgrade web $WORK/c --set tag=3 --recreate Job/migrate");
    assert_eq!(image(&lab), "a:3");
    let uid =
        |lab: &Lab| lab.object("batch/v1", "Job", "default", "migrate")["metadata"]["uid"].clone();
    let before = uid(&lab);
    lab.does("helm upgrade web $WORK/c --set tag=3,color=green --recreate job/migrate");
    assert_eq!(uid(&lab), before, "nothing had to be made anew");
    let said = lab.fails(&format!("helm {line} --recreate job/other"));
    assert!(
        said.contains("there is no job/other among the release's objects"),
        "{said}"
    );
    let said = lab.fails(&format!("helm {line} --recreate job"));
    assert!(said.contains("--recreate takes KIND/NAME"), "{said}");
}

#[test]
fn kinds_that_the_plan_brings_need_not_be_served_yet() {
    let lab = lab();
    lab.room.write("c/crds/tree.yaml", DEFINITION);
    lab.room.write(
        "c/templates/tree.yaml",
        "{{ if .Capabilities.APIVersions.Has \"wood.example/v1/Tree\" }}\napiVersion: wood.example/v1\nkind: Tree\nmetadata: {name: oak}\n{{ end }}\n",
    );
    let plan = data(
        &lab,
        "helm plan install web $WORK/c --create-namespace -n wood",
    );
    let told = told(&plan);
    assert_eq!(
        told[0],
        "CustomResourceDefinition trees.wood.example create"
    );
    assert!(told.contains(&"Tree oak create".to_owned()), "{told:?}");
    lab.does("helm plan install web $WORK/c --create-namespace -n wood --out $WORK/plan");
    lab.does("helm apply $WORK/plan");
    let oak = lab.object("wood.example/v1", "Tree", "wood", "oak");
    assert_eq!(oak["metadata"]["name"], "oak");
}

#[test]
fn differences_with_the_cluster_are_shown_as_helm_diff_shows_them() {
    let lab = installed();
    lab.edit(
        "v1",
        "ConfigMap",
        "default",
        "settings",
        "/data/color",
        "blue",
    );
    assert_eq!(lab.does("helm diff upgrade web $WORK/c"), "");
    let text = lab.does("helm diff upgrade web $WORK/c --three-way-merge --force-conflicts -C 0");
    assert_eq!(
        text,
        "default, settings, ConfigMap (v1) has changed:\n...\n-   color: blue\n+   color: red\n...\n"
    );
}

#[test]
fn the_same_holds_where_the_client_merges() {
    let lab = lab();
    lab.does("helm3 install web $WORK/c");
    let text = lab.does("helm3 plan upgrade web $WORK/c --set color=green --out $WORK/plan");
    assert!(
        text.contains("0 to create, 1 to update, 0 to delete, 2 unchanged.\n"),
        "{text}"
    );
    // The file knows which Helm was spoken.
    lab.does("helm apply $WORK/plan");
    assert_eq!(colour(&lab), "green");
    let moved = lab.does("helm plan upgrade web $WORK/c --server-side=true --set color=grey");
    assert!(moved.contains("1 to update"), "{moved}");
}

#[test]
fn an_install_that_the_server_would_refuse_installs_no_definitions_either() {
    let lab = lab();
    lab.room.write("c/crds/tree.yaml", DEFINITION);
    lab.room.write(
        "c/templates/service.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: svc}\nspec: {ports: [{port: {{ .Values.port }}}]}\n",
    );
    let before = lab.writes().len();
    let said = lab.fails("helm install web $WORK/c --preflight --set port=99999");
    assert!(
        said.starts_with(
            "Error: INSTALLATION FAILED: the server refuses an object, and nothing was written:\n"
        ),
        "{said}"
    );
    assert_eq!(lab.writes().len(), before);
    lab.does("helm install web $WORK/c --preflight --set port=80");
    assert_eq!(lab.status("default", "web", 1), "deployed");
}
