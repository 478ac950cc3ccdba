//! Checks and code generation.
fn main() {}
