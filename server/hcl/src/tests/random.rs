//! Random text: evaluation and validation always end, and never panic.

use proptest::prelude::*;

use super::{attribute, evaluate};
use crate::{functions, references};

/// Expressions that are mostly well formed.
fn expression() -> impl Strategy<Value = String> {
    let names: Vec<&str> = functions::all(functions::PROJECT).map(|function| function.name).collect();
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?[0-9]{1,3}(\\.[0-9]{1,2})?",
        "\"[a-z ,:-]{0,5}\"",
        "(var|local|people|users|ages|each|nope|string)(\\.(name|n|x|0))?",
        Just("env(\"X\")".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, move |inner| {
        let call = proptest::sample::select(names.clone());
        prop_oneof![
            (inner.clone(), "\\+|-|\\*|/|%|==|!=|<|>|<=|>=|&&|\\|\\|", inner.clone())
                .prop_map(|(a, op, b)| format!("{a} {op} {b}")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            (call, proptest::collection::vec(inner.clone(), 0..3), any::<bool>()).prop_map(
                |(name, args, expand)| {
                    let dots = if expand && !args.is_empty() { "..." } else { "" };
                    format!("{name}({}{dots})", args.join(", "))
                }
            ),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})[{b}]")),
            (inner.clone(), "\\.x|\\[\\*\\]|\\.\\*\\.name|\\[0\\]|\\.0")
                .prop_map(|(a, step)| format!("({a}){step}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[for k, v in {a} : {b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{for v in {a} : v => {b}...}}")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("\"a${{{a}}} %{{ if {b} }}x%{{ endif }}\"")),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(|all| format!("[{}]", all.join(", "))),
            (inner.clone(), inner).prop_map(|(a, b)| format!("{{a = {a}, ({b}) = 1}}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn evaluation_never_panics(text in expression()) {
        prop_assert!(!evaluate(&text).is_empty());
    }

    #[test]
    fn nor_on_damaged_text(text in expression(), cut in 0usize..200, junk in "[\\(\\)\\[\\]{}\"$%~.,:?\n é👍]{0,4}") {
        let at = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let damaged = format!("{}{junk}{}", &text[..at], &text[at..]);
        if let Some(expr) = attribute(&damaged).and_then(|attribute| attribute.expr()) {
            references(&expr);
        }
        prop_assert!(!evaluate(&damaged).is_empty());
    }
}
