//! Strings and heredocs: interpolation, directives, and the white space that `~` and `<<-` take away.
//!
//! A string that is one interpolation and nothing else is the value itself, of any type.

use syntax::hcl::ast::{
    AstNode, Heredoc, Interpolation, Template, TemplateFor, TemplateIf, TemplatePart, unescape,
};

use super::Evaluator;
use super::comprehension::bind;
use crate::diagnostic::code;
use crate::scope::Scope;
use crate::value::{Type, Unknown, Value, convert};

/// A part with its literal text already decoded.
enum Part {
    Text(String),
    Interpolation(Interpolation),
    If(TemplateIf),
    For(TemplateFor),
}

/// Text so far, and what is missing to know the rest.
#[derive(Default)]
struct Output {
    text: String,
    unknown: Option<Unknown>,
}

impl Output {
    fn miss(&mut self, unknown: &Unknown) {
        self.unknown = Some(self.unknown.take().unwrap_or_default().and(unknown));
    }

    fn value(self) -> Value {
        self.unknown.map_or_else(|| Value::from(self.text), Value::Unknown)
    }
}

impl Evaluator {
    pub(super) fn template(&mut self, template: &Template, scope: &dyn Scope) -> Value {
        let parts = decode(template.parts(), 0, false, false);
        if let [Part::Interpolation(only)] = parts.as_slice() {
            return self.maybe(only.expr(), scope);
        }
        self.parts(&parts, 0, scope)
    }

    pub(super) fn heredoc(&mut self, heredoc: &Heredoc, scope: &dyn Scope) -> Value {
        let indentation = heredoc.indentation();
        let parts = decode(heredoc.parts(), indentation, false, false);
        self.parts(&parts, indentation, scope)
    }

    fn parts(&mut self, parts: &[Part], indentation: usize, scope: &dyn Scope) -> Value {
        let mut output = Output::default();
        self.write(parts, indentation, scope, &mut output);
        output.value()
    }

    fn write(&mut self, parts: &[Part], indentation: usize, scope: &dyn Scope, output: &mut Output) {
        for part in parts {
            match part {
                Part::Text(text) => output.text.push_str(text),
                Part::Interpolation(interpolation) => {
                    let Some(expr) = interpolation.expr() else {
                        output.miss(&Unknown::default());
                        continue;
                    };
                    let value = self.expr(&expr, scope);
                    self.write_value(&value, expr.range(), output);
                }
                Part::If(directive) => self.write_if(directive, indentation, scope, output),
                Part::For(directive) => self.write_for(directive, indentation, scope, output),
            }
        }
    }

    fn write_value(&mut self, value: &Value, range: text::TextRange, output: &mut Output) {
        let detail = match convert(value, &Type::String) {
            Ok(Value::String(text)) => {
                output.text.push_str(&text);
                return;
            }
            Ok(Value::Unknown(unknown)) => {
                output.miss(&unknown);
                return;
            }
            Ok(_) => {
                "The expression result is null. Cannot include a null value in a string template.".to_owned()
            }
            Err(error) => format!("Cannot include the given value in a string template: {error}."),
        };
        self.mistake(range, code::INVALID_EXPRESSION, "Invalid template interpolation value", detail);
        output.miss(&Unknown::default());
    }

    fn write_if(&mut self, part: &TemplateIf, indentation: usize, scope: &dyn Scope, output: &mut Output) {
        let Some(condition) = part.condition() else {
            output.miss(&Unknown::default());
            return;
        };
        let value = self.expr(&condition, scope);
        let chosen = match convert(&value, &Type::Bool) {
            Ok(Value::Bool(flag)) => flag,
            Ok(Value::Unknown(unknown)) => {
                output.miss(&unknown);
                return;
            }
            result => {
                let (summary, detail) = if result.is_ok() {
                    (
                        "Null condition",
                        "The condition value is null. Conditions must either be true or false.",
                    )
                } else {
                    ("Incorrect condition type", "The condition expression must be of type bool.")
                };
                self.mistake(condition.range(), code::INVALID_EXPRESSION, summary, detail);
                output.miss(&Unknown::default());
                return;
            }
        };
        let strips: Vec<(bool, bool)> = part.directives().map(|directive| directive.strips()).collect();
        let strip = |at: usize| strips.get(at).copied().unwrap_or_default();
        let (body, at) = if chosen { (part.then_body(), 0) } else { (part.else_body(), 1) };
        if let Some(body) = body {
            let parts = decode(body.parts(), indentation, strip(at).1, strip(at + 1).0);
            self.write(&parts, indentation, scope, output);
        }
    }

    fn write_for(&mut self, part: &TemplateFor, indentation: usize, scope: &dyn Scope, output: &mut Output) {
        let (Some(collection), Some(body)) = (part.collection(), part.body()) else {
            output.miss(&Unknown::default());
            return;
        };
        let pairs = match self.iterate(&collection, scope) {
            Ok(pairs) => pairs,
            Err(unknown) => {
                output.miss(&unknown);
                return;
            }
        };
        let strips: Vec<(bool, bool)> = part.directives().map(|directive| directive.strips()).collect();
        let strip = |at: usize| strips.get(at).copied().unwrap_or_default();
        let parts = decode(body.parts(), indentation, strip(0).1, strip(1).0);
        let names = part.names();
        for pair in pairs {
            let before = self.diagnostics.len();
            self.write(&parts, indentation, &bind(&names, pair, scope), output);
            if self.diagnostics.len() > before {
                return;
            }
        }
    }
}

/// The parts with literal text joined line by line, and trimmed where a neighbour has a `~`.
///
/// `indentation` bytes are taken from every [`TemplatePart::Indent`]. `strip_start` and `strip_end` are the `~` of the
/// directives around the parts.
fn decode(
    parts: impl Iterator<Item = TemplatePart>,
    indentation: usize,
    strip_start: bool,
    strip_end: bool,
) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    // Whether the next text loses its leading space, and whether the last text is still open for more.
    let (mut strips, mut open) = (strip_start, false);
    for part in parts {
        let (text, before_after) = match &part {
            TemplatePart::Text(token) => (Some(token.text().to_owned()), None),
            TemplatePart::Indent(token) => {
                let text = token.text();
                (Some(text.get(indentation.min(text.len())..).unwrap_or_default().to_owned()), None)
            }
            TemplatePart::Escape(token) => (Some(unescape(token.text())), None),
            TemplatePart::Interpolation(interpolation) => (None, Some(interpolation.strips())),
            TemplatePart::If(directive) => {
                let mut strips = directive.directives().map(|it| it.strips());
                let first = strips.next().unwrap_or_default();
                (None, Some((first.0, strips.last().unwrap_or(first).1)))
            }
            TemplatePart::For(directive) => {
                let mut strips = directive.directives().map(|it| it.strips());
                let first = strips.next().unwrap_or_default();
                (None, Some((first.0, strips.last().unwrap_or(first).1)))
            }
        };
        if let Some(text) = text {
            let ends_line = matches!(part, TemplatePart::Text(_)) && text.ends_with('\n');
            match out.last_mut() {
                Some(Part::Text(known)) if open => known.push_str(&text),
                _ => {
                    out.push(Part::Text(text));
                    open = true;
                }
            }
            if ends_line {
                close(&mut out, &mut strips);
                open = false;
            }
            continue;
        }
        if open {
            close(&mut out, &mut strips);
            open = false;
        }
        strips = false;
        let (before, after) = before_after.unwrap_or_default();
        if before {
            trim_end(&mut out);
        }
        strips |= after;
        out.push(match part {
            TemplatePart::Interpolation(interpolation) => Part::Interpolation(interpolation),
            TemplatePart::If(directive) => Part::If(directive),
            TemplatePart::For(directive) => Part::For(directive),
            _ => continue,
        });
    }
    if open {
        close(&mut out, &mut strips);
    }
    if strip_end {
        trim_end(&mut out);
    }
    out.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
    out
}

/// Takes the leading space of the last text if the part before it asked for that.
fn close(out: &mut [Part], strips: &mut bool) {
    if std::mem::take(strips)
        && let Some(Part::Text(text)) = out.last_mut()
    {
        *text = text.trim_start().to_owned();
    }
}

fn trim_end(out: &mut [Part]) {
    if let Some(Part::Text(text)) = out.last_mut() {
        text.truncate(text.trim_end().len());
    }
}
