//! What Helm's drivers say of failures: the one for Secrets says what it was about, that for ConfigMaps nothing.

use windlass_plan::cluster::{Error, Status, StatusCause};
use windlass_release::object::{Kind, MAX_DATA, ObjectError};
use windlass_release::{Cause, StoreError};

/// The words of a driver.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Kind);

impl Words {
    pub(super) fn get(self, key: &str, error: Error) -> StoreError {
        if error.is_not_found() {
            return StoreError::NotFound;
        }
        let key = key.to_owned();
        self.say(error, |cause| StoreError::Get { key, cause })
    }

    pub(super) fn decode(self, key: &str, error: ObjectError) -> StoreError {
        let key = key.to_owned();
        self.say(error, |cause| StoreError::Decode { key, cause })
    }

    pub(super) fn list(self, error: Error) -> StoreError {
        self.say(error, StoreError::List)
    }

    pub(super) fn query(self, error: Error) -> StoreError {
        self.say(error, StoreError::Query)
    }

    pub(super) fn create_encode(self, name: &str, error: ObjectError) -> StoreError {
        let name = name.to_owned();
        self.say(error, |cause| StoreError::CreateEncode { name, cause })
    }

    pub(super) fn create(self, error: Error) -> StoreError {
        if error.is_already_exists() {
            return StoreError::AlreadyExists;
        }
        self.say(error, StoreError::Create)
    }

    pub(super) fn update_encode(self, name: &str, error: ObjectError) -> StoreError {
        let name = name.to_owned();
        self.say(error, |cause| StoreError::UpdateEncode { name, cause })
    }

    pub(super) fn update(self, error: Error) -> StoreError {
        self.say(error, StoreError::Update)
    }

    fn say<E>(self, error: E, about: impl FnOnce(Cause) -> StoreError) -> StoreError
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let cause: Cause = Box::new(error);
        match self.0 {
            Kind::Secret => about(cause),
            Kind::ConfigMap => StoreError::Driver(cause),
        }
    }
}

/// What a server says of an object with too much data.
pub(super) fn too_long(kind: Kind, name: &str) -> Error {
    let (kind, field) = match kind {
        Kind::Secret => (kind.name(), "data"),
        Kind::ConfigMap => (kind.name(), "[]"),
    };
    let what = format!("Too long: may not be more than {MAX_DATA} bytes");
    Error::Refused(Box::new(Status {
        code: 422,
        reason: "Invalid".to_owned(),
        message: format!("{kind} \"{name}\" is invalid: {field}: {what}"),
        causes: vec![StatusCause {
            reason: "FieldValueTooLong".to_owned(),
            message: what,
            field: field.to_owned(),
        }],
        retry_after_seconds: None,
    }))
}

/// What a label's value may be; apimachinery's words where it is not.
pub(super) fn check_label(value: &str) -> Result<(), StoreError> {
    let mut reasons = Vec::new();
    if value.len() > 63 {
        reasons.push("must be no more than 63 bytes");
    }
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let bytes = value.as_bytes();
    let ends = bytes.first().is_none_or(u8::is_ascii_alphanumeric)
        && bytes.last().is_none_or(u8::is_ascii_alphanumeric);
    if !ends || !bytes.iter().all(|byte| inner(*byte)) {
        reasons.push(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', \
             and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or \
             '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        );
    }
    if reasons.is_empty() {
        return Ok(());
    }
    Err(StoreError::InvalidLabel {
        value: value.to_owned(),
        reasons: reasons.join("; "),
    })
}
