//! The types and defaults of columns.

use hcl::{TypeCall, Value, code};
use schema::{Class, ColumnType, Default, Expr, Literal};
use syntax::hcl::ast::{self, AstNode};
use text::TextRange;

use super::names::{Answer, Question};
use super::read::{Notes, ReadAttribute, Words};
use super::scope::BlockScope;
use crate::Dialect;
use crate::types::{ArgKind, by_hcl};

/// The type an attribute says, with the text SQL has for it; `None` when it is a mistake, which is noted.
pub(super) fn column_type(
    notes: &mut Notes<'_>,
    attribute: &ReadAttribute,
    dialect: &Dialect,
) -> Option<(ColumnType, String)> {
    match &attribute.value {
        Value::Raw(text) => {
            if text.trim().is_empty() {
                notes.error(attribute.value_range, code::TYPE_MISMATCH, "empty expression");
                return None;
            }
            Some(((dialect.parse_type)(text), text.to_string()))
        }
        Value::Type(call) => call_type(notes, call, attribute, dialect),
        Value::Reference(reference) => match &reference.names().collect::<Vec<_>>()[..] {
            [kind, schema, name] => {
                let class = dialect.decode.type_class(kind);
                let ty = ColumnType { schema: Some((*schema).into()), ..ColumnType::new(class, *name) };
                Some((ty, (*name).to_owned()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// `ty` with the declared type its name stands for, seen from the schema `own`.
pub(super) fn declared_type(ty: ColumnType, own: &str, scope: &BlockScope<'_>) -> ColumnType {
    let hooks = scope.dialect.decode;
    let kinds = hooks.type_kinds();
    if kinds.is_empty() {
        return ty;
    }
    let Some((schema, name)) = hooks.declared_type(&ty) else { return ty };
    let question = Question::Type { kinds, own: own.into(), schema, name };
    match scope.piece.ask(question) {
        Answer::Object(found) => hooks.with_declared(ty, found.kind.word(), &found.schema, &found.table),
        _ => ty,
    }
}

fn call_type(
    notes: &mut Notes<'_>,
    call: &TypeCall,
    attribute: &ReadAttribute,
    dialect: &Dialect,
) -> Option<(ColumnType, String)> {
    let def = by_hcl(dialect.types, &call.name)?;
    let arg_range = |at: usize| -> TextRange {
        match &attribute.expr {
            ast::Expr::Call(call) => call.args().nth(at).map_or(call.range(), |arg| arg.range()),
            other => other.range(),
        }
    };
    let required = def.args.iter().filter(|arg| arg.required).count();
    if call.args.len() < required {
        let detail = format!("Type {:?} requires at least {required} argument", def.hcl);
        let message =
            format!("type {:?} needs {required} argument{}", def.hcl, if required == 1 { "" } else { "s" });
        notes.push(
            text::Diagnostic::error(attribute.value_range, code::FUNCTION_ARGUMENT, message),
            Words::Placed { summary: "Unknown variable".into(), detail },
        );
        return None;
    }
    let variadic = def.args.last().is_some_and(|arg| arg.kind == ArgKind::Strings);
    if call.args.len() > def.args.len() && !variadic {
        let (message, words) = if def.args.is_empty() {
            let detail = format!("Type {:?} does not accept attributes", def.hcl);
            (
                format!("type {:?} takes no arguments", def.hcl),
                Words::Placed { summary: "Call to unknown function".into(), detail },
            )
        } else {
            let detail = format!(
                "Call to function {:?} failed: too many arguments for type definition {:?}.",
                def.hcl, def.hcl
            );
            (
                format!("type {:?} takes at most {} arguments", def.hcl, def.args.len()),
                Words::Placed { summary: "Error in function call".into(), detail },
            )
        };
        let range = arg_range(def.args.len()).cover(arg_range(call.args.len() - 1));
        notes.push(text::Diagnostic::error(range, code::FUNCTION_ARGUMENT, message), words);
        return None;
    }
    let mut args = Vec::new();
    for (at, arg) in call.args.iter().enumerate() {
        let declared = def.args.get(at).or(def.args.last())?;
        let text = match (declared.kind, arg) {
            (_, Value::Unknown(_)) => return None,
            (ArgKind::Int, value) => {
                value.as_i64().filter(|number| *number >= 0).map(|number| number.to_string())
            }
            (ArgKind::Strings, value) => value.as_str().map(|text| dialect.decode.type_string(text)),
        };
        let Some(text) = text else {
            let wanted = if declared.kind == ArgKind::Int { "a whole number" } else { "a string" };
            let message = format!("argument {:?} of type {:?} must be {wanted}", declared.name, def.hcl);
            notes.error(arg_range(at), code::FUNCTION_ARGUMENT, message);
            return None;
        };
        args.push(text);
    }
    let raw = if args.is_empty() { def.name.to_owned() } else { format!("{}({})", def.name, args.join(",")) };
    Some(((dialect.parse_type)(&raw), raw))
}

/// The default a value means for a column of the family `class`; `None` for `null` and for what is not known.
pub(super) fn default_of(value: &Value, class: Option<Class>, dialect: &Dialect) -> Option<Default> {
    let literal = match value {
        Value::String(text) => Literal { text: text.to_string(), quoted: true },
        Value::Number(number) => Literal { text: number.to_string(), quoted: false },
        Value::Bool(flag) => Literal { text: flag.to_string(), quoted: false },
        Value::Raw(text) => return Some(Default::Expr(Expr(text.to_string()))),
        _ => return None,
    };
    Some(Default::Literal(canonical(literal, class, dialect)))
}

/// A literal in the one form that all of its spellings have in a column of the family `class`: the string `"5"` in a
/// column of numbers is the number, a number in a column of text is the string.
pub fn canonical(mut literal: Literal, class: Option<Class>, dialect: &Dialect) -> Literal {
    let Some(class) = class else { return literal };
    let number = hcl::Number::parse(literal.text.strip_prefix('+').unwrap_or(&literal.text));
    if literal.quoted {
        if let (true, Some(number)) = (dialect.decode.default_is_number(class), number) {
            literal = Literal { text: number.to_string(), quoted: false };
        }
    } else if let Some(number) = number {
        literal = Literal { text: number.to_string(), quoted: dialect.decode.default_is_text(class) };
    }
    literal
}
