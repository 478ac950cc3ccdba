//! Kubeconfigs as client-go and Helm read them: which files count, how they merge, what flags change,
//! what is wrong with them in client-go's words.

mod access;
mod cluster;
mod decode;
mod model;
mod user;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::ConnectOptions;
use crate::os;

pub(crate) use access::{Access, Identity, access, server_url};
pub(crate) use decode::{check_type_meta, to_json};
pub(crate) use model::{AuthProvider, Exec, Impersonate};
use model::{Config, Context};

/// The folder where a pod finds who it is.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The namespace that counts where a command names none: of the flag, of the context, of the pod, `default`.
#[must_use]
pub fn namespace(options: &ConnectOptions) -> String {
    if !options.namespace.is_empty() {
        return options.namespace.clone();
    }
    let default = || "default".to_owned();
    let Ok(config) = load(options) else {
        return default();
    };
    let Ok(view) = View::new(&config, options).usable() else {
        return default();
    };
    let context = view.context().unwrap_or_default();
    if !context.namespace.is_empty() {
        return context.namespace;
    }
    if in_cluster_is_possible(options) {
        return in_cluster_namespace(options);
    }
    default()
}

/// Reads and merges the files that count.
fn load(options: &ConnectOptions) -> Result<Config, String> {
    let files = files(options)?;
    let mut config = Config::default();
    let mut wrong = Vec::new();
    for file in files {
        match read(&file) {
            Ok(Some(read)) => config.fill_from(read),
            Ok(None) => {}
            Err(error) => wrong.push(format!(
                "error loading config file \"{}\": {error}",
                file.display()
            )),
        }
    }
    if !wrong.is_empty() {
        return Err(aggregate(wrong));
    }
    config.resolve_paths();
    Ok(config)
}

fn files(options: &ConnectOptions) -> Result<Vec<PathBuf>, String> {
    if let Some(file) = &options.kubeconfig
        && !file.as_os_str().is_empty()
    {
        return match std::fs::metadata(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(os::failed("stat", file, &error))
            }
            _ => Ok(vec![file.clone()]),
        };
    }
    let listed = options.variable("KUBECONFIG");
    if listed.is_empty() {
        let home = options.variable("HOME");
        let home = if home.is_empty() {
            options.variable("USERPROFILE")
        } else {
            home
        };
        return Ok(vec![Path::new(home).join(".kube").join("config")]);
    }
    let mut files: Vec<PathBuf> = Vec::new();
    for file in std::env::split_paths(listed) {
        if !file.as_os_str().is_empty() && !files.contains(&file) {
            files.push(file);
        }
    }
    Ok(files)
}

/// One file; nothing if it is not there.
fn read(file: &Path) -> Result<Option<Config>, String> {
    match os::read(file) {
        Ok(text) => decode::decode(&text, file).map(Some),
        Err((ErrorKind::NotFound, _)) => Ok(None),
        Err((_, words)) => Err(words),
    }
}

/// Several failures as apimachinery lists them: equal ones once, brackets around more than one.
fn aggregate(mut errors: Vec<String>) -> String {
    let mut seen = std::collections::BTreeSet::new();
    errors.retain(|error| seen.insert(error.clone()));
    match errors.as_slice() {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

fn in_cluster_is_possible(options: &ConnectOptions) -> bool {
    let token = Path::new(SERVICE_ACCOUNT).join("token");
    !options.variable("KUBERNETES_SERVICE_HOST").is_empty()
        && !options.variable("KUBERNETES_SERVICE_PORT").is_empty()
        && std::fs::metadata(token).is_ok_and(|found| !found.is_dir())
}

fn in_cluster_namespace(options: &ConnectOptions) -> String {
    let told = options.variable("POD_NAMESPACE");
    if !told.is_empty() {
        return told.to_owned();
    }
    let file = Path::new(SERVICE_ACCOUNT).join("namespace");
    let found = std::fs::read_to_string(file).unwrap_or_default();
    match found.trim() {
        "" => "default".to_owned(),
        found => found.to_owned(),
    }
}

/// A kubeconfig as flags change it.
struct View<'a> {
    config: &'a Config,
    options: &'a ConnectOptions,
}

impl<'a> View<'a> {
    fn new(config: &'a Config, options: &'a ConnectOptions) -> Self {
        Self { config, options }
    }

    fn context_name(&self) -> &str {
        if self.options.context.is_empty() {
            &self.config.current_context
        } else {
            &self.options.context
        }
    }

    /// The context; one that a flag names must be there.
    fn context(&self) -> Result<Context, String> {
        let name = self.context_name();
        match self.config.contexts.get(name) {
            Some(context) => Ok(context.clone()),
            None if self.options.context.is_empty() => Ok(Context::default()),
            None => Err(format!(
                "context {} does not exist",
                windlass_value::fmt::quote(name.as_bytes())
            )),
        }
    }

    /// This, if nothing is wrong with what it refers to.
    fn usable(self) -> Result<Self, String> {
        let mut wrong = Vec::new();
        let name = self.context_name();
        if !name.is_empty() && !self.config.contexts.contains_key(name) {
            wrong.push(format!(
                "context was not found for specified context: {name}"
            ));
        }
        let context = self.context().unwrap_or_default();
        user::check(&context.user, &self.user(&context), &mut wrong);
        cluster::check(&context.cluster, &self.cluster(&context), &mut wrong);
        if wrong.is_empty() {
            return Ok(self);
        }
        Err(format!("invalid configuration: {}", aggregate(wrong)))
    }
}

#[cfg(test)]
mod tests;
