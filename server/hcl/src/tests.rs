//! Fixtures for the tests of this crate: expressions in, values and findings out, as text.

mod bodies;
mod calls;
mod expressions;
mod oracle;
mod random;
mod writing;

use std::cell::RefCell;

use expect_test::Expect;
use syntax::hcl::File;
use syntax::hcl::ast::{Attribute, Expr};

use crate::{Context, FactRequest, Value, World, eval, functions};

/// The world of the tests: one file, one variable, and nothing else.
#[derive(Default)]
struct Toy {
    printed: RefCell<Vec<String>>,
}

impl World for Toy {
    fn fact(&self, request: &FactRequest) -> Option<Result<Value, String>> {
        match request {
            FactRequest::Env { name } if name == "HOME" => Some(Ok("/home/ann".into())),
            FactRequest::File { path } if path == "a.txt" => Some(Ok("text of a".into())),
            FactRequest::File { path } if path == "gone.txt" => {
                Some(Err("open /dir/gone.txt: no such file or directory".into()))
            }
            _ => None,
        }
    }

    fn print(&self, line: &str) {
        self.printed.borrow_mut().push(line.to_owned());
    }
}

/// The expression of `x = <text>`.
fn expr(text: &str) -> Option<Expr> {
    attribute(text)?.expr()
}

fn attribute(text: &str) -> Option<Attribute> {
    let file = File::of(&format!("x = {text}\n"));
    file.pieces().iter().find_map(|placed| placed.piece.body()?.attributes().next())
}

/// Every line of `cases` with its value and findings. `;;` in a case stands for a line break.
fn check(cases: &str, expect: Expect) {
    let mut out = String::new();
    for case in cases.lines().map(str::trim).filter(|case| !case.is_empty()) {
        out.push_str(&format!("{case}\n    {}\n", evaluate(&case.replace(";;", "\n"))));
    }
    expect.assert_eq(&out);
}

fn evaluate(text: &str) -> String {
    let world = Toy::default();
    let mut context = Context::new();
    for table in functions::PROJECT {
        context.add_functions(table);
    }
    context.set_world(&world);
    context.set("var", Value::object([("name", Value::from("ann")), ("n", Value::int(3))]));
    context.set("users", Value::strings(["b", "a"]));
    let people = [("ann", 1), ("bob", 2)]
        .map(|(name, id)| Value::object([("name", Value::from(name)), ("id", Value::int(id))]));
    context.set("people", Value::tuple(people.to_vec()));
    context.set("ages", Value::map(crate::Type::Number, [("ann", Value::int(30))]));
    let Some(expr) = expr(text) else { return "no expression".into() };
    let evaluated = eval(&expr, &context);
    let mut out = show(&evaluated.value);
    for found in &evaluated.diagnostics {
        // Columns of the expression, without the `x = `.
        let range = found.range;
        let (start, end) = (u32::from(range.start()) - 4, u32::from(range.end()) - 4);
        out.push_str(&format!("\n    {start}..{end} {}", found.text().replace('\n', "⏎")));
    }
    for line in world.printed.borrow().iter() {
        out.push_str(&format!("\n    printed {line}"));
    }
    out
}

fn show(value: &Value) -> String {
    let items = |items: &[Value]| items.iter().map(show).collect::<Vec<_>>().join(", ");
    let entries = |value: &Value| {
        let entries = value.entries().into_iter().flatten();
        entries.map(|(key, value)| format!("{key:?}: {}", show(value))).collect::<Vec<_>>().join(", ")
    };
    match value {
        Value::List(list) => format!("list[{}]", items(&list.items)),
        Value::Set(set) => format!("set[{}]", items(set.items())),
        Value::Tuple(all) => format!("[{}]", items(all)),
        Value::Map(_) => format!("map{{{}}}", entries(value)),
        Value::Object(_) => format!("{{{}}}", entries(value)),
        Value::Unknown(unknown) => {
            let facts: Vec<&str> = unknown.because.iter().map(|fact| fact.0.as_str()).collect();
            format!("unknown({})", facts.join(", "))
        }
        Value::Raw(text) => format!("sql({text:?})"),
        Value::Reference(reference) => format!("ref({})", crate::write::reference_text(reference)),
        Value::Type(call) if call.args.is_empty() => format!("type {}", call.name),
        Value::Type(call) => format!("type {}({})", call.name, items(&call.args)),
        Value::TypeExpr(ty) => format!("type {ty}"),
        other => other.to_json(),
    }
}
