//! Go's `reflect.DeepEqual` over values: types must be the same, lists and maps are compared by
//! their elements, and what is the same map or list is equal even if it holds a NaN.

use std::collections::HashSet;
use std::sync::Arc;

use windlass_template::Error;
use windlass_value::{Heap, List, MapId, Object, Value};

use crate::semver::SemVer;

/// Deeper than any real data; beyond it Go would go on until its stack is full.
const MAX_DEPTH: usize = 2_000;

/// Whether two values are deeply equal.
///
/// # Errors
/// If they are nested beyond a limit.
pub(crate) fn deep_equal(heap: &Heap, a: &Value, b: &Value) -> Result<bool, Error> {
    let (maps, lists) = (HashSet::new(), HashSet::new());
    Comparison { heap, maps, lists }.equal(a, b, 0)
}

struct Comparison<'a> {
    heap: &'a Heap,
    /// Pairs met before, which count as equal: either they were, or they hold themselves, or all is
    /// lost anyway. So what is shared many times is compared once.
    maps: HashSet<(MapId, MapId)>,
    /// Such pairs of lists, by address.
    lists: HashSet<(*const List, *const List)>,
}

impl Comparison<'_> {
    fn equal(&mut self, a: &Value, b: &Value, depth: usize) -> Result<bool, Error> {
        if depth > MAX_DEPTH {
            return Err(Error::message("values are nested too deeply to compare"));
        }
        Ok(match (a, b) {
            (Value::Nil, Value::Nil) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a, ka), Value::Int(b, kb)) => ka == kb && a == b,
            (Value::Uint(a, ka), Value::Uint(b, kb)) => ka == kb && a == b,
            (Value::Float(a, ka), Value::Float(b, kb)) => ka == kb && a == b,
            (Value::Complex(a), Value::Complex(b)) => **a == **b,
            (Value::Str(a), Value::Str(b)) | (Value::Bytes(a), Value::Bytes(b)) => a == b,
            (Value::List(a), Value::List(b)) => {
                a.ty.name == b.ty.name
                    && a.nil == b.nil
                    && a.len() == b.len()
                    && (Arc::ptr_eq(a, b)
                        || !self.lists.insert((Arc::as_ptr(a), Arc::as_ptr(b)))
                        || self.all_equal(a, b, depth)?)
            }
            (Value::Map(a), Value::Map(b)) => self.maps_equal(*a, *b, depth)?,
            (Value::Object(a), Value::Object(b)) => self.objects_equal(a, b, depth)?,
            _ => false,
        })
    }

    fn all_equal(&mut self, a: &[Value], b: &[Value], depth: usize) -> Result<bool, Error> {
        for (a, b) in a.iter().zip(b) {
            if !self.equal(a, b, depth + 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn maps_equal(&mut self, a: MapId, b: MapId, depth: usize) -> Result<bool, Error> {
        if self.heap.map_type(a) != self.heap.map_type(b) {
            return Ok(false);
        }
        let heap = self.heap;
        let (map_a, map_b) = (heap.map(a), heap.map(b));
        if map_a.is_nil() != map_b.is_nil() || map_a.len() != map_b.len() {
            return Ok(false);
        }
        if a == b || !self.maps.insert((a, b)) {
            return Ok(true);
        }
        for ((key_a, value_a), (key_b, value_b)) in map_a.entries().iter().zip(map_b.entries()) {
            if key_a != key_b || !self.equal(value_a, value_b, depth + 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn objects_equal(
        &mut self,
        a: &Arc<dyn Object>,
        b: &Arc<dyn Object>,
        depth: usize,
    ) -> Result<bool, Error> {
        if a.type_name() != b.type_name() {
            return Ok(false);
        }
        if Arc::ptr_eq(a, b) {
            return Ok(true);
        }
        if let (Some(a), Some(b)) = (a.underlying(), b.underlying()) {
            return self.equal(&a, &b, depth + 1);
        }
        if a.is_nil() || b.is_nil() {
            return Ok(a.is_nil() == b.is_nil());
        }
        if let (Some(a), Some(b)) = (a.as_any().downcast_ref(), b.as_any().downcast_ref()) {
            return Ok(SemVer::identical(a, b));
        }
        let (fields_a, fields_b) = (a.fields(), b.fields());
        if fields_a.is_empty() {
            return Ok(a.equals(&**b, self.heap).unwrap_or(false));
        }
        for ((_, a), (_, b)) in fields_a.iter().zip(&fields_b) {
            if !self.equal(a, b, depth + 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
