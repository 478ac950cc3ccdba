//! What a file that should be an archive is instead: Go's `http.DetectContentType`.

/// A file given as a chart is no gzip archive; the texts are Helm's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAnArchive {
    /// Its name says YAML: probably chart and values are mixed up.
    #[error("file '{name}' seems to be a YAML file, but expected a gzipped archive")]
    Yaml {
        /// The file as the user named it.
        name: String,
    },
    /// It is something else.
    #[error("file '{name}' does not appear to be a gzipped archive; got '{content_type}'")]
    Other {
        /// The file as the user named it.
        name: String,
        /// What it seems to be.
        content_type: &'static str,
    },
}

/// Checks that a file begins like a gzip archive.
///
/// # Errors
/// [`NotAnArchive`], which says what it is instead.
pub fn ensure_gzip(name: &str, data: &[u8]) -> Result<(), NotAnArchive> {
    if data.starts_with(b"\x1F\x8B\x08") {
        return Ok(());
    }
    let name = name.to_owned();
    if name.ends_with(".yml") || name.ends_with(".yaml") {
        return Err(NotAnArchive::Yaml { name });
    }
    // Helm looks at a buffer of this size whatever was read, so short text counts as binary.
    let mut buffer = [0; SNIFFED];
    let length = data.len().min(SNIFFED);
    buffer[..length].copy_from_slice(&data[..length]);
    Err(NotAnArchive::Other {
        name,
        content_type: content_type(&buffer),
    })
}

/// How many bytes decide.
const SNIFFED: usize = 512;

/// Tags that make a text HTML when a space or `>` follows them.
const HTML: &[&[u8]] = &[
    b"<!DOCTYPE HTML",
    b"<HTML",
    b"<HEAD",
    b"<SCRIPT",
    b"<IFRAME",
    b"<H1",
    b"<DIV",
    b"<FONT",
    b"<TABLE",
    b"<A",
    b"<STYLE",
    b"<TITLE",
    b"<B",
    b"<BODY",
    b"<BR",
    b"<P",
    b"<!--",
];

/// Beginnings with their types, tried in order.
const PREFIXES: &[(&[u8], &str)] = &[
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"\xFE\xFF", "text/plain; charset=utf-16be"),
    (b"\xFF\xFE", "text/plain; charset=utf-16le"),
    (b"\xEF\xBB\xBF", "text/plain; charset=utf-8"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"\x00\x00\x02\x00", "image/x-icon"),
    (b"BM", "image/bmp"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x89PNG\x0D\x0A\x1A\x0A", "image/png"),
    (b"\xFF\xD8\xFF", "image/jpeg"),
    (b"ID3", "audio/mpeg"),
    (b"OggS\x00", "application/ogg"),
    (b"MThd\x00\x00\x00\x06", "audio/midi"),
    (b"\x1A\x45\xDF\xA3", "video/webm"),
    (b"\x00\x01\x00\x00", "font/ttf"),
    (b"OTTO", "font/otf"),
    (b"ttcf", "font/collection"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\x1F\x8B\x08", "application/x-gzip"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1A\x07\x00", "application/x-rar-compressed"),
    (b"Rar!\x1A\x07\x01\x00", "application/x-rar-compressed"),
    (b"\x00\x61\x73\x6D", "application/wasm"),
];

/// Containers: four bytes of tag, four of size, then the kind.
const CONTAINERS: &[(&[u8], &[u8], &str)] = &[
    (b"RIFF", b"WEBPVP", "image/webp"),
    (b"FORM", b"AIFF", "audio/aiff"),
    (b"RIFF", b"AVI ", "video/avi"),
    (b"RIFF", b"WAVE", "audio/wave"),
];

/// The type of content that the first 512 bytes suggest.
#[must_use]
pub fn content_type(data: &[u8]) -> &'static str {
    let data = &data[..data.len().min(SNIFFED)];
    let space = |b: &u8| matches!(b, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ');
    let text = &data[data.iter().take_while(|b| space(b)).count()..];
    if HTML.iter().any(|tag| is_tag(text, tag)) {
        return "text/html; charset=utf-8";
    }
    if text.starts_with(b"<?xml") {
        return "text/xml; charset=utf-8";
    }
    // Byte order marks count only where two more bytes follow them (one behind the UTF-8 mark).
    let marked = |prefix: &[u8]| prefix[0] < 0xEF || prefix[1] == 0xD8 || data.len() >= 4;
    let prefix = PREFIXES
        .iter()
        .find(|(p, _)| data.starts_with(p) && marked(p));
    if let Some((_, name)) = prefix {
        return name;
    }
    let container = |(tag, kind, _): &&(&[u8], &[u8], &str)| {
        data.starts_with(tag) && data.get(8..).is_some_and(|d| d.starts_with(kind))
    };
    if let Some((_, _, name)) = CONTAINERS.iter().find(container) {
        return name;
    }
    if is_mp4(data) {
        return "video/mp4";
    }
    if data.len() >= 36 && data[34..].starts_with(b"LP") {
        return "application/vnd.ms-fontobject";
    }
    let binary = |b: &u8| matches!(b, 0..=0x08 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F);
    if text.iter().any(binary) {
        "application/octet-stream"
    } else {
        "text/plain; charset=utf-8"
    }
}

fn is_tag(text: &[u8], tag: &[u8]) -> bool {
    text.len() > tag.len()
        && text[..tag.len()].eq_ignore_ascii_case(tag)
        && matches!(text[tag.len()], b' ' | b'>')
}

fn is_mp4(data: &[u8]) -> bool {
    if data.len() < 12 || &data[4..8] != b"ftyp" {
        return false;
    }
    let size = u32::from_be_bytes([data[0], data[1], data[2], data[3]]) as usize;
    // The four bytes at 12 are the version of the major brand.
    size <= data.len()
        && size.is_multiple_of(4)
        && (8..size)
            .step_by(4)
            .any(|at| at != 12 && data[at..].starts_with(b"mp4"))
}
