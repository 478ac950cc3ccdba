//! Seed 004, an umbrella chart as CI uses it, `charts/aichatwar`: conditions, globals, environments, the objects themselves.
//! Scenarios that need a cluster (2, 4, 6 to 9, 14) or a repository (13) are not here.

use std::collections::BTreeMap;

use windlass_chart::compat::Compat;
use windlass_chart::{File, archive};
use windlass_testkit::golden::HELMS;
use windlass_testkit::{Document, Place, documents, repository};

use crate::recorded::windlass;

const CHART: &str = "charts/aichatwar/root";

/// The services that are on by default.
const SERVICES: [&str; 13] = [
    "agent",
    "ai-gateway",
    "api-gateway",
    "auth",
    "chat",
    "feed",
    "friendship",
    "media",
    "orders",
    "post",
    "realtime-gateway",
    "room",
    "user",
];

/// Renders the chart; `arguments` are split at blanks.
fn rendered(helm: &str, arguments: &str) -> String {
    let arguments = ["template", "aichatwar", CHART]
        .into_iter()
        .chain(arguments.split_whitespace());
    windlass(helm).run(arguments).success()
}

/// A copy of all three charts; the umbrella is in `root`.
fn copy() -> Place {
    Place::copy_of(repository().join("charts/aichatwar"))
}

fn one<'t>(output: &'t str, id: &str) -> Document<'t> {
    let found = documents(output).into_iter().find(|d| d.id() == id);
    found.unwrap_or_else(|| panic!("no {id}"))
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

#[test]
fn the_archives_in_charts_hold_the_charts_beside() {
    let fresh = copy();
    fresh.remove("root/charts");
    for chart in ["infrastructure", "application"] {
        fresh.copy(fresh.join(chart), &format!("root/charts/{chart}"));
    }
    for helm in HELMS {
        let unpacked = windlass(helm)
            .in_directory(fresh.path())
            .run(["template", "aichatwar", "root"])
            .success();
        // Should this fail: windlass dependency update charts/aichatwar/root
        assert!(unpacked == rendered(helm, ""), "root/charts is stale");
    }
}

// === Scenario 1, as far as files go ===

#[test]
fn updating_dependencies_packs_the_charts_beside_and_locks_them() {
    for helm in HELMS {
        let place = copy();
        let lock = place.read("root/Chart.lock");
        place.remove("root/charts");
        place.remove("root/Chart.lock");
        let run = |arguments: &[&str]| windlass(helm).in_directory(place.path()).run(arguments);
        let _ = run(&["dependency", "update", "root"]).success();
        let without_time = |text: &str| text.split("generated:").next().unwrap().to_owned();
        assert_eq!(
            without_time(&place.read("root/Chart.lock")),
            without_time(&lock)
        );
        for archive in ["infrastructure-1.0.0.tgz", "application-1.0.0.tgz"] {
            assert!(
                place.join("root/charts").join(archive).is_file(),
                "{archive}"
            );
        }
        let list = run(&["dependency", "list", "root"]).success();
        assert_eq!(list.matches("\tok").count(), 2, "{list}");
        let again = run(&["template", "aichatwar", "root"]).success();
        assert!(again == rendered(helm, ""));
    }
}

#[test]
fn building_dependencies_refuses_a_lock_that_no_longer_fits() {
    for (helm, remedy) in [("helm3", ""), ("helm4", " with 'helm dependency update'")] {
        let place = copy();
        let pinned = "version: \"1.0.0\"\n    repository: \"file://../infrastructure\"";
        let text = place.read("root/Chart.yaml");
        assert!(text.contains(pinned));
        let edited = text.replace(pinned, &pinned.replace("1.0.0", "1.x"));
        place.write("root/Chart.yaml", edited);
        let errors = windlass(helm)
            .in_directory(place.path())
            .run(["dependency", "build", "root"])
            .failure();
        let wanted = format!(
            "Error: the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). \
             Please update the dependencies{remedy}\n"
        );
        assert_eq!(errors, wanted);
    }
}

// === Scenario 3: conditions, globals, overrides ===

#[test]
fn each_half_and_each_system_can_be_left_out() {
    for helm in HELMS {
        let all = rendered(helm, "");
        let sources = |output: &str, part: &str| {
            documents(output)
                .iter()
                .filter(|d| d.source.contains(part))
                .count()
        };
        let (infrastructure, application) = ("/charts/infrastructure/", "/charts/application/");
        let output = rendered(helm, "--set infrastructure.enabled=false");
        assert_eq!(sources(&output, infrastructure), 0);
        assert_eq!(sources(&output, application), sources(&all, application));
        let output = rendered(helm, "--set application.enabled=false");
        assert_eq!(sources(&output, application), 0);
        assert_eq!(
            sources(&output, infrastructure),
            sources(&all, infrastructure)
        );

        let ids =
            |output: &str| -> Vec<String> { documents(output).iter().map(Document::id).collect() };
        let output = rendered(helm, "--set infrastructure.redis.enabled=false");
        let mut left = ids(&all);
        left.retain(|id| !id.contains("-redis"));
        assert_eq!(ids(&output), left);
        assert!(left.len() < ids(&all).len());
    }
}

#[test]
fn the_registry_of_the_root_chart_reaches_both_halves() {
    for helm in HELMS {
        let output = rendered(helm, "--set global.imageRegistry=mirror.example.com/");
        for image in [
            "mirror.example.com/aichatwar/feed:1.0.0",
            "mirror.example.com/redpandadata/redpanda:v24.2.7",
        ] {
            assert!(output.contains(&format!("image: \"{image}\"")), "{image}");
        }
        assert!(!output.contains("your-registry.io"));
    }
}

#[test]
fn the_parents_value_wins_over_the_subcharts() {
    for helm in HELMS {
        let output = rendered(helm, "");
        // One is the subchart's own default.
        assert_holds(&one(&output, "Deployment/ai-gateway-depl"), "  replicas: 2");
        let own = ["template", "a", "charts/aichatwar/application"];
        let output = windlass(helm).run(own).success();
        assert_holds(&one(&output, "Deployment/ai-gateway-depl"), "  replicas: 1");
    }
}

#[test]
fn a_field_that_is_not_helms_only_makes_lint_warn() {
    for helm in HELMS {
        let output = windlass(helm).run(["lint", CHART]).success();
        assert!(
            output.ends_with("\n1 chart(s) linted, 0 chart(s) failed\n"),
            "{output}"
        );
        let warned = output.contains("unknown field \"dependsOn\"");
        assert_eq!(warned, helm == "helm4", "{output}");
    }
}

// === Scenario 5: environments ===

#[test]
fn files_are_layered_and_set_wins() {
    let replicas = |helm: &str, arguments: &str| {
        let output = rendered(helm, arguments);
        let gateway = one(&output, "Deployment/realtime-gateway-depl");
        let line = gateway.text.lines().find(|l| l.starts_with("  replicas:"));
        line.unwrap().trim().to_owned()
    };
    let production = "--values charts/aichatwar/root/values-production.yaml";
    let staging = "--values charts/aichatwar/root/values-staging.yaml";
    for helm in HELMS {
        assert_eq!(replicas(helm, ""), "replicas: 3");
        assert_eq!(replicas(helm, production), "replicas: 6");
        assert_eq!(
            replicas(helm, &format!("{production} {staging}")),
            "replicas: 2"
        );
        let set = "--set application.realtimeGateway.replicas=9";
        assert_eq!(
            replicas(helm, &format!("{set} {production} {staging}")),
            "replicas: 9"
        );
    }
}

#[test]
fn development_drops_limits_volumes_and_registry() {
    for helm in HELMS {
        let output = rendered(helm, "--values charts/aichatwar/root/values-dev.yaml");
        let feed = one(&output, "Deployment/feed-depl");
        assert_holds(
            &feed,
            "resources:\n  requests:\n    cpu: 10m\n    memory: 64Mi",
        );
        assert!(!feed.text.contains("limits:"), "{}", feed.text);
        assert!(!output.contains("volumeClaimTemplates"));
        assert!(!output.contains("imagePullSecrets"));
        assert!(output.contains("image: \"aichatwar/feed:1.0.0\""));
    }
}

#[test]
fn a_values_file_that_is_not_there_is_an_error() {
    for helm in HELMS {
        let outcome = windlass(helm).run(["template", CHART, "--values", "nowhere.yaml"]);
        assert_eq!((outcome.status, outcome.stdout.as_str()), (1, ""));
        assert_eq!(
            outcome.stderr,
            "Error: open nowhere.yaml: no such file or directory\n"
        );
    }
}

// === Scenario 10: the file of old ===

#[test]
fn requirements_yaml_replaces_the_dependencies_and_is_warned_of() {
    for (helm, warning) in [
        (
            "helm3",
            "load.go:120: Warning: Dependencies are handled in Chart.yaml since apiVersion \"v2\". We recommend migrating dependencies to Chart.yaml.\n",
        ),
        (
            "helm4",
            "level=INFO msg=\"Warning: Dependencies are handled in Chart.yaml since apiVersion \\\"v2\\\". We recommend migrating dependencies to Chart.yaml.\"\n",
        ),
    ] {
        let place = copy();
        place.write(
            "root/requirements.yaml",
            "dependencies:\n- name: infrastructure\n  version: 1.0.0\n  repository: file://../infrastructure\n  condition: application.enabled\n",
        );
        let run = |arguments: &[&str]| windlass(helm).in_directory(place.path()).run(arguments);
        let outcome = run(&["template", "aichatwar", "root"]);
        assert_eq!(outcome.stderr, warning);
        // Its condition, not that of Chart.yaml.
        let output = run(&[
            "template",
            "aichatwar",
            "root",
            "--set",
            "application.enabled=false",
        ])
        .success();
        assert!(!output.contains("/charts/infrastructure/"));
    }
}

// === Scenario 11: packages ===

fn files(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let files = archive::read(archive, &archive::Limits::default(), Compat::Helm4).unwrap();
    let plain = |file: File| (file.name, file.data.to_vec());
    files.into_iter().map(plain).collect()
}

#[test]
fn packing_twice_gives_one_and_the_same_archive() {
    for helm in HELMS {
        let place = copy();
        let pack = || {
            let program = windlass(helm)
                .in_directory(place.join("application"))
                .variable("SOURCE_DATE_EPOCH", "1700000000");
            let _ = program.run(["package", "."]).success();
            std::fs::read(place.join("application/application-1.0.0.tgz")).unwrap()
        };
        // The first one lies in the chart's directory when the second is made.
        let (first, second) = (pack(), pack());
        assert!(files(&first) == files(&second));
        // Helm 3 knows no such variable: its archives are as old as they are.
        assert!(helm == "helm3" || first == second);
    }
}

// === Scenario 12: the objects ===

#[test]
fn each_service_is_a_deployment_and_a_service() {
    for helm in HELMS {
        let output = rendered(helm, "");
        let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for document in documents(&output) {
            if document.source.contains("/charts/application/") {
                kinds.entry(document.kind).or_default().push(document.name);
            }
        }
        for (kind, suffix) in [("Deployment", "-depl"), ("Service", "-srv")] {
            let mut names = kinds.remove(kind).unwrap();
            names.sort_unstable();
            assert_eq!(names, SERVICES.map(|s| format!("{s}{suffix}")));
        }
        let rest: Vec<&str> = kinds.into_keys().collect();
        assert_eq!(rest, ["Ingress", "Pod"]);
    }
}

#[test]
fn probes_are_the_seeds() {
    const STARTUP: &str = "startupProbe:\n  tcpSocket:\n    port: 3000\n  failureThreshold: 10\n  initialDelaySeconds: 10\n  \
                           periodSeconds: 5\n  timeoutSeconds: 3";
    const READINESS: &str = "readinessProbe:\n  httpGet:\n    path: /health\n    port: 3000\n  initialDelaySeconds: 5\n  \
                             periodSeconds: 5";
    const LIVENESS: &str = "livenessProbe:\n  httpGet:\n    path: /health\n    port: 3000\n  initialDelaySeconds: 30\n  \
                            periodSeconds: 10";
    for helm in HELMS {
        let output = rendered(helm, "");
        for service in SERVICES {
            let deployment = one(&output, &format!("Deployment/{service}-depl"));
            [STARTUP, READINESS, LIVENESS]
                .iter()
                .for_each(|probe| assert_holds(&deployment, probe));
        }
    }
}

#[test]
fn shell_loops_survive_their_block_scalars() {
    const KAFKA: &str = "- name: wait-for-redpanda\n  image: busybox:1.35\n  command: [\"sh\", \"-c\"]\n  args:\n    - |\n      \
                         until nc -z redpanda-srv 9092; do\n        echo \"Waiting for redpanda-srv:9092...\"\n        \
                         sleep 2\n      done";
    for helm in HELMS {
        let output = rendered(helm, "");
        let auth = one(&output, "Deployment/auth-depl");
        assert_holds(&auth, KAFKA);
        assert_holds(&auth, "until nc -z auth-mongo-srv 27017; do");
        // Other services are waited for too, but not those that are off.
        let output = rendered(helm, "--set application.chat.enabled=false");
        let gateway = one(&output, "Deployment/api-gateway-depl");
        assert_holds(&gateway, "until nc -z post-srv 3000; do");
        assert!(!gateway.text.contains("chat-srv"), "{}", gateway.text);
    }
}

#[test]
fn secrets_are_referred_to_by_the_names_in_the_values() {
    for helm in HELMS {
        let output = rendered(
            helm,
            "--set application.secrets.jwtSecret.name=other-secret",
        );
        let media = one(&output, "Deployment/media-depl");
        assert_holds(
            &media,
            "- name: JWT_DEV\n  valueFrom:\n    secretKeyRef:\n      name: other-secret\n      key: JWT_DEV",
        );
        for key in ["AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY"] {
            assert_holds(
                &media,
                &format!("secretKeyRef:\n  name: azure-storage\n  key: {key}"),
            );
        }
        assert!(!output.contains("kind: Secret\n"));
    }
}
