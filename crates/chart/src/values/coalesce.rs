//! Merging given values with the defaults of a chart and of the charts below it, as Helm's
//! `CoalesceValues` and `MergeValues` do.
//!
//! Which maps of the result are fresh and which are shared is part of the contract, since templates
//! change maps in place: defaults and given values come out copied, and tables below `global` are
//! shared between a chart and the charts below it from the second level on.

use windlass_value::{Heap, MapId, MapType, Str, Value, fmt};

use crate::chart::Chart;
use crate::compat::Compat;
use crate::values::tables::{self, Taking};
use crate::warning::{Failed, Warning, collecting};

/// The key of the values that every chart below sees too.
pub(crate) const GLOBAL: &[u8] = b"global";

/// Given values do not fit the charts: a chart's name is the key of something that is no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("type mismatch on {chart}: {value}")]
pub struct TypeMismatch {
    /// The name of the chart below.
    pub chart: String,
    /// The value, as Go's `%t` prints it.
    pub value: String,
}

/// What becomes of nulls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// A null deletes the default it meets (`CoalesceValues`).
    Delete,
    /// Nulls stay, for a later merge to see (`MergeValues`).
    Keep,
}

/// A chart as merging sees it.
pub(crate) trait Node: Copy {
    fn name(&self) -> &str;
    fn values(&self) -> MapId;
    fn children(&self) -> impl Iterator<Item = Self>;
}

impl Node for &Chart {
    fn name(&self) -> &str {
        &self.metadata.name
    }

    fn values(&self) -> MapId {
        self.values
    }

    fn children(&self) -> impl Iterator<Item = Self> {
        self.dependencies.iter()
    }
}

/// The way to a key, for warnings; a list on the stack, made into text only when needed.
#[derive(Clone, Copy)]
pub(crate) struct KeyPath<'a> {
    pub(crate) above: Option<&'a KeyPath<'a>>,
    pub(crate) key: &'a [u8],
}

impl KeyPath<'_> {
    fn append_to(&self, out: &mut Vec<u8>) {
        if let Some(above) = self.above {
            above.append_to(out);
        }
        if !out.is_empty() {
            out.push(b'.');
        }
        out.extend_from_slice(self.key);
    }

    pub(crate) fn text(&self) -> String {
        let mut out = Vec::new();
        self.append_to(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }
}

/// Merges given values with a chart's defaults: what templates see as `.Values`.
///
/// The given map stays as it is. Warnings come in order of keys; Helm's order is random there.
///
/// # Errors
/// [`TypeMismatch`], with Helm's words.
pub fn coalesce(
    heap: &mut Heap,
    chart: &Chart,
    given: MapId,
    compat: Compat,
) -> Result<(MapId, Vec<Warning>), Failed<TypeMismatch>> {
    collecting(|warnings| {
        merge_with_defaults(chart, Some(given), Nulls::Delete, heap, compat, warnings)
    })
}

pub(crate) fn merge_with_defaults<N: Node>(
    chart: N,
    given: Option<MapId>,
    nulls: Nulls,
    heap: &mut Heap,
    compat: Compat,
    warnings: &mut Vec<Warning>,
) -> Result<MapId, TypeMismatch> {
    let copied = given.and_then(|map| heap.deep_copy(&Value::Map(map)).as_map());
    let dest = match copied {
        Some(map) => heap.view_as(map, MapType::Any),
        None => heap.new_map(),
    };
    Coalescer {
        heap,
        compat,
        warnings,
        nulls,
    }
    .chart(chart, dest, None)?;
    Ok(dest)
}

struct Coalescer<'a> {
    heap: &'a mut Heap,
    compat: Compat,
    warnings: &'a mut Vec<Warning>,
    nulls: Nulls,
}

impl Coalescer<'_> {
    fn chart<N: Node>(
        &mut self,
        chart: N,
        dest: MapId,
        above: Option<&KeyPath<'_>>,
    ) -> Result<(), TypeMismatch> {
        let path = KeyPath {
            above,
            key: chart.name().as_bytes(),
        };
        self.own_values(chart, dest, &path);
        for child in chart.children() {
            let table = self.table_of(child.name(), dest)?;
            self.hand_down_globals(table, dest, &path);
            self.chart(child, table, Some(&path))?;
        }
        Ok(())
    }

    /// The table for a chart below, made if it is not there.
    fn table_of(&mut self, name: &str, dest: MapId) -> Result<MapId, TypeMismatch> {
        match self.heap.get(dest, name.as_bytes()).cloned() {
            None => {
                let table = self.heap.new_map();
                self.heap.set(dest, name, Value::Map(table));
                Ok(table)
            }
            Some(value) => tables::table(self.heap, &value).ok_or_else(|| TypeMismatch {
                chart: name.to_owned(),
                value: fmt::sprintf(self.heap, b"%t", &[value])
                    .to_text()
                    .into_owned(),
            }),
        }
    }

    /// Merges a chart's own defaults below the values in `dest`.
    fn own_values<N: Node>(&mut self, chart: N, dest: MapId, path: &KeyPath<'_>) {
        let mut added = Vec::new();
        let mut deleted = Vec::new();
        for index in 0..self.heap.map(chart.values()).len() {
            let (key, default) = self.heap.map(chart.values()).entries()[index].clone();
            match self.heap.get(dest, &key) {
                None => added.extend(self.take_default(&default).map(|v| (key, v))),
                Some(Value::Nil) if self.nulls == Nulls::Delete => deleted.push(key),
                Some(given) => {
                    if let Some(given) = tables::table(self.heap, given) {
                        self.default_below_table(chart, given, &key, &default, path);
                    }
                }
            }
        }
        self.heap.remove_all(dest, &deleted);
        self.heap.extend(dest, added);
    }

    /// A copy of a default that nothing overrides; `None` where it is left out.
    fn take_default(&mut self, default: &Value) -> Option<Value> {
        if self.nulls == Nulls::Keep || !self.compat.drops_default_nulls() {
            return Some(self.heap.deep_copy(default));
        }
        (!default.is_nil()).then(|| tables::copy_without_nulls(self.heap, default))
    }

    fn default_below_table<N: Node>(
        &mut self,
        chart: N,
        given: MapId,
        key: &Str,
        default: &Value,
        path: &KeyPath<'_>,
    ) {
        let path = KeyPath {
            above: Some(path),
            key,
        };
        let Some(default) = tables::table(self.heap, default) else {
            if !default.is_nil() {
                self.warnings.push(Warning::NotATable { key: path.text() });
            }
            return;
        };
        // Defaults for a chart below must keep their nulls: they delete that chart's own defaults.
        let for_child = chart
            .children()
            .any(|c| c.name().as_bytes() == key.as_bytes());
        let nulls = if for_child { Nulls::Keep } else { self.nulls };
        let taking = match nulls {
            Nulls::Delete if self.compat.drops_default_nulls() => Taking::CopyWithoutNulls,
            _ => Taking::Copy,
        };
        tables::merge(
            self.heap,
            self.warnings,
            given,
            default,
            &path,
            nulls,
            taking,
        );
    }

    /// Merges the globals of a chart into the table of a chart below; the upper ones win.
    fn hand_down_globals(&mut self, dest: MapId, src: MapId, path: &KeyPath<'_>) {
        let dest_globals = match self.heap.get(dest, GLOBAL) {
            None => None,
            Some(value) => match tables::table(self.heap, value) {
                None => return self.warnings.push(Warning::GlobalsIntoNonTable),
                table => table,
            },
        };
        let src_globals = match self.heap.get(src, GLOBAL) {
            None => Vec::new(),
            Some(value) => match tables::table(self.heap, value) {
                None => return self.warnings.push(Warning::GlobalsFromNonTable),
                Some(table) => self.heap.snapshot(table),
            },
        };
        let globals = dest_globals.unwrap_or_else(|| self.heap.new_map());
        let mut handed = Vec::with_capacity(src_globals.len());
        for (key, value) in src_globals {
            if let Some(value) = self.global(globals, &key, value, path) {
                handed.push((key, value));
            }
        }
        self.heap.extend(globals, handed);
        self.heap.set(dest, GLOBAL, Value::Map(globals));
    }

    /// What one global becomes in the chart below; `None` leaves that chart's own.
    fn global(
        &mut self,
        globals: MapId,
        key: &Str,
        value: Value,
        path: &KeyPath<'_>,
    ) -> Option<Value> {
        let below = self.heap.get(globals, key).cloned();
        let Some(table) = tables::table(self.heap, &value) else {
            if below.is_some_and(|v| tables::table(self.heap, &v).is_some()) {
                let key = key.to_text().into_owned();
                self.warnings.push(Warning::GlobalIsATable { key });
                return None;
            }
            return Some(value);
        };
        let copy = self.heap.copy_map(table);
        let Some(below) = below else {
            return Some(Value::Map(copy));
        };
        let Some(below) = tables::table(self.heap, &below) else {
            let key = key.to_text().into_owned();
            self.warnings.push(Warning::GlobalNotATable { key });
            return None;
        };
        // Nulls stay here whatever is asked: the merge with the chart's defaults deletes them.
        let path = KeyPath {
            above: Some(path),
            key,
        };
        let warnings = &mut *self.warnings;
        tables::merge(
            self.heap,
            warnings,
            copy,
            below,
            &path,
            Nulls::Keep,
            Taking::Share,
        );
        Some(Value::Map(copy))
    }
}
