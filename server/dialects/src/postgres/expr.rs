//! Expressions of PostgreSQL: what they name, and the one form the server keeps them in.

mod compare;
mod functions;
mod json;
mod literal;
mod node;
mod parse;
pub mod query;
pub mod tokens;
mod write;

use schema::SmolStr;
use syntax::sql::File;
use syntax::sql::ast::{self, Statement};
use text::Text;

use self::node::Node;
pub use self::node::Ty;
use super::grammar::GRAMMAR;
use super::names;

const SELECT: &str = "SELECT ";

/// The expression `text` is, parsed alone; ranges are those of `SELECT text`.
fn tree(text: &str) -> Option<ast::Expr> {
    let file = File::parse(&Text::from(format!("{SELECT}{text}").as_str()), &GRAMMAR, None);
    let statement = file.pieces().iter().find_map(|placed| placed.piece.statement())?;
    let Statement::Query(query) = statement else { return None };
    query.syntax().descendants().find_map(ast::Expr::cast)
}

fn fold(name: &ast::Name) -> SmolStr {
    if name.raw.starts_with('"') { name.text.clone() } else { name.text.to_lowercase().into() }
}

/// The columns an expression names, each once, in order; those of queries in it too.
pub fn columns(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let Some(expr) = tree(text) else { return out };
    for name in expr.columns().filter_map(|column| column.name()) {
        let name = fold(&name).to_string();
        if !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

/// The expression after column `from` was renamed.
pub fn rename(text: &str, from: &str, to: &str) -> String {
    let Some(expr) = tree(text) else { return text.to_owned() };
    let mut out = text.to_owned();
    let names: Vec<ast::Name> = expr.columns().filter_map(|column| column.name()).collect();
    for name in names.iter().rev().filter(|name| fold(name) == from) {
        let start = usize::from(name.range.start()).saturating_sub(SELECT.len());
        let end = usize::from(name.range.end()).saturating_sub(SELECT.len());
        if out.get(start..end).is_some() {
            out.replace_range(start..end, &names::quoted(to));
        }
    }
    out
}

/// What the server calls a column of an index that is this expression.
///
/// Source: PostgreSQL 15, `FigureIndexColname`.
pub fn column_word(text: &str) -> String {
    parse::parse(text)
        .and_then(|node| node::column_word(&node))
        .map_or_else(|| "expr".to_owned(), |(word, _)| word)
}

/// What the types of an expression's columns are.
pub struct Types<'a> {
    /// The type of a column by its name, with what qualifies it.
    pub column: &'a dyn Fn(&[String]) -> Option<Ty>,
    /// The name of a declared type with its schema, when it is written without.
    pub declared: &'a dyn Fn(&str) -> Option<String>,
    /// The name of a sequence or table with its schema, when it is written without.
    pub relation: &'a dyn Fn(&str) -> Option<String>,
    /// What a domain is of, by its name with its schema.
    pub base: &'a dyn Fn(&str) -> Option<Ty>,
    /// PostgreSQL 14 and later, which keep the forms of the standard: `EXTRACT(… FROM …)`.
    pub modern: bool,
    /// PostgreSQL 13 and later, which have another function for `SIMILAR TO`.
    pub similar: bool,
}

impl std::fmt::Debug for Types<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Types").field("modern", &self.modern).finish_non_exhaustive()
    }
}

/// An expression in the server's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normal {
    pub text: String,
    /// Whether the server writes just that.
    pub sure: bool,
    /// Whether the server, given its own text, would write another one: `(ARRAY['a'::character varying])::text[]`.
    pub unstable: bool,
}

/// The expression `text` as `pg_get_expr` would write it; `None` when it could not be read.
pub fn normalize(text: &str, types: &Types<'_>) -> Option<Normal> {
    let mut node = parse::parse(text)?;
    qualify(&mut node, types);
    Some(written(&node, types))
}

fn written(node: &Node, types: &Types<'_>) -> Normal {
    let mut writer = write::Writer { types, sure: true, unstable: false, indent: 0, materialized: true };
    let text = trimmed(&writer.print(node));
    Normal { text, sure: writer.sure, unstable: writer.unstable }
}

/// The text without spaces before line ends, as the server takes them off; those in quotes stay.
fn trimmed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    for ch in text.chars() {
        match (quote, ch) {
            (None, '\'' | '"') => quote = Some(ch),
            (Some(open), ch) if open == ch => quote = None,
            (None, '\n') => out.truncate(out.trim_end_matches(' ').len()),
            _ => {}
        }
        out.push(ch);
    }
    out
}

/// The same as the part of an index, where all but calls stand in parentheses once more.
pub fn normalize_part(text: &str, types: &Types<'_>) -> Option<Normal> {
    let normal = normalize(text, types)?;
    let called = matches!(parse::parse(&normal.text)?, Node::Call(_) | Node::Special(..) | Node::Value(_));
    let text = if called { normal.text } else { format!("({})", normal.text) };
    Some(Normal { text, ..normal })
}

/// Writes the schemas of declared types and of relations, as the server does where the search path is empty.
fn qualify(node: &mut Node, types: &Types<'_>) {
    node.visit(&mut |node| match node {
        Node::Cast(of, ty) => {
            if let Some(name) = (types.declared)(&ty.name) {
                ty.name = name;
            }
            if let Node::Text(text, None) = &mut **of
                && ty.is("regclass")
                && let Some(name) = (types.relation)(text)
            {
                *text = name;
            }
        }
        Node::Call(call) if matches!(&call.path[..], [name] if name == "nextval") => {
            if let Some(Node::Text(text, None)) = call.args.first_mut()
                && let Some(name) = (types.relation)(text)
            {
                *text = name;
            }
        }
        _ => {}
    });
}

/// The same for a value that is stored as type `to`: a literal is of that type, and a cast the server adds by itself is
/// not shown.
pub fn normalize_as(text: &str, to: &Ty, types: &Types<'_>) -> Option<Normal> {
    let mut node = parse::parse(text)?;
    qualify(&mut node, types);
    let node = match node {
        Node::Text(_, None) | Node::Null(None) => Node::Cast(Box::new(node), to.bare()),
        Node::Array(_) if to.array => Node::Cast(Box::new(node), to.bare()),
        node => node,
    };
    Some(written(&node, types))
}

/// The type a declared or known type is, for [`Types::column`].
pub fn type_of(ty: &schema::ColumnType) -> Ty {
    parse::of_text(&super::types::text(ty, ""))
}

/// Whether two expressions are surely the same, written differently: parentheses, casts of literals, `IN` and `ANY`.
pub fn same(a: &str, b: &str) -> bool {
    if a.trim() == b.trim() {
        return true;
    }
    match (parse::parse(a), parse::parse(b)) {
        (Some(a), Some(b)) => compare::bare(&a) == compare::bare(&b),
        _ => words(a) == words(b),
    }
}

/// A text without the white space that says nothing.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}
