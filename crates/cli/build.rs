//! How the binary is linked.
//!
//! On Linux it has a fixed address, as Go's binaries have by default: 19,000 places that hold addresses
//! are then filled when it is linked and not each time it starts, which took a fifth of the time of a
//! small chart. Stack, heap and libraries still get addresses of their own at each start.

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells build scripts so, and there is no session"
)]
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |part: &str| std::env::var(format!("CARGO_CFG_TARGET_{part}"));
    let is = |part: &str, wanted: &str| target(part).is_ok_and(|found| found == wanted);
    if is("OS", "linux") && is("ENV", "gnu") && is("ARCH", "x86_64") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
