//! What a type says of the patching of a field.

use super::{Error, MERGE, REPLACE};
use crate::schema::{Field, Type, TypeRef};

/// How a field is patched.
#[derive(Clone, Copy)]
pub(super) struct Meta<'a> {
    /// The type of the field, or of the items of a list.
    pub(super) of: &'a TypeRef,
    pub(super) strategy: Strategy,
    pub(super) retain_keys: bool,
    /// Empty if none is declared.
    pub(super) merge_key: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Strategy {
    Default,
    Merge,
    Replace,
}

/// For a field that is a map or struct.
pub(super) fn of_map<'a>(of: &'a TypeRef, name: &str) -> Result<Meta<'a>, Error> {
    let field = field(of, name)?;
    let (retain_keys, strategy) = strategies(field)?;
    Ok(Meta {
        of: &field.of,
        strategy,
        retain_keys,
        merge_key: field.patch.merge_key.as_deref().unwrap_or(""),
    })
}

/// For a field that is a list.
pub(super) fn of_list<'a>(of: &'a TypeRef, name: &str) -> Result<Meta<'a>, Error> {
    let meta = of_map(of, name)?;
    let list = meta.of.resolve().list.as_ref();
    let list = list.ok_or(Error::NotList("struct"))?;
    Ok(Meta {
        of: &list.element,
        ..meta
    })
}

/// The Go kind of a type, for messages.
pub(super) fn go_kind(of: &TypeRef) -> &'static str {
    let resolved = of.resolve();
    match (&resolved.map, &resolved.list) {
        (Some(_), _) if is_struct(of, resolved) => "struct",
        (Some(_), _) => "map",
        (_, Some(_)) => "slice",
        _ => "string",
    }
}

fn is_struct(of: &TypeRef, resolved: &Type) -> bool {
    of.is_struct() || resolved.scalar.is_some()
}

fn field<'a>(of: &'a TypeRef, name: &str) -> Result<&'a Field, Error> {
    let resolved = of.resolve();
    if !is_struct(of, resolved) {
        return Err(Error::NotStruct(go_kind(of)));
    }
    let field = resolved.map.as_ref().and_then(|map| map.field(name));
    field.ok_or_else(|| Error::Field {
        of: resolved.short_name().to_owned(),
        field: name.to_owned(),
    })
}

/// `retainKeys` goes along with another strategy.
fn strategies(field: &Field) -> Result<(bool, Strategy), Error> {
    let mut retain = false;
    let mut strategy = Strategy::Default;
    for name in &field.patch.strategies {
        match &**name {
            "retainKeys" => retain = true,
            MERGE => strategy = Strategy::Merge,
            REPLACE => strategy = Strategy::Replace,
            other => return Err(Error::Strategy(format!("[{other}]"))),
        }
    }
    Ok((retain, strategy))
}
