//! How PostgreSQL writes what the user wrote.
//!
//! Types are canonical already when they are read, so what is left are expressions, which `expr` prints as the server
//! does, the names the server makes up, and the defaults nobody writes. What cannot be read is kept as it was written and
//! counts as a guess. Invariant: what was inspected is a fixed point.

mod object;
mod table;
mod view;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use engine::Error;
use engine::connection::Capabilities;
use engine::normalize::{Context, Hooks};
use rustc_hash::FxHasher;
use schema::{
    Class, Column, ColumnType, Object, ObjectPath, PartOf, Realm, Routine, Schema, SmolStr, Table, Trigger,
    View,
};

use self::object::default_text;
use super::expr::{self, Ty, Types};
use super::{accounts, attr, features, names, rules};

pub struct Postgres;

impl Hooks for Postgres {
    /// Columns have the types of enums and domains, which are looked up in the realm.
    fn surroundings(&self, realm: &Realm, _server: &Capabilities) -> u64 {
        let mut hasher = FxHasher::default();
        for schema in &realm.schemas {
            for object in &schema.objects {
                if matches!(object.kind, attr::ENUM | attr::DOMAIN | attr::COMPOSITE | attr::RANGE) {
                    (object.kind, &object.schema, &object.name).hash(&mut hasher);
                }
            }
        }
        hasher.finish()
    }

    fn table(&self, table: &Arc<Table>, cx: &mut Context<'_>) -> Result<Arc<Table>, Error> {
        let mut out = Table::clone(table);
        if cx.server.has(features::COCKROACH) {
            super::cockroach::table(&mut out);
        }
        let mut work = Work::new(cx, &table.schema);
        work.table(&mut out, cx);
        Ok(if out == **table { table.clone() } else { Arc::new(out) })
    }

    fn view(&self, view: &Arc<View>, cx: &mut Context<'_>) -> Arc<View> {
        let found = Work::new(cx, &view.schema).query(view, 0).map(|query| query.text);
        let Some(normal) = found.filter(|normal| normal.sure) else {
            cx.approximate(ObjectPath::View { schema: view.schema.clone(), view: view.name.clone() });
            return view.clone();
        };
        if normal.text == view.body {
            return view.clone();
        }
        Arc::new(View { body: normal.text, ..View::clone(view) })
    }

    fn trigger(&self, trigger: &Arc<Trigger>, cx: &mut Context<'_>) -> Arc<Trigger> {
        let Some(when) = trigger.attrs.get(&attr::WHEN) else { return trigger.clone() };
        let table = cx.realm.schema(&trigger.schema).and_then(|schema| schema.table(&trigger.on)).cloned();
        let mut work = Work::new(cx, &trigger.schema);
        let text = work.condition(&when, |name| table.as_ref().and_then(|table| column_type(table, name)));
        if !work.sure {
            let path = ObjectPath::Trigger { schema: trigger.schema.clone(), trigger: trigger.name.clone() };
            cx.approximate(path);
        }
        if text == when {
            return trigger.clone();
        }
        let mut out = Trigger::clone(trigger);
        out.attrs.set(&attr::WHEN, text);
        Arc::new(rules::with_body(out))
    }

    /// The defaults of arguments are expressions; the body is kept as it is.
    fn routine(&self, routine: &Arc<Routine>, cx: &mut Context<'_>) -> Arc<Routine> {
        // The server keeps what it understood of such a body, not its text.
        if routine.attrs.is(&attr::SQL_BODY) {
            let (schema, name) = (routine.schema.clone(), routine.name.clone());
            cx.approximate(ObjectPath::Routine { schema, routine: name });
        }
        let Some(mut args) = routine.attrs.get(&attr::ARGS) else { return routine.clone() };
        let mut work = Work::new(cx, &routine.schema);
        for arg in &mut args {
            let Some(text) = arg.get(&attr::DEFAULT) else { continue };
            let ty = arg.get(&attr::TYPE).map(|text| super::types::parse(&text));
            match work.argument(&text, ty.as_ref()) {
                Some(default) => arg.set(&attr::DEFAULT, default_text(&default)),
                None => work.sure = false,
            }
        }
        if !work.sure {
            let (schema, name) = (routine.schema.clone(), routine.name.clone());
            cx.approximate(ObjectPath::Routine { schema, routine: name });
        }
        let mut attrs = routine.attrs.clone();
        attrs.set(&attr::ARGS, args);
        if attrs == routine.attrs {
            return routine.clone();
        }
        Arc::new(Routine { attrs, ..Routine::clone(routine) })
    }

    fn object(&self, object: &Arc<Object>, cx: &mut Context<'_>) -> Arc<Object> {
        let mut out = Object::clone(object);
        let mut work = Work::new(cx, &object.schema);
        match out.kind {
            attr::DOMAIN => work.domain(&mut out),
            attr::RANGE => work.collation(&mut out.attrs),
            attr::COMPOSITE => {
                let mut fields = out.attrs.get(&attr::FIELDS).unwrap_or_default();
                fields.iter_mut().for_each(|field| work.collation(field));
                out.attrs.set(&attr::FIELDS, fields);
            }
            attr::COLLATION if features::number(cx.server) >= 160_000 => {
                // ICU's locales are language tags since.
                let icu = out.attrs.get(&attr::PROVIDER).is_some_and(|provider| provider == "icu");
                if let Some(locale) = out.attrs.get(&attr::LOCALE).filter(|_| icu) {
                    out.attrs.set(&attr::LOCALE, locale.replace('_', "-"));
                }
            }
            attr::PARTITION_OF => {
                if let Some(mut partition) = attr::Partition::of(&out.attrs) {
                    for part in &mut partition.parts {
                        if let PartOf::Expr(expr) = part {
                            expr.0 = work.condition(&expr.0, |_| None);
                        }
                    }
                    partition.set(&mut out.attrs);
                }
            }
            attr::FOREIGN_TABLE => work.foreign_table(&mut out),
            attr::PERMISSION => {
                accounts::settle(&mut out, features::number(cx.server));
                work.permission(&mut out);
            }
            attr::POLICY => {
                let on = out.attrs.get(&attr::ON).and_then(|text| names::target(&text));
                let table = on.and_then(|(_, name)| cx.realm.schema(&object.schema)?.table(&name).cloned());
                for key in [&attr::USING, &attr::WITH_CHECK] {
                    if let Some(text) = out.attrs.get(key) {
                        let ty = |name: &str| table.as_ref().and_then(|table| column_type(table, name));
                        out.attrs.set(key, work.condition(&text, ty));
                    }
                }
            }
            _ => return object.clone(),
        }
        if !work.sure {
            let (schema, kind, name) = (object.schema.clone(), object.kind, object.name.clone());
            cx.approximate(ObjectPath::Object { schema, kind, name });
        }
        if out == **object { object.clone() } else { Arc::new(out) }
    }
}

fn column_type(table: &Table, name: &str) -> Option<Ty> {
    let ty = table.column(name)?.ty.as_ref()?;
    Some(stored_type(ty))
}

/// The type of one of `columns`, where more than its name is known.
fn known_type(columns: &[Column], name: &str) -> Option<Ty> {
    let ty = columns.iter().find(|column| column.name == name)?.ty.as_ref()?;
    (!is_declared(ty)).then(|| stored_type(ty))
}

/// The type values of a column are stored in.
fn stored_type(ty: &ColumnType) -> Ty {
    match (ty.class, &*ty.name) {
        (Class::Serial, "smallserial") => Ty::new("smallint"),
        (Class::Serial, "bigserial") => Ty::new("bigint"),
        (Class::Serial, _) => Ty::new("integer"),
        _ => expr::type_of(ty),
    }
}

/// Whether nothing is known of a type but its name: a domain takes part in operators as what it is of.
fn is_declared(ty: &ColumnType) -> bool {
    ty.class == Class::UserDefined
}

/// The work on one object.
#[derive(Clone)]
struct Work<'a> {
    /// Whether the server surely writes what came out so far.
    sure: bool,
    realm: &'a Realm,
    server: &'a Capabilities,
    /// The schema of the object.
    schema: SmolStr,
}

impl<'a> Work<'a> {
    fn new(cx: &Context<'a>, schema: &SmolStr) -> Self {
        Self { sure: true, realm: cx.realm, server: cx.server, schema: schema.clone() }
    }

    /// What `read` makes of the types of names; those of columns are given.
    fn with_types<T>(
        &self,
        column: &dyn Fn(&[String]) -> Option<Ty>,
        read: impl FnOnce(&Types<'_>) -> T,
    ) -> T {
        let (declared, relation) = (|name: &str| self.declared(name), |name: &str| self.relation(name));
        let base = |name: &str| self.base(name);
        read(&Types {
            column,
            declared: &declared,
            relation: &relation,
            base: &base,
            modern: self.server.has(features::SQL_BODY),
            similar: self.server.has(features::SIMILAR_TO_ESCAPE),
        })
    }

    /// The schema of something written without one: the own, or else `public`.
    fn schema_of(&self, holds: impl Fn(&Schema) -> bool) -> Option<&SmolStr> {
        let schemas = [self.schema.as_str(), "public"];
        let found = schemas.iter().filter_map(|name| self.realm.schema(name)).find(|schema| holds(schema))?;
        Some(&found.name)
    }

    fn declared(&self, name: &str) -> Option<String> {
        let steps = names::steps(name);
        let [step] = &steps[..] else { return None };
        let kinds = [attr::ENUM, attr::DOMAIN, attr::COMPOSITE, attr::RANGE];
        let is = |object: &Arc<Object>| kinds.contains(&object.kind) && object.name == *step;
        let schema = self.schema_of(|schema| schema.objects.iter().any(is))?;
        Some(names::qualified("", schema, step))
    }

    /// What the domain of this name with its schema is of.
    fn base(&self, name: &str) -> Option<Ty> {
        let steps = names::steps(name);
        let [schema, step] = &steps[..] else { return None };
        let is = |object: &&Arc<Object>| object.kind == attr::DOMAIN && object.name == *step;
        let domain = self.realm.schema(schema)?.objects.iter().find(is)?;
        let ty = super::types::parse(&domain.attrs.get(&attr::TYPE)?);
        (!is_declared(&ty)).then(|| stored_type(&ty))
    }

    fn relation(&self, name: &str) -> Option<String> {
        let steps = names::steps(name);
        let [step] = &steps[..] else { return None };
        let sequence = |object: &Arc<Object>| object.kind == attr::SEQUENCE && object.name == *step;
        let holds = |schema: &Schema| {
            schema.objects.iter().any(sequence)
                || schema.table(step).is_some()
                || schema
                    .tables
                    .iter()
                    .any(|table| step.starts_with(table.name.as_str()) && step.ends_with("_seq"))
        };
        Some(names::qualified("", self.schema_of(holds)?, step))
    }

    /// A condition in the server's form; as it is where it cannot be read.
    fn condition(&mut self, text: &str, column: impl Fn(&str) -> Option<Ty>) -> String {
        let boolean = Ty::new("boolean");
        self.with(text, &column, |text, types| expr::normalize_as(text, &boolean, types))
    }

    fn with(
        &mut self,
        text: &str,
        column: &dyn Fn(&str) -> Option<Ty>,
        normalize: impl Fn(&str, &Types<'_>) -> Option<expr::Normal>,
    ) -> String {
        let of_path = |path: &[String]| column(path.last()?);
        let normal = self.with_types(&of_path, |types| normalize(text, types));
        match normal {
            Some(normal) => {
                self.sure &= !normal.unstable && (normal.sure || normal.text == text);
                normal.text
            }
            None => {
                self.sure = false;
                text.to_owned()
            }
        }
    }

    fn of_table(&mut self, text: &str, columns: &[Column]) -> String {
        self.condition(text, |name| known_type(columns, name))
    }

    fn of_index(&mut self, text: &str, columns: &[Column]) -> String {
        self.with(text, &|name| known_type(columns, name), expr::normalize_part)
    }
}
