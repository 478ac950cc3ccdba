//! What a caller says about the way to a cluster. Flags and environment are read by the caller.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Told of each warning that a server sends with an answer.
pub type OnWarning = Arc<dyn Fn(&str) + Send + Sync>;

/// The way to a cluster as flags and environment tell it. Empty fields say nothing.
#[derive(Clone, Default)]
pub struct ConnectOptions {
    /// `--kubeconfig`: this file alone, and it must be there.
    pub kubeconfig: Option<PathBuf>,
    /// `--kube-context`, `HELM_KUBECONTEXT`
    pub context: String,
    /// `--namespace`, `HELM_NAMESPACE`
    pub namespace: String,
    /// `--kube-apiserver`, `HELM_KUBEAPISERVER`
    pub api_server: String,
    /// `--kube-token`, `HELM_KUBETOKEN`
    pub token: String,
    /// `--kube-as-user`, `HELM_KUBEASUSER`
    pub as_user: String,
    /// `--kube-as-group`, `HELM_KUBEASGROUPS`
    pub as_groups: Vec<String>,
    /// `--kube-ca-file`, `HELM_KUBECAFILE`
    pub ca_file: String,
    /// `--kube-insecure-skip-tls-verify`, `HELM_KUBEINSECURE_SKIP_TLS_VERIFY`
    pub insecure_skip_tls_verify: bool,
    /// `--kube-tls-server-name`, `HELM_KUBETLS_SERVER_NAME`
    pub tls_server_name: String,
    /// `--qps`, `HELM_QPS`: requests a second. Zero, as by default, leaves it to the server to slow
    /// clients down, which all servers since Kubernetes 1.20 do.
    pub qps: f32,
    /// `--burst-limit`, `HELM_BURST_LIMIT`: requests before `qps` counts.
    pub burst: u32,
    /// The process's environment. Read are `KUBECONFIG`, `HOME`, `KUBERNETES_MASTER`, what a pod gets, and
    /// the names of proxies.
    pub environment: BTreeMap<String, String>,
    /// Where discovery is remembered between runs; nowhere if there is none.
    pub cache_folder: Option<PathBuf>,
    /// `User-Agent`
    pub user_agent: String,
    /// Who hears of warnings.
    pub on_warning: Option<OnWarning>,
}

impl fmt::Debug for ConnectOptions {
    /// Without the token and the environment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectOptions")
            .field("kubeconfig", &self.kubeconfig)
            .field("context", &self.context)
            .field("namespace", &self.namespace)
            .field("api_server", &self.api_server)
            .finish_non_exhaustive()
    }
}

impl ConnectOptions {
    /// A variable of the environment; empty where it is not set.
    pub(crate) fn variable(&self, name: &str) -> &str {
        self.environment.get(name).map_or("", String::as_str)
    }
}
