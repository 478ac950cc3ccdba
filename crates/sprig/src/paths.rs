//! Paths with slashes. The `os` forms are the same: charts are rendered as on Linux everywhere.

use windlass_template::Function;
use windlass_value::Value;
use windlass_value::func::Param::String;

use crate::call::{fixed, string};

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("base", &[String], |_, args| {
        Ok(Value::str(base(string(args, 0)?)))
    }),
    fixed("osBase", &[String], |_, args| {
        Ok(Value::str(base(string(args, 0)?)))
    }),
    fixed("dir", &[String], |_, args| {
        Ok(Value::str(dir(string(args, 0)?)))
    }),
    fixed("osDir", &[String], |_, args| {
        Ok(Value::str(dir(string(args, 0)?)))
    }),
    fixed("clean", &[String], |_, args| {
        Ok(Value::str(clean(string(args, 0)?)))
    }),
    fixed("osClean", &[String], |_, args| {
        Ok(Value::str(clean(string(args, 0)?)))
    }),
    fixed("ext", &[String], |_, args| {
        Ok(Value::str(ext(string(args, 0)?)))
    }),
    fixed("osExt", &[String], |_, args| {
        Ok(Value::str(ext(string(args, 0)?)))
    }),
    fixed("isAbs", &[String], |_, args| {
        Ok(string(args, 0)?.starts_with(b"/").into())
    }),
    fixed("osIsAbs", &[String], |_, args| {
        Ok(string(args, 0)?.starts_with(b"/").into())
    }),
];

/// The last element; `.` for an empty path, `/` for one of slashes only.
fn base(path: &[u8]) -> &[u8] {
    let Some(last) = path.iter().rposition(|b| *b != b'/') else {
        return if path.is_empty() { b"." } else { b"/" };
    };
    let path = &path[..=last];
    path.rsplit(|b| *b == b'/').next().unwrap_or(path)
}

/// All but the last element, cleaned.
fn dir(path: &[u8]) -> Vec<u8> {
    clean(&path[..path.iter().rposition(|b| *b == b'/').map_or(0, |i| i + 1)])
}

/// From the last dot of the last element on.
fn ext(path: &[u8]) -> &[u8] {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or(path);
    name.iter()
        .rposition(|b| *b == b'.')
        .map_or(b"", |dot| &name[dot..])
}

/// The shortest path of the same meaning: no empty or `.` elements, `..` resolved as far as known.
fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut elements: Vec<&[u8]> = Vec::new();
    for element in path.split(|b| *b == b'/') {
        match element {
            b"" | b"." => {}
            b".." if elements.last().is_some_and(|e| *e != b"..") => {
                elements.pop();
            }
            b".." if rooted => {}
            other => elements.push(other),
        }
    }
    let joined = elements.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}
