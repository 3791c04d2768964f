//! What the catalog writes of texts, brought into the form of the model.

use engine::connection::Capabilities;

use crate::mysql::features::INTRODUCERS;
use crate::mysql::names;

/// The charset of a collation of the catalog: `utf8mb4` of `utf8mb4_0900_ai_ci`.
pub(super) fn charset_of(collation: &str) -> &str {
    collation.split('_').next().unwrap_or_default()
}

/// `CREATE_OPTIONS` by name, in lower case, without what the model has elsewhere; `None` when nothing is left.
pub(super) fn create_options(text: &str) -> Option<String> {
    let mut options: Vec<String> = text
        .split_whitespace()
        .filter(|word| *word != "partitioned")
        .map(|word| match word.split_once('=') {
            Some((name, value)) => format!("{}={value}", name.trim_matches('`').to_ascii_lowercase()),
            None => word.to_string(),
        })
        .collect();
    options.sort();
    (!options.is_empty()).then(|| options.join(" "))
}

/// An expression of the catalog without the escapes MySQL 8 adds: `_utf8mb4\'a\'` is `_utf8mb4'a'`.
pub(super) fn expression(text: &str, server: &Capabilities) -> String {
    if server.has(INTRODUCERS) { unescape(text) } else { text.to_string() }
}

fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(ch) = chars.next() {
        // What a backslash hides is taken as it is, another backslash too.
        match ch {
            '\\' => out.extend(chars.next()),
            ch => out.push(ch),
        }
    }
    out
}

/// `text` in parentheses, unless one pair is around all of it.
pub fn wrapped(text: &str) -> String {
    if is_wrapped(text) { text.to_string() } else { format!("({text})") }
}

fn is_wrapped(text: &str) -> bool {
    if !text.starts_with('(') {
        return false;
    }
    let mut depth = 0usize;
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, ch)) = chars.next() {
        match (quote, ch) {
            (Some(open), ch) if ch == open => quote = None,
            (Some('\'' | '"'), '\\') => {
                chars.next();
            }
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(ch),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1 == text.len();
                }
            }
            _ => {}
        }
    }
    false
}

/// The text of a view without the qualifier `schema`: `` `db`.`t`.`a` `` as `` `t`.`a` ``. Names stand in backticks, as
/// the server writes them.
pub fn without_schema(text: &str, schema: &str) -> String {
    let qualifier = format!("{}.", names::ident(schema));
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_dot = false;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '`' if !after_dot && rest.starts_with(&qualifier) => {
                rest = &rest[qualifier.len()..];
                continue;
            }
            '`' => names::quoted(rest).map_or(rest.len(), |(_, after)| rest.len() - after.len()),
            '\'' | '"' => string_length(rest, first),
            ch => ch.len_utf8(),
        };
        after_dot = first == '.';
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

/// How long the string is that `text` starts with.
fn string_length(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, ch)) = chars.next() {
        if ch == '\\' {
            chars.next();
        } else if ch == quote {
            return at + ch.len_utf8();
        }
    }
    text.len()
}

/// The aliases of the columns of a query of the catalog: the names behind ` AS ` outside of parentheses, before the
/// first ` from `.
pub fn aliases(query: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0usize;
    let mut rest = query;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        match first {
            '\'' | '"' => length = string_length(rest, first),
            '`' => length = names::quoted(rest).map_or(rest.len(), |(_, after)| rest.len() - after.len()),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 && rest.starts_with(" from ") => break,
            ' ' if depth == 0 && rest.starts_with(" AS `") => {
                if let Some((name, after)) = names::quoted(&rest[4..]) {
                    names.push(name);
                    length = rest.len() - after.len();
                }
            }
            _ => {}
        }
        rest = &rest[length..];
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_go_once() {
        assert_eq!(unescape(r"concat(_utf8mb3\'a\\\'b\',`e`)"), r"concat(_utf8mb3'a\'b',`e`)");
        assert_eq!(unescape(r"_utf8mb4\'\\\\\'"), r"_utf8mb4'\\'");
    }

    #[test]
    fn one_pair_of_parentheses() {
        assert_eq!(wrapped("uuid()"), "(uuid())");
        assert_eq!(wrapped("(`a` + 1)"), "(`a` + 1)");
        assert_eq!(wrapped("(`a` + 1) * (2)"), "((`a` + 1) * (2))");
        assert_eq!(wrapped("(')')"), "(')')");
    }

    #[test]
    fn the_own_schema_goes() {
        let text = "select `db`.`t`.`db`,'`db`.' AS `db`.`x`,`o`.`db`.`c` from `db`.`t`";
        assert_eq!(without_schema(text, "db"), "select `t`.`db`,'`db`.' AS `x`,`o`.`db`.`c` from `t`");
    }

    #[test]
    fn options_are_sorted() {
        let text = "avg_row_length=10 row_format=COMPRESSED KEY_BLOCK_SIZE=8 partitioned";
        assert_eq!(
            create_options(text).as_deref(),
            Some("avg_row_length=10 key_block_size=8 row_format=COMPRESSED")
        );
        assert_eq!(create_options("partitioned"), None);
    }

    #[test]
    fn aliases_of_the_outer_query() {
        let text = "select `t`.`a` AS `x`,(select 1 AS `no` from `u`) AS `y``z`,' AS `q`' AS `w` from `t`";
        assert_eq!(aliases(text), ["x", "y`z", "w"]);
    }
}
