//! Expressions of MySQL and MariaDB: names in them, and how the servers print them.
//!
//! One tokenizer ([`super::words`]), one tree and one printer serve the normalizer, the diff and the plan. Invariant:
//! what is said to be sure equals the server's text.
//!
//! Source: `Item::print` of both servers, as their catalogs show it.

mod functions;
mod parse;
mod print;
pub mod query;
mod tree;

use engine::connection::Capabilities;

use self::print::{Printer, Style};
use self::tree::Expr;
use super::features::{INTRODUCERS, MARIADB, SQL_MODE};
use super::names::ident;
use super::words::{Kind, Word, unquote, words};

/// An expression as a server prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    pub text: String,
    /// Whether the server surely prints it so.
    pub sure: bool,
}

/// A column an expression may name.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub name: &'a str,
    /// That of its text; `None` when it is no text.
    pub charset: Option<&'a str>,
}

/// `text` of a table with these columns as `server` prints it; as it is, and not sure, when it is not understood.
pub fn printed(text: &str, columns: &[Known<'_>], server: &Capabilities) -> Printed {
    let Some(tree) = parse::parse(text).filter(|_| is_read_as_usual(server)) else {
        return Printed { text: text.trim().to_owned(), sure: false };
    };
    let style = style(server);
    // MySQL keeps a name as it was written, MariaDB as the table has it.
    let column = |parts: &[String]| {
        let name = parts.last().map_or("", String::as_str);
        let known = columns.iter().find(|known| known.name.eq_ignore_ascii_case(name));
        let name = known.filter(|_| style == Style::Maria).map_or(name, |known| known.name);
        (ident(name), known.is_some() && parts.len() == 1)
    };
    let printer = Printer::new(style, &column);
    // The catalog of MySQL 5.7 was not looked at.
    let known = server.has(MARIADB) || server.has(INTRODUCERS);
    let printer = if server.has(INTRODUCERS) { printer } else { printer.without_charsets() };
    let text = printer.print(&tree);
    Printed { text, sure: known && printer.is_sure() && !is_converted(&tree, columns) }
}

/// Whether texts of several charsets meet: the server then converts one, and which is not told here.
fn is_converted(tree: &Expr, columns: &[Known<'_>]) -> bool {
    let mut found: Vec<&str> = Vec::new();
    let (mut constants, mut casts) = (false, false);
    tree.visit(&mut |expr| match expr {
        Expr::Column(parts) => {
            let name = parts.last().map_or("", String::as_str);
            let known = columns.iter().find(|known| known.name.eq_ignore_ascii_case(name));
            if let Some(charset) = known.and_then(|known| known.charset)
                && !found.contains(&charset)
            {
                found.push(charset);
            }
        }
        Expr::Text(..) => constants = true,
        Expr::Cast(_, ty) => casts |= ty.starts_with("char"),
        Expr::Using(..) => casts = true,
        _ => {}
    });
    let other = found.iter().any(|charset| *charset != print::CHARSET);
    other && (found.len() > 1 || casts || constants)
}

fn style(server: &Capabilities) -> Style {
    if server.has(MARIADB) { Style::Maria } else { Style::Mysql }
}

/// Whether no mode of the server gives quotes and operators another meaning.
fn is_read_as_usual(server: &Capabilities) -> bool {
    let modes = server.setting(SQL_MODE).to_ascii_uppercase();
    !["ANSI", "PIPES_AS_CONCAT", "HIGH_NOT", "NO_BACKSLASH"].iter().any(|mode| modes.contains(mode))
}

/// Whether two expressions are surely the same, written differently.
pub fn same(a: &str, b: &str) -> bool {
    if super::words::same(a, b) {
        return true;
    }
    let name = |parts: &[String]| (ident(parts.last().map_or("", String::as_str)), true);
    let print = |text: &str| {
        let printer = Printer::new(Style::Mysql, &name).without_charsets();
        parse::parse(text).map(|tree| printer.print(&tree).to_lowercase())
    };
    // Texts differ by case, and what is in lower case here is not told apart.
    let texts = |text: &str| {
        let all = words(text);
        let found = all.iter().filter(|word| word.kind == Kind::Text);
        found.map(|word| unquote(&text[word.range.clone()])).collect::<Vec<_>>()
    };
    let bare = |text: &str| without_introducers(text);
    let (a, b) = (bare(a), bare(b));
    matches!((print(&a), print(&b)), (Some(x), Some(y)) if x == y) && texts(&a) == texts(&b)
}

/// The text without the charsets before strings.
fn without_introducers(text: &str) -> String {
    let all = words(text);
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, word) in all.iter().enumerate() {
        let introducer = word.kind == Kind::Bare
            && text[word.range.clone()].starts_with('_')
            && all.get(at + 1).is_some_and(|next| next.kind == Kind::Text);
        if introducer {
            out.push_str(&text[copied..word.range.start]);
            copied = word.range.end;
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// The columns an expression names: bare words and names in backticks that are no call, keyword or qualifier.
pub fn names(text: &str) -> Vec<String> {
    let all = words(text);
    let mut out = Vec::new();
    for (at, word) in all.iter().enumerate() {
        if is_name(text, &all, at) {
            out.push(unquote(&text[word.range.clone()]));
        }
    }
    out
}

fn sign_at(text: &str, words: &[Word], at: usize, sign: &str) -> bool {
    words.get(at).is_some_and(|word| word.kind == Kind::Sign && &text[word.range.clone()] == sign)
}

fn is_name(text: &str, all: &[Word], at: usize) -> bool {
    let Some(word) = all.get(at) else { return false };
    let source = &text[word.range.clone()];
    if sign_at(text, all, at + 1, ".") {
        return false;
    }
    match word.kind {
        Kind::Name => true,
        Kind::Bare => {
            let first = source.chars().next().unwrap_or('0');
            let call = sign_at(text, all, at + 1, "(");
            let introducer =
                source.starts_with('_') && all.get(at + 1).is_some_and(|next| next.kind == Kind::Text);
            !first.is_ascii_digit() && first != '@' && !call && !introducer && !is_keyword(source)
        }
        Kind::Text | Kind::Sign => false,
    }
}

/// Whether a bare word in an expression is no column.
fn is_keyword(word: &str) -> bool {
    const MORE: &[&str] = &[
        "ANY",
        "AGAINST",
        "BOOLEAN",
        "DATE",
        "DATETIME",
        "DAY",
        "END",
        "ESCAPE",
        "HOUR",
        "JSON",
        "MINUTE",
        "MODE",
        "MONTH",
        "MICROSECOND",
        "QUARTER",
        "QUERY",
        "SECOND",
        "SIGNED",
        "SOME",
        "TIME",
        "TIMESTAMP",
        "UNKNOWN",
        "WEEK",
        "YEAR",
        "LANGUAGE",
        "EXPANSION",
        "ARRAY",
        "MEMBER",
        "OF",
        "SOUNDS",
    ];
    super::grammar::GRAMMAR.is_reserved(word) || MORE.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// The text with the name `from` written as `to`.
pub fn rename(text: &str, from: &str, to: &str) -> String {
    let all = words(text);
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, word) in all.iter().enumerate() {
        let source = &text[word.range.clone()];
        let named = matches!(word.kind, Kind::Name | Kind::Bare)
            && unquote(source).eq_ignore_ascii_case(from)
            && (word.kind == Kind::Name || !sign_at(text, &all, at + 1, "("));
        if named {
            out.push_str(&text[copied..word.range.start]);
            match word.kind {
                Kind::Name => out.push_str(&ident(to)),
                _ if to.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                    && !is_keyword(to) =>
                {
                    out.push_str(to);
                }
                _ => out.push_str(&ident(to)),
            }
            copied = word.range.end;
        }
    }
    out.push_str(&text[copied..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_told_from_other_words() {
        assert_eq!(names("(a > 0 and lower(`B c`) = _utf8mb4'x' or t.d is null)"), ["a", "B c", "d"]);
        assert_eq!(names("case when x then 1 else 2 end"), ["x"]);
    }

    #[test]
    fn names_change_where_they_are_names() {
        assert_eq!(rename("a + `a` + a(1) + 'a'", "a", "b"), "b + `b` + a(1) + 'a'");
        assert_eq!(rename("A > 1", "a", "order"), "`order` > 1");
    }
}
