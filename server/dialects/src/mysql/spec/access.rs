//! Users, roles and permissions, of the whole server; and rows, which are understood and left alone. Data only.

use engine::decode::common;
use hcl::spec::{AttrType, Attribute, Block, Body, Content, EnumValue};

use super::super::attr;
use super::RENAMED_FROM;

pub(super) static ROLE: Body = Body::new(
    &[MEMBER_OF, EXTERNAL, Attribute::string("comment", "A comment (MySQL 8.0.21)."), common::FOR_EACH],
    &[MEMBERSHIPS, common::ANNOTATION],
);

pub(super) static USER: Body = Body::new(
    &[
        Attribute::string("password", "The password; from a variable, never in the file itself."),
        Attribute::string("auth_plugin", attr::AUTH_PLUGIN.doc),
        MEMBER_OF,
        Attribute::int("max_connections", attr::MAX_CONNECTIONS.doc),
        Attribute::int("max_user_connections", attr::MAX_USER_CONNECTIONS.doc),
        Attribute::int("max_questions", attr::MAX_QUESTIONS.doc),
        Attribute::int("max_updates", attr::MAX_UPDATES.doc),
        Attribute::int("password_lifetime", attr::PASSWORD_LIFETIME.doc),
        Attribute::bool("password_expired", attr::PASSWORD_EXPIRED.doc),
        Attribute::bool("account_locked", attr::ACCOUNT_LOCKED.doc),
        EXTERNAL,
        Attribute::string("comment", "A comment (MySQL 8.0.21)."),
        RENAMED_FROM,
        common::FOR_EACH,
    ],
    &[MEMBERSHIPS, common::ANNOTATION],
);

const ROLE_REF: AttrType = AttrType::OneOf(&[AttrType::Ref(&["role", "user"]), AttrType::String]);
const MEMBER_OF: Attribute = Attribute::new("member_of", AttrType::List(&ROLE_REF), attr::MEMBER_OF.doc);
const EXTERNAL: Attribute = Attribute::bool("external", attr::EXTERNAL.doc);
const MEMBERSHIPS: Block = Block::new("membership", &MEMBERSHIP, attr::MEMBERSHIP.doc);

static MEMBERSHIP: Body = Body::new(
    &[
        Attribute::new("role", ROLE_REF, attr::MEMBER_ROLE.doc).required(),
        Attribute::bool("admin", attr::ADMIN.doc),
    ],
    &[],
);

const TO: &[EnumValue] = &[EnumValue::new("PUBLIC", "Everybody (MariaDB 10.11).")];

pub(super) static PERMISSION: Body = Body::new(
    &[
        Attribute::new(
            "for",
            AttrType::OneOf(&[
                AttrType::Ref(&[
                    "schema",
                    "table",
                    "view",
                    "function",
                    "procedure",
                    "sequence",
                    "table.column",
                    "view.column",
                ]),
                AttrType::List(&AttrType::Any),
                AttrType::String,
                AttrType::Sql,
            ]),
            "What the permission is for; `sql(\"*.*\")` for the whole server.",
        )
        .holds(Content::Object)
        .required(),
        Attribute::new(
            "to",
            AttrType::OneOf(&[AttrType::Enum(TO), AttrType::Ref(&["role", "user"]), AttrType::String]),
            "Who gets it.",
        )
        .required(),
        Attribute::new("privileges", PRIVILEGES, "What is allowed: `SELECT`, `INSERT`, `ALL`.").required(),
        Attribute::bool("grantable", "Whether it may be handed on."),
        common::FOR_EACH,
    ],
    &[],
);

const PRIVILEGES: AttrType = AttrType::List(&AttrType::OneOf(&[AttrType::Enum(WORDS), AttrType::String]));

const WORDS: &[EnumValue] = &[
    EnumValue::new("SELECT", "Read rows."),
    EnumValue::new("INSERT", "Add rows."),
    EnumValue::new("UPDATE", "Change rows."),
    EnumValue::new("DELETE", "Delete rows."),
    EnumValue::new("REFERENCES", "Refer to rows."),
    EnumValue::new("CREATE", "Make schemas and tables."),
    EnumValue::new("ALTER", "Change tables."),
    EnumValue::new("DROP", "Drop tables and views."),
    EnumValue::new("INDEX", "Make and drop indexes."),
    EnumValue::new("TRIGGER", "Make and drop triggers."),
    EnumValue::new("EVENT", "Make and drop events."),
    EnumValue::new("CREATE_VIEW", "Make views."),
    EnumValue::new("SHOW_VIEW", "See what a view is made of."),
    EnumValue::new("CREATE_ROUTINE", "Make functions and procedures."),
    EnumValue::new("ALTER_ROUTINE", "Change functions and procedures."),
    EnumValue::new("EXECUTE", "Call it."),
    EnumValue::new("CREATE_TEMPORARY_TABLES", "Make temporary tables."),
    EnumValue::new("LOCK_TABLES", "Lock tables."),
    EnumValue::new("DELETE_HISTORY", "Delete the history of system-versioned tables (MariaDB)."),
    EnumValue::new("SHOW_CREATE_ROUTINE", "See what functions and procedures are made of (MariaDB 11.3)."),
    EnumValue::new("RELOAD", "Of the server: flush caches and logs."),
    EnumValue::new("SHUTDOWN", "Of the server: end it."),
    EnumValue::new("PROCESS", "Of the server: see what others run."),
    EnumValue::new("FILE", "Of the server: read and write files."),
    EnumValue::new("SHOW_DATABASES", "Of the server: see all schemas."),
    EnumValue::new("SUPER", "Of the server: settings, connections and replication."),
    EnumValue::new("REPLICATION_SLAVE", "Of the server: read its log as a replica."),
    EnumValue::new("REPLICATION_CLIENT", "Of the server: ask where replication stands."),
    EnumValue::new("CREATE_USER", "Of the server: make and drop users."),
    EnumValue::new("CREATE_ROLE", "Of the server: make roles (MySQL)."),
    EnumValue::new("DROP_ROLE", "Of the server: drop roles (MySQL)."),
    EnumValue::new("CREATE_TABLESPACE", "Of the server: make and drop tablespaces."),
    EnumValue::new("USAGE", "Nothing but to log in."),
    EnumValue::new("ALL", "Everything."),
];

pub(super) static DATA: Body = Body::new(&[], &[]).open();
