//! What the fuzz targets share: the bound on memory, a world that stands still, charts made of one text.

use std::alloc::System;

use cap::Cap;
use windlass_chart::compat::Compat;
use windlass_chart::{Chart, File, dependencies, load, schema, values};
use windlass_render::{Capabilities, Failure, Options, Release, Rendered, Scene, World};
use windlass_template::Limits;
use windlass_value::{Heap, MapId};

/// No input of some kilobytes may need more than this. What asks for more is refused, and the
/// process dies of it, which the fuzzer takes for a finding.
pub const MEMORY: usize = 256 << 20;

/// All memory of the code under test; the fuzzer's own is not in it.
#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, MEMORY);

/// Both Helms.
pub const BOTH: [Compat; 2] = [Compat::Helm3, Compat::Helm4];

/// A clock that stands still, and dice without chance: the same input gives the same again.
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
            *byte = self.0 as u8;
        }
    }
}

/// A render small enough for thousands a second, and still with room for everything a chart can do.
pub const LIMITS: Limits = Limits {
    steps: 300_000,
    depth: 2_000,
    nesting: 200,
    bytes: 4 << 20,
    time: None,
};

/// The parts of an input that has several: each begins with a line `=== NAME`. What stands before
/// the first is the part without a name.
#[must_use]
pub fn parts(input: &[u8]) -> Vec<(String, &[u8])> {
    let mut parts = Vec::new();
    let (mut name, mut start, mut at) = (String::new(), 0, 0);
    for line in input.split_inclusive(|&b| b == b'\n') {
        if let Some(rest) = line.strip_prefix(b"=== ") {
            parts.push((std::mem::take(&mut name), &input[start..at]));
            name = String::from_utf8_lossy(rest).trim_end().to_owned();
            start = at + line.len();
        }
        at += line.len();
    }
    parts.push((name, &input[start..]));
    parts
}

/// The files of a chart in an input of [`parts`].
#[must_use]
pub fn files(input: &[u8]) -> Vec<File> {
    let named = parts(input)
        .into_iter()
        .filter(|(name, _)| !name.is_empty());
    named.map(|(name, data)| File::new(name, data)).collect()
}

/// A chart that was loaded, its values, and where they live.
pub struct Loaded {
    /// Where all maps are.
    pub heap: Heap,
    /// Dependencies are processed.
    pub chart: Chart,
    /// Coalesced with the defaults.
    pub values: MapId,
}

/// Everything before rendering. `None` where the chart is none, and the text says why.
pub fn load(files: Vec<File>, compat: Compat) -> Result<Loaded, String> {
    let mut heap = Heap::new();
    let (mut chart, _) =
        load::load(files, &mut heap, compat).map_err(|failed| failed.error.to_string())?;
    let given = heap.new_map();
    dependencies::check(&chart, compat).map_err(|error| error.to_string())?;
    dependencies::process(&mut heap, &mut chart, given, compat)
        .map_err(|failed| failed.error.to_string())?;
    let (values, _) = values::coalesce(&mut heap, &chart, given, compat)
        .map_err(|failed| failed.error.to_string())?;
    schema::validate_chart(&heap, &chart, values, &mut schema::Refusing)
        .map_err(|failed| failed.error.to_string())?;
    Ok(Loaded {
        heap,
        chart,
        values,
    })
}

/// Renders what was loaded; where that fails, `--explain`'s words are made too.
pub fn render(loaded: &mut Loaded, compat: Compat) -> Result<Rendered, Box<Failure>> {
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
        sub_notes: true,
        lint: false,
        strict: false,
        limits: LIMITS,
        world: Box::new(Still(0x9E37_79B9_7F4A_7C15)),
        lookup: None,
        resolver: None,
    };
    let result = windlass_render::render(&loaded.chart, loaded.values, &mut loaded.heap, options);
    if let Err(failure) = &result {
        let scene = Scene {
            chart: &loaded.chart,
            values: loaded.values,
            heap: &loaded.heap,
            compat,
            files: &failure.files,
        };
        let _ = windlass_render::diagnose(&failure.error, &scene);
    }
    result
}
