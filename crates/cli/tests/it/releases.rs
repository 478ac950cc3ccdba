//! A release's life on the embedded cluster: what each command prints and leaves behind.

use super::lab::{Lab, write_demo};

fn lab() -> Lab {
    let lab = Lab::new();
    write_demo(&lab.room);
    lab
}

/// An output without the line that tells the time.
fn timeless(output: &str) -> String {
    let lines = output.split_inclusive('\n');
    lines
        .filter(|l| !l.starts_with("LAST DEPLOYED: "))
        .collect()
}

#[test]
fn install_upgrade_and_roll_back_print_what_helm_4_prints() {
    let lab = lab();
    assert_eq!(
        timeless(&lab.does("helm4 install web $WORK/demo")),
        "NAME: web\nNAMESPACE: default\nSTATUS: deployed\nREVISION: 1\n\
         DESCRIPTION: Install complete\nTEST SUITE: None\nNOTES:\nweb is green.\n"
    );
    assert_eq!(
        timeless(&lab.does("helm4 upgrade web $WORK/demo --set color=red")),
        "Release \"web\" has been upgraded. Happy Helming!\n\
         NAME: web\nNAMESPACE: default\nSTATUS: deployed\nREVISION: 2\n\
         DESCRIPTION: Upgrade complete\nTEST SUITE: None\nNOTES:\nweb is red.\n"
    );
    assert_eq!(
        lab.does("helm4 rollback web"),
        "Rollback was a success! Happy Helming!\n"
    );
    assert_eq!(
        lab.does("helm4 uninstall web"),
        "release \"web\" uninstalled\n"
    );
}

#[test]
fn helm_3_shows_no_description() {
    let lab = lab();
    assert_eq!(
        timeless(&lab.does("helm3 upgrade --install web $WORK/demo")),
        "Release \"web\" does not exist. Installing it now.\n\
         NAME: web\nNAMESPACE: default\nSTATUS: deployed\nREVISION: 1\n\
         TEST SUITE: None\nNOTES:\nweb is green.\n"
    );
}

#[test]
fn a_name_is_made_up_of_the_charts_and_the_time() {
    let lab = lab();
    let shown = lab.does("helm4 install --generate-name $WORK/demo");
    let name = shown.lines().next().unwrap();
    let time = name.strip_prefix("NAME: demo-").unwrap();
    assert!(time.parse::<u64>().is_ok(), "{name}");
    assert_eq!(
        lab.fails("helm4 install $WORK/demo"),
        "Error: INSTALLATION FAILED: must either provide a name or specify --generate-name\n"
    );
}

#[test]
fn values_are_reused_as_asked() {
    let lab = lab();
    lab.room
        .write("demo/values.yaml", "color: green\nshape: round\n");
    lab.room.write(
        "demo/templates/NOTES.txt",
        "{{ .Values.color }} {{ .Values.shape }}\n",
    );
    lab.does("helm4 install web $WORK/demo --set color=red");
    lab.room
        .write("demo/values.yaml", "color: green\nshape: square\n");
    let notes = |flags: &str| {
        let shown = lab.does(&format!("helm4 upgrade web $WORK/demo {flags}"));
        shown.lines().last().unwrap().to_owned()
    };
    assert_eq!(notes(""), "red square");
    assert_eq!(notes("--reset-then-reuse-values --set x=1"), "red square");
    assert_eq!(notes("--reuse-values --set x=2"), "red square");
    assert_eq!(notes("--set x=3"), "green square");
    assert_eq!(notes("--reset-values"), "green square");
}

#[test]
fn a_dry_run_writes_nothing_and_shows_the_manifest() {
    let lab = lab();
    for helm in ["helm3", "helm4"] {
        for strategy in ["client", "server"] {
            let shown = lab.does(&format!(
                "{helm} install web $WORK/demo --dry-run={strategy}"
            ));
            assert!(shown.contains("STATUS: pending-install\n"), "{shown}");
            assert!(
                shown.contains("HOOKS:\nMANIFEST:\n---\n# Source: demo/templates/config.yaml\n"),
                "{shown}"
            );
        }
    }
    assert_eq!(lab.writes(), [""; 0]);
}

#[test]
fn helm_4_tries_out_an_install_without_a_cluster() {
    let lab = lab();
    let nowhere = [
        ("HELM_KUBEAPISERVER", "http://127.0.0.1:1"),
        ("KUBECONFIG", "$WORK/none"),
    ];
    let run = lab.run_with("helm4 install web $WORK/demo --dry-run=client", &nowhere);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(lab.sandbox.calls(), []);
}

#[test]
fn switches_of_a_dry_run_are_frowned_upon() {
    let lab = lab();
    let said = |line: &str| lab.run(line).stderr;
    assert_eq!(
        said("helm4 install web $WORK/demo --dry-run=true"),
        "level=WARN msg=\"boolean '--dry-run=true' flag is deprecated and must be replaced with \
         '--dry-run=client'\"\n"
    );
    assert_eq!(
        said("helm4 install web $WORK/demo --dry-run=maybe"),
        "Error: invalid dry-run value (\"maybe\"). Must be \"none\", \"server\", or \"client\"\n"
    );
    assert_eq!(
        said("helm3 install web $WORK/demo --dry-run=maybe"),
        "Error: INSTALLATION FAILED: Invalid dry-run flag. Flag must one of the following: \
         false, true, none, client, server\n"
    );
}

#[test]
fn arguments_are_checked_in_helms_words() {
    let lab = lab();
    for (line, said) in [
        (
            "helm4 rollback web one",
            "Error: could not convert revision to a number: strconv.Atoi: parsing \"one\": \
             invalid syntax\n",
        ),
        (
            "helm4 uninstall web --cascade sideways",
            "Error: invalid cascade value (sideways). \
             Must be \"background\", \"foreground\", or \"orphan\"\n",
        ),
        (
            "helm4 install web $WORK/demo --wait=maybe",
            "Error: invalid argument \"maybe\" for \"--wait\" flag: invalid wait input \"maybe\". \
             Valid inputs are watcher, hookOnly, and legacy\n",
        ),
        (
            "helm3 install web $WORK/demo --wait=maybe",
            "Error: invalid argument \"maybe\" for \"--wait\" flag: strconv.ParseBool: \
             parsing \"maybe\": invalid syntax\n",
        ),
        (
            "helm4 install web $WORK/demo -o xml",
            "Error: invalid argument \"xml\" for \"-o, --output\" flag: invalid format type\n",
        ),
        (
            "helm4 upgrade web $WORK/demo --force-replace --force-conflicts",
            "Error: if any flags in the group [force-replace force-conflicts] are set none of the \
             others can be; [force-conflicts force-replace] were all set\n",
        ),
    ] {
        assert_eq!(lab.fails(line), said, "{line}");
    }
    let long = "x".repeat(257);
    assert_eq!(
        lab.fails(&format!("helm4 rollback web --description {long}")),
        "Error: description must be 256 characters or less, got 257\n"
    );
}

#[test]
fn an_unknown_driver_ends_the_command_with_a_line_of_the_log() {
    let lab = lab();
    let driver = [("HELM_DRIVER", "stone"), ("WINDLASS_SANDBOX", "1")];
    let run = lab.run_with("helm4 install web $WORK/demo", &driver);
    assert_eq!(
        run.stderr,
        "level=INFO msg=\"unknown driver \\\"stone\\\"\"\n"
    );
    let run = lab.run_with("helm3 install web $WORK/demo", &driver);
    assert_eq!(run.stderr, "helm.go:83: unknown driver \"stone\"\n");
}

#[test]
fn several_releases_are_uninstalled_at_once() {
    let lab = lab();
    lab.does("helm4 install one $WORK/demo");
    lab.does("helm4 install two $WORK/demo");
    assert_eq!(
        lab.does("helm4 uninstall one gone two --ignore-not-found"),
        "release \"one\" uninstalled\nrelease \"gone\" uninstalled\nrelease \"two\" uninstalled\n"
    );
}

#[test]
fn a_render_sees_the_cluster_where_it_may() {
    let lab = lab();
    lab.does("helm4 install seen $WORK/demo --set color=blue");
    lab.room.write(
        "demo/templates/config.yaml",
        "found: {{ (lookup \"v1\" \"ConfigMap\" \"default\" \"seen\").data }}\n",
    );
    let local = "---\n# Source: demo/templates/config.yaml\nfound:\n";
    assert_eq!(lab.does("helm4 template $WORK/demo"), local);
    assert_eq!(
        lab.does("helm3 template $WORK/demo --dry-run=server"),
        "---\n# Source: demo/templates/config.yaml\nfound: map[color:blue]\n"
    );
}

#[test]
fn validation_asks_the_cluster() {
    let lab = lab();
    let shown = lab.does("helm4 template web $WORK/demo --dry-run=server");
    assert_eq!(shown, lab.does("helm4 template web $WORK/demo"));
    lab.room.write(
        "demo/templates/odd.yaml",
        "apiVersion: example.com/v1\nkind: Odd\nmetadata:\n  name: odd\n",
    );
    let said = lab.fails("helm3 template web $WORK/demo --validate");
    assert!(
        said.contains("no matches for kind \"Odd\" in version \"example.com/v1\""),
        "{said}"
    );
    assert_eq!(lab.writes(), [""; 0]);
}

#[test]
fn a_flag_that_no_helm_has_is_an_error_of_every_command() {
    let lab = lab();
    for command in [
        "install web demo",
        "upgrade web demo",
        "rollback web",
        "uninstall web",
        "test web",
        "list",
        "status web",
        "history web",
        "get all web",
    ] {
        let said = lab.fails(&format!("helm4 {command} --no-such-flag"));
        assert_eq!(said, "Error: unknown flag: --no-such-flag\n", "{command}");
    }
    assert_eq!(lab.sandbox.calls(), []);
}
