//! The blocks of views, types, sequences and what else is no table and no code.

use engine::decode::common;
use hcl::spec::{AttrType, Attribute, Block, Body, Content, EnumValue};

use super::super::attr;
use super::{COMMENT, DEPENDS_ON, INDEX, NAME, RENAMED, SCHEMA_REF, SETTINGS, VALUE};

const QUERY: Attribute = Attribute::string("as", "The query.").holds(Content::Sql).required();

pub(super) static VIEW: Body = Body::new(
    &[
        SCHEMA_REF,
        QUERY,
        COMMENT,
        DEPENDS_ON,
        Attribute::words("check_option", CHECK_OPTIONS, attr::CHECK_OPTION.doc),
        RENAMED,
        common::FOR_EACH,
    ],
    &[
        Block::new("column", &VIEW_COLUMN, "A column of the view.").named(),
        Block::new("security", &SECURITY, attr::SECURITY_OPTIONS.doc).once(),
        common::ANNOTATION,
    ],
)
.partial();

const CHECK_OPTIONS: &[EnumValue] = &[
    EnumValue::new("LOCAL", "Only the condition of this view counts."),
    EnumValue::new("CASCADED", "The conditions of views below count too."),
];

static SECURITY: Body = Body::new(
    &[
        Attribute::bool("invoker", attr::INVOKER.doc).default("false"),
        Attribute::bool("barrier", attr::BARRIER.doc).default("false"),
    ],
    &[],
)
.partial();

static VIEW_COLUMN: Body = Body::new(
    &[
        Attribute::bool("null", "Whether the column may be NULL.").default("false"),
        Attribute::new("type", AttrType::Type, "The type of the column.").required(),
        COMMENT,
    ],
    &[],
)
.partial();

pub(super) static MATERIALIZED: Body = Body::new(
    &[
        SCHEMA_REF,
        QUERY,
        COMMENT,
        DEPENDS_ON,
        Attribute::string("access_method", attr::ACCESS_METHOD.doc),
        Attribute::bool("with_no_data", attr::WITH_NO_DATA.doc).default("false"),
        RENAMED,
        common::FOR_EACH,
    ],
    &[
        Block::new("column", &VIEW_COLUMN, "A column of the view.").named(),
        Block::new("index", &INDEX, "An index of the view, unique or not.").named(),
        Block::new("storage_params", &SETTINGS, attr::STORAGE_PARAMS.doc).once(),
        common::ANNOTATION,
    ],
)
.partial();

pub(super) static ENUM: Body = Body::new(
    &[
        SCHEMA_REF,
        Attribute::strings("values", attr::VALUES.doc).required(),
        COMMENT,
        NAME,
        RENAMED,
        common::FOR_EACH,
    ],
    &[common::ANNOTATION],
)
.partial();

pub(super) static DOMAIN: Body = Body::new(
    &[
        SCHEMA_REF,
        Attribute::new("type", AttrType::Type, "The type its values are of.").required(),
        Attribute::bool("null", attr::NULL.doc).default("false"),
        Attribute::new("default", VALUE, "The default of columns of this type."),
        Attribute::string("collate", attr::COLLATE.doc),
        COMMENT,
        NAME,
        RENAMED,
        common::FOR_EACH,
    ],
    &[Block::new("check", &DOMAIN_CHECK, attr::CHECKS.doc).maybe_named(), common::ANNOTATION],
)
.partial();

static DOMAIN_CHECK: Body = Body::new(
    &[Attribute::string("expr", "The condition on `VALUE`.").holds(Content::Sql).required(), COMMENT],
    &[],
)
.partial();

pub(super) static COMPOSITE: Body = Body::new(
    &[SCHEMA_REF, COMMENT, NAME, RENAMED, common::FOR_EACH],
    &[Block::new("field", &FIELD, attr::FIELDS.doc).named().required(), common::ANNOTATION],
)
.partial();

static FIELD: Body = Body::new(
    &[
        Attribute::new("type", AttrType::Type, "The type of the field.").required(),
        Attribute::string("collate", attr::COLLATE.doc),
    ],
    &[],
)
.partial();

pub(super) static RANGE: Body = Body::new(
    &[
        SCHEMA_REF,
        Attribute::new("subtype", AttrType::Type, attr::SUBTYPE.doc).required(),
        Attribute::string("subtype_opclass", attr::SUBTYPE_OPCLASS.doc),
        Attribute::string("collate", attr::COLLATE.doc),
        Attribute::new(
            "canonical",
            AttrType::OneOf(&[AttrType::Ref(&["function"]), AttrType::String]),
            attr::CANONICAL.doc,
        ),
        Attribute::new(
            "subtype_diff",
            AttrType::OneOf(&[AttrType::Ref(&["function"]), AttrType::String]),
            attr::SUBTYPE_DIFF.doc,
        ),
        Attribute::string("multirange_name", attr::MULTIRANGE_NAME.doc),
        COMMENT,
        NAME,
        RENAMED,
        common::FOR_EACH,
    ],
    &[common::ANNOTATION],
)
.partial();

pub(super) static SEQUENCE: Body = Body::new(
    &[
        SCHEMA_REF,
        Attribute::new("type", AttrType::Type, "The type of the numbers; `bigint` by default.")
            .default("bigint"),
        Attribute::int("start", attr::START.doc),
        Attribute::int("increment", attr::INCREMENT.doc).default("1"),
        Attribute::int("min_value", attr::MIN_VALUE.doc),
        Attribute::int("max_value", attr::MAX_VALUE.doc),
        Attribute::int("cache", attr::CACHE.doc).default("1"),
        Attribute::bool("cycle", attr::CYCLE.doc).default("false"),
        Attribute::reference("owner", &["table.column"], attr::OWNER.doc),
        COMMENT,
        NAME,
        RENAMED,
        common::FOR_EACH,
    ],
    &[common::ANNOTATION],
)
.partial();

pub(super) static POLICY: Body = Body::new(
    &[
        Attribute::reference("on", &["table"], "The table.").required(),
        Attribute::words("as", POLICY_AS, attr::AS.doc).default("PERMISSIVE"),
        Attribute::words("for", POLICY_FOR, attr::FOR.doc).default("ALL"),
        Attribute::new(
            "to",
            AttrType::List(&AttrType::OneOf(&[
                AttrType::Enum(ROLES),
                AttrType::String,
                AttrType::Ref(&["role", "user"]),
            ])),
            attr::TO.doc,
        ),
        Attribute::string("using", attr::USING.doc).holds(Content::Sql),
        Attribute::string("check", attr::WITH_CHECK.doc).holds(Content::Sql),
        COMMENT,
        RENAMED,
        common::FOR_EACH,
    ],
    &[],
)
.partial();

const POLICY_AS: &[EnumValue] = &[
    EnumValue::new("PERMISSIVE", "Rows are seen that any such policy allows."),
    EnumValue::new("RESTRICTIVE", "Of those, rows are seen that all such policies allow."),
];

const POLICY_FOR: &[EnumValue] = &[
    EnumValue::new("ALL", "All statements."),
    EnumValue::new("SELECT", "Reading rows."),
    EnumValue::new("INSERT", "Adding rows."),
    EnumValue::new("UPDATE", "Changing rows."),
    EnumValue::new("DELETE", "Deleting rows."),
];

pub(super) const ROLES: &[EnumValue] = &[
    EnumValue::new("PUBLIC", "Everyone."),
    EnumValue::new("CURRENT_ROLE", "The role of the session when it is created."),
    EnumValue::new("CURRENT_USER", "The user of the session when it is created."),
    EnumValue::new("SESSION_USER", "The user who logged in when it is created."),
];

pub(super) static PARTITION: Body = Body::new(
    &[
        SCHEMA_REF,
        Attribute::new("of", AttrType::Ref(&["table", "partition"]), "The table it is a part of.").required(),
        COMMENT,
        NAME,
        common::FOR_EACH,
    ],
    &[
        Block::new("range", &BOUND_RANGE, "The range of the values it has.").once(),
        Block::new("list", &BOUND_LIST, "The values it has.").once(),
        Block::new("hash", &BOUND_HASH, "The remainder of the hash of the values it has.").once(),
        Block::new("partition", &super::PARTITION, "How its rows are distributed again.").once(),
        common::ANNOTATION,
    ],
)
.exclusive(&[&["range", "list", "hash"]])
.partial();

const BOUND: AttrType = AttrType::OneOf(&[
    AttrType::List(&VALUE),
    AttrType::Bool,
    AttrType::Number,
    AttrType::String,
    AttrType::Sql,
]);

static BOUND_RANGE: Body = Body::new(
    &[
        Attribute::new("from", BOUND, "The first values, or `sql(\"MINVALUE\")`.").required(),
        Attribute::new("to", BOUND, "The values behind the last ones, or `sql(\"MAXVALUE\")`.").required(),
    ],
    &[],
);

static BOUND_LIST: Body = Body::new(&[Attribute::new("in", BOUND, "The values.").required()], &[]);

static BOUND_HASH: Body = Body::new(
    &[
        Attribute::int("modulus", "The number of partitions.").required(),
        Attribute::int("remainder", "Which of them it is, from 0.").required(),
    ],
    &[],
);

pub(super) static EXTENSION: Body = Body::new(
    &[
        Attribute::reference("schema", &["schema"], attr::SCHEMA.doc),
        Attribute::string("version", "The version; the default of the server if it is not said."),
        COMMENT,
        DEPENDS_ON,
        NAME,
        common::FOR_EACH,
    ],
    &[],
)
.partial();

/// Rows of a table, or anything a data source may say.
pub(super) static DATA: Body = Body::new(&[], &[]).open();
