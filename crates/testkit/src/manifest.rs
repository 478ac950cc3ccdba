//! Rendered output taken apart, as far as a test needs it: documents by kind and name, with their text.
//!
//! Not a YAML parser: it reads the lines that Helm and our charts write.

/// One document of what `template` prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document<'t> {
    /// What its `# Source:` line says.
    pub source: &'t str,
    /// Its `kind`.
    pub kind: &'t str,
    /// Its `metadata.name`.
    pub name: &'t str,
    /// All of it.
    pub text: &'t str,
}

/// The documents, in the order in which they are printed.
#[must_use]
pub fn documents(output: &str) -> Vec<Document<'_>> {
    output
        .split("---\n")
        .filter_map(|text| {
            Some(Document {
                source: after(text, "# Source: ")?,
                kind: after(text, "kind: ")?,
                name: after(&text[text.find("\nmetadata:\n")?..], "  name: ")?,
                text,
            })
        })
        .collect()
}

/// The rest of the first line that begins so.
fn after<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.strip_prefix(start))
}

impl Document<'_> {
    /// `KIND/NAME`
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.kind, self.name)
    }

    /// Whether these lines follow one another in it, whatever the first one's indentation.
    #[must_use]
    pub fn holds(&self, lines: &str) -> bool {
        let wanted: Vec<&str> = lines.trim_matches('\n').lines().collect();
        let all: Vec<&str> = self.text.lines().collect();
        all.windows(wanted.len().max(1)).any(|window| {
            let pad = indentation(window[0]).saturating_sub(indentation(wanted[0]));
            window.iter().zip(&wanted).all(|(have, want)| {
                have.get(pad..).is_some_and(|rest| rest == *want)
                    && have.bytes().take(pad).all(|b| b == b' ')
            })
        })
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "---\n# Source: c/templates/a.yaml\nkind: Service\nmetadata:\n  labels:\n    a: b\n  name: \
                          first\nspec:\n  ports:\n    - port: 1\n      name: x\n\n\n---\n# Source: c/templates/b.yaml\nkind: \
                          Job\nmetadata:\n  name: second\n";

    #[test]
    fn documents_have_source_kind_and_name() {
        let all: Vec<(&str, String)> = documents(OUTPUT)
            .iter()
            .map(|d| (d.source, d.id()))
            .collect();
        let wanted = [
            ("c/templates/a.yaml", "Service/first".to_owned()),
            ("c/templates/b.yaml", "Job/second".to_owned()),
        ];
        assert_eq!(all, wanted);
    }

    #[test]
    fn lines_are_held_at_any_depth_but_in_their_own_order() {
        let all = documents(OUTPUT);
        assert!(all[0].holds("ports:\n  - port: 1\n    name: x"));
        assert!(all[0].holds("- port: 1"));
        assert!(!all[0].holds("ports:\n- port: 1"));
        assert!(!all[0].holds("port: 2"));
        assert!(!all[1].holds("ports:"));
    }
}
