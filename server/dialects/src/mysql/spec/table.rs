//! Tables and what is in them. Data only.

use engine::decode::common;
use hcl::spec::{AttrType, Attribute, Block, Body, Content, EnumValue};

use super::{ACTIONS, COLLATE, DEPENDS_ON, RENAMED_FROM, SCHEMA_OF, VALUE};
use crate::mysql::attr;

pub(super) static TABLE: Body = Body::new(
    &[
        SCHEMA_OF,
        Attribute::string("comment", "A comment."),
        Attribute::string("charset", attr::CHARSET.doc),
        COLLATE,
        Attribute::new("engine", ENGINE, attr::ENGINE.doc),
        Attribute::int("auto_increment", attr::AUTO_INCREMENT_START.doc),
        Attribute::string("create_options", attr::CREATE_OPTIONS.doc),
        Attribute::bool("system_versioned", attr::SYSTEM_VERSIONED.doc).default("false"),
        DEPENDS_ON,
        RENAMED_FROM,
        common::FOR_EACH,
    ],
    &[
        Block::new("column", &COLUMN, "A column.").named(),
        Block::new("primary_key", &PRIMARY_KEY, "The primary key.").maybe_named().once(),
        Block::new("foreign_key", &FOREIGN_KEY, "A reference to rows of another table, or of this one.")
            .named(),
        Block::new("index", &INDEX, "An index, unique or not.").named(),
        Block::new("check", &CHECK, "A condition every row must meet.").maybe_named(),
        Block::new("partition", &PARTITION, attr::PARTITION.doc).once(),
        common::ANNOTATION,
    ],
);

const ENGINE: AttrType = AttrType::OneOf(&[AttrType::Enum(ENGINES), AttrType::String]);

const ENGINES: &[EnumValue] = &[
    EnumValue::new("InnoDB", "Transactions, foreign keys, row locks: the default."),
    EnumValue::new("MyISAM", "Small and fast to read, without transactions."),
    EnumValue::new("Memory", "Kept in memory, empty after a restart."),
    EnumValue::new("CSV", "Kept as comma-separated values."),
    EnumValue::new("NDB", "Kept by a cluster."),
];

static COLUMN: Body = Body::new(
    &[
        Attribute::bool("null", "Whether the column may be NULL.").default("false"),
        Attribute::new("type", AttrType::Type, "The type of the column, or `sql(\"…\")`.").required(),
        Attribute::new(
            "default",
            VALUE,
            "The value of a column that an `INSERT` leaves out; `sql(\"…\")` for an expression.",
        ),
        Attribute::bool("unsigned", "Whether a number cannot be negative.").default("false"),
        Attribute::string("comment", "A comment."),
        Attribute::string("charset", attr::CHARSET.doc),
        COLLATE,
        Attribute::new("on_update", AttrType::Sql, attr::ON_UPDATE.doc),
        Attribute::bool("auto_increment", attr::AUTO_INCREMENT.doc).default("false"),
        Attribute::bool("invisible", attr::INVISIBLE.doc).default("false"),
        Attribute::int("srid", attr::SRID.doc),
        Attribute::bool("without_system_versioning", attr::UNVERSIONED.doc).default("false"),
        Attribute::string("as", "The expression of a generated column, computed when read (`VIRTUAL`).")
            .holds(Content::Sql),
        RENAMED_FROM,
    ],
    &[
        Block::new("as", &COLUMN_AS, "The expression of a generated column, and how it is kept.").once(),
        Block::new("default", &COLUMN_DEFAULT, "The default as a block.").maybe_named().once(),
        common::ANNOTATION,
    ],
)
.exclusive(&[&["as"], &["default"]]);

static COLUMN_AS: Body = Body::new(
    &[
        Attribute::string("expr", "The expression.").holds(Content::Sql).required(),
        Attribute::words("type", STORAGE, "How the value is kept.").default("VIRTUAL"),
    ],
    &[],
);

const STORAGE: &[EnumValue] = &[
    EnumValue::new("VIRTUAL", "Computed when read."),
    EnumValue::new("STORED", "Computed when written, and stored."),
    EnumValue::new("PERSISTENT", "MariaDB's former word for `STORED`."),
];

static COLUMN_DEFAULT: Body = Body::new(&[Attribute::new("as", VALUE, "The value.").required()], &[]);

static PRIMARY_KEY: Body = Body::new(
    &[
        Attribute::new("columns", OWN_COLUMNS, "The columns of the key, in order; `on` blocks say more."),
        Attribute::string("comment", "A comment."),
        Attribute::new("type", INDEX_TYPE, attr::INDEX_TYPE.doc),
    ],
    &[Block::new("on", &INDEX_ON, "One part of the key.")],
)
.exclusive(&[&["columns", "on"]])
.one_of(&[&["columns", "on"]]);

static FOREIGN_KEY: Body = Body::new(
    &[
        Attribute::new("columns", OWN_COLUMNS, "The columns that refer.").required(),
        Attribute::new(
            "ref_columns",
            ANY_COLUMNS,
            "The columns referred to, of one table, as many as `columns`.",
        )
        .required(),
        Attribute::words("on_update", ACTIONS, "What happens when the row referred to gets another key."),
        Attribute::words("on_delete", ACTIONS, "What happens when the row referred to is deleted."),
        Attribute::string("comment", "A comment. No server keeps it.").accepted(),
        RENAMED_FROM,
    ],
    &[],
);

static INDEX: Body = Body::new(
    &[
        Attribute::bool("unique", "Whether two rows may not be equal in its parts.").default("false"),
        Attribute::new(
            "columns",
            OWN_COLUMNS,
            "The columns of the index, all ascending and whole; `on` blocks say more.",
        ),
        Attribute::string("comment", "A comment."),
        Attribute::new("type", INDEX_TYPE, attr::INDEX_TYPE.doc),
        Attribute::new("parser", PARSER, attr::PARSER.doc),
        Attribute::bool("invisible", attr::INVISIBLE.doc).default("false"),
        RENAMED_FROM,
    ],
    &[Block::new("on", &INDEX_ON, "One part of the index: a column or an expression.")],
)
.exclusive(&[&["columns", "on"]])
.one_of(&[&["columns", "on"]]);

const INDEX_TYPE: AttrType = AttrType::OneOf(&[AttrType::Enum(INDEX_TYPES), AttrType::String]);

const INDEX_TYPES: &[EnumValue] = &[
    EnumValue::new("BTREE", "A sorted tree: the default."),
    EnumValue::new("HASH", "A hash table. Only for tables in memory; InnoDB makes it a tree."),
    EnumValue::new("FULLTEXT", "The words of texts."),
    EnumValue::new("SPATIAL", "The extents of geometries."),
];

const PARSER: AttrType = AttrType::OneOf(&[AttrType::Enum(PARSERS), AttrType::String]);

const PARSERS: &[EnumValue] = &[
    EnumValue::new("ngram", "Sequences of characters: for Chinese, Japanese and Korean."),
    EnumValue::new("mecab", "Japanese words; a plugin."),
];

static INDEX_ON: Body = Body::new(
    &[
        Attribute::reference("column", &["column"], "The column."),
        Attribute::string("expr", "The expression (MySQL 8.0.13).").holds(Content::Sql),
        Attribute::bool("desc", "Whether the part is in descending order.").default("false"),
        Attribute::int("prefix", attr::PREFIX.doc),
    ],
    &[],
)
.exclusive(&[&["column", "expr"], &["expr", "prefix"]])
.one_of(&[&["column", "expr"]]);

static CHECK: Body = Body::new(
    &[
        Attribute::string("expr", "The condition.").holds(Content::Sql).required(),
        Attribute::bool("enforced", attr::ENFORCED.doc).default("true"),
        Attribute::string("comment", "A comment. No server keeps it.").accepted(),
        RENAMED_FROM,
    ],
    &[],
);

static PARTITION: Body = Body::new(
    &[
        Attribute::words("type", PARTITION_TYPES, attr::PARTITION_TYPE.doc).required(),
        Attribute::new("columns", OWN_COLUMNS, attr::PARTITION_COLUMNS.doc),
    ],
    &[
        Block::new("by", &PARTITION_BY, attr::BY.doc),
        Block::new("subpartition", &SUBPARTITION, attr::SUBPARTITION.doc).once(),
        Block::new("partition", &ONE_PARTITION, "One partition.").named(),
    ],
)
.exclusive(&[&["columns", "by"]]);

static SUBPARTITION: Body = Body::new(
    &[
        Attribute::words("type", PARTITION_TYPES, attr::PARTITION_TYPE.doc).required(),
        Attribute::new("columns", OWN_COLUMNS, attr::PARTITION_COLUMNS.doc),
        Attribute::int("count", attr::PARTITION_COUNT.doc),
    ],
    &[Block::new("by", &PARTITION_BY, attr::BY.doc)],
)
.exclusive(&[&["columns", "by"]]);

const PARTITION_TYPES: &[EnumValue] = &[
    EnumValue::new("RANGE", "By bounds of a number."),
    EnumValue::new("RANGE_COLUMNS", "By bounds of columns of any type."),
    EnumValue::new("LIST", "By lists of numbers."),
    EnumValue::new("LIST_COLUMNS", "By lists of values of columns of any type."),
    EnumValue::new("HASH", "By the remainder of a number."),
    EnumValue::new("LINEAR_HASH", "By the lower bits of a number."),
    EnumValue::new("KEY", "By a hash of columns, of the primary key if there are none."),
    EnumValue::new("LINEAR_KEY", "By the lower bits of a hash of columns."),
    EnumValue::new("SYSTEM_TIME", "By whether a row is current (MariaDB)."),
];

static PARTITION_BY: Body = Body::new(
    &[
        Attribute::string("expr", attr::BY_EXPR.doc).holds(Content::Sql),
        Attribute::reference("column", &["column"], attr::BY_COLUMN.doc),
    ],
    &[],
)
.exclusive(&[&["column", "expr"]])
.one_of(&[&["column", "expr"]]);

static ONE_PARTITION: Body = Body::new(
    &[
        Attribute::new("values_less_than", VALUES, attr::LESS_THAN.doc),
        Attribute::new("values_in", VALUES, attr::IN.doc),
        Attribute::string("comment", "A comment."),
    ],
    &[],
)
.exclusive(&[&["values_less_than", "values_in"]]);

const VALUES: AttrType = AttrType::List(&AttrType::OneOf(&[
    AttrType::Bool,
    AttrType::Number,
    AttrType::Enum(MAXVALUE),
    AttrType::String,
    AttrType::Sql,
]));

const MAXVALUE: &[EnumValue] = &[EnumValue::new("MAXVALUE", "Above all values.")];

const OWN_COLUMNS: AttrType = AttrType::List(&AttrType::Ref(&["column"]));
const ANY_COLUMNS: AttrType = AttrType::List(&AttrType::Ref(&["column", "table.column"]));
