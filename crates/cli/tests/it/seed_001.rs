//! Seed 001, a chart author's day with `charts/api-gateway`: lint, render, settings and secrets, dependencies, environments.
//! Scenarios that need a cluster (4, 6 to 8 in part, 10, 12, 13) are not here.

use windlass_testkit::golden::HELMS;
use windlass_testkit::{Document, Place, documents, repository};

use crate::recorded::windlass;

const CHART: &str = "./charts/api-gateway";
const NAME: &str = "rel-api-gateway";
const HOSTS: [&str; 2] = ["--set", "env.ALLOWED_HOSTS=api.example.com"];

/// Renders the chart; `arguments` are split at blanks.
fn rendered(helm: &str, arguments: &str) -> String {
    let arguments = ["template", "rel", CHART]
        .into_iter()
        .chain(arguments.split_whitespace());
    windlass(helm).run(arguments).success()
}

fn with_hosts(helm: &str, arguments: &str) -> String {
    rendered(helm, &format!("{} {arguments}", HOSTS.join(" ")))
}

fn ids(output: &str) -> Vec<String> {
    documents(output).iter().map(Document::id).collect()
}

fn one<'t>(output: &'t str, id: &str) -> Document<'t> {
    let found = documents(output).into_iter().find(|d| d.id() == id);
    found.unwrap_or_else(|| panic!("no {id} among {:?}", ids(output)))
}

#[track_caller]
fn assert_holds(document: &Document<'_>, lines: &str) {
    assert!(
        document.holds(lines),
        "not in {}:\n{lines}\n---\n{}",
        document.id(),
        document.text
    );
}

// === Scenarios 1 and 2: lint and render ===

#[test]
fn lint_passes_though_a_required_value_is_missing() {
    for helm in HELMS {
        let output = windlass(helm).run(["lint", CHART]).success();
        let summary = "\n1 chart(s) linted, 0 chart(s) failed\n";
        assert!(output.ends_with(summary), "{output}");
    }
}

#[test]
fn rendering_without_allowed_hosts_fails_and_says_where_and_why() {
    for helm in HELMS {
        let outcome = windlass(helm).run(["template", "rel", CHART]);
        assert_eq!((outcome.status, outcome.stdout.as_str()), (1, ""));
        let start = "Error: execution error at (api-gateway/templates/";
        assert!(outcome.stderr.starts_with(start), "{}", outcome.stderr);
        let why = "env.ALLOWED_HOSTS is required: the host names the API answers to";
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
}

#[test]
fn with_allowed_hosts_everything_is_there_in_the_order_of_kinds() {
    let kinds = [
        "NetworkPolicy",
        "ServiceAccount",
        "Secret",
        "ConfigMap",
        "Service",
        "Deployment",
        "Ingress",
    ];
    for helm in HELMS {
        let output = with_hosts(helm, "");
        let all = ids(&output);
        let (release, hooks) = all.split_at(kinds.len());
        assert_eq!(release, kinds.map(|kind| format!("{kind}/{NAME}")));
        assert!(hooks.iter().all(|id| id.contains("-test")), "{hooks:?}");
    }
}

// === Scenario 3: what the seed puts in numbers ===

#[test]
fn the_deployment_is_what_the_seed_describes() {
    for helm in HELMS {
        let output = with_hosts(helm, "");
        let deployment = one(&output, &format!("Deployment/{NAME}"));
        assert_holds(&deployment, "  replicas: 2");
        assert_holds(
            &deployment,
            "image: \"devyusupov/statushawk-api-gateway:latest\"",
        );
        assert_holds(
            &deployment,
            "ports:\n  - name: http\n    containerPort: 8000",
        );
        assert_holds(
            &deployment,
            "readinessProbe:\n  httpGet:\n    path: /api/health/",
        );
        assert_holds(
            &deployment,
            "runAsGroup: 1000\nrunAsNonRoot: true\nrunAsUser: 1000",
        );
        assert_holds(
            &deployment,
            "resources:\n  limits:\n    cpu: 500m\n    memory: 512Mi",
        );
    }
}

#[test]
fn service_ingress_and_settings_are_what_the_seed_describes() {
    for helm in HELMS {
        let output = with_hosts(helm, "");
        let service = one(&output, &format!("Service/{NAME}"));
        assert_holds(&service, "  type: ClusterIP");
        assert_holds(&service, "port: 8000");
        // The path is a plain text in the values' list.
        let ingress = one(&output, &format!("Ingress/{NAME}"));
        assert_holds(
            &ingress,
            "- host: \"api-gateway.statushawk.internal\"\n  http:\n    paths:\n      - path: \"/\"",
        );
        // A text that looks like a boolean stays a text.
        let settings = one(&output, &format!("ConfigMap/{NAME}"));
        assert_holds(&settings, "  DEBUG: \"False\"");
        assert_holds(
            &settings,
            "  DJANGO_SETTINGS_MODULE: config.settings.production",
        );
    }
}

#[test]
fn only_the_ingress_controller_may_connect() {
    for helm in HELMS {
        let output = with_hosts(helm, "");
        let policy = one(&output, &format!("NetworkPolicy/{NAME}"));
        assert_holds(
            &policy,
            "podSelector:\n  matchLabels:\n    app.kubernetes.io/name: ingress-nginx",
        );
        assert_eq!(policy.text.matches("- from:").count(), 1);
    }
}

// === Scenario 5: passwords ===

#[test]
fn a_password_arrives_as_it_is_whatever_way_it_takes() {
    let place = Place::new();
    let file = place.write("secrets.yaml", "secret: {dbPassword: from-a-file}\n");
    let file = file.to_str().unwrap();
    for helm in HELMS {
        // a,b\,c=d
        let odd = "DB_PASSWORD: YSxiXCxjPWQ=";
        let ways = [
            (r"--set secret.dbPassword=a\,b\\\,c=d".to_owned(), odd),
            (r"--set-literal secret.dbPassword=a,b\,c=d".to_owned(), odd),
            (format!("-f {file}"), "DB_PASSWORD: ZnJvbS1hLWZpbGU="),
        ];
        for (way, wanted) in ways {
            let output = with_hosts(helm, &way);
            assert_holds(&one(&output, &format!("Secret/{NAME}")), wanted);
        }
    }
}

// === Scenarios 7 and 8: where migrations run ===

#[test]
fn an_external_database_is_migrated_by_a_hook_that_has_its_settings_before_it() {
    for helm in HELMS {
        let output = with_hosts(
            helm,
            "--set externalDatabase.host=db,secret.secretKey=k,secret.dbPassword=p",
        );
        for (kind, weight) in [("ConfigMap", -10), ("Secret", -10), ("Job", -5)] {
            let hook = one(&output, &format!("{kind}/{NAME}-migrate"));
            assert_holds(&hook, &format!("helm.sh/hook-weight: \"{weight}\""));
            assert!(
                hook.text.contains("pre-install,pre-upgrade"),
                "{}",
                hook.text
            );
        }
    }
}

#[test]
fn a_database_in_the_chart_is_waited_for_and_migrated_by_the_pods() {
    for helm in HELMS {
        let output = with_hosts(
            helm,
            "--set postgresql.enabled=true,postgresql.auth.password=p,secret.secretKey=k",
        );
        assert!(!output.contains("kind: Job\n"));
        let deployment = one(&output, &format!("Deployment/{NAME}"));
        assert_holds(&deployment, "name: wait-for-db");
        assert_holds(&deployment, &format!("- \"{NAME}-postgresql\"\n- \"5432\""));
        assert_holds(&deployment, "name: migrate");
    }
}

// === Scenario 9: dependencies ===

#[test]
fn subcharts_come_with_their_conditions_and_take_the_parents_values() {
    for helm in HELMS {
        assert!(!with_hosts(helm, "").contains("# Source: api-gateway/charts/"));
        let one_of_two = with_hosts(helm, "--set redis.enabled=true,redis.auth.password=r");
        assert!(one_of_two.contains("# Source: api-gateway/charts/redis/"));
        assert!(!one_of_two.contains("# Source: api-gateway/charts/postgresql/"));
        let database = with_hosts(
            helm,
            "--set postgresql.enabled=true,postgresql.auth.password=p",
        );
        // The subchart's own default is "app".
        let set = one(&database, &format!("StatefulSet/{NAME}-postgresql"));
        assert_holds(&set, "- name: POSTGRES_DB\n  value: \"api_gateway\"");
    }
}

#[test]
fn dependencies_that_are_not_in_charts_are_named() {
    let place = Place::copy_of(repository().join(CHART));
    place.remove("charts");
    for helm in HELMS {
        let arguments = ["template", "rel", "."].into_iter().chain(HOSTS);
        let errors = windlass(helm)
            .in_directory(place.path())
            .run(arguments)
            .failure();
        let wanted = "found in Chart.yaml, but missing in charts/ directory: postgresql, redis\n";
        assert!(errors.ends_with(wanted), "{errors}");
    }
}

// === Scenario 11: environments ===

#[test]
fn later_values_win_key_by_key() {
    for helm in HELMS {
        let production = "-f charts/api-gateway/values.prod.yaml";
        let output = rendered(helm, production);
        let deployment = one(&output, &format!("Deployment/{NAME}"));
        assert_holds(&deployment, "  replicas: 3");
        assert_holds(
            &deployment,
            "image: \"devyusupov/statushawk-api-gateway:v1.0.0\"",
        );
        // Limits are the chart's, requests the file's.
        assert_holds(
            &deployment,
            "limits:\n  cpu: 500m\n  memory: 512Mi\nrequests:\n  cpu: 250m",
        );
        let output = rendered(helm, &format!("{production} --set image.tag=v1.2.0"));
        let deployment = one(&output, &format!("Deployment/{NAME}"));
        assert_holds(
            &deployment,
            "image: \"devyusupov/statushawk-api-gateway:v1.2.0\"",
        );
    }
}

#[test]
fn null_removes_a_default_and_a_list_replaces_a_list() {
    let place = Place::new();
    let file = place.write(
        "more.yaml",
        "env: {DEBUG: null}\nresources: {limits: {cpu: null}}\ningress: {hosts: [{host: other, paths: [/api]}]}\n",
    );
    for helm in HELMS {
        let output = with_hosts(helm, &format!("-f {}", file.display()));
        let settings = one(&output, &format!("ConfigMap/{NAME}"));
        assert!(!settings.text.contains("DEBUG"), "{}", settings.text);
        let deployment = one(&output, &format!("Deployment/{NAME}"));
        assert_holds(&deployment, "resources:\n  limits:\n    memory: 512Mi");
        let ingress = one(&output, &format!("Ingress/{NAME}"));
        assert!(
            !ingress.text.contains("statushawk.internal"),
            "{}",
            ingress.text
        );
        assert_holds(&ingress, "- path: \"/api\"");
        assert_eq!(ingress.text.matches("- host:").count(), 1);
    }
}

#[test]
fn the_schema_stops_a_value_of_the_wrong_type() {
    for helm in HELMS {
        let arguments = ["template", "rel", CHART, "--set", "replicaCount=many"];
        let errors = windlass(helm)
            .run(arguments.into_iter().chain(HOSTS))
            .failure();
        assert!(
            errors.contains("'/replicaCount': got string, want integer"),
            "{errors}"
        );
    }
}
