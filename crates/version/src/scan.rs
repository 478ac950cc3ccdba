//! Finding versions and operators in a text, byte by byte.

/// What a version-like text consists of; each part is a slice of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'a> {
    /// All of it, a leading `v` included.
    pub(crate) whole: &'a [u8],
    pub(crate) major: &'a [u8],
    /// Without its point; `None` if absent.
    pub(crate) minor: Option<&'a [u8]>,
    /// Without its point; `None` if absent.
    pub(crate) patch: Option<&'a [u8]>,
    /// Without its hyphen; empty if absent.
    pub(crate) pre: &'a [u8],
    /// Without its plus; empty if absent.
    pub(crate) metadata: &'a [u8],
}

/// Reads the longest version-like text at the start: numbers of the given characters, separated by
/// points, then perhaps a prerelease and metadata.
pub(crate) fn version(text: &[u8], is_number: fn(u8) -> bool) -> Option<Parts<'_>> {
    let mut rest = text.strip_prefix(b"v").unwrap_or(text);
    let major = run(rest, is_number)?;
    rest = &rest[major.len()..];
    let minor = after(&mut rest, b'.', |t| run(t, is_number));
    let patch = minor.and_then(|_| after(&mut rest, b'.', |t| run(t, is_number)));
    let pre = after(&mut rest, b'-', identifiers);
    let metadata = after(&mut rest, b'+', identifiers);
    Some(Parts {
        whole: &text[..text.len() - rest.len()],
        major,
        minor,
        patch,
        pre: pre.unwrap_or_default(),
        metadata: metadata.unwrap_or_default(),
    })
}

/// Reads what may follow a separator; nothing is consumed if it does not.
fn after<'a>(
    rest: &mut &'a [u8],
    separator: u8,
    read: impl Fn(&'a [u8]) -> Option<&'a [u8]>,
) -> Option<&'a [u8]> {
    let (&first, tail) = rest.split_first()?;
    let found = read(tail).filter(|_| first == separator)?;
    *rest = &tail[found.len()..];
    Some(found)
}

/// Reads identifiers separated by points.
fn identifiers(text: &[u8]) -> Option<&[u8]> {
    let mut len = run(text, is_identifier)?.len();
    while text.get(len) == Some(&b'.') {
        match run(&text[len + 1..], is_identifier) {
            Some(more) => len += 1 + more.len(),
            None => break,
        }
    }
    Some(&text[..len])
}

/// The longest run of such bytes at the start, unless it is empty.
fn run(text: &[u8], accept: fn(u8) -> bool) -> Option<&[u8]> {
    let len = text.iter().take_while(|&&c| accept(c)).count();
    (len > 0).then(|| &text[..len])
}

/// What may stand in a prerelease or metadata identifier.
pub(crate) fn is_identifier(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'-'
}

pub(crate) fn is_digit(c: u8) -> bool {
    c.is_ascii_digit()
}

/// What may stand for a number in a constraint. The bar is an oversight upstream that decides which
/// error a lone bar gives.
pub(crate) fn is_wildcard_number(c: u8) -> bool {
    matches!(c, b'0'..=b'9' | b'x' | b'X' | b'*' | b'|')
}

pub(crate) fn is_space(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')
}

/// The text without the blanks at its start.
pub(crate) fn skip_space(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|&&c| is_space(c)).count();
    &text[blanks..]
}
