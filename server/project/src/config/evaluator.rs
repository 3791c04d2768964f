//! Evaluates the expressions of one configuration: locals and data sources lazily, each once.
//!
//! Source: reference/project.md sections 2, 3 and 8; the words of findings are those of hashicorp/hcl.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use engine::state::Failure;
use hcl::spec::{AttrType, Body, Openness};
use hcl::{Each, EvalDiagnostic, FactRequest, Found, Function, Memo, Scope, Step, Type, Value, code};
use smol_str::SmolStr;
use syntax::hcl::ast::{AstNode, Block, Expr, Item};
use text::{Diagnostic, TextRange, TextSize};

use super::{Top, variables};
use crate::env::DataState;
use crate::input::Answer;
use crate::memo::Reader;
use crate::node::{Attr, Child, Node};
use crate::spec::PROJECT;
use crate::{Path, Selection, Want};

/// Something that keeps a command from going on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    At(TextRange, EvalDiagnostic),
    Text(Failure),
}

/// What evaluation found besides values.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub diagnostics: Vec<Diagnostic>,
    pub failures: Vec<Trouble>,
    pub printed: Vec<String>,
}

pub(crate) struct Evaluator<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) directory: Path,
    env: SmolStr,
    vars: BTreeMap<SmolStr, Value>,
    locals: BTreeMap<SmolStr, (Expr, TextSize)>,
    data: BTreeMap<(SmolStr, SmolStr), Top>,
    /// `docker` and `dev` blocks, by type and labels.
    databases: BTreeMap<(&'static str, SmolStr, SmolStr), Top>,
    /// Types of the other top-level blocks: roots whose attributes are not analysed.
    roots: Vec<SmolStr>,
    /// Roots of which something cannot be read: what they lack may be there.
    unsure: Vec<&'static str>,
    memo: Memo,
    states: RefCell<BTreeMap<SmolStr, DataState>>,
    findings: RefCell<Findings>,
}

/// The place an expression is evaluated at.
pub(super) struct At<'e, 'a> {
    pub evaluator: &'e Evaluator<'a>,
    pub each: Option<Each>,
    /// What the attribute takes: words it knows are values.
    pub takes: Option<&'static AttrType>,
    /// The block and attribute, for the words of `Unknown <block>.<attr>`.
    pub at: Option<(SmolStr, SmolStr)>,
}

impl<'a> Evaluator<'a> {
    pub fn new(reader: &'a Reader<'a>, directory: Path, selection: &Selection, all: &[Top]) -> Self {
        let mut this = Self {
            reader,
            directory,
            env: selection.env.clone().unwrap_or_default(),
            vars: BTreeMap::new(),
            locals: BTreeMap::new(),
            data: BTreeMap::new(),
            databases: BTreeMap::new(),
            roots: Vec::new(),
            unsure: Vec::new(),
            memo: Memo::default(),
            states: RefCell::default(),
            findings: RefCell::default(),
        };
        let given = variables(selection);
        for top in all.iter().filter(|top| top.kind() == "variable") {
            if top.labels().is_empty() {
                this.unsure.push("var");
            }
            let variable = this.variable(top, &given);
            this.vars.extend(variable);
        }
        for top in all {
            match top.kind().as_str() {
                "locals" => {
                    for attribute in top.attributes() {
                        if let (Some(name), Some(expr)) = (attribute.name(), attribute.expr()) {
                            this.locals.insert(SmolStr::from(name.text()), (expr, top.base));
                        }
                    }
                }
                "data" => match top.labels().as_slice() {
                    [kind, name] => {
                        if !is_kind_of_data(kind) {
                            this.unsure.push("data");
                        }
                        this.data.insert((kind.clone(), name.clone()), top.clone());
                    }
                    _ => {
                        this.unsure.push("data");
                        this.fail(Failure::Text("data block \"data\" must have exactly 2 labels".to_owned()))
                    }
                },
                "variable" => {}
                block @ ("docker" | "dev") => {
                    let block = if block == "dev" { "dev" } else { "docker" };
                    match top.labels().as_slice() {
                        [driver, name] => {
                            this.databases.insert((block, driver.clone(), name.clone()), top.clone());
                        }
                        _ => this.unsure.push(block),
                    }
                    this.roots.push(SmolStr::from(block));
                }
                other => {
                    if PROJECT.block(other).is_none() {
                        this.unsure.extend(meant(other));
                    }
                    this.roots.push(SmolStr::from(other));
                }
            }
        }
        this
    }

    /// Evaluates every local: a mistake in one is reported even when nothing uses it.
    pub fn locals(&self) {
        for name in self.locals.keys() {
            self.local(name);
        }
    }

    pub fn states(&self) -> Arc<BTreeMap<SmolStr, DataState>> {
        Arc::new(self.states.borrow().clone())
    }

    pub fn state(&self, url: SmolStr, state: DataState) {
        self.states.borrow_mut().insert(url, state);
    }

    pub fn fail(&self, failure: Failure) {
        self.findings.borrow_mut().failures.push(Trouble::Text(failure));
    }

    /// Reports a mistake at a place of the file.
    pub fn mistake(&self, range: TextRange, message: impl Into<String>) {
        self.mistake_as(range, code::INVALID_EXPRESSION, message);
    }

    fn mistake_as(&self, range: TextRange, code: text::Code, message: impl Into<String>) {
        let message = message.into();
        let mut findings = self.findings.borrow_mut();
        findings.failures.push(Trouble::Text(Failure::Text(message.clone())));
        findings.diagnostics.push(Diagnostic::error(range, code, message));
    }

    pub fn finish(self) -> Findings {
        self.findings.into_inner()
    }

    /// The value of `expr`, which stands in a piece that starts at `base`.
    pub(super) fn eval(&self, expr: &Expr, base: TextSize, at: At<'_, 'a>) -> Value {
        let result = hcl::eval(expr, &at);
        self.report(result.diagnostics, base);
        result.value
    }

    /// The value of `expr` where nothing special is known of the place.
    pub(super) fn plain(&self, expr: &Expr, base: TextSize) -> Value {
        self.eval(expr, base, At { evaluator: self, each: None, takes: None, at: None })
    }

    fn report(&self, found: Vec<EvalDiagnostic>, base: TextSize) {
        let mut findings = self.findings.borrow_mut();
        for diagnostic in found {
            findings.diagnostics.push(Diagnostic::from(&diagnostic).shifted(base));
            findings.failures.push(Trouble::At(diagnostic.range + base, diagnostic));
        }
    }

    /// An evaluated block with all in it. `each` gives `each.key` and `each.value` by scope of the caller.
    pub(super) fn child(&self, block: &Block, base: TextSize, path: &[(SmolStr, Option<SmolStr>)]) -> Child {
        self.child_with(block, base, path, None)
    }

    pub(super) fn child_with(
        &self,
        block: &Block,
        base: TextSize,
        path: &[(SmolStr, Option<SmolStr>)],
        each: Option<&Each>,
    ) -> Child {
        let kind = block.type_name().map_or_else(SmolStr::default, |name| SmolStr::from(name.text()));
        let labels: Vec<SmolStr> = block.labels().map(|label| SmolStr::from(label.value())).collect();
        let mut path = path.to_vec();
        path.push((kind.clone(), labels.first().cloned()));
        let spec =
            hcl::spec::lookup(&PROJECT, path.iter().map(|(kind, label)| (kind.as_str(), label.as_deref())))
                .map(|place| place.body);
        let mut node = Node::default();
        for item in block.body().into_iter().flat_map(|body| body.items()) {
            match item {
                Item::Attribute(attribute) => {
                    let (Some(name), Some(expr)) = (attribute.name(), attribute.expr()) else { continue };
                    let name = SmolStr::from(name.text());
                    let value = self.eval(&expr, base, self.at(&kind, &name, spec, each));
                    if value.is_null() || name == "for_each" {
                        continue;
                    }
                    let (range, expr) = (attribute.range() + base, expr.range() + base);
                    node.attrs.insert(name, Attr { value, range, expr });
                }
                Item::Block(inner) => node.blocks.push(self.child_with(&inner, base, &path, each)),
                Item::Incomplete(_) => {}
            }
        }
        Child { kind, labels, range: block.range() + base, node }
    }

    fn at<'e>(
        &'e self,
        kind: &SmolStr,
        name: &SmolStr,
        spec: Option<&'static Body>,
        each: Option<&Each>,
    ) -> At<'e, 'a> {
        let takes = match spec {
            // What a name nobody knows takes is not known either; in an open body it is a value of the user's.
            Some(body) if body.openness != Openness::Open => {
                Some(body.attribute(name).map_or(&AttrType::Any, |attribute| &attribute.ty))
            }
            body => body.and_then(|body| body.attribute(name)).map(|attribute| &attribute.ty),
        };
        At { evaluator: self, each: each.cloned(), takes, at: Some((kind.clone(), name.clone())) }
    }

    /// The value of a `variable` block. One nobody gave a value is a failure of a command; in an editor, where nobody
    /// types `--var`, what depends on it is not analysed.
    fn variable(&self, top: &Top, given: &BTreeMap<SmolStr, Value>) -> Option<(SmolStr, Value)> {
        let at = At { evaluator: self, each: None, takes: None, at: None };
        let (variable, mut found) = hcl::decode_variable(&top.block, &at);
        // The grammar says these in the editor's words.
        let shape = [code::LABELS, code::UNKNOWN_ATTRIBUTE, code::UNKNOWN_BLOCK, code::MISSING_ATTRIBUTE];
        let (in_words, rest): (Vec<_>, Vec<_>) = found.drain(..).partition(|it| shape.contains(&it.code));
        let failures =
            in_words.into_iter().map(|diagnostic| Trouble::At(diagnostic.range + top.base, diagnostic));
        self.findings.borrow_mut().failures.extend(failures);
        self.report(rest, top.base);
        let variable = variable?;
        let input = given.get(&variable.name).cloned().map(hcl::Input::Value);
        let value = match variable.value(input.as_ref()) {
            Ok(value) => value,
            Err(message) if input.is_none() && variable.default.is_none() => {
                self.fail(Failure::Text(message));
                Value::wanting(hcl::Fact::new(format!("var:{}", variable.name)))
            }
            Err(message) => {
                let range = variable.default_range.filter(|_| input.is_none()).unwrap_or(variable.name_range);
                self.mistake_as(range + top.base, code::INVALID_VARIABLE, message);
                Value::lost()
            }
        };
        self.report(variable.validate(&value, &at), top.base);
        Some((variable.name, value))
    }

    fn local(&self, name: &SmolStr) -> Option<Value> {
        let (expr, base) = self.locals.get(name)?;
        Some(self.once(format!("local.{name}"), expr.range() + *base, || self.plain(expr, *base)))
    }

    pub(super) fn data(&self, kind: &SmolStr, name: &SmolStr) -> Option<Value> {
        let top = self.data.get(&(kind.clone(), name.clone()))?;
        let range = top.block.header_range() + top.base;
        Some(self.once(format!("data.{kind}.{name}"), range, || super::data::evaluate(self, kind, name, top)))
    }

    /// The value of a `docker` or `dev` block.
    fn dev_database(&self, block: &'static str, driver: &SmolStr, name: &SmolStr) -> Option<Value> {
        let top = self.databases.get(&(block, driver.clone(), name.clone()))?;
        let range = top.block.header_range() + top.base;
        Some(self.once(format!("{block}.{driver}.{name}"), range, || match block {
            "docker" => super::docker::docker(self, driver, name, top),
            _ => super::docker::dev(self, driver, name, top),
        }))
    }

    /// Evaluates a named thing once, and refuses one that needs itself.
    fn once(&self, key: String, range: TextRange, compute: impl FnOnce() -> Value) -> Value {
        self.memo.value(&key, compute).unwrap_or_else(|| {
            self.mistake_as(range, code::CYCLE, format!("cyclic reference to {key:?}"));
            Value::lost()
        })
    }
}

impl Scope for At<'_, '_> {
    fn lookup(&self, root: &str, steps: &[Step]) -> Found {
        let name = |at: usize| steps.get(at).and_then(Step::name).map(SmolStr::from);
        let evaluator = self.evaluator;
        let word = self.takes.and_then(|ty| ty.words().into_iter().find(|word| word.name == root));
        if let Some(word) = word {
            return Found::root(Value::string(word.name));
        }
        let unsure = || Found::Value { value: Value::lost(), used: steps.len() };
        match root {
            "atlas" => match name(0).as_deref() {
                None => Found::root(Value::object([("env", Value::String(evaluator.env.clone()))])),
                Some("env") => Found::Value { value: Value::String(evaluator.env.clone()), used: 1 },
                // The registry's side of it is not asked here.
                Some("cloud") => Found::Value { value: Value::lost(), used: steps.len() },
                Some(other) => Found::no_attribute(0, other),
            },
            "var" if !evaluator.vars.is_empty() => match name(0) {
                None => Found::root(Value::object(evaluator.vars.clone())),
                Some(name) => match evaluator.vars.get(&name) {
                    Some(value) => Found::Value { value: value.clone(), used: 1 },
                    None if evaluator.unsure.contains(&"var") => unsure(),
                    None => Found::no_attribute(0, &name),
                },
            },
            "local" if !evaluator.locals.is_empty() => match name(0) {
                None => {
                    let names: Vec<SmolStr> = evaluator.locals.keys().cloned().collect();
                    let value = |name: SmolStr| evaluator.local(&name).map(|value| (name, value));
                    Found::root(Value::object(names.into_iter().filter_map(value)))
                }
                Some(name) => match evaluator.local(&name) {
                    Some(value) => Found::Value { value, used: 1 },
                    None if evaluator.unsure.contains(&"local") => unsure(),
                    None => Found::no_attribute(0, &name),
                },
            },
            "data" => match (name(0), name(1)) {
                (Some(kind), Some(name)) => match evaluator.data(&kind, &name) {
                    Some(value) => Found::Value { value, used: 2 },
                    None if evaluator.unsure.contains(&"data") => unsure(),
                    None => Found::Mistake {
                        // The kind, when it is none.
                        at: Some(usize::from(is_kind_of_data(&kind))),
                        code: code::UNSUPPORTED_ATTRIBUTE,
                        summary: "Unknown data source".to_owned(),
                        detail: format!("data.{kind}.{name} does not exist"),
                    },
                },
                _ => Found::root(Value::lost()),
            },
            "docker" | "dev" if evaluator.databases.keys().any(|(block, _, _)| *block == root) => {
                let block = if root == "dev" { "dev" } else { "docker" };
                match (name(0), name(1)) {
                    (Some(driver), Some(name)) => match evaluator.dev_database(block, &driver, &name) {
                        Some(value) => Found::Value { value, used: 2 },
                        None if evaluator.unsure.contains(&block) => unsure(),
                        None => {
                            let known =
                                evaluator.databases.keys().any(|key| key.0 == block && key.1 == driver);
                            let (at, name) = if known { (1, &name) } else { (0, &driver) };
                            Found::no_attribute(at, name)
                        }
                    },
                    _ => unsure(),
                }
            }
            "each" => match (&self.each, name(0).as_deref()) {
                (Some(each), Some("key")) => Found::Value { value: each.key.clone(), used: 1 },
                (Some(each), Some("value")) => Found::Value { value: each.value.clone(), used: 1 },
                (Some(_), Some(other)) => Found::no_attribute(0, other),
                _ => Found::Missing,
            },
            "self" => Found::Value { value: Value::lost(), used: steps.len() },
            "string" => Found::root(Value::TypeExpr(Type::String)),
            "number" | "int" => Found::root(Value::TypeExpr(Type::Number)),
            "bool" => Found::root(Value::TypeExpr(Type::Bool)),
            "any" => Found::root(Value::TypeExpr(Type::Dynamic)),
            "var" | "local" if evaluator.unsure.contains(&root) => unsure(),
            // Words of attributes whose grammar is not published, and other blocks, are not analysed.
            _ if matches!(self.takes, Some(AttrType::Any))
                || evaluator.roots.iter().any(|known| known == root) =>
            {
                Found::Value { value: Value::lost(), used: steps.len() }
            }
            _ => Found::Missing,
        }
    }

    fn names(&self) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> =
            ["atlas", "string", "number", "bool", "int"].into_iter().map(SmolStr::from).collect();
        let evaluator = self.evaluator;
        let roots = [
            ("var", !evaluator.vars.is_empty()),
            ("local", !evaluator.locals.is_empty()),
            ("data", !evaluator.data.is_empty()),
            ("each", self.each.is_some()),
        ];
        names.extend(roots.into_iter().filter(|(_, there)| *there).map(|(name, _)| SmolStr::from(name)));
        names.extend(self.takes.iter().flat_map(|ty| ty.words()).map(|word| SmolStr::from(word.name)));
        names
    }

    fn function(&self, name: &str) -> Option<&'static Function> {
        hcl::functions::all(hcl::functions::PROJECT).find(|function| function.name == name)
    }

    fn function_names(&self) -> Vec<&'static str> {
        hcl::functions::all(hcl::functions::PROJECT).map(|function| function.name).collect()
    }

    fn fact(&self, request: &FactRequest) -> Option<Result<Value, String>> {
        let reader = self.evaluator.reader;
        let directory = &self.evaluator.directory;
        let want = match request {
            FactRequest::File { path } => {
                let path = directory.join(path);
                let (_, file) = reader.path(&path)?;
                return Some(match &file.content {
                    crate::Content::Text(text) => Ok(Value::string(text.to_string())),
                    crate::Content::Missing => Err(format!("open {path}: no such file or directory")),
                    crate::Content::Binary => Err(format!("{path} is not UTF-8")),
                    crate::Content::Unreadable(reason) => Err(format!("open {path}: {reason}")),
                });
            }
            FactRequest::Fileset { pattern } => {
                Want::Glob { base: directory.clone(), pattern: pattern.clone(), deep: true }
            }
            FactRequest::Glob { pattern } => {
                Want::Glob { base: directory.clone(), pattern: pattern.clone(), deep: false }
            }
            FactRequest::Env { name } => Want::Env(name.clone()),
            FactRequest::Now => Want::Now,
        };
        match &reader.fact(&want)?.answer {
            Answer::Value(value) => Some(Ok(value.clone())),
            Answer::Failed(reason) => Some(Err(reason.clone())),
            // Not asked: unknown, and nobody's mistake.
            _ => None,
        }
    }

    fn missing_noun(&self) -> Option<(String, String)> {
        let (kind, name) = self.at.as_ref()?;
        let words = self.takes?.words();
        (!words.is_empty()).then(|| (format!("{kind}.{name}"), name.to_string()))
    }

    fn print(&self, line: &str) {
        self.evaluator.findings.borrow_mut().printed.push(line.to_owned());
    }
}

fn is_kind_of_data(label: &str) -> bool {
    PROJECT.block("data").is_some_and(|block| block.variants.iter().any(|known| known.label == label))
}

/// The root of what a block of an unknown type was meant to define.
fn meant(kind: &str) -> Option<&'static str> {
    Some(match hcl::suggest(kind, PROJECT.blocks.iter().map(|block| block.name))? {
        "variable" => "var",
        "locals" => "local",
        "data" => "data",
        _ => return None,
    })
}
