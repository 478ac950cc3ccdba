//! The methods of a version.

use windlass_value::{Kind, Value};

use crate::bench::Bench;

fn method(bench: &mut Bench, value: &Value, name: &str, args: &[Value]) -> Result<Value, String> {
    let methods = value.methods(&bench.heap);
    let method = methods
        .iter()
        .find(|m| m.name == name)
        .ok_or("no such method")?;
    (method.body)(&mut bench.heap, value, args).map_err(|e| e.0)
}

#[test]
fn parts_and_spelling() {
    let mut bench = Bench::new();
    let version = bench.call("semver", &["v1.2-beta.1+build".into()]).unwrap();
    assert_eq!(version.type_name(&bench.heap), "*semver.Version");
    assert_eq!(version.kind(), Kind::Ptr);
    for (name, wanted) in [
        ("Major", "1"),
        ("Minor", "2"),
        ("Patch", "0"),
        ("Prerelease", "beta.1"),
        ("Metadata", "build"),
        ("Original", "v1.2-beta.1+build"),
        ("String", "1.2.0-beta.1+build"),
    ] {
        let part = method(&mut bench, &version, name, &[]).unwrap();
        assert_eq!(bench.print("toString", &[part]), wanted, "{name}");
    }
    let major = method(&mut bench, &version, "Major", &[]).unwrap();
    assert_eq!(major.type_name(&bench.heap), "uint64");
    assert_eq!(bench.print("toJson", &[version]), "\"1.2.0-beta.1+build\"");
}

#[test]
fn the_next_version_is_a_struct_without_the_pointers_methods() {
    let mut bench = Bench::new();
    let version = bench.call("semver", &["1.2.3-rc1".into()]).unwrap();
    let next = method(&mut bench, &version, "IncPatch", &[]).unwrap();
    assert_eq!(next.type_name(&bench.heap), "semver.Version");
    assert_eq!(
        bench.print("toString", std::slice::from_ref(&next)),
        "1.2.3"
    );
    assert_eq!(
        method(&mut bench, &next, "Compare", std::slice::from_ref(&version)).unwrap_err(),
        "no such method"
    );
    let minor = method(&mut bench, &next, "IncMinor", &[]).unwrap();
    assert_eq!(bench.print("toString", &[minor]), "1.3.0");
    let set = method(&mut bench, &version, "SetPrerelease", &["beta 1".into()]);
    assert_eq!(set.unwrap_err(), "invalid prerelease string");
}

#[test]
fn order_and_identity() {
    let mut bench = Bench::new();
    let older = bench.call("semver", &["1.2.3".into()]).unwrap();
    let newer = bench.call("semver", &["1.10.0+a".into()]).unwrap();
    let same = bench.call("semver", &["1.10.0+b".into()]).unwrap();
    let mut ask = |a: &Value, name: &str, b: &Value| {
        let answer = method(&mut bench, a, name, std::slice::from_ref(b));
        answer
            .map(|v| bench.print("toString", &[v]))
            .unwrap_or_else(|e| e)
    };
    assert_eq!(ask(&older, "Compare", &newer), "-1");
    assert_eq!(ask(&older, "LessThan", &newer), "true");
    assert_eq!(ask(&newer, "GreaterThanEqual", &same), "true");
    assert_eq!(ask(&newer, "Equal", &same), "true");
    assert_eq!(ask(&newer, "Equal", &Value::Nil), "false");
    let nil = "runtime error: invalid memory address or nil pointer dereference";
    assert_eq!(ask(&newer, "Compare", &Value::Nil), nil);
    assert_eq!(bench.print("deepEqual", &[newer, same]), "false");
}
