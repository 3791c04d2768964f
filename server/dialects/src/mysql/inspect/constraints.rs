//! Indexes, keys and checks of the catalog.

use engine::connection::Capabilities;
use schema::{
    Attrs, Check, Class, Column, ColumnType, Expr, ForeignKey, Index, IndexPart, Key, PrimaryKey,
    ReferenceAction, SmolStr,
};

use super::catalog::{Catalog, Row, Rowed};
use super::text::expression;
use crate::mysql::attr::{CHARSET, COLLATE, ENFORCED, IN_COLUMN, INDEX_TYPE, INVISIBLE, PARSER, PREFIX};
use crate::mysql::features::MARIADB;
use crate::mysql::names::{ident, quoted};

/// The primary key and the indexes of a table, in order.
pub(super) fn indexes(
    catalog: &Catalog<'_>,
    schema: &str,
    table: &str,
    engine: &str,
) -> (Option<PrimaryKey>, Vec<Index>) {
    let mut rows = catalog.of("indexes", schema, table);
    rows.sort_by(|a, b| (a.text(2), a.int(3)).cmp(&(b.text(2), b.int(3))));
    let created = catalog.created("table", schema, table);
    let mut primary = None;
    let mut indexes = Vec::new();
    for rows in rows.chunk_by(|a, b| a.text(2) == b.text(2)) {
        let Some(head) = rows.first() else { continue };
        let name = head.text(2);
        let mut attrs = Attrs::default();
        let kind = head.text(9).to_ascii_uppercase();
        let parts: Vec<IndexPart> = rows.iter().map(|row| part(row, &kind, catalog.server)).collect();
        // MyISAM says what its spatial indexes are made of, MySQL and MariaDB that they are spatial.
        let kind = if kind == "RTREE" { "SPATIAL".to_string() } else { kind };
        if !matches!(&*kind, "" | "BTREE") || engine == "MEMORY" {
            attrs.set(&INDEX_TYPE, kind);
        }
        let comment = head.comment(10);
        if name == "PRIMARY" {
            primary = Some(PrimaryKey { name: None, parts, comment, attrs });
            continue;
        }
        if head.text(11) == "YES" {
            attrs.set(&INVISIBLE, true);
        }
        if let Some(parser) = created.and_then(|text| parser(text, name)) {
            attrs.set(&PARSER, parser);
        }
        indexes.push(Index {
            name: name.into(),
            unique: head.int(4) == 0,
            parts,
            predicate: None,
            comment,
            key: Key::Index,
            attrs,
        });
    }
    indexes.sort_by_cached_key(|index: &Index| (index.name.to_lowercase(), index.name.clone()));
    (primary, indexes)
}

fn part(row: &Row, kind: &str, server: &Capabilities) -> IndexPart {
    let mut part = match row.some(6) {
        Some(expr) => IndexPart::expr(expression(expr, server)),
        None => IndexPart::column(row.text(5)),
    };
    part.desc = row.text(7).eq_ignore_ascii_case("d");
    if row.int(8) > 0 && !matches!(kind, "SPATIAL" | "RTREE" | "FULLTEXT") {
        part.attrs.set(&PREFIX, row.int(8));
    }
    part
}

/// The parser of the full-text index `name`, in the statement that makes its table.
fn parser(created: &str, name: &str) -> Option<String> {
    let start = format!("FULLTEXT KEY {} ", ident(name));
    let line = created.lines().map(str::trim_start).find(|line| line.starts_with(&start))?;
    let (_, after) = line.split_once("WITH PARSER ")?;
    quoted(after).map(|(parser, _)| parser)
}

/// The foreign keys of a table, by name.
pub(super) fn foreign_keys(catalog: &Catalog<'_>, schema: &str, table: &str) -> Vec<ForeignKey> {
    let mut columns = catalog.of("key columns", schema, table);
    columns.sort_by(|a, b| (a.text(2), a.int(3)).cmp(&(b.text(2), b.int(3))));
    let rules = catalog.of("foreign keys", schema, table);
    let keys = columns.chunk_by(|a, b| a.text(2) == b.text(2)).filter_map(|rows| {
        let head = rows.first()?;
        let rule = rules.iter().find(|rule| rule.text(2) == head.text(2));
        let action = |at: usize| ReferenceAction::parse(rule?.text(at));
        let other = head.text(5) != schema;
        Some(ForeignKey {
            name: Some(head.text(2).into()),
            columns: rows.iter().map(|row| row.text(4).into()).collect(),
            ref_schema: if other { head.text(5).into() } else { SmolStr::default() },
            ref_table: head.text(6).into(),
            ref_columns: rows.iter().map(|row| row.text(7).into()).collect(),
            on_update: action(3),
            on_delete: action(4),
            attrs: Attrs::default(),
        })
    });
    keys.collect()
}

/// The checks of a table, by name. A check that makes a column of MariaDB JSON becomes the type of that column.
pub(super) fn checks(
    catalog: &Catalog<'_>,
    columns: &mut [Column],
    schema: &str,
    table: &str,
    collation: &str,
) -> Vec<Check> {
    let maria = catalog.server.has(MARIADB);
    let mut checks = Vec::new();
    if maria {
        for row in catalog.of("checks", schema, table) {
            let (name, expr) = (row.text(2), row.text(3));
            let column = columns.iter_mut().find(|column| column.name == name);
            // Servers before 10.5.10 do not say where a check stands; one that is called as a column stands there.
            let inside = row.some(4).map_or(column.is_some(), |level| level == "Column");
            if inside
                && let Some(column) = column
                && is_json(column, expr, collation)
            {
                column.ty = Some(ColumnType::new(Class::Json, "json"));
                column.attrs.remove(&CHARSET);
                column.attrs.remove(&COLLATE);
                continue;
            }
            let mut attrs = Attrs::default();
            if inside {
                attrs.set(&IN_COLUMN, true);
            }
            checks.push(Check { name: Some(name.into()), expr: Expr(expr.to_string()), attrs });
        }
    } else {
        for (name, enforced) in catalog.named_checks(schema, table) {
            let Some(expr) = catalog.check_clause(schema, name) else { continue };
            let mut attrs = Attrs::default();
            if !enforced {
                attrs.set(&ENFORCED, false);
            }
            checks.push(Check {
                name: Some(name.into()),
                expr: Expr(expression(expr, catalog.server)),
                attrs,
            });
        }
    }
    checks.sort_by(|a, b| a.name.cmp(&b.name));
    checks
}

/// What MariaDB makes of `json`; with another collation it is a text that happens to be JSON.
fn is_json(column: &Column, expr: &str, collation: &str) -> bool {
    let own = column.attrs.get(&COLLATE);
    own.as_deref().unwrap_or(collation) == "utf8mb4_bin"
        && column.ty.as_ref().is_some_and(|ty| ty.name == "longtext")
        && expr.eq_ignore_ascii_case(&format!("json_valid({})", ident(&column.name)))
}
