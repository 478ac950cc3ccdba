//! The machine, the functions of Sprig and Helm, and `--explain` of what fails: a template ends within its
//! steps and bytes, whatever it calls, and never takes memory out of proportion to its limit (4 MiB).
#![no_main]

use libfuzzer_sys::fuzz_target;
use windlass_chart::File;
use windlass_chart::compat::Compat;
use windlass_fuzz::{BOTH, LIMITS, load, render};

const VALUES: &str = "\
name: web\nn: 3\nneg: -7\nbig: 9007199254740993\nf: 1.5\nyes: true\nnil: null\nempty: \"\"
text: \"ünïcode \\u0000 text\"\nlist: [a, b, {c: d}, [1, 2]]\nnumbers: [3, 1, 2]\nnone: []
map: {a: 1, b: {c: [x, y], d: {}}}\nyaml: \"a: [1, {b: 2}]\\n\"\njson: '{\"a\": [1, 2.5, null]}'
date: \"2024-02-29T12:00:00Z\"\nversion: 1.2.3-rc.1+b\nurl: \"https://u:p@host:1/p?q=1#f\"
tpl: \"{{ .Values.name }}{{ template \\\"h\\\" . }}\"\nglobal: {g: 1}
";
const HELPERS: &str = "{{ define \"h\" }}[{{ .name }}]{{ end }}{{ define \"self\" }}{{ include \"self\" . }}{{ end }}\
{{ define \"down\" }}{{ if gt . 0 }}{{ include \"down\" (sub . 1) }}{{ end }}{{ end }}";

/// What a template makes, or its error.
fn run(text: &[u8], compat: Compat) -> Result<String, String> {
    let files = vec![
        File::new("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"),
        File::new("values.yaml", VALUES),
        File::new("templates/_helpers.tpl", HELPERS),
        File::new("templates/NOTES.txt", text),
        File::new("files/a.txt", "one\ntwo\n"),
    ];
    let mut loaded = load(files, compat).expect("the chart around it is whole");
    let rendered = render(&mut loaded, compat).map_err(|failure| failure.error.to_string())?;
    Ok(rendered.notes)
}

fuzz_target!(|text: &[u8]| {
    for compat in BOTH {
        if let Ok(output) = run(text, compat) {
            assert!(output.len() <= LIMITS.bytes);
        }
    }
});
