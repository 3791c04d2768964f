//! Giving a column a default, or letting it be NULL, in HCL and in SQL.
//!
//! Invariant: nothing is offered for a column that already has what is offered.

use engine::origin::Origin;
use project::{Parsed, Snapshot};
use schema::Class;
use syntax::hcl::ast::{AstNode, Block};
use syntax::sql::ast::{Column, ColumnConstraint};
use text::{TextEdit, TextRange, TextSize};

use crate::trees;

/// A column as it is written.
enum Written {
    Hcl(Block, TextSize),
    Sql(Column, TextSize),
}

/// The column's own text, for the origin of a column.
fn written(snapshot: &Snapshot, origin: Origin) -> Option<Written> {
    match trees::tree(snapshot, origin.file)? {
        Parsed::Hcl(tree) => {
            let placed = tree.pieces().iter().find(|placed| placed.range().contains_range(origin.range))?;
            let range = origin.range.checked_sub(placed.start)?;
            let root = placed.piece.syntax();
            let block = root.descendants().filter_map(Block::cast).find(|block| block.range() == range)?;
            Some(Written::Hcl(block, placed.start))
        }
        Parsed::Sql(tree) => {
            let placed = tree.pieces().iter().find(|placed| placed.range().contains_range(origin.range))?;
            let range = origin.range.checked_sub(placed.start)?;
            let root = placed.piece.syntax();
            let column =
                root.descendants().filter_map(Column::cast).find(|column| column.range() == range)?;
            Some(Written::Sql(column, placed.start))
        }
    }
}

/// A default that means "nothing yet", and the edits that give it to the column.
///
/// Only where the type has such a value: what an unknown type's would be, nobody knows.
pub(super) fn with_default(
    snapshot: &Snapshot,
    origin: Origin,
    column: &schema::Column,
) -> Option<(&'static str, Vec<TextEdit>)> {
    let (in_hcl, in_sql) = match column.ty.as_ref()?.class {
        Class::Bool => ("false", "false"),
        Class::Integer | Class::Float | Class::Decimal => ("0", "0"),
        Class::String => ("\"\"", "''"),
        _ => return None,
    };
    match written(snapshot, origin)? {
        Written::Hcl(block, base) => {
            if block.body()?.attribute("default").is_some() {
                return None;
            }
            Some((in_hcl, vec![add_line(&block, "default", in_hcl, base)?]))
        }
        Written::Sql(column, base) => {
            let has = |constraint: ColumnConstraint| matches!(constraint, ColumnConstraint::Default(_));
            if column.constraints().any(has) {
                return None;
            }
            let end = end(&column) + base;
            let edit = TextEdit { range: TextRange::empty(end), insert: format!(" DEFAULT {in_sql}") };
            Some((in_sql, vec![edit]))
        }
    }
}

/// The edits that let the column be NULL.
pub(super) fn nullable(snapshot: &Snapshot, origin: Origin) -> Option<Vec<TextEdit>> {
    match written(snapshot, origin)? {
        Written::Hcl(block, base) => match block.body()?.attribute("null") {
            Some(attribute) => {
                let range = attribute.expr()?.range() + base;
                Some(vec![TextEdit { range, insert: "true".to_owned() }])
            }
            None => Some(vec![add_line(&block, "null", "true", base)?]),
        },
        Written::Sql(column, base) => {
            let constraint = column.constraints().find_map(|constraint| match constraint {
                ColumnConstraint::NotNull(not_null) => Some(not_null),
                _ => None,
            })?;
            let text = column.syntax().text().to_string();
            let start = constraint.range().start();
            let inside = usize::from(start.checked_sub(column.range().start())?);
            // With the blanks before it, so that none are left over.
            let kept = text.get(..inside)?.trim_end().len();
            let start = column.range().start() + TextSize::new(kept as u32);
            Some(vec![TextEdit {
                range: TextRange::new(start, constraint.range().end()) + base,
                insert: String::new(),
            }])
        }
    }
}

/// The end of a column's text, without blanks.
fn end(column: &Column) -> TextSize {
    let text = column.syntax().text().to_string();
    column.range().start() + TextSize::of(text.trim_end())
}

/// Adds `name = value` behind the last attribute of `block`.
fn add_line(block: &Block, name: &str, value: &str, base: TextSize) -> Option<TextEdit> {
    let last = block.body()?.attributes().last()?;
    let piece = block.syntax().ancestors().last()?.text().to_string();
    let line = piece.get(..usize::from(last.range().start()))?.rsplit('\n').next()?;
    let indent: String = line.chars().take_while(|ch| ch.is_whitespace()).collect();
    // Names are aligned when the block is formatted; doing it here keeps a formatted file formatted.
    let width = block
        .body()?
        .attributes()
        .filter_map(|attribute| attribute.name())
        .map(|name| name.text().len())
        .max()?;
    let text = piece.get(usize::from(last.range().start())..usize::from(last.range().end()))?;
    let end = last.range().start() + TextSize::of(text.trim_end());
    let insert = format!("\n{indent}{name:<width$} = {value}");
    Some(TextEdit { range: TextRange::empty(end + base), insert })
}
