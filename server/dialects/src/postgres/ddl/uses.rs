//! What a statement refers to, for finding and renaming in an editor: tables, and columns where their table is sure.
//!
//! A name without a schema counts as one of the default schema, for a statement is read without its search path.

use engine::origin::Uses;
use schema::{ObjectPath, SmolStr};
use syntax::sql::SyntaxKind;
use syntax::sql::ast::{self, AlterAction, Statement, TableConstraint};

use super::fold;

fn schema_of(schema: Option<&ast::Name>) -> SmolStr {
    schema.map_or_else(|| "public".into(), fold)
}

struct Table {
    schema: SmolStr,
    table: SmolStr,
}

fn table(uses: &mut Uses, schema: Option<&ast::Name>, name: &ast::Name) -> Table {
    let of = Table { schema: schema_of(schema), table: fold(name) };
    let target = ObjectPath::Table { schema: of.schema.clone(), table: of.table.clone() };
    uses.add(name.range, target);
    of
}

fn columns(uses: &mut Uses, of: &Table, names: impl IntoIterator<Item = ast::Name>) {
    for name in names {
        let column = fold(&name);
        let target = ObjectPath::Column { schema: of.schema.clone(), table: of.table.clone(), column };
        uses.add(name.range, target);
    }
}

fn indexed(columns: &[ast::IndexedColumn]) -> Vec<ast::Name> {
    columns.iter().filter_map(|column| column.expr()).flat_map(|expr| named(&expr)).collect()
}

fn named(expr: &ast::Expr) -> Vec<ast::Name> {
    if expr.queries().next().is_some() {
        return Vec::new();
    }
    expr.columns().filter(|column| column.table().is_none()).filter_map(|column| column.name()).collect()
}

fn references(uses: &mut Uses, node: &ast::References) {
    if let Some(path) = node.table() {
        let of = table(uses, path.schema.as_ref(), &path.name);
        columns(uses, &of, node.columns());
    }
}

fn constraint(uses: &mut Uses, of: &Table, node: &TableConstraint) {
    match node {
        TableConstraint::PrimaryKey(key) => columns(uses, of, indexed(&key.columns())),
        TableConstraint::Unique(key) => columns(uses, of, indexed(&key.columns())),
        TableConstraint::Exclude(key) => columns(uses, of, indexed(&key.columns())),
        TableConstraint::Check(check) => columns(uses, of, check.expr().iter().flat_map(named)),
        TableConstraint::NotNull(node) => columns(uses, of, node.column()),
        TableConstraint::ForeignKey(key) => {
            columns(uses, of, key.columns());
            if let Some(node) = key.references() {
                references(uses, &node);
            }
        }
    }
}

fn column_constraints(uses: &mut Uses, of: &Table, column: &ast::Column) {
    for node in column.constraints() {
        match node {
            ast::ColumnConstraint::References(node) => references(uses, &node),
            ast::ColumnConstraint::Check(node) => columns(uses, of, node.expr().iter().flat_map(named)),
            ast::ColumnConstraint::Generated(node) => columns(uses, of, node.expr().iter().flat_map(named)),
            _ => {}
        }
    }
}

/// Adds what `statement` refers to.
pub(super) fn add(statement: &Statement, uses: &mut Uses) {
    match statement {
        Statement::CreateTable(create) => {
            if let Some(path) = create.path() {
                let of = Table { schema: schema_of(path.schema.as_ref()), table: fold(&path.name) };
                for column in create.columns() {
                    column_constraints(uses, &of, &column);
                }
                for node in create.constraints() {
                    constraint(uses, &of, &node);
                }
            }
            for path in create.inherits().iter().chain(&create.partition_of()) {
                table(uses, path.schema.as_ref(), &path.name);
            }
            for path in create.likes().filter_map(|like| like.table()) {
                table(uses, path.schema.as_ref(), &path.name);
            }
        }
        Statement::CreateIndex(create) => {
            if let (schema, Some(name)) = create.table_path() {
                let of = table(uses, schema.as_ref(), &name);
                columns(uses, &of, indexed(&create.columns()));
                columns(uses, &of, create.predicate().iter().flat_map(named));
                columns(uses, &of, create.include());
            }
        }
        Statement::CreateTrigger(create) => {
            if let (schema, Some(name)) = create.table_path() {
                let of = table(uses, schema.as_ref(), &name);
                columns(uses, &of, create.events().flat_map(|event| event.columns()));
            }
        }
        Statement::AlterTable(alter) => {
            let Some(path) = alter.path() else { return };
            let of = table(uses, path.schema.as_ref(), &path.name);
            for action in alter.actions() {
                match action {
                    AlterAction::RenameColumn(rename) => columns(uses, &of, rename.from()),
                    AlterAction::DropColumn(drop) => columns(uses, &of, drop.name()),
                    AlterAction::AlterColumn(alter) => columns(uses, &of, alter.name()),
                    AlterAction::AddConstraint(node) => constraint(uses, &of, &node),
                    AlterAction::AddColumn(add) => {
                        if let Some(column) = add.column() {
                            column_constraints(uses, &of, &column);
                        }
                    }
                    _ => {}
                }
            }
        }
        Statement::Drop(drop) => {
            if matches!(drop.kind(), Some(ast::ObjectKind::Table)) {
                for path in drop.paths() {
                    table(uses, path.schema.as_ref(), &path.name);
                }
            }
        }
        Statement::CommentOn(comment) => {
            let Some(path) = comment.path() else { return };
            match comment.kind().as_str() {
                "TABLE" => {
                    table(uses, path.schema.as_ref(), &path.name);
                }
                "COLUMN" => {
                    if let Some(name) = &path.schema {
                        let of = table(uses, path.catalog.as_ref(), name);
                        columns(uses, &of, [path.name.clone()]);
                    }
                }
                _ => {}
            }
        }
        _ => {}
    }
    // What queries read from, in views too.
    for node in statement.syntax().descendants().filter(|node| node.kind() == SyntaxKind::TABLE_REF) {
        if let Some(ast::Source::Table(path)) = ast::TableRef::cast(node).and_then(|table| table.source()) {
            table(uses, path.schema.as_ref(), &path.name);
        }
    }
}
