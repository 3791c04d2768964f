//! The names an expression refers to, found without evaluating it.
//!
//! Names a `for` declares are not references, nor is a lone name as the key of an object. Invariant: what evaluation
//! looks up is among them, whatever the values.

use smol_str::SmolStr;
use syntax::hcl::SyntaxNode;
use syntax::hcl::ast::{
    AstNode, Expr, ForObject, ForTuple, Ident, ObjectItem, TemplateFor, Traversal, Variable,
};
use text::TextRange;

use crate::eval::ops;
use crate::value::Step;

/// A name and the static steps after it: `table.users.column["id"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub root: SmolStr,
    pub root_range: TextRange,
    /// The steps until the first that depends on a value or is not typed yet; each range has its `.` or brackets.
    pub steps: Vec<(Step, TextRange)>,
    /// From the root to the last of `steps`.
    pub range: TextRange,
    /// Whether more steps follow: a computed index, a splat, or a `.` just typed.
    pub is_cut: bool,
}

impl Path {
    /// The root and the names of the steps; indices are left out.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.root.as_str()).chain(self.steps.iter().filter_map(|(step, _)| step.name()))
    }

    /// Whether the path starts with these names.
    pub fn starts_with(&self, names: &[&str]) -> bool {
        self.names().take(names.len()).eq(names.iter().copied())
    }
}

/// All paths in `expr`, in the order of the text.
pub fn references(expr: &Expr) -> Vec<Path> {
    let root = expr.syntax();
    root.descendants().filter_map(Variable::cast).filter_map(|variable| reference(&variable, root)).collect()
}

/// The path that starts at `variable`, unless the name is not a reference within `root`.
fn reference(variable: &Variable, root: &SyntaxNode) -> Option<Path> {
    let name = variable.name()?;
    let node = variable.syntax();
    if node != root && is_key(node) || is_bound(&name, node, root) {
        return None;
    }
    Some(path(variable, &name))
}

/// The path that starts at `variable`.
pub fn path_of(variable: &Variable) -> Option<Path> {
    Some(path(variable, &variable.name()?))
}

fn path(variable: &Variable, name: &Ident) -> Path {
    let node = variable.syntax();
    let traversal = node
        .parent()
        .and_then(Traversal::cast)
        .filter(|traversal| traversal.root().is_some_and(|root| root.syntax() == node));
    let ops = traversal.map(|traversal| ops(traversal.steps())).unwrap_or_default();
    let steps: Vec<(Step, TextRange)> =
        ops.iter().map_while(|op| Some((op.kind.fixed()?, op.range))).collect();
    let range = steps.last().map_or(name.range(), |(_, last)| name.range().cover(*last));
    let is_cut = steps.len() < ops.len();
    Path { root: name.text().into(), root_range: name.range(), steps, range, is_cut }
}

/// Whether the name is a key of an object, which stands for itself.
fn is_key(node: &SyntaxNode) -> bool {
    let item = node.parent().and_then(ObjectItem::cast);
    item.is_some_and(|item| item.key().is_some_and(|key| key.syntax() == node))
}

/// Whether a `for` between `node` and `root` declares the name. Its collection does not see it.
fn is_bound(name: &Ident, node: &SyntaxNode, root: &SyntaxNode) -> bool {
    let inside =
        node.ancestors().take_while(|ancestor| ancestor != root).chain(std::iter::once(root.clone()));
    inside.into_iter().any(|ancestor| {
        let (names, collection) = if let Some(tuple) = ForTuple::cast(ancestor.clone()) {
            (tuple.names(), tuple.collection())
        } else if let Some(object) = ForObject::cast(ancestor.clone()) {
            (object.names(), object.collection())
        } else if let Some(template) = TemplateFor::cast(ancestor) {
            (template.names(), template.collection())
        } else {
            return false;
        };
        let in_collection =
            collection.is_some_and(|collection| collection.range().contains_range(node.text_range()));
        !in_collection && names.iter().any(|bound| bound.text() == name.text())
    })
}
