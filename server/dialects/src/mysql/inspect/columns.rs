//! A column of the catalog.
//!
//! What its default is depends on the server: MySQL shows the value of a literal and marks expressions, MariaDB shows
//! SQL. Source: reference engine.md §4.1.

use engine::connection::Capabilities;
use schema::{Attrs, Class, Column, ColumnType, Default, Expr, Generated, Literal, Storage};

use super::catalog::{Row, Rowed};
use super::text::{expression, without_schema, wrapped};
use crate::mysql::attr::{AUTO_INCREMENT, CHARSET, COLLATE, INVISIBLE, ON_UPDATE, SRID, UNVERSIONED};
use crate::mysql::features::MARIADB;
use crate::mysql::types;

/// The column of a row of `columns.sql`; `table` has the charset and collation of its table.
pub(super) fn read(row: &Row, table: (&str, &str), server: &Capabilities) -> Column {
    let raw = row.text(4);
    let ty = types::parse(raw);
    let extra = Extra::of(row.text(7));
    let mut attrs = Attrs::default();
    for (at, key, inherited) in [(9, &CHARSET, table.0), (10, &COLLATE, table.1)] {
        if let Some(value) = row.some(at).filter(|value| *value != inherited) {
            attrs.set(key, value.to_string());
        }
    }
    for (key, set) in [
        (&AUTO_INCREMENT, extra.auto_increment),
        (&INVISIBLE, extra.invisible),
        (&UNVERSIONED, extra.unversioned),
    ] {
        if set {
            attrs.set(key, true);
        }
    }
    if let Some(on_update) = extra.on_update {
        attrs.set(&ON_UPDATE, on_update);
    }
    if row.get(12).is_some_and(|value| *value != engine::connection::Value::Null) {
        attrs.set(&SRID, row.int(12));
    }
    let generated =
        extra.storage.map(|storage| Generated { expr: Expr(expression(row.text(8), server)), storage });
    let default = match row.some(6) {
        // The name of the own schema is said of a sequence only.
        Some(text) if generated.is_none() && text.contains("val(`") && server.has(MARIADB) => {
            default(&without_schema(text, row.text(0)), &ty, extra.is_expression, server)
        }
        Some(text) if generated.is_none() => default(text, &ty, extra.is_expression, server),
        _ => None,
    };
    Column {
        name: row.text(3).into(),
        ty: Some(ty),
        raw_type: raw.to_string(),
        nullable: row.text(5) == "YES",
        default,
        generated,
        comment: row.comment(11),
        attrs,
    }
}

/// What `EXTRA` says.
#[derive(std::default::Default)]
struct Extra {
    auto_increment: bool,
    invisible: bool,
    unversioned: bool,
    /// `DEFAULT_GENERATED`
    is_expression: bool,
    storage: Option<Storage>,
    on_update: Option<String>,
}

impl Extra {
    fn of(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let has = |words: &str| lower.contains(words);
        let storage = if has("virtual generated") {
            Some(Storage::Virtual)
        } else if has("stored generated") || has("persistent generated") {
            Some(Storage::Stored)
        } else {
            None
        };
        let on_update = lower.find("on update ").map(|at| {
            let value = text.get(at + "on update ".len()..).unwrap_or_default();
            value.split_whitespace().next().unwrap_or_default().to_string()
        });
        Self {
            auto_increment: has("auto_increment"),
            invisible: has("invisible"),
            unversioned: has("without system versioning"),
            is_expression: has("default_generated"),
            storage,
            on_update,
        }
    }
}

/// The default the catalog shows as `text` for a column of type `ty`.
///
/// `is_expression` is MySQL's mark of expressions. MariaDB's text is SQL.
pub fn default(text: &str, ty: &ColumnType, is_expression: bool, server: &Capabilities) -> Option<Default> {
    let expr = |text: String| Some(Default::Expr(Expr(text)));
    let literal = |text: &str, quoted| Some(Default::Literal(Literal { text: text.to_string(), quoted }));
    let number = matches!(ty.class, Class::Integer | Class::Float | Class::Decimal | Class::Bool);
    if server.has(MARIADB) {
        if text.eq_ignore_ascii_case("null") {
            return None;
        }
        if let Some((value, "")) = types::unquote(text).filter(|_| text.starts_with('\'')) {
            return literal(&value, true);
        }
        if is_bits(text) {
            return expr(text.to_string());
        }
        if text.parse::<f64>().is_ok() && !text.starts_with(['i', 'I', 'n', 'N']) {
            return literal(text, !number);
        }
        return expr(wrapped(text));
    }
    if ty.class == Class::Time && is_now(text) {
        return expr(text.to_string());
    }
    if is_expression {
        return expr(wrapped(&expression(text, server)));
    }
    if is_bits(text) && matches!(ty.class, Class::Bits | Class::Binary) {
        return expr(text.to_string());
    }
    literal(text, !number)
}

/// `b'101'`, `0x6162`
fn is_bits(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["b'", "x'"].iter().any(|start| lower.starts_with(start) && lower.ends_with('\''))
        || ["0x", "0b"].iter().any(|start| {
            lower.strip_prefix(start).is_some_and(|rest| rest.chars().all(|ch| ch.is_ascii_hexdigit()))
        })
}

/// `CURRENT_TIMESTAMP`, `CURRENT_TIMESTAMP(3)`
fn is_now(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("current_timestamp") else { return false };
    rest.is_empty()
        || rest
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'))
            .is_some_and(|digits| digits.chars().all(|ch| ch.is_ascii_digit()))
}
