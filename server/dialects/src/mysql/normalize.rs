//! What was written as a server with these capabilities keeps it: MySQL 5.7 to 9, MariaDB, TiDB.
//!
//! Charsets and collations are inherited, names are made up, defaults and expressions are printed as the catalog shows
//! them. What the server may print otherwise is marked. Invariant: what was inspected stays as it is.
//!
//! Source: the conventions of [`super::attr`]; both servers, asked by tests.

mod charset;
mod column;
mod table;
mod view;

use std::sync::Arc;

use engine::Error;
use engine::connection::Capabilities;
use engine::normalize::{Context, Hooks};
use engine::scope::Accounts;
use schema::{Attrs, Object, ObjectPath, Realm, Routine, Schema, Table, Trigger, View};

use self::charset::Pair;
use super::accounts;
use super::attr::{ARG, CHARSET, COLLATE, EVENT, RETURN, ROLE, SCHEDULE, TYPE, USER};
use super::features::{CHARSET_SETTING, CHECK, COLLATION_SETTING, SCHEMA_COMMENT};

/// How MySQL and MariaDB write what the user wrote.
pub struct Mysql;

impl Hooks for Mysql {
    /// Tables that all have one collation have that of their server, or of a schema, which is as good.
    fn tells(&self, realm: &Realm, server: &mut Capabilities) {
        let tables = realm.schemas.iter().flat_map(|schema| &schema.tables);
        let mut pairs = tables.filter_map(|table| Pair::written(&table.attrs, server));
        let Some(first) = pairs.next().filter(|first| pairs.all(|pair| pair == *first)) else { return };
        server.settings.insert(CHARSET_SETTING, first.charset);
        server.settings.insert(COLLATION_SETTING, first.collate);
    }

    fn surroundings(&self, realm: &Realm, _: &Capabilities) -> u64 {
        use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
        let inherited: Vec<_> = realm
            .schemas
            .iter()
            .map(|schema| (&schema.name, schema.attrs.get(&CHARSET), schema.attrs.get(&COLLATE)))
            .collect();
        let accounts: Vec<_> = realm
            .objects
            .iter()
            .filter(|object| matches!(object.kind, ROLE | USER))
            .map(|object| (object.kind, &object.name))
            .collect();
        BuildHasherDefault::<DefaultHasher>::default().hash_one((inherited, accounts))
    }

    fn schema(&self, schema: &mut Schema, cx: &mut Context<'_>) {
        Pair::of_schema(&schema.attrs, cx.server).store(&mut schema.attrs);
        if !cx.server.has(SCHEMA_COMMENT) {
            schema.comment = None;
        }
    }

    fn table(&self, table: &Arc<Table>, cx: &mut Context<'_>) -> Result<Arc<Table>, Error> {
        if !table.checks.is_empty() && !cx.server.has(CHECK) {
            let version = &cx.server.version;
            return Err(Error::Invalid(format!("version {version:?} does not support CHECK constraints")));
        }
        let inherited = pair_of(cx, &table.schema);
        let normal = table::normal(table, &inherited, cx);
        Ok(if normal == **table { table.clone() } else { Arc::new(normal) })
    }

    fn view(&self, view: &Arc<View>, cx: &mut Context<'_>) -> Arc<View> {
        let (normal, sure) = view::normal(view, cx);
        if !sure {
            cx.approximate(ObjectPath::View { schema: view.schema.clone(), view: view.name.clone() });
        }
        if normal == **view { view.clone() } else { Arc::new(normal) }
    }

    fn trigger(&self, trigger: &Arc<Trigger>, _: &mut Context<'_>) -> Arc<Trigger> {
        trigger.clone()
    }

    fn routine(&self, routine: &Arc<Routine>, cx: &mut Context<'_>) -> Arc<Routine> {
        let inherited = pair_of(cx, &routine.schema);
        let mut attrs = routine.attrs.clone();
        if let Some(mut args) = attrs.get(&ARG) {
            for arg in &mut args {
                let own = Pair::written(arg, cx.server);
                arg.remove(&CHARSET);
                arg.remove(&COLLATE);
                if let Some(own) = own.filter(|_| arg.get(&TYPE).is_some()) {
                    own.store_beside(&inherited, arg, cx.server);
                }
            }
            attrs.set(&ARG, args);
        }
        if let Some(returns) = attrs.get(&RETURN) {
            attrs.set(&RETURN, returned(&returns, &inherited, cx.server));
        }
        match attrs == routine.attrs {
            true => routine.clone(),
            false => Arc::new(Routine { attrs, ..Routine::clone(routine) }),
        }
    }

    fn object(&self, object: &Arc<Object>, cx: &mut Context<'_>) -> Arc<Object> {
        if Accounts::is_about(object) {
            let normal = accounts::normal(object, cx.realm, cx.server);
            return if normal == **object { object.clone() } else { Arc::new(normal) };
        }
        if object.kind == EVENT
            && let Some(schedule) = object.attrs.get(&SCHEDULE)
        {
            let (text, sure) = scheduled(&schedule);
            if !sure {
                let (schema, name) = (object.schema.clone(), object.name.clone());
                cx.approximate(ObjectPath::Object { schema, kind: EVENT, name });
            }
            if text != schedule {
                let mut object = Object::clone(object);
                object.attrs.set(&SCHEDULE, text);
                return Arc::new(object);
            }
        }
        object.clone()
    }
}

fn pair_of(cx: &Context<'_>, schema: &str) -> Pair {
    let empty = Attrs::default();
    let attrs = cx.realm.schema(schema).map_or(&empty, |schema| &schema.attrs);
    Pair::of_schema(attrs, cx.server)
}

/// The type a function returns, without the charset it would have anyhow.
fn returned(text: &str, inherited: &Pair, server: &Capabilities) -> String {
    let lower = text.to_lowercase();
    let at = [" charset ", " collate "].iter().filter_map(|word| lower.find(word)).min();
    let Some(at) = at else { return text.to_owned() };
    let mut attrs = Attrs::default();
    let mut words = lower[at..].split_whitespace();
    while let (Some(word), Some(value)) = (words.next(), words.next()) {
        attrs.set(if word == "charset" { &CHARSET } else { &COLLATE }, value.to_owned());
    }
    let mut out = text[..at].to_owned();
    let mut kept = Attrs::default();
    if let Some(own) = Pair::written(&attrs, server) {
        own.store_beside(inherited, &mut kept, server);
    }
    for (word, key) in [(" CHARSET ", &CHARSET), (" COLLATE ", &COLLATE)] {
        if let Some(value) = kept.get(key) {
            out.push_str(word);
            out.push_str(&value);
        }
    }
    out
}

/// A schedule as the catalog has it, and whether it is sure: the server takes the time of creation where none is said.
fn scheduled(text: &str) -> (String, bool) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut out = Vec::new();
    let mut quoted = false;
    for word in &words {
        let upper = word.to_ascii_uppercase();
        out.push(if quoted || word.contains('\'') { (*word).to_owned() } else { upper });
        quoted ^= word.bytes().filter(|byte| *byte == b'\'').count() % 2 == 1;
    }
    let every = out.first().is_some_and(|word| word == "EVERY");
    let sure = match every {
        true => out.iter().any(|word| word == "STARTS") && !out.iter().any(|word| word.contains("INTERVAL")),
        false => out.get(1).is_some_and(|word| word.starts_with('\'')) && !out.iter().any(|word| word == "+"),
    };
    (out.join(" "), sure)
}

#[cfg(test)]
mod tests;
