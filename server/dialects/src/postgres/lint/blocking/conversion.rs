//! Which changes of a type leave the stored values as they are.
//!
//! Everything else is taken to rewrite the table. Source: PostgreSQL documentation of `ALTER TABLE`; `pg_cast` and the
//! length functions of the types.

use engine::connection::Capabilities;
use schema::{Class, ColumnType};

/// Whether values of `from` have to be written anew as `to`.
pub fn rewrites(from: &ColumnType, to: &ColumnType, server: &Capabilities) -> bool {
    let (a, b) = (name(from), name(to));
    if (a.as_str(), from.args.as_slice()) == (b.as_str(), to.args.as_slice()) && from.schema == to.schema {
        return false;
    }
    match (a.as_str(), b.as_str()) {
        ("varchar" | "text", "text") | ("text", "varchar") if to.args.is_empty() => false,
        ("varchar", "varchar") | ("varbit", "varbit") => shorter(from, to),
        ("numeric", "numeric") => match (from.int_arg(0), to.int_arg(0)) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(old), Some(new)) => new < old || from.int_arg(1).unwrap_or(0) != to.int_arg(1).unwrap_or(0),
        },
        ("timestamp", "timestamp")
        | ("timestamptz", "timestamptz")
        | ("time", "time")
        | ("timetz", "timetz")
        | ("interval", "interval") => shorter(from, to),
        // The same bytes, when the zone of the session is UTC.
        ("timestamp", "timestamptz") | ("timestamptz", "timestamp") => {
            !matches!(server.setting("timezone"), "UTC" | "Etc/UTC" | "GMT") || shorter(from, to)
        }
        ("cidr", "inet") => false,
        _ => true,
    }
}

/// Whether the limit of `to` is below that of `from`; none is above all.
fn shorter(from: &ColumnType, to: &ColumnType) -> bool {
    match (from.int_arg(0), to.int_arg(0)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(from), Some(to)) => to < from,
    }
}

/// One name for each type; a serial column is stored as the integer it is.
fn name(ty: &ColumnType) -> String {
    let name = ty.name.to_ascii_lowercase();
    if ty.class == Class::Serial {
        return name
            .replace("smallserial", "smallint")
            .replace("bigserial", "bigint")
            .replace("serial", "integer");
    }
    match name.as_str() {
        "character varying" => "varchar".to_owned(),
        "bit varying" => "varbit".to_owned(),
        "decimal" => "numeric".to_owned(),
        "timestamp without time zone" => "timestamp".to_owned(),
        "timestamp with time zone" => "timestamptz".to_owned(),
        "time without time zone" => "time".to_owned(),
        "time with time zone" => "timetz".to_owned(),
        "int" | "int4" => "integer".to_owned(),
        "int8" => "bigint".to_owned(),
        "int2" => "smallint".to_owned(),
        _ => name,
    }
}
