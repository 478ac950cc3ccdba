//! The second version's document in protobuf, as gnostic's messages number its fields: Go clients ask for
//! nothing else. Only what `openapi` writes is carried over.

use serde_json::Value;

/// What clients ask for, but with a dot in the place of `@`, which no media type may hold.
pub(super) const MEDIA_TYPE: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/// A whole document.
pub(super) fn document(document: &Value) -> Vec<u8> {
    let mut out = Message::default();
    out.text(1, &document["swagger"]);
    let mut info = Message::default();
    info.text(1, &document["info"]["title"]);
    info.text(2, &document["info"]["version"]);
    out.message(2, &info);
    let mut paths = Message::default();
    for (path, item) in members(&document["paths"]) {
        paths.message(2, &named(path, &path_item(item)));
    }
    out.message(8, &paths);
    out.message(9, &schemas(&document["definitions"]));
    out.0
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A pair of a name and what it names.
fn named(name: &str, value: &Message) -> Message {
    let mut pair = Message::default();
    pair.bytes(1, name.as_bytes());
    pair.message(2, value);
    pair
}

fn path_item(item: &Value) -> Message {
    let mut out = Message::default();
    for (number, verb) in [(2, "get"), (8, "patch")] {
        if item[verb].is_object() {
            out.message(number, &operation(&item[verb]));
        }
    }
    out
}

fn operation(operation: &Value) -> Message {
    let mut out = Message::default();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let mut query = Message::default();
        query.text(2, &parameter["in"]);
        query.text(4, &parameter["name"]);
        query.text(6, &parameter["type"]);
        query.flag(20, parameter["uniqueItems"] == true);
        let (mut other, mut any, mut item) = <(Message, Message, Message)>::default();
        other.message(3, &query);
        any.message(2, &other);
        item.message(1, &any);
        out.message(8, &item);
    }
    extensions(&mut out, 13, operation);
    out
}

fn schemas(map: &Value) -> Message {
    let mut out = Message::default();
    for (name, inner) in members(map) {
        out.message(1, &named(name, &schema(inner)));
    }
    out
}

fn schema(of: &Value) -> Message {
    let mut out = Message::default();
    for (number, name) in [(1, "$ref"), (2, "format"), (3, "title"), (4, "description")] {
        out.text(number, &of[name]);
    }
    if let Some(default) = of.get("default") {
        out.message(5, &any(default));
    }
    for required in of["required"].as_array().into_iter().flatten() {
        out.text(19, required);
    }
    if of["additionalProperties"].is_object() {
        let mut item = Message::default();
        item.message(1, &schema(&of["additionalProperties"]));
        out.message(21, &item);
    }
    if of["type"].is_string() {
        let mut item = Message::default();
        item.text(1, &of["type"]);
        out.message(22, &item);
    }
    if of["items"].is_object() {
        let mut item = Message::default();
        item.message(1, &schema(&of["items"]));
        out.message(23, &item);
    }
    if of["properties"].is_object() {
        out.message(25, &schemas(&of["properties"]));
    }
    extensions(&mut out, 31, of);
    out
}

/// What begins with `x-`.
fn extensions(out: &mut Message, number: u64, of: &Value) {
    for (name, value) in members(of).filter(|(name, _)| name.starts_with("x-")) {
        out.message(number, &named(name, &any(value)));
    }
}

/// Any value is carried as YAML, which JSON is.
fn any(value: &Value) -> Message {
    let mut out = Message::default();
    out.bytes(2, value.to_string().as_bytes());
    out
}

/// The fields of a message, one after the other.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
            number >>= 7;
        }
        self.0.push(u8::try_from(number).unwrap_or(0));
    }

    fn bytes(&mut self, number: u64, bytes: &[u8]) {
        self.varint(number << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn text(&mut self, number: u64, text: &Value) {
        if let Some(text) = text.as_str() {
            self.bytes(number, text.as_bytes());
        }
    }

    fn flag(&mut self, number: u64, flag: bool) {
        if flag {
            self.varint(number << 3);
            self.varint(1);
        }
    }

    fn message(&mut self, number: u64, message: &Self) {
        self.bytes(number, &message.0);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::document;

    #[test]
    fn fields_have_their_numbers() {
        let bytes = document(
            &json!({"swagger": "2.0", "info": {"title": "t", "version": "v"},
            "paths": {}, "definitions": {"A": {"type": "object"}}}),
        );
        let wanted = [
            &b"\x0a\x032.0"[..],
            b"\x12\x06\x0a\x01t\x12\x01v",
            b"\x42\x00",
            // definitions, a pair, its name, a schema, its type, one text
            b"\x4a\x12\x0a\x10\x0a\x01A\x12\x0b\xb2\x01\x08\x0a\x06object",
        ];
        assert_eq!(bytes, wanted.concat());
    }
}
