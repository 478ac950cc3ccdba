//! The rules of Chart.yaml.

mod address;
mod email;
mod strict;

use windlass_chart::Metadata;
use windlass_value::{Heap, Value, fmt};
use windlass_version::{Constraints, Version};

use crate::linter::Linter;
use crate::report::Severity::{Error, Info, Warning};
use crate::source::Entry;

const NAME: &str = "Chart.yaml";

type Check = Result<(), String>;

/// Lints Chart.yaml.
pub(crate) fn check(linter: &mut Linter<'_>) {
    let source = linter.source;
    let is_file = if source.chartfile == Entry::Directory {
        Err("should be a file, not a directory".into())
    } else {
        Ok(())
    };
    linter.rule(Error, NAME, is_file);
    let mut metadata = Metadata::default();
    let read = source.read(&source.chartfile, NAME).and_then(|data| {
        let read = metadata.read(data, &mut Heap::new(), linter.compat);
        read.map(|()| data).map_err(|e| e.to_string())
    });
    let data = match read {
        Ok(data) => data,
        Err(e) => {
            linter.rule(Error, NAME, Err(format!("unable to parse YAML\n\t{e}")));
            return;
        }
    };
    if linter.compat.lints_chartfile_strictly() {
        let strict = strict::check(data)
            .map_err(|e| format!("failed to strictly parse chart metadata file\n\t{e}"));
        linter.rule(Warning, NAME, strict);
    }
    let types = Types::read(data);
    linter.rule(Error, NAME, name(&metadata));
    linter.rule(Error, NAME, api_version(&metadata));
    linter.rule(Error, NAME, types.is_string("version"));
    linter.rule(Error, NAME, version(&metadata));
    linter.rule(Error, NAME, types.is_string("appVersion"));
    linter.rule(Error, NAME, maintainers(&metadata));
    linter.rule(Error, NAME, sources(&metadata));
    linter.rule(Info, NAME, icon_presence(&metadata));
    linter.rule(Error, NAME, icon_address(&metadata));
    linter.rule(Error, NAME, kind(&metadata));
    linter.rule(Error, NAME, dependencies(&metadata));
    if linter.compat.lints_chartfile_strictly() {
        linter.rule(Warning, NAME, strict_version(&metadata));
    }
}

/// The Go types of values in Chart.yaml before they become text.
struct Types {
    heap: Heap,
    document: Option<Value>,
}

impl Types {
    fn read(data: &[u8]) -> Self {
        let mut heap = Heap::new();
        let document = windlass_yaml::parse(&mut heap, data).ok();
        Self { heap, document }
    }

    fn is_string(&self, key: &str) -> Check {
        let map = self.document.as_ref().and_then(Value::as_map);
        let type_name = match map.and_then(|map| self.heap.get(map, key.as_bytes())) {
            None | Some(Value::Str(_)) => return Ok(()),
            Some(Value::Nil) => "<nil>",
            Some(other) => other.type_name(&self.heap),
        };
        Err(format!(
            "{key} should be of type string but it's of type {type_name}"
        ))
    }
}

fn name(metadata: &Metadata) -> Check {
    let name = metadata.name.as_str();
    if name.is_empty() {
        return Err("name is required".into());
    }
    // Go's `filepath.Base` leaves a name without separators alone, and the root.
    if name.contains('/') && name != "/" {
        return Err(format!(
            "chart name {} is invalid",
            fmt::quote(name.as_bytes())
        ));
    }
    Ok(())
}

fn api_version(metadata: &Metadata) -> Check {
    const RULE: &str = "The value must be either \"v1\" or \"v2\"";
    match metadata.api_version.as_str() {
        "v1" | "v2" => Ok(()),
        "" => Err(format!("apiVersion is required. {RULE}")),
        other => Err(format!("apiVersion '{other}' is not valid. {RULE}")),
    }
}

fn version(metadata: &Metadata) -> Check {
    let text = &metadata.version;
    if text.is_empty() {
        return Err("version is required".into());
    }
    let version =
        Version::parse(text).map_err(|_| format!("version '{text}' is not a valid SemVer"))?;
    let constraint = Constraints::parse(">0.0.0-0").map_err(|e| e.to_string())?;
    match constraint.validate(&version) {
        Err(reasons) if !reasons.is_empty() => Err(format!("version {}", reasons[0])),
        _ => Ok(()),
    }
}

fn strict_version(metadata: &Metadata) -> Check {
    let text = &metadata.version;
    match Version::parse_strict(text) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("version '{text}' is not a valid SemVerV2")),
    }
}

fn maintainers(metadata: &Metadata) -> Check {
    for maintainer in metadata.maintainers.iter().flatten() {
        let Some(maintainer) = maintainer else {
            return Err("a maintainer entry is empty".into());
        };
        let (name, email, url) = (&maintainer.name, &maintainer.email, &maintainer.url);
        if name.is_empty() {
            return Err("each maintainer requires a name".into());
        }
        if !email.is_empty() && !email::is_email(email) {
            return Err(format!("invalid email '{email}' for maintainer '{name}'"));
        }
        if !url.is_empty() && !address::is_web_address(url) {
            return Err(format!("invalid url '{url}' for maintainer '{name}'"));
        }
    }
    Ok(())
}

fn sources(metadata: &Metadata) -> Check {
    let mut all = metadata.sources.iter().flatten();
    match all.find(|source| !address::is_request_url(source)) {
        Some(source) => Err(format!("invalid source URL '{source}'")),
        None => Ok(()),
    }
}

fn icon_presence(metadata: &Metadata) -> Check {
    if metadata.icon.is_empty() {
        return Err("icon is recommended".into());
    }
    Ok(())
}

fn icon_address(metadata: &Metadata) -> Check {
    let icon = &metadata.icon;
    if !icon.is_empty() && !address::is_request_url(icon) {
        return Err(format!("invalid icon URL '{icon}'"));
    }
    Ok(())
}

fn kind(metadata: &Metadata) -> Check {
    let version = &metadata.api_version;
    if metadata.kind.is_empty() || version == "v2" {
        return Ok(());
    }
    Err(format!(
        "chart type is not valid in apiVersion '{version}'. It is valid in apiVersion 'v2'"
    ))
}

fn dependencies(metadata: &Metadata) -> Check {
    let version = &metadata.api_version;
    if metadata.dependencies.as_ref().is_none_or(Vec::is_empty) || version == "v2" {
        return Ok(());
    }
    Err(format!(
        "dependencies are not valid in the Chart file with apiVersion '{version}'. \
         They are valid in apiVersion 'v2'"
    ))
}
