//! Hover in SQL files: tables, columns, aliases, types, keywords.

use syntax::sql::SyntaxKind;
use text::TextSize;

use super::{Hover, object};
use crate::describe;
use crate::migrations::directives;
use crate::names::{self, Meaning};
use crate::sql_place::SqlSpot;
use crate::world::{Rows, World};

pub(super) fn hover(world: &World<'_>, offset: TextSize) -> Option<Hover> {
    if world.info.home.is_some()
        && let Some((range, markdown)) = directives::hover(world.snapshot, world.file, offset)
    {
        return Some(Hover::new(range, markdown));
    }
    let dialect = world.dialect?;
    for name in names::at(world.snapshot, world.file, offset) {
        if let Meaning::Object(path) = &name.means
            && let Some(markdown) = object::describe(world, path)
        {
            return Some(Hover::new(name.range, markdown));
        }
    }
    let tree = world.snapshot.sql(world.file, dialect.grammar)?;
    // A word is also meant when the cursor stands before it.
    let spots = [offset, offset + TextSize::new(1)].map(|offset| SqlSpot::find(&tree, offset));
    let spot =
        spots.into_iter().find(|spot| !spot.word.is_empty() && spot.word.contains_inclusive(offset))?;
    let token = spot.tokens.iter().find(|token| token.range == spot.word)?.clone();
    let hover = |markdown: String| Some(Hover::new(token.range, markdown));
    let mut tables = spot.tables();
    // The alias at the cursor is not taken for one while it may be half typed.
    tables.extend(SqlSpot { at: 0, word: text::TextRange::empty(offset), ..spot.clone() }.tables());
    let alias = tables
        .iter()
        .find(|table| table.alias.as_deref().is_some_and(|alias| alias.eq_ignore_ascii_case(&token.name())));
    if let Some(rows) = alias.and_then(|table| world.rows(table.schema.as_deref(), &table.name)) {
        return hover(match rows {
            Rows::Table(table) => describe::table(table, Some(dialect)),
            Rows::View(view) => describe::view(view, Some(dialect)),
        });
    }
    if token.kind == SyntaxKind::IDENT
        && let Some(def) = engine::types::by_sql(dialect.types, &token.text)
    {
        return hover(describe::column_type(def, dialect, false));
    }
    if token.kind == SyntaxKind::KEYWORD {
        let word = token.text.to_ascii_uppercase();
        let reserved = dialect.grammar.reserved.binary_search(&word.as_str()).is_ok();
        let name = if reserved { "a name only in quotes" } else { "may also be a name" };
        return hover(format!("**{word}** — keyword of {}; {name}", dialect.title));
    }
    None
}
