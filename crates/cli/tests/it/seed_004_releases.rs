//! Seed 004, an umbrella chart as CI uses it, the part with a cluster: `charts/aichatwar` installed,
//! upgraded and rolled back. Scenarios 2, 3 and 5 to 9.

use serde_json::{Value, json};

use super::lab::{Lab, write_demo};

const ROOT: &str = "$CHARTS/aichatwar/root";

#[test]
fn an_install_makes_the_namespace_one_release_and_one_record() {
    let lab = Lab::new();
    lab.does(&format!(
        "helm4 install aichatwar {ROOT} -n production --create-namespace \
         --values {ROOT}/values-production.yaml \
         --set infrastructure.persistence.storageClass=standard"
    ));
    assert_ne!(lab.object("v1", "Namespace", "", "production"), Value::Null);
    let record = "sh.helm.release.v1.aichatwar.v1";
    let record = lab.object("v1", "Secret", "production", record);
    assert_eq!(record["type"], json!("helm.sh/release.v1"));
    assert_eq!(record["metadata"]["labels"]["owner"], json!("helm"));
    assert_eq!(lab.status("production", "aichatwar", 1), "deployed");
    assert_eq!(lab.status("production", "aichatwar", 2), "");
}

/// Scenario 4.
#[test]
fn the_services_wait_for_what_they_depend_on() {
    let install = format!("helm4 install aichatwar {ROOT} --timeout");
    let feed = |lab: &Lab| lab.object("apps/v1", "Deployment", "default", "feed-depl");
    let lab = Lab::new();
    let volumes = "--set infrastructure.persistence.storageClass=nowhere";
    let said = lab.fails(&format!("{install} 2s {volumes}"));
    assert!(
        said.contains("StatefulSet/default/redpanda not ready"),
        "{said}"
    );
    assert_eq!(feed(&lab), Value::Null);
    assert_eq!(lab.status("default", "aichatwar", 1), "failed");
    let lab = Lab::new();
    lab.does(&format!("{install} 2s {volumes} --no-ordering"));
    assert_ne!(feed(&lab), Value::Null);
}

#[test]
fn what_is_switched_off_is_not_installed() {
    let lab = Lab::new();
    lab.does(&format!(
        "helm4 install aichatwar {ROOT} --set infrastructure.enabled=false"
    ));
    let stateful = lab.writes();
    let stateful = stateful.iter().filter(|w| w.contains("/statefulsets"));
    assert_eq!(stateful.count(), 0);
}

#[test]
fn a_missing_file_of_values_is_told_before_the_cluster_is_asked() {
    let lab = Lab::new();
    for helm in ["helm3", "helm4"] {
        let said = lab.fails(&format!(
            "{helm} install aichatwar {ROOT} --values $WORK/gone.yaml"
        ));
        assert_eq!(
            said,
            "Error: INSTALLATION FAILED: open $WORK/gone.yaml: no such file or directory\n"
        );
    }
    assert_eq!(lab.sandbox.calls(), []);
}

#[test]
fn the_last_values_win_and_the_same_command_may_be_repeated() {
    let lab = Lab::new();
    write_demo(&lab.room);
    lab.room.write("production.yaml", "color: blue\n");
    let command = "helm4 upgrade --install demo $WORK/demo --values $WORK/production.yaml \
                   --set color=red --wait --timeout 10m";
    for revision in [1, 2] {
        lab.does(command);
        assert_eq!(lab.status("default", "demo", revision), "deployed");
    }
    assert_eq!(lab.status("default", "demo", 1), "superseded");
    let config = lab.object("v1", "ConfigMap", "default", "demo");
    assert_eq!(config["data"]["color"], json!("red"));
}

/// A chart with one Deployment whose pods fare as `pod` says.
fn with_pods(lab: &Lab) {
    write_demo(&lab.room);
    lab.room.write(
        "demo/templates/web.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector:\n    \
         matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n      \
         annotations:\n        sandbox.windlass.dev/pod: {{ .Values.pod | default \"\" | quote }}\n    \
         spec:\n      containers: [{name: web, image: web}]\n",
    );
}

#[test]
fn a_failed_upgrade_is_recovered_by_the_next() {
    let lab = Lab::new();
    with_pods(&lab);
    let command = "helm4 upgrade --install demo $WORK/demo --wait --timeout 3s";
    lab.does(command);
    let said = lab.fails(&format!("{command} --set pod=never-ready"));
    assert!(said.contains("Error: UPGRADE FAILED: "), "{said}");
    assert_eq!(lab.status("default", "demo", 2), "failed");
    lab.does(command);
    assert_eq!(lab.status("default", "demo", 3), "deployed");
}

#[test]
fn a_rollback_is_a_new_revision() {
    let lab = Lab::new();
    write_demo(&lab.room);
    assert_eq!(
        lab.does("helm4 install demo $WORK/demo -n production --create-namespace")
            .lines()
            .count(),
        9
    );
    assert_eq!(
        lab.fails("helm4 rollback demo -n production"),
        "Error: release has no 0 version\n"
    );
    for color in ["red", "blue"] {
        lab.does(&format!(
            "helm4 upgrade demo $WORK/demo -n production --set color={color}"
        ));
    }
    lab.does("helm4 rollback demo -n production");
    let statuses = [1, 2, 3, 4].map(|revision| lab.status("production", "demo", revision));
    assert_eq!(
        statuses,
        ["superseded", "superseded", "superseded", "deployed"]
    );
    let config = lab.object("v1", "ConfigMap", "production", "demo");
    assert_eq!(config["data"]["color"], json!("red"));
    let history = lab.does("helm4 history demo -n production");
    assert_eq!(history.lines().count(), 5, "{history}");
    let last = history.lines().last().unwrap();
    assert!(
        last.contains("deployed") && last.contains("Rollback to 2"),
        "{last}"
    );
    let list = lab.does("helm4 list -n production -o json");
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list[0]["revision"], json!("4"));
    let status = lab.does("helm4 status demo -n production -o json");
    let status: Value = serde_json::from_str(&status).unwrap();
    assert_eq!(status["version"], json!(4));
    assert_eq!(status["info"]["status"], json!("deployed"));
}

#[test]
fn hooks_run_by_weight() {
    let lab = Lab::new();
    write_demo(&lab.room);
    for (name, weight) in [("later", "5"), ("sooner", "-5")] {
        lab.room.write(
            &format!("demo/templates/{name}.yaml"),
            &format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  annotations:\n    \
                 helm.sh/hook: pre-install,pre-upgrade\n    helm.sh/hook-weight: \"{weight}\"\n    \
                 helm.sh/hook-delete-policy: before-hook-creation\n"
            ),
        );
    }
    lab.does("helm4 install demo $WORK/demo");
    let writes = lab.writes();
    let first = |part: &str| writes.iter().position(|w| w.contains(part)).unwrap();
    assert!(first("/sooner") < first("/later"), "{writes:#?}");
    assert!(first("/later") < first("/configmaps/demo"), "{writes:#?}");
    let uid =
        |lab: &Lab| lab.object("v1", "ConfigMap", "default", "later")["metadata"]["uid"].clone();
    let before = uid(&lab);
    lab.does("helm4 upgrade demo $WORK/demo");
    assert_ne!(uid(&lab), before);
}

#[test]
fn a_dry_run_with_debug_shows_all_and_writes_nothing() {
    let lab = Lab::new();
    let shown = lab.does(&format!(
        "helm4 install aichatwar {ROOT} --dry-run=server --debug"
    ));
    for part in [
        "USER-SUPPLIED VALUES:\n",
        "COMPUTED VALUES:\n",
        "HOOKS:\n",
        "MANIFEST:\n---\n",
    ] {
        assert!(shown.contains(part), "{part}");
    }
    assert_eq!(lab.writes(), [""; 0]);
}
