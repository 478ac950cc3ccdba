//! `completion`: the script, run in the shell it is for.

use std::path::Path;

use super::room::{Room, windlass};

/// What bash offers at the end of a line.
fn offered(room: &Room, line: &str) -> Vec<String> {
    let directory = windlass().parent().unwrap();
    let script = format!(
        "PATH={bin}:$PATH; source <(windlass completion bash); \
         COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=($COMP_LINE); \
         __windlass_complete; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        bin = directory.display(),
    );
    let run = room.tell(
        &room.program(Path::new("/bin/bash"), "bash"),
        &["-c", &script],
    );
    assert_eq!(run.stderr, "");
    let lines = run.stdout.lines().filter(|l| !l.is_empty());
    lines.map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands() {
    let room = Room::new();
    assert_eq!(offered(&room, "windlass temp"), ["template"]);
    assert_eq!(offered(&room, "windlass dep "), ["build", "list", "update"]);
    assert_eq!(offered(&room, "windlass help sh"), ["show"]);
    assert_eq!(offered(&room, "windlass -n default show v"), ["values"]);
    assert!(offered(&room, "windlass ").contains(&"lint".to_owned()));
    assert!(!offered(&room, "windlass ").contains(&"__complete".to_owned()));
}

#[test]
fn bash_completes_flags_and_their_values() {
    let room = Room::new();
    assert_eq!(offered(&room, "windlass show values --jso"), ["--jsonpath"]);
    assert_eq!(
        offered(&room, "windlass template --compat "),
        ["helm3", "helm4"]
    );
    assert_eq!(
        offered(&room, "windlass template --compat=helm4 --compa"),
        Vec::<String>::new()
    );
    assert_eq!(
        offered(&room, "windlass template --set x --set-s"),
        ["--set-string"]
    );
    assert_eq!(
        offered(&room, "windlass template --hide-n"),
        Vec::<String>::new()
    );
}

#[test]
fn bash_completes_what_stands_behind_an_equals_sign() {
    let room = Room::new();
    assert_eq!(offered(&room, "windlass env --color=a"), ["always", "auto"]);
}

#[test]
fn bash_completes_files_where_charts_may_stand() {
    let room = Room::new();
    room.chart("shop");
    assert_eq!(offered(&room, "windlass template sh"), ["shop"]);
    assert_eq!(offered(&room, "windlass show sh"), Vec::<String>::new());
    assert_eq!(offered(&room, "windlass template r -f sh"), ["shop"]);
}

#[test]
fn scripts_of_helm_can_ask_too() {
    let room = Room::new();
    let run = room.run("helm", &["__complete", "dependency", "u"]);
    assert_eq!(
        run.stdout,
        "update\tbring charts/ up to date with Chart.yaml\n:4\n"
    );
}
