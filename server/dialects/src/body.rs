//! The output columns of a query, by sqlparser.
//!
//! The one place that calls sqlparser: it is strong on complete queries and useless on half-typed ones, so a query it
//! does not read has no columns here, and nobody complains. Nothing is resolved: `*` means the names are not known.

use sqlparser::ast::{Expr, Query, SelectItem, SetExpr, Statement};
use sqlparser::dialect::{Dialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

/// The names of the columns a query of SQLite gives; `None` when it cannot be read or has a `*`.
pub fn sqlite(query: &str) -> Option<Vec<String>> {
    columns(query, &SQLiteDialect {})
}

/// The same for PostgreSQL.
pub fn postgres(query: &str) -> Option<Vec<String>> {
    columns(query, &PostgreSqlDialect {})
}

/// The same for MySQL.
pub fn mysql(query: &str) -> Option<Vec<String>> {
    columns(query, &MySqlDialect {})
}

fn columns(query: &str, dialect: &dyn Dialect) -> Option<Vec<String>> {
    let statements = Parser::parse_sql(dialect, query).ok()?;
    match statements.as_slice() {
        [Statement::Query(query)] => of_query(query),
        _ => None,
    }
}

fn of_query(query: &Query) -> Option<Vec<String>> {
    of_body(&query.body)
}

/// The first part of a `UNION` names the columns.
fn of_body(body: &SetExpr) -> Option<Vec<String>> {
    match body {
        SetExpr::Select(select) => select.projection.iter().map(of_item).collect(),
        SetExpr::Query(query) => of_query(query),
        SetExpr::SetOperation { left, .. } => of_body(left),
        _ => None,
    }
}

fn of_item(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.value.clone()),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(name.value.clone()),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(path)) => path.last().map(|name| name.value.clone()),
        // The name of an expression is up to the database.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(query: &str) -> Option<String> {
        sqlite(query).map(|names| names.join(","))
    }

    #[test]
    fn columns_are_named_by_alias_or_column() {
        assert_eq!(names("select a, t.b, c + 1 as d from t").as_deref(), Some("a,b,d"));
        assert_eq!(names("with x as (select 1) select a from x union select 2").as_deref(), Some("a"));
        assert_eq!(names("select *, a from t"), None);
        assert_eq!(names("select count(*) from t"), None);
        assert_eq!(names("select from where"), None);
    }
}
