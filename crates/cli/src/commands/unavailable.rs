//! Commands of Helm's that are not there yet.
//!
//! They are known by name, so that help tells of them and nobody wonders about a typing error; each
//! ends in one error that says what it needs. They take any flags, since a complaint about a flag
//! would hide the reason. When a command arrives, it leaves this file.

use crate::command::{Command, Invocation};
use crate::error::{Failure, Outcome};
use crate::session::Session;

const LATER: Command = Command {
    takes_any_flag: true,
    ..Command::DEFAULT
};

/// What needs a chart repository or a registry.
const REMOTE: Command = Command {
    run: Some(|session, invocation| {
        let needs = "a chart repository or a registry";
        refuse(session, invocation, needs, "talk to them")
    }),
    ..LATER
};

/// What manages the list of chart repositories.
const REPOSITORIES: Command = Command {
    run: Some(|session, invocation| {
        let needs = "the list of chart repositories";
        refuse(session, invocation, needs, "manage it")
    }),
    ..LATER
};

/// What needs plugins.
const PLUGINS: Command = Command {
    run: Some(|session, invocation| refuse(session, invocation, "plugins", "run them")),
    ..LATER
};

/// What checks signatures.
const SIGNATURES: Command = Command {
    run: Some(|session, invocation| {
        refuse(session, invocation, "OpenPGP signatures", "check them")
    }),
    ..LATER
};

fn refuse(session: &mut Session<'_>, invocation: &Invocation, needs: &str, act: &str) -> Outcome {
    let (path, program) = (&invocation.path, &session.program);
    Err(Failure::new(format!(
        "\"{path}\" needs {needs}, and this version of {program} cannot {act} yet"
    )))
}

// === Repositories and registries ===

pub(super) static PULL: Command = Command {
    name: "pull",
    aliases: &["fetch"],
    arguments: "[chart URL | repo/chartname] [...]",
    short: "download a chart (not there yet)",
    ..REMOTE
};
pub(super) static PUSH: Command = Command {
    name: "push",
    arguments: "[chart] [remote]",
    short: "upload a chart (not there yet)",
    ..REMOTE
};

pub(super) static REPO: Command = Command {
    name: "repo",
    arguments: "add|remove|list|index|update [ARGS]",
    short: "manage chart repositories (not there yet)",
    commands: &[
        &REPO_ADD,
        &REPO_INDEX,
        &REPO_LIST,
        &REPO_REMOVE,
        &REPO_UPDATE,
    ],
    ..Command::DEFAULT
};
static REPO_ADD: Command = Command {
    name: "add",
    arguments: "[NAME] [URL]",
    short: "remember a repository (not there yet)",
    ..REPOSITORIES
};
static REPO_INDEX: Command = Command {
    name: "index",
    arguments: "[DIR]",
    short: "write the index of a directory of archives (not there yet)",
    ..REPOSITORIES
};
static REPO_LIST: Command = Command {
    name: "list",
    aliases: &["ls"],
    short: "list repositories (not there yet)",
    ..REPOSITORIES
};
static REPO_REMOVE: Command = Command {
    name: "remove",
    aliases: &["rm"],
    arguments: "[REPO1 [REPO2 ...]]",
    short: "forget repositories (not there yet)",
    ..REPOSITORIES
};
static REPO_UPDATE: Command = Command {
    name: "update",
    aliases: &["up"],
    arguments: "[REPO1 [REPO2 ...]]",
    short: "fetch repositories' indexes (not there yet)",
    ..REPOSITORIES
};

pub(super) static SEARCH: Command = Command {
    name: "search",
    arguments: "[keyword]",
    short: "search for charts (not there yet)",
    commands: &[&SEARCH_HUB, &SEARCH_REPO],
    ..Command::DEFAULT
};
static SEARCH_HUB: Command = Command {
    name: "hub",
    arguments: "[KEYWORD]",
    short: "in the Artifact Hub (not there yet)",
    ..REMOTE
};
static SEARCH_REPO: Command = Command {
    name: "repo",
    arguments: "[keyword]",
    short: "in the repositories added (not there yet)",
    ..REMOTE
};

pub(super) static REGISTRY: Command = Command {
    name: "registry",
    short: "log in to registries and out (not there yet)",
    commands: &[&REGISTRY_LOGIN, &REGISTRY_LOGOUT],
    ..Command::DEFAULT
};
static REGISTRY_LOGIN: Command = Command {
    name: "login",
    arguments: "[host]",
    short: "log in to a registry (not there yet)",
    ..REMOTE
};
static REGISTRY_LOGOUT: Command = Command {
    name: "logout",
    arguments: "[host]",
    short: "log out of a registry (not there yet)",
    ..REMOTE
};

// === Plugins and signatures ===

pub(super) static PLUGIN: Command = Command {
    name: "plugin",
    short: "manage Helm plugins (not there yet)",
    commands: &[
        &PLUGIN_INSTALL,
        &PLUGIN_LIST,
        &PLUGIN_PACKAGE,
        &PLUGIN_UNINSTALL,
        &PLUGIN_UPDATE,
        &PLUGIN_VERIFY,
    ],
    ..Command::DEFAULT
};
static PLUGIN_INSTALL: Command = Command {
    name: "install",
    aliases: &["add"],
    arguments: "[options] <path|url>",
    short: "install a plugin (not there yet)",
    ..PLUGINS
};
static PLUGIN_LIST: Command = Command {
    name: "list",
    aliases: &["ls"],
    short: "list plugins (not there yet)",
    ..PLUGINS
};
static PLUGIN_PACKAGE: Command = Command {
    name: "package",
    arguments: "[PATH]",
    short: "pack a plugin into an archive (not there yet)",
    ..PLUGINS
};
static PLUGIN_UNINSTALL: Command = Command {
    name: "uninstall",
    aliases: &["rm", "remove"],
    arguments: "<plugin>...",
    short: "uninstall plugins (not there yet)",
    ..PLUGINS
};
static PLUGIN_UPDATE: Command = Command {
    name: "update",
    aliases: &["up"],
    arguments: "<plugin>...",
    short: "update plugins (not there yet)",
    ..PLUGINS
};
static PLUGIN_VERIFY: Command = Command {
    name: "verify",
    arguments: "[PATH]",
    short: "verify a plugin's signature (not there yet)",
    ..PLUGINS
};

pub(super) static VERIFY: Command = Command {
    name: "verify",
    arguments: "PATH",
    short: "verify a chart archive's signature (not there yet)",
    ..SIGNATURES
};
