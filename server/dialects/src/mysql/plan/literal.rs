//! Text, numbers and defaults as statements have them.
//!
//! Invariant: what the server reads is what the model says, whatever characters it has.
//!
//! Source: atlas `sql/mysql/migrate.go`, `columnDefault` and `quote`; MySQL, "String Literals".

use engine::connection::Capabilities;
use schema::{Class, Column, Default};

use super::super::features::{EXPR_DEFAULT, MARIADB, SQL_MODE};
use super::super::words::{self, Kind};

fn mode(server: &Capabilities, name: &str) -> bool {
    server.setting(SQL_MODE).split(',').any(|mode| mode.trim().eq_ignore_ascii_case(name))
}

/// Text in double quotes, escaped as Go does; in single quotes where the server takes double ones for names.
pub fn text(text: &str, server: &Capabilities) -> String {
    if mode(server, "ANSI_QUOTES") || mode(server, "NO_BACKSLASH_ESCAPES") {
        return single(text, server);
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            _ => escape(char, &mut out),
        }
    }
    out.push('"');
    out
}

/// Text in single quotes, as MariaDB's catalog has it.
pub fn single(text: &str, server: &Capabilities) -> String {
    let plain = mode(server, "NO_BACKSLASH_ESCAPES");
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for char in text.chars() {
        match char {
            '\'' => out.push_str("''"),
            _ if plain => out.push(char),
            _ => escape(char, &mut out),
        }
    }
    out.push('\'');
    out
}

fn escape(char: char, out: &mut String) {
    match char {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0' => out.push_str("\\0"),
        '\u{1a}' => out.push_str("\\Z"),
        _ => out.push(char),
    }
}

/// What stands behind `DEFAULT`.
pub fn default(column: &Column, server: &Capabilities) -> Option<String> {
    let class = column.ty.as_ref().map_or(Class::String, |ty| ty.class);
    let quoted = |value: &str| {
        if server.has(MARIADB) { single(value, server) } else { text(value, server) }
    };
    Some(match column.default.as_ref()? {
        Default::Literal(literal) if literal.quoted => {
            if is_numeric(class) && is_number(&literal.text) {
                literal.text.clone()
            } else {
                quoted(&literal.text)
            }
        }
        Default::Literal(literal) => {
            let bare = is_number(&literal.text) && is_numeric(class)
                || is_bits(&literal.text)
                || is_word(&literal.text);
            if bare { literal.text.clone() } else { quoted(&literal.text) }
        }
        Default::Expr(expr) => {
            let expr = expr.0.trim();
            let verbatim = expr.starts_with('(') && words::wrap(expr) == expr
                || is_number(expr)
                || is_bits(expr)
                || is_quoted(expr)
                || is_word(expr)
                || is_now(expr)
                || !server.has(EXPR_DEFAULT);
            if verbatim { expr.to_string() } else { words::wrap(expr) }
        }
    })
}

fn is_numeric(class: Class) -> bool {
    matches!(
        class,
        Class::Bool | Class::Integer | Class::Float | Class::Decimal | Class::Bits | Class::Serial
    )
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|char: char| char.is_ascii_digit() || char == '.') && digits.parse::<f64>().is_ok()
}

/// `0x0102`, `x'01'`, `b'101'`.
fn is_bits(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    lower.strip_prefix("0x").is_some_and(|rest| !rest.is_empty() && hex(rest))
        || lower.strip_prefix("x'").and_then(|rest| rest.strip_suffix('\'')).is_some_and(hex)
        || lower
            .strip_prefix("b'")
            .and_then(|rest| rest.strip_suffix('\''))
            .is_some_and(|rest| rest.bytes().all(|byte| matches!(byte, b'0' | b'1')))
}

fn is_quoted(text: &str) -> bool {
    matches!(&words::words(text)[..], [word] if word.kind == Kind::Text)
}

fn is_word(text: &str) -> bool {
    ["null", "true", "false"].iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// `CURRENT_TIMESTAMP(3)` and its other names.
pub fn is_now(text: &str) -> bool {
    let name = text.split('(').next().unwrap_or_default().trim();
    let rest = text[name.len()..].trim();
    let arguments = rest.is_empty()
        || rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).is_some_and(|inner| {
            inner.trim().is_empty() || inner.trim().bytes().all(|byte| byte.is_ascii_digit())
        });
    let called = !rest.is_empty();
    arguments
        && (name.eq_ignore_ascii_case("current_timestamp")
            || ["localtime", "localtimestamp"].iter().any(|other| other.eq_ignore_ascii_case(name))
            || called && name.eq_ignore_ascii_case("now"))
}
