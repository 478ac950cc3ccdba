//! values.schema.json over values (`=== values` parts the two): any schema is applied or refused, however it
//! refers to itself, and no document outside is asked for twice the size of what there is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use windlass_chart::schema;
use windlass_fuzz::parts;
use windlass_value::Heap;

fuzz_target!(|input: &[u8]| {
    let parts = parts(input);
    let mut heap = Heap::new();
    let values = parts.get(1).map_or(&b""[..], |(_, text)| *text);
    let Ok(values) = windlass_yaml::parse_map(&mut heap, values) else {
        return;
    };
    let schema_text = parts[0].1;
    if let Err(error) = schema::validate(&heap, schema_text, values) {
        assert!(!error.to_string().is_empty());
    }
});
