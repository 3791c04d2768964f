//! Users, roles, permissions and rows: understood, and left alone. They belong to the whole server, or are no schema.
//! Data only.

use engine::decode::common;
use hcl::spec::{AttrType, Attribute, Body, EnumValue};

pub(super) static ROLE: Body = Body::new(
    &[
        Attribute::new("member_of", ROLES, "The roles it has."),
        Attribute::string("comment", "A comment."),
        common::FOR_EACH,
    ],
    &[common::ANNOTATION],
);

pub(super) static USER: Body = Body::new(
    &[
        Attribute::string("password", "The password; from a variable, never in the file itself."),
        Attribute::string("auth_plugin", "How the password is checked: `caching_sha2_password`."),
        Attribute::new("member_of", ROLES, "The roles the user has."),
        Attribute::int("max_connections", "How many connections an hour are allowed; 0 for any number."),
        Attribute::int("max_user_connections", "How many connections at once are allowed; 0 for any number."),
        Attribute::int("max_questions", "How many statements an hour are allowed; 0 for any number."),
        Attribute::int("max_updates", "How many changes an hour are allowed; 0 for any number."),
        Attribute::int("password_lifetime", "After how many days the password must be changed."),
        Attribute::bool("password_expired", "Whether the password must be changed now."),
        Attribute::bool("account_locked", "Whether the user cannot log in."),
        Attribute::string("comment", "A comment."),
        common::FOR_EACH,
    ],
    &[common::ANNOTATION],
);

const ROLES: AttrType =
    AttrType::List(&AttrType::OneOf(&[AttrType::Ref(&["role", "user"]), AttrType::String]));

pub(super) static PERMISSION: Body = Body::new(
    &[
        Attribute::new(
            "for",
            AttrType::OneOf(&[
                AttrType::Ref(&["schema", "table", "view", "function", "procedure", "column"]),
                AttrType::List(&AttrType::Any),
                AttrType::String,
                AttrType::Sql,
            ]),
            "What the permission is for.",
        )
        .required(),
        Attribute::new(
            "to",
            AttrType::OneOf(&[AttrType::Ref(&["role", "user"]), AttrType::String]),
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
    EnumValue::new("USAGE", "Nothing but to log in."),
    EnumValue::new("ALL", "Everything."),
];

pub(super) static DATA: Body = Body::new(&[], &[]).open();
