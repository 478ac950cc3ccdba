//! Protobuf, as far as records need it: an API server writes it several times as fast as JSON, and leaves
//! bytes as they are where JSON has Base64.
//!
//! What is read: objects that hold records and lists of such (name, namespace, labels, annotations, data), the same
//! as metadata alone, and a refusal's `Status`. Field numbers are those of Kubernetes' `generated.proto`
//! files, which never change. Whatever else is in a message is passed over.

use serde_json::{Map, Value, json};

/// What every message begins with.
const MAGIC: &[u8] = b"k8s\0";

/// An object as it was found in a message.
#[derive(Debug, Default)]
pub(crate) struct Found<'a> {
    /// Name, namespace, labels and annotations, by their names in JSON.
    pub(crate) metadata: Map<String, Value>,
    /// The data under the key that was asked for.
    pub(crate) data: Option<&'a [u8]>,
}

/// Whether a body is such a message.
pub(crate) fn is_message(body: &[u8]) -> bool {
    body.starts_with(MAGIC)
}

/// The token for what follows a list; empty at its end.
pub(crate) fn next_page(body: &[u8]) -> Option<String> {
    let mut next = String::new();
    each(raw(body)?, |field, value| {
        if let (1, Some(metadata)) = (field, value) {
            each(metadata, |field, value| {
                if let (3, Some(token)) = (field, value) {
                    next = text(token)?;
                }
                Some(())
            })?;
        }
        Some(())
    })?;
    Some(next)
}

/// The objects of a list, with their data of this key.
pub(crate) fn items<'a>(body: &'a [u8], key: &str) -> Option<Vec<Found<'a>>> {
    let mut items = Vec::new();
    each(raw(body)?, |field, value| {
        if let (2, Some(item)) = (field, value) {
            items.push(object(item, key)?);
        }
        Some(())
    })?;
    Some(items)
}

/// The one object of a message, with its data of this key.
pub(crate) fn one<'a>(body: &'a [u8], key: &str) -> Option<Found<'a>> {
    object(raw(body)?, key)
}

/// A `Status` as JSON has it.
pub(crate) fn status(body: &[u8]) -> Option<Value> {
    let mut status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}});
    each_or_number(raw(body)?, |field, value| {
        match (field, value) {
            (2, Field::Bytes(told)) => status["status"] = text(told)?.into(),
            (3, Field::Bytes(told)) => status["message"] = text(told)?.into(),
            (4, Field::Bytes(told)) => status["reason"] = text(told)?.into(),
            (5, Field::Bytes(told)) => status["details"] = details(told)?,
            (6, Field::Number(code)) => status["code"] = code.into(),
            _ => {}
        }
        Some(())
    })?;
    Some(status)
}

fn details(message: &[u8]) -> Option<Value> {
    let mut details = json!({});
    let mut causes = Vec::new();
    each_or_number(message, |field, value| {
        match (field, value) {
            (1, Field::Bytes(told)) => details["name"] = text(told)?.into(),
            (2, Field::Bytes(told)) => details["group"] = text(told)?.into(),
            (3, Field::Bytes(told)) => details["kind"] = text(told)?.into(),
            (4, Field::Bytes(told)) => causes.push(cause(told)?),
            (5, Field::Number(seconds)) if seconds > 0 => {
                details["retryAfterSeconds"] = seconds.into();
            }
            (6, Field::Bytes(told)) => details["uid"] = text(told)?.into(),
            _ => {}
        }
        Some(())
    })?;
    if !causes.is_empty() {
        details["causes"] = causes.into();
    }
    Some(details)
}

fn cause(message: &[u8]) -> Option<Value> {
    let mut cause = json!({});
    each(message, |field, value| {
        let name = match field {
            1 => "reason",
            2 => "message",
            3 => "field",
            _ => return Some(()),
        };
        cause[name] = text(value?)?.into();
        Some(())
    })?;
    Some(cause)
}

fn object<'a>(message: &'a [u8], key: &str) -> Option<Found<'a>> {
    let mut found = Found::default();
    each(message, |field, value| {
        match (field, value) {
            (1, Some(told)) => found.metadata = metadata(told)?,
            (2, Some(told)) => {
                let (name, data) = entry(told)?;
                if name == key.as_bytes() {
                    found.data = Some(data);
                }
            }
            _ => {}
        }
        Some(())
    })?;
    Some(found)
}

fn metadata(message: &[u8]) -> Option<Map<String, Value>> {
    let mut found = Map::new();
    each(message, |field, value| {
        match (field, value) {
            (1, Some(told)) => drop(found.insert("name".to_owned(), text(told)?.into())),
            (3, Some(told)) => drop(found.insert("namespace".to_owned(), text(told)?.into())),
            (11, Some(told)) => add(&mut found, "labels", told)?,
            (12, Some(told)) => add(&mut found, "annotations", told)?,
            _ => {}
        }
        Some(())
    })?;
    Some(found)
}

/// Adds an entry to a map of texts.
fn add(metadata: &mut Map<String, Value>, name: &str, told: &[u8]) -> Option<()> {
    let (key, value) = entry(told)?;
    let map = metadata.entry(name).or_insert_with(|| json!({}));
    map[text(key)?] = text(value)?.into();
    Some(())
}

/// Key and value of a map's entry.
fn entry(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut key, mut data): (&[u8], &[u8]) = (&[], &[]);
    each(message, |field, value| {
        match (field, value) {
            (1, Some(told)) => key = told,
            (2, Some(told)) => data = told,
            _ => {}
        }
        Some(())
    })?;
    Some((key, data))
}

/// What is inside of the envelope that every message has.
fn raw(body: &[u8]) -> Option<&[u8]> {
    let mut inside = None;
    each(body.strip_prefix(MAGIC)?, |field, value| {
        if let (2, Some(told)) = (field, value) {
            inside = Some(told);
        }
        Some(())
    })?;
    inside
}

fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

/// A field's value.
#[derive(Clone, Copy)]
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// Of a fixed width; nothing that is read here has one.
    Fixed,
}

/// Walks through the fields of a message; those that are no bytes have no value. `None` where it is damaged, or where
/// the visitor says so.
fn each<'a>(
    message: &'a [u8],
    mut visit: impl FnMut(u64, Option<&'a [u8]>) -> Option<()>,
) -> Option<()> {
    each_or_number(message, |field, value| match value {
        Field::Bytes(bytes) => visit(field, Some(bytes)),
        Field::Number(_) | Field::Fixed => Some(()),
    })
}

fn each_or_number<'a>(
    mut message: &'a [u8],
    mut visit: impl FnMut(u64, Field<'a>) -> Option<()>,
) -> Option<()> {
    while !message.is_empty() {
        let tag = number(&mut message)?;
        let value = match tag & 7 {
            0 => Field::Number(number(&mut message)?),
            1 => {
                message = message.get(8..)?;
                Field::Fixed
            }
            2 => {
                let length = usize::try_from(number(&mut message)?).ok()?;
                let (bytes, rest) = message.split_at_checked(length)?;
                message = rest;
                Field::Bytes(bytes)
            }
            5 => {
                message = message.get(4..)?;
                Field::Fixed
            }
            _ => return None,
        };
        visit(tag >> 3, value)?;
    }
    Some(())
}

/// A number of as many bytes as it takes.
fn number(message: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for place in 0..10 {
        let (byte, rest) = message.split_first()?;
        *message = rest;
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// A field of bytes.
    fn field(number: usize, bytes: &[u8]) -> Vec<u8> {
        [varint(number << 3 | 2), varint(bytes.len()), bytes.to_vec()].concat()
    }

    fn varint(mut number: usize) -> Vec<u8> {
        let mut out = Vec::new();
        while number > 0x7f {
            out.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        out.push(number as u8);
        out
    }

    fn message(inside: &[u8]) -> Vec<u8> {
        let kind = field(1, &[field(1, b"v1"), field(2, b"SecretList")].concat());
        [MAGIC, &kind, &field(2, inside)].concat()
    }

    fn pair(key: &str, value: &[u8]) -> Vec<u8> {
        [field(1, key.as_bytes()), field(2, value)].concat()
    }

    fn secret(name: &str, data: &[u8]) -> Vec<u8> {
        let metadata = [
            field(1, name.as_bytes()),
            field(3, b"shop"),
            field(6, b"77"),
            vec![7 << 3, 3],
            field(11, &pair("owner", b"helm")),
            field(11, &pair("name", b"web")),
            field(12, &pair("note", b"x")),
            field(17, b"managed"),
        ];
        [
            field(1, &metadata.concat()),
            field(2, &pair("other", b"no")),
            field(2, &pair("release", data)),
            field(3, b"helm.sh/release.v1"),
        ]
        .concat()
    }

    #[test]
    fn lists_are_read() {
        let long = vec![b'x'; 70_000];
        let list = [
            field(1, &[field(2, b"900"), field(3, b"token")].concat()),
            field(2, &secret("a", b"one")),
            field(2, &secret("b", &long)),
        ];
        let body = message(&list.concat());
        assert!(is_message(&body));
        assert_eq!(next_page(&body).unwrap(), "token");
        let found = items(&body, "release").unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].data.unwrap(), b"one");
        assert_eq!(found[1].data.unwrap(), long);
        let expected = json!({
            "name": "b",
            "namespace": "shop",
            "labels": {"owner": "helm", "name": "web"},
            "annotations": {"note": "x"},
        });
        assert_eq!(Value::Object(found[1].metadata.clone()), expected);
        let single = message(&secret("c", b"two"));
        assert_eq!(one(&single, "release").unwrap().data.unwrap(), b"two");
        for end in MAGIC.len() + 1..body.len() - 1 {
            if end < 200 || end > body.len() - 200 {
                assert!(items(&body[..end], "release").is_none(), "{end}");
            }
        }
    }

    #[test]
    fn refusals_are_read() {
        let details = [
            field(1, b"web"),
            field(3, b"secrets"),
            field(
                4,
                &[field(1, b"Why"), field(2, b"words"), field(3, b"data")].concat(),
            ),
            vec![5 << 3, 7],
        ];
        let status = [
            field(1, b""),
            field(2, b"Failure"),
            field(3, b"secrets \"web\" not found"),
            field(4, b"NotFound"),
            field(5, &details.concat()),
            vec![6 << 3, 0x94, 3],
        ];
        let told = super::status(&message(&status.concat())).unwrap();
        let expected = json!({
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": "secrets \"web\" not found",
            "reason": "NotFound",
            "details": {
                "name": "web",
                "kind": "secrets",
                "causes": [{"reason": "Why", "message": "words", "field": "data"}],
                "retryAfterSeconds": 7,
            },
            "code": 404,
        });
        assert_eq!(told, expected);
    }
}
