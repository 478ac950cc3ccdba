//! Hostile charts: each ends in an error that names the limit, of bounded length, whatever it asks for.
//!
//! How long that takes and how much memory is in docs/limits.md; a test by the clock would fail on a
//! slow machine.

use crate::folder::Folder;

/// Renders a chart of one template under small limits; gives the error.
fn limited(name: &str, template: &str) -> String {
    let folder = Folder::chart(name, template);
    let limits = ["--max-steps", "2000000", "--max-bytes", "8000000"];
    let error = folder.error(&[&["template", "c"], limits.as_slice()].concat());
    assert!(error.len() < 4_000, "{} bytes: {:.500}", error.len(), error);
    error
}

#[test]
fn loops_end_at_the_steps() {
    for (name, template) in [
        ("range", "{{ range 1000000000 }}{{ end }}"),
        (
            "nested",
            "{{ range until 3000 }}{{ range until 3000 }}{{ end }}{{ end }}",
        ),
        (
            "sums",
            "{{ $x := repeat 1000000 \"a\" }}{{ range until 1000 }}{{ $y := sha256sum $x }}{{ end }}",
        ),
        (
            "sorts",
            "{{ $x := until 1000 }}{{ range until 10000 }}{{ $y := has -1 $x }}{{ end }}",
        ),
        (
            "equals",
            "{{ $x := repeat 1000000 \"a\" }}{{ range until 1000 }}{{ $y := eq $x $x }}{{ end }}",
        ),
        ("hashes", "{{ range until 100 }}{{ bcrypt \"x\" }}{{ end }}"),
        (
            "keys",
            "{{ range until 9 }}{{ genPrivateKey \"rsa\" }}{{ end }}",
        ),
        (
            "passwords",
            "{{ derivePassword 1 \"long\" \"a\" \"b\" \"c\" }}",
        ),
        (
            "searches",
            "{{ regexFindAll \"a.*b|a\" (repeat 100000 \"a\") -1 }}",
        ),
        (
            "expressions",
            "{{ range $i := until 1000 }}{{ regexMatch (printf \"\\\\pL{500}%d\" $i) \"é\" }}{{ end }}",
        ),
    ] {
        let error = limited(name, template);
        assert!(
            error.contains("limit exceeded: rendering needs more than"),
            "{name}: {error}"
        );
    }
}

#[test]
fn what_grows_ends_at_the_bytes() {
    for (name, template) in [
        ("until", "{{ range until 1000000000 }}{{ end }}"),
        ("until-step", "{{ untilStep 0 1000000000 1 }}"),
        ("seq", "{{ seq 1 1000000000 }}"),
        ("repeat", "{{ repeat 10000000000 \"x\" }}"),
        ("indent", "{{ indent 1000000000 \"x\" }}"),
        (
            "doubled",
            "{{ $x := \"x\" }}{{ range until 40 }}{{ $x = cat $x $x }}{{ end }}{{ $x }}",
        ),
        (
            "lists",
            "{{ $x := list 1 }}{{ range until 60 }}{{ $x = concat $x $x }}{{ end }}",
        ),
        ("random", "{{ randAlphaNum 1000000000 }}"),
        (
            "texts",
            "{{ range $i := until 100000 }}{{ tpl (printf \"{{ %d }}\" $i) $ }}{{ end }}",
        ),
        (
            "print",
            "{{ $x := repeat 1000000 \"x\" }}{{ range until 100 }}{{ $x }}{{ end }}",
        ),
    ] {
        let error = limited(name, template);
        assert!(
            error.contains("limit exceeded: rendering needs more than 8000000 bytes"),
            "{name}: {error}"
        );
    }
}

#[test]
fn recursion_ends_without_the_stack() {
    let depth = "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}";
    let error = Folder::chart("template-depth", depth).error(&["template", "c"]);
    assert!(
        error.contains("exceeded maximum template depth (100000)"),
        "{error}"
    );

    // Helm prints every level of this one.
    let include = "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}";
    let error = Folder::chart("include-depth", include).error(&["template", "c"]);
    assert!(error.contains("rendering template has a nested reference name: a"));
    assert!(error.len() < 1 << 20);

    let tpl = "{{ $t := \"{{ tpl .t . }}\" }}{{ tpl $t (dict \"t\" $t) }}";
    let error = Folder::chart("tpl-depth", tpl).error(&["template", "c"]);
    assert!(
        error.contains("limit exceeded: templates call each other more than 5000 deep"),
        "{error}"
    );
    assert!(error.len() < 4_000);
    let error = Folder::chart("tpl-depth-flag", tpl).error(&["template", "c", "--max-depth", "9"]);
    assert!(error.contains("more than 9 deep"), "{error}");
}

#[test]
fn deep_values_end_without_the_stack() {
    for (name, expression) in [
        ("yaml", "toYaml"),
        ("pretty", "toYamlPretty"),
        ("json", "toJson"),
        ("toml", "toToml"),
        ("print", "toString"),
        ("copy", "deepCopy"),
    ] {
        let template = format!(
            "{{{{ $x := dict }}}}{{{{ range until 20000 }}}}{{{{ $x = dict \"a\" $x }}}}{{{{ end }}}}{{{{ $y := {expression} $x }}}}a: 1"
        );
        let ran = Folder::chart(&format!("deep-{name}"), &template).run(&["template", "c"]);
        assert!(matches!(ran.status, 0 | 1), "{name}: {}", ran.stderr);
    }
}

#[test]
fn values_that_are_bombs_are_refused() {
    let folder = Folder::chart("bombs", "a: 1");
    folder.write(
        "deep.yaml",
        format!("a: {}{}", "[".repeat(20_000), "]".repeat(20_000)),
    );
    let mut aliases = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for i in 1..12 {
        let above = format!("*a{},", i - 1).repeat(9);
        aliases += &format!("a{i}: &a{i} [{above}]\n");
    }
    folder.write("aliases.yaml", aliases);
    folder.write("many.yaml", format!("a:\n{}", "- b\n".repeat(800_000)));
    for (file, reason) in [
        ("deep.yaml", "exceeded max depth of 10000"),
        ("aliases.yaml", "document contains excessive aliasing"),
        ("many.yaml", "document has more than 600000 values"),
        ("/dev/zero", "larger than the maximum of 33554432 bytes"),
    ] {
        let error = folder.error(&["template", "c", "-f", file]);
        assert!(error.contains(reason), "{file}: {error}");
    }
}

#[test]
fn schemas_that_refer_to_themselves_end() {
    let folder = Folder::chart("schemas", "a: 1");
    for schema in [
        r##"{"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}}}"##,
        r##"{"$ref":"#/definitions/a","definitions":{"a":{"allOf":[{"$ref":"#/definitions/a"},{"$ref":"#/definitions/a"}]}}}"##,
        r#"{"$ref":"http://127.0.0.1:1/x"}"#,
    ] {
        folder.write("c/values.schema.json", schema);
        let error = folder.error(&["template", "c"]);
        assert!(error.len() < 4_000, "{error}");
        assert!(error.contains("c:\n"), "{error}");
    }
    folder.write("c/values.schema.json", "{\"not\":".repeat(50_000));
    assert!(folder.error(&["template", "c"]).len() < 4_000);
}

#[cfg(unix)]
#[test]
fn links_pipes_and_devices_are_refused() {
    use std::os::unix::fs::symlink;
    use std::process::Command;
    for (name, link, target, reason) in [
        (
            "loop",
            "c/templates/l",
            "..",
            "too many levels of symbolic links",
        ),
        ("itself", "c/l", "l", "too many levels of symbolic links"),
        ("device", "c/z", "/dev/zero", "cannot load irregular file"),
        ("ignore", "c/.helmignore", "/dev/zero", "not a regular file"),
    ] {
        let folder = Folder::chart(&format!("link-{name}"), "a: 1");
        symlink(target, folder.0.join(link)).unwrap();
        let error = folder.error(&["template", "c"]);
        assert!(error.contains(reason), "{name}: {error}");
    }
    for (file, reason) in [
        ("c/templates/f", "cannot load irregular file"),
        ("c/.helmignore", "not a regular file"),
        ("f.tgz", "not a regular file"),
    ] {
        let folder = Folder::chart(&format!("pipe-{}", file.replace('/', "-")), "a: 1");
        let made = Command::new("mkfifo").arg(folder.0.join(file)).status();
        assert!(made.unwrap().success());
        let chart = if file.ends_with(".tgz") {
            "./f.tgz"
        } else {
            "c"
        };
        let error = folder.error(&["template", chart]);
        assert!(error.contains(reason), "{file}: {error}");
    }
}

#[test]
fn syntax_nests_without_the_stack() {
    for (name, text) in [
        (
            "parens",
            format!("{{{{ {}1{} }}}}", "(".repeat(50_000), ")".repeat(50_000)),
        ),
        (
            "ifs",
            "{{ if 1 }}".repeat(50_000) + &"{{ end }}".repeat(50_000),
        ),
        (
            "else-ifs",
            "{{ if 0 }}".to_owned() + &"{{ else if 0 }}".repeat(50_000) + "{{ end }}",
        ),
        (
            "pipes",
            format!("{{{{ 1 {} }}}}", "| add 1 ".repeat(50_000)),
        ),
        ("names", format!("{{{{ .Values{} }}}}", ".a".repeat(1_000))),
    ] {
        let ran = Folder::chart(&format!("syntax-{name}"), &text).run(&["template", "c"]);
        assert_eq!(ran.status, 1, "{name}: {:.500}", ran.stderr);
    }
}

/// The clock stands behind the steps: any time is longer than a nanosecond, and none is too long for no limit.
#[test]
fn time_is_a_limit_too() {
    let folder = Folder::chart("time", "{{ range 100000 }}{{ end }}");
    let with = |time: &'static str| ["template", "c", "--max-time", time];
    let error = folder.error(&with("1ns"));
    let limit = "limit exceeded: rendering takes longer than 1ns";
    assert!(error.contains(limit), "{error}");
    let explained = folder.explained(&["c", "--max-time", "1ns"]);
    assert!(explained.contains("allow more time"), "{explained}");
    let error = folder.error(&with("-1s"));
    assert!(
        error.contains("--max-time must not be negative, got -1s"),
        "{error}"
    );
    for enough in ["0", "1h"] {
        assert_eq!(folder.run(&with(enough)).status, 0);
    }
}
