//! What the two Helms lint differently: rows D of the list of differences.

use super::Compat;

impl Compat {
    /// D1: `lint` without a path lints the current directory.
    #[must_use]
    pub fn lints_current_directory(self) -> bool {
        !self.four()
    }

    /// D2, D3: Chart.yaml may hold no unknown or repeated keys, and its version is a semantic version
    /// to the letter.
    #[must_use]
    pub fn lints_chartfile_strictly(self) -> bool {
        self.four()
    }

    /// D4: a chart without templates/ is warned of, and a file in its place is an error.
    #[must_use]
    pub fn lint_wants_templates(self) -> bool {
        self.four()
    }

    /// D5: templates called `.yml`, in letters of any case, are linted like `.yaml`.
    #[must_use]
    pub fn lints_yml_templates(self) -> bool {
        self.four()
    }

    /// D6: `crd-install` hooks and `.Release.Time`, both of Helm 2, are told.
    #[must_use]
    pub fn lints_helm2_leftovers(self) -> bool {
        !self.four()
    }

    /// D7: crds/ is linted.
    #[must_use]
    pub fn lints_crds(self) -> bool {
        self.four()
    }

    /// D8: `--skip-schema-validation` is for values.yaml too.
    #[must_use]
    pub fn lint_skips_every_schema(self) -> bool {
        self.four()
    }

    /// The Go type that lint's messages about an object's head name.
    #[must_use]
    pub fn lint_object_type(self) -> &'static str {
        if self.four() {
            "k8sYamlStruct"
        } else {
            "K8sYamlStruct"
        }
    }
}
