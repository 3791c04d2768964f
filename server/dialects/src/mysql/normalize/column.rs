//! One column as the server has it.

use engine::connection::Capabilities;
use schema::{Class, Column, Default, Expr, Literal, Table};

use super::super::attr::{AUTO_INCREMENT, CHARSET, COLLATE, ON_UPDATE};
use super::super::features::MARIADB;
use super::super::plan::is_now;
use super::super::{charset, words};
use super::{called, pair};

/// Brings a column of `table`, whose own attributes are final, into the server's form.
pub fn normalize(table: &Table, column: &mut Column, server: &Capabilities) {
    characters(table, column, server);
    column.comment = column.comment.take().filter(|comment| !comment.is_empty());
    let name = column.name.clone();
    let keyed = table
        .primary_key
        .iter()
        .flat_map(|key| &key.parts)
        .any(|part| part.column_name().is_some_and(|part| part.eq_ignore_ascii_case(&name)));
    if keyed || column.attrs.is(&AUTO_INCREMENT) {
        column.nullable = false;
    }
    if column.generated.is_some() && server.has(MARIADB) {
        column.nullable = !keyed;
    }
    let class = column.ty.as_ref().map_or(Class::UserDefined, |ty| ty.class);
    if let Some(update) = column.attrs.get(&ON_UPDATE).filter(|update| is_now(words::strip(update))) {
        column.attrs.set(&ON_UPDATE, now(&update, server));
    }
    column.default = column.default.take().and_then(|it| default(it, column, class, server));
}

/// A charset and a collation are said only where they are not those of the table.
fn characters(table: &Table, column: &mut Column, server: &Capabilities) {
    let said = (column.attrs.get(&CHARSET), column.attrs.get(&COLLATE));
    column.attrs.remove(&CHARSET);
    column.attrs.remove(&COLLATE);
    let text = matches!(class_of(column), Class::String | Class::Enum | Class::Set);
    let around = (table.attrs.get(&CHARSET), table.attrs.get(&COLLATE));
    let said = match said {
        // The charset alone, when it is the table's, brings the charset's own collation, not the table's.
        (charset, None) => pair(charset, None, server),
        (None, Some(collate)) => {
            let charset = charset::of_collation(&collate);
            Some((called(&charset, server), called(&collate, server)))
        }
        (charset, collate) => pair(charset, collate, server),
    };
    let Some((charset, collate)) = said.filter(|_| text) else { return };
    let differs = |own: &String, around: &Option<String>| {
        !around.as_ref().is_some_and(|around| charset::same(around, own))
    };
    if differs(&charset, &around.0) {
        column.attrs.set(&CHARSET, charset);
    }
    if differs(&collate, &around.1) {
        column.attrs.set(&COLLATE, collate);
    }
}

fn class_of(column: &Column) -> Class {
    column.ty.as_ref().map_or(Class::UserDefined, |ty| ty.class)
}

/// The current time as the server writes it.
fn now(text: &str, server: &Capabilities) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = if digits == "0" { String::new() } else { digits };
    match (server.has(MARIADB), digits.as_str()) {
        (true, digits) => format!("current_timestamp({digits})"),
        (false, "") => "CURRENT_TIMESTAMP".to_string(),
        (false, digits) => format!("CURRENT_TIMESTAMP({digits})"),
    }
}

fn default(default: Default, column: &Column, class: Class, server: &Capabilities) -> Option<Default> {
    let literal =
        |text: &str, quoted: bool| Some(Default::Literal(Literal { text: text.to_string(), quoted }));
    let numeric = matches!(class, Class::Bool | Class::Integer | Class::Float | Class::Decimal);
    match default {
        Default::Expr(expr) => {
            let text = words::strip(&expr.0);
            if text.eq_ignore_ascii_case("null") {
                return None;
            }
            if is_now(text) && class == Class::Time {
                let now = now(text, server);
                let now = if server.has(MARIADB) { format!("({now})") } else { now };
                return Some(Default::Expr(Expr(now)));
            }
            match &words::words(text)[..] {
                // Long values have no literal defaults.
                _ if is_long(column) => Some(Default::Expr(Expr(words::wrap(&expr.0)))),
                [word] if word.kind == words::Kind::Text => self::default(
                    Default::Literal(Literal { text: words::unquote(text), quoted: true }),
                    column,
                    class,
                    server,
                ),
                [word] if word.kind == words::Kind::Bare && text.parse::<f64>().is_ok() => self::default(
                    Default::Literal(Literal { text: text.to_string(), quoted: false }),
                    column,
                    class,
                    server,
                ),
                _ if bits(text) => Some(Default::Expr(Expr(text.to_string()))),
                _ => Some(Default::Expr(Expr(words::wrap(&expr.0)))),
            }
        }
        Default::Literal(given) if numeric => match given.text.to_ascii_lowercase().as_str() {
            "null" if !given.quoted => None,
            "true" => literal("1", false),
            "false" => literal("0", false),
            text if bits(text) => Some(Default::Expr(Expr(given.text.clone()))),
            _ if given.text.trim().parse::<f64>().is_ok() => {
                let scale = column.ty.as_ref().and_then(|ty| ty.int_arg(1)).unwrap_or(0);
                let text = if class == Class::Decimal { scaled(given.text.trim(), scale) } else { None };
                literal(text.as_deref().unwrap_or(given.text.trim()), false)
            }
            _ => Some(Default::Literal(given)),
        },
        Default::Literal(given) if !given.quoted && given.text.eq_ignore_ascii_case("null") => None,
        Default::Literal(given) if !given.quoted && bits(&given.text) => {
            Some(Default::Expr(Expr(given.text)))
        }
        Default::Literal(given) if class == Class::Bits => {
            let value = given.text.parse::<u64>().ok();
            Some(value.map_or(Default::Literal(given), |value| Default::Expr(Expr(format!("b'{value:b}'")))))
        }
        Default::Literal(given) if class == Class::Time => literal(&time(&given.text, column), true),
        // MySQL shows bytes as digits; MariaDB as text.
        Default::Literal(given) if class == Class::Binary && !server.has(MARIADB) => {
            let mut bytes = given.text.into_bytes();
            if let Some(ty) = column.ty.as_ref().filter(|ty| ty.name == "binary") {
                let size = usize::try_from(ty.int_arg(0).unwrap_or(1)).unwrap_or(1);
                bytes.resize(size.clamp(bytes.len(), 255.max(bytes.len())), 0);
            }
            if bytes.is_empty() {
                return literal("", true);
            }
            let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            Some(Default::Expr(Expr(format!("0x{digits}"))))
        }
        Default::Literal(given) => literal(&given.text, true),
    }
}

fn is_long(column: &Column) -> bool {
    column.ty.as_ref().is_some_and(|ty| {
        ty.class == Class::Spatial || ["text", "blob", "json"].iter().any(|end| ty.name.ends_with(end))
    })
}

/// `0x61`, `x'61'`, `b'1'`.
fn bits(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let hex = lower
        .strip_prefix("0x")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    hex || (lower.starts_with("x'") || lower.starts_with("b'")) && lower.len() > 2 && lower.ends_with('\'')
}

/// A plain number with as many digits behind the point as the type has; `None` when it has more.
fn scaled(text: &str, scale: i64) -> Option<String> {
    let scale = usize::try_from(scale).ok()?;
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let digits = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    if digits.is_empty() || !plain(digits) || !plain(part) || part.len() > scale {
        return None;
    }
    let whole = whole.strip_prefix('+').unwrap_or(whole);
    Some(if scale == 0 { whole.to_string() } else { format!("{whole}.{part:0<scale$}") })
}

/// A date where a date with time is wanted is midnight.
fn time(text: &str, column: &Column) -> String {
    let Some(ty) = &column.ty else { return text.to_string() };
    let mut text = text.trim().to_string();
    if !matches!(ty.name.as_str(), "datetime" | "timestamp") {
        return text;
    }
    let date = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    if date {
        text.push_str(" 00:00:00");
    }
    let fraction = usize::try_from(ty.int_arg(0).unwrap_or(0)).unwrap_or(0);
    if fraction > 0 && text.len() == 19 {
        text.push('.');
        text.push_str(&"0".repeat(fraction.min(6)));
    }
    text
}
