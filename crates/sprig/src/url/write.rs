//! A URL as text, and parts of it.

use super::escape::{Part, escape};
use super::parse::is_optional_port;
use super::{Url, User};

impl User {
    /// `name[:password]`, encoded.
    pub(super) fn encoded(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::User));
        }
        out
    }
}

impl Url {
    /// The host without port and brackets.
    pub(super) fn hostname(&self) -> &[u8] {
        let mut host = self.host.as_slice();
        if let Some(colon) = memchr::memrchr(b':', host)
            && is_optional_port(&host[colon..])
        {
            host = &host[..colon];
        }
        let inner = host.strip_prefix(b"[").and_then(|h| h.strip_suffix(b"]"));
        inner.unwrap_or(host)
    }

    /// The whole URL.
    pub(super) fn written(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.write_authority_and_path(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escape(&self.fragment, Part::Fragment));
        }
        out
    }

    fn write_authority_and_path(&self, out: &mut Vec<u8>) {
        if !self.host.is_empty()
            || self.user.is_some()
            || !self.scheme.is_empty() && !self.path.is_empty()
        {
            out.extend_from_slice(b"//");
            if let Some(user) = &self.user {
                out.extend(user.encoded());
                out.push(b'@');
            }
            out.extend(escape(&self.host, Part::Host));
        }
        let path = match self.path.as_slice() {
            b"*" => b"*".to_vec(),
            path => escape(path, Part::Path),
        };
        if !path.is_empty() && path[0] != b'/' && !self.host.is_empty() {
            out.push(b'/');
        }
        let segment = path.split(|b| *b == b'/').next().unwrap_or_default();
        if out.is_empty() && segment.contains(&b':') {
            // A first segment with a colon would be read as a scheme.
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }
}
