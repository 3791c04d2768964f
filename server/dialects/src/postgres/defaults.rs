//! The text of a default as a value: a literal where it is one constant, an expression otherwise.
//!
//! Source: atlas `sql/postgres/inspect.go`, `defaultExpr`; reference engine.md §4.2.

use schema::{Class, ColumnType, Default, Expr, Literal};

/// The default `text`, as the server writes it, of a column of type `ty`.
pub fn read(text: &str, ty: Option<&ColumnType>) -> Default {
    let text = text.trim();
    let expr = || Default::Expr(Expr(text.to_owned()));
    let literal = |text: String, quoted: bool| {
        let literal = Literal { text, quoted };
        let class = ty.map(|ty| ty.class);
        Default::Literal(engine::decode::canonical(literal, class, &super::POSTGRES))
    };
    if hcl::Number::parse(text).is_some() || matches!(text, "true" | "false") {
        return literal(text.to_owned(), false);
    }
    let Some((value, rest)) = string(text) else { return expr() };
    if rest.is_empty() {
        return literal(value, true);
    }
    if !is_cast(rest) {
        return expr();
    }
    let Some(ty) = ty else { return literal(value, true) };
    match ty.class {
        Class::Bool => match &*value.trim().to_lowercase() {
            "t" | "true" | "y" | "yes" | "on" | "1" => literal("true".to_owned(), false),
            "f" | "false" | "n" | "no" | "off" | "0" => literal("false".to_owned(), false),
            _ => expr(),
        },
        Class::Integer | Class::Float | Class::Serial if is_number(&value) => literal(value, false),
        Class::Decimal if ty.name != "money" && is_number(&value) => literal(value, false),
        Class::String if matches!(&*ty.name, "tsvector" | "tsquery") => expr(),
        Class::String
        | Class::Enum
        | Class::Array
        | Class::Binary
        | Class::Json
        | Class::Network
        | Class::Spatial
        | Class::Time
        | Class::Uuid => literal(value, true),
        _ => expr(),
    }
}

/// Whether a text is a number and none of the words for what is none: `NaN`, `Infinity`.
fn is_number(text: &str) -> bool {
    hcl::Number::parse(text.trim()).is_some()
}

/// The value of the string `text` starts with, and what is behind it.
fn string(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('\'')?;
    let mut value = String::new();
    let mut chars = inner.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        if ch != '\'' {
            value.push(ch);
        } else if chars.peek().is_some_and(|(_, next)| *next == '\'') {
            value.push('\'');
            chars.next();
        } else {
            return Some((value, inner[at + 1..].trim()));
        }
    }
    None
}

/// Whether `rest` is `::` and the name of a type, perhaps with arguments, and nothing else.
fn is_cast(rest: &str) -> bool {
    let Some(ty) = rest.strip_prefix("::") else { return false };
    let mut quoted = false;
    for ch in ty.chars() {
        match ch {
            '"' => quoted = !quoted,
            _ if quoted => {}
            ch if ch.is_alphanumeric() || " ._$,()[]".contains(ch) => {}
            _ => return false,
        }
    }
    // `'x'::text COLLATE "C"` and `'a'::text IS NULL` have more behind the type; nothing of that kind is a type.
    let words: Vec<String> = ty.split_whitespace().map(str::to_ascii_lowercase).collect();
    !quoted
        && !ty.is_empty()
        && !words.iter().any(|word| matches!(&**word, "collate" | "is" | "at" | "and" | "or"))
}

#[cfg(test)]
mod tests {
    use super::super::types::parse;
    use super::*;

    #[track_caller]
    fn check(text: &str, ty: &str, expected: Result<(&str, bool), &str>) {
        let expected = match expected {
            Ok((text, quoted)) => Default::Literal(Literal { text: text.into(), quoted }),
            Err(text) => Default::Expr(Expr(text.into())),
        };
        assert_eq!(read(text, Some(&parse(ty))), expected, "{text} of {ty}");
    }

    #[test]
    fn constants_are_literals() {
        check("5", "integer", Ok(("5", false)));
        check("'-5'::integer", "integer", Ok(("-5", false)));
        check("1.10", "numeric", Ok(("1.1", false)));
        check("true", "boolean", Ok(("true", false)));
        check("'it''s'::text", "text", Ok(("it's", true)));
        check("'x'::character varying", "varchar(3)", Ok(("x", true)));
        check("'{}'::jsonb", "jsonb", Ok(("{}", true)));
        check("'{1,2}'::integer[]", "int[]", Ok(("{1,2}", true)));
        check(
            "'2020-01-01 00:00:00'::timestamp without time zone",
            "timestamp",
            Ok(("2020-01-01 00:00:00", true)),
        );
    }

    #[test]
    fn everything_else_is_an_expression() {
        check("now()", "timestamptz", Err("now()"));
        check("'1 day'::interval", "interval", Err("'1 day'::interval"));
        check("'101'::\"bit\"", "bit(3)", Err("'101'::\"bit\""));
        check("('a'::text || 'b'::text)", "text", Err("('a'::text || 'b'::text)"));
        check("NULL::character varying", "varchar", Err("NULL::character varying"));
        check("'a'::text || 'b'::text", "text", Err("'a'::text || 'b'::text"));
    }
}
