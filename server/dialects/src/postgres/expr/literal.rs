//! Constants as the server writes them back: a literal's text is what its type prints.
//!
//! Source: PostgreSQL 15, `ruleutils.c` (`get_const_expr`), and the output functions of types.

use super::node::Ty;

pub fn number_type(text: &str) -> &'static str {
    if text.contains(['.', 'e', 'E']) {
        "numeric"
    } else if text.parse::<i32>().is_ok() {
        "integer"
    } else if text.parse::<i64>().is_ok() {
        "bigint"
    } else {
        "numeric"
    }
}

/// `1.5e3` as `1500`; `None` when it is none or longer than anyone would write.
fn plain_number(text: &str) -> Option<String> {
    let at = text.find(['e', 'E'])?;
    let (digits, power) = (text.get(..at)?, text.get(at + 1..)?.parse::<i32>().ok()?);
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if power.abs() > 60 || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut digits = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).ok()? + power;
    let point = if point <= 0 {
        digits = format!("{}{digits}", "0".repeat(usize::try_from(1 - point).ok()?));
        1
    } else {
        usize::try_from(point).ok()?
    };
    while digits.len() < point {
        digits.push('0');
    }
    let (whole, fraction) = digits.split_at(point);
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// A number as it is written in an expression.
pub fn number(text: &str) -> String {
    if let Some(plain) = plain_number(text) {
        let quoted = plain.starts_with('-') || !plain.contains('.');
        return if quoted { format!("'{plain}'::numeric") } else { plain };
    }
    match number_type(text) {
        "integer" if !text.starts_with('-') => text.trim_start_matches('0').to_owned().or_zero(),
        "numeric" if !text.starts_with('-') && text.contains('.') && !text.contains(['e', 'E']) => {
            if text.starts_with('.') { format!("0{text}") } else { text.to_owned() }
        }
        ty => format!("'{text}'::{ty}"),
    }
}

trait OrZero {
    fn or_zero(self) -> String;
}

impl OrZero for String {
    fn or_zero(self) -> String {
        if self.is_empty() { "0".to_owned() } else { self }
    }
}

/// The server writes a backslash as it is, never `E''`.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A constant of a type.
pub fn constant(text: &str, ty: &Ty) -> String {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match ty.name.as_str() {
        _ if ty.array => format!("{}::{}", literal(text), ty.text()),
        "boolean" => text.to_owned(),
        "unknown" => literal(text),
        "integer" if plain => text.to_owned(),
        "numeric" if text.contains('.') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
            text.to_owned()
        }
        _ => format!("{}::{}", literal(text), ty.text()),
    }
}

/// The text of a literal as its type prints it, and whether that is sure.
pub fn canonical(text: &str, ty: &Ty) -> (String, bool) {
    if ty.array {
        return array(text, ty);
    }
    match ty.name.as_str() {
        "boolean" => match text.trim().to_lowercase().as_str() {
            "t" | "true" | "yes" | "on" | "1" | "y" => ("true".to_owned(), true),
            "f" | "false" | "no" | "off" | "0" | "n" => ("false".to_owned(), true),
            _ => (text.to_owned(), false),
        },
        "text" | "character varying" | "name" => (text.to_owned(), true),
        "character" | "bpchar" => (text.to_owned(), !text.ends_with(' ') || ty.args.is_empty()),
        "bytea" => bytes(text),
        "double precision" | "real" => float(text),
        "smallint" | "integer" | "bigint" => match text.trim().parse::<i64>() {
            Ok(number) => (number.to_string(), true),
            Err(_) => (text.to_owned(), false),
        },
        "numeric" => (text.trim().to_owned(), ty.args.is_empty() && text.trim().parse::<f64>().is_ok()),
        "date" => {
            let digits = text.len() == 10
                && text
                    .bytes()
                    .enumerate()
                    .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
            (text.to_owned(), digits)
        }
        "timestamp without time zone" => {
            let date = text.len() == 10 && canonical(text, &Ty::new("date")).1;
            if date { (format!("{text} 00:00:00"), true) } else { (text.to_owned(), text.len() == 19) }
        }
        "jsonb" => match super::json::canonical(text) {
            Some(text) => (text, true),
            None => (text.to_owned(), false),
        },
        "time without time zone" => clock(text),
        "timestamp with time zone" => {
            // Others depend on the zone of the session.
            let plain = text.strip_suffix("+00").is_some_and(|text| text.len() == 19);
            (text.to_owned(), plain)
        }
        "time with time zone" => (text.to_owned(), false),
        "json" | "xml" => (text.to_owned(), true),
        "uuid" => (text.to_lowercase(), text.len() == 36),
        "interval" => interval(text),
        "regclass" => (text.to_owned(), true),
        // The values of an enum are their text; of others who knows.
        _ => (text.to_owned(), true),
    }
}

/// `{ 1, 2 }` is `{1,2}`; elements in quotes are left to the server.
fn array(text: &str, ty: &Ty) -> (String, bool) {
    let Some(inner) = text.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}')) else {
        return (text.to_owned(), false);
    };
    if inner.contains(['"', '\\', '{', '}']) {
        return (text.to_owned(), false);
    }
    if inner.trim().is_empty() {
        return ("{}".to_owned(), true);
    }
    let element = ty.element();
    let (mut items, mut sure) = (Vec::new(), true);
    for item in inner.split(',') {
        let (item, known) = canonical(item.trim(), &element);
        let plain = item
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@'));
        sure &= known && plain && !item.is_empty();
        items.push(if item.eq_ignore_ascii_case("null") { "NULL".to_owned() } else { item });
    }
    (format!("{{{}}}", items.join(",")), sure)
}

/// Bytes in hexadecimal digits.
fn bytes(text: &str) -> (String, bool) {
    if let Some(digits) = text.strip_prefix("\\x") {
        let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit()) && digits.len() % 2 == 0;
        return (text.to_lowercase(), hex);
    }
    if text.contains('\\') {
        return (text.to_owned(), false);
    }
    let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    (format!("\\x{digits}"), true)
}

/// A float without zeros at its end; those with a power are left to the server.
fn float(text: &str) -> (String, bool) {
    let text = text.trim();
    let plain = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || whole.len() + fraction.len() > 15 {
        return (text.to_owned(), false);
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    (format!("{sign}{whole}{point}{fraction}"), true)
}

/// `10:00` is `10:00:00`.
fn clock(text: &str) -> (String, bool) {
    let parts: Vec<&str> = text.split(':').collect();
    let two = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.len() {
        2 if parts.iter().all(two) => (format!("{text}:00"), true),
        3 if parts.iter().all(two) => (text.to_owned(), true),
        _ => (text.to_owned(), false),
    }
}

/// `1 day` stays, `24 hours` is `24:00:00`.
fn interval(text: &str) -> (String, bool) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [number, unit] = words[..] else { return (text.to_owned(), text.len() == 8 && text.contains(':')) };
    let Ok(count) = number.parse::<i64>() else { return (text.to_owned(), false) };
    let one = |unit: &str, plural: &str| {
        let word = if count == 1 { unit } else { plural };
        (format!("{count} {word}"), count >= 0)
    };
    let clock = |seconds: i64| {
        (format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60), count >= 0)
    };
    match unit.to_lowercase().trim_end_matches('s') {
        "day" => one("day", "days"),
        "month" | "mon" if count.abs() < 12 => one("mon", "mons"),
        "year" => one("year", "years"),
        "week" => {
            let days = count * 7;
            (format!("{days} days"), count > 0)
        }
        "hour" => clock(count * 3600),
        "minute" | "min" => clock(count * 60),
        "second" | "sec" => clock(count),
        _ => (text.to_owned(), false),
    }
}
