//! The commands: one file each, and here the tree they hang on.

mod action;
mod apply;
mod completion;
mod create;
mod dependency;
mod diff;
mod dry_run;
mod env;
mod flags;
mod get;
mod help;
mod history;
mod install;
mod lint;
mod list;
mod package;
mod plan;
mod recover;
pub(crate) mod release;
mod rollback;
mod sandbox;
mod show;
mod status;
mod template;
mod test;
mod unavailable;
mod uninstall;
mod upgrade;
mod version;

use crate::command::{Command, Flag, FlagKind};

/// The program.
pub(crate) static ROOT: Command = Command {
    short: "Helm charts rendered, packaged and linted, byte for byte as Helm does",
    long: "windlass speaks Helm: the same charts, the same commands, the same output.\n\n\
           Common actions:\n\n\
           - windlass create NAME:      make a chart\n\
           - windlass lint CHART:       look for mistakes\n\
           - windlass template CHART:   render it to manifests\n\
           - windlass package CHART:    make an archive of it\n\
           - windlass install NAME CHART: apply it to a cluster and record the release\n\
           - windlass list:             the releases there are\n\n\
           No cluster at hand? --sandbox uses one that is embedded here.\n\n\
           Environment: WINDLASS_COMPAT (helm3, helm4) says which Helm is spoken; HELM_NAMESPACE,\n\
           HELM_DEBUG, NO_COLOR and the other HELM_* variables mean what they mean to Helm.",
    flags: &[GLOBAL, KLOG],
    // In Helm's order, which is that of suggestions; help sorts them.
    commands: &[
        &create::COMMAND,
        &dependency::COMMAND,
        &unavailable::PULL,
        &show::COMMAND,
        &lint::COMMAND,
        &package::COMMAND,
        &unavailable::REPO,
        &unavailable::SEARCH,
        &unavailable::VERIFY,
        &get::COMMAND,
        &history::COMMAND,
        &install::COMMAND,
        &list::COMMAND,
        &test::COMMAND,
        &rollback::COMMAND,
        &status::COMMAND,
        &template::COMMAND,
        &uninstall::COMMAND,
        &upgrade::COMMAND,
        &completion::COMMAND,
        &env::COMMAND,
        &unavailable::PLUGIN,
        &version::COMMAND,
        &unavailable::REGISTRY,
        &unavailable::PUSH,
        &recover::COMMAND,
        &diff::COMMAND,
        &plan::COMMAND,
        &apply::COMMAND,
        &sandbox::COMMAND,
        &help::COMMAND,
        &completion::COMPLETE,
        &completion::COMPLETE_NAMES,
    ],
    ..Command::DEFAULT
};

/// Flags every command takes. Those about clusters wait for the commands that need one.
const GLOBAL: &[Flag] = &[
    Flag::text("compat", "the Helm to speak: helm3 or helm4"),
    Flag::switch(
        "explain",
        "tell place, cause and remedy of an error also off a terminal",
    ),
    Flag::switch(
        "sandbox",
        "use the cluster that is embedded here instead of a real one",
    ),
    Flag::switch(
        "auto-recover",
        "take releases that were left pending for interrupted, also Helm's own",
    ),
    Flag::switch(
        "no-ordering",
        "bring objects in Helm's order, whatever charts and objects say of theirs",
    ),
    Flag::switch("debug", "tell more of what is done"),
    Flag::text("namespace", "namespace of the release").short('n'),
    Flag::of(
        "burst-limit",
        FlagKind::Int,
        "requests to the API server in one burst",
    )
    .default("100"),
    Flag::of(
        "qps",
        FlagKind::Float32,
        "requests to the API server in a second, bursts apart",
    ),
    Flag::text("color", "colours: never, auto, always").default("auto"),
    Flag::text("colour", "colours: never, auto, always").default("auto"),
    Flag::text("content-cache", "directory of cached content"),
    Flag::text("kube-apiserver", "address and port of the API server"),
    Flag::array("kube-as-group", "group to impersonate (repeatable)"),
    Flag::text("kube-as-user", "user to impersonate"),
    Flag::text("kube-ca-file", "certificate authority of the API server"),
    Flag::text("kube-context", "kubeconfig context to use"),
    Flag::switch(
        "kube-insecure-skip-tls-verify",
        "do not check the API server's certificate",
    ),
    Flag::text(
        "kube-tls-server-name",
        "name to check the API server's certificate against",
    ),
    Flag::text("kube-token", "bearer token for the API server"),
    Flag::text("kubeconfig", "path of the kubeconfig file"),
    Flag::text("registry-config", "path of the registry configuration"),
    Flag::text("repository-cache", "directory of cached repository indexes"),
    Flag::text("repository-config", "path of the list of repositories"),
];

/// Flags of the Kubernetes libraries' own log, which Helm takes without showing them. There is no such
/// log here.
const KLOG: &[Flag] = &[
    Flag::switch("add-dir-header", "").hide(),
    Flag::switch("alsologtostderr", "").hide(),
    Flag::text("log-backtrace-at", "").hide(),
    Flag::text("log-dir", "").hide(),
    Flag::text("log-file", "").hide(),
    Flag::of("log-file-max-size", FlagKind::Uint, "").hide(),
    Flag::switch("logtostderr", "").hide(),
    Flag::switch("one-output", "").hide(),
    Flag::switch("skip-headers", "").hide(),
    Flag::switch("skip-log-headers", "").hide(),
    Flag::text("stderrthreshold", "").hide(),
    Flag::of("v", FlagKind::Int, "").short('v').hide(),
    Flag::text("vmodule", "").hide(),
];
