//! What is read of a real database: everything the model has, whatever way it was written.

use dialects::SQLITE;
use dialects::testing::large;
use engine::Scope;
use engine::diff::{Cache, Policy, Side, between, diff, diff_cached};
use engine::plan::{Options, dump};
use expect_test::{Expect, expect};
use schema::{Arg, Default, PartOf, Realm};

use super::{database, empty, hcl, inspect, memory, plan_of, run};

/// A realm in few words.
fn show(realm: &Realm) -> String {
    let mut out = String::new();
    for (_, table) in realm.tables() {
        out.push_str(&format!("table {}{}\n", table.name, attrs(&table.attrs)));
        for column in &table.columns {
            let ty = column.ty.as_ref().map(|ty| {
                let args: Vec<String> = ty
                    .args
                    .iter()
                    .map(|arg| match arg {
                        Arg::Int(arg) => arg.to_string(),
                        Arg::Str(arg) => arg.clone(),
                    })
                    .collect();
                format!("{}({})", ty.name, args.join(",")).replace("()", "")
            });
            let default = match &column.default {
                None => String::new(),
                Some(Default::Literal(literal)) if literal.quoted => format!(" default {:?}", literal.text),
                Some(Default::Literal(literal)) => format!(" default {}", literal.text),
                Some(Default::Expr(expr)) => format!(" default sql {}", expr.0),
            };
            let generated =
                column.generated.as_ref().map(|it| format!(" as {} {}", it.expr.0, it.storage.sql()));
            let null = if column.nullable { "" } else { " not null" };
            out.push_str(&format!(
                "  {} {}{null}{default}{}{}\n",
                column.name,
                ty.unwrap_or_default(),
                generated.unwrap_or_default(),
                attrs(&column.attrs)
            ));
        }
        if let Some(key) = &table.primary_key {
            out.push_str(&format!(
                "  key {:?} {}{}\n",
                key.name.as_deref().unwrap_or_default(),
                parts(&key.parts),
                attrs(&key.attrs)
            ));
        }
        for index in &table.indexes {
            let unique = if index.unique { " unique" } else { "" };
            let predicate =
                index.predicate.as_ref().map(|expr| format!(" where {}", expr.0)).unwrap_or_default();
            out.push_str(&format!(
                "  {:?} {}{unique} {}{predicate}{}\n",
                index.key,
                index.name,
                parts(&index.parts),
                attrs(&index.attrs)
            ));
        }
        for key in &table.foreign_keys {
            let action = |action: Option<schema::ReferenceAction>| action.map_or("-", |action| action.sql());
            out.push_str(&format!(
                "  foreign {:?} {} -> {} {} update {} delete {}{}\n",
                key.name.as_deref().unwrap_or_default(),
                key.columns.join(","),
                key.ref_table,
                key.ref_columns.join(","),
                action(key.on_update),
                action(key.on_delete),
                attrs(&key.attrs)
            ));
        }
        for check in &table.checks {
            out.push_str(&format!(
                "  check {:?} {}\n",
                check.name.as_deref().unwrap_or_default(),
                check.expr.0
            ));
        }
    }
    for schema in &realm.schemas {
        for view in &schema.views {
            out.push_str(&format!("view {}{} = {}\n", view.name, attrs(&view.attrs), view.body));
        }
        for trigger in &schema.triggers {
            out.push_str(&format!("trigger {} on {}\n", trigger.name, trigger.on));
        }
        for object in &schema.objects {
            out.push_str(&format!("{} {}\n", object.kind, object.name));
        }
    }
    out
}

fn parts(parts: &[schema::IndexPart]) -> String {
    let part = |part: &schema::IndexPart| {
        let of = match &part.of {
            PartOf::Column(name) => name.to_string(),
            PartOf::Expr(expr) => format!("<{}>", expr.0),
        };
        format!("{of}{}{}", attrs(&part.attrs), if part.desc { " desc" } else { "" })
    };
    format!("[{}]", parts.iter().map(part).collect::<Vec<_>>().join(", "))
}

fn attrs(attrs: &schema::Attrs) -> String {
    attrs.iter().map(|(name, value)| format!(" {name}={value:?}")).collect()
}

async fn check(sql: &str, expect: Expect) {
    let mut connection = database(sql).await;
    expect.assert_eq(&show(&inspect(connection.as_mut()).await));
}

#[tokio::test]
async fn columns_types_and_defaults() {
    check(
        r#"CREATE TABLE t (
            a INTEGER NOT NULL, b VARCHAR(20) DEFAULT 'it''s', c DECIMAL(10,2) DEFAULT 1.50, d DEFAULT "word",
            e DOUBLE PRECISION DEFAULT -1, f bool DEFAULT TRUE, g text DEFAULT CURRENT_TIMESTAMP, h blob DEFAULT x'01',
            i text DEFAULT (lower('A') || ')'), j "Odd Type"(1, 2) DEFAULT NULL, k text DEFAULT word, l INT UNSIGNED DEFAULT +5
        )"#,
        expect![[r#"
            table t
              a integer not null
              b varchar(20) default "it's"
              c decimal(10,2) default 1.5
              d blob default "word"
              e double precision default -1
              f bool default TRUE
              g text default sql CURRENT_TIMESTAMP
              h blob default sql x'01'
              i text default sql lower('A') || ')'
              j Odd Type default sql NULL
              k text default "word"
              l INT UNSIGNED default 5
        "#]],
    )
    .await;
}

#[tokio::test]
async fn keys_keep_their_order_names_and_clauses() {
    check(
        "CREATE TABLE a (x int, y text, CONSTRAINT pk PRIMARY KEY (y COLLATE nocase, x DESC)) WITHOUT ROWID;
         CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, u text UNIQUE ON CONFLICT IGNORE);
         CREATE TABLE c (id INTEGER, PRIMARY KEY (id AUTOINCREMENT));
         CREATE TABLE d (id int PRIMARY KEY ON CONFLICT REPLACE, v any NOT NULL ON CONFLICT ABORT) STRICT;",
        expect![[r#"
            table a without_rowid=Bool(true)
              x int not null
              y text not null
              key "pk" [y collate=Str("nocase"), x desc]
            table b
              id integer auto_increment=Bool(true)
              u text
              key "" [id]
              UniqueConstraint sqlite_autoindex_b_1 unique [u] on_conflict=Str("IGNORE")
            table c
              id integer auto_increment=Bool(true)
              key "" [id]
            table d strict=Bool(true)
              id int not null
              v ANY not null
              key "" [id] on_conflict=Str("REPLACE")
        "#]],
    )
    .await;
}

#[tokio::test]
async fn indexes_of_every_form() {
    check(
        r#"CREATE TABLE t (a int, b text COLLATE NOCASE, c text, UNIQUE (a, c), CONSTRAINT named UNIQUE (c));
         create unique index i1 on t (b, c desc) where a > 0 and c <> ' where ';
         CREATE INDEX i2 ON t (lower(b) || '),(' COLLATE rtrim DESC, (a + 1), b COLLATE BINARY);
         CREATE INDEX "odd name" ON t ("c" ASC) Where c IS NOT NULL -- why
         "#,
        expect![[r#"
            table t
              a int
              b text collate=Str("NOCASE")
              c text
              UniqueConstraint sqlite_autoindex_t_1 unique [a, c]
              UniqueConstraint sqlite_autoindex_t_2 unique [c]
              Index i1 unique [b, c desc] where a > 0 and c <> ' where '
              Index i2 [<lower(b) || '),(' COLLATE rtrim> desc, <(a + 1)>, b collate=Str("BINARY")]
              Index odd name [c] where c IS NOT NULL
        "#]],
    )
    .await;
}

#[tokio::test]
async fn foreign_keys_and_checks_have_their_names() {
    check(
        "CREATE TABLE p (id int PRIMARY KEY, x int, y int, UNIQUE (x, y));
         CREATE TABLE c (
            a int CONSTRAINT fk_a REFERENCES p ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED CHECK (a > 0),
            b int REFERENCES p (id), x int, y int CONSTRAINT positive CHECK (y <> ')'),
            CONSTRAINT fk_xy FOREIGN KEY (x, y) REFERENCES p (x, y) ON UPDATE SET NULL NOT DEFERRABLE,
            CONSTRAINT `0` FOREIGN KEY (b) REFERENCES absent, CHECK (a < b OR (a IS NULL)))",
        expect![[r#"
            table p
              id int
              x int
              y int
              key "" [id]
              UniqueConstraint sqlite_autoindex_p_2 unique [x, y]
            table c
              a int
              b int
              x int
              y int
              foreign "fk_a" a -> p id update NO ACTION delete CASCADE deferred=Bool(true)
              foreign "" b -> p id update NO ACTION delete NO ACTION
              foreign "fk_xy" x,y -> p x,y update SET NULL delete NO ACTION
              foreign "" b -> absent  update NO ACTION delete NO ACTION
              check "" (a > 0)
              check "positive" (y <> ')')
              check "" (a < b OR (a IS NULL))
        "#]],
    )
    .await;
}

#[tokio::test]
async fn generated_columns_views_triggers_and_virtual_tables() {
    check(
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * (2)) STORED NOT NULL, c text AS ('AS (' || a));
         CREATE VIEW v (x, \"y z\") AS SELECT a, b FROM t;
         CREATE TEMP VIEW w AS SELECT 1;
         create view broken as select none from nowhere;
         CREATE TRIGGER tr INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (new.x); SELECT 1; END;
         CREATE VIRTUAL TABLE f USING fts5(body);
         CREATE TABLE sequence (id INTEGER PRIMARY KEY AUTOINCREMENT);",
        expect![[r#"
            table t
              a int
              b int not null as (a * (2)) STORED
              c text as ('AS (' || a) VIRTUAL
            table sequence
              id integer auto_increment=Bool(true)
              key "" [id]
            view v columns=List(["x", "y z"]) = SELECT a, b FROM t
            view broken = select none from nowhere
            trigger tr on v
            virtual table f
        "#]],
    )
    .await;
}

#[tokio::test]
async fn names_are_read_whatever_their_quotes() {
    check(
        r#"CREATE TABLE "it's `one`" ([a b] int CHECK ([a b] > 0), 'c' text COLLATE nocase, `d``e` int,
            CONSTRAINT "x y" CHECK ("c" <> 'x'), FOREIGN KEY ([a b]) REFERENCES "it's `one`" (`d``e`));
         CREATE TABLE "日本" ("列" INTEGER PRIMARY KEY)"#,
        expect![[r#"
            table it's `one`
              a b int
              c text collate=Str("nocase")
              d`e int
              foreign "" a b -> it's `one` d`e update NO ACTION delete NO ACTION
              check "" ([a b] > 0)
              check "x y" ("c" <> 'x')
            table 日本
              列 integer
              key "" [列]
        "#]],
    )
    .await;
}

#[tokio::test]
async fn altered_tables_are_read_too() {
    check(
        "CREATE TABLE t (a int, b int);
         ALTER TABLE t ADD COLUMN c text NOT NULL DEFAULT 'x' COLLATE NOCASE CHECK (c <> '');
         ALTER TABLE t RENAME COLUMN b TO renamed;
         ALTER TABLE t RENAME TO u;
         ALTER TABLE u DROP COLUMN a;",
        expect![[r#"
            table u
              renamed int
              c text not null default "x" collate=Str("NOCASE")
              check "" (c <> '')
        "#]],
    )
    .await;
}

#[tokio::test]
async fn another_schema_or_a_second_file_is_refused() {
    let mut connection = memory("").await;
    let scope = Scope { schemas: vec!["other".into()], ..Scope::bound("main") };
    let error = engine::inspect::inspect(connection.as_mut(), &scope).await.unwrap_err();
    assert_eq!(error.to_string(), "sqlite: schema \"other\" was not found");
    connection.execute("ATTACH ':memory:' AS two").await.unwrap();
    let error = engine::inspect::inspect(connection.as_mut(), &Scope::bound("main")).await.unwrap_err();
    assert_eq!(error.to_string(), "sqlite: multiple database files are not supported by the driver. got: 2");
}

#[tokio::test]
async fn the_number_of_queries_does_not_depend_on_the_number_of_tables() {
    assert_eq!((SQLITE.inspect)(&Scope::bound("main"), &(SQLITE.assumed)()).len(), 6);
    let realm = large(200);
    let mut connection = memory("").await;
    run(connection.as_mut(), &plan_of(&empty(), &realm, "")).await;
    let found = inspect(connection.as_mut()).await;
    assert_eq!(found.tables().count(), 200);
    assert_eq!(diff(&found, &realm, &SQLITE, &Policy::default()).unwrap(), []);
}

/// A database whose HCL or SQL is written differently is not changed for ever.
#[tokio::test]
async fn spelling_is_not_a_difference() {
    let cases = [
        (
            "a text NOT NULL DEFAULT current_timestamp",
            r#"column "a" { type = text; default = sql("CURRENT_TIMESTAMP") };"#,
        ),
        ("a text NOT NULL DEFAULT (1+1)", r#"column "a" { type = text; default = sql("(1 + 1)") };"#),
        ("a numeric NOT NULL DEFAULT 1.50", r#"column "a" { type = numeric; default = 1.5 };"#),
        ("a bool NOT NULL DEFAULT 0", r#"column "a" { type = bool; default = false };"#),
        ("a int NOT NULL DEFAULT '1'", r#"column "a" { type = int; default = 1 };"#),
        ("a text DEFAULT NULL", r#"column "a" { type = text; null = true };"#),
        ("a text NOT NULL DEFAULT \"x\"", r#"column "a" { type = text; default = "x" };"#),
        ("a VARCHAR(10) NOT NULL", r#"column "a" { type = varchar(20) };"#),
        ("a int CHECK ( a>0 )", r#"column "a" { type = int; null = true }; check { expr = "`a` > 0" };"#),
        (
            "a int, b int AS (a*2)",
            r#"column "a" { type = int; null = true }; column "b" { type = int; null = true; as = "(\"A\" * 2)" };"#,
        ),
        (
            "a int UNIQUE",
            r#"column "a" { type = int; null = true }; index "t_a" { unique = true; columns = [column.a] };"#,
        ),
        ("a text COLLATE nocase", r#"column "a" { type = text; null = true };"#),
        ("A int", r#"column "a" { type = int; null = true };"#),
    ];
    for (columns, table) in cases {
        let mut connection = database(&format!("CREATE TABLE T ({columns})")).await;
        let found = inspect(connection.as_mut()).await;
        let wanted = hcl(&format!("table \"t\" {{ {table} }}"));
        let from = Side { realm: &found, bound: Some("main"), hcl: false };
        let to = Side { realm: &wanted, bound: None, hcl: true };
        let changes = between(from, to, &SQLITE, &Policy::default(), &mut Cache::default()).unwrap();
        assert_eq!(changes, [], "{columns}");
    }
}

#[tokio::test]
async fn values_that_differ_are_a_difference() {
    let cases = [
        ("a text NOT NULL DEFAULT 'x'", r#"column "a" { type = text; default = "X" };"#),
        ("a text NOT NULL DEFAULT (1+1)", r#"column "a" { type = text; default = sql("1 + 2") };"#),
        ("a int", r#"column "a" { type = text; null = true };"#),
        ("a int", r#"column "a" { type = int };"#),
        ("a int CHECK (a > 0)", r#"column "a" { type = int; null = true }; check { expr = "a > 1" };"#),
        ("a int UNIQUE", r#"column "a" { type = int; null = true }; index "t_a" { columns = [column.a] };"#),
        ("a int UNIQUE", r#"column "a" { type = int; null = true };"#),
        (
            "a integer PRIMARY KEY NOT NULL",
            r#"column "a" { type = integer; auto_increment = true }; primary_key { columns = [column.a] };"#,
        ),
        (
            "a int NOT NULL, b int NOT NULL, PRIMARY KEY (b, a)",
            r#"column "a" { type = int }; column "b" { type = int }; primary_key { columns = [column.a, column.b] };"#,
        ),
    ];
    for (columns, table) in cases {
        let mut connection = database(&format!("CREATE TABLE t ({columns})")).await;
        let found = inspect(connection.as_mut()).await;
        let wanted = hcl(&format!("table \"t\" {{ {table} }}"));
        run(connection.as_mut(), &plan_of(&found, &wanted, "")).await;
        assert_ne!(plan_of(&found, &wanted, "").to_sql(), "", "{columns}");
        let after = inspect(connection.as_mut()).await;
        assert_eq!(plan_of(&after, &wanted, "").to_sql(), "", "{columns}");
    }
}

#[test]
fn an_unchanged_pair_is_compared_once() {
    let (from, mut to) = (large(50), large(50));
    let mut cache = Cache::default();
    let mut run = |to: &Realm| diff_cached(&from, to, &SQLITE, &Policy::default(), &mut cache).unwrap().len();
    assert_eq!(run(&to), 0);
    let mut table = schema::Table::clone(&to.schemas[0].tables[7]);
    table.columns.pop();
    to.schemas[0].tables[7] = std::sync::Arc::new(table);
    assert_eq!(run(&to), 1);
    assert_eq!(run(&to), 1);
    assert_eq!(cache.len(), 50);
    let skip = Policy { skip: ["modify_table".to_string()].into(), ..Policy::default() };
    assert_eq!(diff_cached(&from, &to, &SQLITE, &skip, &mut cache).unwrap(), []);
    let shared = from.clone();
    assert_eq!(diff_cached(&from, &shared, &SQLITE, &skip, &mut cache).unwrap(), []);
    assert!(cache.is_empty(), "shared tables are not looked at");
}

#[test]
fn states_of_different_scope_are_refused() {
    let main = empty();
    let other = Realm { schemas: vec![schema::Schema::new("other")], ..Realm::default() };
    let side = |realm, bound, hcl| Side { realm, bound, hcl };
    let check = |from, to, expected: &str| {
        let error = between(from, to, &SQLITE, &Policy::default(), &mut Cache::default())
            .map_err(|error| error.to_string());
        assert_eq!(error.err().unwrap_or_default(), expected);
    };
    check(
        side(&main, Some("main"), false),
        side(&other, None, true),
        r#"mismatched HCL and database schemas: "main" <> "other""#,
    );
    check(
        side(&main, None, false),
        side(&other, Some("other"), false),
        r#"cannot diff a schema "other" with a database connection. See: https://atlasgo.io/url"#,
    );
    check(
        side(&main, Some("main"), false),
        side(&other, None, false),
        r#"cannot diff a database connection with a schema "main". See: https://atlasgo.io/url"#,
    );
    check(side(&main, Some("main"), false), side(&other, Some("other"), false), "");
    check(side(&main, Some("main"), false), side(&main, None, true), "");
}

#[tokio::test]
async fn a_dump_makes_the_same_database() {
    let mut connection = database(
        "CREATE TABLE t (a int, b text COLLATE NOCASE, UNIQUE (a) ON CONFLICT REPLACE); CREATE INDEX i ON t (b DESC);
         CREATE VIEW v (x) AS SELECT a FROM t; CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END;",
    )
    .await;
    let found = inspect(connection.as_mut()).await;
    let plan = dump(&found, &SQLITE, &Options { indent: "  ".to_string(), ..Options::default() }).unwrap();
    expect![[r#"
        -- Create "t" table
        CREATE TABLE `t` (
          `a` int NULL,
          `b` text NULL COLLATE NOCASE,
          UNIQUE (`a`) ON CONFLICT REPLACE
        );
        -- Create index "i" to table: "t"
        CREATE INDEX `i` ON `t` (`b` DESC);
        -- Create "v" view
        CREATE VIEW `v` (`x`) AS SELECT a FROM t;
        -- Create trigger "tr"
        CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END;
    "#]]
    .assert_eq(&plan.to_sql());
    let mut again = database(&plan.to_sql()).await;
    assert_eq!(show(&inspect(again.as_mut()).await), show(&found));
}
