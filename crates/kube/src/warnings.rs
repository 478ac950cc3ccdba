//! `Warning` headers: what servers want people to know about what they just did.

use http::HeaderMap;

/// The texts of the warnings among an answer's headers, in order. Only code 299 is for people.
pub(crate) fn texts(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(http::header::WARNING).iter();
    let values = values.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
    values.flat_map(parse).collect()
}

/// `299 - "text"`, possibly several with commas between.
fn parse(header: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = header.trim_start();
    while let Some((code, after)) = rest.split_once(' ') {
        let Some((_agent, after)) = after.split_once(' ') else {
            break;
        };
        let Some((text, after)) = quoted(after.trim_start()) else {
            break;
        };
        if code == "299" && !text.is_empty() {
            out.push(text);
        }
        // A date may stand between a warning and the next.
        rest = after
            .split_once(',')
            .map_or("", |(_, next)| next.trim_start());
    }
    out
}

/// A quoted text at the head, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut characters = text.strip_prefix('"')?.char_indices();
    let mut out = String::new();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((out, &text[at + 2..])),
            '\\' => out.push(characters.next()?.1),
            other => out.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn warnings_are_read_out_of_their_headers() {
        assert_eq!(parse(r#"299 - "old kind""#), ["old kind"]);
        assert_eq!(
            parse(r#"299 - "a, \"b\"" "Wed, 21 Oct 2015", 299 kube "c""#),
            [r#"a, "b""#, ""]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
        );
        assert_eq!(parse(r#"199 - "not for people""#), [""; 0]);
        assert_eq!(parse("299 - unquoted"), [""; 0]);
    }
}
