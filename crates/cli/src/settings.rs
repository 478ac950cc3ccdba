//! What the environment and the global flags settle: namespace and paths, by Helm's rules.

use std::fs;
use std::path::PathBuf;

use windlass_value::{Heap, Value};

use crate::command::Flags;
use crate::session::Session;

/// Paths of Helm's caches and configuration, as `HELM_*` and XDG variables give them.
pub(crate) struct Paths<'a, 's> {
    session: &'a Session<'s>,
}

impl<'a, 's> Paths<'a, 's> {
    pub(crate) fn new(session: &'a Session<'s>) -> Self {
        Self { session }
    }

    fn home(&self, helm: &str, xdg: &str, below_home: &str) -> PathBuf {
        if let Some(path) = self.session.variable(helm) {
            return path.into();
        }
        let base = match self.session.variable(xdg) {
            Some(path) => PathBuf::from(path),
            None => {
                PathBuf::from(self.session.variable("HOME").unwrap_or_default()).join(below_home)
            }
        };
        base.join("helm")
    }

    /// `HELM_CACHE_HOME`
    pub(crate) fn cache(&self) -> PathBuf {
        self.home("HELM_CACHE_HOME", "XDG_CACHE_HOME", ".cache")
    }

    /// `HELM_CONFIG_HOME`
    pub(crate) fn config(&self) -> PathBuf {
        self.home("HELM_CONFIG_HOME", "XDG_CONFIG_HOME", ".config")
    }

    /// `HELM_DATA_HOME`
    pub(crate) fn data(&self) -> PathBuf {
        self.home("HELM_DATA_HOME", "XDG_DATA_HOME", ".local/share")
    }
}

impl Session<'_> {
    /// The namespace of a release: flag, `HELM_NAMESPACE`, the current context, `default`.
    pub(crate) fn namespace(&self, flags: &Flags) -> String {
        let given = match flags.text("namespace") {
            "" => self.variable("HELM_NAMESPACE").unwrap_or_default(),
            flag => flag,
        };
        if !given.is_empty() {
            return given.to_owned();
        }
        self.context_namespace(flags)
            .unwrap_or_else(|| "default".to_owned())
    }

    /// The namespace that the kubeconfig's context names. A kubeconfig that cannot be read has none.
    fn context_namespace(&self, flags: &Flags) -> Option<String> {
        let files: Vec<PathBuf> = match flags.text("kubeconfig") {
            "" => match self.variable("KUBECONFIG") {
                Some(list) => list
                    .split(':')
                    .filter(|p| !p.is_empty())
                    .map(PathBuf::from)
                    .collect(),
                None => vec![PathBuf::from(self.variable("HOME")?).join(".kube/config")],
            },
            flag => vec![flag.into()],
        };
        let mut heap = Heap::new();
        let configs: Vec<Value> = files
            .iter()
            .filter_map(|path| fs::read(path).ok())
            .filter_map(|data| windlass_yaml::parse(&mut heap, &data).ok())
            .collect();
        let context = match flags.text("kube-context") {
            "" => self.variable("HELM_KUBECONTEXT").map(str::to_owned),
            flag => Some(flag.to_owned()),
        };
        // Of several files the first that sets something wins.
        let text = |heap: &Heap, value: &Value, key: &[u8]| {
            let found = heap
                .get(value.as_map()?, key)?
                .as_str()?
                .to_text()
                .into_owned();
            (!found.is_empty()).then_some(found)
        };
        let name = context.or_else(|| {
            configs
                .iter()
                .find_map(|c| text(&heap, c, b"current-context"))
        })?;
        configs.iter().find_map(|config| {
            let contexts = heap.get(config.as_map()?, b"contexts")?.as_list()?;
            let named = contexts
                .iter()
                .find(|c| text(&heap, c, b"name").is_some_and(|n| n == name))?;
            text(&heap, heap.get(named.as_map()?, b"context")?, b"namespace")
        })
    }
}
