//! Lists.

use std::cmp::Ordering;

use crate::Error;
use crate::value::Value;

pub(super) fn method(name: &str, items: &[Value], rest: &[Value]) -> Result<Value, Error> {
    let place =
        |at: Option<usize>| Value::Int(at.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1));
    match (name, rest) {
        ("indexOf", [item]) => Ok(place(items.iter().position(|own| own == item))),
        ("lastIndexOf", [item]) => Ok(place(items.iter().rposition(|own| own == item))),
        ("isSorted", []) => {
            let mut pairs = items.windows(2);
            pairs
                .try_fold(true, |sorted, pair| {
                    let order = pair[0].order(&pair[1]).ok_or(Error::Overload)?;
                    Ok(sorted && order != Ordering::Greater)
                })
                .map(Value::Bool)
        }
        ("sum", []) => {
            let mut sum = items.first().map_or(Value::Int(0), Value::clone);
            for item in items.iter().skip(1) {
                sum = super::operator("+", &sum, item)?;
            }
            Ok(sum)
        }
        ("min", []) => extreme("math.least", items),
        ("max", []) => extreme("math.greatest", items),
        ("join", _) => {
            let separator = match rest {
                [] => "",
                [Value::String(separator)] => separator,
                _ => return Err(Error::Overload),
            };
            let texts: Option<Vec<&str>> = items
                .iter()
                .map(|item| match item {
                    Value::String(text) => Some(&**text),
                    _ => None,
                })
                .collect();
            let texts = texts.ok_or(Error::Overload)?;
            Ok(Value::text(&texts.join(separator)))
        }
        ("distinct", []) => {
            let mut kept: Vec<Value> = Vec::new();
            for item in items {
                if !kept.contains(item) {
                    kept.push(item.clone());
                }
            }
            Ok(Value::list(kept))
        }
        ("reverse", []) => Ok(Value::list(items.iter().rev().cloned().collect())),
        ("slice", [Value::Int(from), Value::Int(to)]) => {
            let at = |at: i64| usize::try_from(at).map_err(|_| Error::OutOfBounds(at));
            let found = items.get(at(*from)?..at(*to)?);
            let found = found.ok_or(Error::OutOfBounds(*to))?;
            Ok(Value::list(found.to_vec()))
        }
        ("flatten", []) => {
            let flat = items.iter().flat_map(|item| match item {
                Value::List(inner) => inner.to_vec(),
                other => vec![other.clone()],
            });
            Ok(Value::list(flat.collect()))
        }
        _ => Err(Error::Unknown(name.to_owned())),
    }
}

/// The greatest or least of values; one list stands for its items.
pub(super) fn extreme(name: &str, values: &[Value]) -> Result<Value, Error> {
    let values = match values {
        [Value::List(items)] => items.as_slice(),
        values => values,
    };
    let wanted = if name == "math.greatest" {
        Ordering::Greater
    } else {
        Ordering::Less
    };
    let (first, rest) = values
        .split_first()
        .ok_or_else(|| Error::Malformed("min called on empty list".to_owned()))?;
    let mut found = first;
    for value in rest {
        if value.order(found).ok_or(Error::Overload)? == wanted {
            found = value;
        }
    }
    Ok(found.clone())
}

/// Lists taken as sets.
pub(super) fn sets(name: &str, one: &Value, two: &Value) -> Result<Value, Error> {
    let (Value::List(one), Value::List(two)) = (one, two) else {
        return Err(Error::Overload);
    };
    let holds = |one: &[Value], two: &[Value]| two.iter().all(|item| one.contains(item));
    Ok(Value::Bool(match name {
        "sets.contains" => holds(one, two),
        "sets.equivalent" => holds(one, two) && holds(two, one),
        _ => two.iter().any(|item| one.contains(item)),
    }))
}
