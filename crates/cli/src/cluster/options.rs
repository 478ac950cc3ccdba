//! The way to a cluster, read from flags and environment.

use std::path::PathBuf;

use windlass_kube::ConnectOptions;

use crate::command::{Flags, parse_bool};
use crate::session::Session;
use crate::settings::Paths;

/// Whether the embedded cluster is meant: `--sandbox`, `WINDLASS_SANDBOX`.
pub(crate) fn is_sandboxed(flags: &Flags, session: &Session<'_>) -> bool {
    if flags.given("sandbox") {
        return flags.on("sandbox");
    }
    let variable = session.variable("WINDLASS_SANDBOX");
    variable.is_some_and(|v| parse_bool(v) == Some(true))
}

/// The namespace of a release: flag, `HELM_NAMESPACE`, the current context, `default`.
pub(crate) fn namespace(flags: &Flags, session: &Session<'_>) -> String {
    let options = connect_options(flags, session);
    if !options.namespace.is_empty() {
        options.namespace
    } else if is_sandboxed(flags, session) {
        "default".to_owned()
    } else {
        windlass_kube::namespace(&options)
    }
}

/// What flags and environment say on the way to a cluster.
pub(crate) fn connect_options(flags: &Flags, session: &Session<'_>) -> ConnectOptions {
    // A flag stands before its variable.
    let either = |flag: &str, variable: &str| match flags.text(flag) {
        "" => session.variable(variable).unwrap_or_default().to_owned(),
        given => given.to_owned(),
    };
    let as_groups = match flags.all("kube-as-group") {
        [] => {
            let groups = session.variable("HELM_KUBEASGROUPS").unwrap_or_default();
            let groups = groups.split(',').filter(|g| !g.is_empty());
            groups.map(str::to_owned).collect()
        }
        given => given.to_vec(),
    };
    let insecure = if flags.given("kube-insecure-skip-tls-verify") {
        flags.on("kube-insecure-skip-tls-verify")
    } else {
        let variable = session.variable("HELM_KUBEINSECURE_SKIP_TLS_VERIFY");
        variable.is_some_and(|v| parse_bool(v) == Some(true))
    };
    ConnectOptions {
        kubeconfig: Some(flags.text("kubeconfig"))
            .filter(|path| !path.is_empty())
            .map(PathBuf::from),
        context: either("kube-context", "HELM_KUBECONTEXT"),
        namespace: either("namespace", "HELM_NAMESPACE"),
        api_server: either("kube-apiserver", "HELM_KUBEAPISERVER"),
        token: either("kube-token", "HELM_KUBETOKEN"),
        as_user: either("kube-as-user", "HELM_KUBEASUSER"),
        as_groups,
        ca_file: either("kube-ca-file", "HELM_KUBECAFILE"),
        insecure_skip_tls_verify: insecure,
        tls_server_name: either("kube-tls-server-name", "HELM_KUBETLS_SERVER_NAME"),
        qps: number(flags, session, "qps", "HELM_QPS").unwrap_or_default(),
        burst: number(flags, session, "burst-limit", "HELM_BURST_LIMIT").unwrap_or(100),
        environment: session.environment().clone().into_iter().collect(),
        cache_folder: Some(Paths::new(session).windlass_cache().join("discovery")),
        user_agent: String::new(),
        on_warning: None,
    }
}

/// A number of a flag, else of its variable; one that is none counts as not set.
fn number<N: std::str::FromStr>(
    flags: &Flags,
    session: &Session<'_>,
    flag: &str,
    variable: &str,
) -> Option<N> {
    let given = flags.given(flag).then(|| flags.text(flag).parse().ok());
    given
        .flatten()
        .or_else(|| session.variable(variable)?.parse().ok())
}
