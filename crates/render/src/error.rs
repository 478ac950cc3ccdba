//! How Helm rewords the errors of templates.
//!
//! Helm takes the *text* of the template engine's error apart and lays it out anew. The layers of
//! [`windlass_template::Error`] carry exactly those texts, so the same rules apply here.

use windlass_chart::compat::Compat;
use windlass_template::{Error as TemplateError, ErrorKind};

use crate::functions::{MESSAGE_END, MESSAGE_START};
use crate::manifest::HeadError;

/// Why a chart did not render. `Display` is Helm's text.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A template's text does not parse.
    #[error("{message}")]
    Parse {
        /// Helm's text.
        message: String,
        /// The template.
        template: String,
        /// The engine's error.
        cause: Box<TemplateError>,
    },
    /// A template failed while it ran.
    #[error("{message}")]
    Execute {
        /// Helm's text.
        message: String,
        /// The template that was being rendered.
        template: String,
        /// The engine's error.
        cause: Box<TemplateError>,
    },
    /// The chart wants another Kubernetes.
    #[error("chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {present}")]
    KubeVersion {
        /// The chart's constraint.
        wanted: String,
        /// The version there is, as Helm prints it.
        present: String,
    },
    /// A rendered document is no object.
    #[error(transparent)]
    Head(#[from] HeadError),
}

/// Helm's words for a template that does not parse.
pub(crate) fn parse_error(template: &str, cause: TemplateError) -> Error {
    let text = cause.text();
    let mut parts = text.split(": ");
    let message = match (parts.next(), parts.next()) {
        (Some(_), Some(location)) => {
            let last = text.rsplit(": ").next().unwrap_or_default();
            format!("parse error at ({location}): {last}")
        }
        _ => format!("parse error in ({template}): {text}"),
    };
    Error::Parse {
        message,
        template: template.to_owned(),
        cause: Box::new(cause),
    }
}

/// Helm's words for a template that failed while it ran.
pub(crate) fn execute_error(template: &str, cause: TemplateError, compat: Compat) -> Error {
    let message = execute_message(template, &cause, compat);
    Error::Execute {
        message,
        template: template.to_owned(),
        cause: Box::new(cause),
    }
}

fn execute_message(template: &str, cause: &TemplateError, compat: Compat) -> String {
    let text = cause.text();
    // Helm 4 looks for the engine's error anywhere in the chain, Helm 3 only at its head; what the
    // engine returns is that error itself or none at all, so both come to the same.
    if !cause
        .chain()
        .any(|e| matches!(e.kind(), ErrorKind::Exec(_)))
    {
        return text.to_owned();
    }
    let mut tokens = text.splitn(3, ": ");
    let (Some(_), Some(location), Some(rest)) = (tokens.next(), tokens.next(), tokens.next())
    else {
        return format!("execution error in ({template}): {text}");
    };
    if let Some(message) = bracketed(rest) {
        return format!("execution error at ({location}): {message}");
    }
    if compat.lays_out_error_frames() {
        laid_out(cause)
    } else {
        text.to_owned()
    }
}

/// What stands between the first start and the last end.
pub(crate) fn bracketed(text: &str) -> Option<&str> {
    let start = text.find(MESSAGE_START)? + MESSAGE_START.len();
    let end = text.rfind(MESSAGE_END)?;
    text.get(start..end)
}

/// A frame to a block, if every layer of the error comes from the template engine.
fn laid_out(cause: &TemplateError) -> String {
    let texts: Vec<String> = cause
        .chain()
        .map(TemplateError::text_to_next_place)
        .collect();
    let mut frames: Vec<Trace<'_>> = Vec::new();
    for text in &texts {
        let Some(frame) = Trace::read(text) else {
            return cause.text().to_owned();
        };
        if frames.last() != Some(&frame) {
            frames.push(frame);
        }
    }
    let text: String = frames.iter().map(Trace::to_text).collect();
    text.trim().to_owned()
}

/// One layer's text taken apart.
#[derive(Debug, PartialEq)]
struct Trace<'t> {
    location: &'t str,
    executing: Option<(&'t str, &'t str)>,
    message: &'t str,
}

impl<'t> Trace<'t> {
    /// Reads `template: LOCATION: executing "NAME" at <NODE>: MESSAGE` and its shorter forms.
    fn read(text: &'t str) -> Option<Self> {
        let rest = text.strip_prefix("template: ")?;
        if rest.starts_with("no template ") {
            return Some(Self {
                location: "",
                executing: None,
                message: text,
            });
        }
        Self::read_executing(rest).or_else(|| Self::read_simple(rest))
    }

    fn read_executing(rest: &'t str) -> Option<Self> {
        let (location, after) = rest.split_once(": executing ")?;
        let (name, after) = after.strip_prefix('"')?.split_once('"')?;
        let (node, message) = after.strip_prefix(" at <")?.split_once(">: ")?;
        Some(Self {
            location,
            executing: Some((name, node)),
            message: own_message(message),
        })
    }

    fn read_simple(rest: &'t str) -> Option<Self> {
        let (location, message) = rest.rsplit_once(": ")?;
        Some(Self {
            location,
            executing: None,
            message: own_message(message),
        })
    }

    fn to_text(&self) -> String {
        let mut text = String::new();
        if !self.location.is_empty() {
            text += &format!("{}\n  ", self.location);
        }
        if let Some((name, node)) = self.executing {
            text += &format!("executing \"{name}\" at <{node}>:\n    ");
        }
        if !self.message.is_empty() {
            text += &format!("{}\n", self.message);
        }
        text
    }
}

/// A message up to where the next frame's text follows.
fn own_message(message: &str) -> &str {
    message
        .find(" template:")
        .map_or(message, |cut| &message[..cut])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_taken_from_the_engines_text() {
        let text = "template: c/t/a.yaml:3:4: executing \"c/t/a.yaml\" at <include \"x\" .>: error calling include: template: no template \"x\" associated with template \"gotpl\"";
        let frame = Trace::read(text).map(|t| t.to_text());
        assert_eq!(
            frame.as_deref(),
            Some(
                "c/t/a.yaml:3:4\n  executing \"c/t/a.yaml\" at <include \"x\" .>:\n    error calling include:\n"
            )
        );
        assert_eq!(Trace::read("error calling x: template: y"), None);
    }

    #[test]
    fn a_parse_error_keeps_location_and_last_part() {
        let cause = TemplateError::layer(
            ErrorKind::Message,
            "template: c/t/a.yaml:1: function \"x\" not defined",
            None,
        );
        let text = parse_error("c/t/a.yaml", cause).to_string();
        assert_eq!(
            text,
            "parse error at (c/t/a.yaml:1): function \"x\" not defined"
        );
    }
}
