//! Slash-separated paths as Go's `path` package treats them, without a file system.

/// The suffix from the last dot of the last element on, dot included; empty without one.
#[must_use]
pub fn extension(path: &str) -> &str {
    let start = path.rfind('/').map_or(0, |i| i + 1);
    path[start..].rfind('.').map_or("", |i| &path[start + i..])
}

/// The last element, as Go's `path.Base`: `.` for the empty path, `/` for only slashes.
#[must_use]
pub fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return "/";
    }
    trimmed.rfind('/').map_or(trimmed, |i| &trimmed[i + 1..])
}

/// All but the last element, cleaned, as Go's `path.Dir`: `.` for a path without slashes.
#[must_use]
pub fn directory(path: &str) -> String {
    clean(path.rfind('/').map_or("", |i| &path[..=i]))
}

/// The elements with slashes between them, cleaned, empty ones left out, as Go's `path.Join`.
#[must_use]
pub fn join(elements: &[&str]) -> String {
    let elements: Vec<&str> = elements.iter().copied().filter(|e| !e.is_empty()).collect();
    if elements.is_empty() {
        return String::new();
    }
    clean(&elements.join("/"))
}

/// The shortest path of the same meaning, as Go's `path.Clean`.
#[must_use]
pub fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for element in path.split('/') {
        match element {
            "" | "." => {}
            ".." => match kept.last() {
                Some(&last) if last != ".." => {
                    kept.pop();
                }
                _ if rooted => {}
                _ => kept.push(".."),
            },
            name => kept.push(name),
        }
    }
    let joined = kept.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_go_does() {
        for (path, cleaned) in [
            ("", "."),
            ("a//b/./c/", "a/b/c"),
            ("../a", "../a"),
            ("a/../..", ".."),
            ("/..", "/"),
            ("a/b/../../c", "c"),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
        }
    }

    #[test]
    fn paths_are_joined_and_cut_as_go_does() {
        assert_eq!(join(&["", "a", "../b/"]), "b");
        assert_eq!(join(&["", ""]), "");
        assert_eq!(
            (directory("a/b/c"), directory("c"), directory("/c")),
            ("a/b".into(), ".".into(), "/".into())
        );
    }

    #[test]
    fn base_and_extension_look_at_the_last_element() {
        assert_eq!((base("a/b/"), base(""), base("//")), ("b", ".", "/"));
        assert_eq!(
            (extension("a.b/c"), extension("c.tgz"), extension("a.b/.x")),
            ("", ".tgz", ".x")
        );
    }
}
