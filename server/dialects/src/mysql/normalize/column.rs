//! A column as the catalog shows it.

use engine::connection::Capabilities;
use schema::{Class, Column, ColumnType, Default, Expr, Generated, Literal};

use super::charset::Pair;
use crate::mysql::attr::{AUTO_INCREMENT, CHARSET, COLLATE, ENFORCED, ON_UPDATE};
use crate::mysql::expr::{Known, printed};
use crate::mysql::features::MARIADB;
use crate::mysql::inspect::{column_default, wrapped};
use crate::mysql::words;

/// Brings `column` of a table with the charset `around` into the server's form; whether that is sure.
pub(super) fn normal(
    column: &mut Column,
    around: &Pair,
    columns: &[Known<'_>],
    server: &Capabilities,
) -> bool {
    let mut sure = true;
    column.attrs.remove(&ENFORCED);
    let own = Pair::written(&column.attrs, server);
    if let Some(ty) = &mut column.ty {
        if own.as_ref().is_some_and(|own| own.charset == "binary") {
            bytes(ty);
        }
        if matches!(ty.class, Class::String | Class::Enum | Class::Set) {
            own.as_ref().unwrap_or(around).store_within(around, &mut column.attrs);
        } else {
            column.attrs.remove(&CHARSET);
            column.attrs.remove(&COLLATE);
        }
    }
    if column.attrs.is(&AUTO_INCREMENT) {
        column.nullable = false;
    }
    let maria = server.has(MARIADB);
    if let Some(text) = column.attrs.get(&ON_UPDATE)
        && let Some(digits) = now(&text)
    {
        column.attrs.set(&ON_UPDATE, current(digits, maria));
    }
    if let Some(Generated { expr, storage }) = &column.generated
        && !words::is_row_bound(&expr.0)
    {
        let print = printed(&expr.0, columns, server);
        sure &= print.sure;
        column.generated = Some(Generated { expr: Expr(print.text), storage: *storage });
        column.default = None;
    }
    if let (Some(default), Some(ty)) = (column.default.take(), &column.ty) {
        let (default, known) = self::default(default, ty, columns, server);
        sure &= known;
        column.default = default;
    }
    sure
}

/// The charset of the text in a column of a table with the charset `around`; `None` when it holds none.
pub(super) fn charset(column: &Column, around: &Pair, server: &Capabilities) -> Option<String> {
    let class = column.ty.as_ref()?.class;
    match class {
        Class::String | Class::Enum | Class::Set => {
            let own = Pair::written(&column.attrs, server);
            Some(own.as_ref().unwrap_or(around).charset.clone())
        }
        Class::Json => Some("utf8mb4".to_owned()),
        _ => None,
    }
}

/// Text in the charset `binary` is bytes.
fn bytes(ty: &mut ColumnType) {
    let name = match &*ty.name {
        "char" => "binary",
        "varchar" => "varbinary",
        "text" => "blob",
        "tinytext" => "tinyblob",
        "mediumtext" => "mediumblob",
        "longtext" => "longblob",
        _ => return,
    };
    *ty = ColumnType { args: ty.args.clone(), ..ColumnType::new(Class::Binary, name) };
}

/// The digits of a second of what means the current time; `None` for everything else.
fn now(text: &str) -> Option<u32> {
    let lower = text.trim().to_ascii_lowercase();
    let names = ["current_timestamp", "localtimestamp", "localtime", "now"];
    let rest = names.iter().find_map(|name| lower.strip_prefix(name))?.trim();
    if rest.is_empty() {
        return (!lower.starts_with("now")).then_some(0);
    }
    let digits = rest.strip_prefix('(')?.strip_suffix(')')?.trim();
    if digits.is_empty() { Some(0) } else { digits.parse().ok() }
}

fn current(digits: u32, maria: bool) -> String {
    match (maria, digits) {
        (true, 0) => "current_timestamp()".into(),
        (true, digits) => format!("current_timestamp({digits})"),
        (false, 0) => "CURRENT_TIMESTAMP".into(),
        (false, digits) => format!("CURRENT_TIMESTAMP({digits})"),
    }
}

fn default(
    default: Default,
    ty: &ColumnType,
    columns: &[Known<'_>],
    server: &Capabilities,
) -> (Option<Default>, bool) {
    let maria = server.has(MARIADB);
    match default {
        Default::Literal(literal) => literal_default(literal, ty, maria),
        Default::Expr(Expr(text)) => {
            let text = text.trim();
            // In parentheses it is an expression to MySQL, whatever it is.
            // In parentheses MariaDB gives it the digits of the column.
            let wrapped_now = || {
                let digits = now(words::strip(text)).filter(|_| maria && words::strip(text) != text)?;
                Some(digits.max(u32::try_from(ty.int_arg(0).unwrap_or(0)).unwrap_or(0)))
            };
            if let Some(digits) = now(text).or_else(wrapped_now) {
                let text = current(digits, maria);
                return (Some(Default::Expr(Expr(if maria { wrapped(&text) } else { text }))), true);
            }
            if text.eq_ignore_ascii_case("null") {
                return (None, true);
            }
            // Alone it is a literal; MariaDB sees through parentheses.
            let inner = if maria { words::strip(text) } else { text };
            if let Some(found) = bits(inner, ty, maria) {
                return found;
            }
            let long = !maria
                && (ty.class == Class::Spatial
                    || ["text", "blob", "json"].iter().any(|end| ty.name.ends_with(end)));
            match &words::words(inner)[..] {
                // Long values have no literal defaults.
                _ if long => {}
                [word] if word.kind == words::Kind::Text => {
                    let literal = Literal { text: words::unquote(inner), quoted: true };
                    return literal_default(literal, ty, maria);
                }
                // `_latin1'x'`.
                [word, value]
                    if value.kind == words::Kind::Text && inner[word.range.clone()].starts_with('_') =>
                {
                    let literal = Literal { text: words::unquote(&inner[value.range.clone()]), quoted: true };
                    return literal_default(literal, ty, maria);
                }
                [word]
                    if word.kind == words::Kind::Bare
                        && (inner.parse::<f64>().is_ok()
                            || inner.eq_ignore_ascii_case("true")
                            || inner.eq_ignore_ascii_case("false")) =>
                {
                    return literal_default(Literal { text: inner.to_owned(), quoted: false }, ty, maria);
                }
                _ => {}
            }
            let print = printed(text, columns, server);
            if maria {
                return (column_default(&print.text, ty, false, server), print.sure);
            }
            (Some(Default::Expr(Expr(wrapped(&print.text)))), print.sure)
        }
    }
}

/// A literal of bits: `b'101'`, `0x6162`, `x'6162'`.
fn bits(text: &str, ty: &ColumnType, maria: bool) -> Option<(Option<Default>, bool)> {
    let lower = text.to_ascii_lowercase();
    let value = if let Some(hex) = lower.strip_prefix("0x") {
        u64::from_str_radix(hex, 16).ok()
    } else if let Some(hex) = lower.strip_prefix("x'").and_then(|rest| rest.strip_suffix('\'')) {
        u64::from_str_radix(hex, 16).ok()
    } else if let Some(bits) = lower.strip_prefix("b'").and_then(|rest| rest.strip_suffix('\'')) {
        u64::from_str_radix(bits, 2).ok()
    } else if let Some(bits) = lower.strip_prefix("0b") {
        u64::from_str_radix(bits, 2).ok()
    } else {
        return None;
    };
    let Some(value) = value else { return Some((Some(Default::Expr(Expr(text.to_owned()))), false)) };
    match ty.class {
        Class::Bits => Some((Some(Default::Expr(Expr(format!("b'{value:b}'")))), true)),
        Class::Integer | Class::Bool | Class::Decimal | Class::Float => {
            let literal = Literal { text: value.to_string(), quoted: false };
            Some((Some(Default::Literal(literal)), true))
        }
        Class::Binary if !maria => {
            let digits = lower.strip_prefix("0x").map_or_else(|| format!("{value:x}"), str::to_owned);
            Some((Some(Default::Expr(Expr(format!("0x{digits}")))), true))
        }
        // Bytes are text where text is wanted.
        _ => {
            let bytes: Vec<u8> = value.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            match String::from_utf8(bytes) {
                Ok(text) => Some(literal_default(Literal { text, quoted: true }, ty, maria)),
                Err(_) => Some((Some(Default::Expr(Expr(text.to_owned()))), false)),
            }
        }
    }
}

fn literal_default(literal: Literal, ty: &ColumnType, maria: bool) -> (Option<Default>, bool) {
    let Literal { text, quoted } = literal;
    let word = match (quoted, &*text.to_ascii_lowercase()) {
        (false, "true") => Some("1"),
        (false, "false") => Some("0"),
        (false, "null") => return (None, true),
        _ => None,
    };
    let text = word.map_or(text, str::to_owned);
    let make = |text: String, quoted| Some(Default::Literal(Literal { text, quoted }));
    match ty.class {
        Class::Bits => match text.trim().parse::<u64>() {
            Ok(value) if !quoted => (Some(Default::Expr(Expr(format!("b'{value:b}'")))), true),
            _ => (make(text, true), false),
        },
        Class::Bool | Class::Integer => match text.trim().parse::<i128>() {
            Ok(value) => {
                let width = ty.name.strip_suffix(" unsigned zerofill").and_then(|name| {
                    name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')?.parse::<usize>().ok())
                });
                let text = match width {
                    Some(width) if !maria || value >= 0 => format!("{value:0width$}"),
                    _ => value.to_string(),
                };
                (make(text, false), true)
            }
            Err(_) => (make(text, false), false),
        },
        Class::Decimal => {
            let scale = ty.int_arg(1).unwrap_or(0).max(0) as usize;
            match decimal(&text, scale) {
                Some(text) => (make(text, false), true),
                None => (make(text, false), false),
            }
        }
        Class::Float => match (text.trim().parse::<f64>(), ty.int_arg(1)) {
            (Ok(value), Some(scale)) => (make(format!("{value:.*}", scale.max(0) as usize), false), true),
            (Ok(value), None) => {
                let plain = value == 0.0 || (value.abs() >= 1e-4 && value.abs() < 1e14);
                (make(format!("{value}"), false), plain)
            }
            (Err(_), _) => (make(text, false), false),
        },
        Class::Time => {
            let (text, sure) = moment(&text, ty);
            (make(text, true), sure)
        }
        // MySQL shows bytes as digits, MariaDB as text.
        Class::Binary if !maria && (ty.name == "binary" || !text.is_empty()) => {
            let digits: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
            (Some(Default::Expr(Expr(format!("0x{digits}")))), true)
        }
        Class::Binary if maria && ty.name == "binary" => {
            let size = ty.int_arg(0).unwrap_or(1).clamp(0, 255) as usize;
            (make(format!("{text:\0<size$}"), true), true)
        }
        _ => (make(text, true), true),
    }
}

/// A number with exactly `scale` digits behind the point.
fn decimal(text: &str, scale: usize) -> Option<String> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(part) || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let rounded = part.len() > scale && part[scale..].bytes().any(|byte| byte != b'0');
    if rounded {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let zero = whole == "0" && part.bytes().all(|byte| byte == b'0');
    let sign = if zero { "" } else { sign };
    if scale == 0 {
        return Some(format!("{sign}{whole}"));
    }
    let mut part: String = part.chars().take(scale).collect();
    while part.len() < scale {
        part.push('0');
    }
    Some(format!("{sign}{whole}.{part}"))
}

/// A moment as the catalog writes it, where it is written in full.
fn moment(text: &str, ty: &ColumnType) -> (String, bool) {
    let digits = ty.int_arg(0).unwrap_or(0).max(0) as usize;
    let parts = |text: &str, sign: char, lengths: &[usize]| {
        let parts: Vec<&str> = text.split(sign).collect();
        parts.len() == lengths.len()
            && parts
                .iter()
                .zip(lengths)
                .all(|(part, length)| part.len() == *length && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let fraction = |time: &str| {
        let (time, part) = time.split_once('.').unwrap_or((time, ""));
        let known = parts(time, ':', &[2, 2, 2]) && part.len() <= digits;
        let part = if digits > 0 { format!(".{part:0<digits$}") } else { String::new() };
        (format!("{time}{part}"), known)
    };
    match &*ty.name {
        "date" => (text.to_owned(), parts(text, '-', &[4, 2, 2])),
        "time" => fraction(text),
        "datetime" | "timestamp" => {
            let (date, time) = text.split_once(' ').unwrap_or((text, "00:00:00"));
            let (time, known) = fraction(time);
            (format!("{date} {time}"), known && parts(date, '-', &[4, 2, 2]))
        }
        "year" => (text.to_owned(), text.len() == 4),
        _ => (text.to_owned(), true),
    }
}
