//! Commands that are not there yet say so and do nothing.

use super::room::Room;

const COMMANDS: &[&str] = &[
    "pull",
    "push",
    "repo add",
    "repo index",
    "repo list",
    "repo remove",
    "repo update",
    "search hub",
    "search repo",
    "registry login",
    "registry logout",
    "plugin install",
    "plugin list",
    "plugin uninstall",
    "plugin update",
    "verify",
];

#[test]
fn each_ends_in_one_error_whatever_its_flags() {
    let room = Room::new();
    for command in COMMANDS {
        let mut args: Vec<&str> = command.split(' ').collect();
        args.extend(["name", "--no-such-flag", "-x", "--wait=5"]);
        let run = room.run("windlass", &args);
        assert_eq!(run.status, 1, "{command}");
        assert_eq!(run.stdout, "", "{command}");
        let start = format!("Error: \"windlass {command}\" needs ");
        assert!(run.stderr.starts_with(&start), "{}", run.stderr);
        assert!(run.stderr.ends_with(" yet\n"), "{}", run.stderr);
    }
    assert_eq!(room.files(""), Vec::<String>::new());
}

#[test]
fn each_has_help() {
    let room = Room::new();
    for command in COMMANDS {
        let mut args: Vec<&str> = command.split(' ').collect();
        args.push("--help");
        let run = room.run("windlass", &args);
        assert_eq!(run.status, 0, "{command}");
        assert!(run.stdout.contains("(not there yet)"), "{}", run.stdout);
    }
}
