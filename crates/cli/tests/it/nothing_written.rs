//! Bad input reaches no cluster, or reads from it at most: the requests that would change something
//! are counted.

use windlass_sandbox::{Effect, Rule, Sandbox};

use super::lab::{Lab, write_demo};

/// A lab with a chart in `$WORK/demo` and a release `taken` of it, its requests forgotten.
fn lab() -> Lab {
    let lab = Lab::new();
    write_demo(&lab.room);
    lab.does("helm4 install taken $WORK/demo");
    lab.sandbox.forget_calls();
    lab
}

/// Runs a command that has to fail, and gives what it says; nothing may have been written.
#[track_caller]
fn refused(lab: &Lab, line: &str) -> String {
    let said = lab.fails(line);
    assert_eq!(lab.writes(), [""; 0], "{line}");
    said
}

/// Helm creates the namespace, and finds out then.
#[test]
fn a_record_that_does_not_fit_is_told_before_anything_is_written() {
    let lab = Lab::new();
    super::lab::write_demo(&lab.room);
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'!' + (state >> 58) as u8)
    };
    let noise: String = (0..2_000_000).map(|_| next()).collect();
    lab.room.write("demo/noise.txt", &noise);
    for (helm, driver, said) in [
        (
            "helm4",
            "secret",
            "create: failed to create: Secret \"sh.helm.release.v1.demo.v1\" is invalid: data: Too long: \
             may not be more than 1048576 bytes",
        ),
        (
            "helm3",
            "configmap",
            "ConfigMap \"sh.helm.release.v1.demo.v1\" is invalid: []: Too long: may not be more than \
             1048576 bytes",
        ),
    ] {
        let environment = [("WINDLASS_SANDBOX", "1"), ("HELM_DRIVER", driver)];
        let line = format!("{helm} install demo $WORK/demo -n new --create-namespace");
        let outcome = lab.run_with(&line, &environment);
        assert_eq!(outcome.status, 1);
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
        assert_eq!(lab.writes(), Vec::<String>::new());
    }
}

#[test]
fn a_name_in_use() {
    let lab = lab();
    assert_eq!(
        refused(&lab, "helm4 install taken $WORK/demo"),
        "level=ERROR msg=\"release name check failed\" \
         error=\"cannot reuse a name that is still in use\"\n\
         Error: INSTALLATION FAILED: release name check failed: \
         cannot reuse a name that is still in use\n"
    );
    assert_eq!(
        refused(&lab, "helm3 install taken $WORK/demo"),
        "Error: INSTALLATION FAILED: cannot re-use a name that is still in use\n"
    );
}

#[test]
fn a_name_that_is_none() {
    let lab = lab();
    let rule = "invalid release name, must match regex \
                ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ \
                and the length must not be longer than 53";
    assert_eq!(
        refused(&lab, "helm3 install No_Name $WORK/demo"),
        format!("Error: INSTALLATION FAILED: release name \"No_Name\": {rule}\n")
    );
    let said = refused(&lab, "helm4 install No_Name $WORK/demo");
    let end = format!(
        "Error: INSTALLATION FAILED: release name check failed: release name \"No_Name\": {rule}\n"
    );
    assert!(said.ends_with(&end), "{said}");
}

#[test]
fn values_that_break_the_schema() {
    let lab = lab();
    lab.room.write(
        "demo/values.schema.json",
        r#"{"properties": {"color": {"type": "string"}}}"#,
    );
    for (helm, failed) in [
        ("helm3", "INSTALLATION FAILED"),
        ("helm4", "INSTALLATION FAILED"),
    ] {
        assert_eq!(
            refused(
                &lab,
                &format!("{helm} install new $WORK/demo --set color=1")
            ),
            format!(
                "Error: {failed}: values don't meet the specifications of the schema(s) in the \
                 following chart(s):\ndemo:\n- at '/color': got number, want string\n\n"
            )
        );
        let said = refused(
            &lab,
            &format!("{helm} upgrade taken $WORK/demo --set color=1"),
        );
        assert!(
            said.starts_with("Error: UPGRADE FAILED: values don't meet"),
            "{said}"
        );
    }
}

#[test]
fn a_release_that_is_not_there() {
    let lab = lab();
    for helm in ["helm3", "helm4"] {
        for (command, said) in [
            (
                "upgrade gone $WORK/demo",
                "Error: UPGRADE FAILED: \"gone\" has no deployed releases\n",
            ),
            ("rollback gone", "Error: release: not found\n"),
            (
                "uninstall gone",
                "Error: uninstall: Release not loaded: gone: release: not found\n",
            ),
            ("test gone", "Error: release: not found\n"),
        ] {
            assert_eq!(
                refused(&lab, &format!("{helm} {command}")),
                said,
                "{helm} {command}"
            );
        }
    }
}

#[test]
fn a_kind_that_is_not_served() {
    let lab = lab();
    lab.room.write(
        "demo/templates/odd.yaml",
        "apiVersion: example.com/v1\nkind: Odd\nmetadata:\n  name: odd\n",
    );
    for helm in ["helm3", "helm4"] {
        assert_eq!(
            refused(&lab, &format!("{helm} install new $WORK/demo")),
            "Error: INSTALLATION FAILED: unable to build kubernetes objects from release manifest: \
             resource mapping not found for name: \"odd\" namespace: \"\" from \"\": \
             no matches for kind \"Odd\" in version \"example.com/v1\"\n\
             ensure CRDs are installed first\n"
        );
    }
}

#[test]
fn a_token_that_is_over() {
    let sandbox = Sandbox::builder()
        .fail(Rule::requests().effect(Effect::status(401)))
        .build();
    let lab = Lab::of(sandbox);
    write_demo(&lab.room);
    let said = refused(&lab, "helm4 install new $WORK/demo");
    assert!(said.contains("kubernetes cluster unreachable: "), "{said}");
    let said = refused(&lab, "helm3 install new $WORK/demo");
    assert!(
        said.starts_with("Error: INSTALLATION FAILED: Kubernetes cluster unreachable: "),
        "{said}"
    );
}

#[test]
fn a_cluster_that_cannot_be_reached() {
    let lab = lab();
    // Nothing listens at port 1.
    let nowhere = [
        ("HELM_KUBEAPISERVER", "http://127.0.0.1:1"),
        ("KUBECONFIG", "$WORK/none"),
    ];
    let reason = "Get \"http://127.0.0.1:1/version\": dial tcp 127.0.0.1:1: connect: \
                  connection refused";
    let said = lab
        .run_with("helm3 install new $WORK/demo", &nowhere)
        .stderr;
    assert_eq!(
        said,
        format!("Error: INSTALLATION FAILED: Kubernetes cluster unreachable: {reason}\n")
    );
    let said = lab
        .run_with("helm4 upgrade -i new $WORK/demo", &nowhere)
        .stderr;
    assert_eq!(
        said,
        format!("Error: kubernetes cluster unreachable: {reason}\n")
    );
    assert_eq!(lab.writes(), [""; 0]);
}

#[test]
fn a_kubeconfig_that_is_none() {
    let lab = lab();
    lab.room.write("broken", "clusters: {{\n");
    let broken = [("KUBECONFIG", "$WORK/broken")];
    for helm in ["helm3", "helm4"] {
        let run = lab.run_with(&format!("{helm} install new $WORK/demo"), &broken);
        assert_eq!(run.status, 1);
        assert!(
            run.stderr
                .contains("error loading config file \"$WORK/broken\": "),
            "{}",
            run.stderr
        );
    }
    assert_eq!(lab.writes(), [""; 0]);
}
