//! Events and trees, and the places they name.

use windlass_yaml::{EventKind, NodeKind, ScalarStyle, Stream};

const TEXT: &[u8] = b"a: &x [1, 'two']\nb:\n- *x\n--- !t\n";

#[test]
fn events_come_in_order_with_their_lines() {
    let stream = Stream::new(TEXT).unwrap();
    let names: Vec<String> = stream
        .events()
        .map(|event| {
            let event = event.unwrap();
            let name = match &event.kind {
                EventKind::StreamStart => "+stream".to_owned(),
                EventKind::StreamEnd => "-stream".to_owned(),
                EventKind::DocumentStart => "+document".to_owned(),
                EventKind::DocumentEnd => "-document".to_owned(),
                EventKind::Alias(name) => format!("*{}", String::from_utf8_lossy(name)),
                EventKind::Scalar { value, .. } => String::from_utf8_lossy(value).into_owned(),
                EventKind::SequenceStart(_) => "[".to_owned(),
                EventKind::SequenceEnd => "]".to_owned(),
                EventKind::MappingStart(_) => "{".to_owned(),
                EventKind::MappingEnd => "}".to_owned(),
            };
            format!("{}:{} {name}", event.start.line, event.start.column)
        })
        .collect();
    let expected = [
        "0:0 +stream",
        "0:0 +document",
        "0:0 {",
        "0:0 a",
        "0:3 [",
        "0:7 1",
        "0:10 two",
        "0:15 ]",
        "1:0 b",
        "2:0 [",
        "2:2 *x",
        "3:0 ]",
        "3:0 }",
        "3:0 -document",
        "3:0 +document",
        "3:4 ",
        "4:0 -document",
        "4:0 -stream",
    ];
    assert_eq!(names, expected);
}

#[test]
fn trees_have_children_and_places() {
    let stream = Stream::new(TEXT).unwrap();
    let trees: Vec<_> = stream.trees().map(Result::unwrap).collect();
    let [first, second] = trees.as_slice() else {
        panic!("two documents");
    };
    let children: Vec<_> = first.children(first.root()).collect();
    assert_eq!(children.len(), 4);
    let list = first.node(children[1]);
    assert_eq!(list.kind, NodeKind::Sequence);
    assert_eq!(
        (list.start.line, list.start.column, list.end.column),
        (0, 3, 16)
    );
    let alias = first.children(children[3]).next().unwrap();
    let NodeKind::Alias { target, .. } = first.node(alias).kind else {
        panic!("an alias");
    };
    assert_eq!(target, children[1]);
    assert_eq!(second.node(second.root()).tag.as_deref(), Some(&b"!t"[..]));
}

#[test]
fn an_error_ends_the_events() {
    let stream = Stream::new(b"a: b: c").unwrap();
    let last = stream.events().last().unwrap().unwrap_err();
    assert_eq!(
        last.to_string(),
        "yaml: mapping values are not allowed in this context"
    );
    assert_eq!(last.mark().map(|m| m.column), Some(4));
}

#[test]
fn events_tell_how_scalars_were_written() {
    let stream = Stream::new(b"[p, 's', \"d\"]\n--- |\n l\n--- >\n f\n").unwrap();
    let styles: Vec<ScalarStyle> = stream
        .events()
        .filter_map(|event| match event.unwrap().kind {
            EventKind::Scalar { style, .. } => Some(style),
            _ => None,
        })
        .collect();
    assert_eq!(
        styles,
        [
            ScalarStyle::Plain,
            ScalarStyle::SingleQuoted,
            ScalarStyle::DoubleQuoted,
            ScalarStyle::Literal,
            ScalarStyle::Folded,
        ]
    );
}
