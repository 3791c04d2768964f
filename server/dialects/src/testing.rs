//! Generated SQLite schemas and rows, for tests of any crate.
//!
//! Deterministic: a seed gives the same schema for ever. Every schema is one SQLite accepts, and every row fits every
//! schema its table may be changed to by [`changed`], so that what a test loses was lost by us. Not part of any binary.

pub mod make;
pub mod mysql;
pub mod postgres;
pub mod rng;
mod rows;

use std::sync::Arc;

use schema::{
    Attrs, Check, Column, Default, Expr, ForeignKey, Generated, Index, IndexPart, Key, Literal, PrimaryKey,
    Realm, ReferenceAction, Schema, SmolStr, Storage, Table, Trigger, View, ViewKind,
};

pub use self::rng::Rng;
pub use self::rows::rows;
use crate::sqlite::attr::{
    AUTO_INCREMENT, COLLATE, DEFERRED, ON_CONFLICT, STRICT, VIEW_COLUMNS, WITHOUT_ROWID,
};
use crate::sqlite::types;

/// How much of SQLite a generated schema uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What schema HCL can say.
    Hcl,
    /// Also collations, conflict clauses, deferred keys, views with a list of columns.
    Sql,
}

/// A schema.
pub fn realm(seed: u64, reach: Reach) -> Realm {
    let mut gen_ = Gen { rng: Rng::new(seed), reach };
    let count = gen_.rng.below(6) + 1;
    let mut schema = Schema::new("main");
    for at in 0..count {
        let name = gen_.name("t", at);
        let table = gen_.table(&name, &schema);
        schema.tables.push(Arc::new(table));
    }
    gen_.views_and_triggers(&mut schema);
    Realm { schemas: vec![schema], ..Realm::default() }
}

/// The same schema after a few changes of every kind a user makes.
pub fn changed(realm: &Realm, seed: u64, reach: Reach) -> Realm {
    let mut gen_ = Gen { rng: Rng::new(seed ^ 0x5eed), reach };
    let mut realm = realm.clone();
    let schema = &mut realm.schemas[0];
    if schema.tables.len() > 1 && gen_.rng.one_in(4) {
        let at = gen_.rng.below(schema.tables.len());
        let gone = schema.tables.remove(at).name.clone();
        for table in &mut schema.tables {
            if table.foreign_keys.iter().any(|key| key.ref_table == gone) {
                Arc::make_mut(table).foreign_keys.retain(|key| key.ref_table != gone);
            }
        }
        schema.views.retain(|view| !view.body.contains(&*quote(&gone)));
        schema.triggers.retain(|trigger| !trigger.body.contains(&*quote(&gone)));
    }
    for at in 0..schema.tables.len() {
        if gen_.rng.one_in(2) {
            let mut table = Table::clone(&schema.tables[at]);
            for _ in 0..=gen_.rng.below(3) {
                gen_.change(&mut table, schema);
            }
            schema.tables[at] = Arc::new(table);
        }
    }
    if gen_.rng.one_in(3) {
        let name = gen_.name("added", 90);
        let table = gen_.table(&name, schema);
        schema.tables.push(Arc::new(table));
    }
    if gen_.rng.one_in(3) && !schema.triggers.is_empty() {
        let at = gen_.rng.below(schema.triggers.len());
        schema.triggers.remove(at);
    }
    if gen_.rng.one_in(3) && !schema.views.is_empty() {
        let view = Arc::make_mut(&mut schema.views[0]);
        view.body.push_str(" LIMIT 10");
    }
    realm
}

/// A schema of `tables` tables of ten columns, each with an index, a foreign key and a check: for measuring.
pub fn large(tables: usize) -> Realm {
    let mut schema = Schema::new("main");
    for at in 0..tables {
        let mut table =
            Table { schema: "main".into(), name: format!("table_{at}").into(), ..Table::default() };
        table.columns.push(column("id", "integer", false));
        for number in 1..10 {
            let mut column =
                column(&format!("column_{number}"), ["text", "int", "real"][number % 3], number % 2 == 0);
            if number % 4 == 0 {
                column.default = Some(Default::Literal(Literal { text: number.to_string(), quoted: false }));
            }
            table.columns.push(column);
        }
        table.primary_key = Some(key(["id"]));
        table.indexes.push(index(
            &format!("table_{at}_column_1"),
            false,
            vec![IndexPart::column("column_1")],
        ));
        if at > 0 {
            table.foreign_keys.push(ForeignKey {
                name: Some(format!("table_{at}_parent").into()),
                columns: vec!["column_4".into()],
                ref_schema: SmolStr::default(),
                ref_table: format!("table_{}", at / 2).into(),
                ref_columns: vec!["id".into()],
                on_update: Some(ReferenceAction::NoAction),
                on_delete: Some(ReferenceAction::Cascade),
                attrs: Attrs::default(),
            });
        }
        let check = Check {
            name: Some(format!("table_{at}_check").into()),
            expr: Expr("(column_2 >= 0)".into()),
            attrs: Attrs::default(),
        };
        table.checks.push(check);
        schema.tables.push(Arc::new(table));
    }
    Realm { schemas: vec![schema], ..Realm::default() }
}

/// The statements that make `realm`.
///
/// # Panics
/// When the planner refuses a generated schema, which is a mistake of one of them.
pub fn sql(realm: &Realm) -> String {
    match engine::plan::dump(realm, &crate::SQLITE, &engine::plan::Options::default()) {
        Ok(plan) => plan.to_sql(),
        Err(error) => panic!("a generated schema cannot be planned: {error}"),
    }
}

struct Gen {
    rng: Rng,
    reach: Reach,
}

fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn column(name: &str, ty: &str, nullable: bool) -> Column {
    Column {
        name: name.into(),
        ty: Some(types::parse(ty)),
        raw_type: ty.to_string(),
        nullable,
        default: None,
        generated: None,
        comment: None,
        attrs: Attrs::default(),
    }
}

fn key<'a>(columns: impl IntoIterator<Item = &'a str>) -> PrimaryKey {
    let parts = columns.into_iter().map(IndexPart::column).collect();
    PrimaryKey { name: None, parts, comment: None, attrs: Attrs::default() }
}

fn index(name: &str, unique: bool, parts: Vec<IndexPart>) -> Index {
    Index {
        name: name.into(),
        unique,
        parts,
        predicate: None,
        comment: None,
        key: Key::Index,
        attrs: Attrs::default(),
    }
}

/// Columns whose values do not depend on others.
fn plain(table: &Table) -> Vec<SmolStr> {
    let plain = table.columns.iter().filter(|column| column.generated.is_none());
    plain.map(|column| column.name.clone()).collect()
}

const TYPES: &[&str] = &[
    "integer",
    "int",
    "bigint",
    "text",
    "varchar(20)",
    "real",
    "numeric(10,2)",
    "decimal",
    "bool",
    "date",
    "datetime",
    "json",
    "uuid",
    "double",
    "unsigned big int",
    "char(3)",
    "MYTYPE",
    "timestamp",
];

const STRICT_TYPES: &[&str] = &["integer", "int", "text", "real"];

impl Gen {
    /// A name, plain more often than not.
    fn name(&mut self, base: &str, at: usize) -> String {
        if self.reach == Reach::Hcl || !self.rng.one_in(5) {
            return format!("{base}{at}");
        }
        let odd = [
            "order",
            "it's",
            "with space",
            "日本",
            "Mixed",
            "x`y",
            "semi;colon",
            "sl/ash",
            "dash-ed",
            "select",
        ];
        format!("{}{at}", self.rng.pick(&odd))
    }

    fn table(&mut self, name: &str, schema: &Schema) -> Table {
        let mut table = Table { schema: "main".into(), name: name.into(), ..Table::default() };
        let strict = self.rng.one_in(6);
        if strict {
            table.attrs.set(&STRICT, true);
        }
        let count = self.rng.below(6) + 1;
        for at in 0..count {
            let name = self.name("c", at);
            let column = self.column(&name, strict);
            table.columns.push(column);
        }
        self.primary_key(&mut table);
        if self.rng.one_in(4) {
            self.generated(&mut table);
        }
        for _ in 0..self.rng.below(3) {
            self.index(&mut table);
        }
        for _ in 0..self.rng.below(2) {
            self.foreign_key(&mut table, schema);
        }
        for _ in 0..self.rng.below(2) {
            self.check(&mut table);
        }
        table
    }

    fn column(&mut self, name: &str, strict: bool) -> Column {
        let ty = *self.rng.pick(if strict { STRICT_TYPES } else { TYPES });
        let mut column = column(name, ty, self.rng.one_in(2));
        if self.rng.one_in(3) {
            column.default = Some(self.default(ty));
        }
        if self.reach == Reach::Sql {
            if self.rng.one_in(6) && matches!(ty, "text" | "varchar(20)") {
                column.attrs.set(&COLLATE, self.rng.pick(&["NOCASE", "RTRIM"]).to_string());
            }
            if self.rng.one_in(10) && !column.nullable {
                column.attrs.set(&ON_CONFLICT, self.rng.pick(&["REPLACE", "IGNORE"]).to_string());
            }
        }
        column
    }

    fn default(&mut self, ty: &str) -> Default {
        let literal = |text: &str, quoted| Default::Literal(Literal { text: text.into(), quoted });
        let expr = |text: &str| Default::Expr(Expr(text.into()));
        match ty {
            "integer" | "int" | "bigint" | "unsigned big int" => match self.rng.below(4) {
                0 => literal("-7", false),
                1 => expr("(1 + 1)"),
                _ => literal(&self.rng.below(100).to_string(), false),
            },
            "real" | "double" | "numeric(10,2)" | "decimal" => {
                literal(self.rng.pick::<&str>(&["1.5", "2", "0.25", "-3.75"]), false)
            }
            "bool" => literal(self.rng.pick::<&str>(&["true", "false"]), false),
            "datetime" | "timestamp" => expr("CURRENT_TIMESTAMP"),
            "text" | "varchar(20)" => match self.rng.below(4) {
                0 => literal("it's", true),
                1 => literal("", true),
                2 => expr("('a' || 'b')"),
                _ => literal("hello", true),
            },
            _ => literal("x", true),
        }
    }

    fn primary_key(&mut self, table: &mut Table) {
        match self.rng.below(5) {
            0 => {}
            1 => {
                let first = &mut table.columns[0];
                *first = column(&first.name.clone(), "integer", false);
                if !table.attrs.is(&STRICT) || self.rng.one_in(2) {
                    first.attrs.set(&AUTO_INCREMENT, true);
                }
                let name = table.columns[0].name.clone();
                table.primary_key = Some(key([name.as_str()]));
            }
            2 if table.columns.len() > 1 => {
                // In another order than that of the columns.
                let names: Vec<SmolStr> =
                    table.columns.iter().take(2).map(|column| column.name.clone()).collect();
                table.columns.iter_mut().take(2).for_each(|column| column.nullable = false);
                table.primary_key = Some(key([names[1].as_str(), names[0].as_str()]));
                if self.rng.one_in(2) {
                    table.attrs.set(&WITHOUT_ROWID, true);
                }
            }
            _ => {
                table.columns[0].nullable = false;
                let name = table.columns[0].name.clone();
                table.primary_key = Some(key([name.as_str()]));
                if self.rng.one_in(4) {
                    table.attrs.set(&WITHOUT_ROWID, true);
                }
                if self.reach == Reach::Sql
                    && self.rng.one_in(6)
                    && let Some(key) = &mut table.primary_key
                {
                    key.attrs.set(&ON_CONFLICT, "REPLACE".to_string());
                }
            }
        }
    }

    fn generated(&mut self, table: &mut Table) {
        let columns = plain(table);
        let of = self.rng.pick(&columns).clone();
        let name = format!("g{}", table.columns.len());
        let mut column = column(&name, if table.attrs.is(&STRICT) { "text" } else { "varchar(20)" }, true);
        let storage = if self.rng.one_in(2) { Storage::Stored } else { Storage::Virtual };
        let expr = Expr(format!("(coalesce({}, '') || ' ('  || 'x)')", quote(&of)));
        column.generated = Some(Generated { expr, storage });
        table.columns.push(column);
    }

    fn index(&mut self, table: &mut Table) {
        let mut columns = plain(table);
        let mut unique = self.rng.one_in(3);
        if unique {
            // Rows that were there before a column was added have all the same value in it.
            let old: Vec<SmolStr> = columns.iter().filter(|name| !name.starts_with("new")).cloned().collect();
            unique = !old.is_empty();
            columns = if unique { old } else { columns };
        }
        let mut parts = vec![self.part(&columns)];
        if self.rng.one_in(3) {
            let second = self.part(&columns);
            if second.of != parts[0].of {
                parts.push(second);
            }
        }
        let name = format!("{}_i{}", table.name, table.indexes.len());
        let mut index = index(&name, unique, parts);
        if unique
            && self.rng.one_in(4)
            && index
                .parts
                .iter()
                .all(|part| part.column_name().is_some() && !part.desc && part.attrs.is_empty())
        {
            index.key = Key::UniqueConstraint;
            index.name = SmolStr::default();
            if self.reach == Reach::Hcl {
                index.key = Key::Index;
                index.name = name.clone().into();
            } else if self.rng.one_in(2) {
                index.attrs.set(&ON_CONFLICT, "IGNORE".to_string());
            }
        } else if self.rng.one_in(4) {
            index.predicate =
                Some(Expr(format!("{} is not null", quote(self.rng.pick::<SmolStr>(&columns)))));
        }
        // SQLite merges constraints over the same columns, and refuses that when they differ in conflicts.
        let columns = |parts: &[IndexPart]| {
            parts.iter().filter_map(IndexPart::column_name).cloned().collect::<Vec<_>>()
        };
        let merged =
            table.primary_key.as_ref().is_some_and(|key| columns(&key.parts) == columns(&index.parts))
                || table.indexes.iter().any(|other| columns(&other.parts) == columns(&index.parts));
        if merged && index.key == Key::UniqueConstraint {
            return;
        }
        let same = |other: &Index| other.parts == index.parts || other.name == index.name;
        if !table.indexes.iter().any(same) {
            table.indexes.push(index);
        }
    }

    fn part(&mut self, columns: &[SmolStr]) -> IndexPart {
        let column = self.rng.pick(columns).clone();
        let mut part = if self.rng.one_in(5) {
            let collate = if self.reach == Reach::Sql && self.rng.one_in(4) { " COLLATE NOCASE" } else { "" };
            IndexPart::expr(format!("lower({}) || '),('{collate}", quote(&column)))
        } else {
            IndexPart::column(column)
        };
        part.desc = self.rng.one_in(4);
        if self.reach == Reach::Sql && self.rng.one_in(6) && part.column_name().is_some() {
            part.attrs.set(&COLLATE, "NOCASE".to_string());
        }
        part
    }

    fn foreign_key(&mut self, table: &mut Table, schema: &Schema) {
        let columns = plain(table);
        let from = self.rng.pick(&columns).clone();
        if table.foreign_keys.iter().any(|key| key.columns == [from.clone()]) {
            return;
        }
        let parents: Vec<&Arc<Table>> =
            schema.tables.iter().filter(|other| other.name != table.name).collect();
        let single = |table: &Table| {
            table
                .primary_key
                .as_ref()
                .filter(|key| key.parts.len() == 1)
                .and_then(|key| key.parts[0].column_name().cloned())
        };
        let own = single(table).map(|column| (table.name.clone(), column));
        let other = parents.into_iter().filter_map(|table| Some((table.name.clone(), single(table)?)));
        let parents: Vec<(SmolStr, SmolStr)> = other.chain(own).collect();
        if parents.is_empty() {
            return;
        }
        let (ref_table, ref_column) = self.rng.pick(&parents).clone();
        let actions = [
            None,
            Some(ReferenceAction::NoAction),
            Some(ReferenceAction::Cascade),
            Some(ReferenceAction::SetNull),
            Some(ReferenceAction::Restrict),
        ];
        let mut attrs = Attrs::default();
        if self.reach == Reach::Sql && self.rng.one_in(4) {
            attrs.set(&DEFERRED, true);
        }
        let named = self.reach == Reach::Hcl || !self.rng.one_in(3);
        table.foreign_keys.push(ForeignKey {
            name: named.then(|| format!("{}_fk{}", table.name, table.foreign_keys.len()).into()),
            columns: vec![from],
            ref_schema: SmolStr::default(),
            ref_table,
            ref_columns: vec![ref_column],
            on_update: *self.rng.pick(&actions),
            on_delete: *self.rng.pick(&actions),
            attrs,
        });
    }

    /// True for every row.
    fn check(&mut self, table: &mut Table) {
        let column = self.rng.pick(&plain(table)).clone();
        let text = match self.rng.below(3) {
            0 => format!("({} is null or 1 = 1)", quote(&column)),
            1 => format!("(length({}) < 1000 or ')' <> '(')", quote(&column)),
            _ => format!("(coalesce({}, 0) not in ('a''b', 77777))", quote(&column)),
        };
        let named = self.rng.one_in(2);
        let name = named.then(|| format!("{}_check{}", table.name, table.checks.len()).into());
        let check = Check { name, expr: Expr(text), attrs: Attrs::default() };
        if !table
            .checks
            .iter()
            .any(|other| other.expr == check.expr || other.name.is_some() && other.name == check.name)
        {
            table.checks.push(check);
        }
    }

    fn views_and_triggers(&mut self, schema: &mut Schema) {
        if self.rng.one_in(2) {
            let table = self.rng.pick(&schema.tables).clone();
            let column = quote(&table.columns[0].name);
            let mut attrs = Attrs::default();
            if self.reach == Reach::Sql && self.rng.one_in(2) {
                attrs.set(&VIEW_COLUMNS, vec!["first one".to_string()]);
            }
            schema.views.push(Arc::new(View {
                schema: "main".into(),
                name: "v".into(),
                kind: ViewKind::Plain,
                body: format!("SELECT {column} FROM {} WHERE {column} IS NOT NULL", quote(&table.name)),
                columns: Vec::new(),
                indexes: Vec::new(),
                comment: None,
                depends_on: Vec::new(),
                attrs,
            }));
        }
        for at in 0..self.rng.below(3) {
            let table = self.rng.pick(&schema.tables).clone();
            let other = self.rng.pick(&schema.tables).clone();
            let name = format!("trigger{at}");
            let body = format!(
                "CREATE TRIGGER {} AFTER DELETE ON {} FOR EACH ROW BEGIN\nSELECT count(*) FROM {};\nEND",
                quote(&name),
                quote(&table.name),
                quote(&other.name)
            );
            let (on, schema_name) = (table.name.clone(), "main".into());
            schema.triggers.push(Arc::new(Trigger {
                schema: schema_name,
                name: name.into(),
                on,
                body,
                attrs: Attrs::default(),
            }));
        }
    }

    /// One change of a table, which keeps every row valid.
    fn change(&mut self, table: &mut Table, schema: &Schema) {
        let strict = table.attrs.is(&STRICT);
        match self.rng.below(9) {
            0 | 1 => {
                let name = format!("new{}", table.columns.len());
                if table.column(&name).is_some() {
                    return;
                }
                let mut column = self.column(&name, strict);
                if column.default.is_none() {
                    column.nullable = true;
                    column.attrs.remove(&ON_CONFLICT);
                }
                table.columns.push(column);
            }
            2 => {
                let at = self.rng.below(table.columns.len());
                drop_column(table, at);
            }
            3 => {
                let at = self.rng.below(table.columns.len());
                let name = table.columns[at].name.clone();
                let kept = is_key(table, &name) || table.columns[at].generated.is_some() || strict;
                if !kept {
                    let ty = table.columns[at].raw_type.clone();
                    let column = &mut table.columns[at];
                    if column.nullable && column.default.is_none() {
                        column.default = Some(self.default(&ty));
                    }
                    column.nullable = !column.nullable;
                    if column.nullable {
                        column.attrs.remove(&ON_CONFLICT);
                    }
                }
            }
            4 => {
                let at = self.rng.below(table.columns.len());
                let name = table.columns[at].name.clone();
                if !strict && !is_key(table, &name) && table.columns[at].generated.is_none() {
                    let ty = *self.rng.pick(TYPES);
                    let column = &mut table.columns[at];
                    column.ty = Some(types::parse(ty));
                    column.raw_type = ty.to_string();
                    column.attrs.remove(&COLLATE);
                    column.default = column.default.is_some().then(|| self.default(ty));
                }
            }
            5 => self.index(table),
            6 => {
                table.indexes.pop();
            }
            7 => self.foreign_key(table, schema),
            _ => match self.rng.below(3) {
                0 => self.check(table),
                1 => {
                    table.checks.pop();
                }
                _ => {
                    table.foreign_keys.pop();
                }
            },
        }
    }
}

fn is_key(table: &Table, column: &str) -> bool {
    let parts = table.primary_key.iter().flat_map(|key| &key.parts);
    parts.filter_map(IndexPart::column_name).any(|name| name == column)
}

/// Drops a column nothing else of the table needs, with its indexes, keys and checks.
fn drop_column(table: &mut Table, at: usize) {
    let name = table.columns[at].name.clone();
    let text = quote(&name);
    let needed = is_key(table, &name)
        || plain(table).len() < 2
        || table.columns.iter().any(|column| {
            column.generated.as_ref().is_some_and(|generated| generated.expr.0.contains(&text))
        });
    if needed {
        return;
    }
    let uses = |part: &IndexPart| match &part.of {
        schema::PartOf::Column(column) => *column == name,
        schema::PartOf::Expr(expr) => expr.0.contains(&text),
    };
    table.indexes.retain(|index| {
        !index.parts.iter().any(uses) && !index.predicate.as_ref().is_some_and(|expr| expr.0.contains(&text))
    });
    table.foreign_keys.retain(|key| !key.columns.contains(&name));
    table.checks.retain(|check| !check.expr.0.contains(&text));
    table.columns.remove(at);
}
