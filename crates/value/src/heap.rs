//! [`Heap`]: the arena in which every map of a render lives.
//!
//! Maps are the one mutable thing a template can reach. They live here, addressed by [`MapId`], and
//! are never freed one by one: the whole heap goes when the render is over. That makes aliasing
//! exact (identity is the handle), cycles harmless, clones of a value cheap, and the memory in use a
//! number one can limit. A heap can be cloned: that is how a loaded chart serves many renders.

use crate::func::Method;
use crate::str::Str;
use crate::value::Value;

/// A handle to a map in one [`Heap`], with the Go type it is seen as. Equal handles are the same map.
///
/// The type belongs to the handle and not to the storage: Helm shows one and the same map as
/// `map[string]interface {}` through the parent's values and as `common.Values` to the subchart.
#[derive(Debug, Clone, Copy)]
pub struct MapId {
    index: u32,
    ty: u8,
}

impl PartialEq for MapId {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl Eq for MapId {}

impl std::hash::Hash for MapId {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

/// Type tags of handles; from `FIRST_NAMED` on they index the heap's named types.
const ANY: u8 = 0;
const STRINGS: u8 = 1;
const FIRST_NAMED: u8 = 2;

/// What the elements of a map or slice type are declared to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elem {
    /// `interface {}`: an absent element is the nil interface, printed `<no value>`.
    Any,
    /// `string`: an absent element is `""`.
    String,
    /// `[]uint8`: an absent element is the nil slice.
    Bytes,
    /// `int`
    Int,
    /// `bool`
    Bool,
    /// `[]interface {}`
    List,
    /// `map[string]interface {}`
    Map,
    /// A struct or pointer type of this Go name; elements are [`Value::Object`].
    Object(&'static str),
}

/// A named Go map type, such as Helm's `common.Values`.
#[derive(Debug, PartialEq)]
pub struct NamedMap {
    /// The Go name: `common.Values`.
    pub name: &'static str,
    /// The type of its elements.
    pub elem: Elem,
    /// Its methods; a method wins over a key of the same name.
    pub methods: &'static [Method],
}

/// The Go type of a map. Keys are always strings: Helm's loaders make no others.
#[derive(Debug, Clone, Copy)]
pub enum MapType {
    /// `map[string]interface {}`
    Any,
    /// `map[string]string`
    Strings,
    /// A named type.
    Named(&'static NamedMap),
}

impl MapType {
    /// The type's name as `%T` prints it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "map[string]interface {}",
            Self::Strings => "map[string]string",
            Self::Named(n) => n.name,
        }
    }

    /// The declared type of the elements.
    #[must_use]
    pub fn elem(self) -> Elem {
        match self {
            Self::Any => Elem::Any,
            Self::Strings => Elem::String,
            Self::Named(n) => n.elem,
        }
    }

    /// The methods of a named type.
    #[must_use]
    pub fn methods(self) -> &'static [Method] {
        match self {
            Self::Named(n) => n.methods,
            _ => &[],
        }
    }
}

impl PartialEq for MapType {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, Self::Any) | (Self::Strings, Self::Strings) => true,
            (Self::Named(a), Self::Named(b)) => std::ptr::eq(*a, *b) || a.name == b.name,
            _ => false,
        }
    }
}

/// The storage of a map: its entries, kept sorted by key, which is the order in which Go's
/// templates, `fmt` and JSON walk a map. Its Go type is [`Heap::map_type`] of the handle.
#[derive(Debug, Clone, Default)]
pub struct Map {
    nil: bool,
    entries: Vec<(Str, Value)>,
    /// The first eight bytes of each key, side by side: a look-up compares these before it follows
    /// a pointer to any key.
    prefixes: Vec<u64>,
}

/// The first bytes of a key as a number that sorts as they do; shorter keys are filled up with 0.
fn prefix(key: &[u8]) -> u64 {
    match key.first_chunk() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let mut bytes = [0; 8];
            bytes[..key.len()].copy_from_slice(key);
            u64::from_be_bytes(bytes)
        }
    }
}

/// Up to this many entries, scanning beats halving.
const SCANNED: usize = 32;

impl Map {
    /// Whether it is a nil map: empty, and writing to it is an error in Go.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.nil
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value at a key.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<&Value> {
        if self.entries.len() > SCANNED {
            return self.position(key).ok().map(|i| &self.entries[i].1);
        }
        let wanted = prefix(key);
        let candidates = self
            .prefixes
            .iter()
            .zip(&self.entries)
            .filter(|(p, _)| **p == wanted);
        candidates
            .map(|(_, entry)| entry)
            .find(|(k, _)| k.as_bytes() == key)
            .map(|(_, v)| v)
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains(&self, key: &[u8]) -> bool {
        self.get(key).is_some()
    }

    /// The entries in order of keys.
    #[must_use]
    pub fn entries(&self) -> &[(Str, Value)] {
        &self.entries
    }

    fn new(nil: bool, entries: Vec<(Str, Value)>) -> Self {
        let prefixes = entries.iter().map(|(k, _)| prefix(k)).collect();
        Self {
            nil,
            entries,
            prefixes,
        }
    }

    fn position(&self, key: &[u8]) -> Result<usize, usize> {
        let wanted = prefix(key);
        let start = self.prefixes.partition_point(|p| *p < wanted);
        let same = self.prefixes[start..]
            .iter()
            .take_while(|p| **p == wanted)
            .count();
        let found =
            self.entries[start..start + same].binary_search_by(|(k, _)| k.as_bytes().cmp(key));
        found.map(|i| start + i).map_err(|i| start + i)
    }

    fn set(&mut self, key: Str, value: Value) -> bool {
        self.nil = false;
        let at = match self.entries.last() {
            Some((last, _)) if *last >= key => self.position(&key),
            _ => Err(self.entries.len()),
        };
        match at {
            Ok(i) => self.entries[i].1 = value,
            Err(i) => {
                self.prefixes.insert(i, prefix(&key));
                self.entries.insert(i, (key, value));
            }
        }
        at.is_err()
    }
}

/// Rough size of a map's own bookkeeping, for the memory limit.
const MAP_BYTES: usize = size_of::<Map>();
/// Rough size of an entry, its key's header included.
const ENTRY_BYTES: usize = size_of::<(Str, Value)>() + size_of::<u64>() + 16;

/// The arena of maps. See the module's documentation.
#[derive(Debug, Clone, Default)]
pub struct Heap {
    maps: Vec<Map>,
    named: Vec<&'static NamedMap>,
    bytes: usize,
}

/// A size of a [`Heap`] at some time.
#[derive(Debug, Clone, Copy)]
pub struct HeapMark {
    maps: usize,
    bytes: usize,
}

impl Heap {
    /// An empty heap.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes an empty `map[string]interface {}`.
    pub fn new_map(&mut self) -> MapId {
        self.new_map_of(MapType::Any)
    }

    /// Makes an empty map of a type.
    pub fn new_map_of(&mut self, ty: MapType) -> MapId {
        self.push(ty, Map::default())
    }

    /// Makes a nil map of a type.
    pub fn new_nil_map(&mut self, ty: MapType) -> MapId {
        self.push(
            ty,
            Map {
                nil: true,
                ..Map::default()
            },
        )
    }

    /// Makes a map from entries in any order; of equal keys the last wins.
    pub fn map_from(&mut self, ty: MapType, mut entries: Vec<(Str, Value)>) -> MapId {
        if !entries.is_sorted_by(|a, b| a.0 < b.0) {
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            // Stable sort keeps the order of equal keys; keep the last of each run.
            entries.reverse();
            entries.dedup_by(|a, b| a.0 == b.0);
            entries.reverse();
        }
        self.bytes += entries.len() * ENTRY_BYTES;
        self.push(ty, Map::new(false, entries))
    }

    /// Makes a new map of the same type with the same entries (a shallow copy).
    pub fn copy_map(&mut self, id: MapId) -> MapId {
        let entries = self.map(id).entries.clone();
        self.bytes += entries.len() * ENTRY_BYTES;
        self.push(self.map_type(id), Map::new(false, entries))
    }

    /// Makes a value of the same maps anew, all the way down, through lists too; maps that are
    /// shared below become separate (as Helm's copies through JSON and `copystructure` do).
    ///
    /// A cyclic map comes out as nil where it would repeat beyond the depth of any real chart.
    pub fn deep_copy(&mut self, value: &Value) -> Value {
        self.deep_copy_at(value, 0)
    }

    fn deep_copy_at(&mut self, value: &Value, depth: usize) -> Value {
        if depth > 1_000 {
            return Value::Nil;
        }
        match value {
            Value::Map(id) => {
                let source = self.map(*id);
                let (ty, nil, len) = (self.map_type(*id), source.nil, source.len());
                let mut entries = source.entries.clone();
                for (_, v) in &mut entries {
                    if matches!(v, Value::Map(_) | Value::List(_)) {
                        *v = self.deep_copy_at(v, depth + 1);
                    }
                }
                self.bytes += len * ENTRY_BYTES;
                Value::Map(self.push(ty, Map::new(nil, entries)))
            }
            Value::List(list) => {
                if !list
                    .iter()
                    .any(|v| matches!(v, Value::Map(_) | Value::List(_)))
                {
                    return value.clone();
                }
                let mut copy = (**list).clone();
                for v in &mut copy.items {
                    *v = self.deep_copy_at(v, depth + 1);
                }
                Value::List(copy.into())
            }
            other => other.clone(),
        }
    }

    /// The map behind a handle.
    ///
    /// # Panics
    /// If the handle comes from another heap and is out of range here.
    #[must_use]
    pub fn map(&self, id: MapId) -> &Map {
        &self.maps[id.index as usize]
    }

    /// The value at a key, cloned (a pointer copy).
    #[must_use]
    pub fn get(&self, id: MapId, key: &[u8]) -> Option<&Value> {
        self.map(id).get(key)
    }

    /// Sets a key. Setting in a nil map makes it a map, so callers that must fail check first.
    pub fn set(&mut self, id: MapId, key: impl Into<Str>, value: Value) {
        if self.maps[id.index as usize].set(key.into(), value) {
            self.bytes += ENTRY_BYTES;
        }
    }

    /// Sets many keys at once, in time linear in both maps. `entries` are sorted by key, without
    /// repetition.
    pub fn extend(&mut self, id: MapId, entries: Vec<(Str, Value)>) {
        debug_assert!(entries.is_sorted_by(|a, b| a.0 < b.0));
        if entries.len() <= 4 {
            for (key, value) in entries {
                self.set(id, key, value);
            }
            return;
        }
        let map = &mut self.maps[id.index as usize];
        let before = map.entries.len();
        let mut all = std::mem::take(&mut map.entries);
        let merging = all.last().is_some_and(|(last, _)| *last >= entries[0].0);
        all.extend(entries);
        if merging {
            // A stable sort of two sorted runs is one merge; of equal keys the new one stands last.
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all.reverse();
            all.dedup_by(|a, b| a.0 == b.0);
            all.reverse();
        }
        *map = Map::new(false, all);
        self.bytes += (map.entries.len() - before) * ENTRY_BYTES;
    }

    /// Removes many keys at once, in linear time. `keys` are sorted.
    pub fn remove_all(&mut self, id: MapId, keys: &[Str]) {
        if !keys.is_empty() {
            let map = &mut self.maps[id.index as usize];
            let mut kept = std::mem::take(&mut map.entries);
            kept.retain(|(k, _)| keys.binary_search(k).is_err());
            *map = Map::new(map.nil, kept);
        }
    }

    /// Removes a key and gives what was there.
    pub fn remove(&mut self, id: MapId, key: &[u8]) -> Option<Value> {
        let map = &mut self.maps[id.index as usize];
        let i = map.position(key).ok()?;
        map.prefixes.remove(i);
        Some(map.entries.remove(i).1)
    }

    /// The Go type a handle is seen as.
    #[must_use]
    pub fn map_type(&self, id: MapId) -> MapType {
        match id.ty {
            ANY => MapType::Any,
            STRINGS => MapType::Strings,
            tag => MapType::Named(self.named[usize::from(tag - FIRST_NAMED)]),
        }
    }

    /// A handle to the same map seen as another type: Go's conversion between
    /// `map[string]interface {}` and a named type such as Helm's `Values`.
    pub fn view_as(&mut self, id: MapId, ty: MapType) -> MapId {
        MapId {
            index: id.index,
            ty: self.tag(ty),
        }
    }

    /// The entries of a map as they are now: what `range` walks while the body changes the map.
    #[must_use]
    pub fn snapshot(&self, id: MapId) -> Vec<(Str, Value)> {
        self.map(id).entries.clone()
    }

    /// Bytes held by maps and charged by callers: an estimate that only grows.
    #[must_use]
    pub fn allocated(&self) -> usize {
        self.bytes
    }

    /// Counts bytes of some other allocation that lives as long as the heap.
    pub fn charge(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// The present size, to come back to with [`Heap::release`].
    #[must_use]
    pub fn mark(&self) -> HeapMark {
        HeapMark {
            maps: self.maps.len(),
            bytes: self.bytes,
        }
    }

    /// Forgets all maps made since the mark. The caller has dropped their handles: an older map
    /// that still holds one would later see some other map there.
    pub fn release(&mut self, mark: HeapMark) {
        self.maps.truncate(mark.maps);
        self.bytes = self.bytes.min(mark.bytes);
    }

    fn push(&mut self, ty: MapType, map: Map) -> MapId {
        let index = u32::try_from(self.maps.len())
            .expect("fewer than 2^32 maps: the memory limit is far below");
        self.maps.push(map);
        self.bytes += MAP_BYTES;
        MapId {
            index,
            ty: self.tag(ty),
        }
    }

    fn tag(&mut self, ty: MapType) -> u8 {
        let named = match ty {
            MapType::Any => return ANY,
            MapType::Strings => return STRINGS,
            MapType::Named(named) => named,
        };
        let known = self.named.iter().position(|n| std::ptr::eq(*n, named));
        let position = known.unwrap_or_else(|| {
            self.named.push(named);
            self.named.len() - 1
        });
        FIRST_NAMED + u8::try_from(position).expect("the named map types are a handful of statics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(heap: &Heap, id: MapId) -> Vec<String> {
        heap.map(id)
            .entries()
            .iter()
            .map(|(k, _)| k.to_text().into_owned())
            .collect()
    }

    #[test]
    fn entries_stay_in_order_of_bytes_whatever_the_order_of_setting() {
        let mut heap = Heap::new();
        let map = heap.new_map();
        for key in [
            "securityContext",
            "a",
            "securityContextB",
            "security",
            "",
            "a\0",
            "b",
        ] {
            heap.set(map, key, Value::str(key));
        }
        let sorted = [
            "",
            "a",
            "a\0",
            "b",
            "security",
            "securityContext",
            "securityContextB",
        ];
        assert_eq!(keys(&heap, map), sorted);
        for key in sorted {
            let found = heap.get(map, key.as_bytes()).and_then(Value::as_str);
            assert_eq!(found, Some(&Str::from(key)));
        }
        assert!(heap.remove(map, b"a").is_some());
        assert!(heap.get(map, b"a").is_none());
        assert!(heap.get(map, b"securityContextC").is_none());
    }

    #[test]
    fn of_equal_keys_the_last_wins_also_in_large_maps() {
        let mut heap = Heap::new();
        let twice = (0..200).map(|i| (Str::from(format!("key-number-{}", i % 100)), Value::int(i)));
        let map = heap.map_from(MapType::Any, twice.collect());
        assert_eq!(heap.map(map).len(), 100);
        assert!(matches!(
            heap.get(map, b"key-number-7"),
            Some(Value::Int(107, _))
        ));
    }

    #[test]
    fn a_view_is_the_same_map_under_another_type() {
        static NAMED: NamedMap = NamedMap {
            name: "x.Values",
            elem: Elem::Any,
            methods: &[],
        };
        let mut heap = Heap::new();
        let map = heap.new_map();
        let view = heap.view_as(map, MapType::Named(&NAMED));
        heap.set(view, "k", Value::Bool(true));
        assert!(heap.get(map, b"k").is_some());
        assert_eq!(map, view);
        assert_eq!(heap.map_type(view).name(), "x.Values");
        assert_eq!(heap.map_type(map), MapType::Any);
    }

    #[test]
    fn deep_copies_share_nothing_and_survive_cycles() {
        let mut heap = Heap::new();
        let (outer, inner) = (heap.new_map(), heap.new_map());
        heap.set(outer, "in", Value::list(vec![Value::Map(inner)]));
        let Value::Map(copy) = heap.deep_copy(&Value::Map(outer)) else {
            unreachable!()
        };
        heap.set(inner, "k", Value::Nil);
        let copied = heap
            .get(copy, b"in")
            .and_then(|l| l.as_list()?.first()?.as_map());
        assert!(copied.is_some_and(|m| heap.map(m).is_empty()));
        heap.set(outer, "self", Value::Map(outer));
        let cyclic = heap.deep_copy(&Value::Map(outer));
        assert!(cyclic.as_map().is_some());
    }
}
