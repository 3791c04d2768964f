//! The column types of MySQL and MariaDB, and how their text is read and written.
//!
//! The canonical form of a type is what the catalog of a current server shows, so that a type has one value however
//! it was spelt: aliases and display widths are gone, sizes the server implies are spelled out. Invariants:
//! `parse(format(t)) == t` for every `t` that [`parse`] gave; `parse` never fails.
//!
//! Source: MySQL 9.1 manual, 13.1 "Numeric Data Types" to 13.9 "Using Data Types from Other Database Engines", MariaDB's
//! "Data Types"; atlas `sql/mysql/sqlspec.go` for the names in HCL; reference schema-hcl.md §8.2.

mod text;

use engine::types::{ArgKind, TypeArg, TypeDef, by_sql};
use schema::{Arg, Class, ColumnType};

use self::text::Words;
pub use self::text::{quote, unquote};

const fn int(name: &'static str, required: bool, kept: bool) -> TypeArg {
    TypeArg { name, kind: ArgKind::Int, required, kept }
}

const SIZE: &[TypeArg] = &[int("size", false, true)];
const NEEDED_SIZE: &[TypeArg] = &[int("size", true, true)];
const LOST_SIZE: &[TypeArg] = &[int("size", false, false)];
const DIGITS: &[TypeArg] = &[int("precision", false, true), int("scale", false, true)];
const FRACTION: &[TypeArg] = &[int("precision", false, true)];
const LOST_FRACTION: &[TypeArg] = &[int("precision", false, false)];
const VALUES: &[TypeArg] = &[TypeArg { name: "values", kind: ArgKind::Strings, required: true, kept: true }];

const fn def(
    name: &'static str,
    args: &'static [TypeArg],
    class: Class,
    aliases: &'static [&'static str],
    doc: &'static str,
) -> TypeDef {
    TypeDef { name, hcl: name, args, class, aliases, doc }
}

/// The types HCL knows by name. A name that is only another spelling comes behind the one it means.
pub static TYPES: &[TypeDef] = &[
    def("enum", VALUES, Class::Enum, &[], "One of a list of strings."),
    def("set", VALUES, Class::Set, &[], "Any number of a list of up to 64 strings."),
    def("bool", &[], Class::Bool, &[], "`tinyint(1)`: 0 is false, everything else true."),
    def("boolean", &[], Class::Bool, &[], "`tinyint(1)`: 0 is false, everything else true."),
    def("bit", SIZE, Class::Bits, &[], "`size` bits, from 1 to 64."),
    def("int", LOST_SIZE, Class::Integer, &["integer", "int4"], "An integer of 4 bytes."),
    def("tinyint", LOST_SIZE, Class::Integer, &["int1"], "An integer of 1 byte; `tinyint(1)` is `bool`."),
    def("smallint", LOST_SIZE, Class::Integer, &["int2"], "An integer of 2 bytes."),
    def("mediumint", LOST_SIZE, Class::Integer, &["int3", "middleint"], "An integer of 3 bytes."),
    def("bigint", LOST_SIZE, Class::Integer, &["int8"], "An integer of 8 bytes."),
    def(
        "decimal",
        DIGITS,
        Class::Decimal,
        &["dec", "fixed"],
        "An exact number of `precision` digits (10), `scale` (0) of them behind the point.",
    ),
    def(
        "numeric",
        DIGITS,
        Class::Decimal,
        &[],
        "An exact number of `precision` digits (10), `scale` (0) of them behind the point.",
    ),
    def(
        "float",
        DIGITS,
        Class::Float,
        &["float4"],
        "A 4-byte floating point number; 8 bytes from a precision of 25 on.",
    ),
    def("double", DIGITS, Class::Float, &["float8", "double precision"], "An 8-byte floating point number."),
    def("real", DIGITS, Class::Float, &[], "An 8-byte floating point number."),
    def("timestamp", FRACTION, Class::Time, &[], "A moment from 1970 to 2038, kept in UTC."),
    def("date", &[], Class::Time, &[], "A date."),
    def("time", FRACTION, Class::Time, &[], "A time of day, or a duration of up to 838 hours."),
    def("datetime", FRACTION, Class::Time, &[], "A date and time without time zone."),
    def("year", LOST_FRACTION, Class::Time, &[], "A year from 1901 to 2155, or 0."),
    def(
        "varchar",
        NEEDED_SIZE,
        Class::String,
        &[
            "character varying",
            "char varying",
            "varcharacter",
            "nvarchar",
            "national varchar",
            "nchar varchar",
            "nchar varying",
            "national char varying",
            "national character varying",
        ],
        "Text of up to `size` characters.",
    ),
    def(
        "char",
        SIZE,
        Class::String,
        &["character", "nchar", "national char", "national character"],
        "Text of `size` characters (1), filled up with blanks.",
    ),
    def("varbinary", NEEDED_SIZE, Class::Binary, &[], "Up to `size` bytes."),
    def("binary", SIZE, Class::Binary, &["char byte"], "`size` bytes (1), filled up with zeros."),
    def("blob", LOST_SIZE, Class::Binary, &[], "Up to 65,535 bytes."),
    def("tinyblob", &[], Class::Binary, &[], "Up to 255 bytes."),
    def("mediumblob", &[], Class::Binary, &["long varbinary"], "Up to 16 MiB."),
    def("longblob", &[], Class::Binary, &[], "Up to 4 GiB."),
    def("json", &[], Class::Json, &[], "A JSON document; in MariaDB text that is checked to be one."),
    def("text", LOST_SIZE, Class::String, &[], "Text of up to 65,535 bytes."),
    def("tinytext", &[], Class::String, &[], "Text of up to 255 bytes."),
    def("mediumtext", &[], Class::String, &["long", "long varchar"], "Text of up to 16 MiB."),
    def("longtext", &[], Class::String, &[], "Text of up to 4 GiB."),
    def("geometry", &[], Class::Spatial, &[], "A geometry of any kind."),
    def("point", &[], Class::Spatial, &[], "A point."),
    def("multipoint", &[], Class::Spatial, &[], "Several points."),
    def("linestring", &[], Class::Spatial, &[], "A line through points."),
    def("multilinestring", &[], Class::Spatial, &[], "Several lines."),
    def("polygon", &[], Class::Spatial, &[], "An area."),
    def("multipolygon", &[], Class::Spatial, &[], "Several areas."),
    def("geometrycollection", &[], Class::Spatial, &["geomcollection"], "Several geometries of any kind."),
    def("inet4", &[], Class::Network, &[], "An IPv4 address (MariaDB 10.10)."),
    def("inet6", &[], Class::Network, &[], "An IPv6 or IPv4 address (MariaDB 10.5)."),
];

/// Reads a type as SQL, the catalog or `sql("…")` writes it: `INT(11) unsigned`, `enum('a','b')`.
pub fn parse(raw: &str) -> ColumnType {
    let raw = raw.trim();
    Words::of(raw).and_then(known).unwrap_or_else(|| ColumnType::new(Class::UserDefined, raw))
}

/// The type of words that are one; `None` for all others.
fn known(words: Words) -> Option<ColumnType> {
    let Words { name, args, mut unsigned, zerofill } = words;
    let size = |at: usize| match args.get(at) {
        Some(Arg::Int(number)) => Some(*number),
        _ => None,
    };
    let strings = !args.is_empty() && args.iter().all(|arg| matches!(arg, Arg::Str(_)));
    if !args.is_empty() && strings != matches!(&*name, "enum" | "set") || args.len() > 2 && !strings {
        return None;
    }
    let plain = |class, name: &str| ColumnType::new(class, name);
    let ty = match &*name {
        "serial" => {
            unsigned = true;
            plain(Class::Integer, "bigint")
        }
        "uuid" => plain(Class::Uuid, "uuid"),
        "vector" => plain(Class::UserDefined, "vector").with_args([size(0).unwrap_or(2048)]),
        "long" => plain(Class::String, "mediumtext"),
        _ => {
            let def = by_sql(TYPES, &name)?;
            match def.name {
                "boolean" => plain(Class::Bool, "bool"),
                "tinyint" if size(0) == Some(1) && !unsigned && !zerofill => plain(Class::Bool, "bool"),
                "enum" | "set" => ColumnType { args: args.clone(), ..plain(def.class, def.name) },
                "decimal" | "numeric" => {
                    let precision = size(0).filter(|size| *size > 0).unwrap_or(10);
                    let scale = size(1).filter(|scale| *scale > 0);
                    plain(def.class, "decimal").with_args([precision].into_iter().chain(scale))
                }
                "float" | "double" | "real" => match (size(0), size(1)) {
                    (Some(digits), Some(scale)) => {
                        let name = if def.name == "float" { "float" } else { "double" };
                        plain(def.class, name).with_args([digits, scale])
                    }
                    (bits, _) => {
                        let short = def.name == "float" && bits.is_none_or(|bits| bits <= 24);
                        plain(def.class, if short { "float" } else { "double" })
                    }
                },
                "bit" | "char" | "binary" => plain(def.class, def.name).with_args([size(0).unwrap_or(1)]),
                "timestamp" | "time" | "datetime" => {
                    plain(def.class, def.name).with_args(size(0).filter(|digits| *digits > 0))
                }
                "varchar" | "varbinary" => plain(def.class, def.name).with_args(size(0)),
                "text" | "blob" => plain(def.class, by_capacity(def.name, size(0))),
                other => plain(def.class, other),
            }
        }
    };
    let number = matches!(ty.class, Class::Integer | Class::Bool | Class::Decimal | Class::Float);
    if (unsigned || zerofill) && !number {
        return None;
    }
    if zerofill {
        // Its width is what it is about.
        let base = if ty.class == Class::Bool { ColumnType::new(Class::Integer, "tinyint") } else { ty };
        let name = match (base.class, size(0).or_else(|| width(&base.name))) {
            (Class::Integer, Some(width)) => format!("{}({width})", base.name),
            _ => format(&base),
        };
        return Some(ColumnType::new(base.class, format!("{name} unsigned zerofill")));
    }
    Some(ColumnType { unsigned, ..ty })
}

/// `text` or `blob`, or the larger type the server takes for so many bytes. Smaller ones stay what they are called:
/// how many bytes a text has depends on its charset.
fn by_capacity(name: &'static str, size: Option<i64>) -> &'static str {
    match (name, size.unwrap_or(0)) {
        ("text", 16_777_216..) => "longtext",
        ("text", 65_536..) => "mediumtext",
        (_, 16_777_216..) => "longblob",
        (_, 65_536..) => "mediumblob",
        _ => name,
    }
}

/// The width an unsigned integer type has when none is given.
fn width(name: &str) -> Option<i64> {
    Some(match name {
        "tinyint" => 3,
        "smallint" => 5,
        "mediumint" => 8,
        "int" => 10,
        "bigint" => 20,
        _ => return None,
    })
}

/// Writes a type as `CREATE TABLE` of a plan does.
pub fn format(ty: &ColumnType) -> String {
    // `bool unsigned` is no type.
    let name = if ty.class == Class::Bool && ty.unsigned { "tinyint" } else { &*ty.name };
    let implied = matches!(name, "bit" | "binary") && ty.int_arg(0) == Some(1);
    let mut out = name.to_string();
    if !ty.args.is_empty() && !implied {
        let args: Vec<String> = ty
            .args
            .iter()
            .map(|arg| match arg {
                Arg::Int(number) => number.to_string(),
                Arg::Str(value) => text::quote(value),
            })
            .collect();
        out.push('(');
        out.push_str(&args.join(","));
        out.push(')');
    }
    if ty.unsigned {
        out.push_str(" unsigned");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `class name(args) [unsigned]` of each text.
    fn read(texts: &[&str]) -> String {
        let mut out = String::new();
        for text in texts {
            let ty = parse(text);
            assert_eq!(parse(&format(&ty)), ty, "{text}");
            let hcl = engine::encode::column_type(&ty, &crate::MYSQL);
            out.push_str(&format!("{text} = {:?} {} | {hcl}\n", ty.class, format(&ty)));
        }
        out
    }

    #[test]
    fn integers_lose_their_width() {
        expect_test::expect![[r#"
            INT = Integer int | int
            int(11) = Integer int | int
            integer unsigned = Integer int unsigned | int
            bigint(20) unsigned = Integer bigint unsigned | bigint
            tinyint(1) = Bool bool | bool
            tinyint(1) unsigned = Integer tinyint unsigned | tinyint
            tinyint(4) = Integer tinyint | tinyint
            int(1) = Integer int | int
            bool = Bool bool | bool
            BOOLEAN = Bool bool | bool
            mediumint signed = Integer mediumint | mediumint
            int(5) zerofill = Integer int(5) unsigned zerofill | sql("int(5) unsigned zerofill")
            int zerofill = Integer int(10) unsigned zerofill | sql("int(10) unsigned zerofill")
            int(10) unsigned zerofill = Integer int(10) unsigned zerofill | sql("int(10) unsigned zerofill")
            serial = Integer bigint unsigned | bigint
        "#]]
        .assert_eq(&read(&[
            "INT",
            "int(11)",
            "integer unsigned",
            "bigint(20) unsigned",
            "tinyint(1)",
            "tinyint(1) unsigned",
            "tinyint(4)",
            "int(1)",
            "bool",
            "BOOLEAN",
            "mediumint signed",
            "int(5) zerofill",
            "int zerofill",
            "int(10) unsigned zerofill",
            "serial",
        ]));
    }

    #[test]
    fn numbers() {
        expect_test::expect![[r#"
            decimal = Decimal decimal(10) | decimal(10)
            decimal(0) = Decimal decimal(10) | decimal(10)
            numeric(5) = Decimal decimal(5) | decimal(5)
            dec(10, 2) unsigned = Decimal decimal(10,2) unsigned | decimal(10,2)
            decimal(10,0) = Decimal decimal(10) | decimal(10)
            float = Float float | float
            float(24) = Float float | float
            float(25) = Float double | double
            float(7,4) = Float float(7,4) | float(7,4)
            double precision = Float double | double
            DOUBLE(10,2) UNSIGNED = Float double(10,2) unsigned | double(10,2)
            real = Float double | double
            bit = Bits bit | bit(1)
            bit(5) = Bits bit(5) | bit(5)
        "#]]
        .assert_eq(&read(&[
            "decimal",
            "decimal(0)",
            "numeric(5)",
            "dec(10, 2) unsigned",
            "decimal(10,0)",
            "float",
            "float(24)",
            "float(25)",
            "float(7,4)",
            "double precision",
            "DOUBLE(10,2) UNSIGNED",
            "real",
            "bit",
            "bit(5)",
        ]));
    }

    #[test]
    fn text_and_bytes() {
        expect_test::expect![[r#"
            char = String char(1) | char(1)
            CHAR(3) = String char(3) | char(3)
            national char(3) = String char(3) | char(3)
            varchar(255) = String varchar(255) | varchar(255)
            character varying(20) = String varchar(20) | varchar(20)
            text(100) = String text | text
            text(100000) = String mediumtext | mediumtext
            blob(70000) = Binary mediumblob | mediumblob
            long varchar = String mediumtext | mediumtext
            binary = Binary binary | binary(1)
            binary(16) = Binary binary(16) | binary(16)
            varbinary(4) = Binary varbinary(4) | varbinary(4)
            enum('a','b''c') = Enum enum('a','b''c') | enum("a","b'c")
            ENUM('d\\e', 'f\ng', 'h\'i') = Enum enum('d\\e','f\ng','h''i') | enum("d\\e","f\ng","h'i")
            set('x','y') = Set set('x','y') | set("x","y")
            enum("q") = Enum enum('q') | enum("q")
        "#]]
        .assert_eq(&read(&[
            "char",
            "CHAR(3)",
            "national char(3)",
            "varchar(255)",
            "character varying(20)",
            "text(100)",
            "text(100000)",
            "blob(70000)",
            "long varchar",
            "binary",
            "binary(16)",
            "varbinary(4)",
            "enum('a','b''c')",
            r"ENUM('d\\e', 'f\ng', 'h\'i')",
            "set('x','y')",
            "enum(\"q\")",
        ]));
    }

    #[test]
    fn the_rest() {
        expect_test::expect![[r#"
            datetime(6) = Time datetime(6) | datetime(6)
            timestamp(0) = Time timestamp | timestamp
            year(4) = Time year | year
            date = Time date | date
            json = Json json | json
            geomcollection = Spatial geometrycollection | geometrycollection
            point = Spatial point | point
            uuid = Uuid uuid | sql("uuid")
            inet6 = Network inet6 | inet6
            vector(3) = UserDefined vector(3) | sql("vector(3)")
            My Type(1, x) = UserDefined My Type(1, x) | sql("My Type(1, x)")
            varchar unsigned = UserDefined varchar unsigned | sql("varchar unsigned")
            int(1,2,3) = UserDefined int(1,2,3) | sql("int(1,2,3)")
            enum(1) = UserDefined enum(1) | sql("enum(1)")
            int('a') = UserDefined int('a') | sql("int('a')")
             = UserDefined  | sql("")
        "#]]
        .assert_eq(&read(&[
            "datetime(6)",
            "timestamp(0)",
            "year(4)",
            "date",
            "json",
            "geomcollection",
            "point",
            "uuid",
            "inet6",
            "vector(3)",
            "My Type(1, x)",
            "varchar unsigned",
            "int(1,2,3)",
            "enum(1)",
            "int('a')",
            "",
        ]));
    }
}
