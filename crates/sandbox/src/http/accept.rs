//! The `Accept` header: in which shape an answer is wanted.

use super::{Reply, Request};
use crate::status::Status;

/// The shape of objects and lists in an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As they are.
    #[default]
    Whole,
    /// A `meta.k8s.io` Table of this version.
    Table(&'static str),
    /// `PartialObjectMetadata` and its list, of this version.
    Partial(&'static str),
}

/// What the client asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Accept {
    pub(crate) shape: Shape,
    pub(crate) yaml: bool,
    pub(crate) pretty: bool,
}

/// What is offered, as the refusal of anything else names it.
const OFFERED: &str = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

impl Accept {
    /// Reads the header; of several wishes the first that can be met counts.
    pub(crate) fn of(request: &Request) -> Result<Self, Status> {
        let header = request.header(http::header::ACCEPT);
        let pretty = is_pretty(request);
        if header.is_empty() {
            return Ok(Self {
                pretty,
                ..Self::default()
            });
        }
        let wish = header.split(',').find_map(wish);
        let (shape, yaml) = wish.ok_or_else(|| {
            let message = format!("406: Not Acceptable\n\nAvailable representations: {OFFERED}");
            Status::not_acceptable(message)
        })?;
        Ok(Self {
            shape,
            yaml,
            pretty,
        })
    }

    /// A reply in the wanted encoding.
    pub(crate) fn reply(self, code: u16, value: &serde_json::Value) -> Reply {
        if self.pretty {
            Reply::pretty_json(code, value)
        } else {
            Reply::json(code, value)
        }
    }
}

fn is_pretty(request: &Request) -> bool {
    if let Some(wish) = request.param("pretty") {
        return !matches!(wish, "0" | "false" | "f" | "F" | "False" | "FALSE");
    }
    let agent = request.header(http::header::USER_AGENT);
    ["curl", "Wget", "Mozilla/5.0"]
        .iter()
        .any(|browser| agent.starts_with(browser))
}

fn wish(clause: &str) -> Option<(Shape, bool)> {
    let mut parts = clause.split(';').map(str::trim);
    let media = parts.next()?;
    let yaml = match media {
        "application/json" | "*/*" | "application/*" => false,
        "application/yaml" => true,
        _ => return None,
    };
    let (mut form, mut group, mut version) = ("", "", "");
    for part in parts {
        match part.split_once('=') {
            Some(("as", value)) => form = value,
            Some(("g", value)) => group = value,
            Some(("v", value)) => version = value,
            _ => {}
        }
    }
    let version = match version {
        "v1" => "meta.k8s.io/v1",
        "v1beta1" => "meta.k8s.io/v1beta1",
        _ => "",
    };
    let shape = match form {
        "" => Shape::Whole,
        _ if group != "meta.k8s.io" || version.is_empty() => return None,
        "Table" => Shape::Table(version),
        "PartialObjectMetadata" | "PartialObjectMetadataList" => Shape::Partial(version),
        _ => return None,
    };
    Some((shape, yaml))
}
