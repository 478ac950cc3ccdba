//! Rules as charts write them, over objects as users write them.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use serde_json::json;
use windlass_cel::{Error, Program, Value};

fn value(rule: &str, this: &serde_json::Value) -> Result<Value, Error> {
    let names = BTreeMap::from([("self".to_owned(), Value::of_json(this))]);
    Program::compile(rule)?.run(&names, &mut 100_000)
}

#[track_caller]
fn holds(rule: &str, this: &serde_json::Value) {
    match value(rule, this) {
        Ok(Value::Bool(true)) => {}
        other => panic!("{rule}: {other:?}"),
    }
}

#[test]
fn operators_and_precedence() {
    for rule in [
        "1 + 2 * 3 == 7 && -2 < 1 || false",
        "(1 + 2) * 3 == 9 ? !false : false",
        "7 / 2 == 3 && 7 % 2 == 1 && 7.0 / 2.0 == 3.5",
        "1 == 1.0 && 1u == 1 && 2 > 1.5",
        "'a' + \"b\" == 'ab' && [1] + [2] == [1, 2]",
        "2 in [1, 2] && 'a' in {'a': 1} && !('b' in {'a': 1})",
        "r'a\\d' == 'a\\\\d' && '''it's''' == \"it's\" && '\\u0041' == 'A'",
        "type(1) == int && type('') == string",
        "0x1F == 31 && 1e3 == 1000.0 && -9223372036854775808 < 0",
        "{'a': 1, 'b': [2]}.b[0] == 2",
    ] {
        holds(rule, &json!(null));
    }
}

#[test]
fn members_that_are_there_or_not() {
    let this = json!({"name": "web", "replicas": 3, "ports": [{"port": 80}, {"port": 443}]});
    for rule in [
        "has(self.name) && !has(self.image)",
        "!has(self.image) || self.image != ''",
        "self.replicas >= 1 && size(self.ports) == 2 && self.name.size() == 3",
        "self.ports.all(p, p.port > 0) && self.ports.exists(p, p.port == 443)",
        "self.ports.exists_one(p, p.port == 80)",
        "self.ports.map(p, p.port) == [80, 443]",
        "self.ports.map(p, p.port > 100, p.port) == [443]",
        "self.ports.filter(p, p.port == 80).size() == 1",
        "self.all(k, k != 'other') && self.exists(k, v, k == 'replicas' && v == 3)",
        "self.?image.orValue('none') == 'none' && self.?name.hasValue()",
        "cel.bind(n, self.name, n + n == 'webweb')",
        "self.name == 'web' || self.absent == 1",
        "self.absent == 1 || self.name == 'web'",
    ] {
        holds(rule, &this);
    }
    assert_eq!(
        value("self.absent", &this).unwrap_err().to_string(),
        "no such key: absent"
    );
    assert_eq!(value("self.name + 1", &this), Err(Error::Overload));
    assert_eq!(value("self.replicas / 0", &this), Err(Error::Zero));
}

#[test]
fn texts_lists_and_kubernetes() {
    for rule in [
        "self.matches('^[a-z-]+$') && self.startsWith('my') && self.endsWith('name')",
        "self.split('-') == ['my', 'name'] && self.substring(3) == 'name'",
        "self.replace('my', 'your').upperAscii() == 'YOUR-NAME' && self.indexOf('n') == 3",
        "['a', 'b'].join(',') == 'a,b' && [1, 2, 2].isSorted() && [3, 1].min() == 1",
        "'a1b22'.find('[0-9]+') == '1' && 'a1b22'.findAll('[0-9]+') == ['1', '22']",
        "quantity('1Gi').isGreaterThan(quantity('500M')) && !isQuantity('1Q')",
        "quantity('1500m').add(quantity('500m')).asInteger() == 2",
        "isIP('10.0.0.1') && cidr('10.0.0.0/8').containsIP('10.1.2.3') && !isCIDR('10.0.0.0/33')",
        "url('https://a.example.com:8443/x').getHostname() == 'a.example.com' && !isURL('no url')",
        "duration('90s') > duration('1m') && duration('1h').getMinutes() == 60",
        "timestamp('2026-01-02T00:00:00Z') - timestamp('2026-01-01T00:00:00Z') == duration('24h')",
        "int('3') == 3 && string(3) == '3' && double(3) == 3.0",
        "sets.contains([1, 2], [2]) && math.greatest(1, 3, 2) == 3",
    ] {
        holds(rule, &json!("my-name"));
    }
}

#[test]
fn what_cannot_be_judged_is_told_apart() {
    let unknown = |rule: &str| matches!(value(rule, &json!(1)), Err(Error::Unknown(_)));
    assert!(unknown("authorizer.path('/x')"));
    assert!(unknown("format.dns1123Label()"));
    assert!(matches!(value("self >", &json!(1)), Err(Error::Syntax(_))));
    assert!(matches!(
        value("has(self)", &json!(1)),
        Err(Error::Syntax(_))
    ));
    assert!(
        Program::compile("self == oldSelf")
            .unwrap()
            .mentions("oldSelf")
    );
    assert!(
        !Program::compile("[1].all(oldSelf, oldSelf > 0)")
            .unwrap()
            .mentions("oldSelf")
    );
}

#[test]
fn work_is_bounded() {
    let many: Vec<i64> = (0..1000).collect();
    let rule = "self.all(a, self.all(b, self.all(c, a + b + c >= 0)))";
    assert_eq!(value(rule, &json!(many)), Err(Error::Spent));
    let deep = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(matches!(value(&deep, &json!(1)), Err(Error::Syntax(_))));
}
