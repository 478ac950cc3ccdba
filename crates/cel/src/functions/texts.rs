//! Texts. Places in them are counted in characters.

use windlass_regexp::Regexp;
use windlass_value::Str;

use crate::Error;
use crate::value::Value;

/// A value as a text.
pub(super) fn shown(value: &Value) -> Result<Value, Error> {
    Ok(Value::text(&match value {
        Value::String(_) => return Ok(value.clone()),
        Value::Int(int) => int.to_string(),
        Value::Uint(uint) => uint.to_string(),
        Value::Double(double) => double.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Bytes(bytes) => String::from_utf8(bytes.to_vec())
            .map_err(|_| Error::Malformed("invalid UTF-8 in bytes".to_owned()))?,
        Value::Address(address, None) => address.to_string(),
        Value::Address(base, Some(length)) => format!("{base}/{length}"),
        Value::Url(text) => text.to_string(),
        Value::Duration(nanos) => windlass_time::Duration(*nanos).to_string(),
        _ => return Err(Error::Overload),
    }))
}

pub(super) fn method(name: &str, text: &str, rest: &[Value]) -> Result<Value, Error> {
    match (name, rest) {
        ("contains", [Value::String(part)]) => Ok(Value::Bool(text.contains(&**part))),
        ("startsWith", [Value::String(part)]) => Ok(Value::Bool(text.starts_with(&**part))),
        ("endsWith", [Value::String(part)]) => Ok(Value::Bool(text.ends_with(&**part))),
        ("matches", [Value::String(pattern)]) => {
            Ok(Value::Bool(regexp(pattern)?.is_match(text.as_bytes())))
        }
        ("find", [Value::String(pattern)]) => {
            let found = regexp(pattern)?.find(text.as_bytes());
            let found = found.and_then(|range| text.get(range));
            Ok(Value::text(found.unwrap_or_default()))
        }
        ("findAll", [Value::String(pattern), limit @ ..]) => find_all(text, pattern, limit),
        ("lowerAscii", []) => Ok(Value::text(&text.to_ascii_lowercase())),
        ("upperAscii", []) => Ok(Value::text(&text.to_ascii_uppercase())),
        ("trim", []) => Ok(Value::text(text.trim())),
        ("reverse", []) => Ok(Value::text(&text.chars().rev().collect::<String>())),
        ("split", [Value::String(separator)]) => Ok(split(text, separator, -1)),
        ("split", [Value::String(separator), Value::Int(most)]) => {
            Ok(split(text, separator, *most))
        }
        ("replace", [Value::String(from), Value::String(to)]) => {
            Ok(Value::text(&text.replace(&**from, to)))
        }
        ("replace", [Value::String(from), Value::String(to), Value::Int(most)]) => {
            Ok(Value::text(&match usize::try_from(*most) {
                Ok(most) => text.replacen(&**from, to, most),
                Err(_) => text.replace(&**from, to),
            }))
        }
        ("indexOf" | "lastIndexOf", [Value::String(part)]) => {
            let found = if name == "indexOf" {
                text.find(&**part)
            } else {
                text.rfind(&**part)
            };
            let count = found.map(|at| text[..at].chars().count());
            let count = count.and_then(|count| i64::try_from(count).ok());
            Ok(Value::Int(count.unwrap_or(-1)))
        }
        ("charAt", [Value::Int(at)]) => {
            let place = usize::try_from(*at).map_err(|_| Error::OutOfBounds(*at))?;
            let length = text.chars().count();
            match text.chars().nth(place) {
                Some(found) => Ok(Value::text(found.encode_utf8(&mut [0; 4]))),
                None if place == length => Ok(Value::text("")),
                None => Err(Error::OutOfBounds(*at)),
            }
        }
        ("substring", [Value::Int(from)]) => substring(text, *from, None),
        ("substring", [Value::Int(from), Value::Int(to)]) => substring(text, *from, Some(*to)),
        _ => Err(Error::Unknown(name.to_owned())),
    }
}

fn regexp(pattern: &str) -> Result<std::rc::Rc<Regexp>, Error> {
    let compiled = Regexp::cached(&Str::from(pattern));
    compiled.map_err(|error| Error::Malformed(error.to_string()))
}

fn find_all(text: &str, pattern: &str, limit: &[Value]) -> Result<Value, Error> {
    let most = match limit {
        [] => usize::MAX,
        [Value::Int(most)] => usize::try_from(*most).unwrap_or(usize::MAX),
        _ => return Err(Error::Overload),
    };
    let regexp = regexp(pattern)?;
    let (mut found, mut from) = (Vec::new(), 0);
    while found.len() < most
        && let Some(rest) = text.get(from..)
        && let Some(range) = regexp.find(rest.as_bytes())
    {
        found.push(Value::text(rest.get(range.clone()).unwrap_or_default()));
        // An empty match moves on by a character.
        let step = if range.is_empty() {
            rest[range.end..].chars().next().map_or(1, char::len_utf8)
        } else {
            0
        };
        from += range.end + step;
    }
    Ok(Value::list(found))
}

fn split(text: &str, separator: &str, most: i64) -> Value {
    let parts: Vec<&str> = match (usize::try_from(most), separator) {
        (Ok(0), _) => Vec::new(),
        (_, "") => text
            .char_indices()
            .map(|(at, c)| &text[at..at + c.len_utf8()])
            .collect(),
        (Ok(most), _) => text.splitn(most, separator).collect(),
        (Err(_), _) => text.split(separator).collect(),
    };
    Value::list(parts.into_iter().map(Value::text).collect())
}

fn substring(text: &str, from: i64, to: Option<i64>) -> Result<Value, Error> {
    let length = text.chars().count();
    let place = |at: i64| {
        let found = usize::try_from(at).ok().filter(|at| *at <= length);
        found.ok_or(Error::OutOfBounds(at))
    };
    let (from, to) = (place(from)?, to.map_or(Ok(length), place)?);
    let count = to.checked_sub(from).ok_or_else(|| {
        Error::Malformed(format!("invalid substring range. start: {from}, end: {to}"))
    })?;
    let part: String = text.chars().skip(from).take(count).collect();
    Ok(Value::text(&part))
}
