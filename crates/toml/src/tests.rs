//! Rules of TOML, with values that the Go package gave.
