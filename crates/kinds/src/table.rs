//! The table of built-in types, read one type at a time.
//!
//! `data/types.txt` holds a type in each line, sorted by name; other lines refer to it by its number.
//! Columns are separated by tabs: name, flags (`A` a map owned as a whole, `o` an object without
//! known fields), then a column for each field, `name:TYPE` and attributes, each behind a `|`:
//!
//! | attribute | meaning |
//! |---|---|
//! | `r` | required |
//! | `P…` `G…` | patch strategy, merge key |
//! | `D…` | default, in JSON |
//! | `p` `e` `z` | in Go a pointer; `omitempty`; `omitzero` |
//! | `T…` `I…` | what Go calls the type, if not what one would think; the embedded structs it comes from |
//!
//! A TYPE is a letter: `s` string, `y` bytes, `t` `T` times, `i` `l` integers, `n` number, `b` boolean,
//! `u` int or string, `q` quantity, `w` anything as a whole, `x` anything, `o` any object. `@5` is type 5,
//! `!@5` the same as a whole, `?@5` taken apart. `AT`, `ST`, `Kkey+key;T` are lists of T (atomic, set, map),
//! `MT` and `NT` maps of T (taken apart, as a whole).

use std::sync::{LazyLock, OnceLock};

use crate::schema::{Field, GoForm, List, Map, PatchMeta, Relation, Scalar, Type, TypeRef};

const TEXT: &str = include_str!("../data/types.txt");

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let line = |text| Line {
        text,
        read: OnceLock::new(),
    };
    TEXT.lines().map(line).collect()
});

struct Line {
    text: &'static str,
    read: OnceLock<Type>,
}

impl Line {
    fn name(&self) -> &'static str {
        self.text.split('\t').next().unwrap_or(self.text)
    }
}

/// The number of the type of this name.
pub(crate) fn number(name: &str) -> Option<u16> {
    let at = LINES.binary_search_by(|line| line.name().cmp(name)).ok()?;
    u16::try_from(at).ok()
}

/// The type of this number, read now if nothing asked before.
pub(crate) fn type_at(number: u16) -> &'static Type {
    let line = LINES
        .get(usize::from(number))
        .expect("numbers come from the table itself");
    line.read.get_or_init(|| read(line.text))
}

fn read(line: &'static str) -> Type {
    let mut columns = line.split('\t');
    let name = columns.next().unwrap_or("");
    let flags = columns.next().unwrap_or("");
    let mut fields: Vec<Field> = columns.filter_map(field).collect();
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    Type {
        name,
        map: Some(Map {
            fields,
            element: flags.contains('o').then(TypeRef::deduced),
            atomic: flags.contains('A'),
        }),
        ..Type::default()
    }
}

fn field(column: &'static str) -> Option<Field> {
    let (name, rest) = column.split_once(':')?;
    let mut parts = rest.split('|');
    let mut field = Field {
        name: name.into(),
        of: type_ref(parts.next()?),
        required: false,
        patch: PatchMeta::default(),
        default: None,
        go: GoForm::default(),
        go_type: None,
        via: "",
    };
    for part in parts {
        let (mark, text) = part.split_at(part.len().min(1));
        match mark {
            "r" => field.required = true,
            "P" => field.patch.strategies = text.split(',').map(Into::into).collect(),
            "G" => field.patch.merge_key = Some(text.into()),
            "D" => field.default = serde_json::from_str(text).ok(),
            "T" => field.go_type = Some(text),
            "I" => field.via = text,
            "p" => field.go.pointer = true,
            "e" => field.go.omit_empty = true,
            "z" => field.go.omit_zero = true,
            _ => {}
        }
    }
    Some(field)
}

fn type_ref(text: &str) -> TypeRef {
    let (letter, rest) = text.split_at(text.len().min(1));
    match letter {
        "@" => TypeRef::builtin(rest.parse().unwrap_or(u16::MAX)),
        "!" => type_ref(rest).overridden(true),
        "?" => type_ref(rest).overridden(false),
        "A" => list(rest, Relation::Atomic),
        "S" => list(rest, Relation::Set),
        "K" => {
            let (keys, element) = rest.split_once(';').unwrap_or((rest, "x"));
            let keys = keys.split('+').map(str::to_owned).collect();
            list(element, Relation::Map(keys))
        }
        "M" | "N" => TypeRef::own(Type {
            map: Some(Map {
                fields: Vec::new(),
                element: Some(type_ref(rest)),
                atomic: letter == "N",
            }),
            ..Type::default()
        }),
        "o" => TypeRef::own(Type {
            map: Some(Map {
                fields: Vec::new(),
                element: Some(TypeRef::deduced()),
                atomic: false,
            }),
            ..Type::default()
        }),
        "w" => TypeRef::whole(),
        "x" => TypeRef::deduced(),
        other => TypeRef::scalar(scalar(other)),
    }
}

fn list(element: &str, relation: Relation) -> TypeRef {
    TypeRef::own(Type {
        list: Some(List {
            element: type_ref(element),
            relation,
        }),
        ..Type::default()
    })
}

fn scalar(letter: &str) -> Scalar {
    match letter {
        "s" => Scalar::String,
        "y" => Scalar::Bytes,
        "t" => Scalar::Time,
        "T" => Scalar::MicroTime,
        "i" => Scalar::Int32,
        "l" => Scalar::Int64,
        "n" => Scalar::Number,
        "b" => Scalar::Bool,
        "u" => Scalar::IntOrString,
        "q" => Scalar::Quantity,
        _ => Scalar::Any,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;
    use crate::schema::Schema;

    #[test]
    fn every_line_reads_and_refers_to_a_line() {
        let count = LINES.len();
        assert!(count > 700, "{count} types");
        for (number, line) in LINES.iter().enumerate() {
            assert_eq!(self::number(line.name()), u16::try_from(number).ok());
            let columns = line.text.split('\t').skip(2).count();
            let read = type_at(u16::try_from(number).unwrap());
            let map = read.map.as_ref().unwrap();
            assert_eq!(map.fields.len(), columns, "{}", line.name());
            for field in &map.fields {
                let of = field.of.resolve();
                assert!(
                    of.scalar.is_some() || of.list.is_some() || of.map.is_some(),
                    "{} {}",
                    line.name(),
                    field.name
                );
            }
        }
    }

    #[test]
    fn the_ports_of_a_container_have_two_keys_and_a_default() {
        let schema = Schema::named("io.k8s.api.core.v1.Container").unwrap();
        let ports = schema.root().resolve().map.as_ref().unwrap();
        let ports = ports.field("ports").unwrap();
        assert_eq!(ports.patch.merge_key.as_deref(), Some("containerPort"));
        let list = ports.of.resolve().list.as_ref().unwrap();
        let keys = vec!["containerPort".to_owned(), "protocol".to_owned()];
        assert_eq!(list.relation, Relation::Map(keys));
        let port = list.element.resolve().map.as_ref().unwrap();
        let protocol = port.field("protocol").unwrap();
        assert_eq!(protocol.default, Some("TCP".into()));
    }
}
