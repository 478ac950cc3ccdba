//! What the environment and the global flags settle: namespace and paths, by Helm's rules.

use std::path::PathBuf;

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
        self.base(xdg, below_home).join("helm")
    }

    /// `HELM_CACHE_HOME`
    pub(crate) fn cache(&self) -> PathBuf {
        self.home("HELM_CACHE_HOME", "XDG_CACHE_HOME", ".cache")
    }

    /// `HELM_CONFIG_HOME`
    pub(crate) fn config(&self) -> PathBuf {
        self.home("HELM_CONFIG_HOME", "XDG_CONFIG_HOME", ".config")
    }

    /// What Windlass remembers of clusters, below the user's caches.
    pub(crate) fn windlass_cache(&self) -> PathBuf {
        self.own("XDG_CACHE_HOME", ".cache")
    }

    /// What Windlass keeps, below the user's data.
    pub(crate) fn windlass_data(&self) -> PathBuf {
        self.own("XDG_DATA_HOME", ".local/share")
    }

    fn own(&self, xdg: &str, below_home: &str) -> PathBuf {
        self.base(xdg, below_home).join("windlass")
    }

    fn base(&self, xdg: &str, below_home: &str) -> PathBuf {
        match self.session.variable(xdg) {
            Some(path) => path.into(),
            None => {
                PathBuf::from(self.session.variable("HOME").unwrap_or_default()).join(below_home)
            }
        }
    }

    /// `HELM_DATA_HOME`
    pub(crate) fn data(&self) -> PathBuf {
        self.home("HELM_DATA_HOME", "XDG_DATA_HOME", ".local/share")
    }
}

impl Session<'_> {
    /// The namespace of a release: flag, `HELM_NAMESPACE`, the current context, `default`.
    pub(crate) fn namespace(&self, flags: &Flags) -> String {
        crate::cluster::namespace(flags, self)
    }
}
