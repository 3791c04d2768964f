//! Names in backticks.

/// `name` as SQL writes it whatever it is: `` `a``b` ``.
pub fn ident(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Makes a database unless it is there.
pub fn new_database(name: &str) -> String {
    format!("CREATE DATABASE IF NOT EXISTS {}", ident(name))
}

/// The names of a list in backticks, as the catalog writes one: `` `a`,`b` ``; `None` when it is something else.
pub fn list(text: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = quoted(rest)?;
        names.push(name);
        rest = after.trim_start();
        if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start();
        } else if !rest.is_empty() {
            return None;
        }
    }
    Some(names)
}

/// The name in backticks `text` starts with, and what is behind it.
pub fn quoted(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('`')?;
    let mut name = String::new();
    let mut chars = inside.char_indices().peekable();
    while let Some((at, ch)) = chars.next() {
        if ch != '`' {
            name.push(ch);
        } else if chars.peek().is_some_and(|(_, next)| *next == '`') {
            chars.next();
            name.push('`');
        } else {
            return Some((name, &inside[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        assert_eq!(list("`a`,`b``c`, `d`"), Some(vec!["a".into(), "b`c".into(), "d".into()]));
        assert_eq!(list("year(`d`)"), None);
        assert_eq!(list(""), Some(Vec::new()));
        assert_eq!(list("`a` + 1"), None);
    }
}
