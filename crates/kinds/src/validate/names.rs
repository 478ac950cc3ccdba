//! Names and keys: which are right, and what is said of others.

const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const WILDCARD: &str = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const NAME: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const CONFIG_KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
pub(super) const PERCENT: &str = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
pub(super) const CIDR: &str = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

fn label_shape(text: &str) -> bool {
    let edge = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let inner = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
    let bytes = text.as_bytes();
    edge(bytes.first()) && edge(bytes.last()) && bytes.iter().all(inner)
}

fn subdomain_shape(text: &str) -> bool {
    text.split('.').all(label_shape)
}

fn name_shape(text: &str) -> bool {
    let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let inner = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let bytes = text.as_bytes();
    edge(bytes.first()) && edge(bytes.last()) && bytes.iter().all(inner)
}

fn at_most(text: &str, most: usize, wrongs: &mut Vec<String>) {
    if text.len() > most {
        wrongs.push(format!("must be no more than {most} characters"));
    }
}

/// Names of containers, volumes, services, namespaces.
pub(super) fn label(text: &str) -> Vec<String> {
    let mut wrongs = Vec::new();
    at_most(text, 63, &mut wrongs);
    if !label_shape(text) {
        let dots = subdomain_shape(text);
        wrongs.push(if dots { "must not contain dots" } else { LABEL }.to_owned());
    }
    wrongs
}

/// Names of most objects.
pub(super) fn subdomain(text: &str) -> Vec<String> {
    let mut wrongs = Vec::new();
    at_most(text, 253, &mut wrongs);
    if !subdomain_shape(text) {
        wrongs.push(SUBDOMAIN.to_owned());
    }
    wrongs
}

/// Hosts that begin with a star.
pub(super) fn wildcard(text: &str) -> Vec<String> {
    let right = text.strip_prefix("*.").is_some_and(subdomain_shape);
    if right {
        Vec::new()
    } else {
        vec![WILDCARD.to_owned()]
    }
}

/// Names of roles: segments of a path.
pub(super) fn path_segment(text: &str) -> Vec<String> {
    if matches!(text, "." | "..") {
        return vec![format!("may not be '{text}'")];
    }
    let mut wrongs = Vec::new();
    for bad in ["/", "%"] {
        if text.contains(bad) {
            wrongs.push(format!("may not contain '{bad}'"));
        }
    }
    wrongs
}

/// Keys of labels and annotations, and other qualified names.
pub(super) fn qualified(text: &str) -> Vec<String> {
    let mut wrongs = Vec::new();
    let parts: Vec<&str> = text.split('/').collect();
    let name = match parts.as_slice() {
        [name] => name,
        [prefix, name] => {
            if prefix.is_empty() {
                wrongs.push("prefix part must be non-empty".to_owned());
            } else {
                let of_prefix = subdomain(prefix).into_iter();
                wrongs.extend(of_prefix.map(|wrong| format!("prefix part {wrong}")));
            }
            name
        }
        _ => {
            return vec![format!(
                "a valid label key {NAME} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )];
        }
    };
    if name.is_empty() {
        wrongs.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        wrongs.push("name part must be no more than 63 bytes".to_owned());
    }
    if !name_shape(name) {
        wrongs.push(format!("name part {NAME}"));
    }
    wrongs
}

/// Values of labels.
pub(super) fn label_value(text: &str) -> Vec<String> {
    let mut wrongs = Vec::new();
    if text.len() > 63 {
        wrongs.push("must be no more than 63 bytes".to_owned());
    }
    if !text.is_empty() && !name_shape(text) {
        wrongs.push(VALUE.to_owned());
    }
    wrongs
}

/// Keys of ConfigMaps and Secrets.
pub(super) fn config_key(text: &str) -> Vec<String> {
    let mut wrongs = Vec::new();
    at_most(text, 253, &mut wrongs);
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if text.is_empty() || !text.bytes().all(inner) {
        wrongs.push(CONFIG_KEY.to_owned());
    } else if matches!(text, "." | "..") {
        wrongs.push(format!("must not be '{text}'"));
    } else if text.starts_with("..") {
        wrongs.push("must not start with '..'".to_owned());
    }
    wrongs
}

/// Names of ports.
pub(super) fn port(text: &str) -> Vec<String> {
    let mut wrongs = Vec::new();
    at_most(text, 15, &mut wrongs);
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !text.bytes().all(inner) {
        wrongs.push(
            "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned(),
        );
    }
    let mut mark = |wrong: bool, said: &str| {
        if wrong {
            wrongs.push(said.to_owned());
        }
    };
    let letter = |b: u8| b.is_ascii_lowercase();
    mark(
        text.bytes().all(inner) && !text.bytes().any(letter),
        "must contain at least one letter (a-z)",
    );
    mark(text.contains("--"), "must not contain consecutive hyphens");
    let edge = text.starts_with('-') || text.ends_with('-');
    mark(edge, "must not begin or end with a hyphen");
    wrongs
}

/// A percentage.
pub(super) fn percent(text: &str) -> Option<u64> {
    let digits = text.strip_suffix('%')?;
    digits
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

/// A range of addresses.
pub(super) fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else {
        return false;
    };
    match (address.parse::<std::net::IpAddr>(), bits.parse::<u8>()) {
        (Ok(address), Ok(bits)) => bits <= if address.is_ipv4() { 32 } else { 128 },
        _ => false,
    }
}
