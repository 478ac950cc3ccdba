//! Made-up objects of real types, and made-up changes to them.

use serde_json::{Map, Value, json};
use windlass_kinds::schema::{self, Relation, Scalar, TypeRef};

/// Random numbers that repeat with the seed (xorshift).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..8 {
            random.below(2);
        }
        random
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// A value of a type.
pub(crate) fn value(random: &mut Random, of: &TypeRef, depth: usize) -> Value {
    let resolved = of.resolve();
    if let Some(list) = &resolved.list
        && resolved.map.is_none()
    {
        return list_of(random, list, depth);
    }
    match (&resolved.map, resolved.scalar) {
        (Some(map), _) if !map.fields.is_empty() || resolved.scalar.is_none() => {
            map_of(random, map, depth)
        }
        (_, scalar) => scalar_of(random, scalar),
    }
}

fn list_of(random: &mut Random, list: &schema::List, depth: usize) -> Value {
    let len = if depth > 9 { 0 } else { random.below(4) };
    let mut items: Vec<Value> = (0..len).map(|_| item(random, list, depth + 1)).collect();
    if !random.once_in(40) {
        let key = |item: &Value| match &list.relation {
            Relation::Map(keys) => keys.iter().map(|key| item[key].clone()).collect(),
            _ => vec![item.clone()],
        };
        let mut seen: Vec<Vec<Value>> = Vec::new();
        let told_apart = list.relation != Relation::Atomic;
        items.retain(|item| {
            let key = key(item);
            let new = !told_apart || !seen.contains(&key);
            seen.push(key);
            new
        });
    }
    Value::Array(items)
}

pub(crate) fn item(random: &mut Random, list: &schema::List, depth: usize) -> Value {
    let mut item = value(random, &list.element, depth);
    let Relation::Map(keys) = &list.relation else {
        return item;
    };
    let fields = list.element.resolve().map.as_ref();
    for (at, key) in keys.iter().enumerate() {
        let Some(field) = fields.and_then(|map| map.field(key)) else {
            continue;
        };
        // Later keys of several mostly have a default.
        let leave_out = random.once_in(if at == 0 { 60 } else { 3 });
        if let (Value::Object(item), false) = (&mut item, leave_out) {
            item.insert(key.clone(), value(random, &field.of, depth + 1));
        }
    }
    item
}

fn map_of(random: &mut Random, map: &schema::Map, depth: usize) -> Value {
    let mut out = Map::new();
    let share = (map.fields.len() / 3).max(2) + depth / 2;
    for field in &map.fields {
        if matches!(&*field.name, "apiVersion" | "kind" | "managedFields") && depth <= 1 {
            continue;
        }
        let wanted = matches!(
            &*field.name,
            "spec" | "metadata" | "template" | "containers"
        ) || random.once_in(share);
        if wanted && depth < 12 {
            out.insert(field.name.to_string(), value(random, &field.of, depth + 1));
        }
    }
    if let Some(element) = map.element.as_ref().filter(|_| depth < 12) {
        for _ in 0..random.below(3) {
            let key = (*random.pick(&["a", "b", "c/d", "e.f"])).to_owned();
            out.insert(key, value(random, element, depth + 1));
        }
    }
    Value::Object(out)
}

fn scalar_of(random: &mut Random, scalar: Option<Scalar>) -> Value {
    match scalar.unwrap_or(Scalar::Any) {
        Scalar::String => json!(random.pick(&["a", "b", "c", "d", "", "x<y>", "TCP"])),
        Scalar::Byte | Scalar::Int32 | Scalar::Int64 => {
            json!(random.pick(&[0, 1, 2, 80, 443, 8080]))
        }
        Scalar::Number => json!(random.pick(&[0.5, 1.5])),
        Scalar::Bool => json!(random.once_in(2)),
        Scalar::IntOrString => random.pick(&[json!(1), json!("25%"), json!(0)]).clone(),
        Scalar::Quantity => random
            .pick(&[
                json!("100m"),
                json!("1"),
                json!("0.5"),
                json!("1024Mi"),
                json!("1Gi"),
                json!(2),
                json!("1500m"),
                json!("1e3"),
                json!(0.25),
            ])
            .clone(),
        Scalar::Time => json!(random.pick(&["2024-01-01T00:00:00Z", "2024-02-29T01:00:00+02:00"])),
        Scalar::MicroTime => json!("2024-01-01T00:00:00.000000Z"),
        Scalar::Bytes => json!(random.pick(&["YQ==", "YWI=", "YW\nJj"])),
        Scalar::Any => random.pick(&[json!("a"), json!(1), json!(true)]).clone(),
    }
}

/// The value, somewhat changed.
pub(crate) fn changed(random: &mut Random, old: &Value, of: &TypeRef, depth: usize) -> Value {
    let resolved = of.resolve();
    match (old, &resolved.map, &resolved.list) {
        (Value::Object(members), Some(map), _) => {
            let mut out = Map::new();
            for (name, member) in members {
                let Some(of) = map.type_of(name) else {
                    continue;
                };
                match random.below(9) {
                    0 if depth > 1 => {}
                    1 if depth > 1 => {
                        out.insert(name.clone(), value(random, of, depth + 1));
                    }
                    2..=5 => {
                        out.insert(name.clone(), changed(random, member, of, depth + 1));
                    }
                    _ => {
                        out.insert(name.clone(), member.clone());
                    }
                }
            }
            if random.once_in(2) && !map.fields.is_empty() {
                let field = random.pick(&map.fields);
                if !matches!(&*field.name, "apiVersion" | "kind" | "managedFields") {
                    let name = field.name.to_string();
                    out.entry(name)
                        .or_insert_with(|| value(random, &field.of, depth + 1));
                }
            }
            Value::Object(out)
        }
        (Value::Array(items), _, Some(list)) => {
            let mut out = Vec::new();
            for old in items {
                match random.below(7) {
                    0 => {}
                    1..=3 => out.push(changed(random, old, &list.element, depth + 1)),
                    _ => out.push(old.clone()),
                }
            }
            if random.once_in(3) {
                let at = random.below(out.len() + 1);
                let new = item(random, list, depth + 1);
                let key = |item: &Value| match &list.relation {
                    Relation::Map(keys) => keys.iter().map(|key| item[key].clone()).collect(),
                    _ => vec![item.clone()],
                };
                if random.once_in(30) || !out.iter().any(|item| key(item) == key(&new)) {
                    out.insert(at, new);
                }
            }
            if out.len() > 1 && random.once_in(3) {
                let (a, b) = (random.below(out.len()), random.below(out.len()));
                out.swap(a, b);
            }
            Value::Array(out)
        }
        _ if random.once_in(2) => value(random, of, depth),
        _ => old.clone(),
    }
}

/// A value with something in it that its type does not allow.
pub(crate) fn spoilt(random: &mut Random, old: &Value, of: &TypeRef) -> Value {
    let resolved = of.resolve();
    let wrong = [
        json!("wrong"),
        json!(1),
        json!(1.5),
        json!(true),
        json!({"a": 1}),
        json!([1]),
        json!(99_999_999_999_i64),
    ];
    match (old, &resolved.map, &resolved.list) {
        (Value::Object(members), Some(map), _) => {
            let mut out = members.clone();
            let names: Vec<&String> = members.keys().collect();
            if names.is_empty() || random.once_in(6) {
                out.insert("odd".to_owned(), random.pick(&wrong).clone());
            } else {
                let name = (*random.pick(&names)).clone();
                if let Some(of) = map.type_of(&name) {
                    let below = spoilt(random, &members[&name], of);
                    out.insert(name, below);
                }
            }
            Value::Object(out)
        }
        (Value::Array(items), _, Some(list)) if !items.is_empty() => {
            let mut out = items.clone();
            let at = random.below(out.len());
            out[at] = spoilt(random, &items[at], &list.element);
            Value::Array(out)
        }
        _ => random.pick(&wrong).clone(),
    }
}
