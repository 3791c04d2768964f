//! The tables and columns a statement refers to, for navigation and renaming.
//!
//! Names as they are written; nothing is looked up. A column of a query counts only where one source alone can have
//! it.

use engine::origin::Uses;
use schema::ObjectPath;
use syntax::sql::ast::{self, AlterAction, Statement};

use super::{MAIN, rename, table};

/// Adds the tables and columns `statement` names to `uses`.
pub(super) fn add(statement: &Statement, uses: &mut Uses) {
    let table = |name: &ast::Name| ObjectPath::Table { schema: MAIN.into(), table: name.text.clone() };
    match statement {
        // By far the most statements: no need to look at every node.
        Statement::CreateTable(create) if create.query().is_none() => {
            let at_columns = create.columns().flat_map(|column| column.constraints().collect::<Vec<_>>());
            let at_columns = at_columns.filter_map(|constraint| match constraint {
                ast::ColumnConstraint::References(references) => Some(references),
                _ => None,
            });
            let own = create.constraints().filter_map(|constraint| match constraint {
                ast::TableConstraint::ForeignKey(key) => key.references(),
                _ => None,
            });
            for references in at_columns.chain(own) {
                if let Some(parent) = parent_uses(&references, uses) {
                    uses.add(parent.range, table(&parent));
                }
            }
            return own_columns(statement, uses);
        }
        Statement::CreateIndex(create) => {
            if let Some(name) = create.table() {
                uses.add(name.range, table(&name));
            }
            return own_columns(statement, uses);
        }
        _ => {}
    }
    for node in statement.syntax().descendants() {
        let found = if let Some(of) = ast::TableRef::cast(node.clone()) {
            match of.source() {
                Some(ast::Source::Table(path)) => Some(path.name),
                _ => None,
            }
        } else if let Some(references) = ast::References::cast(node.clone()) {
            parent_uses(&references, uses)
        } else {
            match Statement::cast(node) {
                Some(Statement::Insert(insert)) => insert.table().map(|path| path.name),
                Some(Statement::Update(update)) => update.table().map(|path| path.name),
                Some(Statement::Delete(delete)) => delete.table().map(|path| path.name),
                Some(Statement::CreateTrigger(create)) => create.table(),
                Some(Statement::AlterTable(alter)) => alter.path().map(|path| path.name),
                Some(Statement::Drop(drop)) => match (drop.kind(), drop.path()) {
                    (Some(ast::ObjectKind::Table), Some(path)) => Some(path.name),
                    _ => None,
                },
                _ => None,
            }
        };
        if let Some(name) = found {
            uses.add(name.range, table(&name));
        }
    }
    own_columns(statement, uses);
    query_columns(statement, uses);
}

/// The columns that queries and changes of rows name, where one source alone can have them.
fn query_columns(statement: &Statement, uses: &mut Uses) {
    let watched = match statement {
        Statement::CreateTrigger(create) => create.table(),
        _ => None,
    };
    for node in statement.syntax().descendants() {
        let Some(reference) = ast::ColumnRef::cast(node.clone()) else { continue };
        let Some(column) = reference.name() else { continue };
        let row = |name: &ast::Name| name.eq_ignore_case("new") || name.eq_ignore_case("old");
        let table = match reference.table() {
            Some(qualifier) if row(&qualifier) => watched.as_ref().map(|name| name.text.clone()),
            Some(qualifier) => rename::source_of(&node, &qualifier),
            None => rename::only_source(&node),
        };
        if let Some(table) = table {
            uses.add(column.range, ObjectPath::Column { schema: MAIN.into(), table, column: column.text });
        }
    }
    for node in statement.syntax().descendants() {
        let Some(Statement::Update(update)) = Statement::cast(node) else { continue };
        let Some(table) = update.table() else { continue };
        for column in update.assignments().iter().flat_map(|set| set.columns()) {
            let path = ObjectPath::Column {
                schema: MAIN.into(),
                table: table.name.text.clone(),
                column: column.text,
            };
            uses.add(column.range, path);
        }
    }
}

/// The columns a foreign key refers to, as uses; the table they are of.
fn parent_uses(references: &ast::References, uses: &mut Uses) -> Option<ast::Name> {
    let parent = references.table()?.name;
    for column in references.columns() {
        let (schema, table) = (MAIN.into(), parent.text.clone());
        uses.add(column.range, ObjectPath::Column { schema, table, column: column.text });
    }
    Some(parent)
}

/// The columns a statement names of the one table it is about.
fn own_columns(statement: &Statement, uses: &mut Uses) {
    let mut add = |table: &ast::Name, columns: Vec<ast::Name>| {
        for column in columns {
            let path =
                ObjectPath::Column { schema: MAIN.into(), table: table.text.clone(), column: column.text };
            uses.add(column.range, path);
        }
    };
    match statement {
        Statement::CreateTable(create) => {
            let Some(table) = create.name() else { return };
            let named = |expr: Option<ast::Expr>| -> Vec<ast::Name> {
                let columns = expr.iter().flat_map(|expr| expr.columns().collect::<Vec<_>>());
                columns.filter_map(|column| column.name()).collect()
            };
            for constraint in create.columns().flat_map(|column| column.constraints().collect::<Vec<_>>()) {
                match constraint {
                    ast::ColumnConstraint::Check(check) => add(&table, named(check.expr())),
                    ast::ColumnConstraint::Generated(generated) => add(&table, named(generated.expr())),
                    _ => {}
                }
            }
            for constraint in create.constraints() {
                add(
                    &table,
                    match constraint {
                        ast::TableConstraint::PrimaryKey(key) => table::column_names(&key.columns()),
                        ast::TableConstraint::Unique(key) => table::column_names(&key.columns()),
                        ast::TableConstraint::ForeignKey(key) => key.columns(),
                        ast::TableConstraint::Check(check) => check
                            .expr()
                            .map(|expr| expr.columns().filter_map(|column| column.name()).collect())
                            .unwrap_or_default(),
                        _ => Vec::new(),
                    },
                );
            }
        }
        Statement::CreateIndex(create) => {
            if let Some(table) = create.table() {
                let exprs =
                    create.columns().into_iter().filter_map(|column| column.expr()).chain(create.predicate());
                add(
                    &table,
                    exprs
                        .flat_map(|expr| expr.columns().collect::<Vec<_>>())
                        .filter_map(|c| c.name())
                        .collect(),
                );
            }
        }
        Statement::AlterTable(alter) => {
            if let Some(table) = alter.path() {
                let named = match alter.action() {
                    Some(AlterAction::RenameColumn(rename)) => rename.from(),
                    Some(AlterAction::DropColumn(drop)) => drop.name(),
                    _ => None,
                };
                add(&table.name, named.into_iter().collect());
            }
        }
        Statement::Insert(insert) => {
            if let Some(table) = insert.table() {
                add(&table.name, insert.columns());
            }
        }
        _ => {}
    }
}
