//! Literals against the type of their attribute.
//!
//! Whatever has to be evaluated fits everything: calls, references, templates with interpolations.

use syntax::hcl::ast::{AstNode, Expr, LiteralKind};
use text::{Diagnostic, TextRange};

use super::{change, did_you_mean};
use crate::diagnostic::code;
use crate::spec::{AttrType, Attribute};
use crate::suggest::suggest;
use crate::value::Number;

/// What an expression says by itself.
enum Said {
    Text(String),
    Number(Number),
    Bool,
    List(Vec<Expr>),
    Object,
    /// A name alone: a word of an enum, a type, or a mistake the evaluation reports.
    Word(String),
    /// Anything else, and null, which unsets an attribute.
    Open,
}

/// Why an expression does not fit.
struct Misfit {
    range: TextRange,
    code: text::Code,
    /// `string required, got number`
    why: String,
    /// A title and the text to put in place of `range`.
    fix: Option<(String, String)>,
}

/// What is wrong with `expr` as the value of `attribute`.
pub(super) fn judge(expr: &Expr, attribute: &Attribute, within: &str) -> Option<Diagnostic> {
    let misfit = misfit(expr, &attribute.ty)?;
    let message = format!("invalid value for attribute {}{within}: {}", attribute.name, misfit.why);
    let mut found = Diagnostic::error(misfit.range, misfit.code, message);
    if let Some((title, insert)) = misfit.fix {
        found = found.with_fix(title, misfit.range, insert);
    }
    Some(found)
}

fn said(expr: &Expr) -> Said {
    if let Some(text) = expr.as_plain_string() {
        return Said::Text(text);
    }
    match expr {
        Expr::Template(_) | Expr::Heredoc(_) => Said::Open,
        Expr::Literal(literal) => match literal.kind() {
            Some(LiteralKind::Bool(_)) => Said::Bool,
            Some(LiteralKind::Number(digits)) => Number::parse(&digits).map_or(Said::Open, Said::Number),
            Some(LiteralKind::Null) | None => Said::Open,
        },
        Expr::Tuple(tuple) => Said::List(tuple.elements().collect()),
        Expr::Object(_) => Said::Object,
        Expr::Variable(variable) => {
            variable.name().map_or(Said::Open, |name| Said::Word(name.text().to_owned()))
        }
        Expr::Paren(paren) => paren.expr().map_or(Said::Open, |inner| said(&inner)),
        _ => Said::Open,
    }
}

fn misfit(expr: &Expr, ty: &AttrType) -> Option<Misfit> {
    let said = said(expr);
    let got = match &said {
        Said::Text(_) => "string",
        Said::Number(_) => "number",
        Said::Bool => "bool",
        Said::List(_) => "list",
        Said::Object => "object",
        Said::Word(_) | Said::Open => "",
    };
    let wrong = |want: &str| {
        let why = format!("{want} required, got {got}");
        Some(Misfit { range: expr.range(), code: code::TYPE_MISMATCH, why, fix: None })
    };
    match (ty, &said) {
        (_, Said::Open) | (AttrType::Any | AttrType::VariableType, _) => None,
        (AttrType::Enum(values), Said::Word(word) | Said::Text(word)) => {
            let is_word = matches!(said, Said::Word(_));
            if values.iter().any(|value| value.name == word || !is_word && normal(value.name) == normal(word))
            {
                return None;
            }
            let names = || values.iter().map(|value| value.name);
            let near = suggest(word, names())
                .or_else(|| names().find(|name| normal(name) == normal(word)))
                .or_else(|| suggest(&normal(word), names()));
            let why = match near {
                Some(_) => format!("unknown value {word}{}", did_you_mean(near)),
                None => {
                    format!(
                        "unknown value {word}, expected one of {}",
                        names().collect::<Vec<_>>().join(", ")
                    )
                }
            };
            let fix = near.map(|near| {
                (change(word, near), if is_word { near.to_owned() } else { format!("\"{near}\"") })
            });
            Some(Misfit { range: expr.range(), code: code::UNKNOWN_VALUE, why, fix })
        }
        // A name alone where no words are: evaluation knows whether it means something.
        (AttrType::OneOf(types), _) => any_of(expr, types, &said, got),
        (_, Said::Word(_)) => None,
        (AttrType::Enum(_), _) => wrong("string"),
        (AttrType::String, Said::Text(_)) => None,
        (AttrType::String, _) => wrong("string"),
        (AttrType::Bool, Said::Bool) => None,
        (AttrType::Bool, Said::Text(text)) => {
            let fix = matches!(text.as_str(), "true" | "false")
                .then(|| ("Remove the quotes".to_owned(), text.clone()));
            wrong("bool").map(|misfit| Misfit { fix, ..misfit })
        }
        (AttrType::Bool, _) => wrong("bool"),
        (AttrType::Int, Said::Number(number)) if number.is_whole() => None,
        (AttrType::Int, Said::Number(_)) => Some(Misfit {
            range: expr.range(),
            code: code::TYPE_MISMATCH,
            why: "whole number required".into(),
            fix: None,
        }),
        (AttrType::Number, Said::Number(_)) => None,
        (AttrType::Int | AttrType::Number, Said::Text(text)) => {
            let fix = Number::parse(text).map(|_| ("Remove the quotes".to_owned(), text.clone()));
            wrong("number").map(|misfit| Misfit { fix, ..misfit })
        }
        (AttrType::Int | AttrType::Number, _) => wrong("number"),
        (AttrType::List(element), Said::List(items)) => items.iter().find_map(|item| misfit(item, element)),
        (AttrType::List(element), _) => {
            // What would be a good element wants brackets only.
            let fix = misfit(expr, element)
                .is_none()
                .then(|| ("Put it in a list".to_owned(), format!("[{}]", expr.syntax().text())));
            wrong("list").map(|misfit| Misfit { fix, ..misfit })
        }
        (AttrType::Map(_), Said::Object) => None,
        (AttrType::Map(_), _) => wrong("map"),
        (AttrType::Ref(kinds), _) => wrong(&format!("reference to {}", kinds.join(" or "))),
        (AttrType::Type, Said::Text(text)) => {
            let fix = ("Remove the quotes".to_owned(), text.clone());
            wrong("type").map(|misfit| Misfit { fix: Some(fix), ..misfit })
        }
        (AttrType::Type, _) => wrong("type"),
        (AttrType::Sql, Said::Text(_)) => None,
        (AttrType::Sql, _) => wrong("sql expression"),
    }
}

/// Fits one of the alternatives, or is told what the alternatives are.
fn any_of(expr: &Expr, types: &[AttrType], said: &Said, got: &str) -> Option<Misfit> {
    let mut misfits = Vec::with_capacity(types.len());
    for ty in types {
        misfits.push(misfit(expr, ty)?);
    }
    // The alternative that came nearest says it best: a list with a bad element, a word with a near one.
    let inner = misfits.iter().position(|misfit| misfit.range != expr.range());
    let word = misfits.iter().position(|misfit| misfit.code == code::UNKNOWN_VALUE);
    if let Some(at) = inner.or(word) {
        return Some(misfits.swap_remove(at));
    }
    let want: Vec<String> = types.iter().map(AttrType::describe).collect();
    let got = if matches!(said, Said::Word(_)) { "name" } else { got };
    Some(Misfit {
        range: expr.range(),
        code: code::TYPE_MISMATCH,
        why: format!("{} required, got {got}", want.join(" or ")),
        fix: None,
    })
}

/// `set null`, `SET_NULL` and `set-null` are one word in quotes.
fn normal(word: &str) -> String {
    word.to_uppercase().replace([' ', '-'], "_")
}
