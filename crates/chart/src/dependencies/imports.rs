//! The second pass: values of charts below are imported into their parents' defaults.

use windlass_value::{MapId, MapType, Value, fmt};

use super::graph::{ChartId, DependencyId, Ref, processed_import};
use super::{Error, Pass, measure};
use crate::values::coalesce::{KeyPath, Nulls, merge_with_defaults};
use crate::values::table;
use crate::values::tables::{self, Taking};
use crate::warning::Warning;

impl Pass<'_> {
    /// Imports into the charts below first, then into the chart itself.
    pub(super) fn import(&mut self, chart: ChartId) -> Result<(), Error> {
        for child in self.graph.children(chart).to_vec() {
            self.import(child)?;
        }
        let Some(wanted) = self.graph.wanted(chart).map(<[_]>::to_vec) else {
            return Ok(());
        };
        // From here on the chart's defaults hold those of the charts below, imports or not.
        let node = Ref {
            graph: self.graph,
            id: chart,
        };
        let defaults = merge_with_defaults(
            node,
            None,
            Nulls::Keep,
            self.heap,
            self.compat,
            self.warnings,
        )?;
        let imported = self.heap.new_map();
        let mut any = false;
        for &id in &wanted {
            any |= self.import_from(id, defaults, imported)?;
        }
        let defaults = if any {
            self.below_own(defaults, imported)
        } else {
            defaults
        };
        self.graph.set_values(chart, defaults);
        Ok(())
    }

    /// Puts imported values below the chart's own. Imported tables are still those of `defaults`, so
    /// these are copied first.
    fn below_own(&mut self, defaults: MapId, imported: MapId) -> MapId {
        let copy = self
            .heap
            .deep_copy(&Value::Map(defaults))
            .as_map()
            .unwrap_or(defaults);
        self.merge(copy, imported);
        copy
    }

    /// Imports what one dependency's `import-values` name; whether it had any.
    fn import_from(
        &mut self,
        id: DependencyId,
        defaults: MapId,
        imported: MapId,
    ) -> Result<bool, Error> {
        let dependency = self.graph.dependency(id);
        let name = dependency.name.clone();
        let Some(wishes) = dependency.import_values.clone() else {
            return Ok(false);
        };
        let mut processed = Vec::new();
        for wish in &wishes {
            if let Some(done) = self.import_one(&name, wish, defaults, imported)? {
                processed.push(done);
            }
        }
        let dependency = self.graph.dependency_mut(id);
        dependency.import_values = (!processed.is_empty()).then_some(processed);
        Ok(!wishes.is_empty())
    }

    /// One entry: a name below `exports`, or a table with `child` and `parent`. Others are dropped.
    fn import_one(
        &mut self,
        chart: &str,
        wish: &Value,
        defaults: MapId,
        imported: MapId,
    ) -> Result<Option<Value>, Error> {
        let (child, parent, export) = match wish {
            Value::Str(export) => (
                [b"exports.".as_slice(), export.as_bytes()].concat(),
                b".".to_vec(),
                true,
            ),
            other => {
                let Some(wish) = tables::table(self.heap, other) else {
                    return Ok(None);
                };
                (
                    self.printed(wish, b"child"),
                    self.printed(wish, b"parent"),
                    false,
                )
            }
        };
        let path = [chart.as_bytes(), b".", &child].concat();
        match table(self.heap, defaults, &path) {
            Ok(found) => {
                let found = if self.heap.map(found).is_empty() {
                    self.heap.new_map()
                } else {
                    found
                };
                let nested = self.nest(&parent, found);
                if self.merge(imported, nested) {
                    // Tables of `defaults` were merged into each other, perhaps into themselves.
                    measure::ensure_bounded(self.heap, &[defaults, imported])?;
                }
            }
            Err(error) if export => {
                self.warnings.push(Warning::ExportMissing {
                    error: error.to_string(),
                });
            }
            Err(error) => self.warnings.push(Warning::ImportMissing {
                chart: chart.to_owned(),
                error: error.to_string(),
            }),
        }
        Ok(Some(processed_import(
            self.heap,
            Value::str(child),
            Value::str(parent),
        )))
    }

    fn printed(&self, wish: MapId, key: &[u8]) -> Vec<u8> {
        let value = self.heap.get(wish, key).cloned().unwrap_or_default();
        fmt::sprintf(self.heap, b"%v", &[value]).to_vec()
    }

    /// A table at the end of a path of new ones; the path `.` is the table itself.
    fn nest(&mut self, path: &[u8], table: MapId) -> MapId {
        let table = self.heap.view_as(table, MapType::Any);
        if path == b"." {
            return table;
        }
        path.split(|&b| b == b'.').rev().fold(table, |below, key| {
            self.heap
                .map_from(MapType::Any, vec![(key.into(), Value::Map(below))])
        })
    }

    fn merge(&mut self, strong: MapId, weak: MapId) -> bool {
        let top = KeyPath {
            above: None,
            key: b"",
        };
        tables::merge(
            self.heap,
            self.warnings,
            strong,
            weak,
            &top,
            Nulls::Keep,
            Taking::Share,
        )
    }
}
