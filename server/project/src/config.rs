//! What an `atlas.hcl` says: its envs by name, and an env's settings once one is chosen.
//!
//! Follows Atlas's order: prune the envs that were not chosen, evaluate variables and locals, then only what the rest
//! refers to. Data sources are facts; here they become questions. Invariant: a finding is absolute in the file, and
//! what needs a fact nobody fetched gives no finding.
//!
//! Source: reference/project.md sections 1 to 9 (atlas, June 2026).

mod data;
mod docker;
mod evaluator;
mod expand;

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::hook::Hook;
use engine::state::Failure;
use hcl::{EvalDiagnostic, Value};
use smol_str::SmolStr;
use syntax::hcl::ast::{Attribute, Block, Expr};
use text::{Diagnostic, FileId, TextRange, TextSize};

use crate::env::{self, Env, Setting};
use crate::memo::Reader;
use crate::node::Node;
use crate::{Path, Selection};

pub(crate) use evaluator::Evaluator;

/// The envs of a configuration, without evaluating anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    pub envs: Vec<EnvBlock>,
    /// Names of the `variable` blocks.
    pub variables: Vec<(SmolStr, TextRange)>,
}

/// An `env` block as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvBlock {
    /// Its label; `None` for an unlabeled env, which takes any name.
    pub label: Option<SmolStr>,
    pub range: TextRange,
    /// `env "local"`, for code lenses.
    pub header: TextRange,
}

/// A configuration evaluated for one choice of env.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluated {
    /// More than one for `for_each` or repeated blocks.
    pub envs: Vec<Arc<Env>>,
    /// The project's own `lint` block, when no env was chosen.
    pub project: Arc<Node>,
    /// Its own `hook` blocks, when no env was chosen.
    pub hooks: Setting<Vec<Hook>>,
    pub diagnostics: Vec<Diagnostic>,
    /// What the command line says, in the order things went wrong.
    pub failures: Vec<Failure>,
    /// Lines of `print`.
    pub printed: Vec<String>,
}

/// A top-level block and where its piece starts.
#[derive(Clone, Debug)]
pub(crate) struct Top {
    pub block: Block,
    pub base: TextSize,
}

/// The blocks of a file, in order.
pub(crate) fn blocks(file: &syntax::hcl::File) -> Vec<Top> {
    file.pieces()
        .iter()
        .flat_map(|placed| {
            let base = placed.start;
            placed
                .piece
                .body()
                .into_iter()
                .flat_map(|body| body.blocks())
                .map(move |block| Top { block, base })
        })
        .collect()
}

impl Top {
    pub fn kind(&self) -> SmolStr {
        self.block.type_name().map_or_else(SmolStr::default, |name| SmolStr::from(name.text()))
    }

    pub fn labels(&self) -> Vec<SmolStr> {
        self.block.labels().map(|label| SmolStr::from(label.value())).collect()
    }

    pub fn attributes(&self) -> impl Iterator<Item = Attribute> + use<> {
        self.block.body().into_iter().flat_map(|body| body.attributes())
    }

    pub fn attribute(&self, name: &str) -> Option<Expr> {
        self.block.body()?.attribute(name)?.expr()
    }

    pub fn range(&self) -> TextRange {
        use syntax::hcl::ast::AstNode;
        self.block.range() + self.base
    }
}

/// The envs and variables of a parsed configuration.
pub fn outline(file: &syntax::hcl::File) -> Outline {
    let mut outline = Outline::default();
    for top in blocks(file) {
        match top.kind().as_str() {
            "env" => {
                let labels = top.labels();
                let label = match labels.as_slice() {
                    [] => None,
                    [name] => Some(name.clone()),
                    _ => continue,
                };
                let header = top.block.header_range() + top.base;
                outline.envs.push(EnvBlock { label, range: top.range(), header });
            }
            "variable" => {
                if let Some(name) = top.labels().first() {
                    outline.variables.push((name.clone(), top.block.header_range() + top.base));
                }
            }
            _ => {}
        }
    }
    outline
}

impl Outline {
    /// The labels, in order, each once.
    pub fn names(&self) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = Vec::new();
        for name in self.envs.iter().filter_map(|block| block.label.clone()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether some env takes any name.
    pub fn has_unlabeled(&self) -> bool {
        self.envs.iter().any(|block| block.label.is_none())
    }
}

/// Evaluates the configuration at `path` for `selection`.
pub(crate) fn evaluate(
    reader: &Reader<'_>,
    path: &Path,
    id: FileId,
    file: &syntax::hcl::File,
    selection: &Selection,
) -> Evaluated {
    let all = blocks(file);
    let chosen = prune(&all, selection.env.as_deref());
    let directory = path.parent().unwrap_or_else(|| path.clone());
    let evaluator = Evaluator::new(reader, directory, selection, &all);
    evaluator.locals();

    let project = Node {
        blocks: all
            .iter()
            .filter(|top| matches!(top.kind().as_str(), "lint" | "diff" | "test" | "hook"))
            .map(|top| evaluator.child(&top.block, top.base, &[]))
            .collect(),
        ..Node::default()
    };
    let mut envs = Vec::new();
    let mut misfits = Vec::new();
    for top in &chosen {
        for (name, node) in expand::env(&evaluator, top) {
            let labeled = !top.labels().is_empty();
            let Some(name) = name else {
                let text = format!("all envs must have names on file {:?}", path.as_str());
                evaluator.fail(Failure::Text(text));
                continue;
            };
            if selection.env.as_ref().is_some_and(|wanted| *wanted != name) {
                continue;
            }
            let (env, wrong) = env::read(
                name,
                labeled,
                &evaluator.directory,
                top.range(),
                &node,
                &project,
                evaluator.states(),
            );
            misfits.extend(wrong);
            envs.push(Arc::new(env));
        }
    }
    let mut hooks = Setting::Unset;
    if envs.is_empty() {
        let wrong;
        (hooks, wrong) = env::hooks(&project);
        misfits.extend(wrong);
    }
    for misfit in &misfits {
        evaluator.fail(Failure::Text(format!(
            "schemahcl: failed reading spec as *cmdapi.Project: {}",
            misfit.message
        )));
    }
    let findings = evaluator.finish();
    let mut diagnostics = findings.diagnostics;
    diagnostics.extend(misfits.into_iter().map(|misfit| {
        let (_, message) = misfit.message.rsplit_once(": ").unwrap_or(("", &misfit.message));
        Diagnostic::error(misfit.range, hcl::code::TYPE_MISMATCH, message)
    }));
    let failures = findings.failures.into_iter().map(|failure| place(failure, id)).collect();
    Evaluated { envs, project: Arc::new(project), hooks, diagnostics, failures, printed: findings.printed }
}

/// The failures of an evaluation know ranges only; the file is ours.
fn place(failure: evaluator::Trouble, file: FileId) -> Failure {
    match failure {
        evaluator::Trouble::At(range, EvalDiagnostic { summary, detail, .. }) => {
            Failure::At { file, range, summary, detail }
        }
        evaluator::Trouble::Text(failure) => failure,
    }
}

/// The env blocks that `name` means: those with the label, else the unlabeled ones that ask for `atlas.env`.
fn prune(all: &[Top], name: Option<&str>) -> Vec<Top> {
    let envs = || all.iter().filter(|top| top.kind() == "env");
    let Some(name) = name else { return Vec::new() };
    let labeled: Vec<Top> =
        envs().filter(|top| matches!(top.labels().as_slice(), [label] if label == name)).cloned().collect();
    if !labeled.is_empty() {
        return labeled;
    }
    envs()
        .filter(|top| {
            top.labels().is_empty() && top.attribute("name").is_some_and(|expr| mentions_atlas_env(&expr))
        })
        .cloned()
        .collect()
}

/// Whether `atlas.env` occurs anywhere in `expr`.
fn mentions_atlas_env(expr: &Expr) -> bool {
    use syntax::hcl::ast::{AstNode, StepKind, Traversal};
    expr.syntax().descendants().filter_map(Traversal::cast).any(|traversal| {
        let root = matches!(traversal.root(), Some(Expr::Variable(name)) if name.name().is_some_and(|it| it.text() == "atlas"));
        let step = traversal.steps().next().map(|step| step.kind());
        root && matches!(step, Some(StepKind::Attr(Some(name))) if name.text() == "env")
    })
}

/// Input variables for schema files: the env's own, then `--var` for those not among them.
pub fn schema_inputs(env: &Env, selection: &Selection) -> BTreeMap<SmolStr, Value> {
    let mut inputs = variables(selection);
    inputs.extend(env.vars.iter().map(|(name, value)| (name.clone(), value.clone())));
    inputs
}

/// `--var` as values: a repeated name makes a list of strings.
pub fn variables(selection: &Selection) -> BTreeMap<SmolStr, Value> {
    let mut texts: BTreeMap<SmolStr, Vec<SmolStr>> = BTreeMap::new();
    for (name, value) in &selection.vars {
        texts.entry(name.clone()).or_default().push(value.clone());
    }
    texts
        .into_iter()
        .map(|(name, mut values)| match values.len() {
            1 => (name, Value::String(values.remove(0))),
            _ => (name, Value::strings(values)),
        })
        .collect()
}
