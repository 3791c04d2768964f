//! What a schema file for PostgreSQL may contain.
//!
//! Data only: validation, completion, hover and the reference page derive from it. Blocks of objects are in
//! [`super::spec::objects`]. Atlas knows more than it documents, so an unknown name is no mistake by itself.
//!
//! Source: Atlas's reference of PostgreSQL resources (October 2024) with what its changelog and examples added since,
//! and atlas `sql/postgres/sqlspec.go` at a5e0aec.

pub mod accounts;
mod foreign;
pub mod objects;
pub mod routines;

use engine::decode::common;
use engine::renames::RENAMED_FROM;
use hcl::spec::{AttrType, Attribute, Block, Body, Content, EnumValue, Label, Labels};

use super::attr;
use super::opclass;

/// The top level of a schema file.
pub static FILE: Body = Body::new(
    &[],
    &[
        Block::new("schema", &SCHEMA, "A schema: a named set of objects.").named(),
        Block::new("table", &TABLE, "A table.").labels(QUALIFIED),
        Block::new("view", &objects::VIEW, "A view: a query with a name.").labels(QUALIFIED),
        Block::new(
            "materialized",
            &objects::MATERIALIZED,
            "A materialized view: a query whose rows are kept.",
        )
        .labels(QUALIFIED),
        Block::new("function", &routines::FUNCTION, "A function.").labels(QUALIFIED),
        Block::new("procedure", &routines::PROCEDURE, "A procedure, run with `CALL` (PostgreSQL 11).")
            .labels(QUALIFIED),
        Block::new("aggregate", &routines::AGGREGATE, "An aggregate function.").labels(QUALIFIED),
        Block::new(
            "trigger",
            &routines::TRIGGER,
            "A function that runs when rows of a table or view change.",
        )
        .labels(QUALIFIED),
        Block::new("policy", &objects::POLICY, "A row security policy: who sees which rows of a table.")
            .named(),
        Block::new("enum", &objects::ENUM, "An enum type: a list of values in order.").labels(QUALIFIED),
        Block::new("domain", &objects::DOMAIN, "A domain: a type with conditions.").labels(QUALIFIED),
        Block::new("composite", &objects::COMPOSITE, "A composite type: several fields.").labels(QUALIFIED),
        Block::new("range", &objects::RANGE, "A range type.").labels(QUALIFIED),
        Block::new("sequence", &objects::SEQUENCE, "A sequence of numbers.").labels(QUALIFIED),
        Block::new("partition", &objects::PARTITION, "A partition of a table.").labels(QUALIFIED),
        Block::new("extension", &objects::EXTENSION, "An extension of the database.").named(),
        Block::new(
            "event_trigger",
            &routines::EVENT_TRIGGER,
            "A function that runs when definitions change.",
        )
        .named(),
        Block::new("collation", &foreign::COLLATION, "A collation.").labels(QUALIFIED),
        Block::new("cast", &foreign::CAST, "A conversion between two types."),
        Block::new("server", &foreign::SERVER, "A foreign server.").named(),
        Block::new("foreign_table", &foreign::FOREIGN_TABLE, "A table of a foreign server.")
            .labels(QUALIFIED),
        Block::new("user_mapping", &foreign::USER_MAPPING, "How a user logs in to a foreign server.")
            .labels(Labels::between(0, 2, NAMES)),
        Block::new("role", &accounts::ROLE, "A role, of all databases of the server.").named(),
        Block::new("user", &accounts::USER, "A role that can log in.").named(),
        Block::new("permission", &accounts::PERMISSION, "What a role may do."),
        common::VARIABLE,
        common::LOCALS,
        Block::new(
            "data",
            &objects::DATA,
            "Rows of a table, or a data source, which schema files cannot run.",
        )
        .labels(Labels::between(0, 2, NAMES))
        .accepted(),
    ],
)
.partial();

const NAMES: &[Label] = &[Label::new("name", "The name."), Label::new("name", "The name.")];

const QUALIFIED: Labels = Labels::between(
    1,
    2,
    &[
        Label::new("name", "The name; behind a qualifier, if there are two labels."),
        Label::new("name", "The name."),
    ],
);

pub(super) const SCHEMA_REF: Attribute =
    Attribute::reference("schema", &["schema"], "The schema it is in: `schema.public`.").required();
pub(super) const COMMENT: Attribute = Attribute::string("comment", "A comment, kept in the database.");
pub(super) const NAME: Attribute = Attribute::string("name", "The name, if it is not the label.");
pub(super) const DEPENDS_ON: Attribute = Attribute::new(
    "depends_on",
    AttrType::List(&AttrType::Ref(&[
        "table",
        "view",
        "materialized",
        "function",
        "procedure",
        "enum",
        "domain",
        "composite",
        "range",
        "sequence",
        "aggregate",
        "trigger",
        "extension",
    ])),
    "What must exist before.",
);
pub(super) const RENAMED: Attribute = Attribute::string("renamed_from", RENAMED_FROM.doc);
pub(super) const VALUE: AttrType =
    AttrType::OneOf(&[AttrType::Bool, AttrType::Number, AttrType::String, AttrType::Sql]);
pub(super) const TEXT_OR_SQL: AttrType = AttrType::OneOf(&[AttrType::String, AttrType::Sql]);

static SCHEMA: Body = Body::new(&[NAME, COMMENT, common::FOR_EACH], &[common::ANNOTATION]).partial();

static TABLE: Body = Body::new(
    &[
        SCHEMA_REF,
        COMMENT,
        DEPENDS_ON,
        Attribute::string("access_method", attr::ACCESS_METHOD.doc),
        Attribute::new(
            "replica_identity",
            AttrType::OneOf(&[AttrType::Enum(IDENTITIES), AttrType::Ref(&["index"]), AttrType::String]),
            attr::REPLICA_IDENTITY.doc,
        ),
        Attribute::bool("unlogged", attr::UNLOGGED.doc).default("false"),
        RENAMED,
        common::FOR_EACH,
    ],
    &[
        Block::new("column", &COLUMN, "A column.").named(),
        Block::new("primary_key", &PRIMARY_KEY, "The primary key.").maybe_named().once(),
        Block::new("foreign_key", &FOREIGN_KEY, "A reference to rows of another table, or of this one.")
            .named(),
        Block::new("index", &INDEX, "An index, unique or not.").named(),
        Block::new("check", &CHECK, "A condition every row must meet.").maybe_named(),
        Block::new("unique", &UNIQUE, "A unique constraint.").named(),
        Block::new("exclude", &EXCLUDE, "A constraint no two rows may violate together.").named(),
        Block::new("partition", &PARTITION, attr::PARTITION.doc).once(),
        Block::new("row_security", &ROW_SECURITY, attr::ROW_SECURITY.doc).once(),
        Block::new("storage_params", &SETTINGS, attr::STORAGE_PARAMS.doc).once(),
        common::ANNOTATION,
    ],
)
.partial();

const IDENTITIES: &[EnumValue] = &[
    EnumValue::new("FULL", "All columns."),
    EnumValue::new("NOTHING", "Nothing: updates and deletes are not replicated."),
];

/// Any settings.
pub(super) static SETTINGS: Body = Body::new(&[], &[]).open();

pub(super) static COLUMN: Body = Body::new(
    &[
        Attribute::bool("null", "Whether the column may be NULL.").default("false"),
        Attribute::new(
            "type",
            AttrType::Type,
            "The type of the column: of the database, a reference like `enum.status`, or `sql(\"…\")`.",
        )
        .required(),
        Attribute::new(
            "default",
            VALUE,
            "The value of a column that an `INSERT` leaves out; `sql(\"…\")` for an expression.",
        ),
        COMMENT,
        Attribute::string("collate", attr::COLLATE.doc),
        Attribute::words("storage", STORAGE, attr::STORAGE.doc),
        Attribute::string("compression", attr::COMPRESSION.doc),
        Attribute::string("as", "The expression of a generated column, stored.").holds(Content::Sql),
        RENAMED,
    ],
    &[
        Block::new("default", &COLUMN_DEFAULT, "The default with the name of its constraint.")
            .maybe_named()
            .once(),
        Block::new("identity", &IDENTITY, attr::IDENTITY.doc).once(),
        Block::new("sequence", &SEQUENCE, attr::SEQUENCE_OPTIONS.doc).once(),
        Block::new("as", &COLUMN_AS, "The expression of a generated column, and how it is kept.").once(),
        common::ANNOTATION,
    ],
)
.exclusive(&[&["as"], &["default"], &["identity", "as"]])
.partial();

const STORAGE: &[EnumValue] = &[
    EnumValue::new("PLAIN", "In the row, never compressed."),
    EnumValue::new("EXTERNAL", "Outside of the row, not compressed."),
    EnumValue::new("EXTENDED", "Compressed, then outside of the row."),
    EnumValue::new("MAIN", "Compressed, in the row as long as possible."),
];

/// Only we know this block.
static SEQUENCE: Body = Body::new(
    &[
        Attribute::int("start", attr::START.doc),
        Attribute::int("increment", attr::INCREMENT.doc).default("1"),
        Attribute::int("min_value", attr::MIN_VALUE.doc),
        Attribute::int("max_value", attr::MAX_VALUE.doc),
        Attribute::int("cache", attr::CACHE.doc).default("1"),
        Attribute::bool("cycle", attr::CYCLE.doc).default("false"),
    ],
    &[],
)
.partial();

static COLUMN_DEFAULT: Body = Body::new(&[Attribute::new("as", VALUE, "The value.").required()], &[]);

static IDENTITY: Body = Body::new(
    &[
        Attribute::words("generated", GENERATED, attr::GENERATED.doc).default("BY_DEFAULT"),
        Attribute::int("start", attr::START.doc).default("1"),
        Attribute::int("increment", attr::INCREMENT.doc).default("1"),
    ],
    &[],
)
.partial();

const GENERATED: &[EnumValue] = &[
    EnumValue::new("ALWAYS", "A statement cannot give a value, unless it overrides."),
    EnumValue::new("BY_DEFAULT", "A statement may give a value."),
];

static COLUMN_AS: Body = Body::new(
    &[
        Attribute::string("expr", "The expression.").holds(Content::Sql).required(),
        Attribute::words("type", KEPT, "How the value is kept.").default("STORED"),
    ],
    &[],
);

const KEPT: &[EnumValue] = &[
    EnumValue::new("STORED", "Computed when written, and stored."),
    EnumValue::new("VIRTUAL", "Computed when read (PostgreSQL 18)."),
];

const INCLUDE: Attribute = Attribute::new("include", OWN_COLUMNS, attr::INCLUDE.doc);
const NULLS_DISTINCT: Attribute = Attribute::bool("nulls_distinct", attr::NULLS_DISTINCT.doc).default("true");
const PAGES: Attribute = Attribute::int("page_per_range", attr::PAGE_PER_RANGE.doc).default("128");
const DEFERRABLE: Attribute = Attribute::words("deferrable", DEFERRED, attr::DEFERRABLE.doc);
const METHOD: Attribute = Attribute::new(
    "type",
    AttrType::OneOf(&[AttrType::Enum(METHODS), AttrType::String]),
    "The access method; `BTREE` by default.",
)
.default("BTREE");

pub(super) const DEFERRED: &[EnumValue] = &[
    EnumValue::new("INITIALLY_IMMEDIATE", "Checked after each statement, unless it is deferred."),
    EnumValue::new("INITIALLY_DEFERRED", "Checked at the end of the transaction."),
];

const METHODS: &[EnumValue] = &[
    EnumValue::new("BTREE", "Balanced tree: equality, ranges, order."),
    EnumValue::new("HASH", "Equality only."),
    EnumValue::new("GIN", "Values of many keys: arrays, JSON, full text."),
    EnumValue::new("GIST", "Search trees of any kind: ranges, geometry, full text."),
    EnumValue::new("GiST", "The same as `GIST`."),
    EnumValue::new("SPGIST", "Partitioned search trees: quad trees, radix trees."),
    EnumValue::new("SPGiST", "The same as `SPGIST`."),
    EnumValue::new("BRIN", "A summary of each range of pages: small, for large tables in some order."),
];

static PRIMARY_KEY: Body = Body::new(
    &[
        Attribute::new("columns", OWN_COLUMNS, "The columns of the key, in order.").required(),
        COMMENT,
        METHOD,
        INCLUDE,
        PAGES,
        DEFERRABLE,
        Attribute::bool("without_overlaps", attr::WITHOUT_OVERLAPS.doc).default("false"),
    ],
    &[Block::new("storage_params", &SETTINGS, attr::STORAGE_PARAMS.doc).once()],
)
.partial();

static FOREIGN_KEY: Body = Body::new(
    &[
        Attribute::new("columns", OWN_COLUMNS, "The columns that refer.").required(),
        Attribute::new(
            "ref_columns",
            ANY_COLUMNS,
            "The columns referred to, of one table, as many as `columns`.",
        )
        .required(),
        Attribute::words("on_update", ACTIONS, "What happens when the row referred to gets another key.")
            .default("NO_ACTION"),
        Attribute::words("on_delete", ACTIONS, "What happens when the row referred to is deleted.")
            .default("NO_ACTION"),
        DEFERRABLE,
        Attribute::words("match", MATCHES, attr::MATCH.doc).default("SIMPLE"),
        Attribute::new("on_delete_columns", OWN_COLUMNS, attr::ON_DELETE_COLUMNS.doc),
        Attribute::bool("not_valid", attr::NOT_VALID.doc).default("false"),
        Attribute::bool("not_enforced", attr::NOT_ENFORCED.doc).default("false"),
        Attribute::bool("period", attr::PERIOD.doc).default("false"),
        COMMENT,
    ],
    &[],
)
.partial();

const MATCHES: &[EnumValue] = &[
    EnumValue::new("SIMPLE", "Not checked when some column is NULL."),
    EnumValue::new("FULL", "All columns are NULL or none is."),
];

const ACTIONS: &[EnumValue] = &[
    EnumValue::new("NO_ACTION", "The statement fails, unless something sets it right before its end."),
    EnumValue::new("RESTRICT", "The statement fails at once."),
    EnumValue::new("CASCADE", "The row that refers changes too, or is deleted."),
    EnumValue::new("SET_NULL", "The column becomes NULL."),
    EnumValue::new("SET_DEFAULT", "The column gets its default."),
];

pub(super) static INDEX: Body = Body::new(
    &[
        Attribute::bool("unique", "Whether no two rows may be equal in it.").default("false"),
        Attribute::new(
            "columns",
            OWN_COLUMNS,
            "The columns of the index, all ascending; `on` blocks say more.",
        ),
        COMMENT,
        METHOD,
        Attribute::string("where", "The condition of a partial index.").holds(Content::Sql),
        NULLS_DISTINCT,
        INCLUDE,
        PAGES,
        RENAMED,
    ],
    &[
        Block::new("on", &INDEX_ON, "One part of the index: a column or an expression."),
        Block::new("storage_params", &SETTINGS, attr::STORAGE_PARAMS.doc).once(),
    ],
)
.exclusive(&[&["columns", "on"]])
.one_of(&[&["columns", "on"]])
.partial();

static INDEX_ON: Body = Body::new(
    &[
        Attribute::bool("desc", "Whether the part is in descending order.").default("false"),
        Attribute::reference("column", &["column"], "The column."),
        Attribute::string("expr", "The expression.").holds(Content::Sql),
        Attribute::new(
            "ops",
            AttrType::OneOf(&[AttrType::Enum(opclass::NAMES), AttrType::String, AttrType::Sql]),
            "The operator class, when it is not the default one of the type; `sql(\"…\")` with parameters.",
        ),
        Attribute::bool("nulls_last", attr::NULLS_LAST.doc).default("false"),
        Attribute::bool("nulls_first", attr::NULLS_FIRST.doc).default("false"),
        Attribute::string("collate", attr::COLLATE.doc),
    ],
    &[],
)
.exclusive(&[&["column", "expr"], &["nulls_first", "nulls_last"]])
.one_of(&[&["column", "expr"]])
.partial();

static UNIQUE: Body = Body::new(
    &[
        Attribute::new("columns", OWN_COLUMNS, "The columns, in order.").required(),
        COMMENT,
        METHOD,
        NULLS_DISTINCT,
        INCLUDE,
        PAGES,
        DEFERRABLE,
        Attribute::bool("without_overlaps", attr::WITHOUT_OVERLAPS.doc).default("false"),
    ],
    &[Block::new("storage_params", &SETTINGS, attr::STORAGE_PARAMS.doc).once()],
)
.partial();

static EXCLUDE: Body = Body::new(
    &[
        COMMENT,
        METHOD,
        Attribute::string("where", "The rows it is for.").holds(Content::Sql),
        NULLS_DISTINCT,
        INCLUDE,
        PAGES,
        DEFERRABLE,
    ],
    &[
        Block::new("on", &EXCLUDE_ON, "A column or an expression, with the operator to compare it by.")
            .required(),
        Block::new("storage_params", &SETTINGS, attr::STORAGE_PARAMS.doc).once(),
    ],
)
.partial();

static EXCLUDE_ON: Body = Body::new(
    &[
        Attribute::bool("desc", "Whether the part is in descending order.").default("false"),
        Attribute::reference("column", &["column"], "The column."),
        Attribute::string("expr", "The expression.").holds(Content::Sql),
        Attribute::new("op", TEXT_OR_SQL, attr::OP.doc),
        Attribute::new(
            "ops",
            AttrType::OneOf(&[AttrType::Enum(opclass::NAMES), AttrType::String, AttrType::Sql]),
            "The operator class.",
        ),
    ],
    &[],
)
.exclusive(&[&["column", "expr"]])
.one_of(&[&["column", "expr"]])
.partial();

static CHECK: Body = Body::new(
    &[
        Attribute::string("expr", "The condition.").holds(Content::Sql).required(),
        COMMENT,
        Attribute::bool("no_inherit", attr::NO_INHERIT.doc).default("false"),
        Attribute::bool("not_valid", attr::NOT_VALID.doc).default("false"),
        Attribute::bool("not_enforced", attr::NOT_ENFORCED.doc).default("false"),
    ],
    &[],
)
.partial();

pub(super) static PARTITION: Body = Body::new(
    &[
        Attribute::words("type", STRATEGIES, "What decides on the partition of a row.").required(),
        Attribute::new("columns", OWN_COLUMNS, "The columns of the partition key."),
    ],
    &[Block::new("by", &PARTITION_BY, attr::BY.doc)],
)
.exclusive(&[&["columns", "by"]])
.one_of(&[&["columns", "by"]]);

const STRATEGIES: &[EnumValue] = &[
    EnumValue::new("RANGE", "Each partition has a range of values."),
    EnumValue::new("LIST", "Each partition has a list of values."),
    EnumValue::new("HASH", "Each partition has a remainder of a hash."),
];

static PARTITION_BY: Body = Body::new(
    &[
        Attribute::reference("column", &["column"], "The column."),
        Attribute::string("expr", "The expression.").holds(Content::Sql),
    ],
    &[],
)
.exclusive(&[&["column", "expr"]])
.one_of(&[&["column", "expr"]]);

static ROW_SECURITY: Body = Body::new(
    &[
        Attribute::bool("enabled", attr::ENABLED.doc).default("false"),
        Attribute::bool("enforced", attr::ENFORCED.doc).default("false"),
    ],
    &[],
);

const OWN_COLUMNS: AttrType = AttrType::List(&AttrType::Ref(&["column"]));
const ANY_COLUMNS: AttrType = AttrType::List(&AttrType::Ref(&["column", "table.column"]));

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(body: &'static Body, path: &str, check: &dyn Fn(&'static Body, &str)) {
        check(body, path);
        for block in body.blocks {
            assert!(!block.doc.is_empty(), "{path}.{}", block.name);
            walk(block.body, &format!("{path}.{}", block.name), check);
        }
    }

    #[test]
    fn no_name_is_declared_twice_in_one_body() {
        walk(&FILE, "", &|body, path| assert_eq!(body.check(), None, "{path}"));
    }

    #[test]
    fn every_name_has_words() {
        walk(&FILE, "", &|body, path| {
            for attribute in body.attributes {
                assert!(
                    attribute.doc.ends_with(['.', '`', ')']),
                    "{path}.{}: {}",
                    attribute.name,
                    attribute.doc
                );
            }
        });
    }
}
