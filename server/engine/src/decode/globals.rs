//! The variables and locals of all files of a schema, worked out once and kept as plain values.
//!
//! They are few and change seldom, so all of them are evaluated together, and whatever uses one depends on all.
//! Invariant: equal fingerprints mean equal values.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use hcl::{Context, EvalDiagnostic, Found, Lazy, Local, Locals, Scope, Step, Value, Variable, suggest};
use rustc_hash::FxHasher;
use schema::{ObjectPath, SmolStr};
use syntax::hcl::Piece;
use syntax::hcl::ast::AstNode;
use text::TextRange;

use super::Inputs;

/// Values by name, and what was found on the way.
#[derive(Debug, Default)]
pub(super) struct Globals {
    pub fingerprint: u64,
    variables: BTreeMap<SmolStr, Value>,
    locals: BTreeMap<SmolStr, Value>,
    /// By piece, counted as they were handed in.
    pub findings: Vec<(usize, Finding)>,
    /// By piece: what is defined, with the whole range and the name's.
    pub definitions: Vec<(usize, ObjectPath, TextRange, TextRange)>,
}

/// A mistake in a variable or local.
#[derive(Clone, Debug)]
pub(super) enum Finding {
    Eval(EvalDiagnostic),
    /// Required, and no value was given.
    MissingValue {
        name: SmolStr,
        range: TextRange,
    },
    /// The value given is of another type.
    BadValue {
        name: SmolStr,
        range: TextRange,
        message: String,
    },
    Duplicate {
        kind: &'static str,
        name: SmolStr,
        range: TextRange,
    },
    /// Data sources have no place in schema files.
    Data {
        ty: SmolStr,
        range: TextRange,
    },
}

impl Globals {
    /// What decides the values: the pieces that define them, and the inputs.
    pub fn fingerprint<'a>(pieces: impl IntoIterator<Item = &'a Arc<Piece>>, inputs: &Inputs) -> u64 {
        let mut hasher = FxHasher::default();
        for piece in pieces {
            piece.id().hash(&mut hasher);
        }
        for (name, input) in &inputs.values {
            name.hash(&mut hasher);
            format!("{input:?}").hash(&mut hasher);
        }
        inputs.complete.hash(&mut hasher);
        hasher.finish()
    }

    /// Evaluates the `variable` and `locals` blocks of `pieces`.
    pub fn evaluate(
        pieces: &[Arc<Piece>],
        inputs: &Inputs,
        fingerprint: u64,
        dialect: &crate::Dialect,
    ) -> Self {
        let mut globals = Globals { fingerprint, ..Self::default() };
        let mut base = Context::new();
        for table in super::functions() {
            base.add_functions(table);
        }
        let mut locals = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            let blocks = piece.body().into_iter().flat_map(|body| body.blocks().collect::<Vec<_>>());
            for block in blocks {
                let Some(word) = block.type_name() else { continue };
                match word.text() {
                    "variable" => {
                        let (variable, found) = hcl::decode_variable(&block, &base);
                        // The shape of the block is judged with all others, by the grammar.
                        let shape = [
                            hcl::code::LABELS,
                            hcl::code::UNKNOWN_ATTRIBUTE,
                            hcl::code::UNKNOWN_BLOCK,
                            hcl::code::MISSING_ATTRIBUTE,
                        ];
                        // What is misspelt may be the default.
                        let misspelt = found.iter().any(|found| found.code == hcl::code::UNKNOWN_ATTRIBUTE);
                        let found = found.into_iter().filter(|found| !shape.contains(&found.code));
                        globals.findings.extend(found.map(|found| (at, Finding::Eval(found))));
                        if let Some(variable) = variable {
                            globals.variable(at, &variable, block.range(), inputs, &base, misspelt);
                        }
                    }
                    "locals" => locals.extend(Locals::of_block(&block, at)),
                    "data" => {
                        let ty = block
                            .labels()
                            .next()
                            .map(|label| SmolStr::from(label.value()))
                            .unwrap_or_default();
                        globals
                            .findings
                            .push((at, Finding::Data { ty, range: super::summary::header_range(&block) }));
                    }
                    word if dialect.spec.block(word).is_none() => {
                        for label in block.labels() {
                            globals.variables.entry(label.value().into()).or_insert_with(Value::lost);
                        }
                    }
                    _ => {}
                }
            }
        }
        globals.locals(locals, &base);
        globals
    }

    fn variable(
        &mut self,
        at: usize,
        variable: &Variable,
        range: TextRange,
        inputs: &Inputs,
        base: &Context<'_>,
        misspelt: bool,
    ) {
        let name = variable.name.clone();
        let path = ObjectPath::Object { schema: SmolStr::default(), kind: "variable", name: name.clone() };
        self.definitions.push((at, path, range, variable.name_range));
        if self.variables.contains_key(&name) {
            self.findings
                .push((at, Finding::Duplicate { kind: "variable", name, range: variable.name_range }));
            return;
        }
        let input = inputs.values.get(&name);
        let value = match variable.value(input) {
            Ok(value) => {
                let found = variable.validate(&value, base);
                self.findings.extend(found.into_iter().map(|found| (at, Finding::Eval(found))));
                value
            }
            Err(message) => {
                if input.is_some() || variable.default.is_some() {
                    let range = match input {
                        None => variable.default_range.unwrap_or(variable.name_range),
                        Some(_) => variable.name_range,
                    };
                    self.findings.push((at, Finding::BadValue { name: name.clone(), range, message }));
                } else if inputs.complete && !misspelt {
                    self.findings
                        .push((at, Finding::MissingValue { name: name.clone(), range: variable.name_range }));
                }
                Value::lost()
            }
        };
        self.variables.insert(name, value);
    }

    fn locals(&mut self, locals: Vec<Local>, base: &Context<'_>) {
        let mut seen: BTreeMap<SmolStr, ()> = BTreeMap::new();
        for local in &locals {
            let path =
                ObjectPath::Object { schema: SmolStr::default(), kind: "local", name: local.name.clone() };
            self.definitions.push((local.origin, path, local.range(), local.name_range));
            if seen.insert(local.name.clone(), ()).is_some() {
                let duplicate =
                    Finding::Duplicate { kind: "local", name: local.name.clone(), range: local.name_range };
                self.findings.push((local.origin, duplicate));
            }
        }
        let locals = Locals::new(locals);
        let variables = Variables(&self.variables);
        let mut scope = Context::within(base);
        scope.set_lazy("var", &variables);
        scope.set_lazy("local", &locals);
        // References to blocks from a local are not followed.
        for root in ["schema", "table", "view", "column", "each", "data"] {
            scope.set(root, Value::lost());
        }
        locals.evaluate(&scope);
        let names: Vec<SmolStr> = locals.names().map(SmolStr::from).collect();
        let values: BTreeMap<SmolStr, Value> = names
            .into_iter()
            .map(|name| {
                let value = locals.value(&name, &scope).unwrap_or_else(Value::lost);
                (name, value)
            })
            .collect();
        self.findings.extend(locals.diagnostics().into_iter().map(|(at, found)| (at, Finding::Eval(found))));
        self.locals = values;
    }

    /// The names of `schema` blocks that take variables to know, by label.
    pub fn schema_names(&self, piece: &Piece) -> Vec<(SmolStr, SmolStr)> {
        let blocks = piece.body().into_iter().flat_map(|body| body.blocks().collect::<Vec<_>>());
        let named = blocks.filter_map(|block| {
            let is_schema = block.type_name().is_some_and(|word| word.text() == "schema");
            let label = block.labels().next().filter(|_| is_schema)?;
            let expr = block.body()?.attribute("name")?.expr()?;
            let value = hcl::eval(&expr, &Visible(self)).value;
            let name = value.as_str().map(SmolStr::from)?;
            Some((SmolStr::from(label.value()), name))
        });
        named.collect()
    }

    /// Answers for `var`, `local` and `data`.
    pub fn lookup(&self, root: &str, steps: &[Step]) -> Found {
        let of = match root {
            "var" => &self.variables,
            "local" => &self.locals,
            _ => return Found::Value { value: Value::lost(), used: steps.len() },
        };
        match steps.first() {
            Some(Step::Name(name)) => find(of, name),
            _ => Found::root(Value::object(of.iter().map(|(name, value)| (name.clone(), value.clone())))),
        }
    }
}

/// What an expression outside of any object sees: variables, locals and functions.
struct Visible<'a>(&'a Globals);

impl Scope for Visible<'_> {
    fn lookup(&self, root: &str, steps: &[Step]) -> Found {
        self.0.lookup(root, steps)
    }

    fn names(&self) -> Vec<SmolStr> {
        Vec::new()
    }

    fn function(&self, name: &str) -> Option<&'static hcl::Function> {
        super::functions().iter().flat_map(|table| table.iter()).find(|function| function.name == name)
    }

    fn function_names(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

/// The variables as a root of their own.
struct Variables<'a>(&'a BTreeMap<SmolStr, Value>);

impl Lazy for Variables<'_> {
    fn lookup(&self, steps: &[Step], _scope: &dyn Scope) -> Found {
        match steps.first() {
            Some(Step::Name(name)) => find(self.0, name),
            _ => Found::root(Value::object(self.0.iter().map(|(name, value)| (name.clone(), value.clone())))),
        }
    }
}

fn find(of: &BTreeMap<SmolStr, Value>, name: &SmolStr) -> Found {
    match of.get(name) {
        Some(value) => Found::Value { value: value.clone(), used: 1 },
        None => {
            let mut found = Found::no_attribute(0, name);
            if let Found::Mistake { detail, code, .. } = &mut found {
                *code = super::scope::UNRESOLVED;
                if let Some(near) = suggest(name, of.keys().map(SmolStr::as_str)) {
                    detail.push_str(&format!(" Did you mean {near:?}?"));
                }
            }
            found
        }
    }
}
