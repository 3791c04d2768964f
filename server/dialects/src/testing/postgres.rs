//! Generated PostgreSQL schemas.
//!
//! Deterministic: a seed gives the same schema for ever. Every schema is one the server accepts, and every change is one
//! it can carry out on empty tables.

use std::sync::Arc;

use schema::{
    Attrs, Check, Column, Default, Expr, ForeignKey, Index, IndexPart, Key, Literal, Object, PrimaryKey,
    Realm, ReferenceAction, Routine, RoutineKind, Schema, SmolStr, Table, Trigger, View, ViewKind,
};

use super::Rng;
use crate::postgres::attr::{self, Identity};
use crate::postgres::rules::with_body;
use crate::postgres::types;

/// Types with a default of each; the first are integers.
const TYPES: &[(&str, Option<(&str, bool)>)] = &[
    ("integer", Some(("7", false))),
    ("bigint", Some(("-1", false))),
    ("smallint", None),
    ("numeric(10,2)", Some(("1.5", false))),
    ("double precision", None),
    ("boolean", Some(("true", false))),
    ("text", Some(("it's", true))),
    ("character varying(20)", Some(("x", true))),
    ("character(3)", None),
    ("timestamptz(3)", None),
    ("date", Some(("2020-01-01", true))),
    ("uuid", None),
    ("jsonb", Some(("{}", true))),
    ("bytea", None),
    ("interval", None),
    ("text[]", None),
    ("inet", None),
];

struct Gen {
    rng: Rng,
    schema: SmolStr,
}

/// A schema called `name`.
pub fn realm(seed: u64, name: &str) -> Realm {
    let mut gen_ = Gen { rng: Rng::new(seed), schema: name.into() };
    let mut schema = Schema::new(name);
    if gen_.rng.one_in(2) {
        let object = gen_.object(attr::ENUM, "state");
        schema.objects.push(with(object, |attrs| {
            attrs.set(&attr::VALUES, vec!["new".into(), "it's".into(), "done".into()]);
        }));
    }
    if gen_.rng.one_in(3) {
        let object = gen_.object(attr::DOMAIN, "short");
        schema.objects.push(with(object, |attrs| {
            attrs.set(&attr::TYPE, "text".to_string());
            attrs.set(&attr::NULL, true);
        }));
    }
    if gen_.rng.one_in(3) {
        let object = gen_.object(attr::SEQUENCE, "numbers");
        schema.objects.push(with(object, |attrs| attrs.set(&attr::START, 100)));
    }
    for at in 0..=gen_.rng.below(5) {
        let name = if at == 2 { "T two".to_string() } else { format!("t{at}") };
        let table = gen_.table(&name, &schema);
        schema.tables.push(Arc::new(table));
    }
    gen_.circle(&mut schema);
    gen_.program(&mut schema);
    Realm { schemas: vec![schema], ..Realm::default() }
}

/// The same schema after a few changes.
pub fn changed(realm: &Realm, seed: u64) -> Realm {
    let mut realm = realm.clone();
    let Some(schema) = realm.schemas.first_mut() else { return realm };
    let mut gen_ = Gen { rng: Rng::new(seed ^ 0x9e37), schema: schema.name.clone() };
    for object in &mut schema.objects {
        let object = Arc::make_mut(object);
        match object.kind {
            attr::ENUM if gen_.rng.one_in(2) => {
                let mut values = object.attrs.get(&attr::VALUES).unwrap_or_default();
                let at = gen_.rng.below(values.len() + 1);
                values.insert(at, "between".into());
                object.attrs.set(&attr::VALUES, values);
            }
            attr::SEQUENCE if gen_.rng.one_in(2) => {
                object.attrs.set(&attr::INCREMENT, 5);
                object.attrs.set(&attr::CYCLE, true);
            }
            attr::DOMAIN if gen_.rng.one_in(2) => {
                object.attrs.set(&attr::DEFAULT, "'none'::text".to_string());
            }
            _ => {}
        }
    }
    if schema.tables.len() > 1 && gen_.rng.one_in(3) {
        let gone = schema.tables.remove(gen_.rng.below(schema.tables.len())).name.clone();
        for table in &mut schema.tables {
            Arc::make_mut(table).foreign_keys.retain(|key| key.ref_table != gone);
        }
        schema.views.retain(|view| !view.depends_on.iter().any(|(_, name)| *name == gone));
        schema.triggers.retain(|trigger| trigger.on != gone);
    }
    for at in 0..schema.tables.len() {
        for _ in 0..gen_.rng.below(4) {
            let mut table = Table::clone(&schema.tables[at]);
            gen_.change(&mut table, schema);
            schema.tables[at] = Arc::new(table);
        }
    }
    if gen_.rng.one_in(3) {
        let table = gen_.table("added", schema);
        schema.tables.push(Arc::new(table));
    }
    if gen_.rng.one_in(3) {
        schema.views.pop();
    }
    if gen_.rng.one_in(3) {
        for routine in &mut schema.routines {
            Arc::make_mut(routine).body = " BEGIN NEW.id := NEW.id; RETURN NEW; END ".to_string();
        }
    }
    realm
}

fn with(mut object: Object, change: impl FnOnce(&mut Attrs)) -> Arc<Object> {
    change(&mut object.attrs);
    Arc::new(object)
}

fn key(columns: &[&str]) -> PrimaryKey {
    let parts = columns.iter().map(|name| IndexPart::column(*name)).collect();
    PrimaryKey { name: None, parts, comment: None, attrs: Attrs::default() }
}

impl Gen {
    fn object(&self, kind: &'static str, name: &str) -> Object {
        Object {
            kind,
            schema: self.schema.clone(),
            name: name.into(),
            comment: None,
            attrs: Attrs::default(),
        }
    }

    fn column(&mut self, name: &str, schema: &Schema) -> Column {
        let (ty, default) = *self.rng.pick(TYPES);
        let mut column = plain(name, ty);
        column.nullable = self.rng.one_in(2);
        if let (Some((text, quoted)), true) = (default, self.rng.one_in(2)) {
            column.default = Some(Default::Literal(Literal { text: text.into(), quoted }));
        }
        if ty.starts_with("timestamptz") && self.rng.one_in(2) {
            column.default = Some(Default::Expr(Expr("now()".into())));
        }
        let declared = schema.objects.iter().find(|object| matches!(object.kind, attr::ENUM | attr::DOMAIN));
        if let Some(object) = declared.filter(|_| self.rng.one_in(4)) {
            let mut ty = types::parse(&object.name);
            ty.schema = Some(self.schema.clone());
            ty.class =
                if object.kind == attr::ENUM { schema::Class::Enum } else { schema::Class::UserDefined };
            column.default = None;
            if object.kind == attr::ENUM && self.rng.one_in(2) {
                column.default = Some(Default::Literal(Literal { text: "new".into(), quoted: true }));
            }
            column.ty = Some(ty);
        }
        if self.rng.one_in(5) {
            column.comment = Some(format!("about \"{name}\", it's"));
        }
        column
    }

    fn table(&mut self, name: &str, schema: &Schema) -> Table {
        let mut table = Table { schema: self.schema.clone(), name: name.into(), ..Table::default() };
        let mut id = plain("id", "integer");
        match self.rng.below(4) {
            0 => id.ty = Some(types::parse("serial")),
            1 => {
                let start = if self.rng.one_in(2) { 10 } else { 1 };
                Identity { always: self.rng.one_in(2), start, increment: 1 }.set(&mut id.attrs);
            }
            _ => {}
        }
        table.columns.push(id);
        for at in 0..self.rng.below(6) {
            let name = if at == 3 { "Odd col".to_string() } else { format!("c{at}") };
            let column = self.column(&name, schema);
            table.columns.push(column);
        }
        table.primary_key = Some(key(&["id"]));
        if self.rng.one_in(4) {
            table.comment = Some("a table".into());
        }
        if self.rng.one_in(2) {
            self.index(&mut table);
        }
        if self.rng.one_in(3) {
            self.check(&mut table);
        }
        if let Some(parent) = schema.tables.last().filter(|_| self.rng.one_in(2)) {
            let parent = parent.name.clone();
            self.parent(&mut table, &parent);
        }
        table
    }

    fn parent(&mut self, table: &mut Table, parent: &SmolStr) {
        let name: SmolStr = format!("{}_to_{parent}", table.name).into();
        let column: SmolStr = format!("{parent}_id").into();
        if table.foreign_key(&name).is_some() || table.column(&column).is_some() {
            return;
        }
        let mut referring = plain(&column, "integer");
        referring.nullable = true;
        table.columns.push(referring);
        let actions = [
            ReferenceAction::NoAction,
            ReferenceAction::Cascade,
            ReferenceAction::SetNull,
            ReferenceAction::Restrict,
        ];
        table.foreign_keys.push(ForeignKey {
            name: Some(name),
            columns: vec![column],
            ref_schema: SmolStr::default(),
            ref_table: parent.clone(),
            ref_columns: vec!["id".into()],
            on_update: Some(ReferenceAction::NoAction),
            on_delete: Some(*self.rng.pick(&actions)),
            attrs: Attrs::default(),
        });
    }

    fn index(&mut self, table: &mut Table) {
        let name: SmolStr = format!("{}_i{}", table.name, table.indexes.len()).into();
        if table.index(&name).is_some() {
            return;
        }
        let mut part = IndexPart::column("id");
        part.desc = self.rng.one_in(3);
        if part.desc && self.rng.one_in(2) {
            part.attrs.set(&attr::NULLS_LAST, true);
        }
        let mut index = Index {
            name,
            unique: self.rng.one_in(3),
            parts: vec![part],
            predicate: None,
            comment: None,
            key: Key::Index,
            attrs: Attrs::default(),
        };
        match self.rng.below(5) {
            0 => index.parts.push(IndexPart::expr("id + 1")),
            1 => index.predicate = Some(Expr("(id > 5)".into())),
            2 => index.comment = Some("an index".into()),
            3 => {
                index.key = Key::UniqueConstraint;
                index.unique = true;
                // Over the key alone the server would take it for the key.
                let other = self.rng.below(table.columns.len());
                index.parts = vec![IndexPart::column("id")];
                match table.columns[other].name.as_str() {
                    "id" => index.key = Key::Index,
                    name => index.parts.push(IndexPart::column(name)),
                }
            }
            _ => {
                index.unique = false;
                index.parts = vec![IndexPart::column("id")];
                index
                    .attrs
                    .set(&attr::TYPE, if self.rng.one_in(2) { "HASH".into() } else { "BRIN".to_string() });
            }
        }
        table.indexes.push(index);
    }

    fn check(&mut self, table: &mut Table) {
        let name: SmolStr = format!("{}_k{}", table.name, table.checks.len()).into();
        if table.checks.iter().any(|check| check.name.as_ref() == Some(&name)) {
            return;
        }
        let expr = *self.rng.pick(&["id > 0", "id <> 13", "(id * 2) < 1000000"]);
        let mut attrs = Attrs::default();
        if self.rng.one_in(4) {
            attrs.set(&attr::NO_INHERIT, true);
        }
        table.checks.push(Check { name: Some(name), expr: Expr(expr.into()), attrs });
    }

    /// Two tables that refer to each other.
    fn circle(&mut self, schema: &mut Schema) {
        if schema.tables.len() < 2 || !self.rng.one_in(3) {
            return;
        }
        let (first, last) =
            (schema.tables[0].name.clone(), schema.tables[schema.tables.len() - 1].name.clone());
        let at = schema.tables.len() - 1;
        self.parent(Arc::make_mut(&mut schema.tables[0]), &last);
        self.parent(Arc::make_mut(&mut schema.tables[at]), &first);
    }

    /// A view, a view of it, a function and a trigger.
    fn program(&mut self, schema: &mut Schema) {
        let table = schema.tables[0].name.clone();
        let of = |name: &str, on: &SmolStr| View {
            schema: self.schema.clone(),
            name: name.into(),
            kind: ViewKind::Plain,
            body: format!("SELECT id FROM \"{}\".\"{on}\"", self.schema),
            columns: vec![Column { nullable: true, ..plain("id", "integer") }],
            indexes: Vec::new(),
            comment: None,
            depends_on: vec![(self.schema.clone(), table.clone())],
            attrs: Attrs::default(),
        };
        let (first, second) = (of("v", &table), of("w", &"v".into()));
        if self.rng.one_in(2) {
            schema.views.push(Arc::new(first));
            if self.rng.one_in(2) {
                schema.views.push(Arc::new(second));
            }
        }
        if self.rng.one_in(3) {
            let mut attrs = Attrs::default();
            attrs.set(&attr::LANG, "PLpgSQL".to_string());
            attrs.set(&attr::RETURN, "trigger".to_string());
            let routine = Routine {
                schema: self.schema.clone(),
                name: "watch".into(),
                kind: RoutineKind::Function,
                body: " BEGIN RETURN NEW; END ".into(),
                attrs,
            };
            schema.routines.push(Arc::new(routine));
            let mut attrs = Attrs::default();
            attrs.set(&attr::TIME, "BEFORE".to_string());
            attrs.set(&attr::EVENTS, vec!["INSERT".to_string(), "UPDATE".to_string()]);
            attrs.set(&attr::FOR_EACH, "ROW".to_string());
            attrs.set(&attr::EXECUTE, "watch".to_string());
            let trigger = Trigger {
                schema: self.schema.clone(),
                name: "watched".into(),
                on: table,
                body: String::new(),
                attrs,
            };
            schema.triggers.push(Arc::new(with_body(trigger)));
        }
    }

    fn change(&mut self, table: &mut Table, schema: &Schema) {
        let free = |table: &Table, name: &SmolStr| {
            !table.foreign_keys.iter().any(|key| key.columns.contains(name)) && name != "id"
        };
        match self.rng.below(10) {
            0 => {
                let name = format!("n{}", table.columns.len());
                if table.column(&name).is_none() {
                    let column = self.column(&name, schema);
                    table.columns.push(column);
                }
            }
            1 => {
                let at = self.rng.below(table.columns.len());
                if free(table, &table.columns[at].name.clone()) {
                    let gone = table.columns.remove(at).name;
                    let uses = |part: &IndexPart| part.column_name() == Some(&gone);
                    table.indexes.retain(|index| !index.parts.iter().any(uses));
                }
            }
            2 => {
                let at = self.rng.below(table.columns.len());
                let name = table.columns[at].name.clone();
                if free(table, &name) {
                    table.columns[at] = self.column(&name, schema);
                }
            }
            3 => {
                let at = self.rng.below(table.columns.len());
                if table.columns[at].name != "id" {
                    table.columns[at].nullable = !table.columns[at].nullable;
                }
            }
            4 => self.index(table),
            5 => {
                table.indexes.pop();
            }
            6 => {
                table.checks.pop();
            }
            7 => self.check(table),
            8 => {
                table.comment = if table.comment.is_some() { None } else { Some("now about".into()) };
            }
            _ => {
                let id = &mut table.columns[0];
                let serial = id.ty.as_ref().is_some_and(|ty| ty.class == schema::Class::Serial);
                match (serial, Identity::of(&id.attrs)) {
                    (true, _) => id.ty = Some(types::parse("integer")),
                    (false, Some(_)) => id.attrs = Attrs::default(),
                    (false, None) => Identity { always: true, start: 5, increment: 2 }.set(&mut id.attrs),
                }
            }
        }
    }
}

fn plain(name: &str, ty: &str) -> Column {
    Column {
        name: name.into(),
        ty: Some(types::parse(ty)),
        raw_type: ty.into(),
        nullable: false,
        default: None,
        generated: None,
        comment: None,
        attrs: Attrs::default(),
    }
}
