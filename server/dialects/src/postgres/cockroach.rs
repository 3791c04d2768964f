//! What CockroachDB does otherwise than PostgreSQL, as far as Atlas knows of it.
//!
//! Asked by the capability [`super::features::COCKROACH`]. Every integer but `smallint` is a `bigint`, a serial column is
//! one whose default is `unique_rowid()`, `json` is `jsonb`, and a table without a primary key has a hidden column
//! `rowid` that is one. Of the catalog, only what its emulation has is asked for. Invariant: a table that was inspected
//! is a fixed point. Not run against a real server.
//!
//! Source: reference engine.md §12 and A.4; atlas `sql/postgres/crdb.go`.

use std::borrow::Cow;

use schema::{Class, Column, ColumnType, Default, Expr, IndexPart, PrimaryKey, Table};

use super::attr;

/// The name of the hidden column, and of its default.
const ROWID: &str = "rowid";
const UNIQUE_ROWID: &str = "unique_rowid()";
/// The name older releases give to every primary key.
const PRIMARY: &str = "primary";

/// The catalog queries the emulation does not answer, or which would always be empty; other kinds of objects than
/// tables, views, types and sequences are not managed there.
const UNKNOWN: &[&str] = &[
    "functions",
    "arguments",
    "triggers",
    "policies",
    "extensions",
    "collations",
    "foreign servers",
    "roles",
    "permissions",
];

/// A catalog query as the emulation understands it.
pub fn query(name: &str, sql: Cow<'static, str>) -> Cow<'static, str> {
    if name == "search path" {
        // Texts are qualified whatever the path is, and setting it would end the session's own.
        return Cow::Borrowed("select null where false");
    }
    if UNKNOWN.contains(&name) {
        return Cow::Borrowed("select null where false");
    }
    // Texts are in the order of their bytes anyway.
    Cow::Owned(sql.replace(" collate \"C\"", ""))
}

/// A table as it was read, in the form of the model: NULLs have one order there, indexes are B-trees or inverted ones,
/// and the default of an identity column is its sequence.
pub fn inspected(table: &mut Table) {
    for index in &mut table.indexes {
        let method = index.attrs.get(&attr::TYPE);
        match method.as_deref() {
            Some("PREFIX") => index.attrs.remove(&attr::TYPE),
            Some("INVERTED") => index.attrs.set(&attr::TYPE, "GIN".to_owned()),
            _ => {}
        }
        index.parts.iter_mut().for_each(plain);
    }
    if let Some(key) = &mut table.primary_key {
        key.attrs.remove(&attr::TYPE);
        key.parts.iter_mut().for_each(plain);
    }
    for column in &mut table.columns {
        if attr::Identity::of(&column.attrs).is_some() {
            column.default = None;
        }
    }
    self::table(table);
}

/// Neither operator classes nor an order of NULLs are told.
fn plain(part: &mut IndexPart) {
    part.attrs.remove(&attr::OPS);
    part.attrs.remove(&attr::NULLS_FIRST);
    part.attrs.remove(&attr::NULLS_LAST);
}

/// A table as a server keeps it.
pub fn table(table: &mut Table) {
    for column in &mut table.columns {
        self::column(column);
    }
    if let Some(key) = &mut table.primary_key {
        if key.name.as_deref() == Some(PRIMARY) {
            key.name = None;
        }
        return;
    }
    if table.columns.iter().all(|column| column.name != ROWID) {
        table.columns.push(Column {
            name: ROWID.into(),
            ty: Some(ColumnType::new(Class::Integer, "bigint")),
            raw_type: "bigint".to_owned(),
            nullable: false,
            default: Some(Default::Expr(Expr(UNIQUE_ROWID.to_owned()))),
            generated: None,
            comment: None,
            attrs: schema::Attrs::default(),
        });
        table.primary_key = Some(PrimaryKey {
            name: None,
            parts: vec![IndexPart::column(ROWID)],
            comment: None,
            attrs: schema::Attrs::default(),
        });
    }
}

fn column(column: &mut Column) {
    let Some(ty) = &mut column.ty else { return };
    match (ty.class, ty.name.as_str()) {
        (Class::Integer, "integer") => *ty = ColumnType::new(Class::Integer, "bigint"),
        (Class::Serial, _) => {
            *ty = ColumnType::new(Class::Integer, "bigint");
            column.nullable = false;
            column.default = Some(Default::Expr(Expr(UNIQUE_ROWID.to_owned())));
            column.attrs.remove(&attr::SEQUENCE_NAME);
            column.attrs.remove(&attr::SEQUENCE_OPTIONS);
        }
        (Class::Json, "json") => *ty = ColumnType::new(Class::Json, "jsonb"),
        (Class::String, "character") if ty.args.is_empty() => ty.args.push(schema::Arg::Int(1)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::Scope;
    use engine::connection::{Rows, Value};
    use schema::Realm;

    use crate::cockroach::COCKROACH;

    /// The columns and the key of the table `t` in the server's form.
    #[track_caller]
    fn check(columns: &str, expected: expect_test::Expect) {
        let sql = format!("CREATE TABLE t ({columns});");
        let file = syntax::sql::File::parse(&text::Text::new(&sql), COCKROACH.grammar, None);
        let state =
            engine::replay(&[(text::FileId(0), file)], &COCKROACH, &mut engine::replay::Cache::default());
        let normal = |realm: &Arc<Realm>| {
            let cache = &mut engine::normalize::Cache::default();
            let server = (COCKROACH.assumed)();
            engine::normalize::normalize(realm, &COCKROACH, &server, cache).expect("a realm").realm
        };
        let once = normal(&state.realm);
        assert_eq!(*normal(&once), *once, "a second time changes nothing");
        let options =
            engine::plan::Options { qualifier: Some(String::new()), ..engine::plan::Options::default() };
        let plan = engine::plan::dump(&once, &COCKROACH, &options).expect("a plan");
        let text: String = plan.statements.iter().map(|it| format!("{};\n", it.cmd)).collect();
        expected.assert_eq(&text);
    }

    #[test]
    fn a_table_without_a_key_has_a_hidden_one() {
        check(
            "a text",
            expect_test::expect![[r#"
            CREATE TABLE "t" ("a" text NULL, "rowid" bigint NOT NULL DEFAULT unique_rowid(), PRIMARY KEY ("rowid"));
        "#]],
        );
        check(
            "a text PRIMARY KEY",
            expect_test::expect![[r#"
            CREATE TABLE "t" ("a" text NOT NULL, PRIMARY KEY ("a"));
        "#]],
        );
    }

    #[test]
    fn types_are_those_of_the_server() {
        check(
            "id serial PRIMARY KEY, i int, s smallint, b bigint, j json, c char",
            expect_test::expect![[r#"
                CREATE TABLE "t" ("id" bigint NOT NULL DEFAULT unique_rowid(), "i" bigint NULL, "s" smallint NULL, "b" bigint NULL, "j" jsonb NULL, "c" character(1) NULL, PRIMARY KEY ("id"));
            "#]],
        );
    }

    #[test]
    fn a_server_of_postgresql_is_one_of_cockroach_when_it_says_so() {
        let text = |text: &str| Value::Text(text.to_owned());
        let rows = |version: &str| {
            let row = vec![text("130000"), Value::Null, text(version), text("public"), text("root")];
            vec![Rows { columns: Vec::new(), rows: vec![row] }]
        };
        let capabilities = |version: &str| (crate::POSTGRES.capabilities)(&rows(version)).expect("a server");
        assert!(capabilities("CockroachDB CCL v21.2.11").has(super::super::features::COCKROACH));
        assert!(!capabilities("").has(super::super::features::COCKROACH));
        let asked = (crate::POSTGRES.inspect)(&Scope::realm(), &capabilities("v21.2.11"));
        assert!(asked.iter().all(|query| !query.sql.contains("collate \"C\"")));
        assert!(asked.iter().all(|query| !query.sql.contains("set_config")));
        assert_eq!(
            asked.len(),
            (crate::POSTGRES.inspect)(&Scope::realm(), &capabilities("")).len(),
            "the answers keep their places"
        );
    }
}
