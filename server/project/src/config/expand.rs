//! `for_each`: one env for each element.
//!
//! Source: reference/project.md section 9.

use hcl::{Each, NoTurns};
use smol_str::SmolStr;
use syntax::hcl::ast::AstNode;

use super::{Evaluator, Top};
use crate::node::Node;

/// The envs a block stands for: its name (`None` when it has none) and its settings.
pub(super) fn env(evaluator: &Evaluator<'_>, top: &Top) -> Vec<(Option<SmolStr>, Node)> {
    let Some(expr) = top.attribute("for_each") else {
        return vec![one(evaluator, top, None)];
    };
    match hcl::for_each(&evaluator.plain(&expr, top.base)) {
        Ok(turns) => turns.iter().map(|each| one(evaluator, top, Some(each))).collect(),
        Err(NoTurns::Unknown(_)) => Vec::new(),
        Err(NoTurns::Unsupported(message)) => {
            evaluator.mistake(expr.range() + top.base, format!("schemahcl: {message}"));
            Vec::new()
        }
    }
}

fn one(evaluator: &Evaluator<'_>, top: &Top, each: Option<&Each>) -> (Option<SmolStr>, Node) {
    let child = evaluator.child_with(&top.block, top.base, &[], each);
    let name = child.node.attr("name").and_then(|attr| attr.value.as_str()).map(SmolStr::from);
    (name.or_else(|| child.labels.first().cloned()).filter(|name| !name.is_empty()), child.node)
}
