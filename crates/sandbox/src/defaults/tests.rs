#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::apply;

fn defaulted(version: &str, kind: &str, mut object: Value) -> Value {
    apply(version, kind, &mut object);
    object
}

#[test]
fn deployments_get_strategy_history_and_pod_defaults() {
    let given = json!({"spec": {"selector": {}, "strategy": {}, "template": {"metadata": {}, "spec": {"containers": [
        {"name": "c", "image": "nginx", "ports": [{"containerPort": 80}],
         "livenessProbe": {"httpGet": {"port": 80}},
         "env": [{"name": "N", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]}],
        "serviceAccountName": "sa", "volumes": [{"name": "v"}, {"name": "s", "secret": {"secretName": "x"}}]}}}});
    let spec = &defaulted("apps/v1", "Deployment", given)["spec"];
    assert_eq!(spec["replicas"], 1);
    assert_eq!(
        spec["strategy"],
        json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}})
    );
    assert_eq!(
        spec["template"]["spec"],
        json!({
            "containers": [{"name": "c", "image": "nginx", "imagePullPolicy": "Always",
                "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                "ports": [{"containerPort": 80, "protocol": "TCP"}],
                "livenessProbe": {"httpGet": {"port": 80, "path": "/", "scheme": "HTTP"}, "timeoutSeconds": 1,
                    "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
                "env": [{"name": "N", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}}]}],
            "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
            "securityContext": {}, "serviceAccount": "sa", "serviceAccountName": "sa",
            "terminationGracePeriodSeconds": 30,
            "volumes": [{"name": "v", "emptyDir": {}}, {"name": "s", "secret": {"secretName": "x", "defaultMode": 420}}],
        })
    );
}

#[test]
fn only_pods_inherit_requests_and_links() {
    let limits = json!({"limits": {"cpu": "1"}});
    let pod = json!({"spec": {"containers": [{"name": "c", "image": "a:1", "resources": limits}]}});
    let made = defaulted("v1", "Pod", pod);
    assert_eq!(
        made["spec"]["containers"][0]["resources"]["requests"],
        json!({"cpu": "1"})
    );
    assert_eq!(
        made["spec"]["containers"][0]["imagePullPolicy"],
        "IfNotPresent"
    );
    assert_eq!(made["spec"]["enableServiceLinks"], true);
}

#[test]
fn services_lead_to_the_port_they_have() {
    let service = json!({"spec": {"type": "NodePort", "ports": [{"port": 80, "targetPort": 0}]}});
    let made = defaulted("v1", "Service", service);
    assert_eq!(
        made["spec"],
        json!({"type": "NodePort", "sessionAffinity": "None", "externalTrafficPolicy": "Cluster",
            "internalTrafficPolicy": "Cluster", "ports": [{"port": 80, "targetPort": 80, "protocol": "TCP"}]})
    );
}

#[test]
fn defaults_change_nothing_the_second_time() {
    for (version, kind) in [
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("batch/v1", "Job"),
        ("batch/v1", "CronJob"),
        ("v1", "Service"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("networking.k8s.io/v1", "NetworkPolicy"),
    ] {
        let once = defaulted(
            version,
            kind,
            json!({"metadata": {"name": "a"}, "spec": {}}),
        );
        assert_eq!(defaulted(version, kind, once.clone()), once, "{kind}");
    }
}
