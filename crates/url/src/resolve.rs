//! What a reference means where some URL is the base.

use crate::Url;

impl Url {
    /// What a reference means where this URL is the base: Go's `ResolveReference`.
    #[must_use]
    pub fn resolve(&self, reference: &Self) -> Self {
        let mut url = reference.clone();
        if reference.scheme.is_empty() {
            url.scheme.clone_from(&self.scheme);
        }
        if !reference.scheme.is_empty() || !reference.host.is_empty() || reference.user.is_some() {
            url.replace_path(&resolve_path(&reference.escaped_path(), b""));
            return url;
        }
        if !reference.opaque.is_empty() {
            url.clear_authority();
            return url;
        }
        let no_path = reference.path.is_empty();
        if no_path && !reference.force_query && reference.query.is_empty() {
            url.query.clone_from(&self.query);
            if reference.fragment.is_empty() {
                url.fragment.clone_from(&self.fragment);
            }
        }
        if no_path && !self.opaque.is_empty() {
            url.opaque.clone_from(&self.opaque);
            url.clear_authority();
            return url;
        }
        url.host.clone_from(&self.host);
        url.user.clone_from(&self.user);
        url.replace_path(&resolve_path(
            &self.escaped_path(),
            &reference.escaped_path(),
        ));
        url
    }

    /// Sets the path to one that comes escaped from a URL; it can be unescaped, or stays as it was.
    fn replace_path(&mut self, text: &[u8]) {
        let _ = self.set_path(text);
    }

    fn clear_authority(&mut self) {
        self.user = None;
        self.host.clear();
        self.path.clear();
    }
}

/// The path a relative one means below a base, dots resolved.
fn resolve_path(base: &[u8], reference: &[u8]) -> Vec<u8> {
    let full = if reference.is_empty() {
        base.to_vec()
    } else if reference.starts_with(b"/") {
        reference.to_vec()
    } else {
        let dir = memchr::memrchr(b'/', base).map_or(0, |slash| slash + 1);
        [&base[..dir], reference].concat()
    };
    if full.is_empty() {
        return full;
    }
    let mut out = b"/".to_vec();
    let mut first = true;
    let mut last: &[u8] = b"";
    for element in full.split(|b| *b == b'/') {
        last = element;
        match element {
            b"." => first = false,
            b".." => {
                let parent = memchr::memrchr(b'/', &out[1..]).map_or(1, |slash| slash + 1);
                out.truncate(parent);
                first = out.len() == 1;
            }
            _ => {
                if !first {
                    out.push(b'/');
                }
                out.extend_from_slice(element);
                first = false;
            }
        }
    }
    if matches!(last, b"." | b"..") {
        out.push(b'/');
    }
    if out[1..].starts_with(b"/") {
        out.remove(0);
    }
    out
}
