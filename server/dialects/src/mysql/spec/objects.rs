//! Views, routines, triggers, events and sequences. Data only.

use engine::decode::common;
use hcl::spec::{AttrType, Attribute, Block, Body, Content, EnumValue};

use super::{COLLATE, DEPENDS_ON, RENAMED_FROM, SCHEMA_OF, SECURITY};
use crate::mysql::attr;

pub(super) static VIEW: Body = Body::new(
    &[
        SCHEMA_OF,
        Attribute::string("as", "The query.").holds(Content::Sql).required(),
        Attribute::string("comment", "A comment. No server keeps it.").accepted(),
        DEPENDS_ON,
        Attribute::words("check_option", CHECK_OPTIONS, attr::CHECK_OPTION.doc),
        Attribute::words("security", SECURITY, attr::SECURITY.doc).default("DEFINER"),
        Attribute::words("algorithm", ALGORITHMS, attr::ALGORITHM.doc).default("UNDEFINED"),
        RENAMED_FROM,
        common::FOR_EACH,
    ],
    &[Block::new("column", &VIEW_COLUMN, "A column of the view.").named(), common::ANNOTATION],
);

const CHECK_OPTIONS: &[EnumValue] = &[
    EnumValue::new("LOCAL", "As far as this view itself would not show them."),
    EnumValue::new("CASCADED", "Also as far as the views it reads would not show them."),
];

const ALGORITHMS: &[EnumValue] = &[
    EnumValue::new("UNDEFINED", "As the server likes."),
    EnumValue::new("MERGE", "As a part of the query that uses it."),
    EnumValue::new("TEMPTABLE", "As a temporary table."),
];

static VIEW_COLUMN: Body = Body::new(
    &[
        Attribute::bool("null", "Whether the column may be NULL.").default("false"),
        Attribute::new("type", AttrType::Type, "The type of the column.").required(),
        Attribute::bool("unsigned", "Whether a number cannot be negative.").default("false"),
        Attribute::string("comment", "A comment. No server keeps it.").accepted(),
    ],
    &[],
);

pub(super) static FUNCTION: Body = Body::new(
    &[
        SCHEMA_OF,
        Attribute::new("return", AttrType::Type, attr::RETURN.doc).required(),
        Attribute::string("as", "What it does: `BEGIN … END` or one statement.")
            .holds(Content::Sql)
            .required(),
        Attribute::bool("deterministic", attr::DETERMINISTIC.doc).default("false"),
        Attribute::words("data_access", DATA_ACCESS, attr::DATA_ACCESS.doc).default("CONTAINS_SQL"),
        Attribute::words("security", SECURITY, attr::SECURITY.doc).default("DEFINER"),
        Attribute::string("comment", "A comment."),
        DEPENDS_ON,
        RENAMED_FROM,
        common::FOR_EACH,
    ],
    &[Block::new("arg", &FUNCTION_ARG, "A parameter.").named(), common::ANNOTATION],
);

pub(super) static PROCEDURE: Body = Body::new(
    &[
        SCHEMA_OF,
        Attribute::string("as", "What it does: `BEGIN … END` or one statement.")
            .holds(Content::Sql)
            .required(),
        Attribute::bool("deterministic", attr::DETERMINISTIC.doc).default("false"),
        Attribute::words("data_access", DATA_ACCESS, attr::DATA_ACCESS.doc).default("CONTAINS_SQL"),
        Attribute::words("security", SECURITY, attr::SECURITY.doc).default("DEFINER"),
        Attribute::string("comment", "A comment."),
        DEPENDS_ON,
        RENAMED_FROM,
        common::FOR_EACH,
    ],
    &[Block::new("arg", &PROCEDURE_ARG, "A parameter.").named(), common::ANNOTATION],
);

const DATA_ACCESS: &[EnumValue] = &[
    EnumValue::new("CONTAINS_SQL", "It neither reads nor writes data."),
    EnumValue::new("NO_SQL", "It has no SQL."),
    EnumValue::new("READS_SQL_DATA", "It reads data."),
    EnumValue::new("MODIFIES_SQL_DATA", "It may write data."),
];

static FUNCTION_ARG: Body = Body::new(
    &[
        Attribute::new("type", AttrType::Type, "The type.").required(),
        Attribute::words("mode", &[EnumValue::new("IN", "A value goes in.")], attr::MODE.doc).default("IN"),
        Attribute::string("charset", attr::CHARSET.doc),
        COLLATE,
    ],
    &[],
);

static PROCEDURE_ARG: Body = Body::new(
    &[
        Attribute::new("type", AttrType::Type, "The type.").required(),
        Attribute::words("mode", MODES, attr::MODE.doc).default("IN"),
        Attribute::string("charset", attr::CHARSET.doc),
        COLLATE,
    ],
    &[],
);

const MODES: &[EnumValue] = &[
    EnumValue::new("IN", "A value goes in."),
    EnumValue::new("OUT", "A value comes out."),
    EnumValue::new("INOUT", "A value goes in and comes out."),
];

pub(super) static TRIGGER: Body = Body::new(
    &[
        Attribute::reference("on", &["table"], "The table it watches.").required(),
        Attribute::string("as", "What it does: `BEGIN … END` or one statement.")
            .holds(Content::Sql)
            .required(),
        Attribute::words("for", EACH, "How often it runs.").default("ROW"),
        Attribute::words("foreach", EACH, "How often it runs.").default("ROW"),
        Attribute::reference("follows", &["trigger"], attr::FOLLOWS.doc),
        Attribute::reference(
            "precedes",
            &["trigger"],
            "The trigger of the same table, time and event that runs after this one.",
        ),
        Attribute::string("comment", "A comment. No server keeps it.").accepted(),
        DEPENDS_ON,
        RENAMED_FROM,
        common::FOR_EACH,
    ],
    &[
        Block::new("before", &TRIGGER_EVENT, "Runs before the change.").once(),
        Block::new("after", &TRIGGER_EVENT, "Runs after the change.").once(),
    ],
)
.exclusive(&[&["for", "foreach"], &["before", "after"], &["follows", "precedes"]])
.one_of(&[&["before", "after"]]);

const EACH: &[EnumValue] = &[EnumValue::new("ROW", "Once for each row that changes.")];

static TRIGGER_EVENT: Body = Body::new(
    &[
        Attribute::bool("insert", "Rows are inserted."),
        Attribute::bool("delete", "Rows are deleted."),
        Attribute::bool("update", "Rows are updated."),
    ],
    &[],
)
.exclusive(&[&["insert", "delete", "update"]])
.one_of(&[&["insert", "delete", "update"]]);

pub(super) static EVENT: Body = Body::new(
    &[
        SCHEMA_OF,
        Attribute::string("schedule", attr::SCHEDULE.doc).required(),
        Attribute::bool("preserve", attr::PRESERVE.doc).default("false"),
        Attribute::words("status", STATUS, attr::STATUS.doc).default("ENABLE"),
        Attribute::string("comment", "A comment."),
        Attribute::string("as", attr::AS.doc).holds(Content::Sql).required(),
        DEPENDS_ON,
        RENAMED_FROM,
        common::FOR_EACH,
    ],
    &[common::ANNOTATION],
);

const STATUS: &[EnumValue] = &[
    EnumValue::new("ENABLE", "It runs."),
    EnumValue::new("DISABLE", "It does not run."),
    EnumValue::new("DISABLE_ON_SLAVE", "It runs on the source of a replication only."),
];

pub(super) static SEQUENCE: Body = Body::new(
    &[
        SCHEMA_OF,
        Attribute::int("start", attr::START.doc),
        Attribute::int("increment", attr::INCREMENT.doc),
        Attribute::int("min_value", attr::MIN_VALUE.doc),
        Attribute::int("max_value", attr::MAX_VALUE.doc),
        Attribute::int("cache", attr::CACHE.doc),
        Attribute::bool("cycle", attr::CYCLE.doc).default("false"),
        Attribute::string("comment", "A comment."),
        RENAMED_FROM,
        common::FOR_EACH,
    ],
    &[common::ANNOTATION],
);
