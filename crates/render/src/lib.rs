//! Charts to manifests: what Helm's engine and its sorting of manifests do.
