//! The blocks of roles, users and permissions.

use engine::decode::common;
use hcl::spec::{AttrType, Attribute, Block, Body, Content, EnumValue};

use super::super::attr;
use super::objects::ROLES;
use super::{COMMENT, RENAMED};

pub(super) const ROLE_REFS: AttrType =
    AttrType::OneOf(&[AttrType::Enum(ROLES), AttrType::Ref(&["role", "user"]), AttrType::String]);

pub(super) static ROLE: Body = Body::new(
    &[
        COMMENT,
        Attribute::bool("login", attr::LOGIN.doc).default("false"),
        SUPERUSER,
        CREATE_DB,
        CREATE_ROLE,
        INHERIT,
        REPLICATION,
        BYPASS_RLS,
        CONN_LIMIT,
        PASSWORD,
        MEMBER_OF,
        EXTERNAL,
        RENAMED,
        common::FOR_EACH,
    ],
    &[MEMBERSHIPS],
)
.partial();

pub(super) static USER: Body = Body::new(
    &[
        COMMENT,
        Attribute::bool("login", attr::LOGIN.doc).default("true"),
        SUPERUSER,
        CREATE_DB,
        CREATE_ROLE,
        INHERIT,
        REPLICATION,
        BYPASS_RLS,
        CONN_LIMIT,
        PASSWORD,
        MEMBER_OF,
        EXTERNAL,
        RENAMED,
        common::FOR_EACH,
    ],
    &[MEMBERSHIPS],
)
.partial();

const SUPERUSER: Attribute = Attribute::bool("superuser", attr::SUPERUSER.doc).default("false");
const CREATE_DB: Attribute = Attribute::bool("create_db", attr::CREATE_DB.doc).default("false");
const CREATE_ROLE: Attribute = Attribute::bool("create_role", attr::CREATE_ROLE.doc).default("false");
const INHERIT: Attribute = Attribute::bool("inherit", attr::INHERIT.doc).default("true");
const REPLICATION: Attribute = Attribute::bool("replication", attr::REPLICATION.doc).default("false");
const BYPASS_RLS: Attribute = Attribute::bool("bypass_rls", attr::BYPASS_RLS.doc).default("false");
const CONN_LIMIT: Attribute = Attribute::int("conn_limit", attr::CONN_LIMIT.doc).default("-1");
const PASSWORD: Attribute = Attribute::string("password", attr::PASSWORD.doc);
const MEMBER_OF: Attribute = Attribute::new("member_of", AttrType::List(&ROLE_REFS), attr::MEMBER_OF.doc);
const EXTERNAL: Attribute = Attribute::bool("external", attr::EXTERNAL.doc).default("false");
const MEMBERSHIPS: Block = Block::new("membership", &MEMBERSHIP, attr::MEMBERSHIP.doc);

static MEMBERSHIP: Body = Body::new(
    &[
        Attribute::new("role", ROLE_REFS, attr::MEMBER_ROLE.doc).required(),
        Attribute::bool("admin", attr::ADMIN.doc).default("false"),
        Attribute::bool("inherit", "Whether it has its rights without asking.").default("true"),
        Attribute::bool("set", attr::SET.doc).default("true"),
    ],
    &[],
)
.partial();

pub(super) static PERMISSION: Body = Body::new(
    &[
        Attribute::new(
            "for",
            AttrType::OneOf(&[
                AttrType::Ref(&[
                    "table",
                    "view",
                    "materialized",
                    "schema",
                    "function",
                    "procedure",
                    "sequence",
                    "enum",
                    "domain",
                    "composite",
                    "range",
                    "aggregate",
                    "partition",
                    "column",
                    "table.column",
                    "view.column",
                    "materialized.column",
                    "foreign_table",
                    "server",
                ]),
                AttrType::List(&AttrType::Any),
                AttrType::String,
                AttrType::Sql,
            ]),
            "What the permission is for; `sql(\"DATABASE app\")` for what no block describes.",
        )
        .holds(Content::Object)
        .required(),
        Attribute::new("to", ROLE_REFS, "The role.").required(),
        Attribute::new(
            "privileges",
            AttrType::List(&AttrType::OneOf(&[AttrType::Enum(PRIVILEGES), AttrType::String])),
            attr::PRIVILEGES.doc,
        )
        .required(),
        Attribute::bool("grantable", "Whether the role may give it away.").default("false"),
        common::FOR_EACH,
    ],
    &[],
)
.partial();

const PRIVILEGES: &[EnumValue] = &[
    EnumValue::new("SELECT", "Read rows."),
    EnumValue::new("INSERT", "Add rows."),
    EnumValue::new("UPDATE", "Change rows."),
    EnumValue::new("DELETE", "Delete rows."),
    EnumValue::new("TRUNCATE", "Delete all rows at once."),
    EnumValue::new("REFERENCES", "Refer to rows."),
    EnumValue::new("TRIGGER", "Make triggers."),
    EnumValue::new("CREATE", "Make objects."),
    EnumValue::new("CONNECT", "Connect to the database."),
    EnumValue::new("TEMPORARY", "Make temporary tables."),
    EnumValue::new("EXECUTE", "Call it."),
    EnumValue::new("USAGE", "Use it."),
    EnumValue::new("SET", "Change a setting."),
    EnumValue::new("ALTER_SYSTEM", "Change a setting of the server."),
    EnumValue::new("MAINTAIN", "Vacuum, analyze, refresh."),
    EnumValue::new("ALL", "Everything."),
];
