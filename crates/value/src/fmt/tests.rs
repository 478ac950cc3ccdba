//! What Go prints, value by value (recorded from Go 1.26).
#![allow(clippy::unwrap_used)]

use super::*;

fn f(format: &str, args: &[Value]) -> String {
    sprintf(&Heap::new(), format.as_bytes(), args)
        .to_text()
        .into_owned()
}

#[test]
fn plain_verbs() {
    assert_eq!(
        f(
            "%d|%5d|%-5d|%05d|%+d|%x",
            &[3, 4, 5, -6, 7, 255].map(Value::int)
        ),
        "3|    4|5    |-0006|+7|ff"
    );
    assert_eq!(f("%d", &["hi".into()]), "%!d(string=hi)");
    assert_eq!(f("%d %d", &[Value::int(1)]), "1 %!d(MISSING)");
    assert_eq!(f("%", &[]), "%!(NOVERB)");
    assert_eq!(
        f("x", &[Value::int(1), Value::Nil]),
        "x%!(EXTRA int=1, <nil>)"
    );
}
