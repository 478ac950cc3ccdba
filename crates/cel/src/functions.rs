//! Operators, functions and methods.

mod lists;
mod texts;
mod times;

use std::cmp::Ordering;
use std::rc::Rc;

use crate::Error;
use crate::network;
use crate::quantity;
use crate::value::Value;

/// How much work a value may be, in steps.
pub(crate) fn weight(value: &Value) -> u64 {
    let length = match value {
        Value::String(text) => text.len() / 16,
        Value::Bytes(bytes) => bytes.len() / 16,
        Value::List(items) => items.len(),
        Value::Map(members) => members.len(),
        _ => 0,
    };
    length as u64
}

/// An operator between two values.
pub(crate) fn operator(sign: &str, one: &Value, two: &Value) -> Result<Value, Error> {
    match sign {
        "==" => Ok(Value::Bool(one == two)),
        "!=" => Ok(Value::Bool(one != two)),
        "in" => contained(one, two),
        "<" | "<=" | ">" | ">=" => compared(sign, one, two),
        _ => computed(sign, one, two),
    }
}

fn contained(one: &Value, two: &Value) -> Result<Value, Error> {
    match two {
        Value::List(items) => Ok(Value::Bool(items.contains(one))),
        Value::Map(members) => Ok(Value::Bool(members.contains_key(&one.key()?))),
        _ => Err(Error::Overload),
    }
}

fn compared(sign: &str, one: &Value, two: &Value) -> Result<Value, Error> {
    let nan = |value: &Value| matches!(value, Value::Double(double) if double.is_nan());
    if nan(one) || nan(two) {
        return Ok(Value::Bool(false));
    }
    let order = match (one, two) {
        (Value::Quantity(_), _) => None,
        _ => one.order(two),
    };
    let order = order.ok_or(Error::Overload)?;
    Ok(Value::Bool(match sign {
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        ">" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    }))
}

fn computed(sign: &str, one: &Value, two: &Value) -> Result<Value, Error> {
    let whole = |made: Option<i64>, zero: bool| {
        made.map(Value::Int)
            .ok_or(if zero { Error::Zero } else { Error::Overflow })
    };
    match (one, two) {
        (Value::Int(one), Value::Int(two)) => match sign {
            "+" => whole(one.checked_add(*two), false),
            "-" => whole(one.checked_sub(*two), false),
            "*" => whole(one.checked_mul(*two), false),
            "/" => whole(one.checked_div(*two), *two == 0),
            _ => whole(one.checked_rem(*two), *two == 0),
        },
        (Value::Uint(one), Value::Uint(two)) => {
            let made = match sign {
                "+" => one.checked_add(*two),
                "-" => one.checked_sub(*two),
                "*" => one.checked_mul(*two),
                "/" => one.checked_div(*two),
                _ => one.checked_rem(*two),
            };
            let failure = if *two == 0 && matches!(sign, "/" | "%") {
                Error::Zero
            } else {
                Error::Overflow
            };
            made.map(Value::Uint).ok_or(failure)
        }
        (Value::Double(one), Value::Double(two)) => match sign {
            "+" => Ok(Value::Double(one + two)),
            "-" => Ok(Value::Double(one - two)),
            "*" => Ok(Value::Double(one * two)),
            "/" => Ok(Value::Double(one / two)),
            _ => Err(Error::Overload),
        },
        (Value::String(one), Value::String(two)) if sign == "+" => {
            Ok(Value::text(&format!("{one}{two}")))
        }
        (Value::List(one), Value::List(two)) if sign == "+" => {
            Ok(Value::list(one.iter().chain(two.iter()).cloned().collect()))
        }
        (Value::Bytes(one), Value::Bytes(two)) if sign == "+" => {
            Ok(Value::Bytes([&**one, &**two].concat().into()))
        }
        _ => times::computed(sign, one, two),
    }
}

/// A function.
pub(crate) fn call(name: &str, arguments: &[Value]) -> Result<Value, Error> {
    match (name, arguments) {
        ("size" | "matches" | "type" | "string", [first, rest @ ..]) => match name {
            "type" if rest.is_empty() => Ok(Value::Type(first.type_name())),
            "string" if rest.is_empty() => texts::shown(first),
            _ => method(name, arguments),
        },
        ("dyn", [value]) => Ok(value.clone()),
        ("int" | "uint" | "double" | "bool" | "bytes", [value]) => converted(name, value),
        ("duration" | "timestamp", [value]) => times::converted(name, value),
        ("optional.none", []) => Ok(Value::Optional(None)),
        ("optional.of", [value]) => Ok(Value::Optional(Some(Rc::new(value.clone())))),
        ("math.greatest" | "math.least", values) => lists::extreme(name, values),
        ("sets.contains" | "sets.intersects" | "sets.equivalent", [one, two]) => {
            lists::sets(name, one, two)
        }
        ("quantity" | "isQuantity" | "ip" | "isIP" | "cidr" | "isCIDR" | "url" | "isURL", [of]) => {
            let Value::String(text) = of else {
                return Err(Error::Overload);
            };
            kubernetes(name, text)
        }
        _ => Err(Error::Unknown(name.to_owned())),
    }
}

fn kubernetes(name: &str, text: &Rc<str>) -> Result<Value, Error> {
    let made = match name {
        "quantity" | "isQuantity" => quantity::read(text).map(Value::Quantity),
        "ip" | "isIP" => network::address(text).map(|of| Value::Address(of, None)),
        "cidr" | "isCIDR" => network::network(text).map(|(base, n)| Value::Address(base, Some(n))),
        _ => network::url(text).map(|_| Value::Url(Rc::clone(text))),
    };
    if name.starts_with("is") {
        return Ok(Value::Bool(made.is_some()));
    }
    made.ok_or_else(|| {
        Error::Malformed(format!(
            "{name} parse error during conversion from string: {text}"
        ))
    })
}

/// A method: the first argument is what it is called on.
pub(crate) fn method(name: &str, arguments: &[Value]) -> Result<Value, Error> {
    let [of, rest @ ..] = arguments else {
        return Err(Error::Unknown(name.to_owned()));
    };
    if let ("size", []) = (name, rest) {
        return size(of);
    }
    if let Value::Optional(inner) = of {
        return optional(name, inner.as_deref(), rest);
    }
    if let Value::Quantity(of) = of {
        return amount(name, *of, rest);
    }
    if let Some(made) = network::method(name, of, rest) {
        return Ok(made);
    }
    match of {
        Value::String(text) => texts::method(name, text, rest),
        Value::List(items) => lists::method(name, items, rest),
        Value::Duration(_) | Value::Timestamp(_) => times::method(name, of, rest),
        _ => Err(Error::Unknown(name.to_owned())),
    }
}

fn size(of: &Value) -> Result<Value, Error> {
    let count = match of {
        Value::String(text) => text.chars().count(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(items) => items.len(),
        Value::Map(members) => members.len(),
        _ => return Err(Error::Overload),
    };
    i64::try_from(count)
        .map(Value::Int)
        .map_err(|_| Error::Overflow)
}

fn optional(name: &str, inner: Option<&Value>, rest: &[Value]) -> Result<Value, Error> {
    match (name, inner, rest) {
        ("hasValue", _, []) => Ok(Value::Bool(inner.is_some())),
        ("value", Some(inner), []) => Ok(inner.clone()),
        ("value", None, []) => Err(Error::Malformed("optional.none() dereference".to_owned())),
        ("orValue", _, [other]) => Ok(inner.unwrap_or(other).clone()),
        ("or", Some(inner), [_]) => Ok(Value::Optional(Some(Rc::new(inner.clone())))),
        ("or", None, [other]) => Ok(other.clone()),
        _ => Err(Error::Unknown(name.to_owned())),
    }
}

fn amount(name: &str, of: i128, rest: &[Value]) -> Result<Value, Error> {
    let other = match rest {
        [] => None,
        [Value::Quantity(other)] => Some(*other),
        [Value::Int(other)] => Some(i128::from(*other) * quantity::UNIT),
        _ => return Err(Error::Overload),
    };
    let sum = |made: Option<i128>| made.map(Value::Quantity).ok_or(Error::Overflow);
    match (name, other) {
        ("isGreaterThan", Some(other)) => Ok(Value::Bool(of > other)),
        ("isLessThan", Some(other)) => Ok(Value::Bool(of < other)),
        ("compareTo", Some(other)) => Ok(Value::Int(of.cmp(&other) as i64)),
        ("add", Some(other)) => sum(of.checked_add(other)),
        ("sub", Some(other)) => sum(of.checked_sub(other)),
        ("sign", None) => Ok(Value::Int(of.signum() as i64)),
        ("isInteger", None) => Ok(Value::Bool(of % quantity::UNIT == 0)),
        ("asInteger", None) if of % quantity::UNIT == 0 => i64::try_from(of / quantity::UNIT)
            .map(Value::Int)
            .map_err(|_| Error::Overflow),
        ("asInteger", None) => Err(Error::Malformed(
            "cannot convert value to integer".to_owned(),
        )),
        #[allow(clippy::cast_precision_loss, reason = "approximate by its name")]
        ("asApproximateFloat", None) => Ok(Value::Double(of as f64 / quantity::UNIT as f64)),
        _ => Err(Error::Unknown(name.to_owned())),
    }
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "conversions round as the language says; the range is checked before"
)]
fn converted(name: &str, value: &Value) -> Result<Value, Error> {
    let malformed = |text: &str| Error::Malformed(format!("cannot convert {text:?} to {name}"));
    let in_range = |double: f64, most: f64| {
        let whole = double.trunc();
        (whole.abs() < most).then_some(whole).ok_or(Error::Overflow)
    };
    match (name, value) {
        ("int", Value::Int(_))
        | ("uint", Value::Uint(_))
        | ("double", Value::Double(_))
        | ("bool", Value::Bool(_))
        | ("bytes", Value::Bytes(_)) => Ok(value.clone()),
        ("int", Value::Uint(uint)) => i64::try_from(*uint)
            .map(Value::Int)
            .map_err(|_| Error::Overflow),
        ("int", Value::Double(double)) => {
            in_range(*double, 9.2e18).map(|whole| Value::Int(whole as i64))
        }
        ("int", Value::String(text)) => text.parse().map(Value::Int).map_err(|_| malformed(text)),
        ("int", Value::Timestamp(nanos)) => i64::try_from(nanos.div_euclid(1_000_000_000))
            .map(Value::Int)
            .map_err(|_| Error::Overflow),
        ("uint", Value::Int(int)) => u64::try_from(*int)
            .map(Value::Uint)
            .map_err(|_| Error::Overflow),
        ("uint", Value::Double(double)) if *double >= 0.0 => {
            in_range(*double, 1.8e19).map(|whole| Value::Uint(whole as u64))
        }
        ("uint", Value::String(text)) => text.parse().map(Value::Uint).map_err(|_| malformed(text)),
        ("double", Value::Int(int)) => Ok(Value::Double(*int as f64)),
        ("double", Value::Uint(uint)) => Ok(Value::Double(*uint as f64)),
        ("double", Value::String(text)) => {
            text.parse().map(Value::Double).map_err(|_| malformed(text))
        }
        ("bool", Value::String(text)) => match &**text {
            "true" | "True" | "TRUE" | "t" | "1" => Ok(Value::Bool(true)),
            "false" | "False" | "FALSE" | "f" | "0" => Ok(Value::Bool(false)),
            _ => Err(malformed(text)),
        },
        ("bytes", Value::String(text)) => Ok(Value::Bytes(text.as_bytes().into())),
        _ => Err(Error::Overload),
    }
}
