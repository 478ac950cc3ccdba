//! YAML as it is written: what `toYaml` and `toYamlPretty` make of a value is read back as that value, and
//! nothing but what Go itself gets wrong is let through. Values are made of bytes directly, so that every text and number
//! comes up, not only what a parser lets through.
#![no_main]

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use windlass_value::{Heap, Str, Value, json};
use windlass_yaml::{to_yaml, to_yaml_pretty};

fn text(u: &mut Unstructured<'_>) -> Result<Str> {
    let length = u.int_in_range(0..=90)?;
    let bytes = u.bytes(length.min(u.len()))?;
    Ok(Str::from(String::from_utf8_lossy(bytes).as_bytes()))
}

fn value(heap: &mut Heap, u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let kinds = if depth == 0 { 5 } else { 7 };
    Ok(match u.int_in_range(0..=kinds)? {
        0 => Value::Nil,
        1 => Value::Bool(u.arbitrary()?),
        2 => Value::int(u.arbitrary()?),
        3 => {
            let number: f64 = u.arbitrary()?;
            if number.is_finite() {
                Value::float(number)
            } else {
                Value::Nil
            }
        }
        4 | 5 => Value::Str(text(u)?),
        6 => {
            let mut items = Vec::new();
            for _ in 0..u.int_in_range(0..=6)? {
                items.push(value(heap, u, depth - 1)?);
            }
            Value::list(items)
        }
        _ => {
            let map = heap.new_map();
            for _ in 0..u.int_in_range(0..=6)? {
                // Go quotes every key that means something but this one, and cannot read it back.
                let key = Some(text(u)?)
                    .filter(|key| key.as_bytes() != b"<<")
                    .unwrap_or_default();
                let item = value(heap, u, depth - 1)?;
                heap.set(map, key, item);
            }
            Value::Map(map)
        }
    })
}

/// What Go's JSON has of a value: the measure of equality, where every number is a float.
fn measure(heap: &mut Heap, value: &Value) -> Vec<u8> {
    let text = json::marshal(heap, value).expect("made of what JSON has");
    let plain = json::unmarshal(heap, &text).expect("just written");
    json::marshal(heap, &plain).expect("just read")
}

type Write = fn(&Heap, &Value) -> windlass_yaml::Result<String>;

/// goyaml v3, and so `toYamlPretty`, writes a text whose line begins with a tab as a block that no YAML
/// parser reads: Helm 4 prints `|-`, a tab, and says of it what we say.
fn has_tab_line(json: &[u8]) -> bool {
    let tabs = [&b"\\n\\t"[..], b"\"\\t"];
    tabs.iter()
        .any(|tab| json.windows(tab.len()).any(|w| w == *tab))
}

fuzz_target!(|bytes: &[u8]| {
    let mut heap = Heap::new();
    let Ok(value) = value(&mut heap, &mut Unstructured::new(bytes), 5) else {
        return;
    };
    let wanted = measure(&mut heap, &value);
    let pretty = !has_tab_line(&wanted);
    for (write, exact) in [(to_yaml as Write, true), (to_yaml_pretty, pretty)] {
        let Ok(text) = write(&heap, &value) else {
            continue;
        };
        if !exact {
            continue;
        }
        let read = windlass_yaml::parse(&mut heap, text.as_bytes())
            .unwrap_or_else(|error| panic!("{error}: {text:?}"));
        let found = measure(&mut heap, &read);
        assert_eq!(
            String::from_utf8_lossy(&found),
            String::from_utf8_lossy(&wanted),
            "{text:?}"
        );
    }
});
