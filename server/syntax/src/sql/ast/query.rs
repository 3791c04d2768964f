//! Views of queries and of statements that change rows: light, enough for names.

use smol_str::SmolStr;
use text::TextRange;

use super::expr::own_columns;
use super::{
    ColumnRef, Expr, Name, Path, child, child_of, children, column_names, keyword, name, node, path,
};
use crate::sql::kind::{SyntaxKind, SyntaxNode};

node! {
    /// `[WITH …] SELECT … [UNION SELECT …] [ORDER BY …] [LIMIT …]`.
    Query = QUERY;
    /// `name [(columns)] AS (query)`.
    Cte = CTE;
    /// One `SELECT … FROM … WHERE …`.
    SelectCore = SELECT_CORE;
    /// One item of the list behind `SELECT`.
    ResultColumn = RESULT_COLUMN;
    /// A table, a query or a call, with its alias.
    TableRef = TABLE_REF;
    Insert = INSERT;
    Update = UPDATE;
    Delete = DELETE;
    /// `column = expr`.
    Assignment = ASSIGNMENT;
    Pragma = PRAGMA;
    Transaction = TRANSACTION;
}

/// What a query reads from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A table, a view or the name of a CTE.
    Table(Path),
    Query(Query),
    /// A function that gives rows: `json_each(x)`.
    Function(Name),
}

impl Query {
    /// The `WITH` list.
    pub fn ctes(&self) -> Vec<Cte> {
        ctes(&self.0)
    }

    /// The parts between `UNION`, `EXCEPT` and `INTERSECT`.
    pub fn selects(&self) -> impl Iterator<Item = SelectCore> + use<> {
        children(&self.0)
    }
}

impl Cte {
    pub fn name(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    pub fn columns(&self) -> Vec<Name> {
        column_names(&self.0)
    }

    pub fn query(&self) -> Option<Query> {
        child(&self.0)
    }
}

impl SelectCore {
    pub fn result_columns(&self) -> Vec<ResultColumn> {
        match child_of(&self.0, SyntaxKind::RESULT_COLUMNS) {
            Some(list) => children(&list).collect(),
            None => Vec::new(),
        }
    }

    /// Everything in the `FROM` clause, joins flattened.
    pub fn tables(&self) -> Vec<TableRef> {
        tables(&self.0)
    }

    /// The condition behind `WHERE`.
    pub fn predicate(&self) -> Option<Expr> {
        child(&child_of(&self.0, SyntaxKind::WHERE_CLAUSE)?)
    }

    /// The columns named in it, those of queries within left out.
    pub fn column_refs(&self) -> Vec<ColumnRef> {
        own_columns(&self.0)
    }
}

impl ResultColumn {
    pub fn expr(&self) -> Option<Expr> {
        child(&self.0)
    }

    /// The name behind `AS`, or without it.
    pub fn alias(&self) -> Option<Name> {
        alias(&self.0)
    }

    /// Whether it is `*` or `t.*`.
    pub fn is_star(&self) -> bool {
        self.0.children_with_tokens().any(|child| child.kind() == SyntaxKind::STAR)
            || self.expr().and_then(|expr| expr.as_column()).is_some_and(|column| column.is_star())
    }

    /// The alias, or the name of the column it is.
    pub fn output_name(&self) -> Option<Name> {
        self.alias().or_else(|| self.expr()?.as_column()?.name())
    }
}

impl TableRef {
    pub fn source(&self) -> Option<Source> {
        if let Some(path) = path(&self.0) {
            let call = child_of(&self.0, SyntaxKind::ARGS).is_some();
            return Some(if call { Source::Function(path.name) } else { Source::Table(path) });
        }
        child(&child_of(&self.0, SyntaxKind::SUBQUERY)?).map(Source::Query)
    }

    pub fn alias(&self) -> Option<Name> {
        alias(&self.0)
    }

    /// The name its columns are qualified with.
    pub fn visible_name(&self) -> Option<Name> {
        self.alias().or_else(|| path(&self.0).map(|path| path.name))
    }
}

impl Insert {
    /// The table that gets rows.
    pub fn table(&self) -> Option<Path> {
        path(&self.0)
    }

    pub fn alias(&self) -> Option<Name> {
        alias(&self.0)
    }

    /// The columns given values; empty means all.
    pub fn columns(&self) -> Vec<Name> {
        column_names(&self.0)
    }

    pub fn ctes(&self) -> Vec<Cte> {
        ctes(&self.0)
    }

    pub fn query(&self) -> Option<Query> {
        child(&self.0)
    }
}

impl Update {
    pub fn table(&self) -> Option<Path> {
        path(&self.0)
    }

    pub fn alias(&self) -> Option<Name> {
        alias(&self.0)
    }

    pub fn ctes(&self) -> Vec<Cte> {
        ctes(&self.0)
    }

    pub fn assignments(&self) -> Vec<Assignment> {
        match child_of(&self.0, SyntaxKind::SET_CLAUSE) {
            Some(set) => children(&set).collect(),
            None => Vec::new(),
        }
    }

    /// What stands behind `FROM`.
    pub fn tables(&self) -> Vec<TableRef> {
        tables(&self.0)
    }

    pub fn predicate(&self) -> Option<Expr> {
        child(&child_of(&self.0, SyntaxKind::WHERE_CLAUSE)?)
    }
}

impl Delete {
    pub fn table(&self) -> Option<Path> {
        path(&self.0)
    }

    pub fn alias(&self) -> Option<Name> {
        alias(&self.0)
    }

    pub fn ctes(&self) -> Vec<Cte> {
        ctes(&self.0)
    }

    pub fn predicate(&self) -> Option<Expr> {
        child(&child_of(&self.0, SyntaxKind::WHERE_CLAUSE)?)
    }
}

impl Assignment {
    /// The columns set: one, or several of `(a, b) = …`.
    pub fn columns(&self) -> Vec<Name> {
        match name(&self.0, 0) {
            Some(name) => vec![name],
            None => column_names(&self.0),
        }
    }

    pub fn value(&self) -> Option<Expr> {
        child(&self.0)
    }
}

impl Pragma {
    /// `foreign_keys`, with its schema if any.
    pub fn path(&self) -> Option<Path> {
        path(&self.0)
    }

    /// The value as written, behind `=` or in parentheses, with where it stands.
    pub fn value(&self) -> Option<(SmolStr, TextRange)> {
        let value = child_of(&self.0, SyntaxKind::PRAGMA_VALUE)?;
        Some((SmolStr::from(value.text().to_string()), value.text_range()))
    }
}

/// What a statement does to the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransactionKind {
    Begin,
    Commit,
    Rollback,
    Savepoint,
    Release,
}

impl Transaction {
    pub fn kind(&self) -> Option<TransactionKind> {
        let first = self
            .0
            .children_with_tokens()
            .filter_map(|child| child.into_token())
            .find(|token| token.kind() == SyntaxKind::KEYWORD)?;
        Some(match first.text().to_ascii_uppercase().as_str() {
            "BEGIN" | "START" => TransactionKind::Begin,
            "COMMIT" | "END" => TransactionKind::Commit,
            "ROLLBACK" => TransactionKind::Rollback,
            "SAVEPOINT" => TransactionKind::Savepoint,
            "RELEASE" => TransactionKind::Release,
            _ => return None,
        })
    }

    /// The savepoint's name.
    pub fn savepoint(&self) -> Option<Name> {
        name(&self.0, 0)
    }

    /// `DEFERRED`, `IMMEDIATE` or `EXCLUSIVE`, upper case.
    pub fn mode(&self) -> Option<SmolStr> {
        ["DEFERRED", "IMMEDIATE", "EXCLUSIVE"]
            .into_iter()
            .find(|word| keyword(&self.0, word).is_some())
            .map(SmolStr::new_static)
    }
}

fn alias(node: &SyntaxNode) -> Option<Name> {
    name(&child_of(node, SyntaxKind::ALIAS)?, 0)
}

fn ctes(node: &SyntaxNode) -> Vec<Cte> {
    match child_of(node, SyntaxKind::WITH_CLAUSE) {
        Some(with) => children(&with).collect(),
        None => Vec::new(),
    }
}

/// The tables of the `FROM` clause, those within parentheses included, those of nested queries not.
fn tables(node: &SyntaxNode) -> Vec<TableRef> {
    let Some(from) = child_of(node, SyntaxKind::FROM_CLAUSE) else { return Vec::new() };
    let mut out = Vec::new();
    let mut preorder = from.preorder();
    while let Some(event) = preorder.next() {
        if let rowan::WalkEvent::Enter(inner) = event {
            if let Some(table) = TableRef::cast(inner.clone()) {
                out.push(table);
            } else if matches!(inner.kind(), SyntaxKind::QUERY | SyntaxKind::EXPR) {
                preorder.skip_subtree();
            }
        }
    }
    out
}
