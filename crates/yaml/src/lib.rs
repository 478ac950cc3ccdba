//! YAML read and written exactly as Helm's Go libraries do.
//!
//! Three things meet here: a scanner and parser with libyaml's rules and messages; resolution to
//! values as `sigs.k8s.io/yaml` does it (goyaml v2, then JSON, so every number is a float64); and two
//! emitters, `toYaml`'s (goyaml v2, after a detour through JSON) and `toYamlPretty`'s (goyaml v3).
