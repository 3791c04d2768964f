//! Sessions of MySQL: what a transaction covers, what counts as a clean dev database, and how one is emptied.
//!
//! MySQL commits before and after every definition, so a transaction covers rows only; what was defined stands whatever
//! comes after. Invariant: the state of a session is what it was before.
//!
//! Source: MySQL 9, "Statements That Cause an Implicit Commit"; atlas `sql/mysql/driver.go`, `Snapshot`; reference
//! engine.md §18.

use async_trait::async_trait;
use engine::accounts::is_account;
use engine::connection::{Capabilities, Connection};
use engine::plan::Writer;
use engine::session::{Session, Transaction};
use engine::{DatabaseUrl, Error, Scope};
use schema::{Realm, RoutineKind, Schema};

use super::attr::{CHARSET, COLLATE, EVENT, FOR, GRANTABLE, PERMISSION, PRIVILEGES, SEQUENCE};
use super::plan::{drop_account, revoke};
use super::words::{self, Kind};

/// Tables that go in one statement.
const AT_ONCE: usize = 100;

/// MySQL, MariaDB and TiDB.
pub struct Mysql;

#[async_trait]
impl Session for Mysql {
    async fn begin(&self, connection: &mut dyn Connection) -> Result<Transaction, Error> {
        connection.execute("START TRANSACTION").await?;
        Ok(Transaction::default())
    }

    async fn commit(&self, connection: &mut dyn Connection, _transaction: Transaction) -> Result<(), Error> {
        connection.execute("COMMIT").await?;
        Ok(())
    }

    async fn rollback(
        &self,
        connection: &mut dyn Connection,
        _transaction: Transaction,
    ) -> Result<(), Error> {
        connection.execute("ROLLBACK").await?;
        Ok(())
    }

    /// The catalog does not take part in transactions: a consistent snapshot shows the definitions of now. Only a lock
    /// on every table would hold them still, which is too much to ask of a server for looking at it.
    fn snapshot(&self, _inside: bool) -> Option<(&'static str, &'static str)> {
        None
    }

    fn controls_transaction(&self, sql: &str) -> bool {
        let words = words::words(sql);
        let word = |at: usize| {
            words
                .get(at)
                .filter(|word| word.kind == Kind::Bare)
                .map(|word| sql[word.range.clone()].to_uppercase())
        };
        match word(0).as_deref() {
            Some("BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "XA") => true,
            Some("START") => word(1).as_deref() == Some("TRANSACTION"),
            Some("LOCK" | "UNLOCK") => matches!(word(1).as_deref(), Some("TABLES" | "TABLE")),
            Some("SET") => word(1).as_deref() == Some("AUTOCOMMIT"),
            _ => false,
        }
    }

    fn goes_together(&self, sql: &str) -> bool {
        goes_together(sql)
    }

    /// A plan for a database stays in it; statements of a user may name any other.
    fn apart(&self, target: &DatabaseUrl, dev: &DatabaseUrl, foreign: bool) -> bool {
        let bound = |url: &DatabaseUrl| super::url::bound(url);
        !foreign
            && matches!((bound(target), bound(dev)), (Some(target), Some(dev)) if !target.eq_ignore_ascii_case(&dev))
    }

    fn dirt(&self, realm: &Realm, scope: &Scope) -> Option<String> {
        let Some(_) = &scope.bound else {
            return realm.schemas.first().map(|schema| format!("found schema {:?}", schema.name));
        };
        realm.schemas.iter().find_map(|schema| {
            let found = |kind: &str, name: &str| format!("found {kind} {name:?} in schema {:?}", schema.name);
            let table = schema.tables.first().map(|table| found("table", &table.name));
            table
                .or_else(|| schema.views.first().map(|view| found("view", &view.name)))
                .or_else(|| schema.routines.first().map(|routine| found("routine", &routine.name)))
                .or_else(|| schema.objects.first().map(|object| found(object.kind, &object.name)))
        })
    }

    /// Definers are not kept.
    fn names_accounts(&self) -> bool {
        false
    }

    fn restore(&self, left: &Realm, before: &Realm) -> Vec<String> {
        let mut out = Vec::new();
        for schema in &left.schemas {
            match before.schema(&schema.name) {
                Some(before) => {
                    empty(schema, &mut out);
                    out.extend(characters(schema, before));
                }
                None => out.push(statement(&["DROP DATABASE"], &[&schema.name])),
            }
        }
        // Tables go in any order; what refers to them goes with them.
        let tables = out.iter().any(|statement| statement.starts_with("DROP TABLE"));
        if tables || left.schemas.len() > 1 {
            out.insert(0, "SET FOREIGN_KEY_CHECKS = 0".to_string());
            out.push("SET FOREIGN_KEY_CHECKS = 1".to_string());
        }
        out.extend(accounts(left, before));
        out
    }
}

/// Statements that take accounts and rights that were not there before. What is allowed with an object is taken as a
/// whole, because nothing was.
fn accounts(left: &Realm, before: &Realm) -> Vec<String> {
    let server = Capabilities::default();
    let (mut revokes, mut drops) = (Vec::new(), Vec::new());
    for object in &left.objects {
        if before.objects.iter().any(|old| old.kind == object.kind && old.name == object.name) {
            continue;
        }
        if is_account(object) {
            drops.push(drop_account(object));
        } else if object.kind == PERMISSION {
            let of_column = object.attrs.get(&FOR).is_some_and(|of| of.starts_with("column "));
            let list = object.attrs.get(&PRIVILEGES).filter(|_| of_column);
            let list = list.unwrap_or_else(|| vec!["ALL".to_owned()]);
            revokes.extend(revoke(object, &list, object.attrs.is(&GRANTABLE), &server));
        }
    }
    revokes.append(&mut drops);
    revokes
}

/// Whether `sql` is a definition that ends where it seems to, whatever the server takes a backslash and `"` for.
fn goes_together(sql: &str) -> bool {
    if sql.contains(['\\', '"', '#']) || sql.contains("/*") || sql.contains("--") {
        return false;
    }
    let words = words::words(sql);
    let word =
        |at: usize| words.get(at).map(|word| sql[word.range.clone()].to_uppercase()).unwrap_or_default();
    match (word(0).as_str(), word(1).as_str()) {
        ("CREATE" | "ALTER" | "DROP", "TABLE" | "INDEX" | "VIEW" | "DATABASE" | "SCHEMA") => true,
        ("CREATE", "UNIQUE" | "FULLTEXT" | "SPATIAL") => word(2) == "INDEX",
        ("SET", name) => name == "FOREIGN_KEY_CHECKS",
        _ => false,
    }
}

/// Statements that drop all there is in a schema.
fn empty(schema: &Schema, out: &mut Vec<String>) {
    let mut drop = |words: &str, name: &str| out.push(statement(&[words], &[&schema.name, name]));
    schema.views.iter().for_each(|view| drop("DROP VIEW", &view.name));
    for tables in schema.tables.chunks(AT_ONCE) {
        let paths: Vec<String> =
            tables.iter().map(|table| statement(&[], &[&schema.name, &table.name])).collect();
        out.push(format!("DROP TABLE {}", paths.join(", ")));
    }
    let mut drop = |words: &str, name: &str| out.push(statement(&[words], &[&schema.name, name]));
    for routine in &schema.routines {
        let words = match routine.kind {
            RoutineKind::Function => "DROP FUNCTION",
            RoutineKind::Procedure => "DROP PROCEDURE",
        };
        drop(words, &routine.name);
    }
    for object in &schema.objects {
        match object.kind {
            EVENT => drop("DROP EVENT", &object.name),
            SEQUENCE => drop("DROP SEQUENCE", &object.name),
            _ => {}
        }
    }
}

/// What gives a schema back its charset and collation.
fn characters(now: &Schema, before: &Schema) -> Option<String> {
    let attrs = |schema: &Schema| (schema.attrs.get(&CHARSET), schema.attrs.get(&COLLATE));
    if attrs(now) == attrs(before) {
        return None;
    }
    let mut writer = Writer::new('`', "");
    writer.word("ALTER DATABASE").ident(&before.name);
    if let Some(charset) = before.attrs.get(&CHARSET) {
        writer.word("CHARSET").word(&charset);
    }
    if let Some(collate) = before.attrs.get(&COLLATE) {
        writer.word("COLLATE").word(&collate);
    }
    Some(writer.finish())
}

fn statement(words: &[&str], path: &[&str]) -> String {
    let mut writer = Writer::new('`', "");
    words.iter().for_each(|word| {
        writer.word(word);
    });
    match path {
        [schema, name] => writer.path(schema, name),
        _ => writer.ident(path.first().copied().unwrap_or_default()),
    };
    writer.finish()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use schema::Table;

    use super::*;

    fn schema(name: &str, charset: &str, tables: &[&str]) -> Schema {
        let mut schema = Schema::new(name);
        schema.attrs.set(&CHARSET, charset.to_string());
        let table = |name: &&str| {
            Arc::new(Table { schema: schema.name.clone(), name: (*name).into(), ..Table::default() })
        };
        schema.tables = tables.iter().map(table).collect();
        schema
    }

    fn realm(schemas: impl IntoIterator<Item = Schema>) -> Realm {
        Realm { schemas: schemas.into_iter().collect(), ..Realm::default() }
    }

    #[test]
    fn a_dev_database_is_dirty_in_the_words_of_atlas() {
        let full = realm([schema("dev", "utf8mb4", &["t"])]);
        let bound = Scope::bound("dev");
        assert_eq!(Mysql.dirt(&full, &bound).as_deref(), Some("found table \"t\" in schema \"dev\""));
        assert_eq!(Mysql.dirt(&realm([schema("dev", "utf8mb4", &[])]), &bound), None);
        assert_eq!(Mysql.dirt(&full, &Scope::realm()).as_deref(), Some("found schema \"dev\""));
        assert_eq!(Mysql.dirt(&realm([]), &Scope::realm()), None);
    }

    #[test]
    fn restoring_drops_what_was_not_there_and_gives_back_the_charset() {
        let before = realm([schema("dev", "utf8mb4", &[])]);
        let left = realm([schema("dev", "latin1", &["t"]), schema("other", "latin1", &["u"])]);
        assert_eq!(
            Mysql.restore(&left, &before),
            [
                "SET FOREIGN_KEY_CHECKS = 0",
                "DROP TABLE `dev`.`t`",
                "ALTER DATABASE `dev` CHARSET utf8mb4",
                "DROP DATABASE `other`",
                "SET FOREIGN_KEY_CHECKS = 1",
            ]
        );
        assert_eq!(Mysql.restore(&before, &before), Vec::<String>::new());
    }

    #[test]
    fn definitions_go_together() {
        for sql in
            ["CREATE TABLE t (id int)", "create unique index i on t (a);", "SET FOREIGN_KEY_CHECKS = 0"]
        {
            assert!(Mysql.goes_together(sql), "{sql}");
        }
        for sql in [
            "",
            "CREATE TEMPORARY TABLE t (id int)",
            "CREATE TABLE t (a text DEFAULT '\\')",
            "CREATE TABLE t (a int /*!80000 INVISIBLE */)",
            "CREATE PROCEDURE p() SELECT 1",
            "INSERT INTO t VALUES (1)",
            "SET @x = 1",
        ] {
            assert!(!Mysql.goes_together(sql), "{sql}");
        }
    }

    #[test]
    fn words_that_begin_and_end_transactions() {
        for sql in ["begin", "/* x */ START TRANSACTION", "set autocommit = 0", "LOCK TABLES t READ"] {
            assert!(Mysql.controls_transaction(sql), "{sql}");
        }
        for sql in ["CREATE TABLE begin (id int)", "SET @x = 1", "START REPLICA"] {
            assert!(!Mysql.controls_transaction(sql), "{sql}");
        }
    }
}
