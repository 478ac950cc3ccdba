//! The value of a tree.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::Error;
use crate::functions;
use crate::parse::{Expr, Fold, Form};
use crate::value::{Key, Value};

pub(crate) fn run(
    root: &Expr,
    names: &BTreeMap<String, Value>,
    steps: &mut u64,
) -> Result<Value, Error> {
    let mut machine = Machine {
        names,
        bound: Vec::new(),
        steps,
    };
    machine.value(root)
}

struct Machine<'a> {
    names: &'a BTreeMap<String, Value>,
    /// What macros bound, innermost last.
    bound: Vec<(String, Value)>,
    steps: &'a mut u64,
}

impl Machine<'_> {
    fn spend(&mut self, steps: u64) -> Result<(), Error> {
        *self.steps = self.steps.checked_sub(steps).ok_or(Error::Spent)?;
        Ok(())
    }

    fn value(&mut self, expr: &Expr) -> Result<Value, Error> {
        self.spend(1)?;
        match expr {
            Expr::Literal(value) => Ok(value.clone()),
            Expr::Name(name) => self.named(name),
            Expr::Member {
                of,
                field,
                optional,
            } => {
                let of = self.value(of)?;
                let key = Key::String(field.as_str().into());
                find(&of, &key, *optional)
            }
            Expr::Has { of, field } => {
                let of = self.value(of)?;
                let key = Key::String(field.as_str().into());
                match find(&of, &key, false) {
                    Ok(Value::Optional(inner)) => Ok(Value::Bool(inner.is_some())),
                    Ok(_) => Ok(Value::Bool(true)),
                    Err(Error::NoKey(_)) => Ok(Value::Bool(false)),
                    Err(other) => Err(other),
                }
            }
            Expr::Item {
                of,
                index,
                optional,
            } => {
                let (of, index) = (self.value(of)?, self.value(index)?);
                item(&of, &index, *optional)
            }
            Expr::Call {
                target,
                name,
                arguments,
            } => self.call(target.as_deref(), name, arguments),
            Expr::List(items) => {
                let items: Result<_, _> = items.iter().map(|item| self.value(item)).collect();
                items.map(Value::list)
            }
            Expr::Map(members) => {
                let mut map = BTreeMap::new();
                for (key, value) in members {
                    map.insert(self.value(key)?.key()?, self.value(value)?);
                }
                Ok(Value::Map(Rc::new(map)))
            }
            Expr::Unary(sign, of) => {
                let of = self.value(of)?;
                match (*sign, of) {
                    ("!", Value::Bool(yes)) => Ok(Value::Bool(!yes)),
                    ("-", Value::Int(int)) => {
                        int.checked_neg().map(Value::Int).ok_or(Error::Overflow)
                    }
                    ("-", Value::Double(double)) => Ok(Value::Double(-double)),
                    _ => Err(Error::Overload),
                }
            }
            Expr::Binary(sign @ ("&&" | "||"), one, two) => self.logic(*sign == "&&", one, two),
            Expr::Binary(sign, one, two) => {
                let (one, two) = (self.value(one)?, self.value(two)?);
                self.spend(functions::weight(&one) + functions::weight(&two))?;
                functions::operator(sign, &one, &two)
            }
            Expr::Either(condition, yes, no) => match self.value(condition)? {
                Value::Bool(true) => self.value(yes),
                Value::Bool(false) => self.value(no),
                _ => Err(Error::Overload),
            },
            Expr::Fold(fold) => self.fold(fold),
            Expr::Bind(name, value, body) => {
                let value = self.value(value)?;
                self.with(&[(name, value)], body)
            }
        }
    }

    fn named(&self, name: &str) -> Result<Value, Error> {
        let bound = self.bound.iter().rev().find(|(own, _)| own == name);
        let found = bound
            .map(|(_, value)| value)
            .or_else(|| self.names.get(name));
        let of_type = || {
            let types = [
                "int",
                "uint",
                "double",
                "bool",
                "string",
                "bytes",
                "list",
                "map",
                "null_type",
                "type",
            ];
            types.into_iter().find(|own| *own == name).map(Value::Type)
        };
        found
            .cloned()
            .or_else(of_type)
            .ok_or_else(|| Error::Unknown(name.to_owned()))
    }

    /// Either side decides alone if it can, even if the other has no value.
    fn logic(&mut self, all: bool, one: &Expr, two: &Expr) -> Result<Value, Error> {
        let first = self.value(one);
        if matches!(&first, Ok(Value::Bool(yes)) if *yes != all) {
            return first;
        }
        let second = self.value(two);
        match (&first, &second) {
            (_, Ok(Value::Bool(yes))) if *yes != all => second,
            (Ok(Value::Bool(_)), Ok(Value::Bool(_))) => Ok(Value::Bool(all)),
            (Err(_), _) => first,
            (_, Err(_)) => second,
            _ => Err(Error::Overload),
        }
    }

    fn with(&mut self, bound: &[(&String, Value)], body: &Expr) -> Result<Value, Error> {
        let before = self.bound.len();
        let bound = bound
            .iter()
            .map(|(name, value)| ((*name).clone(), value.clone()));
        self.bound.extend(bound);
        let made = self.value(body);
        self.bound.truncate(before);
        made
    }

    fn fold(&mut self, fold: &Fold) -> Result<Value, Error> {
        let over = self.value(&fold.over)?;
        let items: Vec<(Value, Value)> = match &over {
            Value::List(items) => (0..)
                .zip(items.iter())
                .map(|(at, item)| (Value::Int(at), item.clone()))
                .collect(),
            Value::Map(members) => members
                .iter()
                .map(|(key, value)| (Value::of_key(key), value.clone()))
                .collect(),
            _ => return Err(Error::Overload),
        };
        let keyed = matches!(over, Value::Map(_));
        let mut tally = Tally::default();
        for (key, value) in items {
            let single = if keyed { key.clone() } else { value.clone() };
            let bound: Vec<(&String, Value)> = match fold.names.as_slice() {
                [one] => vec![(one, single.clone())],
                [place, item] => vec![(place, key), (item, value)],
                _ => return Err(Error::Overload),
            };
            if let Some(filter) = &fold.filter {
                match self.with(&bound, filter)? {
                    Value::Bool(true) => {}
                    Value::Bool(false) => continue,
                    _ => return Err(Error::Overload),
                }
            }
            let made = self.with(&bound, &fold.body);
            if tally.take(fold.form, single, made)? {
                break;
            }
        }
        tally.finish(fold.form)
    }

    fn call(
        &mut self,
        target: Option<&Expr>,
        name: &str,
        arguments: &[Expr],
    ) -> Result<Value, Error> {
        // `math.greatest(…)`: a library's name is no value.
        if let Some(Expr::Name(library)) = target
            && self.named(library).is_err()
        {
            let arguments = self.values(arguments)?;
            return functions::call(&format!("{library}.{name}"), &arguments);
        }
        let mut values = Vec::new();
        if let Some(target) = target {
            values.push(self.value(target)?);
        }
        values.extend(self.values(arguments)?);
        self.spend(values.iter().map(functions::weight).sum())?;
        if target.is_some() {
            functions::method(name, &values)
        } else {
            functions::call(name, &values)
        }
    }

    fn values(&mut self, exprs: &[Expr]) -> Result<Vec<Value>, Error> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }
}

/// What a macro found so far.
#[derive(Default)]
struct Tally {
    count: usize,
    made: Vec<Value>,
    /// An item whose condition has no value, unless another one decides.
    failure: Option<Error>,
    decided: bool,
}

impl Tally {
    /// Takes what came of an item; whether the rest does not matter.
    fn take(&mut self, form: Form, item: Value, made: Result<Value, Error>) -> Result<bool, Error> {
        match (form, made) {
            (_, Err(Error::Spent)) => return Err(Error::Spent),
            (Form::Map, made) => self.made.push(made?),
            (Form::Filter, Ok(Value::Bool(yes))) => {
                if yes {
                    self.made.push(item);
                }
            }
            (Form::One, Ok(Value::Bool(yes))) => self.count += usize::from(yes),
            (Form::All | Form::Exists, Ok(Value::Bool(yes))) => {
                self.decided = yes == (form == Form::Exists);
            }
            (Form::All | Form::Exists, Err(failure)) => {
                self.failure.get_or_insert(failure);
            }
            (_, Err(failure)) => return Err(failure),
            _ => return Err(Error::Overload),
        }
        Ok(self.decided)
    }

    fn finish(self, form: Form) -> Result<Value, Error> {
        match form {
            Form::Map | Form::Filter => Ok(Value::list(self.made)),
            Form::One => Ok(Value::Bool(self.count == 1)),
            Form::All | Form::Exists if self.decided => Ok(Value::Bool(form == Form::Exists)),
            Form::All | Form::Exists => match self.failure {
                Some(failure) => Err(failure),
                None => Ok(Value::Bool(form == Form::All)),
            },
        }
    }
}

/// A member; of what may not be there only if it is asked for so.
fn find(of: &Value, key: &Key, optional: bool) -> Result<Value, Error> {
    let found = match of {
        Value::Map(members) => members.get(key).cloned(),
        Value::Optional(None) => return Ok(Value::Optional(None)),
        Value::Optional(Some(inner)) => return find(inner, key, true),
        _ => return Err(Error::Overload),
    };
    match (found, optional) {
        (Some(found), false) => Ok(found),
        (found, true) => Ok(Value::Optional(found.map(Rc::new))),
        (None, false) => Err(Error::NoKey(match key {
            Key::String(name) => name.to_string(),
            Key::Int(int) => int.to_string(),
            Key::Bool(yes) => yes.to_string(),
        })),
    }
}

fn item(of: &Value, index: &Value, optional: bool) -> Result<Value, Error> {
    match (of, index) {
        (Value::List(items), Value::Int(at)) => {
            let found = usize::try_from(*at).ok().and_then(|at| items.get(at));
            match (found, optional) {
                (Some(found), false) => Ok(found.clone()),
                (found, true) => Ok(Value::Optional(found.cloned().map(Rc::new))),
                (None, false) => Err(Error::OutOfBounds(*at)),
            }
        }
        (Value::List(_), _) => Err(Error::Overload),
        (Value::Optional(Some(inner)), _) => item(inner, index, true),
        _ => find(of, &index.key()?, optional),
    }
}
