//! What a kubeconfig says, merged from however many files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A kubeconfig: lists by name, and the context that counts.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Config {
    pub(crate) current_context: String,
    pub(crate) clusters: BTreeMap<String, Cluster>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) contexts: BTreeMap<String, Context>,
}

/// Where a server is and how it proves to be it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Cluster {
    pub(crate) server: String,
    pub(crate) tls_server_name: String,
    pub(crate) insecure: bool,
    pub(crate) ca_file: String,
    pub(crate) ca_data: Vec<u8>,
    pub(crate) proxy_url: String,
    pub(crate) disable_compression: bool,
    pub(crate) extensions: BTreeMap<String, Value>,
    /// The file it was read from.
    pub(crate) origin: PathBuf,
}

/// Who the client is.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct User {
    pub(crate) certificate_file: String,
    pub(crate) certificate_data: Vec<u8>,
    pub(crate) key_file: String,
    pub(crate) key_data: Vec<u8>,
    pub(crate) token: String,
    pub(crate) token_file: String,
    pub(crate) impersonate: Impersonate,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) auth_provider: Option<AuthProvider>,
    pub(crate) exec: Option<Exec>,
    /// The file it was read from.
    pub(crate) origin: PathBuf,
}

impl std::fmt::Debug for User {
    /// Says nothing: all of it may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").finish_non_exhaustive()
    }
}

/// Who the client acts for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Impersonate {
    pub(crate) user: String,
    pub(crate) uid: String,
    pub(crate) groups: Vec<String>,
    pub(crate) extra: BTreeMap<String, Vec<String>>,
}

/// Credentials by a provider compiled into client-go.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct AuthProvider {
    pub(crate) name: String,
    pub(crate) config: BTreeMap<String, String>,
}

/// A program that gives credentials.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Exec {
    pub(crate) command: String,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) api_version: String,
    pub(crate) install_hint: String,
    pub(crate) provide_cluster_info: bool,
    pub(crate) interactive_mode: String,
}

/// A user at a cluster in a namespace.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Context {
    pub(crate) cluster: String,
    pub(crate) user: String,
    pub(crate) namespace: String,
}

impl Config {
    /// Takes from a later file what this one does not have.
    pub(crate) fn fill_from(&mut self, later: Self) {
        if self.current_context.is_empty() {
            self.current_context = later.current_context;
        }
        fill(&mut self.clusters, later.clusters);
        fill(&mut self.users, later.users);
        fill(&mut self.contexts, later.contexts);
    }

    /// Makes paths absolute that are meant to start at the folder of the file they stand in.
    pub(crate) fn resolve_paths(&mut self) {
        for cluster in self.clusters.values_mut() {
            resolve(&mut cluster.ca_file, &cluster.origin);
        }
        for user in self.users.values_mut() {
            let origin = user.origin.clone();
            resolve(&mut user.certificate_file, &origin);
            resolve(&mut user.key_file, &origin);
            resolve(&mut user.token_file, &origin);
            if let Some(exec) = &mut user.exec
                && exec.command.contains(std::path::MAIN_SEPARATOR)
            {
                resolve(&mut exec.command, &origin);
            }
        }
    }
}

fn fill<T>(ours: &mut BTreeMap<String, T>, later: BTreeMap<String, T>) {
    for (name, value) in later {
        ours.entry(name).or_insert(value);
    }
}

fn resolve(path: &mut String, origin: &Path) {
    if path.is_empty() || origin.as_os_str().is_empty() {
        return;
    }
    let folder = origin.parent().unwrap_or(Path::new(""));
    let folder = std::path::absolute(folder.join(".")).unwrap_or_else(|_| folder.to_owned());
    *path = clean(&folder.join(&*path)).to_string_lossy().into_owned();
}

/// A path without `.` and, as far as text can tell, without `..`.
pub(crate) fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                if !out.pop() {
                    out.push(part);
                }
            }
            _ => out.push(part),
        }
    }
    out
}
