//! PEM blocks, read with the leniency of Go's `encoding/pem`.

use windlass_value::base64;

/// Characters of Base64 in a line.
const LINE: usize = 64;

/// A decoded block.
pub(super) struct Block {
    pub(super) kind: Vec<u8>,
    pub(super) bytes: Vec<u8>,
}

/// A block without headers.
pub(super) fn encode(kind: &str, bytes: &[u8]) -> String {
    let digits = base64::encode(bytes);
    let mut out = format!("-----BEGIN {kind}-----\n");
    for line in digits.chunks(LINE) {
        out.extend(line.iter().copied().map(char::from));
        out.push('\n');
    }
    out.push_str(&format!("-----END {kind}-----\n"));
    out
}

/// The first block of a text; what is no block is passed over.
pub(super) fn decode(text: &[u8]) -> Option<Block> {
    let mut rest = text;
    loop {
        let end = find(rest, b"\n-----END ")?;
        let after_end = end + b"\n-----END ".len();
        // The last begin before this end: others have no end of their own.
        let begin = rest[..end]
            .windows(b"-----BEGIN ".len())
            .rposition(|w| w == b"-----BEGIN ")
            .filter(|at| *at == 0 || rest[at - 1] == b'\n');
        let block = begin.and_then(|at| block(&rest[at + b"-----BEGIN ".len()..], end - at));
        if block.is_some() {
            return block;
        }
        rest = &rest[after_end..];
    }
}

/// Reads a block from after the word `BEGIN`; `end` is where its last line starts, counted from the
/// start of its first.
fn block(text: &[u8], end: usize) -> Option<Block> {
    let end = end.checked_sub(b"-----BEGIN ".len());
    let (line, mut rest) = split_line(text);
    let kind = line.strip_suffix(b"-----")?;
    let mut has_headers = false;
    loop {
        let (line, next) = split_line(rest);
        if rest.is_empty() {
            return None;
        }
        if !line.contains(&b':') {
            break;
        }
        has_headers = true;
        rest = next;
    }
    let consumed = text.len() - rest.len();
    // Where the newline of the last line is. An empty block shares it with the first line.
    let body_len = end.and_then(|end| end.checked_sub(consumed));
    if has_headers && body_len.is_none() {
        return None;
    }
    let trailer = &text[end? + b"\n-----END ".len()..];
    let (trailer, after) = trailer.split_at_checked(kind.len() + 5)?;
    if !trailer.starts_with(kind) || !trailer.ends_with(b"-----") || !split_line(after).0.is_empty()
    {
        return None;
    }
    let body: Vec<u8> = rest[..body_len.unwrap_or(0)]
        .iter()
        .copied()
        .filter(|b| !matches!(b, b' ' | b'\t'))
        .collect();
    let bytes = base64::decode(&body).ok()?;
    Some(Block {
        kind: kind.to_vec(),
        bytes,
    })
}

/// The first line without its end and trailing blanks, and what follows.
fn split_line(text: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match text.iter().position(|b| *b == b'\n') {
        Some(at) => (
            text[..at].strip_suffix(b"\r").unwrap_or(&text[..at]),
            &text[at + 1..],
        ),
        None => (text, b"".as_slice()),
    };
    let blanks = line
        .iter()
        .rev()
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    (&line[..line.len() - blanks], rest)
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, needle)
}
