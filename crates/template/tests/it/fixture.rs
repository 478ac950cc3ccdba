//! The data and functions of the golden cases: the same as the Go program had that recorded them.

use std::any::Any;
use std::collections::HashMap;

use windlass_template::{
    Error, ErrorKind, Function, Functions, Limits, MissingKey, Options, Session, Templates,
};
use windlass_value::func::{Method, Param, Signature};
use windlass_value::object::{Field, Object, Record, RecordType};
use windlass_value::{Elem, Heap, IntKind, Kind, MapType, NamedMap, Str, UintKind, Value, fmt};

/// Counts how deep each name is included, as Helm does.
#[derive(Default)]
pub(crate) struct Host {
    depth: HashMap<String, u32>,
}

impl windlass_template::Host for Host {
    fn now(&mut self) -> i128 {
        0
    }

    fn fill_random(&mut self, _: &mut [u8]) {}

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

pub(crate) fn functions() -> Functions {
    Functions::new().with(FUNCS)
}

/// Parses the files and runs `main` over the data.
pub(crate) fn run(files: &[(String, String)], missing_key: MissingKey) -> Result<String, Error> {
    run_limited(files, missing_key, Limits::default())
}

pub(crate) fn run_limited(
    files: &[(String, String)],
    missing_key: MissingKey,
    limits: Limits,
) -> Result<String, Error> {
    let mut templates = Templates::new("gotpl", functions(), Options { missing_key });
    for (name, text) in files {
        templates.parse(name.as_str(), text.as_str())?;
    }
    let mut heap = Heap::new();
    let data = data(&mut heap);
    let mut host = Host::default();
    let mut session = Session::new(&templates, &mut heap, &mut host, limits);
    let output = session.render(b"main", data)?;
    Ok(String::from_utf8(output).unwrap())
}

static SUB: RecordType = RecordType {
    name: "*main.Sub",
    fields: &[Field::plain("Deep")],
    methods: &[],
    display: None,
};
static OBJ: RecordType = RecordType {
    name: "*main.Obj",
    fields: &[
        Field::plain("Name"),
        Field::plain("Num"),
        Field::plain("Sub"),
        Field::plain("Nil"),
        Field::plain("Any"),
        Field::plain("Map"),
    ],
    methods: &[
        Method {
            name: "Hello",
            signature: Signature::fixed(&[Param::String]),
            body: |_, _, a| {
                Ok(Value::str(format!(
                    "hello {}",
                    a[0].as_str().unwrap().to_text()
                )))
            },
            refusal: None,
        },
        Method {
            name: "Fail",
            signature: Signature::fixed(&[]),
            body: |_, _, _| Err("method failed".into()),
            refusal: None,
        },
        Method {
            name: "Add",
            signature: Signature::fixed(&[Param::Int, Param::Int]),
            body: |_, _, a| match a {
                [Value::Int(x, _), Value::Int(y, _)] => Ok(Value::int(x + y)),
                _ => panic!(),
            },
            refusal: None,
        },
        Method {
            name: "Join",
            signature: Signature::variadic(&[Param::String], Param::String),
            body: |_, _, a| {
                Ok(Value::str(
                    a[1..]
                        .iter()
                        .map(|v| v.as_str().unwrap().to_text().into_owned())
                        .collect::<Vec<_>>()
                        .join(&a[0].as_str().unwrap().to_text()),
                ))
            },
            refusal: None,
        },
        Method {
            name: "Any1",
            signature: Signature::fixed(&[Param::Any]),
            body: |h, _, a| Ok(Value::Str(fmt::sprint(h, a))),
            refusal: None,
        },
        Method {
            name: "Self",
            signature: Signature::fixed(&[]),
            body: |_, r, _| Ok(r.clone()),
            refusal: None,
        },
        Method {
            name: "NilAny",
            signature: Signature::fixed(&[]),
            body: |_, _, _| Ok(Value::Nil),
            refusal: None,
        },
    ],
    display: None,
};
static VALS: NamedMap = NamedMap {
    name: "main.Vals",
    elem: Elem::Any,
    methods: &[
        Method {
            name: "AsMap",
            signature: Signature::fixed(&[]),
            body: |h, r, _| {
                let id = r.as_map().unwrap();
                Ok(Value::Map(h.view_as(id, MapType::Any)))
            },
            refusal: None,
        },
        Method {
            name: "Get",
            signature: Signature::fixed(&[Param::String]),
            body: |h, r, a| {
                let k = a[0].as_str().unwrap();
                h.get(r.as_map().unwrap(), k)
                    .cloned()
                    .ok_or_else(|| format!("no key {}", k.to_text()).into())
            },
            refusal: None,
        },
    ],
};

#[derive(Debug)]
struct NilSub;
impl Object for NilSub {
    fn type_name(&self) -> &'static str {
        "*main.Sub"
    }
    fn kind(&self) -> Kind {
        Kind::Ptr
    }
    fn is_nil(&self) -> bool {
        true
    }
    fn field(&self, n: &[u8]) -> Option<Value> {
        (n == b"Deep").then_some(Value::Nil)
    }
    fn fields(&self) -> Vec<(Field, Value)> {
        vec![(Field::plain("Deep"), Value::Nil)]
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn map(h: &mut Heap, e: Vec<(&str, Value)>) -> Value {
    Value::Map(h.map_from(
        MapType::Any,
        e.into_iter().map(|(k, v)| (Str::from(k), v)).collect(),
    ))
}

fn data(h: &mut Heap) -> Value {
    let nested = map(h, vec![("x", "y".into())]);
    let m = map(
        h,
        vec![
            ("a", Value::int(1)),
            ("b", "two".into()),
            ("nested", nested),
            ("nil", Value::Nil),
        ],
    );
    let kv = map(h, vec![("k", "v".into())]);
    let em = map(h, vec![]);
    let sm = Value::Map(h.map_from(
        MapType::Strings,
        vec![("k".into(), "v".into()), ("a".into(), "b".into())],
    ));
    let z = map(h, vec![("z", Value::int(1))]);
    let q = map(h, vec![("q", Value::int(1))]);
    let v = Value::Map(h.map_from(
        MapType::Named(&VALS),
        vec![
            ("AsMap".into(), "hidden".into()),
            ("k".into(), "v".into()),
            ("sub".into(), q),
        ],
    ));
    let sub = Value::object(Record::new(&SUB, vec!["dp".into()]));
    let o = Value::object(Record::new(
        &OBJ,
        vec![
            "nm".into(),
            Value::int(3),
            sub,
            Value::object(NilSub),
            Value::Nil,
            z,
        ],
    ));
    map(
        h,
        vec![
            ("s", "hello".into()),
            ("n", Value::int(5)),
            ("f", Value::float(1.5)),
            ("t", true.into()),
            ("nil", Value::Nil),
            ("zero", Value::int(0)),
            ("fl", false.into()),
            ("m", m),
            (
                "l",
                Value::list(vec![
                    Value::int(1),
                    "two".into(),
                    Value::Nil,
                    kv,
                    Value::list(vec![Value::int(7), Value::int(8)]),
                ]),
            ),
            ("e", "".into()),
            ("el", Value::list(vec![])),
            ("em", em),
            ("sm", sm),
            ("ss", Value::strings(["a", "b", "c"])),
            ("i64", Value::int64(7)),
            ("u8", Value::Uint(3, UintKind::Uint8)),
            ("u64", Value::Uint(1 << 63, UintKind::Uint64)),
            ("i8", Value::Int(-3, IntKind::Int8)),
            ("by", Value::Bytes("ab".into())),
            ("o", o),
            ("v", v),
            ("neg", Value::int(-4)),
            (
                "html",
                Value::str(b"<a href='x'>\"&\x00 \xc3\xa9 \xe2\x80\x8b\xff=\n</a>".as_slice()),
            ),
        ],
    )
}

macro_rules! f {
    ($n:literal, $s:expr, $b:expr) => {
        Function {
            name: $n,
            signature: $s,
            body: $b,
        }
    };
}
fn s(v: &Value) -> String {
    v.as_str().unwrap().to_text().into_owned()
}
const fn fx(p: &'static [Param]) -> Signature {
    Signature::fixed(p)
}
static FUNCS: &[Function] = &[
    f!("upper", fx(&[Param::String]), |_, a| Ok(Value::str(
        s(&a[0]).to_uppercase()
    ))),
    f!("quote", Signature::variadic(&[], Param::Any), |c, a| Ok(
        Value::str(fmt::quote(&fmt::sprint(c.heap(), a)))
    )),
    f!(
        "default",
        Signature::variadic(&[Param::Any], Param::Any),
        |_, a| Ok(match a {
            [d] => d.clone(),
            [d, Value::Nil, ..] => d.clone(),
            [d, Value::Str(x), ..] if x.is_empty() => d.clone(),
            [_, g, ..] => g.clone(),
            _ => Value::Nil,
        })
    ),
    f!("list", Signature::variadic(&[], Param::Any), |_, a| Ok(
        Value::list(a.to_vec())
    )),
    f!("dict", Signature::variadic(&[], Param::Any), |c, a| {
        let e = a
            .chunks_exact(2)
            .map(|p| (fmt::sprint(c.heap(), &p[..1]), p[1].clone()))
            .collect();
        Ok(Value::Map(c.heap_mut().map_from(MapType::Any, e)))
    }),
    f!(
        "set",
        fx(&[Param::Map, Param::String, Param::Any]),
        |c, a| {
            c.heap_mut().set(
                a[0].as_map().unwrap(),
                a[1].as_str().unwrap().clone(),
                a[2].clone(),
            );
            Ok(a[0].clone())
        }
    ),
    f!("fail", fx(&[Param::String]), |_, a| Err(s(&a[0]).into())),
    f!("nilfn", fx(&[]), |_, _| Ok(Value::Nil)),
    f!("ints", fx(&[Param::Int]), |_, a| match a[0] {
        Value::Int(n, _) => Ok(Value::int(n + 1)),
        _ => panic!(),
    }),
    f!("i64", fx(&[Param::Int64]), |_, a| match a[0] {
        Value::Int(n, _) => Ok(Value::int64(n + 1)),
        _ => panic!(),
    }),
    f!("f64", fx(&[Param::Float64]), |_, a| match a[0] {
        Value::Float(n, _) => Ok(Value::float(n * 2.0)),
        _ => panic!(),
    }),
    f!("b", fx(&[Param::Bool]), |_, a| match a[0] {
        Value::Bool(n) => Ok(Value::Bool(!n)),
        _ => panic!(),
    }),
    f!("u8", fx(&[Param::Uint8]), |_, a| Ok(a[0].clone())),
    f!("u32", fx(&[Param::Uint32]), |_, a| Ok(a[0].clone())),
    f!("strs", fx(&[Param::Strings]), |_, a| Ok(Value::int(
        a[0].as_list().unwrap().len() as i64
    ))),
    f!("anys", fx(&[Param::List]), |_, a| Ok(Value::int(
        a[0].as_list().unwrap().len() as i64
    ))),
    f!("mapfn", fx(&[Param::Map]), |c, a| Ok(Value::int(
        c.heap().map(a[0].as_map().unwrap()).len() as i64
    ))),
    f!("smfn", fx(&[Param::StringMap]), |c, a| Ok(Value::int(
        c.heap().map(a[0].as_map().unwrap()).len() as i64
    ))),
    f!("bytesfn", fx(&[Param::Bytes]), |_, a| match &a[0] {
        Value::Bytes(b) => Ok(Value::Str(b.clone())),
        _ => panic!(),
    }),
    f!(
        "vs",
        Signature::variadic(&[Param::String], Param::String),
        |_, a| Ok(Value::str(
            a[1..].iter().map(s).collect::<Vec<_>>().join(&s(&a[0]))
        ))
    ),
    f!("noargs", fx(&[]), |_, _| Ok("none".into())),
    f!("two", fx(&[Param::String, Param::Int]), |c, a| Ok(
        Value::Str(fmt::sprint(c.heap(), a))
    )),
    f!("boom", fx(&[Param::String]), |_, a| Err(format!(
        "boom {}",
        s(&a[0])
    )
    .into())),
    f!("include", fx(&[Param::String, Param::Any]), |c, a| {
        let n = s(&a[0]);
        let h = c.host().as_any_mut().downcast_mut::<Host>().unwrap();
        let d = h.depth.entry(n.clone()).or_default();
        if *d > 1000 {
            return Err(Error::prefixed(
                ErrorKind::Message,
                format!("rendering template has a nested reference name: {n}: "),
                Error::message("unable to execute template"),
            ));
        }
        *d += 1;
        let r = c.execute(a[0].as_str().unwrap(), a[1].clone());
        *c.host()
            .as_any_mut()
            .downcast_mut::<Host>()
            .unwrap()
            .depth
            .get_mut(&n)
            .unwrap() -= 1;
        r.map(Value::Str)
    }),
    f!("tpl", fx(&[Param::String, Param::Any]), |c, a| {
        let t = a[0].as_str().unwrap();
        c.execute_text(t, a[1].clone())
            .map(Value::Str)
            .map_err(|e| {
                let q = fmt::quote(t);
                let p = if matches!(e.kind(), ErrorKind::Parse(_)) {
                    format!("cannot parse template {q}: ")
                } else {
                    format!("error during tpl function execution for {q}: ")
                };
                Error::prefixed(ErrorKind::Message, p, e)
            })
    }),
];
