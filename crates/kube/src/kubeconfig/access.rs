//! What a kubeconfig, the flags and the pod's files come to: one server, and who speaks to it.

use std::path::Path;

use windlass_url::Url;
use windlass_value::fmt::quote;

use super::model::{AuthProvider, Cluster, Exec, Impersonate, User};
use super::{SERVICE_ACCOUNT, View, cluster, in_cluster_is_possible, load};
use crate::ConnectOptions;
use crate::os;

/// One server, and who speaks to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Access {
    /// As it was told: a URL, or `host:port`.
    pub(crate) server: String,
    pub(crate) proxy: Option<Url>,
    pub(crate) disable_compression: bool,
    pub(crate) impersonate: Impersonate,
    pub(crate) ca_file: String,
    pub(crate) ca_data: Vec<u8>,
    pub(crate) insecure: bool,
    pub(crate) tls_server_name: String,
    pub(crate) identity: Identity,
}

/// How the client proves who it is.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Identity {
    pub(crate) token: String,
    pub(crate) token_file: String,
    pub(crate) certificate_file: String,
    pub(crate) certificate_data: Vec<u8>,
    pub(crate) key_file: String,
    pub(crate) key_data: Vec<u8>,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) auth_provider: Option<AuthProvider>,
    pub(crate) exec: Option<Exec>,
    /// What the cluster has to say to an exec plugin.
    pub(crate) exec_config: Option<serde_json::Value>,
}

impl std::fmt::Debug for Identity {
    /// Says nothing: all of it may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

/// The way to the cluster that the options lead to.
pub(crate) fn access(options: &ConnectOptions) -> Result<Access, String> {
    let config = load(options)?;
    let found = from_config(View::new(&config, options))?;
    let default = Access {
        server: default_server(options),
        ..Access::default()
    };
    // What says nothing but the default may be a pod without a kubeconfig.
    if found == default && in_cluster_is_possible(options) {
        return in_cluster(options);
    }
    Ok(found)
}

fn default_server(options: &ConnectOptions) -> String {
    let empty = super::model::Config::default();
    let plain = ConnectOptions {
        environment: options.environment.clone(),
        ..ConnectOptions::default()
    };
    let view = View::new(&empty, &plain);
    view.cluster(&super::model::Context::default()).server
}

fn from_config(view: View<'_>) -> Result<Access, String> {
    let context = view.context()?;
    let user = view.user(&context);
    let cluster = view.cluster(&context);
    view.usable()?;
    let mut access = Access {
        server: without_query(&cluster.server),
        disable_compression: cluster.disable_compression,
        impersonate: user.impersonate.clone(),
        ..Access::default()
    };
    if !cluster.proxy_url.is_empty() {
        access.proxy = Some(cluster::proxy(&cluster.proxy_url)?);
    }
    // Credentials are for servers that prove who they are.
    if server_url(&access.server, false)?.scheme == b"https" {
        access.identity = identity(user, &cluster)?;
        access.ca_file = cluster.ca_file;
        access.ca_data = cluster.ca_data;
        access.insecure = cluster.insecure;
        access.tls_server_name = cluster.tls_server_name;
    }
    Ok(access)
}

fn without_query(server: &str) -> String {
    match Url::parse(server.as_bytes()) {
        Ok(mut url) if url.opaque.is_empty() && url.path.len() > 1 && !url.scheme.is_empty() => {
            url.query.clear();
            url.force_query = false;
            url.fragment.clear();
            url.to_string()
        }
        _ => server.to_owned(),
    }
}

fn identity(user: User, cluster: &Cluster) -> Result<Identity, String> {
    let mut identity = Identity {
        token_file: user.token_file,
        token: user.token,
        username: user.username,
        password: user.password,
        auth_provider: user.auth_provider,
        exec: user.exec,
        ..Identity::default()
    };
    if identity.token.is_empty() && !identity.token_file.is_empty() {
        let read = os::read(Path::new(&identity.token_file)).map_err(|(_, words)| words)?;
        identity.token = String::from_utf8_lossy(&read).into_owned();
    }
    if !user.certificate_file.is_empty() || !user.certificate_data.is_empty() {
        identity.certificate_file = user.certificate_file;
        identity.certificate_data = user.certificate_data;
        identity.key_file = user.key_file;
        identity.key_data = user.key_data;
    }
    if let Some(exec) = &mut identity.exec {
        exec.install_hint = printable(&exec.install_hint);
        let extension = cluster.extensions.get("client.authentication.k8s.io/exec");
        identity.exec_config = extension.cloned();
    }
    Ok(identity)
}

/// Control characters but blanks as their number, so that a hint cannot upset a terminal.
fn printable(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if character.is_control() && !('\t'..='\r').contains(&character) {
            out.push_str(&format!("U+{:04X}", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    out
}

fn in_cluster(options: &ConnectOptions) -> Result<Access, String> {
    let folder = Path::new(SERVICE_ACCOUNT);
    let token_file = folder.join("token");
    let token = os::read(&token_file).map_err(|(_, words)| words)?;
    let host = options.variable("KUBERNETES_SERVICE_HOST");
    let port = options.variable("KUBERNETES_SERVICE_PORT");
    let host = if host.contains(':') || host.contains('%') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    let mut access = Access {
        server: format!("https://{host}:{port}"),
        identity: Identity {
            token: String::from_utf8_lossy(&token).into_owned(),
            token_file: token_file.to_string_lossy().into_owned(),
            ..Identity::default()
        },
        ..Access::default()
    };
    let ca_file = folder.join("ca.crt");
    if ca_file.is_file() {
        access.ca_file = ca_file.to_string_lossy().into_owned();
    }
    if !options.api_server.is_empty() {
        options.api_server.clone_into(&mut access.server);
    }
    if !options.token.is_empty() {
        options.token.clone_into(&mut access.identity.token);
        access.identity.token_file.clear();
    }
    if !options.ca_file.is_empty() {
        options.ca_file.clone_into(&mut access.ca_file);
    }
    Ok(access)
}

/// A server as a URL; where it is told without a scheme, one is put before it.
pub(crate) fn server_url(server: &str, tls: bool) -> Result<Url, String> {
    if server.is_empty() {
        return Err("host must be a URL or a host:port pair".to_owned());
    }
    if let Ok(url) = Url::parse(server.as_bytes())
        && !url.scheme.is_empty()
        && !url.host.is_empty()
    {
        return Ok(url);
    }
    let scheme = if tls { "https://" } else { "http://" };
    let url = Url::parse(format!("{scheme}{server}").as_bytes()).map_err(|e| e.to_string())?;
    if !url.path.is_empty() && url.path != b"/" {
        return Err(format!(
            "host must be a URL or a host:port pair: {}",
            quote(server.as_bytes())
        ));
    }
    Ok(url)
}
