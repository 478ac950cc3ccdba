//! Values of expressions.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value as Json;

use crate::Error;

/// A value.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Value {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number without sign.
    Uint(u64),
    /// A number.
    Double(f64),
    /// A text.
    String(Rc<str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// A list.
    List(Rc<Vec<Value>>),
    /// A map or an object.
    Map(Rc<BTreeMap<Key, Value>>),
    /// A span of time, in nanoseconds.
    Duration(i64),
    /// A moment, in nanoseconds since 1970.
    Timestamp(i128),
    /// A quantity of Kubernetes, in billionths.
    Quantity(i128),
    /// An address, with the bits of its network if it is one.
    Address(std::net::IpAddr, Option<u8>),
    /// A URL, by its text.
    Url(Rc<str>),
    /// A value that may be there.
    Optional(Option<Rc<Value>>),
    /// The name of a type.
    Type(&'static str),
}

/// What members of maps are found by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Yes or no.
    Bool(bool),
    /// A whole number, of either type.
    Int(i128),
    /// A text.
    String(Rc<str>),
}

impl Value {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::String(text.into())
    }

    /// A list.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(items))
    }

    /// An object.
    #[must_use]
    pub fn object(members: impl IntoIterator<Item = (String, Self)>) -> Self {
        let members = members.into_iter();
        Self::Map(Rc::new(
            members
                .map(|(name, value)| (Key::String(name.into()), value))
                .collect(),
        ))
    }

    /// A value of JSON as it stands, where no schema says what it is.
    #[must_use]
    pub fn of_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(yes) => Self::Bool(*yes),
            Json::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(int), _) => Self::Int(int),
                (None, Some(uint)) => Self::Uint(uint),
                (None, None) => Self::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Self::text(text),
            Json::Array(items) => Self::list(items.iter().map(Self::of_json).collect()),
            Json::Object(members) => Self::object(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), Self::of_json(value))),
            ),
        }
    }

    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::String(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Duration(_) => "google.protobuf.Duration",
            Self::Timestamp(_) => "google.protobuf.Timestamp",
            Self::Quantity(_) => "kubernetes.Quantity",
            Self::Address(_, None) => "net.IP",
            Self::Address(..) => "net.CIDR",
            Self::Url(_) => "kubernetes.URL",
            Self::Optional(_) => "optional_type",
            Self::Type(_) => "type",
        }
    }

    pub(crate) fn key(&self) -> Result<Key, Error> {
        match self {
            Self::Bool(yes) => Ok(Key::Bool(*yes)),
            Self::Int(int) => Ok(Key::Int((*int).into())),
            Self::Uint(uint) => Ok(Key::Int((*uint).into())),
            Self::String(text) => Ok(Key::String(Rc::clone(text))),
            _ => Err(Error::Overload),
        }
    }

    pub(crate) fn of_key(key: &Key) -> Self {
        match key {
            Key::Bool(yes) => Self::Bool(*yes),
            Key::Int(int) => match i64::try_from(*int) {
                Ok(int) => Self::Int(int),
                Err(_) => Self::Uint(u64::try_from(*int).unwrap_or(u64::MAX)),
            },
            Key::String(text) => Self::String(Rc::clone(text)),
        }
    }

    /// Numbers are compared by what they are worth, whatever their types.
    pub(crate) fn order(&self, other: &Self) -> Option<Ordering> {
        if let (Some(one), Some(two)) = (self.whole(), other.whole()) {
            return Some(one.cmp(&two));
        }
        match (self, other) {
            (Self::String(one), Self::String(two)) => Some(one.cmp(two)),
            (Self::Bytes(one), Self::Bytes(two)) => Some(one.cmp(two)),
            (Self::Bool(one), Self::Bool(two)) => Some(one.cmp(two)),
            (Self::Duration(one), Self::Duration(two)) => Some(one.cmp(two)),
            (Self::Timestamp(one), Self::Timestamp(two))
            | (Self::Quantity(one), Self::Quantity(two)) => Some(one.cmp(two)),
            _ => self.number()?.partial_cmp(&other.number()?),
        }
    }

    fn whole(&self) -> Option<i128> {
        match self {
            Self::Int(int) => Some((*int).into()),
            Self::Uint(uint) => Some((*uint).into()),
            _ => None,
        }
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "a comparison with a double is one of doubles"
    )]
    fn number(&self) -> Option<f64> {
        match self {
            Self::Double(double) => Some(*double),
            other => other.whole().map(|whole| whole as f64),
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::List(one), Self::List(two)) => one == two,
            (Self::Map(one), Self::Map(two)) => one == two,
            (Self::Address(one, n), Self::Address(two, m)) => (one, n) == (two, m),
            (Self::Url(one), Self::Url(two)) => one == two,
            (Self::Optional(one), Self::Optional(two)) => one == two,
            (Self::Type(one), Self::Type(two)) => one == two,
            _ => self.order(other) == Some(Ordering::Equal),
        }
    }
}
