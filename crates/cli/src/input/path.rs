//! Paths as Go's `path/filepath` joins and cleans them: by their text alone.

/// `filepath.Join` of two.
pub(crate) fn join(directory: &str, name: &str) -> String {
    match directory {
        "" => clean(name),
        _ => clean(&format!("{directory}/{name}")),
    }
}

/// `filepath.Abs`.
pub(crate) fn absolute(path: &str) -> String {
    if path.starts_with('/') {
        return clean(path);
    }
    match std::env::current_dir() {
        Ok(here) => join(&here.to_string_lossy(), path),
        Err(_) => clean(path),
    }
}

/// `filepath.Clean`.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.join("/")) {
        (true, rest) => format!("/{rest}"),
        (false, rest) if rest.is_empty() => ".".to_owned(),
        (false, rest) => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_go_cleans_them() {
        // From Go's own documentation and `filepath.Clean`.
        for (path, wanted) in [
            ("", "."),
            ("./a//b/.", "a/b"),
            ("a/../..", ".."),
            ("../../a", "../../a"),
            ("/../a", "/a"),
            ("/", "/"),
            ("a/b/../c", "a/c"),
        ] {
            assert_eq!(clean(path), wanted, "{path}");
        }
        assert_eq!(join(".", "Chart.yaml"), "Chart.yaml");
        assert_eq!(join("", "Chart.yaml"), "Chart.yaml");
    }
}
