//! The column types of SQLite as Atlas knows them, and how their text is read and written.
//!
//! SQLite accepts any words as a type. Those of the catalogue are normalized to lower case and to a family; all
//! others are kept verbatim. Invariant: `parse(format(t))` has the class and name of `t`.
//!
//! Source: atlas `sql/sqlite/convert.go`, `sqlspec.go`; reference schema-hcl.md §8.3.

use engine::types::{ArgKind, TypeArg, TypeDef};
use schema::{Class, ColumnType};

const fn size(kept: bool) -> TypeArg {
    TypeArg { name: "size", kind: ArgKind::Int, required: false, kept }
}

const SIZE: &[TypeArg] = &[size(true)];
const LOST_SIZE: &[TypeArg] = &[size(false)];
const PRECISION: &[TypeArg] = &[
    TypeArg { name: "precision", kind: ArgKind::Int, required: false, kept: true },
    TypeArg { name: "scale", kind: ArgKind::Int, required: false, kept: true },
];
const LOST_PRECISION: &[TypeArg] = &[
    TypeArg { name: "precision", kind: ArgKind::Int, required: false, kept: false },
    TypeArg { name: "scale", kind: ArgKind::Int, required: false, kept: false },
];

const fn def(name: &'static str, args: &'static [TypeArg], class: Class, doc: &'static str) -> TypeDef {
    TypeDef { name, hcl: name, args, class, aliases: &[], doc }
}

const fn spaced(
    name: &'static str,
    hcl: &'static str,
    args: &'static [TypeArg],
    class: Class,
    doc: &'static str,
) -> TypeDef {
    TypeDef { name, hcl, args, class, aliases: &[], doc }
}

/// The types HCL knows by name.
pub static TYPES: &[TypeDef] = &[
    def("blob", LOST_SIZE, Class::Binary, "Bytes, stored as given."),
    def("text", SIZE, Class::String, "Text of any length."),
    def(
        "integer",
        LOST_SIZE,
        Class::Integer,
        "A signed integer of up to 8 bytes; as a primary key, the rowid.",
    ),
    def("int", LOST_SIZE, Class::Integer, "A signed integer of up to 8 bytes."),
    def("tinyint", LOST_SIZE, Class::Integer, "A signed integer of up to 8 bytes."),
    def("smallint", LOST_SIZE, Class::Integer, "A signed integer of up to 8 bytes."),
    def("mediumint", LOST_SIZE, Class::Integer, "A signed integer of up to 8 bytes."),
    def("bigint", LOST_SIZE, Class::Integer, "A signed integer of up to 8 bytes."),
    spaced(
        "unsigned big int",
        "unsigned_big_int",
        LOST_SIZE,
        Class::Integer,
        "A signed integer of up to 8 bytes.",
    ),
    def("int2", LOST_SIZE, Class::Integer, "A signed integer of up to 8 bytes."),
    def("int8", LOST_SIZE, Class::Integer, "A signed integer of up to 8 bytes."),
    def("uint64", LOST_SIZE, Class::Integer, "A signed integer of up to 8 bytes."),
    def("double", LOST_SIZE, Class::Float, "An 8-byte floating point number."),
    spaced(
        "double precision",
        "double_precision",
        LOST_SIZE,
        Class::Float,
        "An 8-byte floating point number.",
    ),
    def("float", LOST_SIZE, Class::Float, "An 8-byte floating point number."),
    def("real", LOST_PRECISION, Class::Float, "An 8-byte floating point number."),
    def("numeric", PRECISION, Class::Decimal, "A number: integer if it is one, else floating point."),
    def("decimal", PRECISION, Class::Decimal, "A number: integer if it is one, else floating point."),
    def("character", SIZE, Class::String, "Text; SQLite does not enforce the size."),
    def("varchar", SIZE, Class::String, "Text; SQLite does not enforce the size."),
    spaced(
        "varying character",
        "varying_character",
        SIZE,
        Class::String,
        "Text; SQLite does not enforce the size.",
    ),
    def("nchar", SIZE, Class::String, "Text; SQLite does not enforce the size."),
    spaced(
        "native character",
        "native_character",
        SIZE,
        Class::String,
        "Text; SQLite does not enforce the size.",
    ),
    def("nvarchar", SIZE, Class::String, "Text; SQLite does not enforce the size."),
    def("clob", SIZE, Class::String, "Text of any length."),
    def("bool", &[], Class::Bool, "0 or 1."),
    def("boolean", &[], Class::Bool, "0 or 1."),
    def("date", &[], Class::Time, "A date, stored as text or number."),
    def("datetime", &[], Class::Time, "A date and time, stored as text or number."),
    def("json", &[], Class::Json, "JSON text."),
    def("jsonb", &[], Class::Json, "JSON in SQLite's binary form."),
    def("uuid", &[], Class::Uuid, "A UUID, stored as text or bytes."),
];

/// Types the parser knows and HCL writes as `sql("…")`.
static UNREGISTERED: &[(&str, Class)] =
    &[("char", Class::String), ("time", Class::Time), ("timestamp", Class::Time)];

/// Reads a type as SQL or `sql("…")` writes it: `VARCHAR(255)`, `unsigned big int`, empty for `blob`.
pub fn parse(raw: &str) -> ColumnType {
    let raw = raw.trim();
    if raw.is_empty() {
        return ColumnType::new(Class::Binary, "blob");
    }
    let known = split(raw).and_then(|(name, args)| Some((class_of(&name)?, name, args)));
    match known {
        Some((class, name, args)) => {
            // An argument that SQLite ignores and HCL does not print is no part of the type.
            let declared = engine::types::by_sql(TYPES, &name).map_or(&[][..], |def| def.args);
            let kept = args.into_iter().zip(declared).filter(|(_, arg)| arg.kept).map(|(value, _)| value);
            ColumnType::new(class, name.as_str()).with_args(kept)
        }
        None => ColumnType::new(Class::UserDefined, raw),
    }
}

/// The name in lower case with single spaces, and the numbers in parentheses; `None` when it has another form.
fn split(raw: &str) -> Option<(String, Vec<i64>)> {
    let (name, args) = match raw.split_once('(') {
        Some((name, rest)) => (name, Some(rest.trim_end().strip_suffix(')')?)),
        None => (raw, None),
    };
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    let args = match args {
        Some(args) => {
            args.split(',').map(|arg| arg.trim().parse::<i64>().ok()).collect::<Option<Vec<_>>>()?
        }
        None => Vec::new(),
    };
    Some((name, args))
}

fn class_of(name: &str) -> Option<Class> {
    engine::types::by_sql(TYPES, name)
        .map(|def| def.class)
        .or_else(|| UNREGISTERED.iter().find(|(known, _)| *known == name).map(|(_, class)| *class))
}

/// Writes a type as a plan does: without sizes, which SQLite ignores.
pub fn format(ty: &ColumnType) -> String {
    ty.name.to_string()
}
