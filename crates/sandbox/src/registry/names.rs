//! The forms of names, label keys and label values, and what the server says of bad ones.

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const NAME_PART: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// What is wrong with a name; nothing if it is good.
pub(super) type Wrong = Vec<String>;

/// `example.com`
pub(super) fn subdomain(name: &str) -> Wrong {
    let good = !name.is_empty() && name.split('.').all(is_label);
    checked(name, 253, "characters", good, SUBDOMAIN)
}

/// `my-name`
pub(super) fn label(name: &str) -> Wrong {
    checked(name, 63, "characters", is_label(name), LABEL)
}

/// A name that fits into a path, as RBAC has them.
pub(super) fn path_segment(name: &str) -> Wrong {
    if name == "." || name == ".." {
        return vec![format!("may not be '{name}'")];
    }
    let bad = ["/", "%"].into_iter().filter(|bad| name.contains(bad));
    bad.map(|bad| format!("may not contain '{bad}'")).collect()
}

/// The key of a label or an annotation: `prefix/name`.
pub(super) fn qualified(key: &str) -> Wrong {
    let mut wrong = Wrong::new();
    let parts: Vec<&str> = key.split('/').collect();
    let name = match parts.as_slice() {
        [name] => name,
        [prefix, name] => {
            if prefix.is_empty() {
                wrong.push("prefix part must be non-empty".to_owned());
            } else {
                let said = subdomain(prefix);
                wrong.extend(said.iter().map(|why| format!("prefix part {why}")));
            }
            name
        }
        _ => {
            return vec![format!(
                "a valid label key {NAME_PART} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )];
        }
    };
    if name.is_empty() {
        wrong.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        wrong.push("name part must be no more than 63 bytes".to_owned());
    }
    if !is_name(name) {
        wrong.push(format!("name part {NAME_PART}"));
    }
    wrong
}

/// The value of a label.
pub(super) fn label_value(value: &str) -> Wrong {
    let good = value.is_empty() || is_name(value);
    checked(value, 63, "bytes", good, LABEL_VALUE)
}

fn checked(text: &str, most: usize, unit: &str, good: bool, why: &str) -> Wrong {
    let mut wrong = Wrong::new();
    if text.len() > most {
        wrong.push(format!("must be no more than {most} {unit}"));
    }
    if !good {
        wrong.push(why.to_owned());
    }
    wrong
}

fn is_label(text: &str) -> bool {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    bounded(text, inner)
}

fn is_name(text: &str) -> bool {
    bounded(text, |c| c.is_ascii_alphanumeric() || b"-_.".contains(&c))
}

/// Letters and figures at both ends, `inner` between.
fn bounded(text: &str, inner: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    let outer = |c: Option<&u8>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    bytes.iter().all(|c| inner(*c)) && outer(bytes.first()) && outer(bytes.last())
}
