//! The server that a context leads to: what flags change of it, and what can be wrong with it.

use std::path::Path;

use windlass_url::Url;
use windlass_value::fmt::quote;

use super::View;
use super::model::{Cluster, Context};
use crate::os;

impl View<'_> {
    /// The context's cluster under the flags. There is always a server: where none is told, the one that
    /// listened without TLS on the same machine in the early days.
    pub(super) fn cluster(&self, context: &Context) -> Cluster {
        let options = self.options;
        let found = self.config.clusters.get(&context.cluster);
        let mut cluster = found.cloned().unwrap_or_default();
        if !options.api_server.is_empty() {
            options.api_server.clone_into(&mut cluster.server);
        } else if cluster.server.is_empty() {
            cluster.server = default_server(options.variable("KUBERNETES_MASTER"));
        }
        if options.insecure_skip_tls_verify || !options.ca_file.is_empty() {
            cluster.insecure = options.insecure_skip_tls_verify;
            options.ca_file.clone_into(&mut cluster.ca_file);
            cluster.ca_data.clear();
        }
        if !options.tls_server_name.is_empty() || !options.api_server.is_empty() {
            options
                .tls_server_name
                .clone_into(&mut cluster.tls_server_name);
        }
        cluster
    }
}

fn default_server(told: &str) -> String {
    let server = if told.is_empty() {
        "http://localhost:8080"
    } else {
        told
    };
    server.to_owned()
}

/// What is wrong with a cluster.
pub(super) fn check(name: &str, cluster: &Cluster, wrong: &mut Vec<String>) {
    if !cluster.proxy_url.is_empty()
        && let Err(reason) = proxy(&cluster.proxy_url)
    {
        wrong.push(format!(
            "invalid 'proxy-url' {} for cluster {}: {reason}",
            quote(cluster.proxy_url.as_bytes()),
            quote(name.as_bytes()),
        ));
    }
    if !cluster.ca_file.is_empty() && !cluster.ca_data.is_empty() {
        wrong.push(format!(
            "certificate-authority-data and certificate-authority are both specified for {name}. \
             certificate-authority-data will override."
        ));
    }
    if !cluster.ca_file.is_empty()
        && let Err(error) = std::fs::File::open(&cluster.ca_file)
    {
        let words = os::failed("open", Path::new(&cluster.ca_file), &error);
        wrong.push(format!(
            "unable to read certificate-authority {} for {name} due to {words}",
            cluster.ca_file
        ));
    }
}

/// The URL of a proxy that a kubeconfig names.
pub(super) fn proxy(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.as_bytes()).map_err(|_| format!("could not parse: {text}"))?;
    match url.scheme.as_slice() {
        b"http" | b"https" | b"socks5" => Ok(url),
        other => Err(format!(
            "unsupported scheme {}, must be http, https, or socks5",
            quote(other)
        )),
    }
}
