//! The words records are written in: statuses, hook events and policies, apply methods.
//!
//! Helm keeps each as a plain string, so a word that we do not know is carried along as it is.

/// Declares a set of words that may meet unknown ones.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A word of another Helm, as it was read; or none at all.
            Other(Box<str>),
        }

        impl $name {
            /// All words that Helm knows.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    _ => Self::Other(text.into()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// Where a revision stands.
    Status {
        /// Nobody knows.
        Unknown = "unknown",
        /// It is what the cluster runs.
        Deployed = "deployed",
        /// It was taken out of the cluster and its record kept.
        Uninstalled = "uninstalled",
        /// A later revision took its place.
        Superseded = "superseded",
        /// Bringing it to the cluster failed.
        Failed = "failed",
        /// It is being taken out.
        Uninstalling = "uninstalling",
        /// It is being installed.
        PendingInstall = "pending-install",
        /// It is being upgraded to.
        PendingUpgrade = "pending-upgrade",
        /// It is being rolled back to.
        PendingRollback = "pending-rollback",
    }
}

impl Status {
    /// Whether an operation that brings the revision in is (or was left) under way.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        matches!(
            self,
            Self::PendingInstall | Self::PendingUpgrade | Self::PendingRollback
        )
    }
}

impl Default for Status {
    /// No word at all, as in a record without a status.
    fn default() -> Self {
        Self::Other("".into())
    }
}

words! {
    /// A moment of a release's life at which hooks run.
    HookEvent {
        /// Before anything of an install is created.
        PreInstall = "pre-install",
        /// After an install's objects are there.
        PostInstall = "post-install",
        /// Before anything of an uninstall is deleted.
        PreDelete = "pre-delete",
        /// After an uninstall's objects are deleted.
        PostDelete = "post-delete",
        /// Before anything of an upgrade is applied.
        PreUpgrade = "pre-upgrade",
        /// After an upgrade's objects are applied.
        PostUpgrade = "post-upgrade",
        /// Before anything of a rollback is applied.
        PreRollback = "pre-rollback",
        /// After a rollback's objects are applied.
        PostRollback = "post-rollback",
        /// On request.
        Test = "test",
    }
}

words! {
    /// When a hook's object is deleted.
    DeletePolicy {
        /// After it succeeded.
        HookSucceeded = "hook-succeeded",
        /// After it failed.
        HookFailed = "hook-failed",
        /// Before it is created anew; the rule where a hook names none.
        BeforeHookCreation = "before-hook-creation",
    }
}

words! {
    /// When a hook's logs are shown.
    OutputLogPolicy {
        /// After it succeeded.
        HookSucceeded = "hook-succeeded",
        /// After it failed.
        HookFailed = "hook-failed",
    }
}

words! {
    /// How a hook's last run went.
    HookPhase {
        /// It was begun, and nobody noted an end.
        Unknown = "Unknown",
        /// It is under way.
        Running = "Running",
        /// It went well.
        Succeeded = "Succeeded",
        /// It did not.
        Failed = "Failed",
    }
}

impl Default for HookPhase {
    /// It never ran.
    fn default() -> Self {
        Self::Other("".into())
    }
}

words! {
    /// How a revision's objects were brought to the server. Only Helm 4 notes it; a record without
    /// it was applied by the client.
    ApplyMethod {
        /// Three-way merge by the client.
        ClientSide = "csa",
        /// Server-side apply.
        ServerSide = "ssa",
    }
}
