//! The rows of all queries, by the query and by the table they are about.

use engine::connection::{Capabilities, Rows, Value};
use rustc_hash::FxHashMap;

use super::follow_up::{SEQUENCES, Target};

/// One row.
pub(super) type Row = Vec<Value>;

/// Reading the values of a row by place.
pub(super) trait Rowed {
    /// The text; empty for `NULL`.
    fn text(&self, at: usize) -> &str;
    /// The number; 0 for `NULL`.
    fn int(&self, at: usize) -> i64;
    /// The text, unless it is `NULL`.
    fn some(&self, at: usize) -> Option<&str>;
    /// The text, unless it is `NULL` or empty.
    fn comment(&self, at: usize) -> Option<String> {
        self.some(at).filter(|text| !text.is_empty()).map(str::to_string)
    }
}

impl Rowed for Row {
    fn text(&self, at: usize) -> &str {
        self.some(at).unwrap_or_default()
    }

    fn int(&self, at: usize) -> i64 {
        match self.get(at) {
            Some(Value::Int(number)) => *number,
            Some(Value::Text(text)) => text.parse().unwrap_or_default(),
            _ => 0,
        }
    }

    fn some(&self, at: usize) -> Option<&str> {
        self.get(at).and_then(Value::text)
    }
}

type Key<'a> = (&'a str, &'a str);

/// What the server answered.
pub(super) struct Catalog<'a> {
    pub server: &'a Capabilities,
    rows: FxHashMap<&'a str, &'a [Row]>,
    groups: FxHashMap<&'static str, FxHashMap<Key<'a>, Vec<&'a Row>>>,
    tables: FxHashMap<&'a str, Vec<&'a Row>>,
    clauses: FxHashMap<Key<'a>, &'a str>,
    created: FxHashMap<(&'static str, &'a str, &'a str), &'a str>,
}

/// The queries whose rows start with a schema and a table, and by what they are ordered within it.
const BY_TABLE: &[(&str, &[usize])] = &[
    ("columns", &[2]),
    ("indexes", &[]),
    ("key columns", &[]),
    ("foreign keys", &[]),
    ("checks", &[]),
    ("enforced checks", &[]),
    ("partitions", &[2, 3]),
    ("parameters", &[3]),
    ("views", &[]),
];

impl<'a> Catalog<'a> {
    /// `rows` are the answers to the queries `names`.
    pub fn new(names: &[&'static str], rows: &'a [Rows], server: &'a Capabilities) -> Self {
        let mut catalog = Self {
            server,
            rows: FxHashMap::default(),
            groups: FxHashMap::default(),
            tables: FxHashMap::default(),
            clauses: FxHashMap::default(),
            created: FxHashMap::default(),
        };
        for (name, rows) in names.iter().zip(rows) {
            catalog.rows.insert(name, &rows.rows);
        }
        for (name, order) in BY_TABLE {
            let mut groups: FxHashMap<Key<'a>, Vec<&'a Row>> = FxHashMap::default();
            for row in catalog.rows.get(name).copied().unwrap_or_default() {
                groups.entry((text(row, 0), text(row, 1))).or_default().push(row);
            }
            for rows in groups.values_mut() {
                if !order.is_empty() {
                    rows.sort_by_key(|row| order.iter().map(|at| row.int(*at)).collect::<Vec<_>>());
                }
            }
            catalog.groups.insert(name, groups);
        }
        for row in catalog.rows.get("checks").copied().unwrap_or_default() {
            catalog.clauses.insert((text(row, 0), text(row, 2)), text(row, 3));
        }
        for row in catalog.rows.get("tables").copied().unwrap_or_default() {
            catalog.tables.entry(text(row, 0)).or_default().push(row);
        }
        catalog
    }

    /// Adds what was asked for after the other queries, in its order.
    pub fn answer(&mut self, targets: Vec<Target<'a>>, rows: &'a [Rows]) {
        for (target, rows) in targets.into_iter().zip(rows) {
            match target {
                Target::Sequences(_) => {
                    self.rows.insert(SEQUENCES, &rows.rows);
                }
                Target::Create { kind, schema, name } => {
                    let place = rows.columns.iter().position(|column| {
                        let column = column.to_ascii_lowercase();
                        column.starts_with("create ") || column == "sql original statement"
                    });
                    let created = rows.rows.first().zip(place).and_then(|(row, at)| row.some(at));
                    if let Some(created) = created {
                        self.created.insert((kind, schema, name), created);
                    }
                }
            }
        }
    }

    /// The whole statement that makes an object, where it was asked for.
    pub fn created(&self, kind: &'static str, schema: &str, name: &str) -> Option<&'a str> {
        self.created.get(&(kind, schema, name)).copied()
    }

    /// The rows of a query.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a Row> + use<'a> {
        self.rows.get(name).copied().unwrap_or_default().iter()
    }

    /// The rows of a query that are about one table, in order.
    pub fn of(&self, name: &str, schema: &str, table: &str) -> Vec<&'a Row> {
        self.groups.get(name).and_then(|groups| groups.get(&(schema, table))).cloned().unwrap_or_default()
    }

    /// The names of the checks of a table, and whether they are enforced.
    pub fn named_checks(&self, schema: &str, table: &str) -> impl Iterator<Item = (&'a str, bool)> + use<'a> {
        self.of("enforced checks", schema, table).into_iter().map(|row| (text(row, 2), text(row, 3) != "NO"))
    }

    /// The condition of a check. MySQL's names of checks are unique within a schema.
    pub fn check_clause(&self, schema: &str, name: &str) -> Option<&'a str> {
        self.clauses.get(&(schema, name)).copied()
    }

    /// The tables, views and sequences of a schema.
    pub fn tables(&self, schema: &str) -> Vec<&'a Row> {
        self.tables.get(schema).cloned().unwrap_or_default()
    }
}

fn text(row: &Row, at: usize) -> &str {
    row.get(at).and_then(Value::text).unwrap_or_default()
}
