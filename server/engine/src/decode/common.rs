//! What every schema file may contain, whatever the dialect: input variables, local values, data sources.
//!
//! Constants for the dialects' tables of top-level blocks. The attributes any top-level block may have besides its
//! own (`for_each`) are here too.

use hcl::spec::{AttrType, Attribute, Block, Body, Label, Labels};

/// `variable "name" { … }`
pub const VARIABLE: Block = Block::new(
    "variable",
    &VARIABLE_BODY,
    "An input of the schema. Its value comes from the attributes of the `env` that uses the file, or from `--var`.",
)
.named();

/// `locals { … }`
pub const LOCALS: Block = Block::new(
    "locals",
    &ANYTHING,
    "Values with a name, to be used as `local.<name>` in all files of the schema.",
);

/// `data "type" "name" { … }`
pub const DATA: Block = Block::new("data", &ANYTHING, "A data source. Schema files cannot run any.").labels(
    Labels::exactly(2, &[Label::new("type", "What kind of source it is."), Label::new("name", "Its name.")]),
);

/// `annotation "name" { … }`: free text for tools, without effect on the schema.
pub const ANNOTATION: Block =
    Block::new("annotation", &ANYTHING, "Notes for other tools; without effect on the schema.")
        .labels(Labels::between(0, 2, &[Label::new("name", "")]))
        .accepted();

/// An attribute every top-level block may have.
pub const FOR_EACH: Attribute = Attribute::new(
    "for_each",
    AttrType::Any,
    "Makes the block once for each element of a set, tuple or object; the element is `each.key` and `each.value`.",
);

static VARIABLE_BODY: Body = Body::new(
    &[
        Attribute::new("type", AttrType::VariableType, "The type values are converted to.").default("any"),
        Attribute::new(
            "default",
            AttrType::Any,
            "The value when no other is given. Without it the variable is required.",
        ),
        Attribute::string("description", "What the variable is for."),
        Attribute::bool("sensitive", "Whether the value is kept out of messages.")
            .default("false")
            .accepted(),
    ],
    &[Block::new("validation", &VALIDATION, "A rule for the value.").accepted()],
);

static VALIDATION: Body = Body::new(
    &[
        Attribute::new("condition", AttrType::Any, "Must be true for a value to be accepted."),
        Attribute::string("error_message", "What is said otherwise."),
    ],
    &[],
);

/// Any attribute; nested blocks are not looked into.
static ANYTHING: Body = Body::new(&[], &[]).open();
