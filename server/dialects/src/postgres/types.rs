//! The column types of PostgreSQL, and how their text is read and written.
//!
//! A type the catalogue knows has its canonical name and only the arguments that say something: `timestamptz(6)` is
//! `timestamptz`, `numeric(5,0)` is `numeric(5)`. A type somebody declared has its bare name and its schema; without a
//! schema its name is the text as it was written, in lower case where it is a plain name. An array is named by its
//! element as `format_type` writes it: `character varying(10)[]`. Invariant: `parse(text(t))` is `t`, for every `t` that
//! `parse` made (an enum comes back as user-defined: only the schema's objects know what a name stands for).
//!
//! Source: PostgreSQL 18, chapter 8; atlas `sql/postgres/convert.go`, `sqlspec.go`; reference schema-hcl.md §8.1.

use engine::types::{ArgKind, TypeArg, TypeDef};
use schema::{Class, ColumnType, SmolStr};

use super::names;

const fn int(name: &'static str) -> TypeArg {
    TypeArg { name, kind: ArgKind::Int, required: false, kept: true }
}

const NONE: &[TypeArg] = &[];
const LEN: &[TypeArg] = &[int("len")];
const SIZE: &[TypeArg] = &[int("size")];
const PRECISION: &[TypeArg] = &[int("precision")];
const NUMERIC: &[TypeArg] = &[int("precision"), int("scale")];

/// A type with the same name in SQL and HCL.
const fn def(name: &'static str, args: &'static [TypeArg], class: Class, doc: &'static str) -> TypeDef {
    TypeDef { name, hcl: name, args, class, aliases: &[], doc }
}

/// A type HCL writes otherwise than SQL, or another HCL name of a type.
const fn named(
    name: &'static str,
    hcl: &'static str,
    args: &'static [TypeArg],
    class: Class,
    aliases: &'static [&'static str],
    doc: &'static str,
) -> TypeDef {
    TypeDef { name, hcl, args, class, aliases, doc }
}

const INT2: &str = "A signed integer of 2 bytes.";
const INT4: &str = "A signed integer of 4 bytes.";
const INT8: &str = "A signed integer of 8 bytes.";
const FLOAT8: &str = "A floating point number of 8 bytes.";
const FLOAT4: &str = "A floating point number of 4 bytes.";
const DECIMAL: &str = "An exact number, with as many digits as asked for.";
const VARCHAR: &str = "Text, with a limit if there is a size.";
const CHAR: &str = "Text of a fixed length, filled up with blanks; 1 by default.";
const BOOL: &str = "True or false.";
const SERIAL: &str = "An integer numbered by a sequence of its own.";
const RANGE: &str = "A range of values.";
const MULTIRANGE: &str = "A list of ranges (PostgreSQL 14).";
const REG: &str = "The number of an object of the catalog, written as its name.";
const PSEUDO: &str = "A pseudo type: for arguments and results of functions only.";
const INTERVAL: &str = "A span of time, kept to the fields named.";

/// The types HCL knows by name; of several with one SQL name the first is printed.
pub static TYPES: &[TypeDef] = &[
    def("smallint", NONE, Class::Integer, INT2),
    def("integer", NONE, Class::Integer, INT4),
    def("bigint", NONE, Class::Integer, INT8),
    named("smallint", "int2", NONE, Class::Integer, &["int2"], INT2),
    named("integer", "int", NONE, Class::Integer, &["int"], INT4),
    named("integer", "int4", NONE, Class::Integer, &["int4"], INT4),
    named("bigint", "int8", NONE, Class::Integer, &["int8"], INT8),
    def("boolean", NONE, Class::Bool, BOOL),
    named("boolean", "bool", NONE, Class::Bool, &["bool"], BOOL),
    def("text", NONE, Class::String, "Text of any length."),
    named("character varying", "character_varying", SIZE, Class::String, &["varchar"], VARCHAR),
    named("character varying", "varchar", SIZE, Class::String, &[], VARCHAR),
    named("character", "character", SIZE, Class::String, &["char", "nchar"], CHAR),
    named("character", "char", SIZE, Class::String, &[], CHAR),
    def("bpchar", NONE, Class::String, "Text without a limit; trailing blanks do not count."),
    def("name", NONE, Class::String, "Text of at most 63 bytes: the type of names in the catalog."),
    def("numeric", NUMERIC, Class::Decimal, DECIMAL),
    named("numeric", "decimal", NUMERIC, Class::Decimal, &["decimal", "dec"], DECIMAL),
    def("real", NONE, Class::Float, FLOAT4),
    named("real", "float4", NONE, Class::Float, &["float4"], FLOAT4),
    named("double precision", "double_precision", NONE, Class::Float, &["float8"], FLOAT8),
    named("double precision", "float8", NONE, Class::Float, &[], FLOAT8),
    named("float", "float", PRECISION, Class::Float, &[], "`real` up to 24 bits, `double precision` above."),
    def("money", NONE, Class::Decimal, "An amount of money, with the decimals of the locale."),
    def("smallserial", NONE, Class::Serial, SERIAL),
    def("serial", NONE, Class::Serial, SERIAL),
    def("bigserial", NONE, Class::Serial, SERIAL),
    named("smallserial", "serial2", NONE, Class::Serial, &["serial2"], SERIAL),
    named("serial", "serial4", NONE, Class::Serial, &["serial4"], SERIAL),
    named("bigserial", "serial8", NONE, Class::Serial, &["serial8"], SERIAL),
    def("date", NONE, Class::Time, "A day."),
    def("time", PRECISION, Class::Time, "A time of day; the precision is 6 by default."),
    def("timetz", PRECISION, Class::Time, "A time of day with its time zone."),
    def("timestamp", PRECISION, Class::Time, "A day and time, without a time zone."),
    def("timestamptz", PRECISION, Class::Time, "A point in time."),
    def("interval", PRECISION, Class::Interval, "A span of time."),
    named("interval year", "year", NONE, Class::Interval, &[], INTERVAL),
    named("interval month", "month", NONE, Class::Interval, &[], INTERVAL),
    named("interval day", "day", NONE, Class::Interval, &[], INTERVAL),
    named("interval hour", "hour", NONE, Class::Interval, &[], INTERVAL),
    named("interval minute", "minute", NONE, Class::Interval, &[], INTERVAL),
    named("interval second", "second", PRECISION, Class::Interval, &[], INTERVAL),
    named("interval year to month", "year_to_month", NONE, Class::Interval, &[], INTERVAL),
    named("interval day to hour", "day_to_hour", NONE, Class::Interval, &[], INTERVAL),
    named("interval day to minute", "day_to_minute", NONE, Class::Interval, &[], INTERVAL),
    named("interval day to second", "day_to_second", PRECISION, Class::Interval, &[], INTERVAL),
    named("interval hour to minute", "hour_to_minute", NONE, Class::Interval, &[], INTERVAL),
    named("interval hour to second", "hour_to_second", PRECISION, Class::Interval, &[], INTERVAL),
    named("interval minute to second", "minute_to_second", PRECISION, Class::Interval, &[], INTERVAL),
    def("uuid", NONE, Class::Uuid, "A UUID."),
    def("json", NONE, Class::Json, "JSON, kept as it was written."),
    def("jsonb", NONE, Class::Json, "JSON, taken apart: faster to search."),
    def("xml", NONE, Class::String, "XML."),
    def("bytea", NONE, Class::Binary, "Bytes."),
    def("bit", LEN, Class::Bits, "Bits, 1 by default."),
    named(
        "bit varying",
        "bit_varying",
        LEN,
        Class::Bits,
        &["varbit"],
        "Bits, with a limit if there is a length.",
    ),
    def("cidr", NONE, Class::Network, "An IPv4 or IPv6 network."),
    def("inet", NONE, Class::Network, "An IPv4 or IPv6 address, perhaps with its network."),
    def("macaddr", NONE, Class::Network, "A MAC address of 6 bytes."),
    def("macaddr8", NONE, Class::Network, "A MAC address of 8 bytes."),
    def("point", NONE, Class::Spatial, "A point of the plane."),
    def("line", NONE, Class::Spatial, "An infinite line."),
    def("lseg", NONE, Class::Spatial, "A line segment."),
    def("box", NONE, Class::Spatial, "A rectangle."),
    def("path", NONE, Class::Spatial, "A path, open or closed."),
    def("polygon", NONE, Class::Spatial, "A polygon."),
    def("circle", NONE, Class::Spatial, "A circle."),
    def("tsvector", NONE, Class::String, "A document for full text search."),
    def("tsquery", NONE, Class::String, "A query for full text search."),
    def("hstore", NONE, Class::UserDefined, "Keys and values, of the extension `hstore`."),
    def("int4range", NONE, Class::Range, RANGE),
    def("int4multirange", NONE, Class::Range, MULTIRANGE),
    def("int8range", NONE, Class::Range, RANGE),
    def("int8multirange", NONE, Class::Range, MULTIRANGE),
    def("numrange", NONE, Class::Range, RANGE),
    def("nummultirange", NONE, Class::Range, MULTIRANGE),
    def("tsrange", NONE, Class::Range, RANGE),
    def("tsmultirange", NONE, Class::Range, MULTIRANGE),
    def("tstzrange", NONE, Class::Range, RANGE),
    def("tstzmultirange", NONE, Class::Range, MULTIRANGE),
    def("daterange", NONE, Class::Range, RANGE),
    def("datemultirange", NONE, Class::Range, MULTIRANGE),
    def("oid", NONE, Class::UserDefined, "The number of an object of the catalog."),
    def("xid", NONE, Class::UserDefined, "The number of a transaction."),
    def("xid8", NONE, Class::UserDefined, "The number of a transaction, of 8 bytes."),
    def("regclass", NONE, Class::UserDefined, REG),
    def("regcollation", NONE, Class::UserDefined, REG),
    def("regconfig", NONE, Class::UserDefined, REG),
    def("regdictionary", NONE, Class::UserDefined, REG),
    def("regnamespace", NONE, Class::UserDefined, REG),
    def("regoper", NONE, Class::UserDefined, REG),
    def("regoperator", NONE, Class::UserDefined, REG),
    def("regproc", NONE, Class::UserDefined, REG),
    def("regprocedure", NONE, Class::UserDefined, REG),
    def("regrole", NONE, Class::UserDefined, REG),
    def("regtype", NONE, Class::UserDefined, REG),
    def("any", NONE, Class::UserDefined, PSEUDO),
    def("anyelement", NONE, Class::UserDefined, PSEUDO),
    def("anyarray", NONE, Class::UserDefined, PSEUDO),
    def("anynonarray", NONE, Class::UserDefined, PSEUDO),
    def("anyenum", NONE, Class::UserDefined, PSEUDO),
    def("internal", NONE, Class::UserDefined, PSEUDO),
    def("record", NONE, Class::UserDefined, PSEUDO),
    def("trigger", NONE, Class::UserDefined, PSEUDO),
    def("event_trigger", NONE, Class::UserDefined, PSEUDO),
    def("void", NONE, Class::UserDefined, PSEUDO),
    def("unknown", NONE, Class::UserDefined, PSEUDO),
];

/// Types of the database that HCL writes as `sql("…")`.
static UNREGISTERED: &[(&str, Class)] = &[
    ("\"char\"", Class::String),
    ("pg_lsn", Class::UserDefined),
    ("cid", Class::UserDefined),
    ("tid", Class::UserDefined),
    ("oidvector", Class::UserDefined),
    ("int2vector", Class::UserDefined),
    ("jsonpath", Class::UserDefined),
    ("cstring", Class::UserDefined),
    ("anyrange", Class::UserDefined),
    ("anymultirange", Class::UserDefined),
    ("anycompatible", Class::UserDefined),
    ("anycompatiblearray", Class::UserDefined),
    ("anycompatiblenonarray", Class::UserDefined),
    ("anycompatiblerange", Class::UserDefined),
    ("anycompatiblemultirange", Class::UserDefined),
    ("refcursor", Class::UserDefined),
    ("txid_snapshot", Class::UserDefined),
    ("pg_snapshot", Class::UserDefined),
    ("aclitem", Class::UserDefined),
    ("language_handler", Class::UserDefined),
    ("fdw_handler", Class::UserDefined),
    ("tsm_handler", Class::UserDefined),
    ("index_am_handler", Class::UserDefined),
    ("table_am_handler", Class::UserDefined),
];

/// Reads a type as SQL or `sql("…")` writes it: `VARCHAR(255)`, `timestamp(3) with time zone`, `text[]`, `shop.status`.
pub fn parse(raw: &str) -> ColumnType {
    let raw = raw.trim();
    if let Some(element) = element_of(raw) {
        let element = parse(element);
        let name = format!("{}[]", catalog(&element));
        return ColumnType { schema: element.schema, ..ColumnType::new(Class::Array, name) };
    }
    known(raw).unwrap_or_else(|| declared(raw))
}

/// The element of an array: what stands before `[…]`, also several times, or before `ARRAY`.
fn element_of(raw: &str) -> Option<&str> {
    let mut rest = raw;
    while let Some(open) = rest.strip_suffix(']').and_then(|inner| inner.rfind('[')) {
        let between = &rest[open + 1..rest.len() - 1];
        if !between.chars().all(|ch| ch.is_ascii_digit() || ch == ' ') {
            break;
        }
        rest = rest[..open].trim_end();
    }
    if let Some(at) = rest.len().checked_sub(6)
        && rest.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(" array"))
    {
        rest = rest[..at].trim_end();
    }
    (rest.len() < raw.len() && !rest.is_empty()).then_some(rest)
}

/// A type of the catalogue.
fn known(raw: &str) -> Option<ColumnType> {
    if raw == "\"char\"" {
        return Some(ColumnType::new(Class::String, raw));
    }
    if raw.contains('"') {
        return None;
    }
    // The words without the arguments, which may stand in the middle: `timestamp(3) with time zone`.
    let (words, args) = split(raw)?;
    let words = words.strip_prefix("pg_catalog.").unwrap_or(&words);
    let args = &args[..];
    let first = args.first().copied();
    let ty = |class, name: &'static str| ColumnType::new(class, name);
    let sized = |class, name: &'static str, size: Option<i64>| {
        ty(class, name).with_args(size.filter(|size| *size != 0))
    };
    let time =
        |class, name: &'static str| ty(class, name).with_args(first.filter(|precision| *precision != 6));
    Some(match words {
        "time" | "time without time zone" => time(Class::Time, "time"),
        "timetz" | "time with time zone" => time(Class::Time, "timetz"),
        "timestamp" | "timestamp without time zone" => time(Class::Time, "timestamp"),
        "timestamptz" | "timestamp with time zone" => time(Class::Time, "timestamptz"),
        "varchar"
        | "character varying"
        | "char varying"
        | "national character varying"
        | "national char varying"
        | "nchar varying" => sized(Class::String, "character varying", first),
        "char" | "character" | "nchar" | "national character" | "national char" => {
            sized(Class::String, "character", Some(first.unwrap_or(1)))
        }
        "bpchar" if first.is_some() => sized(Class::String, "character", first),
        "bit" => sized(Class::Bits, "bit", Some(first.unwrap_or(1))),
        "bit varying" | "varbit" => sized(Class::Bits, "bit varying", first),
        "numeric" | "decimal" | "dec" => match args {
            [] => ty(Class::Decimal, "numeric"),
            [precision] | [precision, 0] => ty(Class::Decimal, "numeric").with_args([*precision]),
            [precision, scale] => ty(Class::Decimal, "numeric").with_args([*precision, *scale]),
            _ => return None,
        },
        "float" => match first {
            Some(1..=24) => ty(Class::Float, "real"),
            _ => ty(Class::Float, "double precision"),
        },
        words => {
            if let Some(def) = engine::types::by_sql(TYPES, words) {
                if args.len() > def.args.len() {
                    return None;
                }
                match def.class {
                    Class::Interval => time(Class::Interval, def.name),
                    class => ty(class, def.name).with_args(args.iter().copied()),
                }
            } else {
                let (name, class) = UNREGISTERED.iter().find(|(name, _)| *name == words)?;
                if !args.is_empty() {
                    return None;
                }
                ty(*class, name)
            }
        }
    })
}

/// The words in lower case with single blanks, and the numbers in parentheses; `None` when it has another form.
fn split(raw: &str) -> Option<(String, Vec<i64>)> {
    let (before, args, behind) = match raw.split_once('(') {
        Some((before, rest)) => {
            let (args, behind) = rest.split_once(')')?;
            (before, Some(args), behind)
        }
        None => (raw, None, ""),
    };
    let words: Vec<String> =
        before.split_whitespace().chain(behind.split_whitespace()).map(str::to_ascii_lowercase).collect();
    let args = match args {
        Some(args) => args.split(',').map(|arg| arg.trim().parse().ok()).collect::<Option<Vec<i64>>>()?,
        None => Vec::new(),
    };
    Some((words.join(" "), args))
}

/// A type somebody declared, or one of an extension.
fn declared(raw: &str) -> ColumnType {
    match &names::steps(raw)[..] {
        [schema, name] if schema != "pg_catalog" => {
            ColumnType { schema: Some(schema.clone()), ..ColumnType::new(Class::UserDefined, name.clone()) }
        }
        [.., name] => ColumnType::new(Class::UserDefined, names::quoted(name).as_ref()),
        [] => ColumnType::new(Class::UserDefined, raw),
    }
}

/// Writes a type as `CREATE TABLE` of a plan does; a declared one without its schema.
pub fn format(ty: &ColumnType) -> String {
    text(ty, ty.schema.as_deref().unwrap_or_default())
}

/// The same, with the schema of a declared type when it is not `own`.
pub fn text(ty: &ColumnType, own: &str) -> String {
    let name = match (&ty.schema, ty.class) {
        // The name of an array is SQL already.
        (Some(_), Class::Array) | (None, _) => ty.name.to_string(),
        (Some(_), _) => names::quoted(&ty.name).into_owned(),
    };
    let name = match &ty.schema {
        Some(schema) if schema != own => format!("{}.{name}", names::quoted(schema)),
        _ => name,
    };
    let args: Vec<String> = ty
        .args
        .iter()
        .map(|arg| match arg {
            schema::Arg::Int(number) => number.to_string(),
            schema::Arg::Str(text) => format!("'{}'", text.replace('\'', "''")),
        })
        .collect();
    match &args[..] {
        [] => name,
        // One bit is what `bit` means.
        [one] if one == "1" && name == "bit" => name,
        args => format!("{name}({})", args.join(",")),
    }
}

/// Writes a type as `format_type` of the catalog does, a declared one without its schema.
pub fn catalog(ty: &ColumnType) -> String {
    let arg = |at: usize| ty.int_arg(at);
    let with = |name: &str, behind: &str| match arg(0) {
        Some(precision) => format!("{name}({precision}){behind}"),
        None => format!("{name}{behind}"),
    };
    match &*ty.name {
        "time" => with("time", " without time zone"),
        "timetz" => with("time", " with time zone"),
        "timestamp" => with("timestamp", " without time zone"),
        "timestamptz" => with("timestamp", " with time zone"),
        "numeric" if ty.args.len() == 1 => format!("numeric({},0)", arg(0).unwrap_or_default()),
        "bit" => format!("bit({})", arg(0).unwrap_or(1)),
        _ => format(ty),
    }
}

/// The name of the element of an array, as a type.
pub fn element(ty: &ColumnType) -> Option<ColumnType> {
    if ty.class != Class::Array {
        return None;
    }
    let text = ty.name.strip_suffix("[]")?;
    let element = match &ty.schema {
        Some(schema) => parse(&format!("{}.{text}", names::quoted(schema))),
        None => parse(text),
    };
    Some(element)
}

/// The steps of the name of a type that somebody declared, as far as its text says: of an array, of its element.
pub fn declared_name(ty: &ColumnType) -> Option<(Option<SmolStr>, SmolStr)> {
    let element = element(ty);
    let of = element.as_ref().unwrap_or(ty);
    if !matches!(of.class, Class::UserDefined | Class::Enum) {
        return None;
    }
    match &of.schema {
        Some(schema) => Some((Some(schema.clone()), of.name.clone())),
        None => {
            let known = |name: &str| {
                engine::types::by_sql(TYPES, name).is_some()
                    || UNREGISTERED.iter().any(|(known, _)| *known == name)
            };
            match &names::steps(&of.name)[..] {
                [name] if !known(&of.name) => Some((None, name.clone())),
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, class: Class, plan: &str, format_type: &str) {
        let ty = parse(raw);
        assert_eq!(ty.class, class, "{raw}");
        assert_eq!(format(&ty), plan, "{raw}");
        assert_eq!(catalog(&ty), format_type, "{raw}");
        assert_eq!(parse(&text(&ty, "")), ty, "{raw}");
        assert_eq!(parse(&text(&parse(format_type), "")), parse(format_type), "{raw}");
        if ty.schema.is_none() {
            assert_eq!(parse(format_type), ty, "{raw}");
        }
    }

    #[test]
    fn types_are_read_and_written() {
        use Class::*;
        check("INT4", Integer, "integer", "integer");
        check("varchar", String, "character varying", "character varying");
        check("VARCHAR(10)", String, "character varying(10)", "character varying(10)");
        check("char", String, "character(1)", "character(1)");
        check("pg_catalog.bpchar", String, "bpchar", "bpchar");
        check("bpchar(3)", String, "character(3)", "character(3)");
        check("\"char\"", String, "\"char\"", "\"char\"");
        check("timestamp(3) with time zone", Time, "timestamptz(3)", "timestamp(3) with time zone");
        check("timestamptz(6)", Time, "timestamptz", "timestamp with time zone");
        check("time", Time, "time", "time without time zone");
        check("decimal(10, 2)", Decimal, "numeric(10,2)", "numeric(10,2)");
        check("numeric(5,0)", Decimal, "numeric(5)", "numeric(5,0)");
        check("numeric(5,-2)", Decimal, "numeric(5,-2)", "numeric(5,-2)");
        check("float(24)", Float, "real", "real");
        check("float", Float, "double precision", "double precision");
        check("bit", Bits, "bit", "bit(1)");
        check("varbit(3)", Bits, "bit varying(3)", "bit varying(3)");
        check("interval second(2)", Interval, "interval second(2)", "interval second(2)");
        check("INTERVAL DAY TO SECOND", Interval, "interval day to second", "interval day to second");
        check("interval(2)", Interval, "interval(2)", "interval(2)");
        check("serial8", Serial, "bigserial", "bigserial");
        check("int4multirange", Range, "int4multirange", "int4multirange");
        check("geometry(Point,4326)", UserDefined, "geometry(Point,4326)", "geometry(Point,4326)");
        check("CITEXT", UserDefined, "citext", "citext");
        check("shop.status", UserDefined, "status", "status");
        check("shop.\"We ird\"", UserDefined, "\"We ird\"", "\"We ird\"");
        check("pg_lsn", UserDefined, "pg_lsn", "pg_lsn");
    }

    #[test]
    fn arrays_are_named_by_their_element() {
        use Class::Array;
        check("int[]", Array, "integer[]", "integer[]");
        check("int [3][ 4 ]", Array, "integer[]", "integer[]");
        check("int array", Array, "integer[]", "integer[]");
        check("text ARRAY[4]", Array, "text[]", "text[]");
        check("timestamptz(3)[]", Array, "timestamp(3) with time zone[]", "timestamp(3) with time zone[]");
        check("varchar(10)[]", Array, "character varying(10)[]", "character varying(10)[]");
        check("bit[]", Array, "bit(1)[]", "bit(1)[]");
        check("shop.\"We ird\"[]", Array, "\"We ird\"[]", "\"We ird\"[]");
        let ty = parse("shop.\"We ird\"[]");
        assert_eq!(ty.schema.as_deref(), Some("shop"));
        assert_eq!(text(&ty, "public"), "shop.\"We ird\"[]");
        assert_eq!(declared_name(&ty), Some((Some("shop".into()), "We ird".into())));
        assert_eq!(declared_name(&parse("integer[]")), None);
        assert_eq!(declared_name(&parse("status[]")), Some((None, "status".into())));
    }

    #[test]
    fn names_in_hcl_are_unique() {
        let mut seen: Vec<&str> = TYPES.iter().map(|def| def.hcl).collect();
        seen.sort_unstable();
        let count = seen.len();
        seen.dedup();
        assert_eq!(count, seen.len());
    }
}
