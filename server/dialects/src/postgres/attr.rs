//! The model of PostgreSQL: every attribute only it has, declared once, and the form each value is kept in.
//!
//! Inspecting, replaying SQL and decoding HCL all make this model, and comparing and planning read it: the same thing
//! must be the same value, whoever made it. What follows is that agreement; it is not a description of the server.
//!
//! # Names and texts
//!
//! *Names* in attributes never depend on the search path. An object in the schema of its owner is written alone
//! (`order_no`), any other with its schema (`shop.order_no`); each step is quoted as SQL would quote it, only where it
//! must be. Objects of no schema (event triggers) always write the schema. [`super::names`] writes and reads them.
//! *Types* in attributes follow the same rule, in the spelling of [`super::types::format`]: `integer`, `status`,
//! `shop.status`, `character varying(10)[]`.
//! *Texts* (conditions, expressions, bodies) are the server's. In the scope of a realm the server qualifies every name
//! that is not of `pg_catalog`; in the scope of one schema it leaves out the qualifier of that schema. So two texts are
//! to be compared without the qualifiers of the own schema.
//!
//! # Implied things
//!
//! What the server adds by itself and Atlas does not print is not in the model: the default B-tree method, default
//! operator classes, `NULLS LAST` of an ascending part, the sequence of a serial or identity column, the index of a
//! constraint besides the constraint, the comment `standard public schema`, array types, the row type of a table, the
//! multirange of a range, anything an extension owns. A primary key named `<table>_pkey` has the name `None`.
//! Constraints always have the name the server gives: `t_a_b_key` (unique), `t_a_fkey`, `t_a_check` (`t_check` when the
//! condition names no column or several), `t_a_excl`, `t_pkey`, index `t_a_idx`, sequence `t_a_seq`; shortened to 63
//! bytes and numbered when taken, by [`super::names::implied`].
//!
//! # Order
//!
//! Schemas, tables, views, routines, indexes, foreign keys and checks: by name (bytes, the "C" collation). Columns: as
//! in the table. Enums and other objects: by kind, then name. Triggers: by table, then name. Order never counts as a
//! difference except for columns of a new table, values of an enum, parts of an index and fields of a composite.
//!
//! # Columns
//!
//! `ty` of a declared type: the bare `name`, the `schema` it is in, class [`schema::Class::Enum`] or
//! [`schema::Class::UserDefined`] (domain, composite, range, extension types; for those of an extension `schema` is
//! `None`). Arrays: class `Array`, name `<element>[]` whatever the dimensions, the element in canonical spelling with its
//! arguments inside the name (`character varying(10)[]`, `status[]` with the `schema` of `status`); no `args`. Serial
//! columns: class `Serial`, name `smallserial`, `serial` or `bigserial`, no default, not nullable.
//! `default`: a literal when it is one constant (a number, `true`, `'x'`, or `'x'::type` of a type whose literals are
//! strings), an expression otherwise. Constants of text-like types are `quoted`; numbers and booleans are not.
//! `raw_type` is what `format_type` or the author said.
//! A generated column is `Stored`, from PostgreSQL 18 on also `Virtual`.
//!
//! # Foreign keys
//!
//! `on_update` and `on_delete` are always `Some` after inspection and normalization (`NO ACTION` by default).
//! `ref_schema` is empty for a table of the own schema.

use schema::{AttrKey, Attrs, SmolStr};

// ── Kinds of objects ───────────────────────────────────────────────────────────────────────────────────────────────

/// `Object::kind` of an enum: [`VALUES`].
pub const ENUM: &str = "enum";
/// Of a domain: [`TYPE`], [`NULL`], [`DEFAULT`], [`CHECKS`], [`COLLATE`].
pub const DOMAIN: &str = "domain";
/// Of a composite type: [`FIELDS`].
pub const COMPOSITE: &str = "composite";
/// Of a range type: [`SUBTYPE`], [`SUBTYPE_OPCLASS`], [`COLLATE`], [`CANONICAL`], [`SUBTYPE_DIFF`], [`MULTIRANGE_NAME`].
pub const RANGE: &str = "range";
/// Of a sequence that no serial or identity column implies: [`TYPE`], [`START`], [`INCREMENT`], [`MIN_VALUE`],
/// [`MAX_VALUE`], [`CACHE`], [`CYCLE`], [`OWNER`]. Values that are the default for its type and direction are left out.
pub const SEQUENCE: &str = "sequence";
/// Of an aggregate: [`ARGS`], [`STATE_FUNC`], [`STATE_TYPE`], [`INITIAL_VALUE`], [`FINAL_FUNC`], [`PARALLEL`]. Several
/// may have one name: an aggregate is known by its name and the types of its arguments ([`signature`]).
pub const AGGREGATE: &str = "aggregate";
/// Of a policy of a table: [`ON`], [`AS`], [`FOR`], [`TO`], [`USING`], [`WITH_CHECK`]. Lies in the schema of its table;
/// known by its name and [`ON`].
pub const POLICY: &str = "policy";
/// Of a partition of a table, a child: [`OF`] and [`BOUND`], and [`PARTITION`] where its rows are distributed again. It
/// has no columns of its own.
pub const PARTITION_OF: &str = "partition";
/// Of an extension, in `Realm::objects`: [`VERSION`] (only where written; inspecting gives none), [`SCHEMA`].
pub const EXTENSION: &str = "extension";
/// Of an event trigger, in `Realm::objects`: [`ON`] (the event), [`EXECUTE`] (always with its schema), [`TAGS`].
pub const EVENT_TRIGGER: &str = "event_trigger";
/// Of a table of a foreign server: [`OF_SERVER`], [`OPTIONS`], [`TABLE_COLUMNS`].
pub const FOREIGN_TABLE: &str = "foreign_table";
/// Of a foreign server, in `Realm::objects`: [`WRAPPER`], [`TYPE`], [`VERSION`], [`OPTIONS`].
pub const SERVER: &str = "server";
/// Of who someone is at a foreign server, in `Realm::objects`: [`OF_SERVER`], [`MAPPED`], [`OPTIONS`]. It has a name for
/// messages only, as a cast.
pub const USER_MAPPING: &str = "user_mapping";
/// Of a conversion, in `Realm::objects`: [`SOURCE`], [`TARGET`], [`WITH`], [`AS`] (`ASSIGNMENT` or `IMPLICIT`; absent
/// for one that must be asked for).
pub const CAST: &str = "cast";
/// Of a collation: [`PROVIDER`], [`LOCALE`] (or [`LC_COLLATE`] and [`LC_CTYPE`] when they differ), [`DETERMINISTIC`],
/// [`RULES`]. [`FROM`] is only written: what it is a copy of is not remembered.
pub const COLLATION: &str = "collation";

// ── Of columns ─────────────────────────────────────────────────────────────────────────────────────────────────────

/// `GENERATED … AS IDENTITY`: one item with [`GENERATED`] (always set), [`START`] and [`INCREMENT`] (unless 1). Read and
/// written with [`Identity`].
pub static IDENTITY: AttrKey<Vec<Attrs>> =
    AttrKey::new("identity", "The column is numbered by a sequence of its own, as the SQL standard has it.");
/// `ALWAYS` or `BY_DEFAULT`.
pub static GENERATED: AttrKey<String> = AttrKey::new(
    "generated",
    "Whether a statement may give a value of its own (`BY_DEFAULT`) or not (`ALWAYS`).",
);
/// Of an identity or a sequence: the first value.
pub static START: AttrKey<i64> = AttrKey::new("start", "The first value.");
/// Of an identity or a sequence: the step.
pub static INCREMENT: AttrKey<i64> = AttrKey::new("increment", "The distance between two values.");
/// Of a serial column: the sequence, when it is not called `<table>_<column>_seq`. HCL cannot say it, so it is no
/// difference.
pub static SEQUENCE_NAME: AttrKey<String> = AttrKey::new(
    "sequence_name",
    "The sequence behind a serial column, when it has another name than usual.",
);
/// Of a serial column: one item with what its sequence does otherwise than usual: [`START`], [`INCREMENT`],
/// [`MIN_VALUE`], [`MAX_VALUE`], [`CACHE`], [`CYCLE`].
pub static SEQUENCE_OPTIONS: AttrKey<Vec<Attrs>> =
    AttrKey::new("sequence", "How the sequence behind a serial column counts.");
/// Of a column, a domain, a composite field, a range, an index part: the collation when it is not that of the type.
pub static COLLATE: AttrKey<String> =
    AttrKey::new("collate", "The collation text is compared by: `\"C\"`, `\"de_DE\"`.");
/// Of a column: `PLAIN`, `EXTERNAL`, `EXTENDED` or `MAIN`, when it is not that of the type.
pub static STORAGE: AttrKey<String> = AttrKey::new("storage", "How long values are stored (`SET STORAGE`).");
/// Of a column: `pglz` or `lz4`, when one was set.
pub static COMPRESSION: AttrKey<String> =
    AttrKey::new("compression", "How long values are compressed (PostgreSQL 14).");

// ── Of tables ──────────────────────────────────────────────────────────────────────────────────────────────────────

/// `PARTITION BY`: one item with [`TYPE`] (`RANGE`, `LIST`, `HASH`) and either [`COLUMNS`] (all parts are columns) or
/// [`BY`]. Read and written with [`Partition`].
pub static PARTITION: AttrKey<Vec<Attrs>> =
    AttrKey::new("partition", "How rows are distributed over partitions.");
/// Names of columns.
pub static COLUMNS: AttrKey<Vec<String>> = AttrKey::new("columns", "The columns, in order.");
/// Of a partition key: items with [`COLUMN`] or [`EXPR`].
pub static BY: AttrKey<Vec<Attrs>> = AttrKey::new("by", "A part of the partition key.");
/// The name of a column.
pub static COLUMN: AttrKey<String> = AttrKey::new("column", "A column.");
/// An expression, as the server writes it.
pub static EXPR: AttrKey<String> = AttrKey::new("expr", "An expression.");
/// `UNLOGGED`.
pub static UNLOGGED: AttrKey<bool> = AttrKey::new(
    "unlogged",
    "Do not write changes to the log: faster, but emptied after a crash, and not replicated.",
);
/// Of a table or materialized view: the access method, when it is not `heap`.
pub static ACCESS_METHOD: AttrKey<String> =
    AttrKey::new("access_method", "How rows are stored, `heap` by default.");
/// `FULL`, `NOTHING`, or the name of an index; absent for the default.
pub static REPLICA_IDENTITY: AttrKey<String> = AttrKey::new(
    "replica_identity",
    "What identifies a changed row for replication: `FULL`, `NOTHING` or an index.",
);
/// Of a table, index or materialized view: `name=value`, by name, as in `reloptions`. `pages_per_range` is not among
/// them but in [`PAGE_PER_RANGE`].
pub static STORAGE_PARAMS: AttrKey<Vec<String>> =
    AttrKey::new("storage_params", "Storage parameters (`WITH (…)`).");
/// Row level security: one item with [`ENABLED`] and [`ENFORCED`], absent when both are false. Read with
/// [`row_security`].
pub static ROW_SECURITY: AttrKey<Vec<Attrs>> =
    AttrKey::new("row_security", "Whether policies decide which rows are seen.");
/// `ENABLE ROW LEVEL SECURITY`.
pub static ENABLED: AttrKey<bool> = AttrKey::new("enabled", "Policies apply to everyone but the owner.");
/// `FORCE ROW LEVEL SECURITY`.
pub static ENFORCED: AttrKey<bool> = AttrKey::new("enforced", "Policies apply to the owner too.");

// ── Of indexes, keys and constraints ───────────────────────────────────────────────────────────────────────────────
// An exclusion constraint is an index with `key: Key::Exclusion`, a unique constraint one with `key:
// Key::UniqueConstraint`. `Key::Index` is an index that no constraint owns.

/// Of an index: the access method, upper case, when it is not `BTREE`: `GIN`, `GIST`, `BRIN`, `HASH`, `SPGIST`, or that
/// of an extension (`HNSW`). Of an exclusion constraint too, where `BTREE` is left out and `GIST` is not.
pub static TYPE: AttrKey<String> = AttrKey::new("type", "The access method, or the type.");
/// Of an index, a unique constraint or a primary key: `INCLUDE (…)` (PostgreSQL 11), never empty.
pub static INCLUDE: AttrKey<Vec<String>> =
    AttrKey::new("include", "Columns that are stored in the index and not part of its key.");
/// Of a unique index or constraint: `false` for `NULLS NOT DISTINCT` (PostgreSQL 15), otherwise absent.
pub static NULLS_DISTINCT: AttrKey<bool> = AttrKey::new(
    "nulls_distinct",
    "Whether two NULLs count as different, so that both may stand in a unique index.",
);
/// Of a BRIN index: `pages_per_range`, when it is not 128.
pub static PAGE_PER_RANGE: AttrKey<i64> = AttrKey::new(
    "page_per_range",
    "How many pages of the table an entry of a BRIN index sums up; 128 by default.",
);
/// Of an index part: the operator class when it is not the default one of the type, with its parameters:
/// `jsonb_path_ops`, `gist_trgm_ops(siglen='12')`. Its schema is written unless it is `pg_catalog`, `public` or that of
/// the table.
pub static OPS: AttrKey<String> = AttrKey::new("ops", "The operator class.");
/// Of a part of an exclusion constraint: the operator, `&&`, always set.
pub static OP: AttrKey<String> = AttrKey::new("op", "The operator that must not be true for two rows.");
/// Of an ascending index part: `NULLS FIRST`.
pub static NULLS_FIRST: AttrKey<bool> = AttrKey::new("nulls_first", "NULLs come before all values.");
/// Of a descending index part: `NULLS LAST`.
pub static NULLS_LAST: AttrKey<bool> = AttrKey::new("nulls_last", "NULLs come after all values.");
/// Of a key, unique, exclusion or trigger constraint: `INITIALLY_IMMEDIATE` or `INITIALLY_DEFERRED`; absent when it is
/// not deferrable.
pub static DEFERRABLE: AttrKey<String> = AttrKey::new(
    "deferrable",
    "Whether the check can wait for the end of the transaction, and does so at the start.",
);
/// Of a primary key or a unique constraint: `WITHOUT OVERLAPS` behind the last column (PostgreSQL 18). Its index is a
/// GiST one, which goes without saying.
pub static WITHOUT_OVERLAPS: AttrKey<bool> = AttrKey::new(
    "without_overlaps",
    "The last column is a range, and ranges may not overlap (PostgreSQL 18).",
);
/// Of a foreign key: `PERIOD` before the last column on either side (PostgreSQL 18).
pub static PERIOD: AttrKey<bool> =
    AttrKey::new("period", "The last column is a range of time (PostgreSQL 18).");
/// Of a foreign key: `FULL`, absent for `SIMPLE`.
pub static MATCH: AttrKey<String> =
    AttrKey::new("match", "How keys of several columns with some NULL are checked.");
/// Of a foreign key: the columns of `ON DELETE SET NULL (…)` (PostgreSQL 15), when not all.
pub static ON_DELETE_COLUMNS: AttrKey<Vec<String>> =
    AttrKey::new("on_delete_columns", "The columns that are set when the row referred to is deleted.");
/// Of a foreign key or check: `NOT VALID`, when rows that were there before were not looked at.
pub static NOT_VALID: AttrKey<bool> =
    AttrKey::new("not_valid", "Rows that were there before need not comply.");
/// Of a check: `NO INHERIT`.
pub static NO_INHERIT: AttrKey<bool> = AttrKey::new("no_inherit", "Tables that inherit do not have it.");
/// Of a foreign key or check: `NOT ENFORCED` (PostgreSQL 18).
pub static NOT_ENFORCED: AttrKey<bool> = AttrKey::new("not_enforced", "Written down, but not checked.");
/// The comment of what has no field for it: checks, foreign keys, triggers, routines, checks of a domain.
pub static COMMENT: AttrKey<String> = AttrKey::new("comment", "A comment.");

// ── Of views ───────────────────────────────────────────────────────────────────────────────────────────────────────
// `body` is the query without the last semicolon; `columns` are those of the catalog with their types. The indexes of
// a materialized view are in `View::indexes`.

/// `LOCAL` or `CASCADED`.
pub static CHECK_OPTION: AttrKey<String> =
    AttrKey::new("check_option", "Whether rows written through the view must be visible in it.");
/// One item with [`BARRIER`] and [`INVOKER`], absent when both are false.
pub static SECURITY_OPTIONS: AttrKey<Vec<Attrs>> =
    AttrKey::new("security", "With whose rights the view reads.");
/// `security_barrier`.
pub static BARRIER: AttrKey<bool> = AttrKey::new("barrier", "Conditions of the user are applied last.");
/// `security_invoker` (PostgreSQL 15).
pub static INVOKER: AttrKey<bool> = AttrKey::new("invoker", "The view reads with the rights of its user.");
/// Of a materialized view: `WITH NO DATA`.
pub static WITH_NO_DATA: AttrKey<bool> = AttrKey::new("with_no_data", "Create it empty.");

// ── Of routines ────────────────────────────────────────────────────────────────────────────────────────────────────
// `body` is what stands between the dollar quotes (`pg_proc.prosrc`), or the SQL body of a function of the standard
// (`RETURN …`, `BEGIN ATOMIC … END`), then with [`SQL_BODY`]. A routine is known by its name and the types of its
// input arguments ([`signature`]).

/// The language: `SQL` and `PLpgSQL` in this spelling, any other as the catalog has it.
pub static LANG: AttrKey<String> = AttrKey::new("lang", "The language of the body.");
/// Items with [`NAME`] (absent without one), [`TYPE`], [`MODE`] (absent for `IN`), [`DEFAULT`]. Columns of `RETURNS TABLE`
/// are not among them.
pub static ARGS: AttrKey<Vec<Attrs>> = AttrKey::new("arg", "An argument.");
/// The name of an item.
pub static NAME: AttrKey<String> = AttrKey::new("name", "The name.");
/// `OUT`, `INOUT` or `VARIADIC`.
pub static MODE: AttrKey<String> = AttrKey::new("mode", "Which way the argument goes, `IN` by default.");
/// Of a domain, an argument, an aggregate: the default as SQL writes it: `'x'`, `5`, `now()`. See [`super::defaults`].
pub static DEFAULT: AttrKey<String> = AttrKey::new("default", "The default value.");
/// The type a function returns; absent for procedures, and with [`RETURN_SET`] or [`RETURN_TABLE`]. Also absent when
/// `OUT` arguments say it.
pub static RETURN: AttrKey<String> = AttrKey::new("return", "The type of the result.");
/// The type of the rows of `RETURNS SETOF`.
pub static RETURN_SET: AttrKey<String> = AttrKey::new("return_set", "The type of the rows of the result.");
/// One item with [`TABLE_COLUMNS`]: `RETURNS TABLE (…)`.
pub static RETURN_TABLE: AttrKey<Vec<Attrs>> =
    AttrKey::new("return_table", "The columns of the rows of the result.");
/// Items with [`NAME`] and [`TYPE`].
pub static TABLE_COLUMNS: AttrKey<Vec<Attrs>> = AttrKey::new("column", "A column of the result.");
/// `STABLE` or `IMMUTABLE`; absent for `VOLATILE`.
pub static VOLATILITY: AttrKey<String> = AttrKey::new("volatility", "What the result depends on.");
/// `SAFE` or `RESTRICTED`; absent for `UNSAFE`.
pub static PARALLEL: AttrKey<String> = AttrKey::new("parallel", "Whether parallel workers may call it.");
/// `STRICT`: the result is NULL when an argument is.
pub static STRICT: AttrKey<bool> = AttrKey::new("strict", "NULL in, NULL out, without a call.");
pub static LEAKPROOF: AttrKey<bool> =
    AttrKey::new("leakproof", "Tells nothing of its arguments but by its result.");
/// `DEFINER`; absent for `INVOKER`.
pub static SECURITY: AttrKey<String> = AttrKey::new("security", "With whose rights it runs.");
/// `SET name = value`: `name=value`, in the order of the catalog.
pub static CONFIG_PARAMS: AttrKey<Vec<String>> =
    AttrKey::new("config_params", "Settings that hold while it runs.");
/// `COST` and `ROWS` when they are not the default.
pub static COST: AttrKey<i64> = AttrKey::new("cost", "The estimated cost of a call.");
pub static ROWS: AttrKey<i64> = AttrKey::new("rows", "The estimated number of rows of the result.");
/// The body is SQL of the standard, parsed when it was created (PostgreSQL 14).
pub static SQL_BODY: AttrKey<bool> =
    AttrKey::new("sql_body", "The body is parsed when the function is created.");
/// `WINDOW`.
pub static WINDOW: AttrKey<bool> = AttrKey::new("window", "A window function.");

/// Of an aggregate.
pub static STATE_FUNC: AttrKey<String> = AttrKey::new("state_func", "The function called for each row.");
pub static STATE_TYPE: AttrKey<String> = AttrKey::new("state_type", "The type of the state.");
pub static INITIAL_VALUE: AttrKey<String> = AttrKey::new("initial_value", "The state before the first row.");
pub static FINAL_FUNC: AttrKey<String> =
    AttrKey::new("final_func", "The function that makes the result of the state.");

// ── Of triggers ────────────────────────────────────────────────────────────────────────────────────────────────────
// `Trigger::body` is the statement `CREATE TRIGGER …` as [`super::rules::trigger_statement`] writes it from the
// attributes: two triggers are equal when it is. Triggers of different tables may have one name.

/// `BEFORE`, `AFTER` or `INSTEAD OF`.
pub static TIME: AttrKey<String> = AttrKey::new("time", "When it runs.");
/// `INSERT`, `DELETE`, `UPDATE`, `TRUNCATE`, in this order.
pub static EVENTS: AttrKey<Vec<String>> = AttrKey::new("events", "What it watches.");
/// The columns of `UPDATE OF`.
pub static UPDATE_OF: AttrKey<Vec<String>> =
    AttrKey::new("update_of", "The columns whose update it watches.");
/// `ROW` or `STATEMENT`, always set.
pub static FOR_EACH: AttrKey<String> = AttrKey::new("for", "Whether it runs for every row or once.");
/// The condition, as the server writes it.
pub static WHEN: AttrKey<String> = AttrKey::new("when", "When this is not true, it does not run.");
/// The function it calls; of an event trigger too.
pub static EXECUTE: AttrKey<String> = AttrKey::new("execute", "The function that is called.");
/// Strings for the function.
pub static EXECUTE_ARGS: AttrKey<Vec<String>> = AttrKey::new("args", "Arguments of the function.");
/// `CREATE CONSTRAINT TRIGGER`.
pub static CONSTRAINT: AttrKey<bool> =
    AttrKey::new("constraint", "A constraint trigger: its time can be deferred.");
/// Of a constraint trigger: the table a foreign key refers to.
pub static FROM: AttrKey<String> = AttrKey::new("from", "The other table of the constraint.");
pub static OLD_TABLE: AttrKey<String> = AttrKey::new("old_table", "The name of the rows before the change.");
pub static NEW_TABLE: AttrKey<String> = AttrKey::new("new_table", "The name of the rows after the change.");

// ── Of other objects ───────────────────────────────────────────────────────────────────────────────────────────────

/// Of an enum, in its order.
pub static VALUES: AttrKey<Vec<String>> = AttrKey::new("values", "The values, in order.");
/// Of a domain: whether NULL is a value; absent for `NOT NULL`, as for a column.
pub static NULL: AttrKey<bool> = AttrKey::new("null", "Whether it may be NULL.");
/// Of a domain: items with [`NAME`] and [`EXPR`], by name.
pub static CHECKS: AttrKey<Vec<Attrs>> = AttrKey::new("check", "A condition every value must meet.");
/// Of a composite type: items with [`NAME`], [`TYPE`], [`COLLATE`], in order.
pub static FIELDS: AttrKey<Vec<Attrs>> = AttrKey::new("field", "A field.");
pub static SUBTYPE: AttrKey<String> = AttrKey::new("subtype", "The type of the bounds.");
pub static SUBTYPE_OPCLASS: AttrKey<String> =
    AttrKey::new("subtype_opclass", "The operator class of the bounds.");
pub static CANONICAL: AttrKey<String> =
    AttrKey::new("canonical", "The function that brings a range into one form.");
pub static SUBTYPE_DIFF: AttrKey<String> =
    AttrKey::new("subtype_diff", "The function that measures a distance.");
/// When it is not the usual one.
pub static MULTIRANGE_NAME: AttrKey<String> =
    AttrKey::new("multirange_name", "The name of the multirange type.");
pub static MIN_VALUE: AttrKey<i64> = AttrKey::new("min_value", "The smallest value.");
pub static MAX_VALUE: AttrKey<i64> = AttrKey::new("max_value", "The largest value.");
pub static CACHE: AttrKey<i64> = AttrKey::new("cache", "How many values a session takes at once.");
pub static CYCLE: AttrKey<bool> = AttrKey::new("cycle", "Start again after the last value.");
/// Of a sequence: `table.column`, or `schema.table.column`.
pub static OWNER: AttrKey<String> = AttrKey::new("owner", "The column with which the sequence is dropped.");
/// The table a policy is on; the event of an event trigger.
pub static ON: AttrKey<String> = AttrKey::new("on", "What it is on.");
/// Of a policy: `RESTRICTIVE`; absent for `PERMISSIVE`.
pub static AS: AttrKey<String> = AttrKey::new("as", "Whether it allows rows or takes them away.");
/// Of a policy: `SELECT`, `INSERT`, `UPDATE`, `DELETE`; absent for `ALL`.
pub static FOR: AttrKey<String> = AttrKey::new("for", "What it is for.");
/// Of a policy: roles, `PUBLIC`, `CURRENT_USER`…; absent when it is `PUBLIC` alone.
pub static TO: AttrKey<Vec<String>> = AttrKey::new("to", "The roles it is for.");
pub static USING: AttrKey<String> = AttrKey::new("using", "Which rows are seen.");
pub static WITH_CHECK: AttrKey<String> = AttrKey::new("check", "Which rows may be written.");
/// Of a partition: its table.
pub static OF: AttrKey<String> = AttrKey::new("of", "The table it is a part of.");
/// Of a partition: `FOR VALUES …` or `DEFAULT`, as the server writes it.
pub static BOUND: AttrKey<String> = AttrKey::new("bound", "The rows it has.");
pub static VERSION: AttrKey<String> = AttrKey::new("version", "The version.");
/// Of an extension: where its objects are, when it is not `public`.
pub static SCHEMA: AttrKey<String> = AttrKey::new("schema", "The schema of its objects.");
/// Of an event trigger.
pub static TAGS: AttrKey<Vec<String>> = AttrKey::new("tags", "The commands it is for.");
/// `INOUT`, or a function (always with its schema); absent where the bytes stay as they are.
pub static WITH: AttrKey<String> =
    AttrKey::new("with", "How it is done; without it the bytes stay as they are.");
pub static SOURCE: AttrKey<String> = AttrKey::new("source", "The type to convert.");
pub static TARGET: AttrKey<String> = AttrKey::new("target", "The type it becomes.");
/// Absent for libc.
pub static PROVIDER: AttrKey<String> = AttrKey::new("provider", "The provider: `icu`, `libc`, `builtin`.");
pub static LOCALE: AttrKey<String> = AttrKey::new("locale", "The locale.");
pub static LC_COLLATE: AttrKey<String> =
    AttrKey::new("lc_collate", "The locale of the order, when it is not that of the classes.");
pub static LC_CTYPE: AttrKey<String> =
    AttrKey::new("lc_ctype", "The locale of the classes of characters, when it is not that of the order.");
/// Absent for `true`.
pub static DETERMINISTIC: AttrKey<bool> =
    AttrKey::new("deterministic", "Whether texts are equal only when their bytes are (PostgreSQL 12).");
pub static RULES: AttrKey<String> = AttrKey::new("rules", "Rules of ICU's own (PostgreSQL 16).");
/// `name=value`, by name.
pub static OPTIONS: AttrKey<Vec<String>> = AttrKey::new("options", "Options of the foreign data wrapper.");
pub static WRAPPER: AttrKey<String> = AttrKey::new("fdw", "The foreign data wrapper.");
pub static OF_SERVER: AttrKey<String> = AttrKey::new("server", "The foreign server.");
/// A role, or `PUBLIC`.
pub static MAPPED: AttrKey<String> = AttrKey::new("user", "The role of this server.");

// ── Of roles and permissions ──────────────────────────────────────────
//
// A role that cannot log in and a user that can are objects of the realm with [`SUPERUSER`] and its kin where they are not
// the default, [`MEMBER_OF`], [`MEMBERSHIP`], [`EXTERNAL`], [`PASSWORD`] (never inspected). A permission has [`FOR`] (see
// [`super::accounts`]), [`GRANTEE`], [`PRIVILEGES`], [`GRANTABLE`], and a name for messages only.

pub use engine::accounts::{
    ADMIN, EXTERNAL, FOR_LIST, GRANTABLE, GRANTEE, INHERIT, MEMBER_OF, MEMBER_ROLE, MEMBERSHIP, PASSWORD,
    PERMISSION, PRIVILEGES, ROLE, SET, USER,
};

/// Of a role in HCL only: the kind of the object says it.
pub static LOGIN: AttrKey<bool> = AttrKey::new("login", "Whether it can log in.");
pub static SUPERUSER: AttrKey<bool> = AttrKey::new("superuser", "Whether it may do everything.");
pub static CREATE_DB: AttrKey<bool> = AttrKey::new("create_db", "Whether it may make databases.");
pub static CREATE_ROLE: AttrKey<bool> = AttrKey::new("create_role", "Whether it may make roles.");
pub static REPLICATION: AttrKey<bool> = AttrKey::new("replication", "Whether it may replicate.");
pub static BYPASS_RLS: AttrKey<bool> = AttrKey::new("bypass_rls", "Whether policies do not apply to it.");
/// Absent for no limit.
pub static CONN_LIMIT: AttrKey<i64> = AttrKey::new("conn_limit", "How many connections it may have.");

/// [`IDENTITY`], taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `GENERATED ALWAYS`, otherwise `BY DEFAULT`.
    pub always: bool,
    pub start: i64,
    pub increment: i64,
}

impl Identity {
    /// The identity of a column with `attrs`.
    pub fn of(attrs: &Attrs) -> Option<Self> {
        let items = attrs.get(&IDENTITY)?;
        let item = items.first()?;
        Some(Self {
            always: item.get(&GENERATED).is_some_and(|word| word == "ALWAYS"),
            start: item.get(&START).unwrap_or(1),
            increment: item.get(&INCREMENT).unwrap_or(1),
        })
    }

    /// Sets it in `attrs`.
    pub fn set(self, attrs: &mut Attrs) {
        let mut item = Attrs::default();
        item.set(&GENERATED, String::from(if self.always { "ALWAYS" } else { "BY_DEFAULT" }));
        if self.start != 1 {
            item.set(&START, self.start);
        }
        if self.increment != 1 {
            item.set(&INCREMENT, self.increment);
        }
        attrs.set(&IDENTITY, vec![item]);
    }
}

/// [`PARTITION`], taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// `RANGE`, `LIST` or `HASH`.
    pub strategy: String,
    pub parts: Vec<schema::PartOf>,
}

impl Partition {
    /// The partition key of a table with `attrs`.
    pub fn of(attrs: &Attrs) -> Option<Self> {
        let items = attrs.get(&PARTITION)?;
        let item = items.first()?;
        let column = |name: String| schema::PartOf::Column(name.into());
        let mut parts: Vec<schema::PartOf> =
            item.get(&COLUMNS).unwrap_or_default().into_iter().map(column).collect();
        for by in item.get(&BY).unwrap_or_default() {
            match (by.get(&COLUMN), by.get(&EXPR)) {
                (Some(name), _) => parts.push(column(name)),
                (None, Some(expr)) => parts.push(schema::PartOf::Expr(schema::Expr(expr))),
                (None, None) => {}
            }
        }
        Some(Self { strategy: item.get(&TYPE).unwrap_or_default(), parts })
    }

    /// Sets it in `attrs`.
    pub fn set(&self, attrs: &mut Attrs) {
        let mut item = Attrs::default();
        item.set(&TYPE, self.strategy.clone());
        let columns: Option<Vec<String>> = self
            .parts
            .iter()
            .map(|part| match part {
                schema::PartOf::Column(name) => Some(name.to_string()),
                schema::PartOf::Expr(_) => None,
            })
            .collect();
        match columns {
            Some(columns) => item.set(&COLUMNS, columns),
            None => {
                let by = self.parts.iter().map(|part| {
                    let mut by = Attrs::default();
                    match part {
                        schema::PartOf::Column(name) => by.set(&COLUMN, name.to_string()),
                        schema::PartOf::Expr(expr) => by.set(&EXPR, expr.0.clone()),
                    }
                    by
                });
                item.set(&BY, by.collect::<Vec<_>>());
            }
        }
        attrs.set(&PARTITION, vec![item]);
    }
}

/// Whether row level security is enabled, and whether it is enforced for the owner too.
pub fn row_security(attrs: &Attrs) -> (bool, bool) {
    let items = attrs.get(&ROW_SECURITY).unwrap_or_default();
    items.first().map_or((false, false), |item| (item.is(&ENABLED), item.is(&ENFORCED)))
}

/// The opposite of [`row_security`].
pub fn set_row_security(attrs: &mut Attrs, enabled: bool, enforced: bool) {
    flags(attrs, &ROW_SECURITY, &[(&ENABLED, enabled), (&ENFORCED, enforced)]);
}

/// Whether a view is a security barrier, and whether it reads with the rights of its user.
pub fn view_security(attrs: &Attrs) -> (bool, bool) {
    let items = attrs.get(&SECURITY_OPTIONS).unwrap_or_default();
    items.first().map_or((false, false), |item| (item.is(&BARRIER), item.is(&INVOKER)))
}

/// The opposite of [`view_security`].
pub fn set_view_security(attrs: &mut Attrs, barrier: bool, invoker: bool) {
    flags(attrs, &SECURITY_OPTIONS, &[(&BARRIER, barrier), (&INVOKER, invoker)]);
}

fn flags(attrs: &mut Attrs, key: &AttrKey<Vec<Attrs>>, flags: &[(&AttrKey<bool>, bool)]) {
    let mut item = Attrs::default();
    for (flag, _) in flags.iter().filter(|(_, set)| *set) {
        item.set(*flag, true);
    }
    if item.is_empty() {
        attrs.remove(key);
    } else {
        attrs.set(key, vec![item]);
    }
}

/// What tells apart routines and aggregates of one name: the types of the arguments that go in, `integer, text`.
pub fn signature(attrs: &Attrs) -> SmolStr {
    let args = attrs.get(&ARGS).unwrap_or_default();
    let types = args
        .iter()
        .filter(|arg| arg.get(&MODE).is_none_or(|mode| mode != "OUT"))
        .map(|arg| arg.get(&TYPE).unwrap_or_default());
    types.collect::<Vec<_>>().join(", ").into()
}
