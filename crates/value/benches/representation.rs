//! Why maps live in an arena: the same work over three representations of a shared mutable map.
//!
//! Prints nanoseconds and ratios; ARCHITECTURE.md quotes a run. `cargo bench -p windlass-value`.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use windlass_value::{Heap, MapId, Str, Value};

/// Keys as values files have them.
const KEYS: [&str; WIDTH] = [
    "affinity",
    "autoscaling",
    "image",
    "ingress",
    "nodeSelector",
    "podAnnotations",
    "podSecurityContext",
    "replicaCount",
    "resources",
    "securityContext",
    "service",
    "tolerations",
];
const WIDTH: usize = 12;
const DEPTH: usize = 3;

trait Model {
    type Map: Clone;
    fn new() -> Self;
    fn make(&mut self) -> Self::Map;
    fn set_map(&mut self, map: &Self::Map, key: &str, value: Self::Map);
    fn set_text(&mut self, map: &Self::Map, key: &str, value: &str);
    fn below(&self, map: &Self::Map, key: &str) -> Self::Map;
    fn text_len(&self, map: &Self::Map, key: &str) -> usize;
}

struct Arena(Heap);

impl Model for Arena {
    type Map = MapId;
    fn new() -> Self {
        Self(Heap::new())
    }
    fn make(&mut self) -> MapId {
        self.0.new_map()
    }
    fn set_map(&mut self, map: &MapId, key: &str, value: MapId) {
        self.0.set(*map, key, Value::Map(value));
    }
    fn set_text(&mut self, map: &MapId, key: &str, value: &str) {
        self.0.set(*map, key, Value::str(value));
    }
    fn below(&self, map: &MapId, key: &str) -> MapId {
        self.0
            .get(*map, key.as_bytes())
            .and_then(Value::as_map)
            .unwrap()
    }
    fn text_len(&self, map: &MapId, key: &str) -> usize {
        self.0
            .get(*map, key.as_bytes())
            .and_then(Value::as_str)
            .unwrap()
            .len()
    }
}

macro_rules! cell_model {
    ($model:ident, $node:ident, $pointer:ident, $cell:ident, $read:expr, $write:expr) => {
        #[derive(Clone)]
        enum $node {
            Text(Str),
            Map($pointer<$cell<BTreeMap<String, $node>>>),
        }
        struct $model;
        impl Model for $model {
            type Map = $pointer<$cell<BTreeMap<String, $node>>>;
            fn new() -> Self {
                Self
            }
            fn make(&mut self) -> Self::Map {
                $pointer::new($cell::new(BTreeMap::new()))
            }
            fn set_map(&mut self, map: &Self::Map, key: &str, value: Self::Map) {
                $write(map).insert(key.to_owned(), $node::Map(value));
            }
            fn set_text(&mut self, map: &Self::Map, key: &str, value: &str) {
                $write(map).insert(key.to_owned(), $node::Text(value.into()));
            }
            fn below(&self, map: &Self::Map, key: &str) -> Self::Map {
                match $read(map).get(key).unwrap() {
                    $node::Map(m) => m.clone(),
                    $node::Text(_) => unreachable!(),
                }
            }
            fn text_len(&self, map: &Self::Map, key: &str) -> usize {
                match $read(map).get(key).unwrap() {
                    $node::Text(s) => s.len(),
                    $node::Map(_) => unreachable!(),
                }
            }
        }
    };
}

cell_model!(
    Counted,
    CountedNode,
    Rc,
    RefCell,
    RefCell::borrow,
    RefCell::borrow_mut
);
cell_model!(Locked, LockedNode, Arc, Mutex, lock, lock);

fn lock(
    map: &Mutex<BTreeMap<String, LockedNode>>,
) -> std::sync::MutexGuard<'_, BTreeMap<String, LockedNode>> {
    map.lock().unwrap()
}

fn build<M: Model>(model: &mut M, keys: &[&str], depth: usize) -> M::Map {
    let map = model.make();
    for key in keys {
        if depth == 0 {
            model.set_text(&map, key, "a value of some length");
        } else {
            let below = build(model, keys, depth - 1);
            model.set_map(&map, key, below);
        }
    }
    map
}

fn walk<M: Model>(model: &M, root: &M::Map, keys: &[&str]) -> usize {
    let mut sum = 0;
    for a in keys {
        for b in keys {
            for c in keys {
                let map = model.below(&model.below(&model.below(root, a), b), c);
                sum += model.text_len(&map, a);
            }
        }
    }
    sum
}

fn measure<M: Model>() -> (f64, f64) {
    let (mut best_build, mut best_walk) = (f64::MAX, f64::MAX);
    for _ in 0..15 {
        let mut model = M::new();
        let start = Instant::now();
        let root = build(&mut model, &KEYS, DEPTH);
        best_build = best_build.min(start.elapsed().as_nanos() as f64);
        let start = Instant::now();
        black_box(walk(&model, &root, &KEYS));
        best_walk = best_walk.min(start.elapsed().as_nanos() as f64);
    }
    let entries = (WIDTH + WIDTH.pow(2) + WIDTH.pow(3) + WIDTH.pow(4)) as f64;
    (best_build / entries, best_walk / (WIDTH.pow(3) * 4) as f64)
}

fn main() {
    let arena = measure::<Arena>();
    let counted = measure::<Counted>();
    let locked = measure::<Locked>();
    for (name, (set, get)) in [
        ("arena of handles", arena),
        ("Rc<RefCell<BTreeMap>>", counted),
        ("Arc<Mutex<BTreeMap>>", locked),
    ] {
        println!(
            "{name:24} set {set:6.1} ns ({:.1}x)   get {get:6.1} ns ({:.1}x)",
            set / arena.0,
            get / arena.1
        );
    }
}
