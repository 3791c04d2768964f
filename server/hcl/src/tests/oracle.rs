//! Against hcl-rs: the same expressions have the same values where both know them.

use hcl_rs::eval::{Context as Oracle, Evaluate};
use hcl_rs::expr::Expression;

use super::expr;
use crate::{Context, Value, eval};

/// Expressions without functions; hcl-rs has none of its own.
const CASES: &str = r#"
1 + 2 * 3 - 4 / 2
(1 + 2) * 3
7 % 3
-(3)
1 < 2 && 2 <= 2
!(1 == 2) || false
1 != 2
"a" == "a"
[1, "a", true, null]
{a = 1, "b" = [2]}
{(s) = 1}
o.a
o["a"]
l[1]
l.1
o.b.c[0]
l[*]
os[*].n
os.*.n
"x${s}y${1}"
"${l}"
"%{ if true }a%{ else }b%{ endif }"
"%{ for x in l }${x},%{ endfor }"
"a ${~ s ~} b"
"\u00e9\n\t\"$${s}"
[for x in l : x]
[for x in l : x if x != "a"]
[for i, x in l : "${i}${x}"]
{for x in os : x.n => x.v}
{for x in os : "k" => x.v...}
[for k, v in o2 : "${k}${v}"]
true ? 1 : 2
s == "s" ? "yes" : "no"
[for x in [for y in l : y] : x]
1.5
0.1
1000000
"#;

fn roots() -> [(&'static str, Value, hcl_rs::Value); 5] {
    let text = r#"{
        "s": "s", "l": ["a", "b"], "o": {"a": 1, "b": {"c": [7]}},
        "os": [{"n": "x", "v": 1}, {"n": "y", "v": 2}], "o2": {"p": "q"}
    }"#;
    let json: serde_json::Value = serde_json::from_str(text).unwrap();
    ["s", "l", "o", "os", "o2"].map(|name| {
        let oracle = hcl_rs::to_value(plain(&json[name])).unwrap();
        (name, Value::from_json(&json[name]), oracle)
    })
}

/// `arbitrary_precision` numbers are not what hcl-rs expects.
fn plain(json: &serde_json::Value) -> hcl_rs::Value {
    match json {
        serde_json::Value::Null => hcl_rs::Value::Null,
        serde_json::Value::Bool(flag) => hcl_rs::Value::Bool(*flag),
        serde_json::Value::Number(number) => hcl_rs::Value::Number(number.as_i64().unwrap().into()),
        serde_json::Value::String(text) => hcl_rs::Value::String(text.clone()),
        serde_json::Value::Array(items) => hcl_rs::Value::Array(items.iter().map(plain).collect()),
        serde_json::Value::Object(entries) => {
            hcl_rs::Value::Object(entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect())
        }
    }
}

/// A value as text that does not depend on the order of keys or the form of numbers.
fn normal(value: &hcl_rs::Value) -> String {
    match value {
        hcl_rs::Value::Array(items) => {
            format!("[{}]", items.iter().map(normal).collect::<Vec<_>>().join(","))
        }
        hcl_rs::Value::Object(entries) => {
            let mut entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{key:?}:{}", normal(value))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        hcl_rs::Value::Number(number) => {
            crate::Number::from_f64(number.as_f64().unwrap()).unwrap().to_string()
        }
        hcl_rs::Value::String(text) => Value::from(text.as_str()).to_json(),
        hcl_rs::Value::Bool(flag) => flag.to_string(),
        hcl_rs::Value::Null => "null".into(),
    }
}

#[test]
fn values_equal_those_of_hcl_rs() {
    let mut ours = Context::new();
    let mut theirs = Oracle::new();
    for (name, value, oracle) in roots() {
        ours.set(name, value);
        theirs.declare_var(name, oracle);
    }
    let mut compared = 0;
    for case in CASES.lines().filter(|case| !case.is_empty()) {
        let expression: Expression =
            format!("x = {case}\n").parse::<hcl_rs::Body>().unwrap().into_attributes().next().unwrap().expr;
        let oracle = normal(&expression.evaluate(&theirs).unwrap());
        let evaluated = eval(&expr(case).unwrap(), &ours);
        assert_eq!(evaluated.diagnostics, [], "{case}");
        assert_eq!(evaluated.value.to_json(), oracle, "{case}");
        compared += 1;
    }
    assert!(compared > 30);
}
