//! What a file is: by its name, and for schemas by what it contains.

use engine::{Dialect, Dialects};

use crate::Path;

/// The role of a file, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// `atlas.hcl`, or the file named by `--config`.
    Config,
    /// Schema HCL.
    Schema,
    /// SQL: a schema or a migration.
    Sql,
    Test,
    Plan,
    Rule,
    Script,
    Sum,
    Other,
}

/// The role of the file at `path`. Any other `.hcl` file is taken for a schema.
pub fn role(path: &Path) -> Role {
    let name = path.name();
    let is = |suffix: &str| name.len() > suffix.len() && name.ends_with(suffix);
    match name {
        "atlas.hcl" => Role::Config,
        "atlas.sum" => Role::Sum,
        _ if is(".test.hcl") => Role::Test,
        _ if is(".plan.hcl") => Role::Plan,
        _ if is(".rule.hcl") => Role::Rule,
        _ if is(".script.hcl") => Role::Script,
        _ if is(".hcl") => Role::Schema,
        _ if is(".sql") => Role::Sql,
        _ => Role::Other,
    }
}

/// Suffixes of the products whose dialect is not built yet: their files are not analysed, and nothing in them is
/// flagged.
///
/// Source: atlasgo.io, file naming for editor support.
pub const FOREIGN_SUFFIXES: &[(&str, &str)] = &[
    (".my.hcl", "atlas-schema-mysql"),
    (".ma.hcl", "atlas-schema-mariadb"),
    (".pg.hcl", "atlas-schema-postgresql"),
    (".lt.hcl", "atlas-schema-sqlite"),
    (".ch.hcl", "atlas-schema-clickhouse"),
    (".ms.hcl", "atlas-schema-mssql"),
    (".rs.hcl", "atlas-schema-redshift"),
    (".oc.hcl", "atlas-schema-oracle"),
    (".sp.hcl", "atlas-schema-spanner"),
    (".sf.hcl", "atlas-schema-snowflake"),
    (".dbx.hcl", "atlas-schema-databricks"),
];

/// What is known of a file's dialect.
#[derive(Clone, Copy, Debug)]
pub enum Spoken {
    /// One we understand.
    Known(&'static Dialect),
    /// One we know of but do not understand yet; its language id or name.
    Foreign(&'static str),
    /// Nothing says.
    Unknown,
}

impl Spoken {
    pub fn dialect(self) -> Option<&'static Dialect> {
        match self {
            Spoken::Known(dialect) => Some(dialect),
            _ => None,
        }
    }
}

/// The dialect a file's suffix says.
pub fn by_suffix(path: &Path, dialects: Dialects) -> Spoken {
    if let Some(dialect) = dialects.by_suffix(path.as_str()) {
        return Spoken::Known(dialect);
    }
    let foreign = FOREIGN_SUFFIXES.iter().find(|(suffix, _)| path.as_str().ends_with(suffix));
    foreign.map_or(Spoken::Unknown, |(_, language)| Spoken::Foreign(language))
}

/// The dialect an editor's language id says.
pub fn by_language(language: &str, dialects: Dialects) -> Spoken {
    if let Some(dialect) = dialects.by_language(language) {
        return Spoken::Known(dialect);
    }
    let foreign = FOREIGN_SUFFIXES.iter().find(|(_, id)| *id == language);
    foreign.map_or(Spoken::Unknown, |(_, language)| Spoken::Foreign(language))
}

/// The dialect a database URL says; `docker://postgres/15/dev` and `docker+mysql://…` say it too.
pub fn by_url(url: &str, dialects: Dialects) -> Spoken {
    if let Some(dialect) = dialects.by_url(url) {
        return Spoken::Known(dialect);
    }
    let Some(name) = engine::dialect::url_driver(url) else { return Spoken::Unknown };
    FOREIGN_SCHEMES.iter().find(|known| **known == name).map_or(Spoken::Unknown, |name| Spoken::Foreign(name))
}

/// Source: atlas URL reference, project.md section 10.
const FOREIGN_SCHEMES: &[&str] = &[
    "mysql",
    "mysql+unix",
    "mariadb",
    "mariadb+unix",
    "maria",
    "maria+unix",
    "postgres",
    "postgresql",
    "postgis",
    "pgvector",
    "crdb",
    "clickhouse",
    "sqlserver",
    "azuresql",
    "redshift",
    "snowflake",
    "oracle",
    "spanner",
    "databricks",
];

/// The dialect a text itself speaks, judged by words that only one of the products has.
///
/// Cautious: without a sure sign the answer is `None`.
pub fn by_content(text: &str, dialects: Dialects) -> Spoken {
    let sample: String = text.chars().take(64 * 1024).collect::<String>().to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| sample.contains(word));
    // Only SQLite has a schema of this name without being told so.
    if let Some(sqlite) = dialects.by_name("sqlite").filter(|_| has(&["schema.main", "schema \"main\""])) {
        return Spoken::Known(sqlite);
    }
    // What a dump says of itself, and what no other product reads: `$$` may end a statement in MySQL too.
    let sure: [(&'static str, &[&str]); 2] = [("mariadb", SURELY_MARIADB), ("mysql", SURELY_MYSQL)];
    if let Some((name, _)) = sure.iter().find(|(_, words)| has(words)) {
        return dialects.by_name(name).map_or(Spoken::Foreign(name), Spoken::Known);
    }
    let signs: [(&'static str, &[&str]); 4] =
        [("postgres", POSTGRES), ("mysql", MYSQL), ("sqlserver", SQLSERVER), ("clickhouse", CLICKHOUSE)];
    if let Some((name, _)) = signs.iter().find(|(_, words)| has(words)) {
        return dialects.by_name(name).map_or(Spoken::Foreign(name), Spoken::Known);
    }
    if sample.lines().any(|line| names_other_schema(line) || is_never_sqlite(line)) {
        return Spoken::Foreign("another database");
    }
    match dialects.by_name("sqlite") {
        Some(sqlite) if has(SQLITE) => Spoken::Known(sqlite),
        _ => Spoken::Unknown,
    }
}

/// Whether a line of HCL declares or names a schema that SQLite does not have: its only one is `main`.
fn names_other_schema(line: &str) -> bool {
    let line = line.trim();
    let declared = line.strip_prefix("schema \"").and_then(|rest| rest.split_once('"'));
    let named = line.strip_prefix("schema").and_then(|rest| rest.trim_start().strip_prefix('='));
    let named = named.and_then(|rest| rest.trim().strip_prefix("schema."));
    declared.is_some_and(|(name, rest)| name != "main" && rest.trim_start().starts_with('{'))
        || named.is_some_and(|name| name != "main" && !name.is_empty() && !name.contains(' '))
}

/// Whether a line of SQL is in a form that several products have and SQLite refuses.
fn is_never_sqlite(line: &str) -> bool {
    let line = line.trim();
    let starts = |word: &&str| line.starts_with(*word);
    let pair = |(start, inside): &(&str, &str)| line.starts_with(*start) && line.contains(*inside);
    let is_comment = line.starts_with("--") || line.starts_with('#') || line.starts_with("//");
    !is_comment
        && (NEVER_STARTS.iter().any(starts)
            || NEVER_INSIDE.iter().any(|words| line.contains(words))
            || NEVER_TOGETHER.iter().any(pair))
}

const NEVER_STARTS: &[&str] = &[
    "unique key ",
    "unique index ",
    "key `",
    "index `",
    "fulltext ",
    "create type ",
    "create function ",
    "drop function ",
    "create schema ",
    "alter table if ",
    "include (",
];
const NEVER_INSIDE: &[&str] = &[
    " include (",
    " include(",
    "add column if ",
    "drop column if ",
    " enum(",
    " enum (",
    "drop foreign key",
    "create or replace ",
    " owner to ",
    "index concurrently",
    "current_timestamp(",
    "on update current_timestamp",
    "character set ",
    "collate utf8",
    "with time zone",
    "::text",
    "::regclass",
    "::uuid",
    " serial ",
    " using gin",
    " using btree",
];
/// The start of a line, and what else is in it.
const NEVER_TOGETHER: &[(&str, &str)] = &[
    ("drop index ", " on "),
    ("drop trigger ", " on "),
    ("create ", " index on "),
    ("alter table ", " alter column "),
    ("alter table ", " modify "),
    ("alter table ", " change column "),
    ("alter table ", " add constraint "),
    ("alter table ", " drop constraint "),
    ("alter table ", " add primary key"),
];

const SQLITE: &[&str] = &[
    "schema.main",
    "schema \"main\"",
    "without rowid",
    "autoincrement",
    "pragma ",
    "sqlite_sequence",
    "without_rowid",
    "strict;",
];
const POSTGRES: &[&str] = &[
    "schema.public",
    "schema \"public\"",
    "timestamptz",
    "bigserial",
    "jsonb",
    "plpgsql",
    "create extension",
    "set search_path",
    "character varying",
    "$$",
    "tsvector",
    "pg_catalog",
    "smallserial",
    "character_varying",
    "alter table only ",
    "create domain ",
    "create materialized view",
    "create policy ",
    "row level security",
    "without time zone",
    "with time zone",
    "nextval(",
    "gen_random_uuid(",
    " owner to ",
    "::text",
    "::regclass",
    "::uuid",
    "::jsonb",
    "::character",
    "::timestamp",
];
const SURELY_MARIADB: &[&str] = &["-- mariadb dump", "/*m!"];
const SURELY_MYSQL: &[&str] = &[
    "-- mysql dump",
    "/*!40",
    "/*!50",
    "/*!80",
    "\ndelimiter $$",
    "\ndelimiter //",
    "\ndelimiter ;;",
    "nextval(`",
    ") engine=",
];
const MYSQL: &[&str] = &[
    "engine=",
    "engine =",
    "auto_increment=",
    "null auto_increment",
    " auto_increment,",
    " auto_increment primary",
    "delimiter ",
    "charset=",
    "unsigned_",
    "utf8mb4",
    "longtext",
    "mediumtext",
    "mediumint",
    "on update current_timestamp",
    "unique key `",
    "fulltext key",
    "lock tables",
    "/*!40",
    "/*!50",
];
const SQLSERVER: &[&str] = &["\ngo\n", "\r\ngo\r\n", "nvarchar(max)", "[dbo]", "schema.dbo", "identity(1"];
const CLICKHOUSE: &[&str] = &["mergetree", "lowcardinality", "schema.default", "datetime64"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_roles() {
        for (name, expected) in [
            ("/p/atlas.hcl", Role::Config),
            ("/p/schema.lt.hcl", Role::Schema),
            ("/p/schema.hcl", Role::Schema),
            ("/p/a.test.hcl", Role::Test),
            ("/p/1.plan.hcl", Role::Plan),
            ("/p/migrations/atlas.sum", Role::Sum),
            ("/p/1.sql", Role::Sql),
            ("/p/x.txt", Role::Other),
        ] {
            assert_eq!(role(&Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn an_unbuilt_dialect_is_known_by_name_and_not_understood() {
        let none = Dialects(&[]);
        assert!(matches!(
            by_suffix(&Path::new("/p/a.pg.hcl"), none),
            Spoken::Foreign("atlas-schema-postgresql")
        ));
        assert!(matches!(by_url("docker://postgres/15/dev", none), Spoken::Foreign("postgres")));
        assert!(matches!(by_url("docker+mysql://_/mysql:8/dev", none), Spoken::Foreign("mysql")));
        assert!(matches!(by_content("create table t (id bigserial)", none), Spoken::Foreign("postgres")));
        assert!(matches!(by_content("create table t (id int)", none), Spoken::Unknown));
        let dump =
            "/*M!999999\\- enable the sandbox mode */\ncreate table `t` (`id` int default nextval(`d`.`s`));";
        assert!(matches!(by_content(dump, none), Spoken::Foreign("mariadb")));
        let routine = "select 1;\nDELIMITER $$\ncreate procedure p() begin end$$";
        assert!(matches!(by_content(routine, none), Spoken::Foreign("mysql")));
    }

    #[test]
    fn what_sqlite_cannot_have_is_of_another_product() {
        let none = Dialects(&[]);
        for text in [
            "schema \"app\" {\n}\n",
            "table \"t\" {\n  schema = schema.app\n}\n",
            "create table t (\n  a enum('x', 'y')\n)",
            "DROP INDEX i ON t;",
            "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
        ] {
            assert!(matches!(by_content(text, none), Spoken::Foreign("another database")), "{text}");
        }
        for text in
            ["table \"t\" {\n  schema = schema.\n}\n", "CREATE UNIQUE INDEX i ON t (a);", "schema \"app"]
        {
            assert!(matches!(by_content(text, none), Spoken::Unknown), "{text}");
        }
    }
}
