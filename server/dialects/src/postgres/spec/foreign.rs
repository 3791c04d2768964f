//! The blocks of collations, casts and foreign objects.

use engine::decode::common;
use hcl::spec::{AttrType, Attribute, Block, Body, EnumValue};

use super::super::attr;
use super::accounts::ROLE_REFS;
use super::{COMMENT, DEPENDS_ON, NAME, RENAMED, SCHEMA_REF, TEXT_OR_SQL, VALUE};

pub(super) static COLLATION: Body = Body::new(
    &[
        SCHEMA_REF,
        Attribute::string("locale", attr::LOCALE.doc),
        Attribute::string("lc_collate", attr::LC_COLLATE.doc),
        Attribute::string("lc_ctype", attr::LC_CTYPE.doc),
        Attribute::new(
            "provider",
            AttrType::OneOf(&[AttrType::Enum(PROVIDERS), AttrType::String]),
            attr::PROVIDER.doc,
        )
        .default("libc"),
        Attribute::bool("deterministic", attr::DETERMINISTIC.doc).default("true"),
        Attribute::string("rules", attr::RULES.doc),
        Attribute::new("from", TEXT_OR_SQL, "The collation it is a copy of."),
        COMMENT,
        NAME,
        RENAMED,
        common::FOR_EACH,
    ],
    &[],
)
.partial();

const PROVIDERS: &[EnumValue] = &[
    EnumValue::new("libc", "The C library."),
    EnumValue::new("icu", "The ICU library."),
    EnumValue::new("builtin", "The server itself (PostgreSQL 17)."),
];

pub(super) static CAST: Body = Body::new(
    &[
        Attribute::new("source", AttrType::Type, attr::SOURCE.doc).required(),
        Attribute::new("target", AttrType::Type, attr::TARGET.doc).required(),
        Attribute::new(
            "with",
            AttrType::OneOf(&[AttrType::Enum(CAST_WITH), AttrType::Ref(&["function"]), AttrType::String]),
            attr::WITH.doc,
        ),
        Attribute::words("as", CAST_AS, "When it is done without being asked for."),
        COMMENT,
        DEPENDS_ON,
        common::FOR_EACH,
    ],
    &[],
)
.partial();

const CAST_WITH: &[EnumValue] = &[EnumValue::new("INOUT", "As text.")];
const CAST_AS: &[EnumValue] = &[
    EnumValue::new("ASSIGNMENT", "When a value is assigned."),
    EnumValue::new("IMPLICIT", "In every expression."),
];

const OPTIONS: Attribute = Attribute::new("options", AttrType::Map(&AttrType::Any), attr::OPTIONS.doc);
const OF_SERVER: Attribute = Attribute::new(
    "server",
    AttrType::OneOf(&[AttrType::Ref(&["server"]), AttrType::String]),
    attr::OF_SERVER.doc,
)
.required();

pub(super) static SERVER: Body = Body::new(
    &[
        Attribute::new(
            "fdw",
            AttrType::OneOf(&[AttrType::Ref(&["extension"]), AttrType::String]),
            attr::WRAPPER.doc,
        )
        .required(),
        Attribute::string("type", "The kind of server, for those who read it."),
        Attribute::string("version", "The version of the server, for those who read it."),
        OPTIONS,
        DEPENDS_ON,
        COMMENT,
        RENAMED,
        common::FOR_EACH,
    ],
    &[],
)
.partial();

pub(super) static FOREIGN_TABLE: Body = Body::new(
    &[SCHEMA_REF, OF_SERVER, OPTIONS, COMMENT, DEPENDS_ON, NAME, RENAMED, common::FOR_EACH],
    &[Block::new("column", &COLUMN, "A column.").named()],
)
.partial();

static COLUMN: Body = Body::new(
    &[
        Attribute::bool("null", "Whether the column may be NULL.").default("false"),
        Attribute::new("type", AttrType::Type, "The type of the column.").required(),
        Attribute::new("default", VALUE, "The value of a column that an `INSERT` leaves out."),
        Attribute::string("collate", attr::COLLATE.doc),
        OPTIONS,
        COMMENT,
    ],
    &[],
)
.partial();

pub(super) static USER_MAPPING: Body = Body::new(
    &[
        OF_SERVER,
        Attribute::new("user", ROLE_REFS, attr::MAPPED.doc),
        Attribute::new("role", ROLE_REFS, "The same as `user`."),
        OPTIONS,
        common::FOR_EACH,
    ],
    &[],
)
.exclusive(&[&["user", "role"]])
.partial();
