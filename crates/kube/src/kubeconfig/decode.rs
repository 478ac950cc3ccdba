//! A kubeconfig's text as data, with client-go's words for what is wrong with it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use windlass_value::{Heap, base64, json};

use super::model::{AuthProvider, Cluster, Config, Context, Exec, User};

/// What a type mismatch is about: Go's name of the structure, and the way to it.
#[derive(Clone, Copy)]
struct Place<'a> {
    structure: &'a str,
    way: &'a str,
}

type Result<T, E = String> = std::result::Result<T, E>;

/// Reads a kubeconfig.
pub(crate) fn decode(text: &[u8], origin: &Path) -> Result<Config> {
    if text.is_empty() {
        return Ok(Config::default());
    }
    let object = to_json(text)?;
    check_kind(&object)?;
    let mut config = Config::default();
    let place = Place {
        structure: "Config",
        way: "",
    };
    for (key, value) in entries(&object) {
        match key.as_str() {
            "current-context" => config.current_context = text_of(value, place, key)?,
            "clusters" => config.clusters = clusters(value, place, origin)?,
            "contexts" => config.contexts = contexts(value, place)?,
            "users" => config.users = users(value, place, origin)?,
            _ => {}
        }
    }
    Ok(config)
}

/// YAML on its way through JSON, as `sigs.k8s.io/yaml` takes it.
pub(crate) fn to_json(text: &[u8]) -> Result<Value> {
    let mut heap = Heap::new();
    let value = windlass_yaml::parse(&mut heap, text).map_err(|error| bare(&error.to_string()))?;
    let bytes = json::marshal(&heap, &value).map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

/// The words for a text that is no object, or whose version and kind are no texts.
pub(crate) fn check_type_meta(object: &Value) -> Result<()> {
    let unread = "couldn't get version/kind; json parse error: json: cannot unmarshal";
    if !object.is_object() && !object.is_null() {
        let what = name_of(object);
        return Err(format!(
            "{unread} {what} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; \
             Kind string \"json:\\\"kind,omitempty\\\"\" }}"
        ));
    }
    for key in ["apiVersion", "kind"] {
        match object.get(key) {
            None | Some(Value::Null | Value::String(_)) => {}
            Some(other) => {
                let what = name_of(other);
                return Err(format!(
                    "{unread} {what} into Go struct field .{key} of type string"
                ));
            }
        }
    }
    Ok(())
}

fn check_kind(object: &Value) -> Result<()> {
    check_type_meta(object)?;
    let said = |key: &str, default: &str| {
        let said = object.get(key).and_then(Value::as_str).unwrap_or_default();
        if said.is_empty() { default } else { said }.to_owned()
    };
    let (version, kind) = (said("apiVersion", "v1"), said("kind", "Config"));
    if version == "v1" && kind == "Config" {
        return Ok(());
    }
    Err(format!(
        "no kind \"{kind}\" is registered for version \"{version}\" in scheme \"pkg/runtime/scheme.go:111\""
    ))
}

fn clusters(list: &Value, place: Place<'_>, origin: &Path) -> Result<BTreeMap<String, Cluster>> {
    named(
        list,
        place,
        "clusters",
        "cluster",
        "Cluster",
        |value, place| {
            let mut cluster = Cluster {
                origin: origin.to_owned(),
                ..Cluster::default()
            };
            for (key, value) in entries(value) {
                match key.as_str() {
                    "server" => cluster.server = text_of(value, place, key)?,
                    "tls-server-name" => cluster.tls_server_name = text_of(value, place, key)?,
                    "insecure-skip-tls-verify" => cluster.insecure = truth_of(value, place, key)?,
                    "certificate-authority" => cluster.ca_file = text_of(value, place, key)?,
                    "certificate-authority-data" => cluster.ca_data = bytes_of(value, place, key)?,
                    "proxy-url" => cluster.proxy_url = text_of(value, place, key)?,
                    "disable-compression" => {
                        cluster.disable_compression = truth_of(value, place, key)?;
                    }
                    "extensions" => cluster.extensions = extensions(value),
                    _ => {}
                }
            }
            Ok(cluster)
        },
    )
}

fn extensions(list: &Value) -> BTreeMap<String, Value> {
    let named = list.as_array().into_iter().flatten().filter_map(|entry| {
        let name = entry.get("name")?.as_str()?.to_owned();
        Some((name, entry.get("extension")?.clone()))
    });
    named.collect()
}

fn contexts(list: &Value, place: Place<'_>) -> Result<BTreeMap<String, Context>> {
    named(
        list,
        place,
        "contexts",
        "context",
        "Context",
        |value, place| {
            let mut context = Context::default();
            for (key, value) in entries(value) {
                match key.as_str() {
                    "cluster" => context.cluster = text_of(value, place, key)?,
                    "user" => context.user = text_of(value, place, key)?,
                    "namespace" => context.namespace = text_of(value, place, key)?,
                    _ => {}
                }
            }
            Ok(context)
        },
    )
}

fn users(list: &Value, place: Place<'_>, origin: &Path) -> Result<BTreeMap<String, User>> {
    named(list, place, "users", "user", "AuthInfo", |value, place| {
        let mut user = User {
            origin: origin.to_owned(),
            ..User::default()
        };
        for (key, value) in entries(value) {
            user_field(&mut user, key, value, place)?;
        }
        Ok(user)
    })
}

fn user_field(user: &mut User, key: &str, value: &Value, place: Place<'_>) -> Result<()> {
    match key {
        "client-certificate" => user.certificate_file = text_of(value, place, key)?,
        "client-certificate-data" => user.certificate_data = bytes_of(value, place, key)?,
        "client-key" => user.key_file = text_of(value, place, key)?,
        "client-key-data" => user.key_data = bytes_of(value, place, key)?,
        "token" => user.token = text_of(value, place, key)?,
        "tokenFile" => user.token_file = text_of(value, place, key)?,
        "as" => user.impersonate.user = text_of(value, place, key)?,
        "as-uid" => user.impersonate.uid = text_of(value, place, key)?,
        "as-groups" => user.impersonate.groups = texts_of(value, place, key)?,
        "as-user-extra" => user.impersonate.extra = extra(value, place)?,
        "username" => user.username = text_of(value, place, key)?,
        "password" => user.password = text_of(value, place, key)?,
        "auth-provider" => {
            user.auth_provider = object_of(value, place, key, "AuthProviderConfig")?
                .map(|(value, place)| auth_provider(value, place.borrow()))
                .transpose()?;
        }
        "exec" => {
            user.exec = object_of(value, place, key, "ExecConfig")?
                .map(|(value, place)| exec(value, place.borrow()))
                .transpose()?;
        }
        _ => {}
    }
    Ok(())
}

fn extra(value: &Value, place: Place<'_>) -> Result<BTreeMap<String, Vec<String>>> {
    if !value.is_object() && !value.is_null() {
        return Err(mismatch(
            value,
            place,
            "as-user-extra",
            "map[string][]string",
        ));
    }
    entries(value)
        .map(|(key, list)| Ok((key.clone(), texts_of(list, place, "as-user-extra")?)))
        .collect()
}

fn auth_provider(value: &Value, place: Place<'_>) -> Result<AuthProvider> {
    let mut provider = AuthProvider::default();
    for (key, value) in entries(value) {
        match key.as_str() {
            "name" => provider.name = text_of(value, place, key)?,
            "config" => {
                for (option, value) in entries(value) {
                    let text = text_of(value, place, "config")?;
                    provider.config.insert(option.clone(), text);
                }
            }
            _ => {}
        }
    }
    Ok(provider)
}

fn exec(value: &Value, place: Place<'_>) -> Result<Exec> {
    let mut exec = Exec::default();
    for (key, value) in entries(value) {
        match key.as_str() {
            "command" => exec.command = text_of(value, place, key)?,
            "args" => exec.args = texts_of(value, place, key)?,
            "env" => exec.env = environment(value, place)?,
            "apiVersion" => exec.api_version = text_of(value, place, key)?,
            "installHint" => exec.install_hint = text_of(value, place, key)?,
            "provideClusterInfo" => exec.provide_cluster_info = truth_of(value, place, key)?,
            "interactiveMode" => exec.interactive_mode = text_of(value, place, key)?,
            _ => {}
        }
    }
    // Versions before v1 know a default.
    if exec.interactive_mode.is_empty()
        && matches!(
            exec.api_version.as_str(),
            "client.authentication.k8s.io/v1beta1" | "client.authentication.k8s.io/v1alpha1"
        )
    {
        "IfAvailable".clone_into(&mut exec.interactive_mode);
    }
    Ok(exec)
}

fn environment(list: &Value, place: Place<'_>) -> Result<Vec<(String, String)>> {
    let way = format!("{}env.", place.way);
    let inner = Place {
        structure: "ExecEnvVar",
        way: &way,
    };
    let mut out = Vec::new();
    for entry in list_of(list, place, "env", "[]v1.ExecEnvVar")? {
        let text = |key: &str| match entry.get(key) {
            Some(value) => text_of(value, inner, key),
            None => Ok(String::new()),
        };
        out.push((text("name")?, text("value")?));
    }
    Ok(out)
}

/// A list whose entries have a name and a body, as a map; Go's converter refuses equal names.
fn named<T>(
    list: &Value,
    place: Place<'_>,
    key: &str,
    inner: &str,
    structure: &str,
    read: impl Fn(&Value, Place<'_>) -> Result<T>,
) -> Result<BTreeMap<String, T>> {
    let entry_type = format!("Named{structure}");
    let entry_way = format!("{key}.");
    let entry_place = Place {
        structure: &entry_type,
        way: &entry_way,
    };
    let body_way = format!("{key}.{inner}.");
    let body_place = Place {
        structure,
        way: &body_way,
    };
    let mut out = BTreeMap::new();
    for entry in list_of(list, place, key, &format!("[]v1.{entry_type}"))? {
        if !entry.is_object() && !entry.is_null() {
            return Err(mismatch(entry, place, key, &format!("v1.{entry_type}")));
        }
        let body = entry.get(inner).unwrap_or(&Value::Null);
        if !body.is_object() && !body.is_null() {
            return Err(mismatch(
                body,
                entry_place,
                inner,
                &format!("v1.{structure}"),
            ));
        }
        let body = read(body, body_place)?;
        let name = match entry.get("name") {
            Some(name) => text_of(name, entry_place, "name")?,
            None => String::new(),
        };
        if out.insert(name.clone(), body).is_some() {
            return Err(format!(
                "error converting *[]{entry_type} into *map[string]*api.{structure}: duplicate name \"{name}\" in list"
            ));
        }
    }
    Ok(out)
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

struct OwnedPlace {
    structure: &'static str,
    way: String,
}

impl OwnedPlace {
    fn borrow(&self) -> Place<'_> {
        Place {
            structure: self.structure,
            way: &self.way,
        }
    }
}

fn object_of<'a>(
    value: &'a Value,
    place: Place<'_>,
    key: &str,
    structure: &'static str,
) -> Result<Option<(&'a Value, OwnedPlace)>> {
    match value {
        Value::Null => Ok(None),
        Value::Object(_) => {
            let way = format!("{}{key}.", place.way);
            Ok(Some((value, OwnedPlace { structure, way })))
        }
        _ => Err(mismatch(value, place, key, &format!("v1.{structure}"))),
    }
}

fn list_of<'a>(value: &'a Value, place: Place<'_>, key: &str, wanted: &str) -> Result<&'a [Value]> {
    match value {
        Value::Null => Ok(&[]),
        Value::Array(list) => Ok(list),
        _ => Err(mismatch(value, place, key, wanted)),
    }
}

fn text_of(value: &Value, place: Place<'_>, key: &str) -> Result<String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        _ => Err(mismatch(value, place, key, "string")),
    }
}

fn truth_of(value: &Value, place: Place<'_>, key: &str) -> Result<bool> {
    match value {
        Value::Null => Ok(false),
        Value::Bool(truth) => Ok(*truth),
        _ => Err(mismatch(value, place, key, "bool")),
    }
}

fn texts_of(value: &Value, place: Place<'_>, key: &str) -> Result<Vec<String>> {
    let list = list_of(value, place, key, "[]string")?;
    list.iter().map(|text| text_of(text, place, key)).collect()
}

fn bytes_of(value: &Value, place: Place<'_>, key: &str) -> Result<Vec<u8>> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => base64::decode(text.as_bytes())
            .map_err(|at| format!("illegal base64 data at input byte {at}")),
        _ => Err(mismatch(value, place, key, "[]uint8")),
    }
}

fn mismatch(value: &Value, place: Place<'_>, key: &str, wanted: &str) -> String {
    format!(
        "json: cannot unmarshal {} into Go struct field {}.{}{key} of type {wanted}",
        name_of(value),
        place.structure,
        place.way
    )
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// What is wrong with a text, without the words that only decoding into a type puts before it.
fn bare(message: &str) -> String {
    let words = "error converting YAML to JSON: ";
    message.strip_prefix(words).unwrap_or(message).to_owned()
}
