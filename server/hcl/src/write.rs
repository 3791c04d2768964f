//! HCL text from values: what `hclwrite` would print, in canonical form.
//!
//! A tree of items is written in one go; there is nothing to format afterwards. Invariant: the text is a fixed point of
//! `syntax::hcl::format`, and reading a written string gives the string.
//!
//! Source: hashicorp/hcl v2.23, `hclwrite`.

use std::fmt::Write;

use crate::value::{Reference, Step, Value};

/// Items in the order they are to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    pub items: Vec<Item>,
}

/// One item of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    Attribute(String, Expr),
    Block(Block),
    /// A comment without its `//`, on a line (or lines) of its own.
    Comment(String),
    /// An empty line.
    Blank,
}

/// `type "label" { … }`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub type_name: String,
    pub labels: Vec<String>,
    pub body: Body,
}

/// The text of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// As it stands, from the column it starts at; further lines are indented with their block.
    Text(String),
    /// `<<-TAG`; the lines are indented with their block.
    Heredoc { tag: String, text: String },
}

impl Body {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `name = expr`.
    pub fn attribute(&mut self, name: impl Into<String>, expr: impl Into<Expr>) -> &mut Self {
        self.items.push(Item::Attribute(name.into(), expr.into()));
        self
    }

    pub fn block(&mut self, block: Block) -> &mut Self {
        self.items.push(Item::Block(block));
        self
    }

    pub fn comment(&mut self, text: impl Into<String>) -> &mut Self {
        self.items.push(Item::Comment(text.into()));
        self
    }

    pub fn blank(&mut self) -> &mut Self {
        self.items.push(Item::Blank);
        self
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl Block {
    /// An empty block.
    pub fn new<S: Into<String>>(type_name: impl Into<String>, labels: impl IntoIterator<Item = S>) -> Self {
        let labels = labels.into_iter().map(Into::into).collect();
        Self { type_name: type_name.into(), labels, body: Body::new() }
    }
}

impl Expr {
    /// `sql("…")`
    pub fn sql(text: &str) -> Self {
        Expr::Text(format!("sql({})", quote(text)))
    }

    /// `[a, b]` on one line.
    pub fn list(items: impl IntoIterator<Item = String>) -> Self {
        Expr::Text(format!("[{}]", items.into_iter().collect::<Vec<_>>().join(", ")))
    }

    /// `table["my table"].column.id`
    pub fn path<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Expr::Text(path(names))
    }

    /// The expression that evaluates to `value`; the unknown is written as `null`.
    pub fn value(value: &Value) -> Self {
        let mut out = String::new();
        write_value(value, 0, &mut out);
        Expr::Text(out)
    }
}

impl From<&str> for Expr {
    /// The text of an expression as it stands; a string value is [`quote`]d first.
    fn from(text: &str) -> Self {
        Expr::Text(text.to_owned())
    }
}

impl From<String> for Expr {
    fn from(text: String) -> Self {
        Expr::Text(text)
    }
}

impl From<&Value> for Expr {
    fn from(value: &Value) -> Self {
        Expr::value(value)
    }
}

/// The text of a whole file.
pub fn write(body: &Body) -> String {
    let mut out = String::new();
    write_body(body, 0, &mut out);
    out
}

/// A string in quotes: `"` and `\` escaped, `${` and `%{` doubled, what cannot be printed as `\uXXXX`.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut chars = text.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' | '%' if chars.peek() == Some(&'{') => {
                out.push(ch);
                out.push(ch);
            }
            _ if !is_printable(ch) => {
                let code = ch as u32;
                let _ =
                    if code < 0x10000 { write!(out, "\\u{code:04x}") } else { write!(out, "\\U{code:08x}") };
            }
            _ => out.push(ch),
        }
    }
    out.push('"');
    out
}

/// Go's `unicode.IsPrint`, near enough: letters, marks, numbers, punctuation, symbols and the plain space.
fn is_printable(ch: char) -> bool {
    if ch == ' ' {
        return true;
    }
    !ch.is_control()
        && !ch.is_whitespace()
        && !matches!(ch,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}

/// Whether `name` is an identifier of HCL: letters, digits, `_` and `-`, not starting with a digit or `-`.
pub fn valid_ident(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(|ch| ch.is_alphanumeric() || matches!(ch, '_' | '-'))
}

/// A path with the names that are no identifiers (nor numbers) in brackets.
///
/// Source: schema-hcl.md §2, `validIdent`.
pub fn path<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter();
    let mut out = names.next().unwrap_or_default().to_owned();
    for name in names {
        push_step(name, &mut out);
    }
    out
}

fn push_step(name: &str, out: &mut String) {
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    // Writing to a string cannot fail.
    let _ = if valid_ident(name) || is_number {
        write!(out, ".{name}")
    } else {
        write!(out, "[{}]", quote(name))
    };
}

fn write_body(body: &Body, depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    for (at, item) in body.items.iter().enumerate() {
        match item {
            Item::Blank => out.push('\n'),
            Item::Comment(text) => {
                for line in text.lines() {
                    let _ = writeln!(out, "{}", format!("{pad}// {line}").trim_end());
                }
            }
            Item::Attribute(name, expr) => {
                let width = if expr.is_line() { column(&body.items, at) } else { name.chars().count() };
                let fill = width.saturating_sub(name.chars().count());
                let _ = write!(out, "{pad}{name}{} = ", " ".repeat(fill));
                write_expr(expr, depth, out);
                out.push('\n');
            }
            Item::Block(block) => {
                let _ = write!(out, "{pad}{}", block.type_name);
                for label in &block.labels {
                    let _ = write!(out, " {}", quote(label));
                }
                out.push_str(" {\n");
                write_body(&block.body, depth + 1, out);
                let _ = writeln!(out, "{pad}}}");
            }
        }
    }
}

/// The widest name among the attributes of one line each around `at`, which share a column for their `=`.
fn column(items: &[Item], at: usize) -> usize {
    let width = |item: &Item| match item {
        Item::Attribute(name, expr) if expr.is_line() => Some(name.chars().count()),
        _ => None,
    };
    let before = items.get(..at).unwrap_or_default().iter().rev().map_while(width);
    let after = items.get(at..).unwrap_or_default().iter().map_while(width);
    before.chain(after).max().unwrap_or_default()
}

impl Expr {
    fn is_line(&self) -> bool {
        matches!(self, Expr::Text(text) if !text.contains('\n'))
    }
}

fn write_expr(expr: &Expr, depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    match expr {
        Expr::Text(text) => out.push_str(&text.replace('\n', &format!("\n{pad}"))),
        Expr::Heredoc { tag, text } => {
            let _ = write!(out, "<<-{tag}");
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                out.push('\n');
                if !line.is_empty() {
                    let _ = write!(out, "{pad}  {}", line.replace("${", "$${").replace("%{", "%%{"));
                }
            }
            let _ = write!(out, "\n{pad}{tag}");
        }
    }
}

fn write_value(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Null | Value::Unknown(_) => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::String(text) => out.push_str(&quote(text)),
        Value::Raw(text) => {
            let _ = write!(out, "sql({})", quote(text));
        }
        Value::Reference(reference) => out.push_str(&reference_text(reference)),
        Value::Type(call) => {
            out.push_str(&call.name);
            if !call.args.is_empty() {
                out.push('(');
                write_items(&call.args, depth, out);
                out.push(')');
            }
        }
        Value::TypeExpr(ty) => {
            let _ = write!(out, "{ty}");
        }
        Value::List(_) | Value::Set(_) | Value::Tuple(_) => {
            out.push('[');
            write_items(value.elements().unwrap_or_default(), depth, out);
            out.push(']');
        }
        Value::Map(_) | Value::Object(_) => write_entries(value, depth, out),
    }
}

fn write_items(items: &[Value], depth: usize, out: &mut String) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write_value(item, depth, out);
    }
}

/// An entry a line, as `hclwrite` does; keys of one-line values share a column.
fn write_entries(value: &Value, depth: usize, out: &mut String) {
    let entries = value.entries().into_iter().flatten();
    let mut items = Vec::new();
    for (key, item) in entries {
        let key = if valid_ident(key) { key.to_string() } else { quote(key) };
        let mut text = String::new();
        write_value(item, 0, &mut text);
        items.push(Item::Attribute(key, Expr::Text(text)));
    }
    if items.is_empty() {
        out.push_str("{}");
        return;
    }
    out.push_str("{\n");
    write_body(&Body { items }, depth + 1, out);
    let _ = write!(out, "{}}}", "  ".repeat(depth));
}

/// The expression of a reference.
pub fn reference_text(reference: &Reference) -> String {
    let mut out = String::new();
    for step in &reference.path {
        match step {
            Step::Name(name) if out.is_empty() => out.push_str(name),
            Step::Name(name) => push_step(name, &mut out),
            Step::Index(at) => {
                let _ = write!(out, "[{at}]");
            }
        }
    }
    out
}
