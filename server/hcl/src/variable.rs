//! `variable` blocks: what they declare, and the value an input gives them.
//!
//! Source: project.md §4 and documented/project.md §4.

use smol_str::SmolStr;
use syntax::hcl::ast::{AstNode, Attribute, Block, Expr, Item};
use text::TextRange;

use crate::diagnostic::{EvalDiagnostic, code};
use crate::eval::eval;
use crate::scope::{Context, Scope};
use crate::suggest::suggest;
use crate::value::{Type, Value, convert};

/// What a `variable` block declares.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: SmolStr,
    /// Of the label, with its quotes.
    pub name_range: TextRange,
    /// `None` when it is missing or a mistake; then any value is taken.
    pub ty: Option<Type>,
    /// The value before conversion.
    pub default: Option<Value>,
    pub default_range: Option<TextRange>,
    pub description: Option<String>,
    /// Its value is never to be shown.
    pub sensitive: bool,
    pub validations: Vec<Validation>,
}

/// A `validation` block.
#[derive(Clone, Debug)]
pub struct Validation {
    pub condition: Option<Expr>,
    pub error_message: Option<Expr>,
}

/// A value from outside: of `--var`, or of an env's attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// `--var` once.
    Text(String),
    /// The same `--var` several times.
    Texts(Vec<String>),
    Value(Value),
}

const ATTRIBUTES: [&str; 4] = ["type", "default", "description", "sensitive"];

/// Reads a `variable` block. `None` without a label.
///
/// Findings about the shape of the block have the words HCL has for it; a validator that reports them in its own
/// words can tell them by their codes ([`code::LABELS`], [`code::UNKNOWN_ATTRIBUTE`], [`code::UNKNOWN_BLOCK`],
/// [`code::MISSING_ATTRIBUTE`]).
pub fn decode_variable(block: &Block, scope: &dyn Scope) -> (Option<Variable>, Vec<EvalDiagnostic>) {
    let mut found = Vec::new();
    let labels: Vec<_> = block.labels().collect();
    let Some(label) = labels.first() else {
        let range = block.type_name().map_or(block.header_range(), |name| name.range());
        found.push(EvalDiagnostic::new(
            range,
            code::LABELS,
            "Missing name for variable",
            "All variable blocks must have 1 labels (name).",
        ));
        return (None, found);
    };
    if let Some(extra) = labels.get(1) {
        found.push(EvalDiagnostic::new(
            extra.range(),
            code::LABELS,
            "Extraneous label for variable",
            "Only 1 labels (name) are expected for variable blocks.",
        ));
    }
    let mut variable = Variable {
        name: label.value().into(),
        name_range: label.range(),
        ty: None,
        default: None,
        default_range: None,
        description: None,
        sensitive: false,
        validations: Vec::new(),
    };
    let mut has_type = false;
    for item in block.body().into_iter().flat_map(|body| body.items().collect::<Vec<_>>()) {
        match item {
            Item::Attribute(attribute) => {
                has_type |= attribute.name().is_some_and(|name| name.text() == "type");
                read_attribute(&attribute, &mut variable, scope, &mut found);
            }
            Item::Block(inner) => match inner.type_name() {
                Some(name) if name.text() == "validation" => {
                    let expr = |name: &str| inner.body()?.attribute(name)?.expr();
                    let validation =
                        Validation { condition: expr("condition"), error_message: expr("error_message") };
                    variable.validations.push(validation);
                }
                Some(name) => found.push(EvalDiagnostic::new(
                    name.range(),
                    code::UNKNOWN_BLOCK,
                    "Unsupported block type",
                    format!("Blocks of type {:?} are not expected here.", name.text()),
                )),
                None => {}
            },
            // Still being typed: the parser says what is missing.
            Item::Incomplete(_) => has_type = true,
        }
    }
    if !has_type {
        let at = block.open_brace().map_or(block.header_range().end(), |brace| brace.text_range().start());
        found.push(EvalDiagnostic::new(
            TextRange::empty(at),
            code::MISSING_ATTRIBUTE,
            "Missing required argument",
            "The argument \"type\" is required, but no definition was found.",
        ));
    }
    (Some(variable), found)
}

fn read_attribute(
    attribute: &Attribute,
    variable: &mut Variable,
    scope: &dyn Scope,
    found: &mut Vec<EvalDiagnostic>,
) {
    let Some(name) = attribute.name() else { return };
    if !ATTRIBUTES.contains(&name.text()) {
        let mut detail = format!("An argument named {:?} is not expected here.", name.text());
        if let Some(near) = suggest(name.text(), ATTRIBUTES) {
            detail.push_str(&format!(" Did you mean {near:?}?"));
        }
        found.push(EvalDiagnostic::new(
            name.range(),
            code::UNKNOWN_ATTRIBUTE,
            "Unsupported argument",
            detail,
        ));
        return;
    }
    let Some(expr) = attribute.expr() else { return };
    let evaluated = eval(&expr, scope);
    let failed = !evaluated.diagnostics.is_empty();
    found.extend(evaluated.diagnostics);
    match (name.text(), evaluated.value) {
        ("default", value) => {
            variable.default = Some(value);
            variable.default_range = Some(expr.range());
        }
        ("type", Value::TypeExpr(ty)) => variable.ty = Some(ty),
        ("type", Value::Unknown(_)) => {}
        ("type", other) if !failed => {
            let written = other.as_str().map_or_else(|| other.to_json(), str::to_owned);
            found.push(EvalDiagnostic::new(
                expr.range(),
                code::INVALID_VARIABLE,
                "",
                format!(
                    "invalid type {written:?} for variable {:?}. Valid types are: string, number, bool, list, map, \
                     or set",
                    variable.name
                ),
            ));
        }
        ("description", Value::String(text)) => variable.description = Some(text.into()),
        ("sensitive", Value::Bool(flag)) => variable.sensitive = flag,
        ("description", other) => wrong_type(&expr, &other, &Type::String, found),
        ("sensitive", other) => wrong_type(&expr, &other, &Type::Bool, found),
        _ => {}
    }
}

fn wrong_type(expr: &Expr, value: &Value, ty: &Type, found: &mut Vec<EvalDiagnostic>) {
    if let Err(error) = convert(value, ty) {
        let detail = format!("Inappropriate value for attribute: {error}.");
        let summary = "Incorrect attribute value type";
        found.push(EvalDiagnostic::new(expr.range(), code::TYPE_MISMATCH, summary, detail));
    }
}

impl Variable {
    /// The value of the variable: the input, else the default, converted to the declared type.
    ///
    /// # Errors
    /// `missing value for required variable "n"`, or `variable "n": a number is required`.
    pub fn value(&self, input: Option<&Input>) -> Result<Value, String> {
        let given = match input {
            Some(Input::Text(text)) => Value::from(text.as_str()),
            Some(Input::Texts(texts)) => Value::strings(texts.iter().map(String::as_str)),
            Some(Input::Value(value)) => value.clone(),
            None => match &self.default {
                Some(default) => default.clone(),
                None => return Err(format!("missing value for required variable {:?}", self.name)),
            },
        };
        let Some(ty) = &self.ty else { return Ok(given) };
        let is_single = given.elements().is_none() && given.entries().is_none() && !given.is_null();
        if let (Type::List(_), true, None) = (ty, is_single, given.unknown()) {
            // One value where a list is wanted is a list of one.
            if let Ok(value) = convert(&Value::tuple(vec![given.clone()]), ty) {
                return Ok(value);
            }
        }
        convert(&given, ty).map_err(|error| format!("variable {:?}: {error}", self.name))
    }

    /// What the variable's own rules say against `value`, which may be unknown.
    ///
    /// Source: Terraform's words, for Atlas documents the block without its messages.
    pub fn validate(&self, value: &Value, scope: &dyn Scope) -> Vec<EvalDiagnostic> {
        let mut inner = Context::within(scope);
        inner.set("var", Value::object([(self.name.clone(), value.clone())]));
        let mut found = Vec::new();
        for validation in &self.validations {
            let Some(condition) = &validation.condition else { continue };
            let evaluated = eval(condition, &inner);
            found.extend(evaluated.diagnostics);
            match convert(&evaluated.value, &Type::Bool) {
                Ok(Value::Bool(false)) => {
                    let message = validation.error_message.as_ref().map(|expr| eval(expr, &inner));
                    let message = message.and_then(|message| Some(message.value.as_str()?.to_owned()));
                    let detail = message
                        .unwrap_or_else(|| format!("The value of variable {:?} is not valid.", self.name));
                    let summary = "Invalid value for variable";
                    found.push(EvalDiagnostic::new(
                        condition.range(),
                        code::INVALID_VARIABLE,
                        summary,
                        detail,
                    ));
                }
                Ok(_) => {}
                Err(error) => found.push(EvalDiagnostic::new(
                    condition.range(),
                    code::INVALID_EXPRESSION,
                    "Invalid variable validation result",
                    format!("Invalid validation condition result value: {error}."),
                )),
            }
        }
        found
    }
}
