//! What only the text of a `CREATE` statement says.

use rustc_hash::FxHashMap;
use schema::{IndexPart, SmolStr};
use syntax::sql::File;
use syntax::sql::ast::{self, ColumnConstraint, Statement, TableConstraint};
use text::Text;

use super::super::diff::fold;
use super::super::expr;
use super::super::grammar::GRAMMAR;

/// Of a table.
#[derive(Debug, Default)]
pub struct DeclaredTable {
    /// By name in lower case.
    columns: FxHashMap<SmolStr, DeclaredColumn>,
    pub primary_key: Option<DeclaredKey>,
    uniques: Vec<DeclaredKey>,
    pub foreign_keys: Vec<DeclaredForeignKey>,
    /// Names and conditions, in parentheses.
    pub checks: Vec<(Option<SmolStr>, String)>,
}

/// Of a column.
#[derive(Debug, Default)]
pub struct DeclaredColumn {
    pub auto_increment: bool,
    pub collation: Option<String>,
    pub not_null_conflict: Option<String>,
    /// In parentheses.
    pub generated: Option<String>,
}

/// Of a primary key or a unique constraint.
#[derive(Debug, Default)]
pub struct DeclaredKey {
    pub name: Option<SmolStr>,
    pub parts: Vec<DeclaredPart>,
    pub conflict: Option<String>,
}

#[derive(Debug)]
pub struct DeclaredPart {
    pub column: SmolStr,
    pub desc: bool,
    pub collation: Option<String>,
}

#[derive(Debug, Default)]
pub struct DeclaredForeignKey {
    pub name: Option<SmolStr>,
    pub deferred: bool,
}

/// Of an index.
#[derive(Debug, Default)]
pub struct DeclaredIndex {
    /// The expression of each part, as written.
    pub parts: Vec<String>,
    pub predicate: Option<String>,
}

/// Of a view.
#[derive(Debug, Default)]
pub struct DeclaredView {
    pub columns: Vec<SmolStr>,
    pub body: String,
}

/// The statement `sql` is, if the parser knows one.
fn statement(sql: &str) -> Option<Statement> {
    let file = File::parse(&Text::from(sql), &GRAMMAR, None);
    file.pieces().iter().find_map(|placed| placed.piece.statement())
}

fn conflict(clause: Option<ast::ConflictClause>) -> Option<String> {
    // ABORT is what happens anyway.
    clause?.resolution().filter(|word| word != "ABORT").map(|word| word.to_string())
}

fn wrapped(expr: Option<ast::Expr>) -> Option<String> {
    Some(format!("({})", expr?.text().trim()))
}

impl DeclaredTable {
    /// Reads `CREATE TABLE`. What is not understood is missing.
    pub fn parse(sql: &str) -> Self {
        let mut table = Self::default();
        if let Some(Statement::CreateTable(create)) = statement(sql) {
            create.columns().for_each(|column| table.add_column(&column));
            create.constraints().for_each(|constraint| table.add_constraint(&constraint));
        }
        table
    }

    pub fn column(&self, name: &str) -> Option<&DeclaredColumn> {
        self.columns.get(&fold(name))
    }

    pub fn collation(&self, column: &str) -> Option<&str> {
        self.column(column)?.collation.as_deref()
    }

    /// The conflict clause of the unique constraint over `parts`.
    pub fn unique_conflict(&self, parts: &[IndexPart]) -> Option<&str> {
        let names: Option<Vec<SmolStr>> =
            parts.iter().map(|part| part.column_name().map(|name| fold(name))).collect();
        let names = names?;
        let same =
            |key: &&DeclaredKey| key.parts.iter().map(|part| fold(&part.column)).eq(names.iter().cloned());
        self.uniques.iter().filter(same).find_map(|key| key.conflict.as_deref())
    }

    fn add_column(&mut self, column: &ast::Column) {
        let Some(name) = column.name() else { return };
        let mut declared = DeclaredColumn::default();
        let part = |desc| DeclaredPart { column: name.text.clone(), desc, collation: None };
        for constraint in column.constraints() {
            let label = constraint.name().map(|name| name.text);
            match constraint {
                ColumnConstraint::PrimaryKey(key) => {
                    declared.auto_increment = key.autoincrement().is_some();
                    let parts = vec![part(key.desc().is_some())];
                    self.primary_key =
                        Some(DeclaredKey { name: label, parts, conflict: conflict(key.conflict()) });
                }
                ColumnConstraint::NotNull(not_null) => {
                    declared.not_null_conflict = conflict(not_null.conflict())
                }
                ColumnConstraint::Unique(unique) => {
                    let conflict = conflict(unique.conflict());
                    self.uniques.push(DeclaredKey { name: label, parts: vec![part(false)], conflict });
                }
                ColumnConstraint::Check(check) => {
                    self.checks.extend(wrapped(check.expr()).map(|expr| (label, expr)));
                }
                ColumnConstraint::Collate(collate) => {
                    let name = collate.collation().map(|name| name.text.to_string());
                    declared.collation = name.filter(|name| !name.eq_ignore_ascii_case("BINARY"));
                }
                ColumnConstraint::References(references) => {
                    let deferred = is_deferred(&references);
                    self.foreign_keys.push(DeclaredForeignKey { name: label, deferred });
                }
                ColumnConstraint::Generated(generated) => declared.generated = wrapped(generated.expr()),
                _ => {}
            }
        }
        self.columns.insert(fold(&name.text), declared);
    }

    fn add_constraint(&mut self, constraint: &TableConstraint) {
        let label = constraint.name().map(|name| name.text);
        match constraint {
            TableConstraint::PrimaryKey(key) => {
                let parts = parts(key.columns());
                // SQLite takes AUTOINCREMENT here too.
                if let (Some(_), [part]) = (key.autoincrement(), &parts[..]) {
                    self.columns.entry(fold(&part.column)).or_default().auto_increment = true;
                }
                self.primary_key =
                    Some(DeclaredKey { name: label, parts, conflict: conflict(key.conflict()) });
            }
            TableConstraint::Unique(unique) => {
                let conflict = conflict(unique.conflict());
                self.uniques.push(DeclaredKey { name: label, parts: parts(unique.columns()), conflict });
            }
            TableConstraint::Check(check) => {
                self.checks.extend(wrapped(check.expr()).map(|expr| (label, expr)));
            }
            TableConstraint::ForeignKey(key) => {
                let deferred = key.references().is_some_and(|references| is_deferred(&references));
                self.foreign_keys.push(DeclaredForeignKey { name: label, deferred });
            }
            // Of other dialects.
            TableConstraint::Exclude(_) | TableConstraint::NotNull(_) => {}
        }
    }
}

fn parts(columns: Vec<ast::IndexedColumn>) -> Vec<DeclaredPart> {
    let part = |column: ast::IndexedColumn| {
        Some(DeclaredPart {
            column: column.column()?.text,
            desc: column.desc().is_some(),
            collation: column.collation().map(|name| name.text.to_string()),
        })
    };
    columns.into_iter().filter_map(part).collect()
}

fn is_deferred(references: &ast::References) -> bool {
    references
        .deferrable()
        .is_some_and(|clause| !clause.is_not() && clause.initially().is_some_and(|word| word == "DEFERRED"))
}

/// An index part that is an expression, with its collation: that binds to the last word of it, not to all of it.
pub fn part_text(column: &ast::IndexedColumn) -> String {
    let end = [column.asc(), column.desc()].into_iter().flatten().next();
    let end = end.map_or(column.range().end(), |keyword| keyword.start());
    let text = column.syntax().text().to_string();
    let len = usize::from(end - column.range().start());
    text.get(..len).unwrap_or(&text).trim().to_string()
}

impl DeclaredIndex {
    /// Reads `CREATE INDEX`.
    pub fn parse(sql: &str) -> Self {
        let Some(Statement::CreateIndex(create)) = statement(sql) else { return Self::default() };
        Self {
            parts: create.columns().iter().map(part_text).collect(),
            predicate: create.predicate().map(|expr| expr.text().trim().to_string()),
        }
    }
}

impl DeclaredView {
    /// Reads `CREATE VIEW`. A text the parser does not know is cut behind the first `AS`.
    pub fn parse(sql: &str) -> Self {
        if let Some(Statement::CreateView(create)) = statement(sql)
            && let Some(query) = create.query()
        {
            let columns = create.columns().into_iter().map(|name| name.text).collect();
            return Self { columns, body: query.syntax().text().to_string().trim().to_string() };
        }
        Self { columns: Vec::new(), body: expr::behind_as(sql).unwrap_or(sql).trim().to_string() }
    }
}
