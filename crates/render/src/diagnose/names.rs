//! What was probably meant by a name that is none.

use std::collections::BTreeSet;

use windlass_chart::Chart;

/// The name most like a wrong one, if any is like it at all.
pub(super) fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // A long name from a hostile chart would make comparing slow, and is no slip of a finger.
    const LONGEST: usize = 100;
    if wrong.len() > LONGEST {
        return None;
    }
    let most = wrong.len() / 3;
    names
        .filter(|name| name.len() <= LONGEST)
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, name)| name)
}

/// The names that the templates of a chart and of those below it define.
pub(super) fn defined(chart: &Chart) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(chart, &mut names);
    names
}

/// How many names are looked at.
const MOST: usize = 10_000;

fn collect(chart: &Chart, names: &mut BTreeSet<String>) {
    for file in &chart.templates {
        let mut rest: &[u8] = &file.data;
        while let Some(at) = memchr::memmem::find(rest, b"define") {
            rest = &rest[at + b"define".len()..];
            if let Some(name) = quoted(rest)
                && names.len() < MOST
            {
                names.insert(name);
            }
        }
    }
    for below in &chart.dependencies {
        collect(below, names);
    }
}

/// The text in quotes that follows, if one does.
fn quoted(text: &[u8]) -> Option<String> {
    let text = text.trim_ascii_start();
    let (quote, rest) = text.split_first()?;
    if !matches!(quote, b'"' | b'`') {
        return None;
    }
    let end = rest.iter().take(200).position(|b| b == quote)?;
    Some(String::from_utf8_lossy(&rest[..end]).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_alike_is_offered() {
        let names = ["toYaml", "toJson", "include"];
        assert_eq!(nearest("toYamll", names.into_iter()), Some("toYaml"));
        assert_eq!(nearest("inlcude", names.into_iter()), Some("include"));
        assert_eq!(nearest("frobnicate", names.into_iter()), None);
    }

    #[test]
    fn names_of_definitions_are_read_from_the_text() {
        assert_eq!(quoted(b" \"a.b\" -}}").as_deref(), Some("a.b"));
        assert_eq!(quoted(b"d }}"), None);
    }
}
