//! `windlass env`: what the environment settles.

use crate::command::{Command, Count, Invocation};
use crate::error::Outcome;
use crate::session::Session;
use crate::settings::Paths;

pub(super) static COMMAND: Command = Command {
    name: "env",
    short: "tell what the environment settles",
    long: "Prints every setting that comes from the environment, or the one that is named.",
    count: Count::AtMost(1),
    run: Some(run),
    ..Command::DEFAULT
};

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let settings = settings(session, invocation);
    let text = match invocation.args.first() {
        Some(name) => {
            let found = settings.iter().find(|(k, _)| k == name);
            format!("{}\n", found.map(|(_, v)| v.as_str()).unwrap_or_default())
        }
        None => settings
            .iter()
            .map(|(k, v)| format!("{k}=\"{v}\"\n"))
            .collect(),
    };
    session.print(text)
}

/// Settings that are texts: the variable and the flag, which stands before it.
const TEXTS: [(&str, &str); 6] = [
    ("HELM_KUBEAPISERVER", "kube-apiserver"),
    ("HELM_KUBEASUSER", "kube-as-user"),
    ("HELM_KUBECAFILE", "kube-ca-file"),
    ("HELM_KUBECONTEXT", "kube-context"),
    ("HELM_KUBETLS_SERVER_NAME", "kube-tls-server-name"),
    ("HELM_KUBETOKEN", "kube-token"),
];

/// All settings, sorted by name.
fn settings(session: &Session<'_>, invocation: &Invocation) -> Vec<(&'static str, String)> {
    let flags = &invocation.flags;
    let paths = Paths::new(session);
    let path = |p: std::path::PathBuf| p.to_string_lossy().into_owned();
    // A flag, else its variable, else what stands in for it.
    let either = |flag: &str, variable: &str, fallback: &str| match flags.text(flag) {
        given if flags.given(flag) => given.to_owned(),
        _ => session.variable(variable).unwrap_or(fallback).to_owned(),
    };
    let number = |flag: &str, variable: &str, fallback: &str| {
        let text = either(flag, variable, fallback);
        if text.parse::<f64>().is_ok() {
            text
        } else {
            fallback.to_owned()
        }
    };
    let qps: f32 = number("qps", "HELM_QPS", "0").parse().unwrap_or_default();
    let insecure = either(
        "kube-insecure-skip-tls-verify",
        "HELM_KUBEINSECURE_SKIP_TLS_VERIFY",
        "false",
    );
    let insecure = crate::command::parse_bool(&insecure).unwrap_or(false);
    let groups = match flags.all("kube-as-group") {
        [] => session
            .variable("HELM_KUBEASGROUPS")
            .unwrap_or_default()
            .to_owned(),
        given => given.join(","),
    };
    let mut settings = vec![
        ("HELM_BIN", session.called.clone()),
        (
            "HELM_BURST_LIMIT",
            number("burst-limit", "HELM_BURST_LIMIT", "100"),
        ),
        ("HELM_CACHE_HOME", path(paths.cache())),
        ("HELM_CONFIG_HOME", path(paths.config())),
        ("HELM_DATA_HOME", path(paths.data())),
        ("HELM_DEBUG", session.debug.to_string()),
        ("HELM_KUBEASGROUPS", groups),
        ("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", insecure.to_string()),
        ("HELM_MAX_HISTORY", number("", "HELM_MAX_HISTORY", "10")),
        ("HELM_NAMESPACE", session.namespace(flags)),
        (
            "HELM_PLUGINS",
            either("", "HELM_PLUGINS", &path(paths.data().join("plugins"))),
        ),
        ("HELM_QPS", format!("{qps:.2}")),
        (
            "HELM_REGISTRY_CONFIG",
            either(
                "registry-config",
                "HELM_REGISTRY_CONFIG",
                &path(paths.config().join("registry/config.json")),
            ),
        ),
        (
            "HELM_REPOSITORY_CACHE",
            either(
                "repository-cache",
                "HELM_REPOSITORY_CACHE",
                &path(paths.cache().join("repository")),
            ),
        ),
        (
            "HELM_REPOSITORY_CONFIG",
            either(
                "repository-config",
                "HELM_REPOSITORY_CONFIG",
                &path(paths.config().join("repositories.yaml")),
            ),
        ),
    ];
    settings.extend(TEXTS.map(|(variable, flag)| (variable, either(flag, variable, ""))));
    if session.compat.has_content_cache() {
        let cache = path(paths.cache().join("content"));
        settings.push((
            "HELM_CONTENT_CACHE",
            either("content-cache", "HELM_CONTENT_CACHE", &cache),
        ));
    }
    let kubeconfig = either("kubeconfig", "KUBECONFIG", "");
    if !kubeconfig.is_empty() {
        settings.push(("KUBECONFIG", kubeconfig));
    }
    settings.sort();
    settings
}
