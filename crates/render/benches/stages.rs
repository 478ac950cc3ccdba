//! Where the time of a render goes: each stage of a chart's way to manifests by itself.
//!
//! `cargo bench -p windlass-render --bench stages [-- CHART.tgz…]` prints, for each chart, the best of
//! some rounds in microseconds. Without charts it is one made here, in the manner of those that carry a library of
//! helpers. With `stage=parse` and the like only that stage runs, for a profiler.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use windlass_chart::archive::{self, Limits as ArchiveLimits};
use windlass_chart::compat::Compat;
use windlass_chart::{Chart, File, dependencies, load, values};
use windlass_render::{Capabilities, Options, Release, World, functions, manifest, render};
use windlass_template::{Limits, Options as SetOptions, Templates};
use windlass_value::{Heap, MapId};

const ROUNDS: usize = 30;
const COMPAT: Compat = Compat::Helm4;

/// Time stands still; the dice are those of xorshift.
struct Still(u64);

impl World for Still {
    fn now(&mut self) -> i128 {
        1_700_000_000_000_000_000
    }
    fn fill_random(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            *byte = self.0.to_be_bytes()[0];
        }
    }
}

fn main() {
    let (mut charts, mut only) = (Vec::new(), None);
    // Cargo adds options of its own.
    for arg in std::env::args().skip(1).filter(|arg| !arg.starts_with('-')) {
        match arg.strip_prefix("stage=") {
            Some(stage) => only = Some(stage.to_owned()),
            None => charts.push(arg),
        }
    }
    let only = only.as_deref();
    println!("| chart | unpack | load | values | parse | render | sort |");
    println!("|---|---|---|---|---|---|---|");
    if charts.is_empty() {
        row("made here", None, &made(), only);
    }
    for path in charts {
        let archive = std::fs::read(&path).unwrap();
        let files = archive::read(&archive, &ArchiveLimits::default(), COMPAT).unwrap();
        let name = path.rsplit('/').next().unwrap_or_default();
        row(name, Some(&archive), &files, only);
    }
}

/// Twenty helpers with comments, and ten templates that use them.
fn made() -> Vec<File> {
    let mut helpers = String::new();
    for i in 0..20 {
        helpers += &format!(
            "{{{{/*\nThe labels of kind {i}, with what the user adds.\n*/}}}}\n{{{{- define \"lib.labels.{i}\" -}}}}\n\
             {{{{- $default := dict \"app.kubernetes.io/name\" .Chart.Name \"app.kubernetes.io/instance\" .Release.Name -}}}}\n\
             {{{{- if and (hasKey .Values \"labels\") .Values.labels -}}}}\n{{{{ merge (deepCopy .Values.labels) $default | toYaml }}}}\n\
             {{{{- else -}}}}\n{{{{ $default | toYaml }}}}\n{{{{- end -}}}}\n{{{{- end -}}}}\n"
        );
    }
    let mut files = vec![
        File::new("Chart.yaml", "apiVersion: v2\nname: made\nversion: 0.1.0\n"),
        File::new("values.yaml", "labels: {tier: front}\nreplicas: 3\n"),
        File::new("templates/_helpers.tpl", helpers),
    ];
    for i in 0..10 {
        files.push(File::new(
            format!("templates/deployment-{i}.yaml"),
            format!(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-{i}\n  labels: {{{{- include \"lib.labels.{i}\" . | nindent 4 }}}}\n\
                 spec:\n  replicas: {{{{ .Values.replicas }}}}\n"
            ),
        ));
    }
    files
}

fn row(name: &str, archive: Option<&[u8]>, files: &[File], only: Option<&str>) {
    let wanted = |stage: &str| only.is_none_or(|only| only == stage);
    let show = |stage: &str, work: &mut dyn FnMut() -> Duration| {
        if wanted(stage) {
            let best = (0..ROUNDS).map(|_| work()).min().unwrap_or_default();
            format!("{}", best.as_micros())
        } else {
            "–".to_owned()
        }
    };
    let unpack = match archive {
        Some(archive) => show("unpack", &mut || {
            timed(|| archive::read(archive, &ArchiveLimits::default(), COMPAT).unwrap())
        }),
        None => "–".to_owned(),
    };
    let load = show("load", &mut || {
        let (mut heap, files) = (Heap::new(), files.to_vec());
        timed(|| load::load(files, &mut heap, COMPAT).unwrap())
    });
    let coalesce = show("values", &mut || {
        let mut heap = Heap::new();
        let (mut chart, _) = load::load(files.to_vec(), &mut heap, COMPAT).unwrap();
        timed(|| coalesced(&mut heap, &mut chart))
    });
    let (mut heap, mut chart, _) = prepared(files);
    let parse = show("parse", &mut || timed(|| parsed(&chart)));
    let render_all = show("render", &mut || {
        (heap, chart, _) = prepared(files);
        let values = coalesced(&mut heap, &mut chart);
        timed(|| render(&chart, values, &mut heap, options()).unwrap())
    });
    let (mut heap, chart, values) = prepared(files);
    let mut events = Vec::new();
    let texts =
        windlass_render::render_templates(&chart, values, &mut heap, options(), &mut events)
            .unwrap();
    let texts: Vec<_> = texts
        .iter()
        .filter(|(path, _)| path.ends_with(".yaml"))
        .map(|(path, text)| (path.as_str(), text.to_text()))
        .collect();
    let sort = show("sort", &mut || {
        timed(|| {
            manifest::sort(texts.iter().map(|(p, t)| (*p, t.as_ref())), COMPAT)
                .ok()
                .map(|sorted| sorted.manifests.len())
        })
    });
    println!("| {name} | {unpack} | {load} | {coalesce} | {parse} | {render_all} | {sort} |");
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let made = black_box(work());
    let taken = start.elapsed();
    drop(made);
    taken
}

fn prepared(files: &[File]) -> (Heap, Chart, MapId) {
    let mut heap = Heap::new();
    let (mut chart, _) = load::load(files.to_vec(), &mut heap, COMPAT).unwrap();
    let values = coalesced(&mut heap, &mut chart);
    (heap, chart, values)
}

fn coalesced(heap: &mut Heap, chart: &mut Chart) -> MapId {
    let given = heap.new_map();
    dependencies::process(heap, chart, given, COMPAT).unwrap();
    values::coalesce(heap, chart, given, COMPAT).unwrap().0
}

/// All templates of a chart and of those below it, parsed.
fn parsed(chart: &Chart) -> Templates {
    fn add(set: &mut Templates, chart: &Chart) {
        for file in &chart.templates {
            let name = format!("{}/{}", chart.path, file.name);
            set.parse(name, file.data.clone()).unwrap();
        }
        for below in &chart.dependencies {
            add(set, below);
        }
    }
    let mut set = Templates::new("gotpl", functions(COMPAT), SetOptions::default());
    add(&mut set, chart);
    set
}

fn options() -> Options {
    Options {
        compat: COMPAT,
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
        world: Box::new(Still(88_172_645_463_325_252)),
        lookup: None,
        resolver: None,
    }
}
