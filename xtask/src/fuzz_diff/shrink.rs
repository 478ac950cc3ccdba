//! Making a question that shows a difference small: any JSON, and templates within it.

use anyhow::Result;
use serde_json::{Value, json};

use super::answer::Answer;
use super::family::Family;
use super::report::text_shape;
use super::worker::Found;

/// How many questions a shrink may cost.
const EFFORT: usize = 1500;
/// Fields that say what is asked rather than hold a part of it.
const KEPT: &[&str] = &["op", "$go", "kind", "into", "missingkey", "base64"];

/// The smallest question found that `differs` still, for the same sort of reason.
pub(super) fn shrink(
    family: &Family,
    mut found: Found,
    mut differs: impl FnMut(&Value) -> Result<Option<(Answer, Answer)>>,
) -> Result<Found> {
    let reason = reason(&found.theirs, &found.ours);
    let mut left = EFFORT;
    'again: loop {
        for asked in (family.smaller)(&found.asked) {
            if left == 0 {
                break 'again;
            }
            left -= 1;
            if let Some((theirs, ours)) = differs(&asked)?
                && self::reason(&theirs, &ours) == reason
            {
                found = Found {
                    asked,
                    theirs,
                    ours,
                };
                continue 'again;
            }
        }
        break;
    }
    Ok(found)
}

/// What must stay while the question shrinks: how both ended, and what our error says at its end.
fn reason(theirs: &Answer, ours: &Answer) -> (String, String) {
    let of = |answer: &Answer| match answer {
        Answer::Given(_) => "succeeds".to_owned(),
        Answer::Refused(error, _) => {
            let text = text_shape(&String::from_utf8_lossy(error));
            text.rsplit(": ").next().unwrap_or_default().to_owned()
        }
        other => text_shape(&other.shown()),
    };
    (of(theirs), of(ours))
}

/// Any JSON with one thing less, the greatest things first.
pub(super) fn smaller(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(fields) => {
            for name in fields.keys().filter(|name| !KEPT.contains(&name.as_str())) {
                let mut less = fields.clone();
                less.remove(name);
                all.push(Value::Object(less));
            }
            for (name, field) in fields.iter().filter(|(n, _)| !KEPT.contains(&n.as_str())) {
                for part in smaller(field) {
                    let mut less = fields.clone();
                    less.insert(name.clone(), part);
                    all.push(Value::Object(less));
                }
            }
        }
        Value::Array(items) => {
            for at in 0..items.len() {
                let mut less = items.clone();
                less.remove(at);
                all.push(Value::Array(less));
            }
            for (at, item) in items.iter().enumerate() {
                for part in smaller(item) {
                    let mut less = items.clone();
                    less[at] = part;
                    all.push(Value::Array(less));
                }
            }
        }
        Value::String(text) => all.extend(texts(text).into_iter().map(Value::from)),
        Value::Number(n) if n.as_f64() != Some(0.0) => all.extend([json!(0), json!(1)]),
        _ => {}
    }
    all.retain(|smaller| smaller != value);
    all
}

/// A text with some of its pieces left out: bracketed parts, runs of tokens, single characters.
fn texts(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut all = Vec::new();
    let mut size = tokens.len().div_ceil(2);
    while size > 0 {
        for at in (0..tokens.len()).step_by(size) {
            let end = tokens.len().min(at + size);
            all.push([&tokens[..at], &tokens[end..]].concat().concat());
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    for (at, _) in tokens.iter().enumerate().filter(|(_, t)| **t == "(") {
        if let Some(end) = closing(&tokens, at) {
            all.push(
                [&tokens[..at], &["0"], &tokens[end + 1..]]
                    .concat()
                    .concat(),
            );
            all.push([&tokens[..at], &tokens[end + 1..]].concat().concat());
            all.push(
                [&tokens[..at], &tokens[at + 1..end], &tokens[end + 1..]]
                    .concat()
                    .concat(),
            );
        }
    }
    // Pairs of neighbours: a flag and its value, a key and its entry.
    for at in 0..tokens.len().saturating_sub(3) {
        all.push([&tokens[..at], &tokens[at + 3..]].concat().concat());
    }
    const SHORT: usize = 200;
    if text.len() < SHORT {
        for (at, c) in text.char_indices() {
            all.push(format!("{}{}", &text[..at], &text[at + c.len_utf8()..]));
        }
    }
    all
}

/// Words, runs of spaces, and every other character by itself; a template's action is thus many.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        c if c.is_alphanumeric() || matches!(c, '_' | '.' | '$') => 1,
        c if c.is_whitespace() => 2,
        _ => 3,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last = 0;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        if at > start && (this != last || this == 3) {
            tokens.push(&text[start..at]);
            start = at;
        }
        last = this;
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

/// The token that closes a parenthesis.
fn closing(tokens: &[&str], open: usize) -> Option<usize> {
    let mut depth = 0;
    tokens
        .iter()
        .enumerate()
        .skip(open)
        .find_map(|(at, token)| {
            match *token {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(at)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_loses_whole_actions_and_arguments() {
        let all = texts("{{ a (b c) }}");
        assert!(all.iter().any(|t| t == "{{ a 0 }}"));
        assert!(all.iter().any(|t| t == "{{ a  }}"));
        assert!(all.iter().any(|t| t == "{{ (b c) }}"));
    }

    #[test]
    fn what_is_asked_stays() {
        let question = json!({"op": "exec", "data": {"$go": "int", "v": 7}});
        let all = smaller(&question);
        assert!(all.iter().all(|q| q["op"] == "exec"));
        assert!(all.contains(&json!({"op": "exec", "data": {"$go": "int", "v": 0}})));
    }

    #[test]
    fn it_ends_with_the_smallest_that_still_differs() {
        let family = &super::super::FAMILIES[0];
        let found = Found {
            asked: json!({"op": "exec", "template": "abc x def", "data": [1, 2]}),
            theirs: Answer::error("a: 1"),
            ours: Answer::error("b: 2"),
        };
        let small = shrink(family, found, |asked| {
            let shows = asked["template"].as_str().is_some_and(|t| t.contains('x'));
            Ok(shows.then(|| (Answer::error("c: 1"), Answer::error("d: 2"))))
        });
        assert_eq!(
            small.ok().map(|found| found.asked),
            Some(json!({"op": "exec", "template": "x"}))
        );
    }
}
