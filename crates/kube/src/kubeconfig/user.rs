//! The user that a context acts as: what flags change, and what can be wrong.

use std::path::Path;

use windlass_value::fmt::quote;

use super::View;
use super::model::{Context, Exec, User};
use crate::os;

impl View<'_> {
    /// The context's user under the flags.
    pub(super) fn user(&self, context: &Context) -> User {
        let options = self.options;
        let found = self.config.users.get(&context.user);
        let mut user = found.cloned().unwrap_or_default();
        if !options.token.is_empty() {
            options.token.clone_into(&mut user.token);
        }
        if !options.as_user.is_empty() {
            options.as_user.clone_into(&mut user.impersonate.user);
        }
        if !options.as_groups.is_empty() {
            options.as_groups.clone_into(&mut user.impersonate.groups);
        }
        user
    }
}

/// What is wrong with a user.
pub(super) fn check(name: &str, user: &User, wrong: &mut Vec<String>) {
    check_certificate(name, user, wrong);
    if let Some(exec) = &user.exec {
        if user.auth_provider.is_some() {
            wrong.push(format!(
                "authProvider cannot be provided in combination with an exec plugin for {name}"
            ));
        }
        check_exec(name, exec, wrong);
    }
    let basic = !user.username.is_empty() || !user.password.is_empty();
    if !user.token.is_empty() && basic {
        wrong.push(format!(
            "more than one authentication method found for {name}; found [token basicAuth], only one is allowed"
        ));
    }
    let who = &user.impersonate;
    let more = !who.uid.is_empty() || !who.groups.is_empty() || !who.extra.is_empty();
    if more && who.user.is_empty() {
        wrong.push(format!(
            "requesting uid, groups or user-extra for {name} without impersonating a user"
        ));
    }
}

fn check_certificate(name: &str, user: &User, wrong: &mut Vec<String>) {
    let in_file = !user.certificate_file.is_empty();
    let given = !user.certificate_data.is_empty();
    if !in_file && !given {
        return;
    }
    if in_file && given {
        wrong.push(format!(
            "client-cert-data and client-cert are both specified for {name}. client-cert-data will override."
        ));
    }
    match (user.key_file.is_empty(), user.key_data.is_empty()) {
        (false, false) => wrong.push(format!(
            "client-key-data and client-key are both specified for {name}; client-key-data will override"
        )),
        (true, true) => wrong.push(format!(
            "client-key-data or client-key must be specified for {name} to use the clientCert authentication method."
        )),
        _ => {}
    }
    let files = [
        ("client-cert", &user.certificate_file),
        ("client-key", &user.key_file),
    ];
    for (what, file) in files {
        if !file.is_empty()
            && let Err(error) = std::fs::File::open(file)
        {
            let words = os::failed("open", Path::new(file), &error);
            wrong.push(format!(
                "unable to read {what} {file} for {name} due to {words}"
            ));
        }
    }
}

fn check_exec(name: &str, exec: &Exec, wrong: &mut Vec<String>) {
    let purpose = "to use exec authentication plugin";
    if exec.command.is_empty() {
        wrong.push(format!("command must be specified for {name} {purpose}"));
    }
    if exec.api_version.is_empty() {
        wrong.push(format!("apiVersion must be specified for {name} {purpose}"));
    }
    for (variable, _) in &exec.env {
        if variable.is_empty() {
            wrong.push(format!(
                "env variable name must be specified for {name} {purpose}"
            ));
        }
    }
    match exec.interactive_mode.as_str() {
        "" => wrong.push(format!(
            "interactiveMode must be specified for {name} {purpose}"
        )),
        "Never" | "IfAvailable" | "Always" => {}
        other => wrong.push(format!(
            "invalid interactiveMode for {name}: {}",
            quote(other.as_bytes())
        )),
    }
}
