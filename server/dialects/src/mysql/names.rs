//! Names in backticks.

/// `name` as SQL writes it whatever it is: `` `a``b` ``.
pub fn ident(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Makes a database unless it is there.
pub fn new_database(name: &str) -> String {
    format!("CREATE DATABASE IF NOT EXISTS {}", ident(name))
}

/// `name` as an attribute has a step of a path: in backticks where it is no plain word.
pub fn plain(name: &str) -> String {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\\' | b'%') || byte > 127;
    if !name.is_empty() && name.bytes().all(is_plain) { name.to_owned() } else { ident(name) }
}

/// The steps of a path as [`plain`] writes them, at most `most`: the last one is what is left.
pub fn steps(text: &str, most: usize) -> Vec<String> {
    let mut steps = Vec::new();
    let mut rest = text.trim();
    loop {
        let last = steps.len() + 1 >= most;
        if let Some((name, after)) = quoted(rest) {
            steps.push(name);
            match after.strip_prefix('.') {
                Some(after) if !last => rest = after,
                _ => return steps,
            }
        } else {
            match rest.split_once('.') {
                Some((name, after)) if !last => {
                    steps.push(name.to_owned());
                    rest = after;
                }
                _ => {
                    steps.push(rest.to_owned());
                    return steps;
                }
            }
        }
    }
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
    fn paths_are_taken_apart() {
        assert_eq!(steps("a.b", 2), ["a", "b"]);
        assert_eq!(steps("`a.b`.`c``d`.e f", 3), ["a.b", "c`d", "e f"]);
        assert_eq!(steps("a.b", 1), ["a.b"]);
        assert_eq!([plain("a_1"), plain("a b")], ["a_1", "`a b`"]);
    }

    #[test]
    fn lists_are_read() {
        assert_eq!(list("`a`,`b``c`, `d`"), Some(vec!["a".into(), "b`c".into(), "d".into()]));
        assert_eq!(list("year(`d`)"), None);
        assert_eq!(list(""), Some(Vec::new()));
        assert_eq!(list("`a` + 1"), None);
    }
}
