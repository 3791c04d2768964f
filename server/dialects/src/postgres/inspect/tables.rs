//! Tables and views, with columns, indexes and constraints.

use std::sync::Arc;

use engine::connection::Rows;
use rustc_hash::FxHashMap;
use schema::{
    Attrs, Check, Class, Column, ColumnType, Expr, ForeignKey, Generated, Index, IndexPart, Key, Object,
    PartOf, PrimaryKey, ReferenceAction, SmolStr, Storage, Table, View, ViewKind,
};

use super::super::attr::{self, Identity, Partition};
use super::super::{defaults, names, rules};
use super::{CatalogType, Out, Owned, Row, collation, set_comment};

/// The rows, by relation.
pub(super) struct Catalog<'a> {
    relations: &'a Rows,
    columns: FxHashMap<i64, Vec<Row<'a>>>,
    indexes: FxHashMap<i64, Vec<Row<'a>>>,
    constraints: FxHashMap<i64, Vec<Row<'a>>>,
    /// Checks of domains.
    domain_checks: FxHashMap<i64, Vec<Row<'a>>>,
    cockroach: bool,
}

fn by_number(rows: &Rows, at: usize) -> FxHashMap<i64, Vec<Row<'_>>> {
    let mut map: FxHashMap<i64, Vec<Row<'_>>> = FxHashMap::default();
    for row in &rows.rows {
        let row = Row(row);
        map.entry(row.int(at)).or_default().push(row);
    }
    map
}

impl<'a> Catalog<'a> {
    pub fn new(
        relations: &'a Rows,
        columns: &'a Rows,
        indexes: &'a Rows,
        constraints: &'a Rows,
        cockroach: bool,
    ) -> Self {
        Self {
            relations,
            columns: by_number(columns, 0),
            indexes: by_number(indexes, 0),
            constraints: by_number(constraints, 0),
            domain_checks: by_number(constraints, 1),
            cockroach,
        }
    }

    fn columns(&self, relation: i64) -> &[Row<'a>] {
        self.columns.get(&relation).map(Vec::as_slice).unwrap_or_default()
    }

    /// Tables, views and partitions.
    pub fn read(&self, out: &mut Out) {
        for row in &self.relations.rows {
            let row = Row(row);
            match row.text(3) {
                "v" | "m" => {
                    let mut view = self.view(row);
                    for column in &mut view.columns {
                        out_of_sight(column, out);
                    }
                    if let Some(schema) = out.schema(row.text(1)) {
                        schema.views.push(Arc::new(view));
                    }
                }
                "f" => out.object(self.foreign(row)),
                _ if row.is(15) => {
                    out.object(partition(row));
                }
                _ => {
                    let mut table = self.table(row);
                    if self.cockroach {
                        super::super::cockroach::inspected(&mut table);
                    }
                    for column in &mut table.columns {
                        out_of_sight(column, out);
                    }
                    if let Some(schema) = out.schema(row.text(1)) {
                        schema.tables.push(Arc::new(table));
                    }
                }
            }
        }
    }

    fn table(&self, row: Row<'a>) -> Table {
        let (oid, schema, name) = (row.int(0), row.text(1), row.text(2));
        let mut attrs = Attrs::default();
        let columns = self.columns(oid);
        if let Some(strategy) = row.get(12) {
            let parts = row.text(13).split_whitespace().map(|number| {
                let number: i64 = number.parse().unwrap_or_default();
                let column = columns.iter().find(|column| column.int(21) == number);
                column.map(|column| column.text(1).to_owned()).unwrap_or_default()
            });
            partition_key(row, strategy, parts.collect()).set(&mut attrs);
        }
        if row.text(5) == "u" {
            attrs.set(&attr::UNLOGGED, true);
        }
        storage(&mut attrs, row);
        attr::set_row_security(&mut attrs, row.is(8), row.is(9));
        match row.text(10) {
            "f" => attrs.set(&attr::REPLICA_IDENTITY, "FULL".to_owned()),
            "n" => attrs.set(&attr::REPLICA_IDENTITY, "NOTHING".to_owned()),
            "i" => attrs.set(&attr::REPLICA_IDENTITY, row.text(11).to_owned()),
            _ => {}
        }
        let mut table = Table {
            schema: schema.into(),
            name: name.into(),
            comment: row.get(4).map(str::to_owned),
            columns: columns.iter().map(|column| self::column(*column, schema, name)).collect(),
            attrs,
            ..Table::default()
        };
        for index in self.indexes(oid, schema) {
            match index {
                Either::Key(mut key) => {
                    key.name = key.name.filter(|own| **own != *rules::implied_key(name));
                    table.primary_key = Some(key);
                }
                Either::Index(index) => table.indexes.push(index),
            }
        }
        for row in self.constraints.get(&oid).map(Vec::as_slice).unwrap_or_default() {
            match row.text(3) {
                "c" => table.checks.push(check(*row)),
                _ => table.foreign_keys.push(foreign_key(*row, schema)),
            }
        }
        table
    }

    /// A foreign table, as an object.
    fn foreign(&self, row: Row<'a>) -> Object {
        let own = row.text(1);
        let mut attrs = Attrs::default();
        attrs.set(&attr::OF_SERVER, row.text(21).to_owned());
        super::foreign::set_options(&mut attrs, row.list(22));
        let column = |row: &Row<'_>| {
            let column = self::column(*row, own, "");
            let mut item = Attrs::default();
            item.set(&attr::NAME, column.name.to_string());
            item.set(&attr::TYPE, super::super::types::text(&column_type(*row), own));
            if column.nullable {
                item.set(&attr::NULL, true);
            }
            if let Some(default) = &column.default {
                item.set(&attr::DEFAULT, engine::decode::Hooks::default_text(&rules::Rules, default));
            }
            if let Some(collate) = column.attrs.get(&attr::COLLATE) {
                item.set(&attr::COLLATE, collate);
            }
            super::foreign::set_options(&mut item, row.list(22));
            set_comment(&mut item, row.get(12));
            item
        };
        let columns: Vec<Attrs> = self.columns(row.int(0)).iter().map(column).collect();
        if !columns.is_empty() {
            attrs.set(&attr::TABLE_COLUMNS, columns);
        }
        let comment = row.get(4).map(str::to_owned);
        Object { kind: attr::FOREIGN_TABLE, schema: own.into(), name: row.text(2).into(), comment, attrs }
    }

    fn view(&self, row: Row<'a>) -> View {
        let (oid, schema, name) = (row.int(0), row.text(1), row.text(2));
        let mut attrs = Attrs::default();
        let materialized = row.text(3) == "m";
        let options = row.list(7);
        let option = |name: &str| {
            options
                .iter()
                .find_map(|option| option.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')))
        };
        if materialized {
            storage(&mut attrs, row);
            if !row.is(20) {
                attrs.set(&attr::WITH_NO_DATA, true);
            }
        } else {
            let on =
                |name: &str| option(name).is_some_and(|value| matches!(value, "true" | "on" | "1" | "yes"));
            attr::set_view_security(&mut attrs, on("security_barrier"), on("security_invoker"));
            if let Some(word) = option("check_option") {
                attrs.set(&attr::CHECK_OPTION, word.to_ascii_uppercase());
            }
        }
        let indexes = self.indexes(oid, schema).into_iter().filter_map(|index| match index {
            Either::Index(index) => Some(index),
            Either::Key(_) => None,
        });
        let plain = |column: &Row<'_>| {
            let mut column = self::column(*column, schema, name);
            column.nullable = true;
            // A view has what its query gives.
            column.attrs = Attrs::default();
            column
        };
        View {
            schema: schema.into(),
            name: name.into(),
            kind: if materialized { ViewKind::Materialized } else { ViewKind::Plain },
            body: row.text(19).trim().trim_end_matches(';').trim_end().to_owned(),
            columns: self.columns(oid).iter().map(plain).collect(),
            indexes: indexes.collect(),
            comment: row.get(4).map(str::to_owned),
            depends_on: Vec::new(),
            attrs,
        }
    }

    fn indexes(&self, relation: i64, schema: &str) -> Vec<Either> {
        let rows = self.indexes.get(&relation).map(Vec::as_slice).unwrap_or_default();
        rows.chunk_by(|a, b| a.text(1) == b.text(1)).filter_map(|rows| index(rows, schema)).collect()
    }

    /// The fields of the composite type with this relation.
    pub fn fields(&self, relation: i64, own: &str) -> Vec<Attrs> {
        let field = |row: &Row<'_>| {
            let mut field = Attrs::default();
            field.set(&attr::NAME, row.text(1).to_owned());
            field.set(&attr::TYPE, super::super::types::text(&column_type(*row), own));
            if let Some(collation) = collation(*row, 13, 14, own) {
                field.set(&attr::COLLATE, collation);
            }
            field
        };
        self.columns(relation).iter().map(field).collect()
    }

    /// The checks of a domain.
    pub fn domain_checks(&self, domain: i64) -> Vec<Attrs> {
        let check = |row: &Row<'_>| {
            let mut check = Attrs::default();
            check.set(&attr::NAME, row.text(2).to_owned());
            check.set(&attr::EXPR, row.text(4).to_owned());
            set_comment(&mut check, row.get(17));
            check
        };
        let rows = self.domain_checks.get(&domain).map(Vec::as_slice).unwrap_or_default();
        rows.iter().filter(|row| row.text(3) == "c").map(check).collect()
    }

    /// The columns whose sequence is implied by their being serial.
    pub fn serial(&self) -> Owned {
        let mut owned = Owned::default();
        for row in &self.relations.rows {
            let row = Row(row);
            for column in self.columns(row.int(0)).iter().filter(|column| serial_type(**column).is_some()) {
                owned.insert((row.text(1).into(), row.text(2).into(), column.text(1).into()));
            }
        }
        owned
    }
}

/// A type in a schema that is not read is known by name only.
fn out_of_sight(column: &mut Column, out: &Out) {
    if let Some(ty) = &mut column.ty
        && ty.class == Class::Enum
        && ty.schema.as_ref().is_some_and(|schema| !out.at.contains_key(schema))
    {
        ty.class = Class::UserDefined;
    }
}

/// How rows are distributed: by columns, and by expressions where a name is empty.
fn partition_key(row: Row<'_>, strategy: &str, columns: Vec<String>) -> Partition {
    let mut expressions = row.get(14).map(split).unwrap_or_default().into_iter();
    let parts = columns.into_iter().filter_map(|column| match column.as_str() {
        "" => Some(PartOf::Expr(Expr(expressions.next()?))),
        _ => Some(PartOf::Column(column.into())),
    });
    let strategy = match strategy {
        "r" => "RANGE",
        "l" => "LIST",
        _ => "HASH",
    };
    Partition { strategy: strategy.to_owned(), parts: parts.collect() }
}

/// A partition of a table, as an object.
fn partition(row: Row<'_>) -> Object {
    let mut attrs = Attrs::default();
    let (schema, name) = (row.text(1), row.text(2));
    attrs.set(&attr::OF, names::qualified(schema, row.text(16), row.text(17)));
    attrs.set(&attr::BOUND, row.text(18).to_owned());
    if let Some(strategy) = row.get(12) {
        partition_key(row, strategy, row.list(23)).set(&mut attrs);
    }
    let comment = row.get(4).map(str::to_owned);
    Object { kind: attr::PARTITION_OF, schema: schema.into(), name: name.into(), comment, attrs }
}

/// The access method and the storage parameters.
fn storage(attrs: &mut Attrs, row: Row<'_>) {
    if let Some(method) = row.get(6).filter(|method| *method != "heap") {
        attrs.set(&attr::ACCESS_METHOD, method.to_owned());
    }
    let mut params = row.list(7);
    if !params.is_empty() {
        params.sort();
        attrs.set(&attr::STORAGE_PARAMS, params);
    }
}

fn column_type(row: Row<'_>) -> ColumnType {
    CatalogType {
        text: row.text(2),
        kind: row.text(3),
        schema: row.text(4),
        name: row.text(5),
        array: row.is(6),
        of_extension: row.is(7),
    }
    .read()
}

/// The serial type of a column whose default is the next value of a sequence it owns.
fn serial_type(row: Row<'_>) -> Option<&'static str> {
    let default = row.get(9)?;
    let sequence = row.get(19).filter(|_| row.text(20) == "a" && row.is(8))?;
    if !default.starts_with("nextval(") || !default.contains(sequence) {
        return None;
    }
    match row.text(2) {
        "smallint" => Some("smallserial"),
        "integer" => Some("serial"),
        "bigint" => Some("bigserial"),
        _ => None,
    }
}

fn column(row: Row<'_>, schema: &str, table: &str) -> Column {
    let name = row.text(1);
    let mut ty = column_type(row);
    let mut attrs = Attrs::default();
    let serial = serial_type(row);
    if let Some(serial) = serial {
        ty = ColumnType::new(Class::Serial, serial);
        let sequence = row.text(19);
        if sequence != names::implied(table, &[name], "seq", |_| false) {
            attrs.set(&attr::SEQUENCE_NAME, sequence.to_owned());
        }
        let mut options = Attrs::default();
        options.set(&attr::TYPE, row.text(23).to_owned());
        for (key, at) in [
            (&attr::START, 17),
            (&attr::INCREMENT, 18),
            (&attr::MIN_VALUE, 24),
            (&attr::MAX_VALUE, 25),
            (&attr::CACHE, 26),
        ] {
            options.set(key, row.int(at));
        }
        options.set(&attr::CYCLE, row.is(27));
        rules::serial_options(&mut options, &mut attrs);
    }
    if !row.text(10).is_empty() {
        let identity = Identity {
            always: row.text(10) == "a",
            start: row.number(17).unwrap_or(1),
            increment: row.number(18).unwrap_or(1),
        };
        identity.set(&mut attrs);
    }
    if let Some(collation) = collation(row, 13, 14, schema) {
        attrs.set(&attr::COLLATE, collation);
    }
    let kept = match row.text(15) {
        "p" => Some("PLAIN"),
        "e" => Some("EXTERNAL"),
        "x" => Some("EXTENDED"),
        "m" => Some("MAIN"),
        _ => None,
    };
    if let Some(kept) = kept {
        attrs.set(&attr::STORAGE, kept.to_owned());
    }
    match row.text(16) {
        "p" => attrs.set(&attr::COMPRESSION, "pglz".to_owned()),
        "l" => attrs.set(&attr::COMPRESSION, "lz4".to_owned()),
        _ => {}
    }
    let text = row.get(9).filter(|_| serial.is_none());
    let storage = match row.text(11) {
        "s" => Some(Storage::Stored),
        "v" => Some(Storage::Virtual),
        _ => None,
    };
    Column {
        name: name.into(),
        raw_type: row.text(2).to_owned(),
        nullable: !row.is(8),
        default: text.filter(|_| storage.is_none()).map(|text| defaults::read(text, Some(&ty))),
        generated: storage
            .zip(text)
            .map(|(storage, text)| Generated { expr: Expr(text.to_owned()), storage }),
        comment: row.get(12).map(str::to_owned),
        ty: Some(ty),
        attrs,
    }
}

enum Either {
    Key(PrimaryKey),
    Index(Index),
}

/// An index from the rows of its parts.
fn index(rows: &[Row<'_>], schema: &str) -> Option<Either> {
    let head = *rows.first()?;
    let (name, kind) = (head.text(1), head.text(9));
    let mut attrs = Attrs::default();
    let method = head.text(2);
    if head.is(25) {
        attrs.set(&attr::WITHOUT_OVERLAPS, true);
    } else if method != "BTREE" {
        attrs.set(&attr::TYPE, method.to_owned());
    }
    let include: Vec<String> =
        rows.iter().filter(|row| row.is(5)).map(|row| row.text(4).to_owned()).collect();
    if !include.is_empty() {
        attrs.set(&attr::INCLUDE, include);
    }
    if head.is(20) {
        attrs.set(&attr::NULLS_DISTINCT, false);
    }
    let mut params = head.list(15);
    params.sort();
    params.retain(|param| {
        match param.strip_prefix("pages_per_range=").and_then(|value| value.parse().ok()) {
            Some(pages) => {
                if pages != 128 {
                    attrs.set(&attr::PAGE_PER_RANGE, pages);
                }
                false
            }
            None => true,
        }
    });
    if !params.is_empty() {
        attrs.set(&attr::STORAGE_PARAMS, params);
    }
    if !kind.is_empty() && head.is(21) {
        let word = if head.is(22) { "INITIALLY_DEFERRED" } else { "INITIALLY_IMMEDIATE" };
        attrs.set(&attr::DEFERRABLE, word.to_owned());
    }
    let parts = rows.iter().filter(|row| !row.is(5)).map(|row| part(*row, schema)).collect();
    let comment = head.get(14).map(str::to_owned);
    if kind == "p" {
        return Some(Either::Key(PrimaryKey { name: Some(name.into()), parts, comment, attrs }));
    }
    Some(Either::Index(Index {
        name: name.into(),
        unique: head.is(7),
        parts,
        predicate: head.get(11).map(|text| Expr(text.to_owned())),
        comment,
        key: match kind {
            "u" => Key::UniqueConstraint,
            "x" => Key::Exclusion,
            _ => Key::Index,
        },
        attrs,
    }))
}

fn part(row: Row<'_>, schema: &str) -> IndexPart {
    let mut part = match row.get(12) {
        Some(expr) => IndexPart::expr(expr),
        None => IndexPart::column(row.text(4)),
    };
    let (desc, nulls_first) = (row.int(13) & 1 != 0, row.int(13) & 2 != 0);
    // Only a B-tree has an order.
    let ordered = matches!(row.text(2), "BTREE" | "PREFIX");
    part.desc = desc && ordered;
    if ordered && nulls_first != desc {
        part.attrs.set(if nulls_first { &attr::NULLS_FIRST } else { &attr::NULLS_LAST }, true);
    }
    if let Some(operator) = row.get(10).filter(|_| row.text(9) == "x") {
        part.attrs.set(&attr::OP, operator.to_owned());
    }
    let params = row.list(19);
    if let Some(class) = row.get(16).filter(|_| !row.is(18) || !params.is_empty()) {
        let of = row.text(17);
        let own = matches!(of, "pg_catalog" | "public") || of == schema;
        let mut text = if own { class.to_owned() } else { format!("{of}.{class}") };
        if !params.is_empty() {
            let params: Vec<String> = params
                .iter()
                .filter_map(|param| param.split_once('='))
                .map(|(name, value)| format!("{name}='{}'", value.replace('\'', "''")))
                .collect();
            text.push_str(&format!("({})", params.join(", ")));
        }
        part.attrs.set(&attr::OPS, text);
    }
    if let Some(collation) = collation(row, 23, 24, schema) {
        part.attrs.set(&attr::COLLATE, collation);
    }
    part
}

fn check(row: Row<'_>) -> Check {
    let mut attrs = Attrs::default();
    if row.is(5) {
        attrs.set(&attr::NO_INHERIT, true);
    }
    validity(&mut attrs, row);
    Check { name: Some(row.text(2).into()), expr: Expr(row.text(4).to_owned()), attrs }
}

/// Whether a constraint holds for old rows, and at all.
fn validity(attrs: &mut Attrs, row: Row<'_>) {
    if !row.is(18) {
        attrs.set(&attr::NOT_ENFORCED, true);
    } else if !row.is(6) {
        attrs.set(&attr::NOT_VALID, true);
    }
    set_comment(attrs, row.get(17));
}

fn foreign_key(row: Row<'_>, schema: &str) -> ForeignKey {
    let mut attrs = Attrs::default();
    validity(&mut attrs, row);
    if row.is(7) {
        let word = if row.is(8) { "INITIALLY_DEFERRED" } else { "INITIALLY_IMMEDIATE" };
        attrs.set(&attr::DEFERRABLE, word.to_owned());
    }
    if row.text(11) == "f" {
        attrs.set(&attr::MATCH, "FULL".to_owned());
    }
    if row.is(19) {
        attrs.set(&attr::PERIOD, true);
    }
    let set = row.list(16);
    if !set.is_empty() {
        attrs.set(&attr::ON_DELETE_COLUMNS, set);
    }
    let names = |at| row.list(at).into_iter().map(SmolStr::from).collect();
    ForeignKey {
        name: Some(row.text(2).into()),
        columns: names(14),
        ref_schema: if row.text(12) == schema { SmolStr::default() } else { row.text(12).into() },
        ref_table: row.text(13).into(),
        ref_columns: names(15),
        on_update: Some(action(row.text(9))),
        on_delete: Some(action(row.text(10))),
        attrs,
    }
}

fn action(letter: &str) -> ReferenceAction {
    match letter {
        "r" => ReferenceAction::Restrict,
        "c" => ReferenceAction::Cascade,
        "n" => ReferenceAction::SetNull,
        "d" => ReferenceAction::SetDefault,
        _ => ReferenceAction::NoAction,
    }
}

/// A list of expressions as the server prints it, at its commas outside of parentheses and quotes.
fn split(text: &str) -> Vec<String> {
    let (mut depth, mut quote, mut start) = (0i32, None, 0);
    let mut parts = Vec::new();
    for (at, ch) in text.char_indices() {
        match (quote, ch) {
            (Some(open), ch) if ch == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(ch),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(text[start..at].trim().to_owned());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim().to_owned());
    parts
}
