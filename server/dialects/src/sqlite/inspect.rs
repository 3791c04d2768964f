//! Reading a SQLite database: one query per kind of object, whatever the number of tables.
//!
//! The catalog says what there is; what it does not say (names of constraints, checks, collations, generated
//! expressions) is read from the `CREATE` texts it keeps, with the parser of schema files. Where that parser does not
//! know a text, the catalog's part remains.
//!
//! Source: SQLite 3.50, `pragma.c`; reference engine.md §4.3.

mod declared;

use std::sync::Arc;

use engine::connection::{Capabilities, Query, Rows, Value};
use engine::{Error, Scope};
use rustc_hash::FxHashMap;
use schema::{
    Attrs, Check, Column, Default, Expr, ForeignKey, Generated, Index, IndexPart, Key, Literal, Object,
    PrimaryKey, Realm, ReferenceAction, Schema, SmolStr, Storage, Table, Trigger, View,
};

pub(super) use self::declared::part_text;
use self::declared::{DeclaredIndex, DeclaredTable, DeclaredView};
use super::attr::{
    AUTO_INCREMENT, COLLATE, CREATE, DEFERRED, ON_CONFLICT, STRICT, VIRTUAL_TABLE, WITHOUT_ROWID,
};
use super::diff::fold;
use super::expr::{self, Word};
use super::types;

/// Which SQLite this is.
pub const SERVER: &str = include_str!("inspect/version.sql");

/// The only schema.
const MAIN: &str = "main";

/// The catalog queries.
pub fn queries(_scope: &Scope, _server: &Capabilities) -> Vec<Query> {
    vec![
        Query::new("schemas", include_str!("inspect/databases.sql")),
        Query::new("objects", include_str!("inspect/objects.sql")),
        Query::new("tables", include_str!("inspect/tables.sql")),
        Query::new("columns", include_str!("inspect/columns.sql")),
        Query::new("indexes", include_str!("inspect/indexes.sql")),
        Query::new("foreign keys", include_str!("inspect/foreign_keys.sql")),
    ]
}

/// The version.
pub fn capabilities(rows: &[Rows]) -> Result<Capabilities, Error> {
    let version = rows.first().and_then(|rows| rows.rows.first()).and_then(|row| row.first());
    let version = version.and_then(Value::text).unwrap_or_default();
    Ok(Capabilities { version: version.to_string(), ..Capabilities::default() })
}

/// The rows of [`queries`] as a realm with exactly one schema, `main`.
///
/// # Errors
/// [`Error::SchemaNotFound`] when `scope` names another schema, [`Error::Unsupported`] when several database files are
/// attached.
pub fn decode(rows: &[Rows], scope: &Scope, _capabilities: &Capabilities) -> Result<Realm, Error> {
    let [databases, objects, tables, columns, indexes, keys] = rows else {
        return Err(Error::Invalid(format!("sqlite: {} results of 6 queries", rows.len())));
    };
    if databases.rows.len() > 1 {
        let count = databases.rows.len();
        return Err(Error::Unsupported(format!(
            "sqlite: multiple database files are not supported by the driver. got: {count}"
        )));
    }
    if let Some(other) = scope.schemas.iter().find(|name| *name != MAIN) {
        return Err(Error::SchemaNotFound { dialect: "sqlite", schema: other.to_string() });
    }
    let catalog = Catalog::new(objects, tables, columns, indexes, keys);
    Ok(Realm { schemas: vec![catalog.schema()], ..Realm::default() })
}

type Row = Vec<Value>;

/// The rows, by table.
struct Catalog<'a> {
    objects: &'a Rows,
    kinds: FxHashMap<&'a str, &'a Row>,
    columns: FxHashMap<&'a str, Vec<&'a Row>>,
    indexes: FxHashMap<&'a str, Vec<&'a Row>>,
    keys: FxHashMap<&'a str, Vec<&'a Row>>,
    /// The text and place in order of creation of each index.
    created: FxHashMap<&'a str, (usize, &'a str)>,
}

fn text(row: &Row, at: usize) -> &str {
    row.get(at).and_then(Value::text).unwrap_or_default()
}

fn int(row: &Row, at: usize) -> i64 {
    row.get(at).and_then(Value::int).unwrap_or_default()
}

fn by_table(rows: &Rows) -> FxHashMap<&str, Vec<&Row>> {
    let mut map: FxHashMap<&str, Vec<&Row>> = FxHashMap::default();
    for row in &rows.rows {
        map.entry(text(row, 0)).or_default().push(row);
    }
    map
}

impl<'a> Catalog<'a> {
    fn new(
        objects: &'a Rows,
        tables: &'a Rows,
        columns: &'a Rows,
        indexes: &'a Rows,
        keys: &'a Rows,
    ) -> Self {
        let created = objects.rows.iter().enumerate().filter(|(_, row)| text(row, 0) == "index");
        Self {
            objects,
            kinds: tables.rows.iter().map(|row| (text(row, 0), row)).collect(),
            columns: by_table(columns),
            indexes: by_table(indexes),
            keys: by_table(keys),
            created: created.map(|(at, row)| (text(row, 1), (at, text(row, 3)))).collect(),
        }
    }

    fn schema(&self) -> Schema {
        let mut schema = Schema::new(MAIN);
        for row in &self.objects.rows {
            let (name, sql) = (text(row, 1), text(row, 3));
            match text(row, 0) {
                "table" => match self.kinds.get(name).map(|row| text(row, 1)) {
                    Some("shadow") => {}
                    Some("virtual") => schema.objects.push(Arc::new(virtual_table(name, sql))),
                    _ => schema.tables.push(Arc::new(self.table(name, sql))),
                },
                "view" => schema.views.push(Arc::new(view(name, sql))),
                "trigger" => schema.triggers.push(Arc::new(Trigger {
                    schema: MAIN.into(),
                    name: name.into(),
                    on: text(row, 2).into(),
                    body: sql.to_string(),
                    attrs: Attrs::default(),
                })),
                _ => {}
            }
        }
        imply_ref_columns(&mut schema);
        schema
    }

    fn table(&self, name: &str, sql: &str) -> Table {
        let declared = DeclaredTable::parse(sql);
        let columns = self.columns.get(name).map(Vec::as_slice).unwrap_or_default();
        let mut attrs = Attrs::default();
        if let Some(kind) = self.kinds.get(name) {
            if int(kind, 2) == 1 {
                attrs.set(&WITHOUT_ROWID, true);
            }
            if int(kind, 3) == 1 {
                attrs.set(&STRICT, true);
            }
        }
        Table {
            schema: MAIN.into(),
            name: name.into(),
            comment: None,
            columns: columns
                .iter()
                .filter(|row| int(row, 6) != 1)
                .map(|row| column(row, &declared))
                .collect(),
            primary_key: primary_key(columns, &declared),
            indexes: self.indexes(name, &declared),
            foreign_keys: self.foreign_keys(name, &declared),
            checks: declared
                .checks
                .iter()
                .map(|(name, expr)| Check {
                    name: name.clone(),
                    expr: Expr(expr.clone()),
                    attrs: Attrs::default(),
                })
                .collect(),
            depends_on: Vec::new(),
            attrs,
        }
    }

    fn indexes(&self, table: &str, declared: &DeclaredTable) -> Vec<Index> {
        let rows = self.indexes.get(table).map(Vec::as_slice).unwrap_or_default();
        let place = |row: &&Row| self.created.get(text(row, 1)).map_or(usize::MAX, |(at, _)| *at);
        let mut groups: Vec<&[&Row]> = rows.chunk_by(|a, b| text(a, 1) == text(b, 1)).collect();
        groups.sort_by_key(|rows| rows.first().map_or(usize::MAX, place));
        groups.into_iter().map(|rows| self.index(rows, declared)).collect()
    }

    /// An index from the rows of its parts.
    fn index(&self, rows: &[&Row], table: &DeclaredTable) -> Index {
        let head = rows[0];
        let name = text(head, 1);
        let sql = self.created.get(name).map(|(_, sql)| *sql).filter(|sql| !sql.is_empty());
        let declared = sql.map(DeclaredIndex::parse).unwrap_or_default();
        let parts = rows.iter().enumerate().map(|(at, row)| {
            let mut part = match row.get(6).and_then(Value::text) {
                Some(column) => IndexPart::column(column),
                None if int(row, 5) == -1 => IndexPart::column("rowid"),
                None => {
                    let expr = declared.parts.get(at).cloned();
                    IndexPart::expr(expr.unwrap_or_else(|| "<unsupported>".to_string()))
                }
            };
            part.desc = int(row, 7) == 1;
            let collation = text(row, 8);
            let own = part.column_name().and_then(|name| table.collation(name)).unwrap_or("BINARY");
            let is_column = part.column_name().is_some();
            if is_column && !collation.is_empty() && !collation.eq_ignore_ascii_case(own) {
                part.attrs.set(&COLLATE, collation.to_string());
            }
            part
        });
        let parts: Vec<IndexPart> = parts.collect();
        let mut attrs = Attrs::default();
        let constraint = text(head, 3) == "u";
        if constraint && let Some(word) = table.unique_conflict(&parts) {
            attrs.set(&ON_CONFLICT, word.to_string());
        }
        Index {
            name: name.into(),
            unique: int(head, 2) == 1,
            parts,
            predicate: declared.predicate.map(Expr),
            comment: None,
            key: if constraint { Key::UniqueConstraint } else { Key::Index },
            attrs,
        }
    }

    /// In the order of their definition, which is the reverse of SQLite's numbers.
    fn foreign_keys(&self, table: &str, declared: &DeclaredTable) -> Vec<ForeignKey> {
        let rows = self.keys.get(table).map(Vec::as_slice).unwrap_or_default();
        let groups: Vec<&[&Row]> = rows.chunk_by(|a, b| int(a, 1) == int(b, 1)).collect();
        // Only when both count alike do they speak of the same keys.
        let texts =
            if declared.foreign_keys.len() == groups.len() { &declared.foreign_keys[..] } else { &[] };
        let action = |text: &str| ReferenceAction::parse(text);
        let keys = groups.iter().enumerate().map(|(at, rows)| {
            let head = rows[0];
            let text_of = texts.get(at);
            let mut attrs = Attrs::default();
            if text_of.is_some_and(|key| key.deferred) {
                attrs.set(&DEFERRED, true);
            }
            let to: Option<Vec<SmolStr>> =
                rows.iter().map(|row| row.get(4).and_then(Value::text).map(SmolStr::new)).collect();
            ForeignKey {
                name: text_of.and_then(|key| key.name.clone()).filter(|name| !is_number(name)),
                columns: rows.iter().map(|row| text(row, 3).into()).collect(),
                ref_schema: SmolStr::default(),
                ref_table: text(head, 2).into(),
                ref_columns: to.unwrap_or_default(),
                on_update: action(text(head, 5)),
                on_delete: action(text(head, 6)),
                attrs,
            }
        });
        keys.collect()
    }
}

/// Atlas's plans give a key without a name its number as one.
fn is_number(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

fn column(row: &Row, table: &DeclaredTable) -> Column {
    let (name, raw) = (text(row, 1), text(row, 2));
    let declared = table.column(name);
    let mut attrs = Attrs::default();
    let nullable = int(row, 3) == 0;
    if let Some(declared) = declared {
        if declared.auto_increment {
            attrs.set(&AUTO_INCREMENT, true);
        }
        if let Some(collation) = &declared.collation {
            attrs.set(&COLLATE, collation.clone());
        }
        if let Some(word) = declared.not_null_conflict.as_ref().filter(|_| !nullable) {
            attrs.set(&ON_CONFLICT, word.clone());
        }
    }
    let storage = match int(row, 6) {
        2 => Some(Storage::Virtual),
        3 => Some(Storage::Stored),
        _ => None,
    };
    let expr = declared.and_then(|declared| declared.generated.clone());
    let ty = types::parse(raw);
    Column {
        name: name.into(),
        ty: Some(ty.clone()),
        raw_type: raw.to_string(),
        nullable,
        default: row.get(4).and_then(Value::text).map(|text| super::ddl::default_value(text, Some(&ty))),
        generated: storage.map(|storage| Generated { expr: Expr(expr.unwrap_or_default()), storage }),
        comment: None,
        attrs,
    }
}

/// A default as `CREATE TABLE` has it: a literal where it is one.
pub fn default(text: &str) -> Default {
    let text = text.trim();
    let literal = |text: String, quoted| Default::Literal(Literal { text, quoted });
    match &expr::words(text)[..] {
        // SQLite takes a quoted name for a string here.
        [Word::Name(_)] if text.starts_with(['"', '`', '[']) => literal(expr::unquote(text), true),
        [Word::Number(_)] | [Word::Sign("+" | "-"), Word::Number(_)] => literal(text.replace(' ', ""), false),
        [Word::Text(value)] => literal(value.clone(), true),
        [Word::Name(name)] if matches!(&**name, "true" | "false") => literal(text.to_string(), false),
        [Word::Name(name)]
            if !matches!(&**name, "null" | "current_timestamp" | "current_date" | "current_time") =>
        {
            // And a bare one.
            literal(text.to_string(), true)
        }
        _ => Default::Expr(Expr(text.to_string())),
    }
}

fn primary_key(rows: &[&Row], table: &DeclaredTable) -> Option<PrimaryKey> {
    let mut parts: Vec<(i64, IndexPart)> = rows
        .iter()
        .filter(|row| int(row, 5) > 0)
        .map(|row| (int(row, 5), IndexPart::column(text(row, 1))))
        .collect();
    if parts.is_empty() {
        return None;
    }
    parts.sort_by_key(|(place, _)| *place);
    let mut key = PrimaryKey {
        name: None,
        parts: parts.into_iter().map(|(_, part)| part).collect(),
        comment: None,
        attrs: Attrs::default(),
    };
    if let Some(declared) = &table.primary_key {
        key.name.clone_from(&declared.name);
        if let Some(word) = &declared.conflict {
            key.attrs.set(&ON_CONFLICT, word.clone());
        }
        for part in &mut key.parts {
            let name = part.column_name().map(|name| fold(name)).unwrap_or_default();
            if let Some(declared) = declared.parts.iter().find(|declared| fold(&declared.column) == name) {
                part.desc = declared.desc;
                if let Some(collation) = &declared.collation {
                    part.attrs.set(&COLLATE, collation.clone());
                }
            }
        }
    }
    Some(key)
}

fn virtual_table(name: &str, sql: &str) -> Object {
    let mut attrs = Attrs::default();
    attrs.set(&CREATE, sql.to_string());
    Object { kind: VIRTUAL_TABLE, schema: MAIN.into(), name: name.into(), comment: None, attrs }
}

fn view(name: &str, sql: &str) -> View {
    let declared = DeclaredView::parse(sql);
    super::ddl::view(name.into(), declared.columns, declared.body)
}

/// A key that names no columns of its parent means the parent's primary key.
fn imply_ref_columns(schema: &mut Schema) {
    let keys: FxHashMap<SmolStr, Vec<SmolStr>> = schema
        .tables
        .iter()
        .filter_map(|table| {
            let parts = &table.primary_key.as_ref()?.parts;
            Some((fold(&table.name), parts.iter().filter_map(IndexPart::column_name).cloned().collect()))
        })
        .collect();
    for table in &mut schema.tables {
        if table.foreign_keys.iter().all(|key| !key.ref_columns.is_empty()) {
            continue;
        }
        for key in &mut Arc::make_mut(table).foreign_keys {
            if let Some(columns) =
                keys.get(&fold(&key.ref_table)).filter(|columns| columns.len() == key.columns.len())
                && key.ref_columns.is_empty()
            {
                key.ref_columns.clone_from(columns);
            }
        }
    }
}

/// SQLite as it is built into this binary.
pub fn assumed() -> Capabilities {
    Capabilities { version: "3.50.4".to_string(), ..Capabilities::default() }
}
