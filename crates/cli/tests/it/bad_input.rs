//! Mistakes a user makes: what is told of each after Helm's own words, in full.

use crate::folder::Folder;

#[test]
fn off_a_terminal_nothing_follows_helms_words() {
    let folder = Folder::chart("plain", "a: {{ .Values.a.b }}\n");
    assert_eq!(
        folder.error(&["template", "c"]),
        "Error: c/templates/a.yaml:1:13\n  executing \"c/templates/a.yaml\" at <.Values.a.b>:\n    \
         nil pointer evaluating interface {}.b\n\nUse --debug flag to render out invalid YAML\n"
    );
}

#[test]
fn colours_are_given_only_where_they_are_wanted() {
    let folder = Folder::chart("colours", "a: {{ nope }}\n");
    let with = |more: &[&str]| folder.error(&[&["template", "c", "--explain"], more].concat());
    assert!(!with(&[]).contains('\x1b'));
    assert!(with(&["--color", "always"]).contains('\x1b'));
    assert!(!with(&["--color", "never"]).contains('\x1b'));
}

/// A chart `c` with one template and its values.
fn chart(name: &str, template: &str, values: &str) -> Folder {
    let folder = Folder::chart(name, template);
    folder.write("c/values.yaml", values);
    folder
}

#[test]
fn something_that_is_not_set() {
    let folder = chart("nil", "a: {{ .Values.image.tag.name }}\n", "imag: {}\n");
    let wanted = "\
error[nil-pointer]: `tag` is looked up in something that is not set
 --> c/templates/a.yaml:1:7
  |
1 | a: {{ .Values.image.tag.name }}
  |       ^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: `.Values.image` is not set; did you mean `imag`?
  = help: set it in the values
  = help: or let the template do without it: `{{ with … }}{{ .tag }}{{ end }}`
";
    assert_eq!(folder.explained(&["c"]), wanted);
}

#[test]
fn the_path_through_templates_and_texts() {
    let folder = chart(
        "path",
        "{{ include \"x\" . }}\n",
        "t: '{{ .Values.db.password.deep }}'\ndb: {password: hunter2}\n",
    );
    folder.write(
        "c/templates/_x.tpl",
        "{{ define \"x\" }}{{ tpl .Values.t . }}{{ end }}",
    );
    let wanted = "\
error[template-failed]: can't evaluate field deep in type interface {}
 --> (text given to tpl):1:4
  |
1 | {{ .Values.db.password.deep }}
  |    ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: `.Values.db.password` is ********
  = help: compare the value with what the chart's values.yaml has in its place
note: called from here
 --> c/templates/_x.tpl:1:20
  |
1 | {{ define \"x\" }}{{ tpl .Values.t . }}{{ end }}
  |                    ---------------
note: called from here
 --> c/templates/a.yaml:1:4
  |
1 | {{ include \"x\" . }}
  |    -------------
";
    assert_eq!(folder.explained(&["c"]), wanted);
}

#[test]
fn a_required_value() {
    let folder = chart(
        "required",
        "a: {{ required \"give an image\" .Values.image }}\n",
        "",
    );
    let wanted = "\
error[value-required]: give an image
 --> c/templates/a.yaml:1:7
  |
1 | a: {{ required \"give an image\" .Values.image }}
  |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = note: `.Values.image` is not set
  = help: set `image` in the values
";
    assert_eq!(folder.explained(&["c"]), wanted);
}

#[test]
fn names_that_are_nearly_right() {
    let folder = chart("function", "a: 1\nb: {{ toYamll .Values }}\n", "");
    let wanted = "\
error[unknown-function]: there is no function `toYamll`
 --> c/templates/a.yaml:2:7
  |
2 | b: {{ toYamll .Values }}
  |       ^^^^^^^
  |
  = help: did you mean `toYaml`?
";
    assert_eq!(folder.explained(&["c"]), wanted);

    let folder = chart("template", "a: {{ include \"c.nam\" . }}\n", "");
    folder.write("c/templates/_h.tpl", "{{ define \"c.name\" }}x{{ end }}");
    let wanted = "\
error[unknown-template]: no template is called `c.nam`
 --> c/templates/a.yaml:1:7
  |
1 | a: {{ include \"c.nam\" . }}
  |       ^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `c.name`?
";
    assert_eq!(folder.explained(&["c"]), wanted);
}

#[test]
fn a_template_that_does_not_parse() {
    let folder = chart("syntax", "a: {{ if .Values.x }}\nb: 2", "");
    let wanted = "\
error[template-syntax]: unexpected EOF
 --> c/templates/a.yaml:2:5
  |
2 | b: 2
  |     ^
  |
  = help: an `if`, `range`, `with`, `define` or `block` lacks its `{{ end }}`
";
    assert_eq!(folder.explained(&["c"]), wanted);
}

#[test]
fn values_that_are_no_yaml() {
    let folder = chart("values", "a: 1\n", "image:\n  name: x\n   tag: 1\n");
    let wanted = "\
error[invalid-yaml]: values.yaml is not valid YAML
 --> values.yaml:3:7
  |
3 |    tag: 1
  |       ^ mapping values are not allowed in this context
  |
  = help: a `: ` inside of plain text needs quotes around the text; a key must be indented like its neighbours
";
    assert_eq!(folder.explained(&["c"]), wanted);

    let folder = chart("values-flag", "a: 1\n", "");
    folder.write("bad.yaml", "a: [1,\nb: 2\n");
    let explained = folder.explained(&["c", "-f", "bad.yaml"]);
    assert!(
        explained.starts_with("error[invalid-yaml]: bad.yaml is not valid YAML\n --> bad.yaml:"),
        "{explained}"
    );
}

#[test]
fn values_that_break_the_schema() {
    let folder = chart("schema", "a: 1\n", "a:\n  replicas: two\n");
    let schema = r#"{"properties":{"a":{"properties":{"replicas":{"type":"integer"},"b":{"type":"string"}}}}}"#;
    folder.write("c/values.schema.json", schema);
    let wanted = "\
error[schema]: the values are not what values.schema.json allows
 --> c/values.yaml:2:13
  |
2 |   replicas: two
  |             ^^^ `a.replicas`: got string, want integer
  |
  = help: change the values, or the schema if it is wrong
";
    assert_eq!(folder.explained(&["c"]), wanted);
    let explained = folder.explained(&["c", "--set", "a.replicas=1,a.b=2"]);
    assert!(
        explained.contains("= note: `a.b`: got number, want string"),
        "{explained}"
    );
}

#[test]
fn paths_that_lead_nowhere() {
    let folder = chart("paths", "a: 1\n", "");
    folder.write("values-prod.yaml", "");
    let wanted = "\
error[not-found]: there is no values file at values-pord.yaml
 |
 = help: did you mean ./values-prod.yaml?
";
    assert_eq!(folder.explained(&["c", "-f", "values-pord.yaml"]), wanted);
    let explained = folder.explained(&["./nothing/c"]);
    let wanted = "\
error[not-found]: there is no chart at ./nothing/c
 |
 = help: the directory ./nothing does not exist either
";
    assert_eq!(explained, wanted);
}

#[test]
fn archives_that_are_none() {
    let folder = Folder::new("archives", &[("a.tgz", "this is an error page\n")]);
    let explained = folder.explained(&["./a.tgz"]);
    assert!(
        explained.starts_with(
            "error[archive]: file 'HERE/a.tgz' does not appear to be a gzipped archive"
        ),
        "{explained}"
    );
    assert!(explained.contains("= help: a chart archive is a .tgz as `package` makes it"));
}

#[test]
fn what_was_rendered_is_no_manifest() {
    let folder = chart("manifest", "a: 1\n---\nb: {{ \"c: d\" }}\n", "");
    let explained = folder.explained(&["c"]);
    let wanted = "\
error[invalid-yaml]: c/templates/a.yaml (as rendered) is not valid YAML
 --> c/templates/a.yaml (as rendered):3:5
  |
3 | b: c: d
  |     ^ mapping values are not allowed in this context
  |
  = note: the template ran; what it printed is no manifest
  = help: a `: ` inside of plain text needs quotes around the text; a key must be indented like its neighbours
";
    assert_eq!(explained, wanted);
}

#[test]
fn another_kubernetes_and_charts_that_are_missing() {
    let folder = chart("metadata", "a: 1\n", "");
    folder.write(
        "c/Chart.yaml",
        "apiVersion: v2\nname: c\nversion: 1.0.0\nkubeVersion: \">=99\"\n",
    );
    let explained = folder.explained(&["c"]);
    assert!(
        explained.starts_with(
            "error[kubernetes-version]: the chart wants Kubernetes >=99, and this is v"
        ),
        "{explained}"
    );
    assert!(explained.contains("--> c/Chart.yaml:4:1\n"), "{explained}");
    folder.write("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n- name: redis\n  version: 1.0.0\n  repository: https://x.y\n");
    let wanted = "\
error[missing-dependencies]: charts/ lacks charts that Chart.yaml asks for
 --> c/Chart.yaml:5:9
  |
5 | - name: redis
  |         ^^^^^ not in charts/
  |
  = help: fetch them into charts/, or take them out of Chart.yaml
";
    assert_eq!(folder.explained(&["c"]), wanted);
}

#[test]
fn names_and_assignments_on_the_command_line() {
    let folder = chart("command-line", "a: 1\n", "");
    let explained = folder.explained(&["My_App", "c"]);
    assert!(
        explained.contains("= help: `my-app` could be"),
        "{explained}"
    );
    let wanted = "\
error[assignment]: key map \"b\" has no value
 --> --set:1:1
  |
1 | a.b.=1
  | ^^^^^^
  |
  = help: the form is key.path=value,other[0]=value; escape commas and dots within with `\\`
";
    assert_eq!(folder.explained(&["c", "--set", "a.b.=1"]), wanted);
}

#[test]
fn endless_recursion_is_told_in_few_places() {
    let template = "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}";
    let explained = chart("endless", template, "").explained(&["c"]);
    assert!(
        explained.starts_with("error[endless-recursion]: a template includes itself without end\n"),
        "{explained}"
    );
    assert!(explained.contains("more calls lead there"));
    assert_eq!(explained.matches("called from here").count(), 7);
}
