//! `template --post-renderer`: Helm 3's programs, which work under both settings.

use windlass_testkit::Outcome;

use super::room::Room;

fn rendered_through(helm: &str, script: &str, more: &[&str]) -> Outcome {
    let room = Room::new();
    room.chart("c");
    room.write("c/templates/a.yaml", "kind: A\n");
    room.write(
        "c/templates/hook.yaml",
        "kind: Job\nmetadata:\n  annotations: {\"helm.sh/hook\": test}\n",
    );
    let renderer = "--post-renderer-args";
    let mut args = vec![
        "template",
        "c",
        "--post-renderer",
        "sh",
        renderer,
        "-c",
        renderer,
        script,
    ];
    args.extend(more);
    room.run(helm, &args)
}

const HOOK: &str = "---\n# Source: c/templates/hook.yaml\nkind: Job\nmetadata:\n  annotations: \
                    {\"helm.sh/hook\": test}\n";

#[test]
fn the_manifest_goes_through_and_hooks_do_not() {
    let run = rendered_through("helm3", "sed s/kind/sort/", &[]);
    let manifest = "---\n# Source: c/templates/a.yaml\nsort: A\n";
    assert_eq!(run.stdout, format!("{manifest}{HOOK}"));
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let run = rendered_through("helm4", "sed s/kind/sort/", &[]);
    assert!(run.stdout.contains("sort: A\n"), "{}", run.stdout);
    assert!(run.stdout.contains("kind: Job\n"), "{}", run.stdout);
}

#[test]
fn a_failure_tells_what_the_program_said() {
    let run = rendered_through("helm3", "echo no >&2; exit 3", &[]);
    assert_eq!(run.status, 1);
    let sh = std::fs::canonicalize("/usr/bin").map_or("/bin/sh", |_| "/usr/bin/sh");
    assert_eq!(
        run.stderr,
        format!(
            "Error: error while running post render on files: error while running command {sh}. \
             error output:\nno\n: exit status 3\n\nUse --debug flag to render out invalid YAML\n"
        )
    );
}

#[test]
fn a_program_need_not_read_its_input() {
    let run = rendered_through("helm3", "echo out", &["--no-hooks"]);
    assert_eq!(run.stdout, "out\n");
}

#[test]
fn a_program_that_is_not_there_is_a_mistake_in_the_flags() {
    let room = Room::new();
    let errors = [
        (
            "helm3",
            "unable to find binary at nope: exec: \"nope\": executable file not found in $PATH",
        ),
        (
            "helm4",
            "plugin: {Name:nope Type:postrenderer/v1} not found",
        ),
    ];
    for (helm, why) in errors {
        let run = room.run(helm, &["template", "c", "--post-renderer", "nope"]);
        let start = "Error: invalid argument \"nope\" for \"--post-renderer\" flag: ";
        assert_eq!(run.stderr, format!("{start}{why}\n"));
    }
}
