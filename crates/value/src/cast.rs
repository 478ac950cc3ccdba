//! Conversions between kinds as the `cast` package, which Sprig uses, does them.
