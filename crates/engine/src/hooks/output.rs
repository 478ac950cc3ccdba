//! Showing what a hook printed, where its policy asks for it.

use windlass_plan::cluster::Selection;
use windlass_release::{Hook, OutputLogPolicy};
use windlass_value::{Heap, Value};

use super::Hooks;
use crate::logs::{self, LogError};

impl Hooks<'_> {
    /// Tells what a Job's or Pod's containers printed, if that policy is one of the hook's. That it
    /// cannot be had is only logged.
    pub(super) async fn output_by_policy(
        &self,
        hook: &Hook,
        release_namespace: &str,
        policy: &OutputLogPolicy,
    ) {
        if !hook.output_log_policies.contains(policy) {
            return;
        }
        if let Err(error) = self.output(hook, release_namespace).await {
            let line = match policy {
                OutputLogPolicy::HookFailed => 99,
                _ => 125,
            };
            self.log("error outputting logs for hook failure", line, &error);
        }
    }

    async fn output(&self, hook: &Hook, release_namespace: &str) -> Result<(), LogError> {
        let named = namespace(&hook.manifest).filter(|name| !name.is_empty());
        let namespace = named.unwrap_or_else(|| release_namespace.to_owned());
        let (labels, fields) = match hook.kind.as_str() {
            "Job" => (format!("job-name={}", hook.name), String::new()),
            "Pod" => (String::new(), format!("metadata.name={}", hook.name)),
            _ => return Ok(()),
        };
        let selection = Selection {
            namespace: Some(namespace),
            labels,
            fields,
        };
        logs::tell(self.engine, selection).await
    }
}

/// The namespace that a manifest names.
fn namespace(manifest: &str) -> Option<String> {
    let mut heap = Heap::new();
    let document = windlass_yaml::parse(&mut heap, manifest.as_bytes()).ok()?;
    let field = |value: &Value, key: &str| match value {
        Value::Map(map) => heap.get(*map, key.as_bytes()).cloned(),
        _ => None,
    };
    match field(&field(&document, "metadata")?, "namespace")? {
        Value::Str(text) => String::from_utf8(text.as_bytes().to_vec()).ok(),
        _ => None,
    }
}
