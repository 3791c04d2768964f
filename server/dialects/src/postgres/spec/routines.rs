//! The blocks of code: functions, procedures, aggregates, triggers.

use engine::decode::common;
use hcl::spec::{AttrType, Attribute, Block, Body, Content, EnumValue};

use super::super::attr;
use super::{COMMENT, DEFERRED, DEPENDS_ON, RENAMED, SCHEMA_REF, SETTINGS, VALUE};

const BODY: Attribute =
    Attribute::string("as", "The body, without quotes around it.").holds(Content::Sql).required();
const LANG: Attribute =
    Attribute::new("lang", AttrType::OneOf(&[AttrType::Enum(LANGUAGES), AttrType::String]), attr::LANG.doc)
        .required();
const SECURITY: Attribute = Attribute::words("security", SECURITIES, attr::SECURITY.doc).default("INVOKER");
const SQL_BODY: Attribute = Attribute::bool("sql_body", attr::SQL_BODY.doc).default("false");
const ARG: Block = Block::new("arg", &ARGUMENT, attr::ARGS.doc).maybe_named();
const CONFIG: Block = Block::new("config_params", &SETTINGS, attr::CONFIG_PARAMS.doc).once();

const LANGUAGES: &[EnumValue] =
    &[EnumValue::new("SQL", "Statements of SQL."), EnumValue::new("PLpgSQL", "The language of PostgreSQL.")];

const SECURITIES: &[EnumValue] =
    &[EnumValue::new("INVOKER", "Those of the caller."), EnumValue::new("DEFINER", "Those of its owner.")];

static ARGUMENT: Body = Body::new(
    &[
        Attribute::new("type", AttrType::Type, "The type of the argument.").required(),
        Attribute::new("default", VALUE, "The value when none is given."),
        Attribute::new(
            "mode",
            AttrType::OneOf(&[AttrType::Enum(MODES), AttrType::String]),
            "Which way the argument goes.",
        )
        .default("IN"),
    ],
    &[],
)
.partial();

const MODES: &[EnumValue] = &[
    EnumValue::new("IN", "It is given."),
    EnumValue::new("OUT", "It is a result."),
    EnumValue::new("INOUT", "It is given, and is a result."),
    EnumValue::new("VARIADIC", "Any number of them is given, as an array."),
];

pub(super) static FUNCTION: Body = Body::new(
    &[
        SCHEMA_REF,
        LANG,
        Attribute::new("return", AttrType::Type, attr::RETURN.doc),
        Attribute::new("return_set", AttrType::Type, attr::RETURN_SET.doc),
        BODY,
        Attribute::words("volatility", VOLATILITIES, attr::VOLATILITY.doc).default("VOLATILE"),
        Attribute::words("parallel", PARALLEL, attr::PARALLEL.doc).default("UNSAFE"),
        Attribute::bool("strict", attr::STRICT.doc).default("false"),
        Attribute::bool("leakproof", attr::LEAKPROOF.doc).default("false"),
        SECURITY,
        Attribute::int("cost", attr::COST.doc),
        Attribute::int("rows", attr::ROWS.doc),
        Attribute::bool("window", attr::WINDOW.doc).default("false"),
        SQL_BODY,
        COMMENT,
        DEPENDS_ON,
        RENAMED,
        common::FOR_EACH,
    ],
    &[
        ARG,
        Block::new("return_table", &RETURN_TABLE, attr::RETURN_TABLE.doc).once(),
        CONFIG,
        common::ANNOTATION,
    ],
)
.exclusive(&[&["return", "return_set", "return_table"]])
.partial();

const VOLATILITIES: &[EnumValue] = &[
    EnumValue::new("VOLATILE", "On anything: it is called for every row."),
    EnumValue::new("STABLE", "On its arguments and the database, the same within a statement."),
    EnumValue::new("IMMUTABLE", "On its arguments only."),
];

const PARALLEL: &[EnumValue] = &[
    EnumValue::new("SAFE", "Yes."),
    EnumValue::new("UNSAFE", "No, the whole statement runs alone."),
    EnumValue::new("RESTRICTED", "Only the leader may."),
];

static RETURN_TABLE: Body =
    Body::new(&[], &[Block::new("column", &RETURN_COLUMN, attr::TABLE_COLUMNS.doc).named().required()])
        .partial();

static RETURN_COLUMN: Body =
    Body::new(&[Attribute::new("type", AttrType::Type, "The type of the column.").required()], &[]).partial();

pub(super) static PROCEDURE: Body = Body::new(
    &[SCHEMA_REF, LANG, BODY, SECURITY, SQL_BODY, COMMENT, DEPENDS_ON, RENAMED, common::FOR_EACH],
    &[ARG, CONFIG, common::ANNOTATION],
)
.partial();

const FUNCTION_REF: AttrType = AttrType::OneOf(&[AttrType::Ref(&["function"]), AttrType::String]);

pub(super) static AGGREGATE: Body = Body::new(
    &[
        SCHEMA_REF,
        Attribute::new("state_func", FUNCTION_REF, attr::STATE_FUNC.doc).required(),
        Attribute::new("state_type", AttrType::Type, attr::STATE_TYPE.doc).required(),
        Attribute::new("initial_value", VALUE, attr::INITIAL_VALUE.doc),
        Attribute::new("final_func", FUNCTION_REF, attr::FINAL_FUNC.doc),
        Attribute::words("parallel", PARALLEL, attr::PARALLEL.doc).default("UNSAFE"),
        COMMENT,
        DEPENDS_ON,
        RENAMED,
        common::FOR_EACH,
    ],
    &[ARG, common::ANNOTATION],
)
.partial();

pub(super) static TRIGGER: Body = Body::new(
    &[
        Attribute::reference("on", &["table", "view"], "The table or view it watches.").required(),
        Attribute::words("for", EACH, attr::FOR_EACH.doc).default("STATEMENT"),
        Attribute::words("foreach", EACH, attr::FOR_EACH.doc).default("STATEMENT"),
        Attribute::string("when", attr::WHEN.doc).holds(Content::Sql),
        Attribute::string("as", "What it does, as SQL; usually `execute` says it.").holds(Content::Sql),
        Attribute::bool("constraint", attr::CONSTRAINT.doc).default("false"),
        Attribute::words("deferrable", DEFERRED, attr::DEFERRABLE.doc),
        Attribute::reference("from", &["table"], attr::FROM.doc),
        COMMENT,
        DEPENDS_ON,
        RENAMED,
        common::FOR_EACH,
    ],
    &[
        Block::new("before", &EVENT, "Runs before the change.").once(),
        Block::new("after", &EVENT, "Runs after the change.").once(),
        Block::new("instead_of", &EVENT, "Runs instead of the change; only on a view.").once(),
        Block::new("execute", &EXECUTE, attr::EXECUTE.doc).once(),
        Block::new("referencing", &REFERENCING, "Names for the rows that change."),
        common::ANNOTATION,
    ],
)
.exclusive(&[&["for", "foreach"], &["before", "after", "instead_of"], &["as", "execute"]])
.one_of(&[&["before", "after", "instead_of"], &["as", "execute"]])
.partial();

const EACH: &[EnumValue] = &[
    EnumValue::new("ROW", "Once for each row that changes."),
    EnumValue::new("STATEMENT", "Once for each statement."),
];

static EVENT: Body = Body::new(
    &[
        Attribute::bool("insert", "Rows are inserted."),
        Attribute::bool("delete", "Rows are deleted."),
        Attribute::bool("update", "Rows are updated."),
        Attribute::new(
            "update_of",
            AttrType::List(&AttrType::Ref(&["table.column", "view.column"])),
            attr::UPDATE_OF.doc,
        ),
        Attribute::bool("truncate", "All rows are deleted at once."),
    ],
    &[],
)
.exclusive(&[&["update", "update_of"]])
.one_of(&[&["insert", "delete", "update", "update_of", "truncate"]]);

static EXECUTE: Body = Body::new(
    &[
        Attribute::new("function", FUNCTION_REF, "The function."),
        Attribute::new(
            "procedure",
            AttrType::OneOf(&[AttrType::Ref(&["procedure", "function"]), AttrType::String]),
            "The function, by its former word.",
        ),
        Attribute::strings("args", attr::EXECUTE_ARGS.doc),
    ],
    &[],
)
.exclusive(&[&["function", "procedure"]])
.one_of(&[&["function", "procedure"]]);

static REFERENCING: Body = Body::new(
    &[
        Attribute::string("old_table", attr::OLD_TABLE.doc),
        Attribute::string("new_table", attr::NEW_TABLE.doc),
    ],
    &[],
);

pub(super) static EVENT_TRIGGER: Body = Body::new(
    &[
        Attribute::new("on", AttrType::OneOf(&[AttrType::Enum(EVENTS), AttrType::String]), "The event.")
            .required(),
        Attribute::new("execute", FUNCTION_REF, attr::EXECUTE.doc).required(),
        Attribute::strings("tags", attr::TAGS.doc),
        COMMENT,
        common::FOR_EACH,
    ],
    &[],
)
.partial();

const EVENTS: &[EnumValue] = &[
    EnumValue::new("ddl_command_start", "Before a definition changes."),
    EnumValue::new("ddl_command_end", "After a definition changed."),
    EnumValue::new("table_rewrite", "Before a table is written anew."),
    EnumValue::new("sql_drop", "After objects were dropped."),
    EnumValue::new("login", "When a user logs in (PostgreSQL 17)."),
];
