//! Setting one attribute in a block of an env, whatever of the path to it exists.

use project::Snapshot;
use syntax::hcl::ast::{AstNode, Attribute, Block};
use text::{FileId, TextEdit, TextRange, TextSize};

/// The type of a block and its label.
pub(super) type Step<'a> = (&'a str, Option<&'a str>);

/// The edit that sets `name` to `value` in the block at `path` below the block at `range`.
pub(super) fn set(
    snapshot: &Snapshot,
    file: FileId,
    range: TextRange,
    path: &[Step<'_>],
    name: &str,
    value: &str,
) -> Option<TextEdit> {
    let tree = snapshot.hcl(file)?;
    let placed = tree.pieces().iter().find(|placed| placed.range().contains_range(range))?;
    let blocks = placed.piece.body()?.blocks();
    let mut block = blocks.into_iter().find(|block| block.range() + placed.start == range)?;
    let mut depth = 1;
    let mut rest = path;
    while let Some(((kind, label), below)) = rest.split_first() {
        let Some(inner) = block.body()?.blocks().find(|inner| is(inner, kind, *label)) else { break };
        block = inner;
        rest = below;
        depth += 1;
    }
    if rest.is_empty()
        && let Some(attribute) = block.body()?.attribute(name)
    {
        return replace(&attribute, value, placed.start);
    }
    insert(&block, depth, rest, &format!("{name} = {value}"), placed.start)
}

fn is(block: &Block, kind: &str, label: Option<&str>) -> bool {
    let labels: Vec<String> = block.labels().map(|label| label.value()).collect();
    let same = match label {
        Some(label) => labels.len() == 1 && labels[0] == label,
        None => labels.is_empty(),
    };
    same && block.type_name().is_some_and(|name| name.text() == kind) && block.close_brace().is_some()
}

fn replace(attribute: &Attribute, value: &str, base: TextSize) -> Option<TextEdit> {
    let range = attribute.expr()?.range() + base;
    Some(TextEdit { range, insert: value.to_owned() })
}

/// Adds `line` in the blocks `rest`, made anew, at the end of `block`, which is `depth` blocks deep.
fn insert(block: &Block, depth: usize, rest: &[Step<'_>], line: &str, base: TextSize) -> Option<TextEdit> {
    let close = block.close_brace()?;
    let mut text = String::new();
    let indent = |depth: usize| "  ".repeat(depth);
    for (at, (kind, label)) in rest.iter().enumerate() {
        let label = label.map(|label| format!(" {label:?}")).unwrap_or_default();
        text.push_str(&format!("{}{kind}{label} {{\n", indent(depth + at)));
    }
    text.push_str(&format!("{}{line}\n", indent(depth + rest.len())));
    for at in (0..rest.len()).rev() {
        text.push_str(&format!("{}}}\n", indent(depth + at)));
    }
    // Before the closing brace: on its line, when nothing else is there; else on lines of its own.
    let piece = block.syntax().ancestors().last()?.text().to_string();
    let brace = usize::from(close.text_range().start());
    let before = piece.get(..brace)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let alone = before.get(line_start..)?.trim().is_empty() && line_start > 0;
    if alone {
        let at = TextSize::new(line_start as u32) + base;
        return Some(TextEdit { range: TextRange::empty(at), insert: text });
    }
    let kept = before.trim_end().len();
    let range = TextRange::new(TextSize::new(kept as u32), close.text_range().start()) + base;
    Some(TextEdit { range, insert: format!("\n{text}{}", indent(depth - 1)) })
}
