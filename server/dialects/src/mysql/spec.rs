//! What a schema file for MySQL, MariaDB or TiDB may contain.
//!
//! Data only: validation, completion, hover and the reference page derive from it. The grammar is complete, so an
//! unknown name is a mistake. One grammar for all: what only some servers have says so, and the server refuses it.
//!
//! Source: Atlas's reference of MySQL and MariaDB resources (October 2024), its later additions (partitions, invisible
//! columns, SRID, `renamed_from`), and atlas `sql/mysql/sqlspec.go` at a5e0aec. Ours: `event`, `sequence`, options and
//! invisible indexes, so that nothing of an inspected database is lost.

mod access;
mod objects;
mod table;

use engine::decode::common;
use hcl::spec::{AttrType, Attribute, Block, Body, EnumValue, Label, Labels};

use super::attr;

/// The top level of a schema file.
pub static FILE: Body = Body::new(
    &[],
    &[
        Block::new("schema", &SCHEMA, "A schema, which MySQL also calls a database.").named(),
        Block::new("table", &table::TABLE, "A table.").labels(QUALIFIED),
        Block::new("view", &objects::VIEW, "A view: a query with a name.").labels(QUALIFIED),
        Block::new("function", &objects::FUNCTION, "A stored function.").labels(QUALIFIED),
        Block::new("procedure", &objects::PROCEDURE, "A stored procedure.").labels(QUALIFIED),
        Block::new("trigger", &objects::TRIGGER, "A statement that runs when rows of a table change.")
            .labels(QUALIFIED),
        Block::new("event", &objects::EVENT, "A statement that runs at a time.").labels(QUALIFIED),
        Block::new("sequence", &objects::SEQUENCE, "A sequence of numbers (MariaDB 10.3).").labels(QUALIFIED),
        Block::new("role", &access::ROLE, "A role, of all schemas of the server.").named(),
        Block::new("user", &access::USER, "Somebody who can log in: `user \"app@%\" { … }`.").named(),
        Block::new("permission", &access::PERMISSION, "What a user or role may do."),
        common::VARIABLE,
        common::LOCALS,
        Block::new(
            "data",
            &access::DATA,
            "Rows of a table, or a data source, which schema files cannot run.",
        )
        .labels(Labels::between(
            0,
            2,
            &[Label::new("type", "What kind of source it is."), Label::new("name", "Its name.")],
        ))
        .accepted(),
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
        Attribute::string("comment", "A comment (MariaDB 10.5)."),
        Attribute::string("charset", attr::CHARSET.doc),
        COLLATE,
        RENAMED_FROM,
        common::FOR_EACH,
    ],
    &[common::ANNOTATION],
);

const COLLATE: Attribute = Attribute::string("collate", attr::COLLATE.doc).aliases(&["collation"]);

const RENAMED_FROM: Attribute =
    Attribute::string("renamed_from", "The name it had before, so that it is renamed instead of made anew.");

const VALUE: AttrType = AttrType::OneOf(&[AttrType::Bool, AttrType::Number, AttrType::String, AttrType::Sql]);

const DEPENDS_ON: Attribute = Attribute::new(
    "depends_on",
    AttrType::List(&AttrType::Ref(&["table", "view", "function", "procedure"])),
    "What must exist before.",
);

const SCHEMA_OF: Attribute =
    Attribute::reference("schema", &["schema"], "The schema it is in: `schema.app`.").required();

const SECURITY: &[EnumValue] = &[
    EnumValue::new("DEFINER", "The rights of who made it."),
    EnumValue::new("INVOKER", "The rights of who uses it."),
];

const ACTIONS: &[EnumValue] = &[
    EnumValue::new("NO_ACTION", "Refuses the change while rows refer."),
    EnumValue::new("RESTRICT", "Refuses the change while rows refer; the same as NO_ACTION."),
    EnumValue::new("CASCADE", "Changes or deletes the rows that refer."),
    EnumValue::new("SET_NULL", "Sets the columns that refer to NULL."),
    EnumValue::new("SET_DEFAULT", "Sets the columns that refer to their default; InnoDB refuses it."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_declared_twice_and_every_name_has_words() {
        fn walk(body: &'static Body, path: &str) {
            assert_eq!(body.check(), None, "{path}");
            for attribute in body.attributes {
                assert!(attribute.doc.ends_with(['.', '`']), "{path}.{}", attribute.name);
            }
            for block in body.blocks {
                assert!(!block.doc.is_empty(), "{path}.{}", block.name);
                walk(block.body, &format!("{path}.{}", block.name));
            }
        }
        walk(&FILE, "");
    }
}
