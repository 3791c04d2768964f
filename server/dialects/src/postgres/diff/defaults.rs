//! Whether two defaults give the same value.
//!
//! Constants are compared by value, as far as their text says it; expressions by their text without a final cast.

use schema::{Class, Default};

/// Whether two defaults are surely the same.
pub fn same_default(from: Option<&Default>, to: Option<&Default>, class: Class) -> bool {
    let (from, to) = match (from, to) {
        (None, None) => return true,
        (None, Some(only)) | (Some(only), None) => return is_null(only),
        (Some(from), Some(to)) => (from, to),
    };
    if from == to {
        return true;
    }
    let (a, b) = (constant(from), constant(to));
    match (a, b) {
        (Some(a), Some(b)) => a == b || same_value(&a, &b, class),
        (None, None) => {
            let (a, b) = (expression(from), expression(to));
            super::same_expr(a, b) || super::same_expr(uncast(a), uncast(b))
        }
        _ => false,
    }
}

/// `DEFAULT NULL` is none.
fn is_null(default: &Default) -> bool {
    match default {
        Default::Literal(literal) => !literal.quoted && literal.text.eq_ignore_ascii_case("null"),
        Default::Expr(expr) => uncast(super::unwrapped(&expr.0)).eq_ignore_ascii_case("null"),
    }
}

fn expression(default: &Default) -> &str {
    match default {
        Default::Literal(literal) => &literal.text,
        Default::Expr(expr) => super::unwrapped(&expr.0),
    }
}

/// The text of a constant; `None` for what must be computed.
fn constant(default: &Default) -> Option<String> {
    match default {
        Default::Literal(literal) => Some(literal.text.clone()),
        Default::Expr(expr) => {
            let text = super::unwrapped(uncast(super::unwrapped(&expr.0)));
            if let Some(inner) = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
                let plain = inner.replace("''", "");
                return (!plain.contains('\'')).then(|| inner.replace("''", "'"));
            }
            let number = text.parse::<f64>().is_ok() && text.contains(|ch: char| ch.is_ascii_digit());
            let word = text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
            (number || word).then(|| text.to_string())
        }
    }
}

fn same_value(a: &str, b: &str, class: Class) -> bool {
    match class {
        Class::Bool => truth(a).is_some() && truth(a) == truth(b),
        Class::Integer | Class::Decimal | Class::Float => match (number(a), number(b)) {
            (Some(a), Some(b)) => a == b,
            _ => false,
        },
        _ => false,
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "t" | "true" | "1" | "yes" | "on" | "y" => Some(true),
        "f" | "false" | "0" | "no" | "off" | "n" => Some(false),
        _ => None,
    }
}

/// Sign, digits before and after the point, without what says nothing.
fn number(text: &str) -> Option<(bool, String, String)> {
    let text = text.trim();
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
    let digits = |text: &str| text.chars().all(|ch| ch.is_ascii_digit());
    if rest.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let zero = whole.is_empty() && part.is_empty();
    Some((negative && !zero, whole.to_string(), part.to_string()))
}

/// Without the cast at the end: `'x'::text`, `'{}'::character varying(10)[]`, `now()::timestamp(3) without time zone`.
pub fn uncast(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let mut quoted = false;
        let mut depth = 0usize;
        let mut cut = None;
        let bytes = text.as_bytes();
        for at in 0..bytes.len() {
            match bytes[at] {
                b'\'' => quoted = !quoted,
                b'(' if !quoted => depth += 1,
                b')' if !quoted => depth = depth.saturating_sub(1),
                b':' if !quoted && depth == 0 && bytes.get(at + 1) == Some(&b':') => cut = Some(at),
                _ => {}
            }
        }
        let Some(at) = cut else { return text };
        let ty = &text[at + 2..];
        let name = |ch: char| ch.is_alphanumeric() || " _.\"()[],".contains(ch);
        if !ty.chars().all(name) {
            return text;
        }
        text = text[..at].trim_end();
    }
}

#[cfg(test)]
mod tests {
    use schema::{Class, Default, Expr, Literal};

    use super::{same_default, uncast};

    fn literal(text: &str, quoted: bool) -> Default {
        Default::Literal(Literal { text: text.into(), quoted })
    }

    fn expr(text: &str) -> Default {
        Default::Expr(Expr(text.into()))
    }

    #[test]
    fn casts_at_the_end_say_nothing() {
        assert_eq!(uncast("'a::b'::text"), "'a::b'");
        assert_eq!(uncast("'{}'::character varying(10)[]"), "'{}'");
        assert_eq!(uncast("a::text || b"), "a::text || b");
    }

    #[test]
    fn defaults_are_compared_by_value() {
        let same = |a: Default, b: Default, class: Class| same_default(Some(&a), Some(&b), class);
        assert!(same(literal("x", true), expr("'x'::text"), Class::String));
        assert!(same(literal("1.10", false), literal("1.1", false), Class::Decimal));
        assert!(!same(literal("1.10", true), literal("1.1", true), Class::String));
        assert!(same(literal("t", true), literal("true", false), Class::Bool));
        assert!(same(expr("(now())"), expr("now()"), Class::Time));
        assert!(!same(expr("now()"), literal("now()", true), Class::Time));
        assert!(same_default(None, Some(&expr("NULL::character varying")), Class::String));
        assert!(!same(literal("a", true), literal("b", true), Class::String));
    }
}
