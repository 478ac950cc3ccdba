//! Label selectors: `a=b,c!=d,e in (f,g),h notin (i),j,!k`, and the objects of `metav1.LabelSelector`.

use serde_json::Value;

use crate::status::Status;

/// All of its requirements must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    Missing,
    Greater,
    Less,
}

impl LabelSelector {
    /// Reads the text of a query.
    pub(crate) fn parse(text: &str) -> Result<Self, Status> {
        let refuse = |why: String| Status::bad_request(why);
        let mut requirements = Vec::new();
        let parts = split_outside_parentheses(text);
        for (at, part) in parts.iter().enumerate() {
            let part = part.trim();
            if part.is_empty() {
                if text.trim().is_empty() {
                    continue;
                }
                let found = if at + 1 < parts.len() { "," } else { "" };
                return Err(refuse(format!(
                    "found '{found}', expected: identifier after ','"
                )));
            }
            requirements.push(requirement(part).map_err(refuse)?);
        }
        Ok(Self { requirements })
    }

    /// Reads a `metav1.LabelSelector`, as specs carry them. An empty one matches everything.
    pub(crate) fn of(selector: &Value) -> Self {
        let mut requirements = Vec::new();
        for (key, value) in selector["matchLabels"].as_object().into_iter().flatten() {
            requirements.push(Requirement {
                key: key.clone(),
                operator: Operator::In,
                values: vec![value.as_str().unwrap_or_default().to_owned()],
            });
        }
        for expression in selector["matchExpressions"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let operator = match expression["operator"].as_str() {
                Some("NotIn") => Operator::NotIn,
                Some("Exists") => Operator::Exists,
                Some("DoesNotExist") => Operator::Missing,
                _ => Operator::In,
            };
            let values = expression["values"].as_array().into_iter().flatten();
            requirements.push(Requirement {
                key: expression["key"].as_str().unwrap_or_default().to_owned(),
                operator,
                values: values
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
            });
        }
        Self { requirements }
    }

    /// As the server writes it, in `status.selector` of a scale: sorted by key.
    pub(crate) fn text(&self) -> String {
        let mut sorted: Vec<&Requirement> = self.requirements.iter().collect();
        sorted.sort_by(|a, b| a.key.cmp(&b.key));
        let texts: Vec<String> = sorted.into_iter().map(Requirement::text).collect();
        texts.join(",")
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether labels (an object, or null) meet all requirements.
    pub(crate) fn matches(&self, labels: &Value) -> bool {
        self.requirements.iter().all(|r| r.matches(labels))
    }
}

impl Requirement {
    fn matches(&self, labels: &Value) -> bool {
        let value = labels.get(&self.key).and_then(Value::as_str);
        let listed = value.is_some_and(|value| self.values.iter().any(|v| v == value));
        let compared = |wanted: std::cmp::Ordering| {
            let number: Option<i64> = value.and_then(|value| value.parse().ok());
            let bound: Option<i64> = self.values.first().and_then(|bound| bound.parse().ok());
            matches!((number, bound), (Some(n), Some(b)) if n.cmp(&b) == wanted)
        };
        match self.operator {
            Operator::In => listed,
            Operator::NotIn => !listed,
            Operator::Exists => value.is_some(),
            Operator::Missing => value.is_none(),
            Operator::Greater => compared(std::cmp::Ordering::Greater),
            Operator::Less => compared(std::cmp::Ordering::Less),
        }
    }

    fn text(&self) -> String {
        let key = &self.key;
        let mut values = self.values.clone();
        values.sort();
        let list = values.join(",");
        match (self.operator, values.len()) {
            (Operator::In, 1) => format!("{key}={list}"),
            (Operator::In, _) => format!("{key} in ({list})"),
            (Operator::NotIn, _) => format!("{key} notin ({list})"),
            (Operator::Exists, _) => key.clone(),
            (Operator::Missing, _) => format!("!{key}"),
            (Operator::Greater, _) => format!("{key}>{list}"),
            (Operator::Less, _) => format!("{key}<{list}"),
        }
    }
}

fn split_outside_parentheses(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_u32, 0, Vec::new());
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn requirement(part: &str) -> Result<Requirement, String> {
    let made = |key: &str, operator, values: Vec<String>| {
        let key = key.trim();
        let simple = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        if key.is_empty() || !key.chars().all(simple) {
            return Err(format!("invalid label key {key:?}"));
        }
        Ok(Requirement {
            key: key.to_owned(),
            operator,
            values,
        })
    };
    if let Some(key) = part.strip_prefix('!') {
        if key.is_empty() {
            let why = "unable to parse requirement: found '', expected: identifier";
            return Err(why.to_owned());
        }
        return made(key, Operator::Missing, Vec::new());
    }
    if let Some((head, tail)) = part.split_once('(') {
        let inside = tail
            .trim_end()
            .strip_suffix(')')
            .ok_or_else(|| format!("found '{tail}', expected: ',' or ')'"))?;
        let values = inside.split(',').map(|v| v.trim().to_owned()).collect();
        let mut words = head.split_whitespace();
        return match (words.next(), words.next(), words.next()) {
            (Some(key), Some("in"), None) => made(key, Operator::In, values),
            (Some(key), Some("notin"), None) => made(key, Operator::NotIn, values),
            (_, operator, _) => Err(format!(
                "found '{}', expected: in, notin, =, ==, !=, gt, lt",
                operator.unwrap_or("(")
            )),
        };
    }
    for (sign, operator) in [
        ("!=", Operator::NotIn),
        ("==", Operator::In),
        ("=", Operator::In),
        (">", Operator::Greater),
        ("<", Operator::Less),
    ] {
        if let Some((key, value)) = part.split_once(sign) {
            let value = value.trim();
            if let Some(at) = value.find(['=', '!', ' ']) {
                let found = &value[at..=at];
                let found = if found == " " {
                    value[at..].trim()
                } else {
                    found
                };
                return Err(format!("found '{found}', expected: ',' or 'end of string'"));
            }
            return made(key, operator, vec![value.to_owned()]);
        }
    }
    let mut words = part.split_whitespace();
    match (words.next(), words.next()) {
        (Some(key), None) => made(key, Operator::Exists, Vec::new()),
        (_, Some("in" | "notin")) => {
            let found = words.next().unwrap_or_default();
            Err(format!(
                "unable to parse requirement: found '{found}' expected: '('"
            ))
        }
        (_, Some(word)) => Err(format!(
            "found '{word}', expected: in, notin, =, ==, !=, gt, lt"
        )),
        (None, None) => Err("found '', expected: !, identifier, or 'end of string'".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn requirements_are_read_and_hold() {
        let labels = json!({"app": "web", "tier": "front", "n": "5"});
        for (text, holds) in [
            ("", true),
            ("app=web", true),
            ("app==web,tier!=back", true),
            ("app in (web, api),tier notin (back)", true),
            ("app,!missing", true),
            ("!app", false),
            ("missing!=x", true),
            ("n>4", true),
            ("n<4", false),
            ("app=", false),
        ] {
            let selector = LabelSelector::parse(text).unwrap();
            assert_eq!(selector.matches(&labels), holds, "{text}");
        }
        assert!(LabelSelector::parse("a=b=c").is_err());
        assert!(LabelSelector::parse("a,,b").is_err());
        assert!(LabelSelector::parse("a in b").is_err());
    }

    #[test]
    fn the_text_is_sorted() {
        let selector = LabelSelector::of(&json!({
            "matchLabels": {"b": "1", "a": "2"},
            "matchExpressions": [{"key": "c", "operator": "In", "values": ["y", "x"]}],
        }));
        assert_eq!(selector.text(), "a=2,b=1,c in (x,y)");
    }
}
