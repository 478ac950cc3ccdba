//! The functions Helm adds to Sprig's or puts in their place.

use windlass_chart::compat::Compat;
use windlass_template::{Context, Error, ErrorKind, Function, Functions};
use windlass_value::func::{Param, Signature};
use windlass_value::json::{self, Numbers, Target};
use windlass_value::{Str, Value, fmt};

use crate::host::{Event, RenderHost, Wanted};

/// Brackets around a message of `required` or `fail`, which the reformatting of errors looks for.
pub(crate) const MESSAGE_START: &str = "HELM_ERR_START";
/// See [`MESSAGE_START`].
pub(crate) const MESSAGE_END: &str = "HELM_ERR_END";

/// Nested inclusions of one name that Helm allows.
const MAX_INCLUSIONS: u32 = 1000;

/// All functions of a compat setting. `include`, `tpl`, `required`, `fail`, `lookup` and
/// `getHostByName` work within a render only; the others with any host.
#[must_use]
pub fn functions(compat: Compat) -> Functions {
    let functions = windlass_sprig::functions(Functions::new()).with(HELM);
    if compat.has_newer_functions() {
        functions
            .with(NEWER)
            .with(windlass_sprig::duration::FUNCTIONS)
    } else {
        functions
    }
}

const fn function(
    name: &'static str,
    params: &'static [Param],
    body: windlass_template::Body,
) -> Function {
    Function {
        name,
        signature: Signature::fixed(params),
        body,
    }
}

const STRING_ANY: &[Param] = &[Param::String, Param::Any];

const HELM: &[Function] = &[
    function("include", STRING_ANY, include),
    function("tpl", STRING_ANY, tpl),
    function("required", STRING_ANY, required),
    function("fail", &[Param::String], fail),
    function(
        "lookup",
        &[Param::String, Param::String, Param::String, Param::String],
        lookup,
    ),
    function("getHostByName", &[Param::String], get_host_by_name),
    function("toYaml", &[Param::Any], |c, a| or_empty(to_yaml(c, &a[0]))),
    function("toYamlPretty", &[Param::Any], |c, a| {
        to_yaml_pretty(c, &a[0])
    }),
    function("fromYaml", &[Param::String], |c, a| {
        let parsed = windlass_yaml::parse_map(c.heap_mut(), text(&a[0]));
        map_or_error(c, parsed.map(Value::Map).map_err(|e| e.to_string()))
    }),
    function("fromYamlArray", &[Param::String], |c, a| {
        let parsed = windlass_yaml::parse_list(c.heap_mut(), text(&a[0]));
        list_or_error(parsed.map_err(|e| e.to_string()))
    }),
    function("toJson", &[Param::Any], |c, a| or_empty(to_json(c, &a[0]))),
    function("mustToJson", &[Param::Any], |c, a| {
        Ok(to_json(c, &a[0])?.into())
    }),
    function("fromJson", &[Param::String], |c, a| {
        from_json(c, text(&a[0]), Target::Map)
    }),
    function("fromJsonArray", &[Param::String], |c, a| {
        from_json(c, text(&a[0]), Target::List)
    }),
    function("toToml", &[Param::Any], |c, a| {
        match windlass_toml::encode(c.heap(), &a[0]) {
            Ok(text) => Ok(text.into()),
            // Helm gives an error it is handed as the text; what the encoder panics of fails the call.
            Err(error @ windlass_toml::Error::Panicked(_)) => Err(error.to_string().into()),
            Err(error) => Ok(Str::from(error.to_string()).into()),
        }
    }),
    function("fromToml", &[Param::String], |c, a| {
        let parsed = windlass_toml::decode(c.heap_mut(), text(&a[0]));
        map_or_error(c, parsed.map_err(|e| e.to_string()))
    }),
];

const NEWER: &[Function] = &[
    function("mustToYaml", &[Param::Any], |c, a| {
        Ok(to_yaml(c, &a[0])?.into())
    }),
    function("mustToToml", &[Param::Any], |c, a| {
        Ok(windlass_toml::encode(c.heap(), &a[0])
            .map_err(|e| e.to_string())?
            .into())
    }),
];

fn text(value: &Value) -> &[u8] {
    value.as_str().map(Str::as_bytes).unwrap_or_default()
}

fn host(context: &mut dyn Context) -> &mut RenderHost {
    context
        .host()
        .as_any_mut()
        .downcast_mut()
        .expect("these functions are only ever given to a render, whose host this is")
}

// === Templates in templates ===

fn include(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let name = args[0].as_str().cloned().unwrap_or_default();
    let depth = host(context).including.entry(name.clone()).or_insert(0);
    if *depth > MAX_INCLUSIONS {
        let cause = Error::message("unable to execute template");
        let name = name.to_text();
        let text = format!("rendering template has a nested reference name: {name}: {cause}");
        return Err(Error::layer(ErrorKind::Message, text, Some(cause)));
    }
    *depth += 1;
    let output = context.execute(&name, args[1].clone());
    if let Some(depth) = host(context).including.get_mut(&name) {
        *depth -= 1;
    }
    output.map(Value::Str)
}

fn tpl(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let template = args[0].as_str().cloned().unwrap_or_default();
    match context.execute_text(&template, args[1].clone()) {
        Ok(output) => Ok(Value::Str(without_no_value(output))),
        // To wrap a passed limit at every level of a recursion would only repeat texts.
        Err(cause) if cause.limit().is_some() => Err(cause),
        Err(cause) => {
            let quoted = fmt::quote(&template);
            let prefix = match cause.kind() {
                ErrorKind::Parse(_) => format!("cannot parse template {quoted}: "),
                _ => format!("error during tpl function execution for {quoted}: "),
            };
            Err(Error::prefixed(ErrorKind::Message, prefix, cause))
        }
    }
}

/// Takes out what Go prints for a missing value, as Helm does with every output.
pub(crate) fn without_no_value(output: Str) -> Str {
    const NO_VALUE: &[u8] = b"<no value>";
    // Making a finder takes longer than looking through what most includes give.
    if memchr::memchr(NO_VALUE[0], &output).is_none() {
        return output;
    }
    let finder = memchr::memmem::Finder::new(NO_VALUE);
    if finder.find(&output).is_none() {
        return output;
    }
    let mut kept = Vec::with_capacity(output.len());
    let mut from = 0;
    for at in finder.find_iter(&output) {
        kept.extend_from_slice(&output[from..at]);
        from = at + NO_VALUE.len();
    }
    kept.extend_from_slice(&output[from..]);
    kept.into()
}

// === The chart author's own errors ===

fn bracketed(message: &str) -> Error {
    Error::message(format!("{MESSAGE_START}{message}{MESSAGE_END}"))
}

fn required(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let value = &args[1];
    let nil = value.is_nil();
    if !nil && value.as_str().is_none_or(|s| !s.is_empty()) {
        return Ok(value.clone());
    }
    let message = String::from_utf8_lossy(text(&args[0])).into_owned();
    let host = host(context);
    if host.lint {
        host.events.push(Event::MissingRequired { message, nil });
        return Ok(Value::str(""));
    }
    Err(bracketed(&message))
}

fn fail(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let message = String::from_utf8_lossy(text(&args[0])).into_owned();
    let host = host(context);
    if host.lint {
        host.events.push(Event::Failed { message });
        return Ok(Value::str(""));
    }
    Err(bracketed(&message))
}

// === The world outside ===

fn lookup(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let Some(mut lookup) = host(context).lookup.take() else {
        return Ok(Value::Map(context.heap_mut().new_map()));
    };
    let words: Vec<_> = args
        .iter()
        .map(|a| String::from_utf8_lossy(text(a)))
        .collect();
    let wanted = Wanted {
        api_version: &words[0],
        kind: &words[1],
        namespace: &words[2],
        name: &words[3],
    };
    let found = lookup.lookup(context.heap_mut(), &wanted);
    host(context).lookup = Some(lookup);
    Ok(Value::Map(found?))
}

/// One of the host's addresses at random, as Sprig picks it. Without a resolver there is nothing to
/// ask, which is Helm's default; with one, a host that is not known makes Sprig panic.
fn get_host_by_name(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let name = String::from_utf8_lossy(text(&args[0])).into_owned();
    let host = host(context);
    let Some(resolver) = host.resolver.as_mut() else {
        return Ok(Value::str(""));
    };
    let mut addresses = resolver.resolve(&name);
    if addresses.is_empty() {
        return Err("invalid argument to Intn".into());
    }
    let mut random = [0; 8];
    host.world.fill_random(&mut random);
    let chosen = usize::from_ne_bytes(random) % addresses.len();
    Ok(addresses.swap_remove(chosen).into())
}

// === Formats ===

fn to_yaml(context: &mut dyn Context, value: &Value) -> Result<String, Error> {
    let written = windlass_yaml::to_yaml(context.heap(), value);
    finished(context, written)
}

/// Helm swallows errors here, but what goyaml panics with fails the call.
fn to_yaml_pretty(context: &mut dyn Context, value: &Value) -> Result<Value, Error> {
    match windlass_yaml::to_yaml_pretty(context.heap(), value) {
        Err(e) if e.stage() == windlass_yaml::Stage::Panic => Err(e.to_string().into()),
        written => or_empty(finished(context, written)),
    }
}

/// A written document without its last newline, if there is room for it.
fn finished(
    context: &mut dyn Context,
    written: windlass_yaml::Result<String>,
) -> Result<String, Error> {
    let mut text = match written {
        Ok(text) => text,
        Err(e) if e.is_too_large() => return Err(too_large(context)),
        Err(e) => return Err(e.to_string().into()),
    };
    if text.ends_with('\n') {
        text.pop();
    }
    context.reserve(text.len())?;
    Ok(text)
}

fn to_json(context: &mut dyn Context, value: &Value) -> Result<Str, Error> {
    match json::marshal(context.heap(), value) {
        Ok(text) => Ok(text.into()),
        Err(json::Error::TooLarge) => Err(too_large(context)),
        Err(e) => Err(e.to_string().into()),
    }
}

/// The limit that a document passes which no limit of a render lets through.
fn too_large(context: &mut dyn Context) -> Error {
    match context.reserve(usize::MAX) {
        Err(limit) => limit,
        Ok(()) => Error::message("document too large"),
    }
}

/// An error gives an empty text, as Helm has it; a passed limit stays an error.
fn or_empty<T: Into<Value>>(written: Result<T, Error>) -> Result<Value, Error> {
    match written {
        Ok(text) => Ok(text.into()),
        Err(e) if e.limit().is_some() => Err(e),
        Err(_) => Ok("".into()),
    }
}

/// What the text holds; an error's text is put into it, where Helm's callers look for it.
fn from_json(context: &mut dyn Context, text: &[u8], target: Target) -> Result<Value, Error> {
    let outcome = json::decode(context.heap_mut(), text, target, Numbers::Float);
    match (outcome.error, target) {
        (None, _) => Ok(outcome.value),
        (Some(error), Target::List) => Ok(Value::list(vec![Value::from(error.to_string())])),
        (Some(error), _) => {
            let heap = context.heap_mut();
            let map = outcome.value.as_map().unwrap_or_else(|| heap.new_map());
            heap.set(map, "Error", Value::from(error.to_string()));
            Ok(Value::Map(map))
        }
    }
}

/// The parsed map, or one whose `Error` says why there is none.
fn map_or_error(context: &mut dyn Context, parsed: Result<Value, String>) -> Result<Value, Error> {
    parsed.or_else(|message| {
        let heap = context.heap_mut();
        let map = heap.new_map();
        heap.set(map, "Error", Value::from(message));
        Ok(Value::Map(map))
    })
}

fn list_or_error(parsed: Result<Value, String>) -> Result<Value, Error> {
    Ok(parsed.unwrap_or_else(|message| Value::list(vec![Value::from(message)])))
}

#[cfg(test)]
mod tests {
    use std::any::Any;

    use windlass_template::{Host, Limits, Options, Session, Templates};
    use windlass_value::Heap;

    use super::*;

    struct Nothing;

    impl Host for Nothing {
        fn now(&mut self) -> i128 {
            0
        }

        fn fill_random(&mut self, buffer: &mut [u8]) {
            buffer.fill(0);
        }

        fn as_any_mut(&mut self) -> &mut dyn Any {
            self
        }
    }

    fn run(template: &str) -> Result<Vec<u8>, String> {
        let mut set = Templates::new("t", functions(Compat::Helm4), Options::default());
        set.parse("t", template).map_err(|e| e.to_string())?;
        Session::new(&set, &mut Heap::new(), &mut Nothing, Limits::default())
            .render(b"t", Value::Nil)
            .map_err(|e| e.to_string())
    }

    #[test]
    fn what_no_yaml_can_hold_fails_only_the_pretty_writer() {
        assert_eq!(run("{{ toYaml 2i }}"), Ok(Vec::new()));
        let error = "template: t:1:3: executing \"t\" at <toYamlPretty 2i>: \
                     error calling toYamlPretty: cannot marshal type: complex128";
        assert_eq!(run("{{ toYamlPretty 2i }}"), Err(error.to_owned()));
    }
}
