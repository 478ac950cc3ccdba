//! `urlParse` and `urlJoin`: URLs to maps and back.

use windlass_template::{Context, Error, Function};
use windlass_url::Url;
use windlass_value::func::Param::{Map, String};
use windlass_value::{Heap, Kind, MapId, MapType, Str, Value};

use crate::call::{Out, fixed, kind_of, map, string};

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("urlParse", &[String], url_parse),
    fixed("urlJoin", &[Map], url_join),
];

fn url_parse(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let url = Url::parse(string(args, 0)?);
    let url = url.map_err(|e| Error::message(format!("unable to parse url: {e}")))?;
    let hostname = url.hostname().to_vec();
    let entries = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", hostname),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        (
            "userinfo",
            url.user.map_or_else(Vec::new, |user| user.encoded()),
        ),
    ];
    let entries = entries
        .into_iter()
        .map(|(key, part)| (key.into(), Value::str(part)))
        .collect();
    Ok(Value::Map(ctx.heap_mut().map_from(MapType::Any, entries)))
}

fn url_join(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let id = map(ctx, args, 0)?;
    let heap = ctx.heap();
    let part = |key| part(heap, id, key).map(|s| s.to_vec());
    let mut url = Url {
        scheme: part("scheme")?,
        host: part("host")?,
        path: part("path")?,
        query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
        ..Url::default()
    };
    let userinfo = part("userinfo")?;
    if !userinfo.is_empty() {
        let parsed = Url::parse(&[b"proto://", userinfo.as_slice(), b"@host"].concat());
        let parsed =
            parsed.map_err(|e| Error::message(format!("unable to parse userinfo in dict: {e}")))?;
        url.user = parsed.user;
    }
    Ok(Value::str(url.to_bytes()))
}

/// A string of the map; empty if it is not there.
fn part(heap: &Heap, id: MapId, key: &str) -> Result<Str, Error> {
    let Some(value) = heap.get(id, key.as_bytes()) else {
        return Ok(Str::default());
    };
    let kind = kind_of(value)?;
    let text = match value {
        Value::Str(s) => Some(s.clone()),
        Value::Object(o) if kind == Kind::String => {
            o.underlying().and_then(|v| v.as_str().cloned())
        }
        _ => None,
    };
    text.ok_or_else(|| {
        let kind = kind.name();
        let text = format!("unable to parse {key} key, must be of type string, but {kind} found");
        Error::message(text)
    })
}
