//! Reading a MySQL, MariaDB or TiDB server: a constant number of catalog queries, whatever the number of tables.
//!
//! The catalog's tables are read one by one and joined here: the server's own joins of them take seconds for a
//! thousand tables. What no catalog table has is asked for afterwards, one query for each object it is about: the
//! parser of a full-text index, and in MySQL the body of a routine, trigger or event with quotes in it, which the
//! catalog shows with its escapes gone. All values of sequences come from one query.
//! Invariant: the result is in the form [`super::attr`] describes.
//!
//! Source: MySQL 9.1 manual, 28 "INFORMATION_SCHEMA Tables"; MariaDB's "Information Schema Tables"; reference engine.md
//! §4.1.

mod accounts;
mod bodies;
mod catalog;
mod columns;
mod constraints;
mod follow_up;
mod partitions;
mod text;

use std::sync::Arc;

use engine::connection::{Capabilities, Query, Role, Rows};
use engine::scope::Accounts;
use engine::{Error, Scope};
use schema::{Attrs, Object, Realm, Schema, SmolStr, Table};

use self::catalog::{Catalog, Row, Rowed};
pub use self::columns::default as column_default;
pub use self::follow_up::follow_up;
pub use self::text::{aliases, wrapped};
use super::attr;
use super::features;

/// Which server this is.
pub const SERVER: &str = include_str!("inspect/version.sql");

/// The catalog queries.
pub fn queries(scope: &Scope, server: &Capabilities) -> Vec<Query> {
    let maria = server.has(features::MARIADB);
    let tidb = server.has(features::TIDB);
    let when = |has: bool, sql: &'static str| if has { sql } else { "NULL" };
    let hidden = match (server.has(features::INVISIBLE_INDEX), maria) {
        (false, _) => "NULL",
        (true, true) => "CAST(IGNORED AS CHAR)",
        (true, false) => "IF(IS_VISIBLE = 'NO', 'YES', 'NO')",
    };
    let fragments = [
        ("{schemas}", schemas(scope)),
        (
            "{schema_comment}",
            when(server.has(features::SCHEMA_COMMENT), "CAST(SCHEMA_COMMENT AS CHAR)").into(),
        ),
        (
            "{generation_expression}",
            when(server.has(features::GENERATED), "CAST(GENERATION_EXPRESSION AS CHAR)").into(),
        ),
        ("{srs_id}", when(server.has(features::SRID), "CAST(SRS_ID AS SIGNED)").into()),
        ("{expression}", when(server.has(features::INDEX_EXPR), "CAST(EXPRESSION AS CHAR)").into()),
        ("{hidden}", hidden.into()),
        ("{check_table}", when(maria, "CAST(TABLE_NAME AS CHAR)").into()),
        ("{check_level}", when(server.has(features::CHECK_LEVEL), "CAST(LEVEL AS CHAR)").into()),
        ("{algorithm}", when(maria, "CAST(ALGORITHM AS CHAR)").into()),
        ("{roles}", if server.has(features::ROLES) { "TRUE" } else { "FALSE" }.into()),
        ("{comment}", when(server.has(features::USER_COMMENT), accounts::COMMENT).into()),
        ("{of_server}", if server.has(features::ROLES) { accounts::OF_SERVER } else { "" }.into()),
        ("{of_schema}", if server.has(features::DELETE_HISTORY) { accounts::OF_SCHEMA } else { "" }.into()),
        ("{of_components}", if server.has(features::ROLES) { accounts::OF_COMPONENTS } else { "" }.into()),
    ];
    let query = |name: &'static str, sql: &'static str| {
        let mut sql = sql.trim_end().to_string();
        for (mark, text) in &fragments {
            if sql.contains(mark) {
                sql = sql.replace(mark, text);
            }
        }
        Query::new(name, sql)
    };
    let mut queries = Vec::new();
    // Otherwise the next number of a table is that of some hours ago.
    if server.has(features::CACHED_STATISTICS) {
        let session = query("the session", include_str!("inspect/session.sql"));
        queries.push(Query { role: Role::Setup, ..session });
    }
    queries.extend([
        query("schemas", include_str!("inspect/schemas.sql")),
        Query { role: Role::Measure, ..query("tables", include_str!("inspect/tables.sql")) },
        query("columns", include_str!("inspect/columns.sql")),
        query("indexes", include_str!("inspect/indexes.sql")),
        query("key columns", include_str!("inspect/key_columns.sql")),
        query("foreign keys", include_str!("inspect/foreign_keys.sql")),
        query("views", include_str!("inspect/views.sql")),
        query("partitions", include_str!("inspect/partitions.sql")),
    ]);
    if server.has(features::CHECK) {
        queries.push(query("checks", include_str!("inspect/checks.sql")));
    }
    if server.has(features::ENFORCED) {
        queries.push(query("enforced checks", include_str!("inspect/enforced.sql")));
    }
    if !tidb {
        queries.extend([
            query("triggers", include_str!("inspect/triggers.sql")),
            query("routines", include_str!("inspect/routines.sql")),
            query("parameters", include_str!("inspect/parameters.sql")),
            query("events", include_str!("inspect/events.sql")),
        ]);
    }
    let asked = scope.accounts.seen_from(scope.bound.as_deref());
    if server.has(features::ACCOUNTS) && asked != Accounts::default() {
        queries.push(match maria {
            true => query(accounts::ACCOUNTS, include_str!("inspect/accounts_mariadb.sql")),
            false => query(accounts::ACCOUNTS, include_str!("inspect/accounts_mysql.sql")),
        });
        if server.has(features::ROLES) && asked.roles {
            queries.push(match maria {
                true => query(accounts::MEMBERS, include_str!("inspect/members_mariadb.sql")),
                false => query(accounts::MEMBERS, include_str!("inspect/members_mysql.sql")),
            });
        }
        if asked.permissions {
            queries.push(match maria {
                true => query(accounts::PERMISSIONS, include_str!("inspect/permissions_mariadb.sql")),
                false => query(accounts::PERMISSIONS, include_str!("inspect/permissions_mysql.sql")),
            });
        }
    }
    queries
}

/// The condition behind the name of a schema.
fn schemas(scope: &Scope) -> String {
    let wanted: Vec<&SmolStr> = scope.bound.iter().chain(&scope.schemas).collect();
    if wanted.is_empty() {
        return "NOT IN ('information_schema', 'innodb', 'mysql', 'performance_schema', 'sys', 'metrics_schema')"
            .to_string();
    }
    let names: Vec<String> = wanted.iter().map(|name| super::types::quote(name)).collect();
    format!("IN ({})", names.join(", "))
}

/// The newest release that is supported.
pub fn assumed() -> Capabilities {
    features::of_version("9.1.0").unwrap_or_default()
}

/// The same of MariaDB.
pub fn assumed_mariadb() -> Capabilities {
    features::of_version("11.8.2-MariaDB").unwrap_or_default()
}

/// The same of TiDB.
pub fn assumed_tidb() -> Capabilities {
    features::of_version("8.0.11-TiDB-v8.5.0").unwrap_or_default()
}

/// The rows of [`queries`] and [`follow_up`] as a realm.
///
/// # Errors
/// [`Error::SchemaNotFound`] when `scope` names a schema that is not there.
pub fn decode(rows: &[Rows], scope: &Scope, server: &Capabilities) -> Result<Realm, Error> {
    let names: Vec<&'static str> = queries(scope, server).iter().map(|query| query.name).collect();
    let mut catalog = Catalog::new(&names, rows, server);
    let targets = follow_up::targets(&catalog);
    catalog.answer(targets, rows.get(names.len()..).unwrap_or_default());
    let mut realm = Realm::default();
    let engine = server.setting(features::DEFAULT_ENGINE);
    if !engine.is_empty() && engine != "InnoDB" {
        realm.attrs.set(&attr::DEFAULT_ENGINE, engine.to_string());
    }
    realm.schemas = catalog.all("schemas").map(|row| schema(&catalog, row)).collect();
    realm.schemas.sort_by(|a, b| a.name.cmp(&b.name));
    realm.objects = accounts::read(&catalog, scope).into_iter().map(Arc::new).collect();
    let folded = !matches!(server.setting(features::LOWER_CASE_TABLE_NAMES), "" | "0");
    for wanted in scope.bound.iter().chain(&scope.schemas) {
        let same = |name: &str| name == wanted || folded && name.eq_ignore_ascii_case(wanted);
        if !realm.schemas.iter().any(|schema| same(&schema.name)) {
            return Err(Error::SchemaNotFound { dialect: "mysql", schema: wanted.to_string() });
        }
    }
    Ok(realm)
}

fn schema(catalog: &Catalog<'_>, row: &Row) -> Schema {
    let name = row.text(0);
    let mut schema = Schema::new(name);
    schema.attrs.set(&attr::CHARSET, row.text(1).to_string());
    schema.attrs.set(&attr::COLLATE, row.text(2).to_string());
    schema.comment = row.comment(3);
    for table in catalog.tables(name) {
        match table.text(2) {
            "VIEW" | "SYSTEM VIEW" => schema.views.extend(bodies::view(catalog, table).map(Arc::new)),
            "SEQUENCE" => schema.objects.push(Arc::new(sequence(catalog, table))),
            _ => schema.tables.push(Arc::new(self::table(catalog, table))),
        }
    }
    schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
    schema.views.sort_by(|a, b| a.name.cmp(&b.name));
    schema.triggers = bodies::triggers(catalog, name).into_iter().map(Arc::new).collect();
    schema.routines = bodies::routines(catalog, &schema).into_iter().map(Arc::new).collect();
    schema.objects.extend(bodies::events(catalog, name).into_iter().map(Arc::new));
    schema.objects.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    schema
}

fn table(catalog: &Catalog<'_>, row: &Row) -> Table {
    let (schema, name) = (row.text(0), row.text(1));
    let collation = row.text(4);
    let charset = text::charset_of(collation);
    let mut attrs = Attrs::default();
    if !collation.is_empty() {
        attrs.set(&attr::CHARSET, charset.to_string());
        attrs.set(&attr::COLLATE, collation.to_string());
    }
    if !row.text(3).is_empty() {
        attrs.set(&attr::ENGINE, row.text(3).to_string());
    }
    if let Ok(start) = row.text(5).parse::<i64>()
        && start > 1
    {
        attrs.set(&attr::AUTO_INCREMENT_START, start);
    }
    if let Some(options) = text::create_options(row.text(6)) {
        attrs.set(&attr::CREATE_OPTIONS, options);
    }
    if row.text(2) == "SYSTEM VERSIONED" {
        attrs.set(&attr::SYSTEM_VERSIONED, true);
    }
    let created = catalog.created("table", schema, name);
    partitions::read(&catalog.of("partitions", schema, name), created, &mut attrs);
    let mut table = Table {
        schema: schema.into(),
        name: name.into(),
        comment: row.comment(7),
        columns: catalog
            .of("columns", schema, name)
            .iter()
            .map(|row| columns::read(row, (charset, collation), catalog.server))
            .collect(),
        attrs,
        ..Table::default()
    };
    table.checks = constraints::checks(catalog, &mut table.columns, schema, name, collation);
    (table.primary_key, table.indexes) = constraints::indexes(catalog, schema, name, row.text(3));
    table.foreign_keys = constraints::foreign_keys(catalog, schema, name);
    table
}

fn sequence(catalog: &Catalog<'_>, row: &Row) -> Object {
    let mut attrs = Attrs::default();
    let values = catalog
        .all(follow_up::SEQUENCES)
        .find(|values| values.text(0) == row.text(0) && values.text(1) == row.text(1));
    if let Some(values) = values {
        let keys = [&attr::START, &attr::INCREMENT, &attr::MIN_VALUE, &attr::MAX_VALUE, &attr::CACHE];
        for (at, key) in keys.into_iter().enumerate() {
            attrs.set(key, values.int(at + 2));
        }
        if values.int(7) != 0 {
            attrs.set(&attr::CYCLE, true);
        }
    }
    Object {
        kind: attr::SEQUENCE,
        schema: row.text(0).into(),
        name: row.text(1).into(),
        comment: row.comment(7),
        attrs,
    }
}
