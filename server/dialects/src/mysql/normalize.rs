//! How MySQL and MariaDB write what the user wrote.
//!
//! What a server adds to a definition (charsets, engines, indexes of foreign keys, names) and the one form it gives to
//! defaults; `attr.rs` has the conventions. Expressions stay as they were written, since only the server can print
//! them: what has one is approximate. Invariant: what was inspected comes back as it is.
//!
//! Source: `SHOW CREATE TABLE` and the catalogs of MySQL 9.7 and MariaDB 10.11; MySQL `sql/sql_table.cc`.

mod column;
mod keys;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use engine::Error;
use engine::connection::Capabilities;
use engine::normalize::{Context, Hooks};
use rustc_hash::FxHasher;
use schema::{ObjectPath, Realm, Schema, SmolStr, Table, View};

use super::attr::{AUTO_INCREMENT_START, CHARSET, COLLATE, ENFORCED, ENGINE};
use super::charset;
use super::features::{self, CHARSET_SETTING, COLLATION_SETTING, DEFAULT_ENGINE, MARIADB, UTF8MB3};

/// The offline normalizer.
pub struct Mysql;

impl Hooks for Mysql {
    /// The charsets tables inherit, and the primary keys foreign keys may mean.
    fn surroundings(&self, realm: &Realm, _server: &Capabilities) -> u64 {
        let mut hasher = FxHasher::default();
        for schema in &realm.schemas {
            (&schema.name, schema.attrs.get(&CHARSET), schema.attrs.get(&COLLATE)).hash(&mut hasher);
        }
        hasher.finish()
    }

    fn schema(&self, schema: &mut Schema, cx: &mut Context<'_>) {
        let (charset, collate) = of_schema(schema, cx.server);
        schema.attrs.set(&CHARSET, charset);
        schema.attrs.set(&COLLATE, collate);
        schema.comment = schema.comment.take().filter(|comment| !comment.is_empty());
    }

    fn table(&self, table: &Arc<Table>, cx: &mut Context<'_>) -> Result<Arc<Table>, Error> {
        if !table.checks.is_empty() && !cx.server.has(features::CHECK) {
            let version = &cx.server.version;
            return Err(Error::Invalid(format!("version {version:?} does not support CHECK constraints")));
        }
        let mut to = Table::clone(table);
        attrs(&mut to, cx);
        for at in 0..to.columns.len() {
            let mut column = to.columns[at].clone();
            column::normalize(&to, &mut column, cx.server);
            to.columns[at] = column;
        }
        keys::normalize(&mut to, cx.server);
        checks(&mut to, cx.server);
        for path in approximate(&to) {
            cx.approximate(path);
        }
        Ok(if to == **table { table.clone() } else { Arc::new(to) })
    }

    /// The server takes queries apart and prints them its own way.
    fn view(&self, view: &Arc<View>, cx: &mut Context<'_>) -> Arc<View> {
        if !super::words::is_printed(&view.body) {
            cx.approximate(ObjectPath::View { schema: view.schema.clone(), view: view.name.clone() });
        }
        view.clone()
    }
}

/// A charset or collation as this server calls it.
fn called(name: &str, server: &Capabilities) -> String {
    let name = charset::canonical(name);
    match (name.strip_prefix("utf8mb3"), server.setting(UTF8MB3)) {
        (Some(rest), own) if !own.is_empty() => format!("{own}{rest}"),
        _ => name,
    }
}

/// The charset and collation that go with what is said of them.
fn pair(charset: Option<String>, collate: Option<String>, server: &Capabilities) -> Option<(String, String)> {
    let (charset, collate) = match (charset, collate) {
        (None, None) => return None,
        (Some(charset), Some(collate)) => (charset, collate),
        (Some(charset), None) => {
            let collate = charset::default_collation(&charset, server);
            (charset, collate)
        }
        (None, Some(collate)) => (charset::of_collation(&collate), collate),
    };
    Some((called(&charset, server), called(&collate, server)))
}

fn of_schema(schema: &Schema, server: &Capabilities) -> (String, String) {
    let own = |name: &'static str, other: &str| match server.setting(name) {
        "" => other.to_string(),
        value => value.to_string(),
    };
    pair(schema.attrs.get(&CHARSET), schema.attrs.get(&COLLATE), server)
        .unwrap_or_else(|| (own(CHARSET_SETTING, "utf8mb4"), own(COLLATION_SETTING, "utf8mb4_0900_ai_ci")))
}

fn attrs(table: &mut Table, cx: &Context<'_>) {
    let said = pair(table.attrs.get(&CHARSET), table.attrs.get(&COLLATE), cx.server);
    let (charset, collate) = said.unwrap_or_else(|| match cx.realm.schema(&table.schema) {
        Some(schema) => of_schema(schema, cx.server),
        None => of_schema(&Schema::default(), cx.server),
    });
    table.attrs.set(&CHARSET, charset);
    table.attrs.set(&COLLATE, collate);
    let usual = cx.server.setting(DEFAULT_ENGINE);
    let engine = table.attrs.get(&ENGINE).unwrap_or_else(|| usual.to_string());
    table.attrs.set(&ENGINE, spelling(&engine).to_string());
    if table.attrs.get(&AUTO_INCREMENT_START).is_some_and(|start| start <= 1) {
        table.attrs.remove(&AUTO_INCREMENT_START);
    }
    table.comment = table.comment.take().filter(|comment| !comment.is_empty());
    table.depends_on.sort();
}

/// An engine as servers spell it.
fn spelling(engine: &str) -> &str {
    const KNOWN: &[&str] = &[
        "InnoDB",
        "MyISAM",
        "MEMORY",
        "CSV",
        "ARCHIVE",
        "BLACKHOLE",
        "FEDERATED",
        "Aria",
        "MRG_MyISAM",
        "ROCKSDB",
    ];
    match engine.to_ascii_lowercase().as_str() {
        "" => "InnoDB",
        "heap" => "MEMORY",
        "merge" => "MRG_MyISAM",
        "ndb" | "ndbcluster" => "ndbcluster",
        lower => KNOWN.iter().find(|known| known.eq_ignore_ascii_case(lower)).copied().unwrap_or(engine),
    }
}

/// Checks have names and are sorted by them.
fn checks(table: &mut Table, server: &Capabilities) {
    let mut number = 0;
    let taken: Vec<SmolStr> = table.checks.iter().filter_map(|check| check.name.clone()).collect();
    for check in &mut table.checks {
        if check.attrs.get(&ENFORCED) == Some(true) || !server.has(features::ENFORCED) {
            check.attrs.remove(&ENFORCED);
        }
        if check.name.as_ref().is_none_or(|name| name.is_empty()) {
            let name = loop {
                number += 1;
                let name = if server.has(MARIADB) {
                    SmolStr::from(format!("CONSTRAINT_{number}"))
                } else {
                    SmolStr::from(format!("{}_chk_{number}", table.name))
                };
                if !taken.contains(&name) {
                    break name;
                }
            };
            check.name = Some(name);
        }
    }
    table.checks.sort_by(|a, b| a.name.cmp(&b.name));
}

/// What has an expression that is not in the server's words.
fn approximate(table: &Table) -> Vec<ObjectPath> {
    let (schema, name) = (&table.schema, &table.name);
    let mut out = Vec::new();
    for column in &table.columns {
        let generated = column.generated.as_ref().is_some_and(|it| !super::words::is_printed(&it.expr.0));
        let default = matches!(&column.default, Some(schema::Default::Expr(expr))
            if expr.0.starts_with('(') && !super::words::is_printed(&expr.0));
        if generated || default {
            out.push(ObjectPath::Column {
                schema: schema.clone(),
                table: name.clone(),
                column: column.name.clone(),
            });
        }
    }
    for index in &table.indexes {
        let expr = |part: &schema::IndexPart| match &part.of {
            schema::PartOf::Expr(expr) => !super::words::is_printed(&expr.0),
            schema::PartOf::Column(_) => false,
        };
        if index.parts.iter().any(expr) {
            out.push(ObjectPath::Index {
                schema: schema.clone(),
                table: name.clone(),
                index: index.name.clone(),
            });
        }
    }
    for check in table.checks.iter().filter(|check| !super::words::is_printed(&check.expr.0)) {
        let check = check.name.clone().unwrap_or_default();
        out.push(ObjectPath::Check { schema: schema.clone(), table: name.clone(), check });
    }
    out
}

#[cfg(test)]
mod tests;
