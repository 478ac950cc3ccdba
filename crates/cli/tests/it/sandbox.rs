//! `--sandbox` and `windlass sandbox`: the cluster in the user's files, from process to process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::lab::write_demo;
use super::room::{Room, windlass};

fn room() -> Room {
    let room = Room::new();
    write_demo(&room);
    room
}

#[test]
fn it_lives_on_from_command_to_command_until_it_is_reset() {
    let room = room();
    let installed = room.run("windlass", &["--sandbox", "install", "web", "demo"]);
    assert_eq!(installed.status, 0, "{}", installed.stderr);
    let upgraded = room
        .run("windlass", &["upgrade", "web", "demo", "--sandbox"])
        .success();
    assert!(upgraded.contains("REVISION: 2\n"), "{upgraded}");
    let status = room.run("windlass", &["sandbox", "status"]).success();
    assert!(
        status.contains("\nSERVED: no\n") && status.ends_with("\nRELEASES: 1\n"),
        "{status}"
    );
    let reset = room.run("windlass", &["sandbox", "reset"]).success();
    assert_eq!(reset, "The sandbox is empty again.\n");
    let gone = room
        .run("windlass", &["--sandbox", "uninstall", "web"])
        .failure();
    assert_eq!(
        gone,
        "Error: uninstall: Release not loaded: web: release: not found\n"
    );
}

/// A process that is ended with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn while_it_is_served_commands_find_it_there() {
    let room = room();
    let mut server = Command::new(windlass());
    server
        .args(["sandbox", "serve"])
        .env_clear()
        .env("HOME", room.path("../home"))
        .stdout(Stdio::piped());
    let mut server = Ended(server.spawn().unwrap());
    // The first line comes once it listens.
    let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(
        first.starts_with("Serving the sandbox at http://127.0.0.1:"),
        "{first}"
    );
    let installed = room.run("windlass", &["--sandbox", "install", "web", "demo"]);
    assert_eq!(installed.status, 0, "{}", installed.stderr);
    let status = room.run("windlass", &["sandbox", "status"]).success();
    assert!(status.contains("\nSERVED: http://127.0.0.1:"), "{status}");
    let kubeconfig = room.path("../home/.local/share/windlass/sandbox/kubeconfig");
    let kubeconfig = kubeconfig.to_str().unwrap();
    let shown = room.run(
        "windlass",
        &["uninstall", "web", "--kubeconfig", kubeconfig],
    );
    assert_eq!(shown.success(), "release \"web\" uninstalled\n");
    let reset = room.run("windlass", &["sandbox", "reset"]).failure();
    assert!(
        reset.contains("which serves it at http://127.0.0.1:"),
        "{reset}"
    );
}
