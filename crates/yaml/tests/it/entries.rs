//! Reading some entries of a document tells all that is wrong with the others.

use windlass_value::{Heap, Value};

fn wanted(key: &[u8]) -> bool {
    key == b"kind"
}

fn is_text(path: &[&[u8]]) -> bool {
    matches!(path, [key] if *key == b"kind")
}

/// What is left of a document, or what is wrong with it.
fn entries(text: &str) -> Result<Vec<String>, String> {
    let mut heap = Heap::new();
    match windlass_yaml::parse_entries(&mut heap, text.as_bytes(), wanted, is_text) {
        Ok(Value::Map(id)) => {
            let keys = heap.map(id).entries().iter();
            Ok(keys.map(|(k, _)| k.to_text().into_owned()).collect())
        }
        Ok(_) => Ok(Vec::new()),
        Err(e) => Err(e.to_string()),
    }
}

#[test]
fn unwanted_entries_are_left_out_where_nothing_is_wrong() {
    assert_eq!(
        entries("spec: {a: [1, .5, x]}\nkind: Pod\n").unwrap(),
        ["kind"]
    );
}

#[test]
fn what_is_wrong_with_unwanted_entries_is_told() {
    for (text, error) in [
        (
            "kind: Pod\nspec: {a: .nan}\n",
            "error converting YAML to JSON: json: unsupported value: NaN",
        ),
        (
            "kind: Pod\nspec: {a: !!int x}\n",
            "error converting YAML to JSON: yaml: cannot decode !!str `x` as a !!int",
        ),
        (
            "kind: Pod\nspec: {<<: 1}\n",
            "error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value",
        ),
    ] {
        assert_eq!(entries(text).unwrap_err(), error, "{text}");
    }
}

#[test]
fn every_error_is_that_of_reading_all() {
    for text in [
        "kind: Pod\nspec: {a: 1e999}\n",
        "kind: Pod\nspec: {~: 1}\n",
        "kind: Pod\n18446744073709551615: 1\n",
        "kind: Pod\n? [a]\n: 1\n",
        "kind: Pod\nspec: &a [*a]\n",
        "kind: Pod\nspec: {a: 1, a: 2}\n",
        "kind: Pod\nspec: *x\n",
        "kind: Pod\nspec: {<<: {kind: x}}\n<<: {kind: Job}\n",
        "- kind\n- {kind: .inf}\n",
        "kind: Pod\nspec: !!binary '='\n",
        "kind: Pod\nspec: [\n",
    ] {
        let all = windlass_yaml::parse(&mut Heap::new(), text.as_bytes());
        let some = entries(text);
        assert_eq!(all.map(|_| ()).map_err(|e| e.to_string()), some.map(|_| ()));
    }
}

#[test]
fn numbers_are_infinite_only_where_they_become_text() {
    assert_eq!(entries("kind: -.inf\n").unwrap(), ["kind"]);
    let refused = "error converting YAML to JSON: json: unsupported value: -Inf";
    for text in [
        "kind: {a: -.inf}\n",
        "kind: [-.inf]\n",
        "a: {kind: -.inf}\n",
        "kind: {a: {b: {c: {d: {e: -.inf}}}}}\n",
    ] {
        assert_eq!(entries(text).unwrap_err(), refused, "{text}");
    }
}
