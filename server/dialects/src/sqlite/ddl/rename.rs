//! How SQLite rewrites texts when a table or column is renamed.
//!
//! Edits the names that surely mean what was renamed and leaves every other byte alone.
//!
//! Source: SQLite 3.50, `alter.c`, `renameEditSql`.

use engine::replay::Rename;
use schema::SmolStr;
use syntax::sql::ast::{self, Name, Source, Statement};
use syntax::sql::{File, SyntaxNode};
use text::{Text, TextEdit, TextRange, TextSize, apply_edits};

use super::super::grammar::GRAMMAR;
use super::SELECT;

/// The expression `text` with column `from` called `to`.
pub(super) fn in_expr(text: &str, from: &str, to: &str) -> String {
    let Some(expr) = super::expression(text) else { return text.to_owned() };
    let names = expr.columns().filter_map(|column| column.name()).filter(|name| name.eq_ignore_case(from));
    let edits: Vec<TextEdit> = names.map(|name| edit(&name, to, false)).collect();
    apply(text, SELECT, edits)
}

/// A query, a trigger or an expression with the names of `rename`.
pub(super) fn in_body(text: &str, rename: &Rename<'_>) -> String {
    // Most texts do not name it at all.
    let word = rename.column.unwrap_or(rename.table);
    if !contains(text, word) {
        return text.to_owned();
    }
    let parse = |prefix: &str| {
        let file = File::parse(&Text::from(format!("{prefix}{text}").as_str()), &GRAMMAR, None);
        file.pieces().iter().find_map(|placed| placed.piece.statement())
    };
    let (prefix, statement) = match parse("") {
        Some(statement) if !matches!(statement, Statement::Opaque(_)) => ("", statement),
        _ => match parse(SELECT) {
            Some(statement) => (SELECT, statement),
            None => return text.to_owned(),
        },
    };
    let mut edits = Vec::new();
    match rename.column {
        None => table(&statement, rename, &mut edits),
        Some(column) => columns(&statement, rename, column, &mut edits),
    }
    apply(text, prefix, edits)
}

fn contains(text: &str, word: &str) -> bool {
    text.to_ascii_lowercase().contains(&word.to_ascii_lowercase())
}

/// Edits of `prefix` and `text` applied to `text`.
fn apply(text: &str, prefix: &str, mut edits: Vec<TextEdit>) -> String {
    let skip = TextSize::of(prefix);
    edits.retain(|edit| edit.range.start() >= skip);
    for edit in &mut edits {
        edit.range = TextRange::new(edit.range.start() - skip, edit.range.end() - skip);
    }
    edits.sort_by_key(|edit| edit.range.start());
    edits.dedup();
    apply_edits(text, &edits)
}

fn edit(name: &Name, to: &str, always_quoted: bool) -> TextEdit {
    let plain = to.starts_with(|ch: char| ch.is_alphabetic() || ch == '_')
        && to.chars().all(|ch| ch.is_alphanumeric() || matches!(ch, '_' | '$'))
        && !GRAMMAR.is_reserved(to);
    let insert = if plain && !always_quoted && !name.is_quoted() {
        to.to_owned()
    } else {
        format!("\"{}\"", to.replace('"', "\"\""))
    };
    TextEdit { range: name.range, insert }
}

/// The table itself, wherever a table can be named, and as the qualifier of columns.
fn table(statement: &Statement, rename: &Rename<'_>, edits: &mut Vec<TextEdit>) {
    let is = |name: &Name| name.eq_ignore_case(rename.table);
    let root = statement.syntax();
    // A common table expression of that name hides the table.
    let hidden =
        root.descendants().filter_map(ast::Cte::cast).filter_map(|cte| cte.name()).any(|name| is(&name));
    if hidden {
        return;
    }
    let aliased: Vec<Name> =
        root.descendants().filter_map(ast::TableRef::cast).filter_map(|of| of.alias()).collect();
    for node in root.descendants() {
        let mut named = tables_of(&node);
        if let Some(column) = ast::ColumnRef::cast(node)
            && !aliased.iter().any(is)
        {
            named.extend(column.table());
        }
        edits.extend(named.iter().filter(|name| is(name)).map(|name| edit(name, rename.to, true)));
    }
}

/// The tables a node names itself.
fn tables_of(node: &SyntaxNode) -> Vec<Name> {
    let mut named = Vec::new();
    if let Some(of) = ast::TableRef::cast(node.clone())
        && let Some(Source::Table(path)) = of.source()
    {
        named.push(path.name);
    }
    match Statement::cast(node.clone()) {
        Some(Statement::Insert(insert)) => named.extend(insert.table().map(|path| path.name)),
        Some(Statement::Update(update)) => named.extend(update.table().map(|path| path.name)),
        Some(Statement::Delete(delete)) => named.extend(delete.table().map(|path| path.name)),
        Some(Statement::CreateTrigger(trigger)) => named.extend(trigger.table()),
        _ => {}
    }
    named
}

/// The column, wherever what it is a column of is the table.
fn columns(statement: &Statement, rename: &Rename<'_>, column: &str, edits: &mut Vec<TextEdit>) {
    let is_table = |name: &Name| name.eq_ignore_case(rename.table);
    let is_column = |name: &Name| name.eq_ignore_case(column);
    let root = statement.syntax().clone();
    // In a trigger of the table, `new` and `old` are rows of it.
    let mut rows = Vec::new();
    if let Statement::CreateTrigger(trigger) = statement
        && trigger.table().is_some_and(|name| is_table(&name))
    {
        rows.extend(["new", "old"]);
        let watched = trigger.event().map(|event| event.columns()).unwrap_or_default();
        edits.extend(watched.iter().filter(|name| is_column(name)).map(|name| edit(name, rename.to, false)));
    }
    for node in root.descendants() {
        match Statement::cast(node.clone()) {
            Some(Statement::Insert(insert)) if insert.table().is_some_and(|path| is_table(&path.name)) => {
                let columns = insert.columns();
                edits.extend(
                    columns.iter().filter(|name| is_column(name)).map(|name| edit(name, rename.to, false)),
                );
            }
            Some(Statement::Update(update)) if update.table().is_some_and(|path| is_table(&path.name)) => {
                let columns: Vec<Name> = update.assignments().iter().flat_map(|set| set.columns()).collect();
                edits.extend(
                    columns.iter().filter(|name| is_column(name)).map(|name| edit(name, rename.to, false)),
                );
            }
            _ => {}
        }
        let Some(reference) = ast::ColumnRef::cast(node.clone()) else { continue };
        let Some(name) = reference.name().filter(is_column) else { continue };
        let meant = match reference.table() {
            Some(qualifier) => {
                rows.iter().any(|row| qualifier.eq_ignore_case(row))
                    || qualifies(&node, &qualifier, rename.table)
            }
            None => in_scope(&node, rename.table),
        };
        if meant {
            edits.push(edit(&name, rename.to, false));
        }
    }
}

/// The sources of the innermost query or statement around `node`, with the names they are seen by.
fn scopes(node: &SyntaxNode) -> impl Iterator<Item = Vec<(Name, Name)>> + use<> {
    let pair = |path: ast::Path, alias: Option<Name>| {
        let seen = alias.unwrap_or_else(|| path.name.clone());
        (path.name, seen)
    };
    let of_ref = move |of: ast::TableRef| match of.source() {
        Some(Source::Table(path)) => Some(pair(path, of.alias())),
        // A query or function: it has columns too, of no table.
        Some(_) => {
            let none = Name { text: SmolStr::default(), raw: SmolStr::default(), range: of.range() };
            let seen = of.alias().unwrap_or_else(|| none.clone());
            Some((none, seen))
        }
        None => None,
    };
    node.ancestors().filter_map(move |ancestor| {
        if let Some(select) = ast::SelectCore::cast(ancestor.clone()) {
            return Some(select.tables().into_iter().filter_map(of_ref).collect());
        }
        match Statement::cast(ancestor)? {
            Statement::Update(update) => {
                let own = update.table().map(|path| pair(path, update.alias()));
                Some(own.into_iter().chain(update.tables().into_iter().filter_map(of_ref)).collect())
            }
            Statement::Delete(delete) => {
                Some(delete.table().map(|path| pair(path, delete.alias())).into_iter().collect())
            }
            Statement::Insert(insert) => {
                Some(insert.table().map(|path| pair(path, insert.alias())).into_iter().collect())
            }
            _ => None,
        }
    })
}

/// Whether `qualifier` stands for the table at `node`.
fn qualifies(node: &SyntaxNode, qualifier: &Name, table: &str) -> bool {
    for scope in scopes(node) {
        if let Some((source, _)) = scope.iter().find(|(_, seen)| seen.eq_ignore_case(&qualifier.text)) {
            return source.eq_ignore_case(table);
        }
    }
    false
}

/// Whether a bare column at `node` can be of the table: it is among the sources, and no nearer query has any.
fn in_scope(node: &SyntaxNode, table: &str) -> bool {
    scopes(node)
        .find(|scope| !scope.is_empty())
        .is_some_and(|scope| scope.iter().any(|(source, _)| source.eq_ignore_case(table)))
}

/// The table `qualifier` stands for at `node`.
pub(super) fn source_of(node: &SyntaxNode, qualifier: &Name) -> Option<SmolStr> {
    scopes(node)
        .find_map(|scope| {
            scope
                .into_iter()
                .find(|(_, seen)| seen.eq_ignore_case(&qualifier.text))
                .map(|(source, _)| source.text)
        })
        .filter(|table| !table.is_empty())
}

/// The one table a bare column at `node` can be of.
pub(super) fn only_source(node: &SyntaxNode) -> Option<SmolStr> {
    let scope = scopes(node).find(|scope| !scope.is_empty())?;
    match scope.as_slice() {
        [(source, _)] if !source.text.is_empty() => Some(source.text.clone()),
        _ => None,
    }
}
