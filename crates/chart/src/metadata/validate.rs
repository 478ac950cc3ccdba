//! The checks every chart must pass when it is loaded, and the cleaning of its texts.

use std::collections::HashSet;

use windlass_value::fmt;
use windlass_version::Version;

use super::{Dependency, Maintainer, Metadata};
use crate::path;

/// What is wrong with Chart.yaml, in Helm's words after `validation: `.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("validation: {0}")]
pub struct ValidationError(pub String);

fn error(text: impl Into<String>) -> ValidationError {
    ValidationError(text.into())
}

fn quote(text: &str) -> String {
    fmt::quote(text.as_bytes())
}

impl Metadata {
    /// Makes texts printable and checks what Helm checks, in its order.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn validate(&mut self) -> Result<(), ValidationError> {
        self.sanitize();
        if self.api_version.is_empty() {
            return Err(error("chart.metadata.apiVersion is required"));
        }
        self.validate_name()?;
        if self.version.is_empty() {
            return Err(error("chart.metadata.version is required"));
        }
        if Version::parse(&self.version).is_err() {
            let version = quote(&self.version);
            return Err(error(format!(
                "chart.metadata.version {version} is invalid"
            )));
        }
        if !matches!(self.kind.as_str(), "" | "application" | "library") {
            return Err(error("chart.metadata.type must be application or library"));
        }
        for maintainer in self.maintainers.iter_mut().flatten() {
            let maintainer = maintainer.as_mut();
            maintainer
                .ok_or_else(|| error("maintainers must not contain empty or null nodes"))?
                .sanitize();
        }
        self.validate_dependencies()
    }

    fn validate_name(&self) -> Result<(), ValidationError> {
        let name = self.name.as_str();
        if name.is_empty() {
            return Err(error("chart.metadata.name is required"));
        }
        if matches!(name, "." | "..") {
            return Err(error(format!(
                "chart.metadata.name {} is not allowed",
                quote(name)
            )));
        }
        if name != path::base(name) {
            return Err(error(format!(
                "chart.metadata.name {} is invalid",
                quote(name)
            )));
        }
        Ok(())
    }

    fn validate_dependencies(&mut self) -> Result<(), ValidationError> {
        let mut names = HashSet::new();
        for dependency in self.dependencies.iter_mut().flatten() {
            let dependency = dependency
                .as_mut()
                .ok_or_else(|| error("dependencies must not contain empty or null nodes"))?;
            dependency.validate()?;
            let key = if dependency.alias.is_empty() {
                &dependency.name
            } else {
                &dependency.alias
            };
            if !names.insert(key.as_str()) {
                let key = quote(key);
                return Err(error(format!(
                    "more than one dependency with name or alias {key}"
                )));
            }
        }
        Ok(())
    }

    fn sanitize(&mut self) {
        for text in [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ] {
            sanitize(text);
        }
        self.sources.iter_mut().flatten().for_each(sanitize);
        self.keywords.iter_mut().flatten().for_each(sanitize);
    }
}

impl Maintainer {
    fn sanitize(&mut self) {
        for text in [&mut self.name, &mut self.email, &mut self.url] {
            sanitize(text);
        }
    }
}

impl Dependency {
    fn validate(&mut self) -> Result<(), ValidationError> {
        for text in [
            &mut self.name,
            &mut self.version,
            &mut self.repository,
            &mut self.condition,
        ] {
            sanitize(text);
        }
        self.tags.iter_mut().flatten().for_each(sanitize);
        let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        if !self.alias.bytes().all(legal) {
            let name = quote(&self.name);
            return Err(error(format!(
                "dependency {name} has disallowed characters in the alias"
            )));
        }
        Ok(())
    }
}

/// Every space becomes an ordinary one; what cannot be printed goes.
fn sanitize(text: &mut String) {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return;
    }
    *text = text
        .chars()
        .filter_map(|c| match c {
            c if c.is_whitespace() => Some(' '),
            c if fmt::is_print(c) => Some(c),
            _ => None,
        })
        .collect();
}
