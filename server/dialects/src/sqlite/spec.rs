//! What a schema file for SQLite may contain.
//!
//! Data only: validation, completion, hover and the reference page derive from it. The grammar is complete, so an
//! unknown name is a mistake.
//!
//! Source: Atlas's reference of SQLite resources (October 2024) and atlas `sql/sqlite/sqlspec.go` at a5e0aec, whose
//! `default "name" { as = … }` block and label on `primary_key` the reference does not list.

use engine::decode::common;
use hcl::spec::{AttrType, Attribute, Block, Body, Content, EnumValue, Label, Labels};

use super::attr::{AUTO_INCREMENT, STRICT, WITHOUT_ROWID};

/// The top level of a schema file.
pub static FILE: Body = Body::new(
    &[],
    &[
        Block::new("schema", &SCHEMA, "The schema. SQLite has exactly one, `main`.").named(),
        Block::new("table", &TABLE, "A table.").labels(QUALIFIED),
        Block::new("view", &VIEW, "A view: a query with a name.").labels(QUALIFIED),
        Block::new("trigger", &TRIGGER, "Statements that run when rows of a table or view change.")
            .labels(QUALIFIED),
        common::VARIABLE,
        common::LOCALS,
        common::DATA,
    ],
);

const QUALIFIED: Labels = Labels::between(
    1,
    2,
    &[
        Label::new("name", "The name; behind a qualifier, if there are two labels."),
        Label::new("name", "The name."),
    ],
);

static SCHEMA: Body = Body::new(
    &[
        Attribute::string("name", "The name, if it is not the label."),
        Attribute::string("comment", "A comment. SQLite keeps none.").accepted(),
        common::FOR_EACH,
    ],
    &[common::ANNOTATION],
);

static TABLE: Body = Body::new(
    &[
        Attribute::reference("schema", &["schema"], "The schema the table is in: `schema.main`.").required(),
        Attribute::string("comment", "A comment. SQLite keeps none.").accepted(),
        Attribute::bool("without_rowid", WITHOUT_ROWID.doc).default("false"),
        Attribute::bool("strict", STRICT.doc).default("false"),
        Attribute::new(
            "depends_on",
            AttrType::List(&AttrType::Ref(&["table", "view"])),
            "What must exist before.",
        ),
        common::FOR_EACH,
    ],
    &[
        Block::new("column", &COLUMN, "A column.").named(),
        Block::new("primary_key", &PRIMARY_KEY, "The primary key.").maybe_named().once(),
        Block::new("foreign_key", &FOREIGN_KEY, "A reference to rows of another table, or of this one.")
            .named(),
        Block::new("index", &INDEX, "An index, unique or not.").named(),
        Block::new("check", &CHECK, "A condition every row must meet.").maybe_named(),
        common::ANNOTATION,
    ],
);

static COLUMN: Body = Body::new(
    &[
        Attribute::bool("null", "Whether the column may be NULL.").default("false"),
        Attribute::new("type", AttrType::Type, "The type of the column, or `sql(\"…\")`.").required(),
        Attribute::new(
            "default",
            VALUE,
            "The value of a column that an `INSERT` leaves out; `sql(\"…\")` for an expression.",
        ),
        Attribute::bool("unsigned", "Without effect in SQLite.").accepted(),
        Attribute::string("comment", "A comment. SQLite keeps none.").accepted(),
        Attribute::bool("auto_increment", AUTO_INCREMENT.doc).default("false"),
        Attribute::string("as", "The expression of a generated column, computed when read (`VIRTUAL`).")
            .holds(Content::Sql),
    ],
    &[
        Block::new("as", &COLUMN_AS, "The expression of a generated column, and how it is kept.").once(),
        Block::new("default", &COLUMN_DEFAULT, "The default with the name of its constraint.")
            .maybe_named()
            .once(),
        common::ANNOTATION,
    ],
)
.exclusive(&[&["as"], &["default"]]);

const VALUE: AttrType = AttrType::OneOf(&[AttrType::Bool, AttrType::Number, AttrType::String, AttrType::Sql]);

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
];

static COLUMN_DEFAULT: Body = Body::new(&[Attribute::new("as", VALUE, "The value.").required()], &[]);

static PRIMARY_KEY: Body = Body::new(
    &[
        Attribute::new("columns", OWN_COLUMNS, "The columns of the key, in order.").required(),
        Attribute::string("comment", "A comment. SQLite keeps none.").accepted(),
    ],
    &[],
);

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
        Attribute::string("comment", "A comment. SQLite keeps none.").accepted(),
    ],
    &[],
);

const ACTIONS: &[EnumValue] = &[
    EnumValue::new("NO_ACTION", "Refuses the change while rows refer."),
    EnumValue::new("RESTRICT", "Refuses the change at once, even where the check is deferred."),
    EnumValue::new("CASCADE", "Changes or deletes the rows that refer."),
    EnumValue::new("SET_NULL", "Sets the columns that refer to NULL."),
    EnumValue::new("SET_DEFAULT", "Sets the columns that refer to their default."),
];

static INDEX: Body = Body::new(
    &[
        Attribute::bool("unique", "Whether two rows may not be equal in its parts.").default("false"),
        Attribute::new(
            "columns",
            OWN_COLUMNS,
            "The columns of the index, all ascending; `on` blocks say more.",
        ),
        Attribute::string("where", "The condition of a partial index.").holds(Content::Sql),
        Attribute::string("comment", "A comment. SQLite keeps none.").accepted(),
    ],
    &[Block::new("on", &INDEX_ON, "One part of the index: a column or an expression.")],
)
.exclusive(&[&["columns", "on"]])
.one_of(&[&["columns", "on"]]);

static INDEX_ON: Body = Body::new(
    &[
        Attribute::reference("column", &["column"], "The column."),
        Attribute::string("expr", "The expression.").holds(Content::Sql),
        Attribute::bool("desc", "Whether the part is in descending order.").default("false"),
    ],
    &[],
)
.exclusive(&[&["column", "expr"]])
.one_of(&[&["column", "expr"]]);

static CHECK: Body = Body::new(
    &[
        Attribute::string("expr", "The condition.").holds(Content::Sql).required(),
        Attribute::string("comment", "A comment. SQLite keeps none.").accepted(),
    ],
    &[],
);

static VIEW: Body = Body::new(
    &[
        Attribute::reference("schema", &["schema"], "The schema the view is in: `schema.main`.").required(),
        Attribute::string("as", "The query.").holds(Content::Sql).required(),
        Attribute::string("comment", "A comment. SQLite keeps none.").accepted(),
        Attribute::new(
            "depends_on",
            AttrType::List(&AttrType::Ref(&["table", "view"])),
            "What must exist before.",
        ),
        common::FOR_EACH,
    ],
    &[Block::new("column", &VIEW_COLUMN, "A column of the view.").named(), common::ANNOTATION],
);

static VIEW_COLUMN: Body = Body::new(
    &[
        Attribute::new("type", AttrType::Type, "The type of the column.").required(),
        Attribute::bool("null", "Whether the column may be NULL.").default("false"),
        Attribute::string("comment", "A comment. SQLite keeps none.").accepted(),
    ],
    &[],
);

static TRIGGER: Body = Body::new(
    &[
        Attribute::reference("on", &["table", "view"], "The table or view it watches.").required(),
        Attribute::string("as", "The statements, between `BEGIN` and `END`.").holds(Content::Sql).required(),
        Attribute::words("for", EACH, "How often it runs.").default("ROW"),
        Attribute::words("foreach", EACH, "How often it runs.").default("ROW"),
        Attribute::string("when", "The condition on which it runs.").holds(Content::Sql),
        Attribute::string("comment", "A comment. SQLite keeps none.").accepted(),
        Attribute::new(
            "depends_on",
            AttrType::List(&AttrType::Ref(&["table", "view"])),
            "What must exist before.",
        ),
        common::FOR_EACH,
    ],
    &[
        Block::new("before", &EVENT, "Runs before the change.").once(),
        Block::new("after", &EVENT, "Runs after the change.").once(),
        Block::new("instead_of", &EVENT, "Runs instead of the change; only on a view.").once(),
    ],
)
.exclusive(&[&["for", "foreach"], &["before", "after", "instead_of"]])
.one_of(&[&["before", "after", "instead_of"]]);

const EACH: &[EnumValue] = &[EnumValue::new("ROW", "Once for each row that changes.")];

static EVENT: Body = Body::new(
    &[
        Attribute::bool("insert", "Rows are inserted."),
        Attribute::bool("delete", "Rows are deleted."),
        Attribute::bool("update", "Rows are updated."),
        Attribute::new("update_of", WATCHED_COLUMNS, "One of these columns is updated."),
    ],
    &[],
)
.exclusive(&[&["insert", "delete", "update", "update_of"]])
.one_of(&[&["insert", "delete", "update", "update_of"]]);

const WATCHED_COLUMNS: AttrType = AttrType::List(&AttrType::Ref(&["table.column", "view.column"]));
const OWN_COLUMNS: AttrType = AttrType::List(&AttrType::Ref(&["column"]));
const ANY_COLUMNS: AttrType = AttrType::List(&AttrType::Ref(&["column", "table.column"]));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_declared_twice_in_one_body() {
        fn walk(body: &'static Body, path: &str) {
            assert_eq!(body.check(), None, "{path}");
            for block in body.blocks {
                walk(block.body, &format!("{path}.{}", block.name));
            }
        }
        walk(&FILE, "");
    }

    #[test]
    fn every_name_has_words() {
        fn walk(body: &'static Body, path: &str) {
            assert!(body.attributes.iter().all(|attribute| attribute.doc.ends_with(['.', '`'])), "{path}");
            for block in body.blocks {
                assert!(!block.doc.is_empty(), "{path}.{}", block.name);
                walk(block.body, &format!("{path}.{}", block.name));
            }
        }
        walk(&FILE, "");
    }
}
