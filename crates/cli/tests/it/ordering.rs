//! `dependsOn`, HIP-0025's annotations and `--no-ordering`, against the sandbox. See `docs/ordering.md`.

use serde_json::{Value, json};

use super::lab::Lab;
use super::room::Room;

/// A chart `shop` over `web`, which depends on `db`, which is a Deployment whose pods fare as
/// `.Values.pod` says. Helm's order of kinds alone would bring web's ConfigMap first of all.
fn write_shop(room: &Room) {
    room.write(
        "shop/Chart.yaml",
        "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n\
         - {name: db, version: 0.1.0, condition: db.enabled}\n\
         - {name: web, version: 0.1.0, dependsOn: [db]}\n",
    );
    for name in ["db", "web"] {
        let text = format!("apiVersion: v2\nname: {name}\nversion: 0.1.0\n");
        room.write(&format!("shop/charts/{name}/Chart.yaml"), &text);
    }
    room.write("shop/values.yaml", "db:\n  enabled: true\n");
    room.write(
        "shop/charts/db/templates/db.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: db\nspec:\n  selector:\n    \
         matchLabels: {app: db}\n  template:\n    metadata:\n      labels: {app: db}\n      \
         annotations:\n        sandbox.windlass.dev/pod: {{ .Values.pod | default \"\" | quote }}\n    \
         spec:\n      containers: [{name: db, image: db}]\n",
    );
    config(room, "shop/charts/web/templates/web.yaml", "web", "");
    config(room, "shop/templates/own.yaml", "own", "");
}

/// Where a record has the order.
const ORDER: &str = "/metadata/annotations/windlass.dev~1order";

/// A template of a ConfigMap with annotations.
fn config(room: &Room, path: &str, name: &str, annotations: &str) {
    room.write(
        path,
        &format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  annotations: \
             {{{annotations}}}\n"
        ),
    );
}

fn lab() -> Lab {
    let lab = Lab::new();
    write_shop(&lab.room);
    lab
}

/// The objects that were written, in order: method and the last two parts of the path. Records, the
/// journal and what controllers write besides are left out.
fn written(lab: &Lab) -> Vec<String> {
    let mut found = Vec::new();
    for write in lab.writes() {
        let (method, path) = write.split_once(' ').unwrap();
        let path = path.split('?').next().unwrap();
        let parts: Vec<&str> = path.rsplitn(3, '/').collect();
        let line = format!("{method} {}/{}", parts[1], parts[0]);
        if !line.contains("secrets") {
            found.push(line);
        }
    }
    found
}

fn place(lines: &[String], line: &str) -> usize {
    let found = lines.iter().position(|l| l == line);
    found.unwrap_or_else(|| panic!("no {line} among {lines:?}"))
}

fn is_there(lab: &Lab, name: &str) -> bool {
    lab.object("v1", "ConfigMap", "default", name) != Value::Null
}

#[test]
fn a_chart_is_ready_before_those_that_depend_on_it_begin() {
    let lab = lab();
    lab.does("helm4 install shop $WORK/shop");
    let calls = lab.sandbox.calls();
    let at = |method: &str, end: &str| {
        let is = |call: &windlass_sandbox::Call| call.method == method && call.path.contains(end);
        calls.iter().position(is).unwrap()
    };
    let db = at("PATCH", "/deployments/db");
    let web = at("PATCH", "/configmaps/web");
    let own = at("PATCH", "/configmaps/own");
    assert!(db < web, "db before web");
    assert!(own < web, "the parent's own objects wait for nobody");
    let between = &calls[db..web];
    let waits = between.iter().any(|call| call.method == "GET");
    assert!(waits, "db is waited for before web");
    assert_eq!(lab.status("default", "shop", 1), "deployed");
}

#[test]
fn what_is_not_ready_in_time_fails_the_release_and_is_named() {
    let lab = lab();
    let command = "helm4 install shop $WORK/shop --set db.pod=never-ready --timeout 2s";
    let said = lab.fails(command);
    assert!(
        said.starts_with(
            "Error: INSTALLATION FAILED: what comes next depends on objects that are not ready: "
        ) && said.contains("Deployment/default/db"),
        "{said}"
    );
    assert!(!is_there(&lab, "web"));
    assert!(is_there(&lab, "own"));
    assert_eq!(lab.status("default", "shop", 1), "failed");
    lab.does("helm4 upgrade shop $WORK/shop --reset-values --timeout 20s");
    assert!(is_there(&lab, "web"));
}

#[test]
fn without_ordering_it_is_helms_order() {
    let lab = lab();
    lab.does("helm4 install shop $WORK/shop --no-ordering --set db.pod=never-ready");
    let order = written(&lab);
    let web = place(&order, "PATCH configmaps/web");
    assert!(web < place(&order, "PATCH deployments/db"));
    let record = lab.object("v1", "Secret", "default", "sh.helm.release.v1.shop.v1");
    assert_eq!(record.pointer(ORDER), None);
}

#[test]
fn what_is_disabled_drops_out() {
    let lab = lab();
    lab.does("helm4 install shop $WORK/shop --set db.enabled=false");
    assert!(is_there(&lab, "web"));
    let record = lab.object("v1", "Secret", "default", "sh.helm.release.v1.shop.v1");
    assert_eq!(record.pointer(ORDER), None);
}

#[test]
fn an_uninstall_goes_the_other_way_round() {
    let lab = lab();
    lab.does("helm4 install shop $WORK/shop");
    let record = lab.object("v1", "Secret", "default", "sh.helm.release.v1.shop.v1");
    let order = r#"[{"needs":["shop/charts/db/"],"of":["shop/charts/web/"]}]"#;
    assert_eq!(record.pointer(ORDER), Some(&json!(order)));
    lab.does("helm4 uninstall shop");
    let order = written(&lab);
    let web = place(&order, "DELETE configmaps/web");
    assert!(web < place(&order, "DELETE deployments/db"), "{order:?}");
}

#[test]
fn a_rollback_keeps_the_order_of_the_revision_that_it_goes_back_to() {
    let lab = lab();
    lab.does("helm4 install shop $WORK/shop");
    lab.does("helm4 upgrade shop $WORK/shop --no-ordering --set db.pod=slow-start");
    let before = written(&lab).len();
    lab.does("helm4 rollback shop 1");
    let order = &written(&lab)[before..];
    let db = place(order, "PATCH deployments/db");
    let record = lab.object("v1", "Secret", "default", "sh.helm.release.v1.shop.v3");
    assert!(record["metadata"]["annotations"]["windlass.dev/order"].is_string());
    assert!(db < order.len());
}

#[test]
fn a_parents_own_objects_come_last_where_it_says_so() {
    for said in [
        "dependsOn: [web]\n",
        "annotations:\n  helm.sh/depends-on/subcharts: '[\"web\"]'\n",
    ] {
        let lab = lab();
        lab.room.write(
            "shop/Chart.yaml",
            &format!(
                "apiVersion: v2\nname: shop\nversion: 1.0.0\n{said}dependencies:\n\
                 - {{name: db, version: 0.1.0}}\n- {{name: web, version: 0.1.0, depends-on: [db]}}\n"
            ),
        );
        lab.does("helm4 install shop $WORK/shop");
        let order = written(&lab);
        let own = place(&order, "PATCH configmaps/own");
        assert!(place(&order, "PATCH configmaps/web") < own, "{order:?}");
    }
}

#[test]
fn groups_of_objects_are_kept() {
    let lab = lab();
    let first = r#""helm.sh/resource-group": first"#;
    let second =
        r#""helm.sh/resource-group": second, "helm.sh/depends-on/resource-groups": '["first"]'"#;
    config(&lab.room, "shop/templates/b.yaml", "b-first", first);
    config(&lab.room, "shop/templates/a.yaml", "a-second", second);
    let third = r#""windlass.dev/depends-on-resource-groups": second"#;
    config(&lab.room, "shop/templates/0.yaml", "a-third", third);
    lab.does("helm4 install shop $WORK/shop");
    let order = written(&lab);
    let places = ["b-first", "a-second", "a-third", "own"];
    let places = places.map(|name| place(&order, &format!("PATCH configmaps/{name}")));
    assert!(places.is_sorted(), "{order:?}");
}

#[test]
fn an_order_that_cannot_be_kept_is_an_error_before_anything_is_written() {
    let circle = "- {name: db, version: 0.1.0, dependsOn: [web]}\n\
                  - {name: web, version: 0.1.0, dependsOn: [db]}\n";
    let unknown = "- {name: db, version: 0.1.0}\n- {name: web, version: 0.1.0, dependsOn: [dv]}\n";
    for (dependencies, text) in [
        (
            circle,
            "chart \"shop\": dependencies depend on each other: db -> web -> db",
        ),
        (
            unknown,
            "chart \"shop\": dependency \"web\" depends on \"dv\", which is no dependency of this \
             chart (it has: db, web)",
        ),
    ] {
        let lab = lab();
        lab.room.write(
            "shop/Chart.yaml",
            &format!("apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n{dependencies}"),
        );
        for helm in ["helm3", "helm4"] {
            for command in ["install shop $WORK/shop", "template shop $WORK/shop"] {
                let said = lab.fails(&format!("{helm} {command}"));
                assert!(said.contains(text), "{said}");
            }
            let linted = lab.run(&format!("{helm} lint $WORK/shop"));
            assert_eq!(linted.status, 1);
            let line = format!("[ERROR] Chart.yaml: {text}");
            assert!(linted.stdout.contains(&line), "{}", linted.stdout);
            for command in ["template shop $WORK/shop", "lint $WORK/shop"] {
                lab.does(&format!("{helm} {command} --no-ordering"));
            }
        }
        assert_eq!(lab.writes(), Vec::<String>::new());
    }
}

#[test]
fn helm_3s_ways_keep_the_order_too() {
    let lab = lab();
    lab.does("helm3 install shop $WORK/shop");
    let order = written(&lab);
    let created = |kind: &str| place(&order, &format!("POST default/{kind}"));
    // The parent's own ConfigMap is there before: web's is the second.
    let configs = order.iter().filter(|l| l.ends_with("/configmaps")).count();
    assert_eq!(configs, 2, "{order:?}");
    assert!(
        created("deployments")
            < order
                .iter()
                .rposition(|l| l.ends_with("/configmaps"))
                .unwrap()
    );
}
