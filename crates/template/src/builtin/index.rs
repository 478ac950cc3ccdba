//! `index`, `slice` and `len`.

use std::sync::Arc;

use windlass_value::{Elem, Heap, List, MapType, Str, UintKind, Value};

use crate::error::Error;
use crate::function::Context;
use crate::operand::{Operand, Shape};

/// `index x 1 "a"` is `x[1]["a"]`.
pub(super) fn index(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let [item, indexes @ ..] = args else {
        return Err("index of untyped nil".into());
    };
    if item.is_nil() {
        return Err("index of untyped nil".into());
    }
    let mut item = item.clone();
    for index in indexes {
        item = element(context.heap_mut(), &item, index)?;
    }
    Ok(item)
}

fn element(heap: &mut Heap, item: &Value, index: &Value) -> Result<Value, Error> {
    match item {
        Value::Nil => Err("index of nil pointer".into()),
        Value::Str(s) | Value::Bytes(s) => {
            let i = position(heap, index, s.len())?;
            let what = match item {
                Value::Str(_) => "string",
                _ => "slice",
            };
            let byte = s.get(i).ok_or_else(|| out_of_range(what))?;
            Ok(Value::Uint((*byte).into(), UintKind::Uint8))
        }
        Value::List(list) => {
            let i = position(heap, index, list.len())?;
            list.get(i).cloned().ok_or_else(|| out_of_range("slice"))
        }
        Value::Map(id) => {
            let key = match index {
                Value::Str(key) => key,
                Value::Nil => return Err("value is nil; should be of type string".into()),
                other => {
                    let name = other.type_name(heap);
                    return Err(format!("value has type {name}; should be string").into());
                }
            };
            match heap.get(*id, key) {
                Some(value) => Ok(value.clone()),
                None => Ok(zero(heap, heap.map_type(*id).elem())),
            }
        }
        Value::Object(o) => match o.underlying() {
            Some(plain) => element(heap, &plain, index).map_err(|_| cannot_index(heap, item)),
            None if o.is_nil() => Err("index of nil pointer".into()),
            None => Err(cannot_index(heap, item)),
        },
        _ => Err(cannot_index(heap, item)),
    }
}

/// What `reflect` panics with at an index that is the length, which Go's check lets pass.
fn out_of_range(what: &str) -> Error {
    Error::message(format!("reflect: {what} index out of range"))
}

/// The type's name once pointers are followed.
fn pointed_to(heap: &Heap, item: &Value) -> &'static str {
    item.type_name(heap).trim_start_matches('*')
}

fn cannot_index(heap: &Heap, item: &Value) -> Error {
    let name = pointed_to(heap, item);
    Error::message(format!("can't index item of type {name}"))
}

/// The zero value of an element type: what an absent key gives.
pub(crate) fn zero(heap: &mut Heap, elem: Elem) -> Value {
    match elem {
        Elem::Any | Elem::Object(_) => Value::Nil,
        Elem::String => Value::str(""),
        Elem::Bytes => Value::Bytes(Str::default()),
        Elem::Int => Value::int(0),
        Elem::Bool => Value::Bool(false),
        Elem::List => Value::List(Arc::new(List::nil(windlass_value::ListType::ANY))),
        Elem::Map => Value::Map(heap.new_nil_map(MapType::Any)),
    }
}

/// An index into something of a length; the length itself passes.
fn position(heap: &Heap, index: &Value, length: usize) -> Result<usize, Error> {
    let plain = match index {
        Value::Object(o) => o.underlying(),
        _ => None,
    };
    let n = match plain.as_ref().unwrap_or(index) {
        Value::Int(n, _) => *n,
        Value::Uint(n, _) => *n as i64,
        Value::Nil => return Err("cannot index slice/array with nil".into()),
        _ => {
            let name = index.type_name(heap);
            return Err(format!("cannot index slice/array with type {name}").into());
        }
    };
    match usize::try_from(n) {
        Ok(i) if i <= length => Ok(i),
        _ => Err(format!("index out of range: {n}").into()),
    }
}

/// The length of whatever has one.
pub(super) fn len(heap: &Heap, args: &[Operand]) -> Result<Value, Error> {
    let [item] = args else {
        return Err("len without an argument".into());
    };
    let plain = match &item.value {
        Value::Object(o) => o.underlying(),
        _ => None,
    };
    let length = match plain.as_ref().unwrap_or(&item.value) {
        Value::Str(s) | Value::Bytes(s) => s.len(),
        Value::List(list) => list.len(),
        Value::Map(id) => heap.map(*id).len(),
        Value::Nil if item.is_nil_interface() => return Err("len of nil pointer".into()),
        Value::Nil => return Err("reflect: call of reflect.Value.Type on zero Value".into()),
        Value::Object(o) if o.is_nil() => return Err("len of nil pointer".into()),
        _ => return Err(format!("len of type {}", pointed_to(heap, &item.value)).into()),
    };
    Ok(Value::int(i64::try_from(length).unwrap_or(i64::MAX)))
}

/// `slice x 1 2` is `x[1:2]`. A list's capacity is its length here, where Go may know of more.
pub(super) fn slice(heap: &Heap, args: &[Operand]) -> Result<Value, Error> {
    let [item, indexes @ ..] = args else {
        return Err("slice of untyped nil".into());
    };
    let item = &item.value;
    let length = match item {
        Value::Nil => return Err("slice of untyped nil".into()),
        Value::Object(o) if o.is_nil() => return Err("slice of nil pointer".into()),
        _ if indexes.len() > 3 => {
            return Err(format!("too many slice indexes: {}", indexes.len()).into());
        }
        Value::Str(_) if indexes.len() == 3 => return Err("cannot 3-index slice a string".into()),
        Value::Str(s) | Value::Bytes(s) => s.len(),
        Value::List(list) => list.len(),
        _ => {
            let name = pointed_to(heap, item);
            return Err(format!("can't slice item of type {name}").into());
        }
    };
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        // Unlike `index`, Go's `slice` does not look into interfaces here.
        if index.shape == Shape::Boxed {
            return Err("cannot index slice/array with type interface {}".into());
        }
        *bound = position(heap, &index.value, length)?;
    }
    let [from, to, most] = bounds;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}").into());
    }
    if indexes.len() == 3 && to > most {
        return Err(format!("invalid slice index: {to} > {most}").into());
    }
    Ok(match item {
        Value::Str(s) => Value::Str(Str::from(&s[from..to])),
        Value::Bytes(s) => Value::Bytes(Str::from(&s[from..to])),
        Value::List(list) => Value::List(Arc::new(List {
            ty: list.ty,
            nil: list.nil,
            items: list[from..to].to_vec(),
        })),
        other => other.clone(),
    })
}
