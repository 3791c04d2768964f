//! Reads one body against its grammar: attributes evaluated and checked, blocks sorted out, mistakes noted.
//!
//! Knows nothing of tables. Invariant: one mistake gives one note. What follows from it (an attribute missing because
//! it was misspelt, a value of no type because its reference leads nowhere) gives none.

use hcl::spec::{self, AttrType};
use hcl::{EvalDiagnostic, Value, code};
use schema::{ObjectPath, SmolStr};
use syntax::hcl::ast::{self, AstNode, Expr, Item};
use text::{Applicability, Diagnostic, Fix, Related, TextEdit, TextRange, TextSize};

use super::fit::{article, describe, fits, kind_of};
use super::scope::{BlockScope, Place, Target, UNRESOLVED};
use super::summary::header_range;
use crate::origin::Uses;

/// Something found in a piece, with ranges from the start of the piece.
#[derive(Clone, Debug)]
pub(super) struct Note {
    pub diagnostic: Diagnostic,
    /// Atlas's words: a summary and a detail printed with the place, or a sentence of its own.
    pub words: Words,
    /// Notes with the same key are about one mistake; only the first of a state is shown.
    pub once: Option<SmolStr>,
}

#[derive(Clone, Debug)]
pub(super) enum Words {
    /// The diagnostic's message with its place.
    Message,
    Placed {
        summary: String,
        detail: String,
    },
    Sentence(String),
    /// What Atlas says when what was read makes no schema.
    Conversion(String),
}

/// Collects what is found in a piece.
pub(super) struct Notes<'a> {
    pub notes: Vec<Note>,
    pub uses: Uses,
    /// The text of the piece.
    pub text: &'a str,
    /// The schema and name of the table being read.
    pub own: (SmolStr, SmolStr),
    /// References are recorded in the first turn of a `for_each` only.
    pub recording: bool,
    /// Values are not evaluated: it was done elsewhere.
    pub shape_only: bool,
    /// The piece has syntax errors: nothing else is said about it.
    pub silent: bool,
}

/// A body as read.
#[derive(Default)]
pub(super) struct Read {
    pub attributes: Vec<ReadAttribute>,
    pub blocks: Vec<(&'static spec::Block, ast::Block)>,
}

/// An attribute with its value.
pub(super) struct ReadAttribute {
    pub spec: &'static spec::Attribute,
    pub value_range: TextRange,
    pub expr: Expr,
    pub value: Value,
    /// The elements of a list written as one, each with its range.
    pub elements: Vec<(Value, TextRange)>,
}

impl Read {
    pub fn get(&self, name: &str) -> Option<&ReadAttribute> {
        self.attributes.iter().find(|attribute| attribute.spec.name == name && !attribute.value.is_null())
    }

    pub fn string(&self, name: &str) -> Option<&str> {
        self.get(name)?.value.as_str()
    }

    pub fn bool(&self, name: &str) -> Option<bool> {
        self.get(name)?.value.as_bool()
    }

    pub fn blocks<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a ast::Block> {
        self.blocks.iter().filter(move |(spec, _)| spec.name == name).map(|(_, block)| block)
    }

    /// The range of the attribute `name`: of its value where it has one.
    pub fn range(&self, name: &str) -> Option<TextRange> {
        self.attributes
            .iter()
            .find(|attribute| attribute.spec.name == name)
            .map(|attribute| attribute.value_range)
    }
}

impl Notes<'_> {
    pub fn push(&mut self, diagnostic: Diagnostic, words: Words) {
        if !self.silent {
            self.notes.push(Note { diagnostic, words, once: None });
        }
    }

    pub fn error(&mut self, range: TextRange, code: text::Code, message: impl Into<String>) {
        self.push(Diagnostic::error(range, code, message), Words::Message);
    }

    /// An error of what was read as a whole, with Atlas's own words for the command line.
    pub fn sentence(
        &mut self,
        range: TextRange,
        code: text::Code,
        message: impl Into<String>,
        atlas: String,
    ) {
        self.push(Diagnostic::error(range, code, message), Words::Conversion(atlas));
    }

    /// Reads `block` against `spec`; `what` names it in messages.
    pub fn read(
        &mut self,
        block: &ast::Block,
        spec: &'static spec::Body,
        scope: &BlockScope<'_>,
        what: &str,
    ) -> Read {
        let mut read = Read::default();
        let Some(body) = block.body() else { return read };
        let word = block.type_name().map(|word| word.text().to_owned()).unwrap_or_default();
        let mut unknown = false;
        let mut seen: Vec<(bool, &'static str, TextRange)> = Vec::new();
        for item in body.items() {
            match item {
                Item::Attribute(attribute) => {
                    let Some(name) = attribute.name() else { continue };
                    let Some(declared) = spec.attribute(name.text()) else {
                        unknown |= self.unknown_attribute(&name, spec, scope, &attribute, what);
                        continue;
                    };
                    if let Some((.., first)) =
                        seen.iter().find(|(is_attr, seen, _)| *is_attr && *seen == declared.name)
                    {
                        self.duplicate(name.range(), *first, "attribute", name.text(), what);
                        continue;
                    }
                    seen.push((true, declared.name, name.range()));
                    let Some(expr) = attribute.expr() else { continue };
                    let (value, elements) = self.value(&expr, declared, scope, &word, what);
                    read.attributes.push(ReadAttribute {
                        spec: declared,
                        value_range: expr.range(),
                        expr,
                        value,
                        elements,
                    });
                }
                Item::Block(inner) => {
                    let Some(name) = inner.type_name() else { continue };
                    let Some(declared) = spec.block(name.text()) else {
                        unknown |= self.unknown_block(&name, spec, what);
                        continue;
                    };
                    let first = seen.iter().find(|(is_attr, seen, _)| !*is_attr && *seen == declared.name);
                    if let Some((.., first)) = first
                        && !declared.repeatable
                    {
                        self.duplicate(name.range(), *first, "block", name.text(), what);
                        continue;
                    }
                    if first.is_none() {
                        seen.push((false, declared.name, name.range()));
                    }
                    if self.labels(&inner, declared) {
                        read.blocks.push((declared, inner));
                    }
                }
                Item::Incomplete(_) => unknown = true,
            }
        }
        self.sets(spec, &seen, block, what, unknown);
        if !unknown {
            for declared in spec.attributes.iter().filter(|declared| declared.required) {
                if !seen.iter().any(|(is_attr, name, _)| *is_attr && *name == declared.name) {
                    let message = format!("{what} needs attribute {:?}", declared.name);
                    let range = header_range(block);
                    if declared.name == "schema" {
                        let atlas = format!(
                            "cannot extract schema name for {what}: schemahcl: type \"schema\" was not found in nil reference"
                        );
                        self.sentence(range, code::MISSING_ATTRIBUTE, message, atlas);
                    } else {
                        self.error(range, code::MISSING_ATTRIBUTE, message);
                    }
                }
            }
        }
        read
    }

    /// Whether the labels of a block are as declared; notes it when not. A block without its name is not read.
    pub fn labels(&mut self, block: &ast::Block, spec: &'static spec::Block) -> bool {
        let labels: Vec<ast::Label> = block.labels().collect();
        if labels.len() < spec.labels.min {
            let range = block.type_name().map_or(block.range(), |word| word.range());
            let message = match spec.labels.min {
                1 => format!("block {:?} needs a name: {} \"name\" {{ … }}", spec.name, spec.name),
                count => format!("block {:?} needs {count} labels", spec.name),
            };
            self.error(range, code::LABELS, message);
            return false;
        }
        if let Some(extra) = labels.get(spec.labels.max) {
            let message = match spec.labels.max {
                0 => format!("block {:?} has no label", spec.name),
                1 => format!("block {:?} has one label, its name", spec.name),
                count => format!("block {:?} has at most {count} labels", spec.name),
            };
            self.error(extra.range(), code::LABELS, message);
        }
        if spec.labels.min > 0
            && let Some(empty) = labels.iter().find(|label| label.value().is_empty())
        {
            self.error(empty.range(), code::LABELS, format!("the name of block {:?} is empty", spec.name));
            return false;
        }
        true
    }

    fn duplicate(&mut self, range: TextRange, first: TextRange, kind: &str, name: &str, what: &str) {
        let code = if kind == "block" { code::DUPLICATE_BLOCK } else { code::DUPLICATE_ATTRIBUTE };
        let mut diagnostic =
            Diagnostic::error(range, code, format!("{kind} {name:?} of {what} is set twice"));
        diagnostic.related.push(Related { file: None, range: first, message: "first set here".into() });
        self.push(diagnostic, Words::Message);
    }

    /// Notes a name that is no attribute of the body; whether it may stand for one that is missing.
    fn unknown_attribute(
        &mut self,
        name: &ast::Ident,
        spec: &'static spec::Body,
        scope: &BlockScope<'_>,
        attribute: &ast::Attribute,
        what: &str,
    ) -> bool {
        if spec.openness == spec::Openness::Open {
            if let Some(expr) = attribute.expr() {
                self.record(&expr, scope);
            }
            return false;
        }
        if spec.block(name.text()).is_some() {
            let message =
                format!("{:?} of {what} is a block, not an attribute: {} {{ … }}", name.text(), name.text());
            self.error(name.range(), code::UNKNOWN_ATTRIBUTE, message);
            return true;
        }
        let known = spec.attributes.iter().map(|known| known.name);
        let near = hcl::suggest(name.text(), known.chain(spec.blocks.iter().map(|block| block.name)));
        let message = format!("{what} has no attribute {:?}", name.text());
        self.unknown(name.range(), code::UNKNOWN_ATTRIBUTE, message, near, spec.openness);
        true
    }

    /// Notes a block the body cannot have.
    pub fn unknown_block(&mut self, name: &ast::Ident, spec: &'static spec::Body, what: &str) -> bool {
        if spec.openness == spec::Openness::Open {
            return false;
        }
        if spec.attribute(name.text()).is_some() {
            let message =
                format!("{:?} of {what} is an attribute, not a block: {} = …", name.text(), name.text());
            self.error(name.range(), code::UNKNOWN_BLOCK, message);
            return true;
        }
        let known = spec.blocks.iter().map(|known| known.name);
        let near =
            hcl::suggest(name.text(), known.chain(spec.attributes.iter().map(|attribute| attribute.name)));
        let message = format!("{what} has no block {:?}", name.text());
        self.unknown(name.range(), code::UNKNOWN_BLOCK, message, near, spec.openness);
        true
    }

    fn unknown(
        &mut self,
        range: TextRange,
        code: text::Code,
        mut message: String,
        near: Option<&str>,
        openness: spec::Openness,
    ) {
        if let Some(near) = near {
            message.push_str(&format!(", did you mean {near:?}?"));
        }
        // Where the grammar may not be complete, a name that resembles none of it is likely right.
        let severity = match (openness, near) {
            (spec::Openness::Partial, None) => return,
            (spec::Openness::Partial, Some(_)) => text::Severity::Warning,
            _ => text::Severity::Error,
        };
        let mut diagnostic = Diagnostic::new(range, severity, code, message);
        if let Some(near) = near {
            diagnostic.fixes.push(replace(range, near));
        }
        self.push(diagnostic, Words::Message);
    }

    /// Sets of names of which at most one, or at least one, must be there.
    fn sets(
        &mut self,
        spec: &'static spec::Body,
        seen: &[(bool, &'static str, TextRange)],
        block: &ast::Block,
        what: &str,
        unknown: bool,
    ) {
        let quoted =
            |names: &[&str]| names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(" or ");
        for set in spec.exclusive {
            let mut present = seen.iter().filter(|(_, name, _)| set.contains(name));
            if let (Some((_, first, first_range)), Some((_, second, range))) =
                (present.next(), present.next())
            {
                let message = if first == second {
                    format!("{first:?} of {what} is both an attribute and a block")
                } else {
                    format!("{what} has both {first:?} and {second:?}, only one is allowed")
                };
                let mut diagnostic = Diagnostic::error(*range, code::EXCLUSIVE, message);
                diagnostic.related.push(Related {
                    file: None,
                    range: *first_range,
                    message: "the other one".into(),
                });
                self.push(diagnostic, Words::Message);
            }
        }
        for set in spec.one_of {
            if !unknown && !seen.iter().any(|(_, name, _)| set.contains(name)) {
                let message = format!("{what} needs {}", quoted(set));
                self.error(header_range(block), code::ONE_OF_REQUIRED, message);
            }
        }
    }

    /// Evaluates an attribute and checks its type.
    fn value(
        &mut self,
        expr: &Expr,
        declared: &'static spec::Attribute,
        scope: &BlockScope<'_>,
        word: &str,
        what: &str,
    ) -> (Value, Vec<(Value, TextRange)>) {
        self.record(expr, scope);
        if self.shape_only {
            return (Value::lost(), Vec::new());
        }
        let words = declared.ty.words();
        let place = match declared.ty {
            AttrType::Type => scope.types(word),
            _ if !words.is_empty() => Place::Words(&words, word, declared.name),
            _ => Place::Plain,
        };
        let scope = scope.at(place);
        if let (AttrType::List(inner), Expr::Tuple(tuple)) = (&declared.ty, expr) {
            let mut elements = Vec::new();
            for element in tuple.elements() {
                let value = self.eval(&element, &scope);
                let value = self.fit(value, inner, element.range(), declared.name, what);
                elements.push((value, element.range()));
            }
            return (Value::tuple(elements.iter().map(|(value, _)| value.clone()).collect()), elements);
        }
        let value = self.eval(expr, &scope);
        let value = self.fit(value, &declared.ty, expr.range(), declared.name, what);
        let elements =
            value.elements().unwrap_or_default().iter().map(|item| (item.clone(), expr.range())).collect();
        (value, elements)
    }

    /// The value of `expr`, its mistakes noted.
    pub fn eval(&mut self, expr: &Expr, scope: &BlockScope<'_>) -> Value {
        let evaluated = hcl::eval(expr, scope);
        for found in evaluated.diagnostics {
            self.evaluation(found, scope);
        }
        evaluated.value
    }

    fn evaluation(&mut self, found: EvalDiagnostic, scope: &BlockScope<'_>) {
        let mut said = scope.piece.said.borrow_mut();
        let at = said.iter().position(|said| said.detail == found.detail);
        let said = at.map(|at| said.remove(at));
        let range = self.name_of_step(found.range);
        let words = Words::Placed { summary: found.summary.clone(), detail: found.detail.clone() };
        let mut once = None;
        let diagnostic = match said {
            Some(said) => {
                let mut message = said.message;
                if message.starts_with("schema ") {
                    once = Some(SmolStr::from(message.as_str()));
                }
                if let Some(near) = &said.suggestion {
                    message.push_str(&format!(", did you mean {near:?}?"));
                }
                let mut diagnostic = Diagnostic::error(range, UNRESOLVED, message);
                diagnostic.fixes.extend(said.suggestion.map(|near| replace(range, &near)));
                diagnostic
            }
            None => {
                let mut diagnostic = Diagnostic::from(&found);
                diagnostic.range = range;
                let near = found
                    .detail
                    .rsplit_once(" Did you mean \"")
                    .and_then(|(_, near)| near.strip_suffix("\"?"));
                diagnostic.fixes.extend(near.map(|near| replace(range, near)));
                diagnostic
            }
        };
        if !self.silent {
            self.notes.push(Note { diagnostic, words, once });
        }
    }

    /// The name within `.name` or `["name"]`.
    fn name_of_step(&self, range: TextRange) -> TextRange {
        let Some(text) = self.text.get(usize::from(range.start())..usize::from(range.end())) else {
            return range;
        };
        let (skip, drop) = if text.starts_with("[\"") && text.ends_with("\"]") {
            (2, 2)
        } else if let Some(name) = text.strip_prefix('.') {
            (text.len() - name.trim_start().len(), 0)
        } else {
            (0, 0)
        };
        let (start, end) = (range.start() + TextSize::new(skip as u32), range.end() - TextSize::new(drop));
        TextRange::new(start, end.max(start))
    }

    /// The value, if it has the type; otherwise notes it and gives the unknown.
    fn fit(&mut self, value: Value, ty: &AttrType, range: TextRange, name: &str, what: &str) -> Value {
        if fits(&value, ty) {
            return value;
        }
        if let (Value::String(text), AttrType::Enum(words)) = (&value, ty) {
            let canonical = text.trim().replace(' ', "_");
            if let Some(word) = words.iter().find(|word| word.name.eq_ignore_ascii_case(&canonical)) {
                return Value::string(word.name);
            }
            let near = hcl::suggest(text, words.iter().map(|word| word.name));
            let mut message = format!("{name:?} of {what} cannot be {text:?}");
            match near {
                Some(near) => message.push_str(&format!(", did you mean {near:?}?")),
                None => {
                    let all: Vec<&str> = words.iter().map(|word| word.name).collect();
                    message.push_str(&format!(": use {}", all.join(", ")));
                }
            }
            let mut diagnostic = Diagnostic::error(range, code::UNKNOWN_VALUE, message);
            diagnostic.fixes.extend(near.map(|near| replace(range, near)));
            self.push(diagnostic, Words::Message);
            return Value::lost();
        }
        let got = match &value {
            Value::Reference(reference) => format!("a reference to {}", kind_of(reference)),
            other => article(&other.ty().friendly()),
        };
        let message = format!("{name:?} of {what} must be {}, not {got}", describe(ty));
        self.error(range, code::TYPE_MISMATCH, message);
        Value::lost()
    }

    /// Records the references in `expr` as uses.
    pub fn record(&mut self, expr: &Expr, scope: &BlockScope<'_>) {
        if !self.recording {
            return;
        }
        for path in hcl::references(expr) {
            let steps: Vec<hcl::Step> = path.steps.iter().map(|(step, _)| step.clone()).collect();
            let range_of = |at: usize| path.steps.get(at).map(|(_, range)| *range);
            match path.root.as_str() {
                root @ ("var" | "local") => {
                    if let (Some(hcl::Step::Name(name)), Some(range)) = (steps.first(), range_of(0)) {
                        let kind = if root == "var" { "variable" } else { "local" };
                        let range = self.name_of_step(range);
                        let target =
                            ObjectPath::Object { schema: SmolStr::default(), kind, name: name.clone() };
                        self.uses.add(range, target);
                    }
                }
                root => self.record_path(root, &steps, &range_of, scope),
            }
        }
    }

    fn record_path(
        &mut self,
        root: &str,
        steps: &[hcl::Step],
        range_of: &dyn Fn(usize) -> Option<TextRange>,
        scope: &BlockScope<'_>,
    ) {
        let Ok(Some((target, _))) = scope.resolve(root, steps) else { return };
        match target {
            Target::Schema(name) => {
                if let Some(range) = range_of(0) {
                    self.uses.add(self.name_of_step(range), ObjectPath::Schema(name));
                }
            }
            Target::Own(column) => {
                if let Some(range) = range_of(0) {
                    let (schema, table) = self.own.clone();
                    self.uses.add(self.name_of_step(range), ObjectPath::Column { schema, table, column });
                }
            }
            Target::Object(found) => {
                if let Some(range) = range_of(found.table_at) {
                    self.uses.add(self.name_of_step(range), super::object_path(&found));
                }
                if let (Some(column), Some(range)) = (&found.column, range_of(found.table_at + 2)) {
                    let (schema, table, column) = (found.schema.clone(), found.table.clone(), column.clone());
                    self.uses.add(self.name_of_step(range), ObjectPath::Column { schema, table, column });
                }
            }
        }
    }
}

/// A fix that replaces `range` by `name`.
pub(super) fn replace(range: TextRange, name: &str) -> Fix {
    Fix {
        title: format!("Change to {name:?}"),
        applicability: Applicability::Maybe,
        edits: vec![TextEdit { range, insert: name.to_owned() }],
        elsewhere: Vec::new(),
    }
}
