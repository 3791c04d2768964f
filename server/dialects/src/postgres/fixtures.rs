//! Tests of reading SQL for PostgreSQL that take no server: real files have no mistakes, mistakes are found, any text
//! stays what it is.

use std::path::{Path, PathBuf};

use engine::State;
use engine::replay::Cache;
use syntax::sql::{File, PieceKind};
use text::{FileId, Text, TextRange};

use super::POSTGRES;
use crate::testing::Rng;

fn parse(sql: &str) -> File {
    File::parse(&Text::new(sql), POSTGRES.grammar, None)
}

fn replay(sql: &str) -> State {
    engine::replay(&[(FileId(0), parse(sql))], &POSTGRES, &mut Cache::default())
}

fn messages(sql: &str) -> Vec<String> {
    replay(sql).diagnostics.into_iter().map(|(_, found)| found.message).collect()
}

#[track_caller]
fn right(sql: &str) {
    let found = messages(sql);
    assert!(found.is_empty(), "{found:#?}\n{sql}");
    let file = parse(sql);
    let whole: String = file.pieces().iter().map(|placed| placed.piece.text()).collect();
    assert_eq!(whole, sql);
    assert_eq!(file.coverage().opaque, 0, "{sql}");
}

#[track_caller]
fn wrong(sql: &str, message: &str) {
    assert_eq!(messages(sql), [message], "{sql}");
}

#[test]
fn statements_end_where_they_end() {
    let sql = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $x$ SELECT 1; SELECT 2; $x$;\n\
        CREATE FUNCTION g(a int) RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a > 0 THEN 1 END; END;\n\
        CREATE RULE r AS ON INSERT TO t DO INSTEAD (DELETE FROM a; DELETE FROM b);\n\
        /* a /* nested; */ comment; */ SELECT 'a;b', E'it\\'s;', U&\"x;\" FROM t;\n\
        \\connect db\n\
        COPY t (a, b) FROM stdin;\n1\tit's; \"one\n2\t(\n\\.\n\
        DO $$ BEGIN PERFORM 1; END $$;\n\
        SELECT 1::text, $1, a->>'b', x[1:2] FROM t\n";
    let file = parse(sql);
    let kinds: Vec<PieceKind> = file
        .pieces()
        .iter()
        .map(|placed| placed.piece.kind())
        .filter(|kind| *kind != PieceKind::Empty)
        .collect();
    use PieceKind::{Ddl, Directive, Query, Utility};
    assert_eq!(
        kinds,
        [Ddl, Ddl, Ddl, Query, Directive, Utility, Directive, Utility, Query],
        "{:#?}",
        file.pieces().iter().map(|placed| placed.piece.text()).collect::<Vec<_>>()
    );
    assert!(file.errors().is_empty(), "{:?}", file.errors());
    let exact = syntax::sql::split(sql, POSTGRES.grammar).expect("it can be split");
    assert_eq!(exact.len(), 7);
}

#[test]
fn every_form_is_understood() {
    right(
        "CREATE SCHEMA s AUTHORIZATION me CREATE TABLE a (id int) CREATE INDEX ON a (id) CREATE VIEW v AS SELECT id FROM a;\n\
         CREATE TABLE t (a int CONSTRAINT pk PRIMARY KEY USING INDEX TABLESPACE pg_default, b numeric(10,2)[] NOT NULL,\n\
           c timestamp(3) with time zone DEFAULT now() + interval '1 day', d \"char\", e bit varying(3),\n\
           f text COLLATE \"C\" STORAGE EXTERNAL COMPRESSION pglz DEFAULT 'x' NOT NULL,\n\
           g int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME q START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1),\n\
           h int GENERATED ALWAYS AS (a * 2) STORED CHECK (h > 0) NO INHERIT, i double precision,\n\
           CONSTRAINT u UNIQUE NULLS NOT DISTINCT (b, c) INCLUDE (d) WITH (fillfactor=70) DEFERRABLE INITIALLY DEFERRED,\n\
           CHECK (a IS DISTINCT FROM 3 AND (f)::text ~~ 'x%' AND b[1] > ANY (ARRAY[1, 2])) NOT VALID,\n\
           EXCLUDE USING gist (c WITH =, a WITH &&) WHERE (a > 0)\n\
         ) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = true) TABLESPACE x;\n\
         ALTER TABLE ONLY t ALTER COLUMN a SET STATISTICS 100, ALTER a SET (n_distinct = 5), CLUSTER ON u, OWNER TO me,\n\
           ENABLE TRIGGER ALL, SET (fillfactor = 80), NO INHERIT s.a;\n\
         CREATE TRIGGER tr INSTEAD OF INSERT OR UPDATE OF a, b OR DELETE ON s.v FOR EACH ROW EXECUTE PROCEDURE f('a');\n\
         GRANT SELECT (a, b), UPDATE ON TABLE t TO PUBLIC, me WITH GRANT OPTION;\n\
         REVOKE ALL ON ALL TABLES IN SCHEMA s FROM me CASCADE;\n\
         ALTER DEFAULT PRIVILEGES FOR ROLE me IN SCHEMA s GRANT SELECT ON TABLES TO you;\n\
         CREATE ROLE r WITH LOGIN PASSWORD 'x';\n\
         CREATE AGGREGATE sum2(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');\n\
         CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = f);\n\
         CREATE CAST (text AS int) WITH FUNCTION f(text);\n\
         COMMENT ON OPERATOR === (int, int) IS 'x';\n\
         CREATE STATISTICS st ON a, b FROM t;\n\
         CREATE PUBLICATION p FOR ALL TABLES;\n\
         LOCK TABLE t IN ACCESS EXCLUSIVE MODE;\n\
         REFRESH MATERIALIZED VIEW CONCURRENTLY mv;\n\
         BEGIN ISOLATION LEVEL SERIALIZABLE; COMMIT;\n\
         WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT DISTINCT ON (a) a, count(*) FILTER (WHERE a > 1) FROM x, LATERAL g(x.a) AS y(z int) GROUP BY 1 FETCH FIRST 3 ROWS ONLY FOR UPDATE;\n",
    );
}

#[test]
fn mistakes_are_found() {
    wrong("CREATE TABLE t (a int,, b int);", "`,` without a column or constraint before it");
    wrong("CREATE TABLE t (a int\n b text);", "`,` is missing behind a column or constraint");
    wrong("CREATE TABEL t (a int);", "\"TABEL\" is not a keyword; did you mean \"TABLE\"?");
    wrong("CRAETE TABLE t (a int);", "\"CRAETE\" is not a keyword; did you mean \"CREATE\"?");
    wrong("CREATE TABLE t (a int;", "`(` is never closed");
    wrong("CREATE TABLE t (a text DEFAULT 'x);", "quote `'` is never closed");
    wrong("CREATE TABLE t (a int, a text);", "column \"a\" is defined twice in table \"t\"");
    wrong("CREATE TABLE t (a int); CREATE TABLE T (b int);", "table \"t\" already exists");
    wrong("ALTER TABLE nothing ADD COLUMN a int;", "table \"nothing\" does not exist");
    wrong(
        "CREATE TABLE users (id int); CREATE INDEX ON users (ids);",
        "column \"ids\" does not exist in table \"users\", did you mean \"id\"?",
    );
    wrong(
        "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE o (u int REFERENCES user_s (id));",
        "table \"user_s\" does not exist, did you mean \"users\"?",
    );
    wrong("CREATE TYPE m AS ENUM ('a' 'b');", "`,` is missing between the values");
    wrong("CREATE TABLE t (order int);", "\"order\" is a keyword and no column name unless it is quoted");
    wrong("CREATE SCHEMA a; CREATE SCHEMA a;", "schema \"a\" already exists");
}

#[test]
fn a_search_path_says_where_names_are() {
    let state = replay(
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE b.t (id int PRIMARY KEY);\n\
         SET search_path = a, b; CREATE TABLE u (t int REFERENCES t);\n\
         SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE b.v (t int REFERENCES a.u (t));",
    );
    assert!(state.diagnostics.is_empty(), "{:?}", state.diagnostics);
    let table =
        |schema: &str, name: &str| state.realm.schema(schema).and_then(|schema| schema.table(name)).cloned();
    let u = table("a", "u").expect("the table is in the first schema");
    assert_eq!(u.foreign_keys[0].ref_schema, "b");
    assert_eq!(u.foreign_keys[0].ref_columns, ["id"]);
    assert!(table("b", "v").is_some());
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

#[test]
fn real_files_have_no_mistakes() {
    let mut paths = Vec::new();
    files(&root().join("corpus"), &mut paths);
    let mut checked = 0;
    for path in paths {
        let name = path.display().to_string();
        // What only this product writes.
        let words =
            ["serial", "jsonb", "timestamptz", "plpgsql", "::", "uuid", "\"public\"", "character varying"];
        if !name.ends_with(".sql") || name.contains("MySql") || name.contains("Sqlite") {
            continue;
        }
        let Ok(sql) = std::fs::read_to_string(&path) else { continue };
        let other = sql.contains('`')
            || sql.contains("[dbo]")
            || sql.contains("ENGINE")
            || sql.contains("AUTOINCREMENT");
        let ours = words.iter().any(|word| sql.to_lowercase().contains(word)) || name.contains("PostgreSql");
        if other || !ours {
            continue;
        }
        let errors: Vec<String> = parse(&sql)
            .errors()
            .into_iter()
            .map(|error| format!("{} {:?}", error.message, error.range))
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        checked += 1;
    }
    assert!(checked >= 5, "{checked}");
}

#[test]
fn the_scripts_of_atlas_have_no_mistakes() {
    let mut paths = Vec::new();
    files(&root().join("peer/scripts/postgres"), &mut paths);
    let mut checked = 0;
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for part in text.split("\n-- ").skip(1) {
            let Some((name, sql)) = part.split_once(" --\n") else { continue };
            if !name.ends_with(".sql") || name.contains("broken") {
                continue;
            }
            let errors: Vec<String> = parse(sql)
                .errors()
                .into_iter()
                .filter(|error| error.code != "sql-missing-delimiter")
                .map(|error| error.message)
                .collect();
            assert!(errors.is_empty(), "{} {name}: {errors:?}\n{sql}", path.display());
            checked += 1;
        }
    }
    assert!(checked > 5, "{checked}");
}

#[test]
fn any_text_stays_what_it_is() {
    let sources = [
        include_str!("../../tests/postgres/tables.sql"),
        include_str!("../../tests/postgres/changes.sql"),
        include_str!("../../tests/postgres/objects.sql"),
        include_str!("../../tests/postgres/expressions.sql"),
    ];
    let mut rng = Rng::new(7);
    for source in sources {
        let mut text = Text::new(source);
        let mut file = File::parse(&text, POSTGRES.grammar, None);
        let mut cache = Cache::default();
        for _ in 0..60 {
            let len = usize::from(text.len());
            let mut at = rng.below(len.max(1));
            let whole = text.to_string();
            while !whole.is_char_boundary(at) {
                at -= 1;
            }
            let mut end = (at + rng.below(30)).min(len);
            while !whole.is_char_boundary(end) {
                end -= 1;
            }
            let insert = *rng.pick(&[
                "",
                "'",
                "(",
                ")",
                "$$",
                ";",
                "\n",
                ",",
                " CREATE TABLE x (",
                "::",
                "--",
                "[",
                "\\.",
            ]);
            let range = TextRange::new((at as u32).into(), (end.max(at) as u32).into());
            text.edit(range, insert);
            let now = text.to_string();
            file = File::parse(&text, POSTGRES.grammar, Some(&file));
            let pieces: String = file.pieces().iter().map(|placed| placed.piece.text()).collect();
            assert_eq!(pieces, now);
            let fresh = File::parse(&text, POSTGRES.grammar, None);
            assert_eq!(file.pieces().len(), fresh.pieces().len());
            assert_eq!(file.errors(), fresh.errors());
            let state = engine::replay(&[(FileId(0), file.clone())], &POSTGRES, &mut cache);
            let again = engine::replay(&[(FileId(0), fresh)], &POSTGRES, &mut Cache::default());
            assert_eq!(state.realm, again.realm);
        }
    }
}
