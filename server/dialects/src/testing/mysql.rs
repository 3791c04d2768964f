//! Generated MySQL and MariaDB schemas, for tests on real servers.
//!
//! Deterministic: a seed gives the same schema for ever. Every schema is one the server accepts, and so is every change
//! of it by [`changed`]. The states are as a user writes them, not as a server keeps them.

use std::sync::Arc;

use engine::connection::Capabilities;
use schema::{
    Attrs, IndexPart, Realm, ReferenceAction, Routine, RoutineKind, Schema, SmolStr, Storage, Table, Trigger,
    View, ViewKind,
};

use super::make::Make;
use super::rng::Rng;
use crate::mysql::attr::{AUTO_INCREMENT, CHARSET, COLLATE, INDEX_TYPE, ON_UPDATE, PREFIX};
use crate::mysql::features;
use crate::mysql::types;

/// A schema called `name`.
pub fn realm(seed: u64, name: &str, server: &Capabilities) -> Realm {
    let mut gen_ = Gen { rng: Rng::new(seed), server };
    let mut schema = Schema::new(name);
    if gen_.rng.one_in(3) {
        let (charset, collate) = *gen_.rng.pick(CHARSETS);
        schema.attrs.set(&CHARSET, charset.to_string());
        schema.attrs.set(&COLLATE, collate.to_string());
    }
    let count = gen_.rng.below(5) + 1;
    for at in 0..count {
        let table = gen_.table(name, &format!("t{at}"));
        schema.tables.push(Arc::new(table));
    }
    // Also to tables that come later, so that circles occur.
    for at in 0..count {
        for _ in 0..gen_.rng.below(3) {
            gen_.foreign_key(&mut schema, at);
        }
    }
    gen_.others(&mut schema);
    Realm { schemas: vec![schema], ..Realm::default() }
}

/// The same schema after a few changes of every kind a user makes.
pub fn changed(realm: &Realm, seed: u64, server: &Capabilities) -> Realm {
    let mut gen_ = Gen { rng: Rng::new(seed ^ 0x5eed), server };
    let mut realm = realm.clone();
    let Some(schema) = realm.schemas.first_mut() else { return realm };
    if gen_.rng.one_in(4) {
        gen_.drop_table(schema);
    }
    for at in 0..schema.tables.len() {
        if gen_.rng.one_in(2) {
            for _ in 0..=gen_.rng.below(3) {
                gen_.change(schema, at);
            }
        }
    }
    if gen_.rng.one_in(6) {
        widen(schema);
    }
    if gen_.rng.one_in(3) {
        let name = format!("added{}", gen_.rng.below(9));
        let table = gen_.table(&schema.name.clone(), &name);
        schema.tables.push(Arc::new(table));
        let at = schema.tables.len() - 1;
        gen_.foreign_key(schema, at);
    }
    if gen_.rng.one_in(4) {
        let (charset, collate) = *gen_.rng.pick(CHARSETS);
        schema.attrs.set(&CHARSET, charset.to_string());
        schema.attrs.set(&COLLATE, collate.to_string());
    }
    schema.views.retain(|_| !gen_.rng.one_in(3));
    schema.triggers.retain(|_| !gen_.rng.one_in(3));
    schema.routines.retain(|_| !gen_.rng.one_in(3));
    realm
}

const CHARSETS: &[(&str, &str)] = &[
    ("utf8mb4", "utf8mb4_general_ci"),
    ("utf8mb4", "utf8mb4_bin"),
    ("latin1", "latin1_swedish_ci"),
    ("latin1", "latin1_bin"),
    ("ascii", "ascii_general_ci"),
];

const TYPES: &[&str] = &[
    "int",
    "bigint",
    "int unsigned",
    "tinyint",
    "smallint unsigned",
    "bool",
    "decimal(10,2)",
    "decimal(5)",
    "float",
    "double",
    "varchar(20)",
    "varchar(64)",
    "char(3)",
    "text",
    "mediumtext",
    "varbinary(8)",
    "blob",
    "date",
    "datetime",
    "datetime(3)",
    "timestamp",
    "time",
    "year",
    "json",
    "enum('a','b','it''s')",
    "set('x','y')",
    "bit(8)",
];

const COMMENTS: &[&str] =
    &["plain", "it's", "say \"hi\"", "back\\slash", "日本語", "two\nlines", "semi;colon", "100%"];

struct Gen<'a> {
    rng: Rng,
    server: &'a Capabilities,
}

fn is_text(ty: &str) -> bool {
    ty.starts_with("varchar") || ty.starts_with("char") || ty.ends_with("text") || ty.starts_with("enum")
}

fn is_number(ty: &str) -> bool {
    ["int", "bigint", "tinyint", "smallint", "decimal", "float", "double"]
        .iter()
        .any(|name| ty.starts_with(name))
}

impl Gen<'_> {
    fn has(&self, feature: &'static str) -> bool {
        self.server.has(feature)
    }

    fn table(&mut self, schema: &str, name: &str) -> Table {
        let mut make = Make::new(schema, name, types::parse).col("id", "int");
        if self.rng.one_in(2) {
            make = make.but(|column| column.attrs.set(&AUTO_INCREMENT, true));
        }
        make = make.pk(&["id"]);
        if self.rng.one_in(4) {
            let (charset, collate) = *self.rng.pick(CHARSETS);
            make = make.with(|table| {
                table.attrs.set(&CHARSET, charset.to_string());
                table.attrs.set(&COLLATE, collate.to_string());
            });
        }
        if self.rng.one_in(4) {
            let comment = (*self.rng.pick(COMMENTS)).to_string();
            make = make.with(|table| table.comment = Some(comment));
        }
        for at in 0..self.rng.below(5) + 1 {
            make = self.column(make, &format!("c{at}"));
        }
        let mut table = make.table;
        if self.rng.one_in(3) {
            self.generated(&mut table);
        }
        for _ in 0..self.rng.below(3) {
            self.index(&mut table);
        }
        if self.rng.one_in(3) {
            self.check(&mut table);
        }
        table
    }

    fn column(&mut self, make: Make, name: &str) -> Make {
        let ty = *self.rng.pick(TYPES);
        let mut make = if self.rng.one_in(2) { make.null(name, ty) } else { make.col(name, ty) };
        if ty == "timestamp" {
            // Without one the server would give it one of its own, by its settings.
            make = if self.rng.one_in(2) {
                make.but(|column| column.nullable = true)
            } else {
                make.but(|column| column.nullable = false).expr("CURRENT_TIMESTAMP")
            };
            if self.rng.one_in(3) && make.table.columns.last().is_some_and(|column| column.default.is_some())
            {
                make = make.but(|column| column.attrs.set(&ON_UPDATE, "CURRENT_TIMESTAMP".to_string()));
            }
        } else if self.rng.one_in(2) {
            make = self.default(make, ty);
        }
        if self.rng.one_in(4) {
            let comment = (*self.rng.pick(COMMENTS)).to_string();
            make = make.but(|column| column.comment = Some(comment));
        }
        if is_text(ty) && self.rng.one_in(4) {
            let (charset, collate) = *self.rng.pick(CHARSETS);
            make = make.but(|column| {
                column.attrs.set(&CHARSET, charset.to_string());
                column.attrs.set(&COLLATE, collate.to_string());
            });
        }
        make
    }

    fn default(&mut self, make: Make, ty: &str) -> Make {
        let expressions = self.has(features::EXPR_DEFAULT);
        match ty {
            "bool" => make.value(self.rng.pick::<&str>(&["0", "1"])),
            "date" => make.text("2020-01-02"),
            "datetime" => make.expr("CURRENT_TIMESTAMP"),
            "datetime(3)" => make.expr("CURRENT_TIMESTAMP(3)"),
            "time" => make.text("01:02:03"),
            "year" => make.text("2020"),
            "bit(8)" => make.expr("b'101'"),
            _ if ty.starts_with("enum") => make.text(self.rng.pick::<&str>(&["a", "it's"])),
            _ if ty.starts_with("set") => make.text("x,y"),
            _ if is_number(ty) => match self.rng.below(4) {
                0 if expressions => make.expr("(1 + 1)"),
                1 if ty.starts_with("decimal(10") || ty == "double" => make.value("1.5"),
                _ => make.value(&self.rng.below(100).to_string()),
            },
            _ if ty.starts_with("varchar") => match self.rng.below(4) {
                0 if expressions => make.expr("(concat('a', 'b'))"),
                1 => make.text("it's"),
                2 => make.text(""),
                _ => make.text("a\\b\"c"),
            },
            _ if ty.starts_with("char") => make.text("x"),
            "varbinary(8)" => make.text("ab"),
            "text" | "json" if expressions => {
                make.expr(if ty == "json" { "(json_array())" } else { "('x')" })
            }
            _ => make,
        }
    }

    fn generated(&mut self, table: &mut Table) {
        let name = format!("g{}", table.columns.len());
        let storage = if self.rng.one_in(2) { Storage::Stored } else { Storage::Virtual };
        let make = Make::new("", "", types::parse);
        let number = table
            .columns
            .iter()
            .find(|column| column.generated.is_none() && column.raw_type == "int" && column.name != "id");
        // A column that numbers rows cannot be computed with.
        let Some(of) = number.map(|column| column.name.clone()) else { return };
        let make = make.null(&name, "bigint").generated(&format!("`{of}` * 2"), storage);
        table.columns.extend(make.table.columns);
    }

    /// A part of an index, of a column that can be in one.
    fn part(&mut self, table: &Table) -> Option<IndexPart> {
        let columns: Vec<_> =
            table.columns.iter().filter(|column| column.raw_type != "json").cloned().collect();
        let column = self.rng.pick(&columns).clone();
        let mut part = IndexPart::column(column.name.clone());
        let ty = column.raw_type.as_str();
        if ty.ends_with("text") || ty == "blob" {
            part.attrs.set(&PREFIX, 5);
        } else if ty.starts_with("varchar(64") && self.rng.one_in(2) {
            part.attrs.set(&PREFIX, 10);
        } else if column.generated.is_none()
            && self.has(features::INDEX_EXPR)
            && is_number(ty)
            && self.rng.one_in(4)
        {
            part = IndexPart::expr(format!("`{}` + 1", column.name));
            // The server refuses to compute with a column that numbers rows.
            if column.attrs.is(&AUTO_INCREMENT) {
                return None;
            }
        }
        part.desc = self.has(features::DESC_INDEX) && self.rng.one_in(5);
        Some(part)
    }

    fn index(&mut self, table: &mut Table) {
        let name = format!("i{}", self.rng.below(90) + 10);
        if table.indexes.iter().any(|index| index.name == name) {
            return;
        }
        let text = table.columns.iter().find(|column| column.raw_type.ends_with("text"));
        if let Some(text) = text.map(|column| column.name.clone())
            && self.rng.one_in(4)
        {
            let make = Make::new("", "", types::parse).index(&name, &[&text]);
            let make = make.index_but(|index| index.attrs.set(&INDEX_TYPE, "FULLTEXT".to_string()));
            table.indexes.extend(make.table.indexes);
            return;
        }
        let mut parts: Vec<IndexPart> = Vec::new();
        for _ in 0..=self.rng.below(2) {
            if let Some(part) = self.part(table)
                && !parts.iter().any(|other| other.of == part.of)
            {
                parts.push(part);
            }
        }
        if parts.is_empty() {
            return;
        }
        let comment = self.rng.one_in(4).then(|| (*self.rng.pick(COMMENTS)).to_string());
        let make = Make::new("", "", types::parse).parts(&name, self.rng.one_in(3), parts);
        table.indexes.extend(make.index_but(|index| index.comment = comment).table.indexes);
    }

    fn check(&mut self, table: &mut Table) {
        if !self.has(features::CHECK) {
            return;
        }
        let number = table.columns.iter().find(|column| {
            is_number(&column.raw_type) && column.name.starts_with('c') && column.generated.is_none()
        });
        let Some(column) = number.map(|column| column.name.clone()) else { return };
        let name = format!("{}_check{}", table.name, self.rng.below(90));
        if !table.checks.iter().any(|check| check.name.as_deref() == Some(name.as_str())) {
            let expr = self.rng.pick(&[">= 0", "<> 7", "< 1000"]).to_string();
            let make = Make::new("", "", types::parse).check(&name, &format!("`{column}` {expr}"));
            table.checks.extend(make.table.checks);
        }
    }

    /// A key from a table to any other, with a column of its own.
    fn foreign_key(&mut self, schema: &mut Schema, at: usize) {
        let parent = self.rng.pick(&schema.tables).clone();
        let table = Arc::make_mut(&mut schema.tables[at]);
        let number = table.columns.len();
        let (column, name) = (format!("ref{number}"), format!("{}_fk{number}", table.name));
        if table.columns.iter().any(|other| other.name == column)
            || table.foreign_keys.iter().any(|key| key.name.as_deref() == Some(name.as_str()))
        {
            return;
        }
        // As wide as what it refers to.
        let ty = parent.columns[0].raw_type.clone();
        let make = Make::new("", "", types::parse).null(&column, &ty);
        let actions = [
            ReferenceAction::NoAction,
            ReferenceAction::Cascade,
            ReferenceAction::SetNull,
            ReferenceAction::Restrict,
        ];
        let delete = *self.rng.pick(&actions);
        let make =
            make.fk(&name, &[&column], (&parent.name, &["id"]), ReferenceAction::NoAction, delete).table;
        table.columns.extend(make.columns);
        table.foreign_keys.extend(make.foreign_keys);
        if self.rng.one_in(3) {
            let make = Make::new("", "", types::parse).index(&format!("own{number}"), &[&column]);
            table.indexes.extend(make.table.indexes);
        }
    }

    fn others(&mut self, schema: &mut Schema) {
        let own = schema.name.clone();
        let table = self.rng.pick(&schema.tables).name.clone();
        if self.rng.one_in(2) {
            schema.views.push(Arc::new(View {
                schema: own.clone(),
                name: "v".into(),
                kind: ViewKind::Plain,
                body: format!("SELECT `id` FROM `{own}`.`{table}` WHERE `id` > 1"),
                columns: Vec::new(),
                comment: None,
                depends_on: Vec::new(),
                indexes: Vec::new(),
                attrs: Attrs::default(),
            }));
        }
        if self.rng.one_in(2) {
            schema.triggers.push(Arc::new(Trigger {
                schema: own.clone(),
                name: "tr".into(),
                on: table.clone(),
                body: format!(
                    "CREATE TRIGGER `tr` BEFORE INSERT ON `{table}` FOR EACH ROW BEGIN\n  SET @seen = 'x;y';\nEND"
                ),
                attrs: Attrs::default(),
            }));
        }
        if self.rng.one_in(3) {
            schema.routines.push(Arc::new(Routine {
                schema: own,
                name: "p".into(),
                kind: RoutineKind::Procedure,
                body: "BEGIN\n  SELECT 'a;b';\nEND".into(),
                attrs: Attrs::default(),
            }));
        }
    }

    fn drop_table(&mut self, schema: &mut Schema) {
        if schema.tables.len() < 2 {
            return;
        }
        let at = self.rng.below(schema.tables.len());
        let gone = schema.tables.remove(at).name.clone();
        for table in &mut schema.tables {
            if table.foreign_keys.iter().any(|key| key.ref_table == gone) {
                Arc::make_mut(table).foreign_keys.retain(|key| key.ref_table != gone);
            }
        }
        let named = format!("`{gone}`");
        schema.views.retain(|view| !view.body.contains(&named));
        schema.triggers.retain(|trigger| trigger.on != gone);
    }

    /// One change of a table.
    fn change(&mut self, schema: &mut Schema, at: usize) {
        let own = schema.name.clone();
        let which = self.rng.below(11);
        if which == 9 {
            return self.foreign_key(schema, at);
        }
        let table = Arc::make_mut(&mut schema.tables[at]);
        match which {
            0 | 1 => {
                let name = format!("new{}", table.columns.len());
                if table.column(&name).is_none() {
                    let mut made = self.column(Make::new(&own, &table.name, types::parse), &name).table;
                    table.columns.append(&mut made.columns);
                }
            }
            2 => {
                let columns: Vec<SmolStr> =
                    table.columns.iter().skip(1).map(|column| column.name.clone()).collect();
                if !columns.is_empty() {
                    let name = self.rng.pick(&columns).clone();
                    drop_column(table, &name);
                }
            }
            3 => {
                let count = table.columns.len();
                let column = &mut table.columns[self.rng.below(count)];
                let plain = column.name.starts_with('c') && column.raw_type != "timestamp";
                if plain && column.generated.is_none() {
                    column.nullable = !column.nullable;
                }
            }
            4 => {
                let count = table.columns.len();
                let at = self.rng.below(count);
                let name = table.columns[at].name.clone();
                if name.starts_with('c') && is_free(table, &name) {
                    let mut made = self.column(Make::new(&own, &table.name, types::parse), &name).table;
                    if let Some(column) = made.columns.pop() {
                        table.columns[at] = column;
                    }
                }
            }
            5 => self.index(table),
            6 => {
                table.indexes.pop();
            }
            7 => self.check(table),
            8 => {
                table.checks.pop();
                table.foreign_keys.pop();
            }
            _ => {
                let (charset, collate) = *self.rng.pick(CHARSETS);
                if self.rng.one_in(2) {
                    table.attrs.set(&CHARSET, charset.to_string());
                    table.attrs.set(&COLLATE, collate.to_string());
                } else {
                    table.comment = self.rng.one_in(2).then(|| (*self.rng.pick(COMMENTS)).to_string());
                }
            }
        }
    }
}

/// Every key becomes wider, and with it what refers to it.
fn widen(schema: &mut Schema) {
    for table in &mut schema.tables {
        for column in &mut Arc::make_mut(table).columns {
            if column.name == "id" || column.name.starts_with("ref") {
                column.ty = Some(types::parse("bigint"));
                column.raw_type = "bigint".to_string();
            }
        }
    }
}

/// Whether nothing else of the table needs the column to be what it is.
fn is_free(table: &Table, name: &str) -> bool {
    let text = format!("`{name}`");
    let uses = |part: &IndexPart| match &part.of {
        schema::PartOf::Column(column) => column == name,
        schema::PartOf::Expr(expr) => expr.0.contains(&text),
    };
    !table.indexes.iter().any(|index| index.parts.iter().any(uses))
        && !table.foreign_keys.iter().any(|key| key.columns.iter().any(|column| column == name))
        && !table.checks.iter().any(|check| check.expr.0.contains(&text))
        && !table
            .columns
            .iter()
            .any(|column| column.generated.as_ref().is_some_and(|generated| generated.expr.0.contains(&text)))
}

/// Drops a column with all that uses it, unless another column is computed from it.
fn drop_column(table: &mut Table, name: &str) {
    let text = format!("`{name}`");
    let computed = |column: &schema::Column| {
        column.generated.as_ref().is_some_and(|generated| generated.expr.0.contains(&text))
    };
    if table.columns.iter().any(computed) {
        return;
    }
    let uses = |part: &IndexPart| match &part.of {
        schema::PartOf::Column(column) => column == name,
        schema::PartOf::Expr(expr) => expr.0.contains(&text),
    };
    table.indexes.retain(|index| !index.parts.iter().any(uses));
    table.foreign_keys.retain(|key| !key.columns.iter().any(|column| column == name));
    table.checks.retain(|check| !check.expr.0.contains(&text));
    table.columns.retain(|column| column.name != name);
}
