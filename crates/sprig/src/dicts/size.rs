//! How large a deep copy becomes. What is shared many times over is copied as often, so that a few
//! maps can make a copy without end; measuring it looks at each of them once.

use std::collections::HashMap;
use std::sync::Arc;

use windlass_value::{Heap, List, MapId, Value};

/// Bytes that a deep copy of a value takes; more than any limit if it is nested too deeply.
pub(super) fn of_copy(heap: &Heap, value: &Value) -> usize {
    let (maps, lists) = (HashMap::new(), HashMap::new());
    Measure { heap, maps, lists }.size(value, 0)
}

/// As deep as [`Heap::deep_copy`] goes.
const MAX_DEPTH: usize = 1_000;

/// What a map or list takes beside its elements, and an element beside its parts.
const OVERHEAD: usize = 64;

struct Measure<'a> {
    heap: &'a Heap,
    maps: HashMap<MapId, usize>,
    lists: HashMap<*const List, usize>,
}

impl Measure<'_> {
    fn size(&mut self, value: &Value, depth: usize) -> usize {
        if depth > MAX_DEPTH {
            return usize::MAX;
        }
        match value {
            Value::Map(id) => {
                if let Some(known) = self.maps.get(id) {
                    return *known;
                }
                // Until its size is known, a map that holds itself has no end.
                self.maps.insert(*id, usize::MAX);
                let heap = self.heap;
                let elements = heap.map(*id).entries().iter().map(|(_, v)| v);
                let size = self.sum(elements, depth);
                self.maps.insert(*id, size);
                size
            }
            Value::List(list) => {
                let address = Arc::as_ptr(list);
                if let Some(known) = self.lists.get(&address) {
                    return *known;
                }
                let size = self.sum(list.iter(), depth);
                self.lists.insert(address, size);
                size
            }
            _ => 0,
        }
    }

    fn sum<'v>(&mut self, elements: impl Iterator<Item = &'v Value>, depth: usize) -> usize {
        elements.fold(OVERHEAD, |sum, v| {
            sum.saturating_add(OVERHEAD)
                .saturating_add(self.size(v, depth + 1))
        })
    }
}
