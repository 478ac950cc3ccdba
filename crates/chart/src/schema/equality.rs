//! When two values are equal to a schema: numbers by value, objects whatever the order.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use windlass_value::Heap;

use super::budget::Budget;
use super::instance::{Items, Node, Shape};

/// Up to this many items every pair is compared.
const FEW: usize = 20;

/// Values nested deeper than this within each other are not compared further.
const MAX_DEPTH: usize = 1_000;

/// Bytes of text that are compared in a step.
const TEXT_BYTES: usize = 64;

/// What reading a number counts.
const NUMBER: usize = 8;

/// Compares two values, as far as the budget goes; the error is the type of a value that JSON does not have.
pub(super) fn equals<'a>(
    a: Node<'a>,
    b: Node<'a>,
    heap: &'a Heap,
    budget: &Budget,
) -> Result<bool, &'static str> {
    equals_at(a, b, heap, budget, 0)
}

fn equals_at<'a>(
    a: Node<'a>,
    b: Node<'a>,
    heap: &'a Heap,
    budget: &Budget,
    depth: usize,
) -> Result<bool, &'static str> {
    if depth > MAX_DEPTH || !budget.spend(1) {
        return Ok(false);
    }
    let equal = match (a.shape(heap), b.shape(heap)) {
        (Shape::Foreign(name), _) => return Err(name),
        (Shape::Null, Shape::Null) => true,
        (Shape::Bool(a), Shape::Bool(b)) => a == b,
        (Shape::Text(a), Shape::Text(b)) => a == b && budget.spend(a.len() / TEXT_BYTES),
        (Shape::Number, Shape::Number) => {
            budget.spend(NUMBER);
            let a = a.number();
            a.is_some() && a == b.number()
        }
        (Shape::Array(a), Shape::Array(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (a, b) in a.iter().zip(b.iter()) {
                if !equals_at(a, b, heap, budget, depth + 1)? {
                    return Ok(false);
                }
            }
            true
        }
        (Shape::Object(a), Shape::Object(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (key, a) in a.iter() {
                match b.find(key) {
                    Some(b) if equals_at(a, b, heap, budget, depth + 1)? => {}
                    _ => return Ok(false),
                }
            }
            true
        }
        _ => false,
    };
    Ok(equal)
}

/// Finds the first item that equals an earlier one; gives the positions of both.
pub(super) fn duplicates<'a>(
    items: Items<'a>,
    heap: &'a Heap,
    budget: &Budget,
) -> Result<Option<(usize, usize)>, &'static str> {
    let mut seen: HashMap<u64, Vec<usize>> = HashMap::new();
    for i in 0..items.len() {
        let hash = if items.len() > FEW {
            hash_of(items.get(i), heap, budget)
        } else {
            0
        };
        let earlier = seen.entry(hash).or_default();
        for &j in &*earlier {
            if equals(items.get(i), items.get(j), heap, budget)? {
                return Ok(Some((j, i)));
            }
        }
        earlier.push(i);
    }
    Ok(None)
}

fn hash_of(node: Node<'_>, heap: &Heap, budget: &Budget) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash_into(node, heap, budget, &mut hasher, 0);
    hasher.finish()
}

fn hash_into(
    node: Node<'_>,
    heap: &Heap,
    budget: &Budget,
    hasher: &mut DefaultHasher,
    depth: usize,
) {
    if depth > MAX_DEPTH || !budget.spend(NUMBER) {
        return;
    }
    match node.shape(heap) {
        Shape::Null | Shape::Foreign(_) => 0u8.hash(hasher),
        Shape::Bool(b) => b.hash(hasher),
        Shape::Text(text) => text.hash(hasher),
        Shape::Number => node.number().hash(hasher),
        Shape::Array(items) => items
            .iter()
            .for_each(|item| hash_into(item, heap, budget, hasher, depth + 1)),
        Shape::Object(members) => members.iter().for_each(|(key, value)| {
            key.hash(hasher);
            hash_into(value, heap, budget, hasher, depth + 1);
        }),
    }
}
