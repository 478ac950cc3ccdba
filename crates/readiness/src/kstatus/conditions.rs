//! `status.conditions` of any object.

use serde_json::Value;

use super::{Assessment, Error};

/// A condition as most kinds have them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Basic<'a> {
    pub(super) kind: &'a str,
    pub(super) status: &'a str,
    pub(super) reason: &'a str,
    pub(super) message: &'a str,
}

impl Basic<'_> {
    pub(super) fn is(&self, kind: &str, status: &str) -> bool {
        self.kind == kind && self.status == status
    }

    pub(super) fn in_progress(&self) -> Assessment {
        Assessment::in_progress(self.reason, self.message)
    }

    pub(super) fn failed(&self) -> Assessment {
        Assessment::failed(self.reason, self.message)
    }
}

/// The conditions; none where there is no status.
pub(super) fn conditions(object: &Value) -> Result<Vec<Basic<'_>>, Error> {
    let found = match object.get("status") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(status)) => status.get("conditions"),
        Some(_) => return Err(Error::Conditions),
    };
    match found {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => items.iter().map(basic).collect(),
        Some(_) => Err(Error::Conditions),
    }
}

fn basic(item: &Value) -> Result<Basic<'_>, Error> {
    let text = |name: &str| match item.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text.as_str()),
        Some(_) => Err(Error::Conditions),
    };
    if !matches!(item, Value::Object(_) | Value::Null) {
        return Err(Error::Conditions);
    }
    Ok(Basic {
        kind: text("type")?,
        status: text("status")?,
        reason: text("reason")?,
        message: text("message")?,
    })
}
