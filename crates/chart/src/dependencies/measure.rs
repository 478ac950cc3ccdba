//! How large values are when every shared table is written out at each place where it stands.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use windlass_value::{Heap, MapId, Value};

use super::Error;

/// The most tables that values may have when written out.
const MAX_TABLES: u64 = 1_000_000;

/// The deepest that tables may nest.
const MAX_DEPTH: u64 = 1_000;

/// What is known of a table: nothing final while the walk is still below it.
#[derive(Clone, Copy)]
enum Size {
    Open,
    Known { tables: u64, depth: u64 },
}

/// Checks that tables neither hold themselves nor multiply beyond measure. Imports can make both,
/// since they put one table below several others.
pub(super) fn ensure_bounded(heap: &Heap, roots: &[MapId]) -> Result<(), Error> {
    let mut sizes = HashMap::new();
    let mut open: Vec<(MapId, Vec<MapId>)> = Vec::new();
    for &root in roots {
        if let Entry::Vacant(entry) = sizes.entry(root) {
            entry.insert(Size::Open);
            open.push((root, below(heap, root)));
        }
        while let Some((map, rest)) = open.last_mut() {
            let Some(next) = rest.pop() else {
                let map = *map;
                open.pop();
                sizes.insert(map, size(heap, map, &sizes)?);
                continue;
            };
            match sizes.get(&next) {
                Some(Size::Open) => return Err(Error::EndlessImports),
                Some(Size::Known { .. }) => {}
                None => {
                    sizes.insert(next, Size::Open);
                    open.push((next, below(heap, next)));
                }
            }
        }
    }
    Ok(())
}

/// Lists cannot come to hold other tables than they had, so only tables in tables count.
fn below(heap: &Heap, map: MapId) -> Vec<MapId> {
    heap.map(map)
        .entries()
        .iter()
        .filter_map(|(_, v)| Value::as_map(v))
        .collect()
}

fn size(heap: &Heap, map: MapId, sizes: &HashMap<MapId, Size>) -> Result<Size, Error> {
    let (mut tables, mut depth) = (1_u64, 1);
    for below in below(heap, map) {
        if let Some(Size::Known {
            tables: more,
            depth: deep,
        }) = sizes.get(&below)
        {
            tables = tables.saturating_add(*more);
            depth = depth.max(deep + 1);
        }
    }
    if tables > MAX_TABLES || depth > MAX_DEPTH {
        return Err(Error::EndlessImports);
    }
    Ok(Size::Known { tables, depth })
}
