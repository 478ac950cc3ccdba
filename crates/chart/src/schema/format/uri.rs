//! `uri`, `uri-reference`, `uri-template`, and the IRI formats, which are checked like them.

use windlass_url::{Url, path_unescape};

use super::{fail, host};

fn parse(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.as_bytes()).map_err(|e| e.to_string())?;
    let host = String::from_utf8_lossy(url.hostname());
    if host.contains(':') {
        if !url.host.contains(&b'[') || !url.host.contains(&b']') {
            return Err("ipv6 address not enclosed in brackets".to_owned());
        }
        host::ipv6(&host).map_err(|e| format!("invalid ipv6 address: {e}"))?;
    }
    Ok(url)
}

pub(super) fn uri(text: &str) -> Result<(), String> {
    if !parse(text)?.scheme.is_empty() {
        Ok(())
    } else {
        fail("relative url")
    }
}

pub(super) fn reference(text: &str) -> Result<(), String> {
    if text.contains('\\') {
        return fail("contains \\");
    }
    parse(text).map(|_| ())
}

pub(super) fn template(text: &str) -> Result<(), String> {
    let url = parse(text)?;
    for segment in url.raw_path.split(|b| *b == b'/') {
        let segment = path_unescape(segment).map_err(|e| format!("percent decode failed: {e}"))?;
        let mut open = false;
        for brace in segment.iter().filter(|c| b"{}".contains(c)) {
            if open == (*brace == b'{') {
                return fail("nested curly braces");
            }
            open = !open;
        }
        if open {
            return fail("no matching closing brace");
        }
    }
    Ok(())
}
