//! The query of a view as `pg_get_viewdef` writes it: names qualified, `*` spelled out, one line for each part.
//!
//! A query is read, its names are resolved and its types found, and it is printed with the server's indentation, which is
//! part of what the server says. What there is besides (grouping sets, lists of column names beside tables, functions
//! that give rows, `TABLESAMPLE`, joins that merge columns of different types) gives `None`, and the view counts as a
//! guess. So does what is printed but whose types are not known for sure.
//!
//! Source: PostgreSQL 15, `ruleutils.c` (`get_query_def` and what it calls), `parse_clause.c`, `parse_relation.c`.

mod read;
mod resolve;
mod write;

use super::Types;
use super::node::{Node, Ty};
use super::parse::Reader;
use super::write::Writer;

/// A table or view a query reads.
#[derive(Clone, Debug)]
pub struct Source {
    pub schema: String,
    pub name: String,
    /// With their types, where those are known.
    pub columns: Vec<(String, Option<Ty>)>,
}

/// What a query is read with.
pub struct Queries<'a> {
    /// The table or view of a name, and perhaps a schema.
    pub source: &'a dyn Fn(Option<&str>, &str) -> Option<Source>,
    /// PostgreSQL 16 and later, which do not qualify the columns of a query of one table.
    pub plain: bool,
    /// PostgreSQL 12 and later, which say whether the queries of `WITH` are kept apart.
    pub materialized: bool,
}

/// A query with what stands before and behind it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Query {
    pub recursive: bool,
    pub with: Vec<With>,
    pub body: Body,
    pub order: Vec<Order>,
    pub limit: Option<Node>,
    pub offset: Option<Node>,
}

/// `name (columns) AS MATERIALIZED (query)`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct With {
    pub name: String,
    pub columns: Vec<String>,
    pub materialized: Option<bool>,
    pub query: Query,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    Select(Box<Select>),
    /// `UNION`, `INTERSECT` or `EXCEPT`, with `ALL` or without.
    Set(&'static str, bool, Box<Query>, Box<Query>),
    Values(Vec<Vec<Node>>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Select {
    /// Empty for `DISTINCT`, else what stands behind `ON`.
    pub distinct: Option<Vec<Node>>,
    pub items: Vec<Item>,
    pub from: Vec<From>,
    pub filter: Option<Node>,
    pub group: Vec<Node>,
    pub having: Option<Node>,
    pub windows: Vec<(String, Window)>,
    /// Whether columns are not qualified; set once names are resolved.
    pub plain: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    /// `*`, `t.*`; none is left once names are resolved.
    All(Option<String>),
    /// With the name of the column, which each has once names are resolved.
    One(Node, Option<String>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum From {
    Table { schema: Option<String>, name: String, alias: Option<String> },
    Query { lateral: bool, query: Box<Query>, alias: Option<String>, columns: Vec<String> },
    Join { left: Box<From>, kind: &'static str, right: Box<From>, on: On },
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum On {
    Nothing,
    Natural,
    Using(Vec<String>),
    Condition(Node),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Order {
    pub of: Node,
    /// Of `UNION` and its like: the number of the column, once names are resolved.
    pub place: Option<usize>,
    pub desc: bool,
    pub nulls_first: Option<bool>,
}

/// What stands in the parentheses of `OVER`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Window {
    pub base: Option<String>,
    pub partition: Vec<Node>,
    pub order: Vec<Order>,
    /// `ROWS BETWEEN 1 PRECEDING AND CURRENT ROW`.
    pub frame: Option<String>,
}

/// A column a query gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Output {
    pub name: String,
    pub ty: Option<Ty>,
}

/// What is known of a query.
#[derive(Clone, Debug)]
pub struct Normalized {
    /// As the server would write it, and whether that is sure.
    pub text: super::Normal,
    /// The columns it gives, with their types where those are known.
    pub columns: Vec<(String, Option<Ty>)>,
}

/// The query `text` as the server would write it for a view whose columns are called `names`, where those differ from
/// what the query calls them; `None` when it is not of the known kind.
pub fn normalize(text: &str, names: &[&str], types: &Types<'_>, queries: &Queries<'_>) -> Option<Normalized> {
    let normal = write(text, names, types, queries, false)?;
    // Reading its own text again the server makes one condition of several of a kind; what it wrote stays.
    let own = normal.text.text.len() < text.len() && normal.text.sure;
    match own.then(|| write(text, names, types, queries, true)).flatten() {
        Some(kept) if kept.text.text == text => Some(kept),
        _ => Some(normal),
    }
}

fn write(
    text: &str,
    names: &[&str],
    types: &Types<'_>,
    queries: &Queries<'_>,
    keep: bool,
) -> Option<Normalized> {
    let mut reader = Reader::of(text.trim().trim_end_matches(';'))?;
    reader.keep_groups(keep);
    let mut query = reader.query()?;
    if !reader.is_done() {
        return None;
    }
    let mut writer =
        Writer { types, sure: true, unstable: false, indent: 0, materialized: queries.materialized };
    let mut columns = resolve::whole(&mut query, queries, &mut writer)?;
    if names.len() == columns.len() {
        for (column, name) in columns.iter_mut().zip(names) {
            // A name that was derived from the text may be in another case.
            if !column.name.eq_ignore_ascii_case(name) {
                (*name).clone_into(&mut column.name);
            }
        }
    }
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let text = super::trimmed(&writer.query(&query, 0, Some(&names), true));
    let text = super::Normal { text: text.trim_start().to_owned(), sure: writer.sure, unstable: false };
    Some(Normalized { text, columns: columns.into_iter().map(|column| (column.name, column.ty)).collect() })
}
