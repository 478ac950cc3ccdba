//! A manifest's text as a stream of documents, split as Kubernetes' `YAMLReader` does.
//!
//! A line that starts with `---` ends a document, wherever it stands; what follows on that line must
//! be a comment. A stream that starts with `{` is JSON values one after another, unless the first
//! cannot be read as such: then it is YAML after all.

use super::build::BuildError;

/// The documents of a text, in order; the last may be an error, after which nothing is read.
pub(super) fn documents(text: &str) -> Vec<Result<Document<'_>, BuildError>> {
    if text.trim_start().starts_with('{')
        && let Some(values) = json(text)
    {
        return values.into_iter().map(|v| Ok(Document::Json(v))).collect();
    }
    yaml(text)
}

/// One document.
#[derive(Debug, PartialEq)]
pub(super) enum Document<'a> {
    /// To be read as YAML.
    Yaml(&'a str),
    /// Read already.
    Json(serde_json::Value),
}

impl Document<'_> {
    /// The template that it comes from, as the comment says that Helm puts above each document.
    pub(super) fn source(&self) -> &str {
        let Self::Yaml(text) = self else { return "" };
        let mut comments = text.lines().map(str::trim_end);
        let mut comments = comments
            .by_ref()
            .take_while(|line| line.is_empty() || line.starts_with('#'));
        let found = comments.find_map(|line| line.strip_prefix("# Source: "));
        found.unwrap_or_default()
    }
}

fn json(text: &str) -> Option<Vec<serde_json::Value>> {
    let stream = serde_json::Deserializer::from_str(text).into_iter();
    stream.collect::<Result<_, _>>().ok()
}

fn yaml(text: &str) -> Vec<Result<Document<'_>, BuildError>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if let Some(rest) = line.strip_prefix("---") {
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                let separator = rest.to_owned();
                found.push(Err(BuildError::Separator { separator }));
                return found;
            }
            if start < at {
                found.push(Ok(Document::Yaml(&text[start..at])));
            }
            start = end;
        }
        at = end;
    }
    if start < at {
        found.push(Ok(Document::Yaml(&text[start..at])));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let show = |document| match document {
            Ok(Document::Yaml(text)) => text.to_owned(),
            Ok(Document::Json(value)) => value.to_string(),
            Err(error) => format!("error: {error}"),
        };
        documents(text).into_iter().map(show).collect()
    }

    #[test]
    fn splits_at_separators() {
        assert_eq!(
            texts("---\n# Source: a\na: 1\n--- # b\nb: 2"),
            ["# Source: a\na: 1\n", "b: 2"]
        );
        assert_eq!(texts(""), Vec::<String>::new());
        assert_eq!(texts("---\n---\n"), Vec::<String>::new());
    }

    #[test]
    fn refuses_content_behind_a_separator() {
        assert_eq!(
            texts("a: 1\n--- b: 2\n---\nc: 3"),
            ["error: error parsing : invalid Yaml document separator: b: 2"]
        );
    }

    #[test]
    fn reads_json_values_in_a_row() {
        assert_eq!(texts("\n{\"a\":1}{\"b\":2}"), ["{\"a\":1}", "{\"b\":2}"]);
        assert_eq!(texts("{a: 1}\n---\nb: 2\n"), ["{a: 1}\n", "b: 2\n"]);
    }
}
