//! Whether a text is a web address, under the rules of the checker that Helm uses.

use std::sync::LazyLock;

use windlass_regexp::Regexp;
use windlass_url::Url;

/// Addresses of this many characters and more are refused.
const MAX_CHARACTERS: usize = 2083;
/// Addresses of this many bytes and less are refused.
const MIN_BYTES: usize = 3;

/// Whether this could be asked for: a URL with a scheme.
pub(super) fn is_request_url(text: &str) -> bool {
    windlass_url::is_request_url(text.as_bytes())
}

/// Whether this looks like the address of a site, with or without a scheme.
pub(super) fn is_web_address(text: &str) -> bool {
    if text.len() <= MIN_BYTES || text.starts_with('.') || text.chars().count() >= MAX_CHARACTERS {
        return false;
    }
    // A colon without a scheme stands before a port.
    let assumed = if text.contains(':') && !text.contains("://") {
        "http://"
    } else {
        ""
    };
    let Ok(Url { host, path, .. }) = Url::parse(format!("{assumed}{text}").as_bytes()) else {
        return false;
    };
    let is_word = host.is_empty() && !path.is_empty() && !path.contains(&b'.');
    !host.starts_with(b".") && !is_word && SITE.is_match(text.as_bytes())
}

/// The shape of a site's address. It overlaps with itself in many ways, so it stays an expression.
static SITE: LazyLock<Regexp> = LazyLock::new(|| {
    const PLAIN: &str = "[a-zA-Z0-9]";
    const LETTER: &str = r"[a-zA-Z\x{a1}-\x{ffff}]";
    const WORD: &str = r"[a-zA-Z0-9\x{a1}-\x{ffff}]";
    const DARK: &str = r"[^\t\n\x0c\r ]";
    let scheme = "(?:(?:ftp|tcp|udp|ws|wss|http|https)://)";
    let user = format!("(?:{DARK}+@)");
    let labels = format!("{PLAIN}(?:[a-zA-Z0-9_-]+)?{PLAIN}(?:[-.]{PLAIN}+)*");
    let subdomain = format!(r"www\.|{PLAIN}+(?:[-_.]?{PLAIN})*{PLAIN}\.{PLAIN}+");
    let domain = format!(r"(?:{WORD}+-?-?)*{WORD}+(?:\.{LETTER}+)?");
    let name = format!("(?:{labels}|{subdomain})?{domain}");
    let (v4, v6) = (version_4(), version_6());
    let port = "(?::[0-9]{1,5})";
    let path = format!("(?:[/?#]{DARK}*)");
    let site = format!(r"^{scheme}?{user}?(?:{v4}|\[(?:{v6})\]|{name})\.?{port}?{path}?$");
    Regexp::new(&site.into()).expect("the expression is made of constants")
});

/// An IPv4 address; the checker knows nearly all first numbers from 1 to 255.
fn version_4() -> String {
    let first = "(?:[1-9][0-9]?|1[0-9][0-9]|2[01][0-9]|22[0-3]|24[0-9]|25[0-5])";
    let number = "(?:[0-9]{1,2}|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";
    format!(r"{first}(?:\.{number}){{3}}")
}

/// An IPv6 address in all its abbreviations.
fn version_6() -> String {
    const GROUP: &str = "[0-9a-fA-F]{1,4}";
    let mut forms = vec![format!("(?:{GROUP}:){{7}}{GROUP}")];
    forms.push(format!("(?:{GROUP}:){{1,7}}:"));
    forms.extend((1..=6).map(|after| {
        let before = 7 - after;
        format!("(?:{GROUP}:){{1,{before}}}(?::{GROUP}){{1,{after}}}")
    }));
    forms.push(format!(":(?:(?::{GROUP}){{1,7}}|:)"));
    forms.push("fe80:(?::[0-9a-fA-F]{0,4}){0,4}%[0-9a-zA-Z]+".into());
    let number = "(?:25[0-5]|(?:2[0-4]|1?[0-9])?[0-9])";
    let v4 = format!(r"(?:{number}\.){{3}}{number}");
    forms.push(format!("::(?:ffff(?::0{{1,4}})?:)?{v4}"));
    forms.push(format!("(?:{GROUP}:){{1,4}}:{v4}"));
    forms.join("|")
}
