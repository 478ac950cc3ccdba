//! Deployments and their pods.

use serde_json::json;

use super::*;

const DEPLOYMENTS: &str = "deployments.apps";

#[test]
fn a_deployment_becomes_available_within_a_second() {
    let mut world = World::new();
    world.create(DEPLOYMENTS, deployment(3, ""));
    world.seconds(1);
    let web = world.get(DEPLOYMENTS, "web");
    assert_eq!(web["status"]["availableReplicas"], 3, "{}", web["status"]);
    assert_eq!(
        web["status"]["observedGeneration"],
        web["metadata"]["generation"]
    );
    assert_eq!(
        web["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
        "1"
    );
    let set = &world.names("replicasets.apps")[0];
    assert_eq!(
        world.condition(DEPLOYMENTS, "web", "Progressing"),
        (
            "True".into(),
            "NewReplicaSetAvailable".into(),
            format!("ReplicaSet \"{set}\" has successfully progressed.")
        )
    );
    assert_eq!(
        world.condition(DEPLOYMENTS, "web", "Available").2,
        "Deployment has minimum availability."
    );
    assert_eq!(
        world.events("ScalingReplicaSet"),
        [format!("Scaled up replica set {set} from 0 to 3")]
    );
    for pod in world.pods() {
        assert_eq!(pod["status"]["phase"], "Running");
        assert_eq!(pod["spec"]["nodeName"], "sandbox");
        assert_eq!(pod["status"]["containerStatuses"][0]["ready"], true);
    }
}

#[test]
fn another_template_rolls_and_never_takes_too_many() {
    let mut world = World::new();
    world.create(DEPLOYMENTS, deployment(4, ""));
    world.seconds(1);
    world.change(DEPLOYMENTS, "web", |web| {
        web["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:2".into();
    });
    for _ in 0..200 {
        world.pass(Duration::from_millis(10));
        let status = &world.get(DEPLOYMENTS, "web")["status"];
        let available = status["availableReplicas"].as_i64().unwrap_or(0);
        assert!(available >= 3, "{status}");
        let wanted: i64 = world
            .state
            .list("replicasets.apps", None)
            .map(|set| set["spec"]["replicas"].as_i64().unwrap())
            .sum();
        assert!(wanted <= 5);
    }
    let web = world.get(DEPLOYMENTS, "web");
    assert_eq!(web["status"]["updatedReplicas"], 4);
    assert_eq!(web["status"]["replicas"], 4);
    assert_eq!(
        web["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
        "2"
    );
    assert!(
        world
            .pods()
            .iter()
            .all(|pod| pod["spec"]["containers"][0]["image"] == "nginx:2")
    );
    assert_eq!(world.names("replicasets.apps").len(), 2);
}

#[test]
fn going_back_takes_the_old_set_under_a_new_number() {
    let mut world = World::new();
    world.create(DEPLOYMENTS, deployment(1, ""));
    world.seconds(1);
    let first = world.names("replicasets.apps")[0].clone();
    for image in ["nginx:2", "nginx:1"] {
        world.change(DEPLOYMENTS, "web", |web| {
            web["spec"]["template"]["spec"]["containers"][0]["image"] = image.into();
        });
        world.seconds(2);
    }
    let set = world.get("replicasets.apps", &first);
    assert_eq!(set["spec"]["replicas"], 1);
    let notes = &set["metadata"]["annotations"];
    assert_eq!(notes["deployment.kubernetes.io/revision"], "3");
    assert_eq!(notes["deployment.kubernetes.io/revision-history"], "1");
}

#[test]
fn a_deployment_that_gets_nowhere_says_so_when_its_time_is_up() {
    let mut world = World::new();
    let mut object = deployment(1, "never-ready");
    object["spec"]["progressDeadlineSeconds"] = 5.into();
    world.create(DEPLOYMENTS, object);
    world.seconds(20);
    let set = &world.names("replicasets.apps")[0];
    assert_eq!(
        world.condition(DEPLOYMENTS, "web", "Progressing"),
        (
            "False".into(),
            "ProgressDeadlineExceeded".into(),
            format!("ReplicaSet \"{set}\" has timed out progressing.")
        )
    );
    assert_eq!(
        world.condition(DEPLOYMENTS, "web", "Available"),
        (
            "False".into(),
            "MinimumReplicasUnavailable".into(),
            "Deployment does not have minimum availability.".into()
        )
    );
}

#[test]
fn scaling_and_pausing_work() {
    let mut world = World::new();
    world.create(DEPLOYMENTS, deployment(1, ""));
    world.seconds(1);
    world.change(DEPLOYMENTS, "web", |web| web["spec"]["replicas"] = 3.into());
    world.seconds(1);
    assert_eq!(
        world.get(DEPLOYMENTS, "web")["status"]["availableReplicas"],
        3
    );
    world.change(DEPLOYMENTS, "web", |web| {
        web["spec"]["paused"] = true.into();
        web["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:2".into();
    });
    world.seconds(5);
    assert_eq!(world.names("replicasets.apps").len(), 1);
    assert_eq!(
        world.condition(DEPLOYMENTS, "web", "Progressing").1,
        "DeploymentPaused"
    );
    world.change(DEPLOYMENTS, "web", |web| {
        web["spec"]["paused"] = false.into();
    });
    world.seconds(5);
    assert_eq!(
        world.get(DEPLOYMENTS, "web")["status"]["updatedReplicas"],
        3
    );
    world.change(DEPLOYMENTS, "web", |web| web["spec"]["replicas"] = 0.into());
    world.seconds(2);
    assert!(world.pods().is_empty());
}

#[test]
fn recreate_waits_for_the_old_pods_to_be_gone() {
    let mut world = World::new();
    let mut object = deployment(2, "");
    object["spec"]["strategy"]["type"] = "Recreate".into();
    world.create(DEPLOYMENTS, object);
    world.seconds(1);
    world.change(DEPLOYMENTS, "web", |web| {
        web["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:2".into();
    });
    for _ in 0..100 {
        world.pass(Duration::from_millis(10));
        let images: std::collections::BTreeSet<String> = world
            .pods()
            .iter()
            .map(|pod| pod["spec"]["containers"][0]["image"].to_string())
            .collect();
        assert!(images.len() <= 1, "{images:?}");
    }
    assert_eq!(
        world.get(DEPLOYMENTS, "web")["status"]["updatedReplicas"],
        2
    );
    assert_eq!(
        world.get(DEPLOYMENTS, "web")["status"]["availableReplicas"],
        2
    );
}

#[test]
fn pods_do_what_they_are_told() {
    let mut world = World::new();
    for (name, told) in [
        ("pull", "image-pull-error"),
        ("crash", "crash-loop"),
        ("slow", "slow-start"),
        ("nowhere", "unschedulable"),
    ] {
        let annotations = json!({"sandbox.windlass.dev/pod": told});
        let pod = json!({"metadata": {"name": name, "annotations": annotations},
            "spec": {"containers": [{"name": "c", "image": "nginx:1"}]}});
        world.create("pods", pod);
    }
    world.seconds(2);
    let waiting = |name: &str| {
        let status = &world.get("pods", name)["status"]["containerStatuses"][0];
        status["state"]["waiting"]["reason"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(waiting("pull"), "ImagePullBackOff");
    assert_eq!(waiting("crash"), "CrashLoopBackOff");
    assert_eq!(world.condition("pods", "slow", "Ready").0, "False");
    let (status, reason, message) = world.condition("pods", "nowhere", "PodScheduled");
    assert_eq!(
        (status.as_str(), reason.as_str()),
        ("False", "Unschedulable")
    );
    assert!(
        message.starts_with("0/1 nodes are available: 1 node(s) didn't match"),
        "{message}"
    );
    assert_eq!(world.events("FailedScheduling"), [message]);
    world.seconds(3);
    assert_eq!(world.condition("pods", "slow", "Ready").0, "True");
    world.seconds(60);
    let crashed = &world.get("pods", "crash")["status"]["containerStatuses"][0];
    assert!(crashed["restartCount"].as_i64().unwrap() >= 3, "{crashed}");
    assert_eq!(crashed["lastState"]["terminated"]["exitCode"], 1);
}

#[test]
fn a_pod_waits_for_what_it_needs() {
    let mut world = World::new();
    let from =
        json!([{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "conf", "key": "a"}}}]);
    world.create(
        "pods",
        json!({"metadata": {"name": "p"}, "spec": {
        "initContainers": [{"name": "i", "image": "busybox:1"}],
        "containers": [{"name": "c", "image": "nginx:1", "env": from}]}}),
    );
    world.seconds(5);
    let status = &world.get("pods", "p")["status"];
    assert_eq!(status["phase"], "Pending");
    let waiting = &status["containerStatuses"][0]["state"]["waiting"];
    assert_eq!(waiting["reason"], "CreateContainerConfigError");
    assert_eq!(waiting["message"], "configmap \"conf\" not found");
    world.create(
        "configmaps",
        json!({"metadata": {"name": "conf"}, "data": {"a": "b"}}),
    );
    world.seconds(1);
    let pod = world.get("pods", "p");
    assert_eq!(pod["status"]["phase"], "Running", "{}", pod["status"]);
    let init = &pod["status"]["initContainerStatuses"][0]["state"]["terminated"];
    assert_eq!(init["reason"], "Completed");
    assert_eq!(world.condition("pods", "p", "Ready").0, "True");
}

#[test]
fn services_lead_to_ready_pods() {
    let mut world = World::new();
    let ports = json!([{"port": 80, "targetPort": "http"}]);
    world.create(
        "services",
        json!({"metadata": {"name": "web"},
        "spec": {"selector": {"app": "web"}, "ports": ports}}),
    );
    let mut object = deployment(2, "");
    object["spec"]["template"]["spec"]["containers"][0]["ports"] =
        json!([{"name": "http", "containerPort": 8080}]);
    world.create(DEPLOYMENTS, object);
    world.seconds(1);
    let endpoints = world.get("endpoints", "web");
    let subset = &endpoints["subsets"][0];
    assert_eq!(
        subset["addresses"].as_array().unwrap().len(),
        2,
        "{endpoints}"
    );
    assert_eq!(subset["ports"][0]["port"], 8080);
    let slices = world.names("endpointslices.discovery.k8s.io");
    let slice = world.get("endpointslices.discovery.k8s.io", &slices[0]);
    assert_eq!(slice["endpoints"].as_array().unwrap().len(), 2);
    world.change(DEPLOYMENTS, "web", |web| web["spec"]["replicas"] = 0.into());
    world.seconds(1);
    assert_eq!(world.get("endpoints", "web")["subsets"], Value::Null);
}

#[test]
fn a_state_that_was_closed_catches_up() {
    let mut world = World::new();
    world.create(DEPLOYMENTS, deployment(2, "slow-start"));
    world.pass(Duration::from_millis(500));
    let text = serde_json::to_vec(&world.state.saved()).unwrap();
    world.state = State::restored(serde_json::from_slice(&text).unwrap());
    world.seconds(3600);
    assert_eq!(
        world.get(DEPLOYMENTS, "web")["status"]["availableReplicas"],
        2
    );
}
