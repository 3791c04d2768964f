//! How PostgreSQL writes what the user wrote.
//!
//! Types are canonical already when they are read, so what is left are expressions, which `expr` prints as the server
//! does, the names the server makes up, and the defaults nobody writes. The queries of views are printed where they are
//! plain selects; others are kept as they were written and count as a guess. Invariant: what was inspected is a fixed point.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use engine::Error;
use engine::connection::Capabilities;
use engine::normalize::{Context, Hooks};
use rustc_hash::FxHasher;
use schema::{
    Attrs, Class, Column, ColumnType, Default, Expr, Generated, Index, IndexPart, Key, Object, ObjectPath,
    PartOf, Realm, ReferenceAction, Routine, Schema, SmolStr, Table, Trigger, View,
};

use super::expr::query::{Queries, Source};
use super::expr::{self, Ty, Types};
use super::{accounts, attr, defaults, features, names, opclass, rules};

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
        let work = Work::new(cx, &view.schema);
        let plain = cx.server.has(features::PLAIN_COLUMNS);
        let normal = work.query(&view.body, plain).filter(|normal| normal.sure);
        let Some(normal) = normal.filter(|_| view.attrs.get(&attr::COLUMNS).is_none()) else {
            cx.approximate(ObjectPath::View { schema: view.schema.clone(), view: view.name.clone() });
            return view.clone();
        };
        // Reading its own text again the server takes parentheses around conditions off; what it wrote stays.
        let bare = |text: &str| text.replace(['(', ')'], "");
        if bare(&normal.text) == bare(&view.body) {
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

/// A name as far as the server keeps it.
fn cut(name: &mut SmolStr) {
    let kept = names::kept(name);
    if kept.len() < name.len() {
        *name = kept.into();
    }
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

struct Work<'a> {
    modern: bool,
    similar: bool,
    sure: bool,
    realm: &'a Realm,
    /// The schema of the object.
    schema: SmolStr,
}

impl<'a> Work<'a> {
    fn new(cx: &Context<'a>, schema: &SmolStr) -> Self {
        let modern = cx.server.has(features::SQL_BODY);
        let similar = cx.server.has(features::SIMILAR_TO_ESCAPE);
        Self { modern, similar, sure: true, realm: cx.realm, schema: schema.clone() }
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
        let normal = {
            let (declared, relation) = (|name: &str| self.declared(name), |name: &str| self.relation(name));
            let base = |name: &str| self.base(name);
            let of_path = |path: &[String]| column(path.last()?);
            let types = Types {
                column: &of_path,
                declared: &declared,
                relation: &relation,
                base: &base,
                modern: self.modern,
                similar: self.similar,
            };
            normalize(text, &types)
        };
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

    fn table(&mut self, table: &mut Table, cx: &mut Context<'_>) {
        let (schema, name) = (table.schema.clone(), table.name.clone());
        let columns = table.columns.clone();
        for column in &mut table.columns {
            self.sure = true;
            self.column(column, &columns);
            if !self.sure {
                cx.approximate(ObjectPath::Column {
                    schema: schema.clone(),
                    table: name.clone(),
                    column: column.name.clone(),
                });
            }
        }
        self.key(table);
        let mut indexes = std::mem::take(&mut table.indexes);
        for index in &mut indexes {
            self.sure = true;
            self.index(index, &columns);
            cut(&mut index.name);
            if index.name.is_empty() {
                index.name = implied_index(table, index).into();
            }
            if !self.sure {
                cx.approximate(ObjectPath::Index {
                    schema: schema.clone(),
                    table: name.clone(),
                    index: index.name.clone(),
                });
            }
        }
        indexes.sort_by(|a, b| a.name.cmp(&b.name));
        table.indexes = indexes;
        self.foreign_keys(table, cx);
        let mut taken: Vec<String> =
            table.checks.iter().filter_map(|check| check.name.as_ref().map(ToString::to_string)).collect();
        for check in &mut table.checks {
            self.sure = true;
            check.name.iter_mut().for_each(cut);
            if check.name.is_none() {
                let own: Vec<String> = expr::columns(&check.expr.0)
                    .into_iter()
                    .filter(|name| columns.iter().any(|column| column.name == *name))
                    .collect();
                let own: Vec<&str> = own.iter().map(String::as_str).collect();
                let own = if own.len() == 1 { &own[..] } else { &[] };
                let implied =
                    names::implied(&name, own, "check", |name| taken.iter().any(|taken| taken == name));
                taken.push(implied.clone());
                check.name = Some(implied.into());
            }
            check.expr.0 = self.of_table(&check.expr.0, &columns);
            if !self.sure {
                cx.approximate(ObjectPath::Check {
                    schema: schema.clone(),
                    table: name.clone(),
                    check: check.name.clone().unwrap_or_default(),
                });
            }
        }
        table.checks.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(mut partition) = attr::Partition::of(&table.attrs) {
            self.sure = true;
            for part in &mut partition.parts {
                if let PartOf::Expr(expr) = part {
                    expr.0 = self.of_table(&expr.0, &columns);
                }
            }
            partition.set(&mut table.attrs);
            if !self.sure {
                cx.approximate(ObjectPath::Table { schema, table: name });
            }
        }
    }

    fn column(&mut self, column: &mut Column, columns: &[Column]) {
        let serial = column.ty.as_ref().is_some_and(|ty| ty.class == Class::Serial);
        if serial || attr::Identity::of(&column.attrs).is_some() {
            column.nullable = false;
        }
        let ty = column.ty.clone();
        if let Some(default) = &column.default {
            column.default = self.default(default, ty.as_ref());
        }
        if let Some(Generated { expr, .. }) = &mut column.generated {
            let stored = ty.as_ref().filter(|ty| !is_declared(ty)).map(stored_type);
            let lookup = |name: &str| known_type(columns, name);
            expr.0 = self.with(&expr.0, &lookup, |text, types| match &stored {
                Some(stored) => expr::normalize_as(text, stored, types),
                None => expr::normalize(text, types),
            });
        }
        if let Some(collation) = column.attrs.get(&attr::COLLATE) {
            if collation == "\"default\"" {
                column.attrs.remove(&attr::COLLATE);
            } else {
                self.collation(&mut column.attrs);
            }
        }
    }

    /// The query of a view as the server keeps it; `None` when it is not of a kind that is known.
    fn query(&self, text: &str, plain: bool) -> Option<expr::Normal> {
        let none = |_: &[String]| None;
        let (declared, relation) = (|name: &str| self.declared(name), |name: &str| self.relation(name));
        let base = |name: &str| self.base(name);
        let types = Types {
            column: &none,
            declared: &declared,
            relation: &relation,
            base: &base,
            modern: self.modern,
            similar: self.similar,
        };
        let source = |schema: Option<&str>, name: &str| self.source(schema, name);
        expr::query::normalize(text, &types, &Queries { source: &source, plain })
    }

    /// The table or view a query reads.
    fn source(&self, schema: Option<&str>, name: &str) -> Option<Source> {
        let is = |schema: &Schema| schema.table(name).is_some() || schema.view(name).is_some();
        let schema = match schema {
            Some(schema) => self.realm.schema(schema)?,
            None => self.realm.schema(self.schema_of(is)?)?,
        };
        let known = |column: &Column| {
            let ty = column.ty.as_ref().filter(|ty| !is_declared(ty)).map(stored_type);
            (column.name.to_string(), ty)
        };
        let columns = match (schema.table(name), schema.view(name)) {
            (Some(table), _) => table.columns.iter().map(known).collect(),
            // Their types are those of other tables.
            (None, Some(view)) => view.columns.iter().map(|column| (column.name.to_string(), None)).collect(),
            (None, None) => return None,
        };
        Some(Source { schema: schema.name.to_string(), name: name.to_owned(), columns })
    }

    /// The default of an argument as the server keeps it; `None` when it could not be read.
    fn argument(&mut self, text: &str, ty: Option<&ColumnType>) -> Option<Default> {
        let none = |_: &[String]| None;
        let (declared, relation) = (|name: &str| self.declared(name), |name: &str| self.relation(name));
        let base = |name: &str| self.base(name);
        let types = Types {
            column: &none,
            declared: &declared,
            relation: &relation,
            base: &base,
            modern: self.modern,
            similar: self.similar,
        };
        let normal = match ty.filter(|ty| !is_declared(ty)) {
            Some(ty) => expr::normalize_as(text, &stored_type(ty), &types),
            None => expr::normalize(text, &types),
        }?;
        self.sure &= normal.sure;
        Some(defaults::read(&normal.text, ty))
    }

    /// A default as the server keeps it; `None` for NULL, which is none.
    fn default(&mut self, default: &Default, ty: Option<&ColumnType>) -> Option<Default> {
        let text = match default {
            Default::Literal(literal) if literal.quoted => format!("'{}'", literal.text.replace('\'', "''")),
            Default::Literal(literal) => literal.text.clone(),
            Default::Expr(Expr(text)) => text.clone(),
        };
        if text.eq_ignore_ascii_case("null") {
            return None;
        }
        let none = |_: &[String]| None;
        let (declared, relation) = (|name: &str| self.declared(name), |name: &str| self.relation(name));
        let base = |name: &str| self.base(name);
        let types = Types {
            column: &none,
            declared: &declared,
            relation: &relation,
            base: &base,
            modern: self.modern,
            similar: self.similar,
        };
        let stored = ty.and_then(|ty| match is_declared(ty) {
            true => self.base(&expr::type_of(ty).name),
            false => Some(stored_type(ty)),
        });
        let normal = match stored {
            Some(stored) => expr::normalize_as(&text, &stored, &types),
            None => expr::normalize(&text, &types),
        };
        let Some(normal) = normal else {
            // A literal is what it is; what could not be read may come back otherwise.
            self.sure &= matches!(default, Default::Literal(_));
            return Some(default.clone());
        };
        let read = defaults::read(&normal.text, ty);
        self.sure &= normal.sure;
        Some(read)
    }

    fn key(&mut self, table: &mut Table) {
        let Some(key) = &mut table.primary_key else { return };
        if key.name.as_ref().is_some_and(|name| *name == rules::implied_key(&table.name)) {
            key.name = None;
        }
        for part in key.parts.iter().filter_map(IndexPart::column_name) {
            if let Some(column) = table.columns.iter_mut().find(|column| column.name == *part) {
                column.nullable = false;
            }
        }
    }

    fn index(&mut self, index: &mut Index, columns: &[Column]) {
        let method = index.attrs.get(&attr::TYPE).unwrap_or_else(|| "BTREE".to_owned());
        for part in &mut index.parts {
            if let PartOf::Expr(Expr(text)) = &mut part.of {
                let plain = text.trim();
                let inner = if rules::is_wrapped(plain) { plain[1..plain.len() - 1].trim() } else { plain };
                // A column in parentheses is a column.
                let single = names::steps(inner);
                match &single[..] {
                    [name] if columns.iter().any(|column| column.name == *name) => {
                        part.of = PartOf::Column(name.clone());
                    }
                    _ => *text = self.of_index(inner, columns),
                }
            }
            let ty = match &part.of {
                PartOf::Column(name) => columns
                    .iter()
                    .find(|column| column.name == *name)
                    .and_then(|column| column.ty.as_ref())
                    .map(|ty| stored_type(ty).text()),
                PartOf::Expr(_) => None,
            };
            settle_part(part, &method, ty.as_deref());
            // The collation of the column is no other one.
            let own = part.column_name().and_then(|name| columns.iter().find(|column| column.name == *name));
            if let Some(own) = own
                && part.attrs.get(&attr::COLLATE).is_some()
                && part.attrs.get(&attr::COLLATE) == own.attrs.get(&attr::COLLATE)
            {
                part.attrs.remove(&attr::COLLATE);
            }
        }
        if let Some(Expr(text)) = &mut index.predicate {
            *text = self.of_table(text, columns);
        }
        // What is always true is no condition.
        index.predicate.take_if(|predicate| predicate.0 == "true");
        if method == "BTREE" {
            index.attrs.remove(&attr::TYPE);
        }
        if index.attrs.get(&attr::NULLS_DISTINCT) == Some(true) {
            index.attrs.remove(&attr::NULLS_DISTINCT);
        }
    }

    fn foreign_keys(&mut self, table: &mut Table, cx: &Context<'_>) {
        let own = table.clone();
        let mut taken: Vec<String> =
            own.foreign_keys.iter().filter_map(|key| key.name.as_ref().map(ToString::to_string)).collect();
        for key in &mut table.foreign_keys {
            key.on_update = key.on_update.or(Some(ReferenceAction::NoAction));
            key.on_delete = key.on_delete.or(Some(ReferenceAction::NoAction));
            if key.ref_schema == own.schema {
                key.ref_schema = SmolStr::default();
            }
            if key.ref_columns.is_empty() {
                let schema = if key.ref_schema.is_empty() { &own.schema } else { &key.ref_schema };
                let target = cx.realm.schema(schema).and_then(|schema| schema.table(&key.ref_table));
                let parts = target.and_then(|table| table.primary_key.as_ref()).map(|key| &key.parts);
                key.ref_columns =
                    parts.into_iter().flatten().filter_map(|part| part.column_name().cloned()).collect();
            }
            key.name.iter_mut().for_each(cut);
            if key.name.is_none() {
                let columns: Vec<&str> = key.columns.iter().map(|name| name.as_str()).collect();
                let implied = names::implied(&own.name, &columns, "fkey", |name| {
                    taken.iter().any(|taken| taken == name)
                });
                taken.push(implied.clone());
                key.name = Some(implied.into());
            }
        }
        table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Defaults of a foreign table, as of any other.
    fn foreign_table(&mut self, object: &mut Object) {
        let Some(mut columns) = object.attrs.get(&attr::TABLE_COLUMNS) else { return };
        for column in &mut columns {
            let Some(text) = column.get(&attr::DEFAULT) else { continue };
            let ty = column.get(&attr::TYPE).map(|text| super::types::parse(&text));
            let default = engine::decode::Hooks::default_of(&rules::Rules, &text);
            let declared = ty.as_ref().is_some_and(is_declared);
            if declared && matches!(default, Default::Literal(_)) {
                continue;
            }
            match self.default(&default, ty.as_ref()) {
                Some(default) => column.set(&attr::DEFAULT, default_text(&default)),
                None => column.remove(&attr::DEFAULT),
            }
        }
        object.attrs.set(&attr::TABLE_COLUMNS, columns);
    }

    /// A function of which there is only one is named without its arguments.
    fn permission(&mut self, object: &mut Object) {
        let Some(designation) = object.attrs.get(&attr::FOR) else { return };
        let Some((word @ ("function" | "procedure"), name)) = accounts::parts(&designation) else { return };
        let Some((path, _)) = name.split_once('(') else { return };
        let Some((schema, of)) = names::target(path) else { return };
        let Some(schema) = self.realm.schema(&schema) else { return };
        let aggregates =
            schema.objects.iter().filter(|it| it.kind == attr::AGGREGATE && it.name == of).count();
        if schema.routines.iter().filter(|it| it.name == of).count() + aggregates == 1 {
            let privileges = object.attrs.get(&attr::PRIVILEGES).unwrap_or_default();
            let to = object.attrs.get(&attr::GRANTEE).unwrap_or_default();
            let designation = format!("{word} {path}");
            let grantable = object.attrs.is(&attr::GRANTABLE);
            if let Some(same) = accounts::permission(&designation, &to, privileges, grantable) {
                *object = same;
            }
        }
    }

    /// A collation of the own schema is named alone.
    fn collation(&self, attrs: &mut Attrs) {
        if let Some(collation) = attrs.get(&attr::COLLATE)
            && let Some(own) = collation.strip_prefix(&format!("{}.", self.schema))
        {
            attrs.set(&attr::COLLATE, own.to_owned());
        }
    }

    fn domain(&mut self, object: &mut Object) {
        self.collation(&mut object.attrs);
        let ty = object.attrs.get(&attr::TYPE).map(|text| super::types::parse(&text));
        let value = ty.as_ref().filter(|ty| !is_declared(ty)).map(stored_type);
        if let Some(mut checks) = object.attrs.get(&attr::CHECKS) {
            for check in &mut checks {
                if let Some(text) = check.get(&attr::EXPR) {
                    let text = self.condition(&text, |name| {
                        if name.eq_ignore_ascii_case("value") { value.clone() } else { None }
                    });
                    // `VALUE` is a word there and no column.
                    let text = value_word(&text);
                    check.set(&attr::EXPR, text);
                }
            }
            object.attrs.set(&attr::CHECKS, checks);
        }
        if let Some(text) = object.attrs.get(&attr::DEFAULT) {
            let none = |_: &[String]| None;
            let (declared, relation) = (|name: &str| self.declared(name), |name: &str| self.relation(name));
            let base = |name: &str| self.base(name);
            let types = Types {
                column: &none,
                declared: &declared,
                relation: &relation,
                base: &base,
                modern: self.modern,
                similar: self.similar,
            };
            let normal = match &value {
                Some(value) => expr::normalize_as(&text, value, &types),
                None => expr::normalize(&text, &types),
            };
            match normal {
                Some(normal) => {
                    let read = defaults::read(&normal.text, ty.as_ref());
                    object.attrs.set(&attr::DEFAULT, default_text(&read));
                    self.sure &= normal.sure;
                }
                None => self.sure = false,
            }
        }
    }
}

/// A default as an attribute has it.
fn default_text(default: &Default) -> String {
    match default {
        Default::Literal(literal) if literal.quoted => format!("'{}'", literal.text.replace('\'', "''")),
        Default::Literal(literal) => literal.text.clone(),
        Default::Expr(expr) => expr.0.clone(),
    }
}

/// `value` as the word the server writes in upper case.
fn value_word(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut quoted = false;
    while let Some(ch) = rest.chars().next() {
        let before = out.chars().next_back().is_some_and(|ch| ch.is_alphanumeric() || ch == '_' || ch == '"');
        let behind = rest.get(5..).and_then(|rest| rest.chars().next());
        let word = rest.starts_with("value") && !behind.is_some_and(|ch| ch.is_alphanumeric() || ch == '_');
        if !quoted && !before && word {
            out.push_str("VALUE");
            rest = &rest[5..];
            continue;
        }
        quoted ^= ch == '\'';
        out.push(ch);
        rest = &rest[ch.len_utf8()..];
    }
    out
}

/// What is the default of an index part is not kept.
fn settle_part(part: &mut IndexPart, method: &str, ty: Option<&str>) {
    if part.desc {
        part.attrs.remove(&attr::NULLS_FIRST);
    } else {
        part.attrs.remove(&attr::NULLS_LAST);
    }
    let default = |attrs: &Attrs| {
        let ops = attrs.get(&attr::OPS)?;
        let bare = ty?.split('(').next()?.to_owned();
        Some(opclass::is_default(method, &bare, &ops))
    };
    if default(&part.attrs) == Some(true) {
        part.attrs.remove(&attr::OPS);
    }
}

fn implied_index(table: &Table, index: &Index) -> String {
    let words: Vec<String> = index
        .parts
        .iter()
        .map(|part| match &part.of {
            PartOf::Column(name) => name.to_string(),
            PartOf::Expr(expr) => expr::column_word(&expr.0),
        })
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let label = match index.key {
        Key::UniqueConstraint => "key",
        Key::Exclusion => "excl",
        Key::Index => "idx",
    };
    names::implied(&table.name, &words, label, |name| table.indexes.iter().any(|index| index.name == name))
}
