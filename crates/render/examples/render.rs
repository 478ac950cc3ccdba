//! Renders a chart from memory: no file, no process, no network.
//!
//!     cargo run -p windlass-render --example render
#![allow(clippy::print_stdout)]

use std::error::Error;

use windlass_chart::compat::Compat;
use windlass_chart::{File, dependencies, load, schema, strvals, values};
use windlass_render::{Capabilities, Options, Release, Rendered, World, render};
use windlass_template::Limits;
use windlass_value::Heap;

const CHART: &[(&str, &str)] = &[
    (
        "Chart.yaml",
        "apiVersion: v2\nname: hello\nversion: 0.1.0\n",
    ),
    ("values.yaml", "greeting: hello\nto: [world]\n"),
    (
        "templates/configmap.yaml",
        r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
data:
  {{- range $i, $name := .Values.to }}
  line-{{ $i }}: {{ printf "%s, %s" $.Values.greeting $name | title | quote }}
  {{- end }}
"#,
    ),
    ("templates/NOTES.txt", "Said {{ .Values.greeting }}.\n"),
];

/// A clock that stands still and dice that always fall alike: rendering twice gives the same.
struct Still;

impl World for Still {
    fn now(&mut self) -> i128 {
        1_700_000_000_000_000_000
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

/// The steps of `template`, from files and what the user gave to manifests.
fn run(files: &[(&str, &str)], set: &str, compat: Compat) -> Result<Rendered, Box<dyn Error>> {
    // Everything lives in one heap and goes with it.
    let mut heap = Heap::new();
    let files = files.iter().map(|(name, text)| File::new(*name, *text));
    let (mut chart, _warnings) =
        load::load(files.collect(), &mut heap, compat).map_err(|failed| failed.error)?;
    let given = heap.new_map();
    strvals::parse_into(&mut heap, given, set, compat)?;
    dependencies::check(&chart, compat)?;
    dependencies::process(&mut heap, &mut chart, given, compat).map_err(|failed| failed.error)?;
    let (values, _warnings) =
        values::coalesce(&mut heap, &chart, given, compat).map_err(|failed| failed.error)?;
    schema::validate_chart(&heap, &chart, values, &mut schema::Refusing)
        .map_err(|failed| failed.error)?;
    let options = Options {
        compat,
        release: Release {
            name: "demo".into(),
            namespace: "default".into(),
            revision: 1,
            is_install: true,
            is_upgrade: false,
        },
        capabilities: Capabilities::default(),
        sub_notes: false,
        lint: false,
        strict: false,
        limits: Limits::default(),
        world: Box::new(Still),
        lookup: None,
        resolver: None,
    };
    Ok(render(&chart, values, &mut heap, options).map_err(|failure| failure.error)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let rendered = run(CHART, "to={world,moon}", Compat::default())?;
    for manifest in &rendered.manifests {
        println!("# {}\n{}", manifest.path, manifest.content);
    }
    println!("{}", rendered.notes);
    Ok(())
}
