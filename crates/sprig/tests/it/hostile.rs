//! Templates made to hurt: what a function costs is told before, or while, it works.

use windlass_sprig::functions;
use windlass_template::{Functions, Limits, Options, Session, Templates};
use windlass_value::{Heap, Value};

use crate::in_templates::Still;

/// Which limit a template meets, or its output.
fn limit(template: &str, limits: Limits) -> Result<String, Option<&'static str>> {
    let mut set = Templates::new("t", functions(Functions::new()), Options::default());
    set.parse("t", template).unwrap();
    let mut heap = Heap::new();
    let data = Value::Map(heap.new_map());
    let result = Session::new(&set, &mut heap, &mut Still, limits).render(b"t", data);
    match result {
        Ok(out) => Ok(String::from_utf8(out).unwrap()),
        Err(error) => Err(error.chain().find_map(|layer| layer.limit())),
    }
}

fn steps(steps: u64) -> Limits {
    Limits {
        steps,
        ..Limits::default()
    }
}

#[test]
fn setting_and_unsetting_amid_many_keys_counts_for_what_moves() {
    let fill = r#"{{ $d := dict }}{{ range $i := until 4000 }}{{ $_ := set $d (printf "%05d" $i) 1 }}{{ end }}"#;
    let ahead = "{{ range $i := until 2000 }}{{ $_ := ACT }}{{ end }}{{ len $d }}";
    for (act, limited) in [
        (r#"set $d (printf "z%04d" $i) 1"#, false),
        (r#"set $d (printf "00000-%d" $i) 1"#, true),
        (r#"unset $d (printf "%05d" $i)"#, true),
    ] {
        let found = limit(
            &(fill.to_owned() + &ahead.replace("ACT", act)),
            steps(1_200_000),
        );
        assert_eq!(found.err(), limited.then_some(Some("steps")), "{act}");
    }
}

#[test]
fn a_cutset_is_looked_up_not_searched() {
    let template = r#"{{ trimAll (printf "%sa" (repeat 50000 "é")) (repeat 50000 "a") }}"#;
    assert_eq!(limit(template, Limits::default()), Ok(String::new()));
}

#[test]
fn shuffling_counts_every_character() {
    let template = r#"{{ shuffle (repeat 100000 "x") }}"#;
    assert_eq!(limit(template, steps(500_000)), Err(Some("steps")));
}

#[test]
fn keys_and_signatures_count_before_they_are_made() {
    for call in [
        r#"genPrivateKey "rsa""#,
        r#"genPrivateKey "dsa""#,
        r#"genPrivateKey "ecdsa""#,
        r#"genPrivateKey "ed25519""#,
        r#"genCA "a" 1"#,
        r#"genCAWithKey "a" 1 "no key""#,
        r#"buildCustomCert "" """#,
    ] {
        let found = limit(&format!("{{{{ $_ := {call} }}}}"), steps(10_000));
        assert_eq!(found, Err(Some("steps")), "{call}");
    }
}

#[test]
fn a_replacement_may_not_multiply() {
    let template = r#"{{ regexReplaceAll "(x+)" (repeat 10000 "x") (repeat 100000 "$1") }}"#;
    assert_eq!(limit(template, Limits::default()), Err(Some("bytes")));
    let template = r#"{{ regexReplaceAll "x" (repeat 10000 "x") (repeat 10000 "$9") }}"#;
    assert_eq!(limit(template, Limits::default()), Err(Some("steps")));
}

#[test]
fn a_search_through_what_is_no_text_takes_room() {
    let template = r#"{{ regexMatch "a" (repeat 5000000 "\xff") }}"#;
    assert_eq!(limit(template, Limits::default()), Err(Some("bytes")));
}
